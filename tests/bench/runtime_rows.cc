// What a runtime costs from outside: dispatch, round trips, cleat_eval, opening and memory; each beside what it is made
// of.
#include "runtime_rows.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>
#include <v8.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "report.h"

namespace {

double Now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double Time(const std::function<void()>& work) {
  const double start = Now();
  work();
  return Now() - start;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Half of the interval in which the true median is with 95 % certainty.
double Spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double count = static_cast<double>(values.size());
  auto low = static_cast<size_t>(std::max(0.0, (count - 1.96 * std::sqrt(count)) / 2));
  return (values[values.size() - 1 - low] - values[low]) / 2;
}

// Runs all sides in turns, and adds the row.
struct Sides {
  BenchRow row;
  double divisor;  // from nanoseconds to the unit of the row, per operation
  std::function<double()> ours;
  std::function<double()> other;
  std::function<double()> hand = nullptr;
};

// What is measured has this in its name.
const char* wanted = "";

bool IsWanted(const char* name) { return strstr(name, wanted) != nullptr; }

void Measure(const Sides& sides, int rounds) {
  if (!IsWanted(sides.row.name)) return;
  std::vector<double> ours;
  std::vector<double> others;
  std::vector<double> hands;
  std::vector<double> ratios;
  std::vector<double> hand_ratios;
  std::vector<double> to_hand;
  sides.ours();
  sides.other();
  if (sides.hand) sides.hand();
  for (int i = 0; i < rounds; i++) {
    ours.push_back(sides.ours());
    others.push_back(sides.other());
    ratios.push_back(ours.back() / others.back());
    if (!sides.hand) continue;
    hands.push_back(sides.hand());
    hand_ratios.push_back(hands.back() / others.back());
    to_hand.push_back(ours.back() / hands.back());
  }
  BenchRow row = sides.row;
  row.ours = Median(ours) / sides.divisor;
  row.yardstick = Median(others) / sides.divisor;
  if (sides.hand) {
    row.hand = Median(hands) / sides.divisor;
    row.hand_ratio = Median(hand_ratios);
    row.to_hand = Median(to_hand);
  }
  for (double& ratio : ratios) ratio = row.at_least ? 1 / ratio : ratio;
  row.ratio = Median(ratios);
  row.spread = Spread(ratios);
  bench_add_row(&row);
}

BenchRow Row(const char* name, const char* unit, const char* against, double aim, bool at_least = false) {
  BenchRow row = {};
  snprintf(row.name, sizeof(row.name), "%s", name);
  row.unit = unit;
  row.against = against;
  row.aim = aim;
  row.at_least = at_least;
  return row;
}

// DISPATCH

// The queue that one writes first: what dispatching is measured by. Or that with V8 behind it, where a task may make
// handles and have microtasks run after it: what it is where tasks do something with JavaScript.
enum class Behind { kNothing, kV8 };

class alignas(64) MutexQueue {
 public:
  explicit MutexQueue(Behind behind) : thread_([=] { behind == Behind::kV8 ? RunInV8() : Run(); }) {}
  ~MutexQueue() {
    Send(nullptr, nullptr);
    thread_.join();
  }
  void Send(void (*run)(void*), void* data) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      tasks_.push_back({run, data});
    }
    changed_.notify_one();
  }

 private:
  struct Task {
    void (*run)(void*);
    void* data;
  };
  Task Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !tasks_.empty(); });
    Task task = tasks_.front();
    tasks_.pop_front();
    return task;
  }
  void Run() {
    for (Task task = Take(); task.run != nullptr; task = Take()) task.run(task.data);
  }
  void RunInV8() {
    std::unique_ptr<v8::ArrayBuffer::Allocator> allocator(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
    v8::Isolate::CreateParams params;
    params.array_buffer_allocator = allocator.get();
    v8::Isolate* isolate = v8::Isolate::New(params);
    {
      v8::Isolate::Scope isolate_scope(isolate);
      v8::HandleScope scope(isolate);
      v8::Context::Scope context_scope(v8::Context::New(isolate));
      isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
      for (Task task = Take(); task.run != nullptr; task = Take()) {
        v8::HandleScope task_scope(isolate);
        task.run(task.data);
        isolate->PerformMicrotaskCheckpoint();
      }
    }
    isolate->Dispose();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::thread thread_;
};

// So many that the start of the senders is no part of the figures.
constexpr int kTasks = 240000;

// On a line of the cache of its own: what the senders read beside it is not to be part of the figures.
struct alignas(64) Counter {
  std::atomic<int> left{0};
  int done = eventfd(0, 0);
  ~Counter() { close(done); }
  void Wait() {
    uint64_t count;
    if (read(done, &count, sizeof(count)) < 0) perror("read");
  }
  void One() {
    if (left.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    uint64_t one = 1;
    if (write(done, &one, sizeof(one)) < 0) perror("write");
  }
};

void CountTask(CleatEnv*, void* counter) { static_cast<Counter*>(counter)->One(); }
void CountPlain(void* counter) { static_cast<Counter*>(counter)->One(); }

// The same, having done something with JavaScript.
void MakeTask(CleatEnv* env, void* counter) {
  cleat_object(env);
  CountPlain(counter);
}
void MakeByHand(void* counter) {
  v8::Object::New(v8::Isolate::GetCurrent());
  CountPlain(counter);
}

double SendAll(Counter* counter, int senders, const std::function<void()>& send) {
  counter->left = kTasks;
  return Time([&] {
    std::vector<std::thread> threads;
    for (int s = 0; s < senders; s++) {
      threads.emplace_back([&] {
        for (int i = 0; i < kTasks / senders; i++) send();
      });
    }
    for (std::thread& thread : threads) thread.join();
    counter->Wait();
  });
}

void MeasureDispatch(CleatRuntime* runtime, int senders, Behind behind, int rounds) {
  Counter counter;
  MutexQueue queue(behind);
  const bool in_v8 = behind == Behind::kV8;
  std::string name = "dispatch, " + std::to_string(senders) + (senders == 1 ? " sender" : " senders");
  if (in_v8) name += ", tasks in V8";
  auto run = in_v8 ? MakeTask : CountTask;
  auto run_by_hand = in_v8 ? MakeByHand : CountPlain;
  Measure({Row(name.c_str(), "ns", "a mutex and condition queue", senders == 4 && !in_v8 ? 3 : 0, true), kTasks,
           [&] { return SendAll(&counter, senders, [&] { cleat_dispatch(runtime, run, &counter, nullptr); }); },
           [&] { return SendAll(&counter, senders, [&] { queue.Send(run_by_hand, &counter); }); }},
          rounds);
}

// ROUND TRIPS

constexpr int kTrips = 2000;

class Echo {
 public:
  Echo() : thread_([this] { Run(); }) {}
  ~Echo() {
    stop_ = true;
    Signal(to_);
    thread_.join();
    close(to_);
    close(back_);
  }
  pthread_t thread() { return thread_.native_handle(); }
  void Trip() {
    Signal(to_);
    Await(back_);
  }
  static void Signal(int fd) {
    uint64_t one = 1;
    if (write(fd, &one, sizeof(one)) < 0) perror("write");
  }
  static void Await(int fd) {
    uint64_t count;
    if (read(fd, &count, sizeof(count)) < 0) perror("read");
  }

 private:
  void Run() {
    for (;;) {
      Await(to_);
      if (stop_) return;
      Signal(back_);
    }
  }
  std::atomic<bool> stop_{false};
  int to_ = eventfd(0, 0);
  int back_ = eventfd(0, 0);
  std::thread thread_;
};

// PLACES. The system puts two threads that take turns on one processor or on two as it likes, which decides more than
// all else: so round trips are measured in either place, with both sides in the same one.

void PinTask(CleatEnv*, void* processors) {
  if (sched_setaffinity(0, sizeof(cpu_set_t), static_cast<cpu_set_t*>(processors)) != 0) perror("sched_setaffinity");
}

// Keeps this thread and those of the two sides where they are put; gives this one and the runtime's free at the end.
class Place {
 public:
  Place(CleatRuntime* runtime, Echo* echo, bool together) : runtime_(runtime) {
    sched_getaffinity(0, sizeof(all_), &all_);
    int here = First(all_, -1);
    int there = together ? here : First(all_, here);
    exists_ = there >= 0;
    if (!exists_) return;
    cpu_set_t set = Only(there);
    PinRuntime(&set);
    pthread_setaffinity_np(echo->thread(), sizeof(set), &set);
    set = Only(here);
    PinTask(nullptr, &set);
  }
  ~Place() {
    if (!exists_) return;
    PinTask(nullptr, &all_);
    PinRuntime(&all_);
  }
  bool exists() const { return exists_; }

 private:
  static int First(const cpu_set_t& set, int after) {
    for (int i = after + 1; i < CPU_SETSIZE; i++) {
      if (CPU_ISSET(static_cast<size_t>(i), &set)) return i;
    }
    return -1;
  }
  static cpu_set_t Only(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<size_t>(processor), &set);
    return set;
  }
  void PinRuntime(cpu_set_t* set) {
    cleat_dispatch(runtime_, PinTask, set, nullptr);
    cleat_wait(runtime_, 0);
  }
  CleatRuntime* runtime_;
  cpu_set_t all_;
  bool exists_;
};

void SignalTask(CleatEnv*, void* fd) { Echo::Signal(*static_cast<int*>(fd)); }

double RoundTrips(CleatRuntime* runtime, void (*task)(CleatEnv* env, void* fd)) {
  int back = eventfd(0, 0);
  double taken = Time([&] {
    for (int i = 0; i < kTrips; i++) {
      cleat_dispatch(runtime, task, &back, nullptr);
      Echo::Await(back);
    }
  });
  close(back);
  return taken;
}

// A round trip in which V8 does by hand what it does for a script as short as that.
void EvaluateTask(CleatEnv* env, void* fd) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::String> source = v8::String::NewFromUtf8Literal(isolate, "1");
  v8::ScriptOrigin origin(isolate, v8::String::NewFromUtf8Literal(isolate, "<eval>"));
  v8::Script::Compile(context, source, &origin).ToLocalChecked()->Run(context).ToLocalChecked();
  SignalTask(env, fd);
}

double Evaluations(CleatRuntime* runtime) {
  return Time([&] {
    for (int i = 0; i < kTrips; i++) {
      CleatResult result = cleat_eval(runtime, "1", nullptr);
      cleat_result_free(&result);
    }
  });
}

void MeasureTrips(CleatRuntime* runtime, bool together, int rounds) {
  Echo echo;
  Place place(runtime, &echo, together);
  if (!place.exists()) return;
  auto trips = [&] {
    return Time([&] {
      for (int i = 0; i < kTrips; i++) echo.Trip();
    });
  };
  auto measure = [&](const char* name, const char* against, std::function<double()> ours,
                     std::function<double()> other) {
    std::string full = std::string(name) + (together ? ", one processor" : ", two processors");
    Measure({Row(full.c_str(), "us", against, 1.2), kTrips * 1e3, std::move(ours), std::move(other)}, rounds);
  };
  measure(
      "round trip", "two eventfd switches", [&] { return RoundTrips(runtime, SignalTask); }, trips);
  measure(
      "cleat_eval of 1", "that with V8's own work", [&] { return Evaluations(runtime); },
      [&] { return RoundTrips(runtime, EvaluateTask); });
}

// OPENING

// 500 members: of interfaces and namespaces for the most part, as those of an API are, or functions of the global
// object all of them, each of which is a property there that V8 must have when a script begins.
enum class Members { kOfInterfaces, kGlobal };

constexpr size_t kInterfaces = 30;
constexpr size_t kOfInterface = 12;
constexpr size_t kNamespaces = 8;
constexpr size_t kOfNamespace = 15;
constexpr size_t kFunctions = 20;
static_assert(kInterfaces * kOfInterface + kNamespaces * kOfNamespace + kFunctions == 500);

void Native(CleatCall* call) { cleat_return_double(call, 1); }

// Static names: each of them is made once.
const char* Name(const char* kind, size_t number) {
  static std::deque<std::string> names;
  names.push_back(kind + std::to_string(number));
  return names.back().c_str();
}

std::vector<CleatMember> Operations(size_t count) {
  std::vector<CleatMember> members(count);
  for (size_t i = 0; i < count; i++) {
    members[i].name = Name("member", i);
    members[i].kind = CLEAT_OPERATION;
    members[i].call = Native;
  }
  return members;
}

const CleatBindings* AllGlobal() {
  static const std::vector<CleatMember> functions = Operations(500);
  static CleatBindings bindings;
  bindings.size = sizeof(bindings);
  bindings.name = "many";
  bindings.globals = functions.data();
  bindings.global_count = functions.size();
  return &bindings;
}

const CleatBindings* OfInterfaces() {
  static const std::vector<CleatMember> methods = Operations(kOfInterface);
  static const std::vector<CleatMember> operations = Operations(kOfNamespace);
  static const std::vector<CleatMember> functions = Operations(kFunctions);
  static std::vector<CleatClass> classes(kInterfaces);
  static std::vector<CleatNamespace> namespaces(kNamespaces);
  static std::vector<const CleatClass*> class_list;
  static std::vector<const CleatNamespace*> namespace_list;
  static CleatBindings bindings;
  if (bindings.size != 0) return &bindings;
  for (CleatClass& type : classes) {
    type.name = Name("Interface", class_list.size());
    type.members = methods.data();
    type.member_count = methods.size();
    class_list.push_back(&type);
  }
  for (CleatNamespace& it : namespaces) {
    it.name = Name("namespace", namespace_list.size());
    it.members = operations.data();
    it.member_count = operations.size();
    namespace_list.push_back(&it);
  }
  bindings.size = sizeof(bindings);
  bindings.name = "many";
  bindings.classes = class_list.data();
  bindings.class_count = class_list.size();
  bindings.namespaces = namespace_list.data();
  bindings.namespace_count = namespace_list.size();
  bindings.globals = functions.data();
  bindings.global_count = functions.size();
  return &bindings;
}

const CleatBindings* Many(Members which) { return which == Members::kGlobal ? AllGlobal() : OfInterfaces(); }

// `snapshot` may be NULL.
CleatRuntime* OpenMany(Members which, const CleatSnapshot* snapshot) {
  const CleatBindings* bindings[] = {Many(which)};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  options.snapshot = snapshot;
  return cleat_open(&options, nullptr);
}

const CleatSnapshot* SnapshotOfMany(Members which) {
  static const CleatSnapshot* made[2];
  const CleatSnapshot** snapshot = &made[which == Members::kGlobal];
  if (*snapshot != nullptr) return *snapshot;
  const CleatBindings* bindings[] = {Many(which)};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  *snapshot = cleat_snapshot_create(&options, nullptr);
  return *snapshot;
}

// BY HAND: the same properties of the global object, each of which computes its value when it is used first.

using Computed = v8::PropertyCallbackInfo<v8::Value>;

v8::Local<v8::String> Text(v8::Isolate* isolate, const char* text) {
  return v8::String::NewFromUtf8(isolate, text, v8::NewStringType::kInternalized).ToLocalChecked();
}

void CallByHand(const v8::FunctionCallbackInfo<v8::Value>& info) { info.GetReturnValue().Set(1); }

void ComputeFunction(v8::Local<v8::Name>, const Computed& info) {
  info.GetReturnValue().Set(v8::Function::New(info.GetIsolate()->GetCurrentContext(), CallByHand).ToLocalChecked());
}

void ComputeInterface(v8::Local<v8::Name>, const Computed& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::FunctionTemplate> made = v8::FunctionTemplate::New(isolate, CallByHand);
  for (const CleatMember& member : Operations(kOfInterface)) {
    made->PrototypeTemplate()->Set(Text(isolate, member.name), v8::FunctionTemplate::New(isolate, CallByHand));
  }
  info.GetReturnValue().Set(made->GetFunction(isolate->GetCurrentContext()).ToLocalChecked());
}

void ComputeNamespace(v8::Local<v8::Name>, const Computed& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::ObjectTemplate> made = v8::ObjectTemplate::New(isolate);
  for (const CleatMember& member : Operations(kOfNamespace)) {
    made->Set(Text(isolate, member.name), v8::FunctionTemplate::New(isolate, CallByHand));
  }
  info.GetReturnValue().Set(made->NewInstance(isolate->GetCurrentContext()).ToLocalChecked());
}

void DefineByHand(v8::Isolate* isolate, v8::Local<v8::Context> context, Members which) {
  auto define = [&](const char* name, v8::AccessorNameGetterCallback compute) {
    context->Global()->SetLazyDataProperty(context, Text(isolate, name), compute).FromJust();
  };
  const CleatBindings* many = Many(which);
  for (size_t i = 0; i < many->class_count; i++) define(many->classes[i]->name, ComputeInterface);
  for (size_t i = 0; i < many->namespace_count; i++) define(many->namespaces[i]->name, ComputeNamespace);
  for (size_t i = 0; i < many->global_count; i++) define(many->globals[i].name, ComputeFunction);
}

const intptr_t kReferencesByHand[] = {
    reinterpret_cast<intptr_t>(CallByHand), reinterpret_cast<intptr_t>(ComputeFunction),
    reinterpret_cast<intptr_t>(ComputeInterface), reinterpret_cast<intptr_t>(ComputeNamespace), 0};

v8::StartupData* SnapshotByHand(Members which) {
  static v8::StartupData made[2];
  v8::StartupData* data = &made[which == Members::kGlobal];
  if (data->data != nullptr) return data;
  v8::SnapshotCreator creator(kReferencesByHand);
  {
    v8::HandleScope scope(creator.GetIsolate());
    v8::Local<v8::Context> context = v8::Context::New(creator.GetIsolate());
    v8::Context::Scope context_scope(context);
    DefineByHand(creator.GetIsolate(), context, which);
    creator.SetDefaultContext(v8::Context::New(creator.GetIsolate()));
    creator.AddContext(context);
  }
  *data = creator.CreateBlob(v8::SnapshotCreator::FunctionCodeHandling::kKeep);
  return data;
}

// How an isolate comes to its context.
enum class ByHand { kBare, kLazy, kSnapshot };

struct Bare {
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator{v8::ArrayBuffer::Allocator::NewDefaultAllocator()};
  v8::Isolate* isolate;
  v8::Global<v8::Context> context;
  Bare(ByHand how, Members which) {
    v8::Isolate::CreateParams params;
    params.array_buffer_allocator = allocator.get();
    if (how == ByHand::kSnapshot) {
      params.snapshot_blob = SnapshotByHand(which);
      params.external_references = kReferencesByHand;
    }
    isolate = v8::Isolate::New(params);
    v8::Isolate::Scope isolate_scope(isolate);
    v8::HandleScope scope(isolate);
    v8::Local<v8::Context> made =
        how == ByHand::kSnapshot ? v8::Context::FromSnapshot(isolate, 0).ToLocalChecked() : v8::Context::New(isolate);
    v8::Context::Scope context_scope(made);
    if (how == ByHand::kLazy) DefineByHand(isolate, made, which);
    context.Reset(isolate, made);
  }
  ~Bare() {
    context.Reset();
    isolate->Dispose();
  }
};

// Such an isolate on a thread of its own, as a runtime has one: it is there when this is made.
class OnThread {
 public:
  OnThread(ByHand how, Members which) {
    sem_init(&opened_, 0, 0);
    sem_init(&closing_, 0, 0);
    thread_ = std::thread([this, how, which] { Run(how, which); });
    sem_wait(&opened_);
  }
  ~OnThread() {
    sem_post(&closing_);
    thread_.join();
    sem_destroy(&opened_);
    sem_destroy(&closing_);
  }

 private:
  void Run(ByHand how, Members which) {
    const Bare bare(how, which);
    sem_post(&opened_);
    sem_wait(&closing_);
  }
  sem_t opened_;
  sem_t closing_;
  std::thread thread_;
};

constexpr int kOpened = 10;

// The time of opening only; closing is another row.
double OpenRuntimes(Members which, const CleatSnapshot* snapshot, double* closing) {
  double taken = 0;
  *closing = 0;
  for (int i = 0; i < kOpened; i++) {
    CleatRuntime* runtime;
    taken += Time([&] { runtime = OpenMany(which, snapshot); });
    *closing += Time([&] {
      cleat_close(runtime, CLEAT_CLOSE_DROP);
      cleat_release(runtime);
    });
  }
  return taken;
}

double OpenBare(ByHand how, Members which, double* closing) {
  double taken = 0;
  *closing = 0;
  for (int i = 0; i < kOpened; i++) {
    std::unique_ptr<OnThread> bare;
    taken += Time([&] { bare = std::make_unique<OnThread>(how, which); });
    *closing += Time([&] { bare.reset(); });
  }
  return taken;
}

double ResidentBytes() {
  FILE* file = fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  long total = 0;
  long resident = 0;
  if (fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
  fclose(file);
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// What each of many takes that are held at the same time, in KB.
constexpr int kHeld = 16;

double MemoryOfRuntimes(const CleatSnapshot* snapshot, std::vector<CleatRuntime*>* held) {
  const double before = ResidentBytes();
  for (int i = 0; i < kHeld; i++) held->push_back(OpenMany(Members::kOfInterfaces, snapshot));
  return (ResidentBytes() - before) / kHeld / 1024;
}

double MemoryByHand(ByHand how, std::vector<std::unique_ptr<Bare>>* held) {
  const double before = ResidentBytes();
  for (int i = 0; i < kHeld; i++)
    std::thread([&] { held->push_back(std::make_unique<Bare>(how, Members::kOfInterfaces)); }).join();
  return (ResidentBytes() - before) / kHeld / 1024;
}

// All kinds are held at the same time, so that none lives in what another gave back.
void MeasureMemory() {
  if (!IsWanted("memory, 500 members")) return;
  std::vector<CleatRuntime*> runtimes;
  std::vector<std::unique_ptr<Bare>> isolates;
  BenchRow lazy = Row("memory, 500 members", "KB", "bare isolate and context", 1.15);
  BenchRow snapshot = Row("memory, 500 members of a snapshot", "KB", "bare isolate and context", 1.15);
  SnapshotByHand(Members::kOfInterfaces);
  SnapshotOfMany(Members::kOfInterfaces);
  MemoryByHand(ByHand::kBare, &isolates);
  lazy.yardstick = snapshot.yardstick = MemoryByHand(ByHand::kBare, &isolates);
  lazy.ours = MemoryOfRuntimes(nullptr, &runtimes);
  lazy.hand = MemoryByHand(ByHand::kLazy, &isolates);
  snapshot.ours = MemoryOfRuntimes(SnapshotOfMany(Members::kOfInterfaces), &runtimes);
  snapshot.hand = MemoryByHand(ByHand::kSnapshot, &isolates);
  for (BenchRow* row : {&lazy, &snapshot}) {
    row->ratio = row->ours / row->yardstick;
    row->hand_ratio = row->hand / row->yardstick;
    row->to_hand = row->ours / row->hand;
    bench_add_row(row);
  }
  for (CleatRuntime* runtime : runtimes) cleat_release(runtime);
}

void MeasureOpening(int rounds) {
  double closing = 0;
  const struct {
    const char* name;
    Members which;
    bool snapshot;
  } rows[] = {
      {"open, 500 members", Members::kOfInterfaces, false},
      {"open, 500 members of a snapshot", Members::kOfInterfaces, true},
      {"open, 500 global functions", Members::kGlobal, false},
      {"open, 500 global functions of a snapshot", Members::kGlobal, true},
  };
  for (const auto& row : rows) {
    Measure({Row(row.name, "us", "bare isolate and context", 1.1), kOpened * 1e3,
             [&] { return OpenRuntimes(row.which, row.snapshot ? SnapshotOfMany(row.which) : nullptr, &closing); },
             [&] { return OpenBare(ByHand::kBare, row.which, &closing); },
             [&] { return OpenBare(row.snapshot ? ByHand::kSnapshot : ByHand::kLazy, row.which, &closing); }},
            rounds);
  }
  Measure({Row("close, 500 members", "us", "bare isolate and context", 0), kOpened * 1e3,
           [&] {
             OpenRuntimes(Members::kOfInterfaces, nullptr, &closing);
             return closing;
           },
           [&] {
             OpenBare(ByHand::kBare, Members::kOfInterfaces, &closing);
             return closing;
           }},
          rounds);
}

double CpuTime() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

}  // namespace

// Over ten seconds, after a while in which V8 ends what it began. First of all: what ran before has V8 collect garbage
// from time to time.
void bench_idle_row(const char* filter) {
  wanted = filter;
  BenchRow row = Row("CPU of an idle runtime", "%", "nothing", 0.1);
  if (!IsWanted(row.name)) return;
  usleep(1500 * 1000);
  const double used = CpuTime();
  const double taken = Time([] { usleep(10 * 1000 * 1000); });
  row.ours = row.ratio = (CpuTime() - used) / taken * 100;
  bench_add_row(&row);
}

void bench_runtime_rows(CleatRuntime* runtime, const char* filter, int rounds) {
  wanted = filter;
  for (int senders : {1, 4, 8}) MeasureDispatch(runtime, senders, Behind::kNothing, rounds);
  MeasureDispatch(runtime, 4, Behind::kV8, rounds);
  for (bool together : {true, false}) MeasureTrips(runtime, together, rounds);
  MeasureOpening(rounds);
  MeasureMemory();
}
