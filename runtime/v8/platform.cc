// The platform: V8's default one, but that the work for an engine's own thread goes to the engine's host.

#include <libplatform/libplatform.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <unordered_map>
#include <utility>

#include "shim_internal.h"

// V8's own; its headers do not have it, but its libraries do.
namespace v8::internal {
class V8 {
 public:
  __attribute__((weak)) static v8::Platform* GetCurrentPlatform();
};
}  // namespace v8::internal

namespace cleat {
class ForegroundRunner;
}

struct CleatForegroundTask {
  std::unique_ptr<v8::Task> task;
  std::shared_ptr<cleat::ForegroundRunner> runner;
};

namespace cleat {

// Hands tasks to the host until it is closed; from then on tasks die unrun. V8's workers keep it alive as long as they
// need it, and post at any time. The host is called without the lock, since it may wait for memory, and not any more
// once Close has returned.
class ForegroundRunner final : public v8::TaskRunner, public std::enable_shared_from_this<ForegroundRunner> {
 public:
  explicit ForegroundRunner(const CleatEngineHost& host) : host_(host) {}

  void PostTask(std::unique_ptr<v8::Task> task) override { Post(std::move(task), 0); }
  void PostNonNestableTask(std::unique_ptr<v8::Task> task) override { Post(std::move(task), 0); }
  void PostDelayedTask(std::unique_ptr<v8::Task> task, double seconds) override { Post(std::move(task), seconds); }
  void PostNonNestableDelayedTask(std::unique_ptr<v8::Task> task, double seconds) override {
    Post(std::move(task), seconds);
  }
  void PostIdleTask(std::unique_ptr<v8::IdleTask>) override {}
  bool IdleTasksEnabled() override { return false; }
  bool NonNestableTasksEnabled() const override { return true; }
  bool NonNestableDelayedTasksEnabled() const override { return true; }

  void Close() {
    std::unique_lock<std::mutex> lock(mutex_);
    open_ = false;
    posted_.wait(lock, [this] { return posting_ == 0; });
  }

  // The same, and from now on tasks are neither run nor destroyed.
  void Abandon() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      abandoned_ = true;
    }
    Close();
  }

  bool IsAbandoned() {
    std::lock_guard<std::mutex> lock(mutex_);
    return abandoned_;
  }

 private:
  void Post(std::unique_ptr<v8::Task> task, double seconds) {
    auto* made = new CleatForegroundTask{std::move(task), shared_from_this()};
    if (!Begin()) {
      cleat__foreground_task_free(made);
      return;
    }
    const bool taken = host_.post(host_.data, made, seconds * 1000);
    End();
    if (!taken) cleat__foreground_task_free(made);
  }

  // Returns whether the host may be called; if so, until End.
  bool Begin() {
    std::lock_guard<std::mutex> lock(mutex_);
    posting_ += open_;
    return open_;
  }

  void End() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--posting_ == 0) posted_.notify_all();
  }

  const CleatEngineHost host_;
  std::mutex mutex_;
  std::condition_variable posted_;
  int posting_ = 0;  // how many threads are in the host's function
  bool open_ = true;
  bool abandoned_ = false;
};

}  // namespace cleat

namespace {

using cleat::ForegroundRunner;

class Platform final : public v8::Platform {
 public:
  Platform() : default_(v8::platform::NewDefaultPlatform()) {}

  void Add(v8::Isolate* isolate, std::shared_ptr<ForegroundRunner> runner) {
    std::lock_guard<std::mutex> lock(mutex_);
    runners_[isolate] = std::move(runner);
  }

  std::shared_ptr<ForegroundRunner> Find(v8::Isolate* isolate) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = runners_.find(isolate);
    return found == runners_.end() ? nullptr : found->second;
  }

  // An isolate that has gone may have left its address to a new one already: only its own runner is removed.
  void Remove(v8::Isolate* isolate, ForegroundRunner* runner) {
    std::shared_ptr<ForegroundRunner> removed;
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = runners_.find(isolate);
    if (found == runners_.end() || found->second.get() != runner) return;
    removed = std::move(found->second);
    runners_.erase(found);
  }

  std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(v8::Isolate* isolate) override {
    std::shared_ptr<ForegroundRunner> runner = Find(isolate);
    if (runner == nullptr) return default_->GetForegroundTaskRunner(isolate);
    return runner;
  }

  v8::PageAllocator* GetPageAllocator() override { return default_->GetPageAllocator(); }
  v8::ZoneBackingAllocator* GetZoneBackingAllocator() override { return default_->GetZoneBackingAllocator(); }
  void OnCriticalMemoryPressure() override { default_->OnCriticalMemoryPressure(); }
  int NumberOfWorkerThreads() override { return default_->NumberOfWorkerThreads(); }
  void CallOnWorkerThread(std::unique_ptr<v8::Task> task) override { default_->CallOnWorkerThread(std::move(task)); }
  void CallBlockingTaskOnWorkerThread(std::unique_ptr<v8::Task> task) override {
    default_->CallBlockingTaskOnWorkerThread(std::move(task));
  }
  void CallLowPriorityTaskOnWorkerThread(std::unique_ptr<v8::Task> task) override {
    default_->CallLowPriorityTaskOnWorkerThread(std::move(task));
  }
  void CallDelayedOnWorkerThread(std::unique_ptr<v8::Task> task, double seconds) override {
    default_->CallDelayedOnWorkerThread(std::move(task), seconds);
  }
#if V8_MAJOR_VERSION > 10
  std::unique_ptr<v8::JobHandle> CreateJob(v8::TaskPriority priority, std::unique_ptr<v8::JobTask> job) override {
    return default_->CreateJob(priority, std::move(job));
  }
#else
  std::unique_ptr<v8::JobHandle> PostJob(v8::TaskPriority priority, std::unique_ptr<v8::JobTask> job) override {
    return default_->PostJob(priority, std::move(job));
  }
#endif
  double MonotonicallyIncreasingTime() override { return default_->MonotonicallyIncreasingTime(); }
  double CurrentClockTimeMillis() override { return default_->CurrentClockTimeMillis(); }
  StackTracePrinter GetStackTracePrinter() override { return default_->GetStackTracePrinter(); }
  v8::TracingController* GetTracingController() override { return default_->GetTracingController(); }

 private:
  const std::unique_ptr<v8::Platform> default_;
  std::mutex mutex_;
  std::unordered_map<v8::Isolate*, std::shared_ptr<ForegroundRunner>> runners_;
};

// Never freed: V8 cannot start twice, and its workers run until the process ends. NULL where V8 is somebody else's.
Platform* platform;
std::once_flag started;

}  // namespace

namespace cleat {

std::shared_ptr<ForegroundRunner> OpenForeground(v8::Isolate* isolate, const CleatEngineHost& host) {
  auto runner = std::make_shared<ForegroundRunner>(host);
  platform->Add(isolate, runner);
  return runner;
}

void CloseForeground(v8::Isolate* isolate, ForegroundRunner* runner) {
  runner->Close();
  platform->Remove(isolate, runner);
}

bool ShareWithOwner(v8::Isolate* isolate) {
  std::call_once(started, [] {});
  return platform == nullptr || platform->Find(isolate) == nullptr;
}

// The platform still answers for the isolate: V8's threads may work for it.
void AbandonForeground(ForegroundRunner* runner) { runner->Abandon(); }

}  // namespace cleat

// Returns whether V8 has been started. Without V8's own answer: whoever made the isolate has started V8; but until it
// has been, V8 may take for an isolate what another library has for the thread.
static bool IsStarted() {
  if (&v8::internal::V8::GetCurrentPlatform == nullptr) return v8::Isolate::TryGetCurrent() != nullptr;
  return v8::internal::V8::GetCurrentPlatform() != nullptr;
}

// V8's source of random numbers. Without it V8 opens /dev/urandom twice for each isolate and reads 4 KiB of it each
// time; and where it cannot, as in a sandbox or when descriptors are short, it takes the time, which can be guessed.
static bool GiveEntropy(unsigned char* buffer, size_t length) {
  constexpr size_t kMost = 256;  // of one call
  for (size_t done = 0; done < length; done += kMost) {
    if (getentropy(buffer + done, std::min(length - done, kMost)) != 0) return false;
  }
  return true;
}

bool cleat__engine_start(void) {
  std::call_once(started, [] {
    if (IsStarted()) return;
    platform = new Platform;
    cleat::EnableFastCalls();
    cleat::EnableImportAssertions();
    // V8 11 does not do so either. The snapshot in its library is as good as its code, and others have a checksum of
    // ours.
    if (V8_MAJOR_VERSION < 11) v8::V8::SetFlagsFromString("--no-verify-snapshot-checksum");
    v8::V8::SetEntropySource(GiveEntropy);
    v8::V8::InitializePlatform(platform);
    v8::V8::Initialize();
  });
  return platform != nullptr;
}

const char* cleat__engine_version(void) { return v8::V8::GetVersion(); }

void cleat__foreground_task_run(CleatForegroundTask* task) {
  const cleat::Entering entering(cleat::EngineOf(v8::Isolate::GetCurrent()));
  task->task->Run();
  delete task;
}

void cleat__foreground_task_free(CleatForegroundTask* task) {
  if (task->runner->IsAbandoned()) static_cast<void>(task->task.release());
  delete task;
}
