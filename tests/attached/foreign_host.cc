// The host that the tests of attached runtimes have.
#include "foreign_host.h"

#include <libplatform/libplatform.h>

#include <chrono>

namespace {

// The host's own slot of the isolate, as Node.js has some.
constexpr uint32_t kSlot = 0;

void StartV8() {
  static std::once_flag started;
  std::call_once(started, [] {
    static v8::Platform* platform = v8::platform::NewDefaultPlatform().release();
    v8::V8::InitializePlatform(platform);
    v8::V8::Initialize();
  });
}

std::string TextOf(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  v8::String::Utf8Value text(isolate, value);
  return *text == nullptr ? "no text" : std::string(*text, static_cast<size_t>(text.length()));
}

}  // namespace

ForeignHost::ForeignHost() {
  StartV8();
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator = allocator_.get();
  isolate = v8::Isolate::New(params);
  isolate->SetData(kSlot, this);
  isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  isolate->SetPromiseRejectCallback(OnRejection);
  v8::Isolate::Scope isolate_scope(isolate);
  v8::HandleScope scope(isolate);
  context.Reset(isolate, v8::Context::New(isolate));
}

ForeignHost::~ForeignHost() {
  RunPending();
  context.Reset();
  isolate->Dispose();
}

CleatHost ForeignHost::AsC(bool with_task) {
  CleatHost host = {};
  host.size = sizeof(host);
  host.data = this;
  host.dispatch = Dispatch;
  host.task = with_task ? Task : nullptr;
  host.wait = Wait;
  return host;
}

CleatRuntime* ForeignHost::Attach(const CleatOptions* options, CleatError** error, bool with_task) {
  v8::Isolate::Scope isolate_scope(isolate);
  v8::HandleScope scope(isolate);
  v8::Context::Scope context_scope(context.Get(isolate));
  CleatHost host = AsC(with_task);
  return cleat_attach(&host, options, error);
}

void ForeignHost::Dispatch(void* data, CleatTurn* turn) {
  auto* host = static_cast<ForeignHost*>(data);
  host->Post([host, turn] {
    host->turns++;
    cleat_turn_run(turn);
  });
}

void ForeignHost::Task(void* data, void (*run)(void* it), void* it) {
  auto* host = static_cast<ForeignHost*>(data);
  host->tasks++;
  run(it);
  host->isolate->PerformMicrotaskCheckpoint();
}

void ForeignHost::Wait(void* data, bool waits) { static_cast<ForeignHost*>(data)->waits.push_back(waits); }

void ForeignHost::OnRejection(v8::PromiseRejectMessage message) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  auto* host = static_cast<ForeignHost*>(isolate->GetData(kSlot));
  v8::HandleScope scope(isolate);
  if (message.GetEvent() == v8::kPromiseRejectWithNoHandler) {
    host->rejections.push_back(TextOf(isolate, message.GetValue()));
  } else if (message.GetEvent() == v8::kPromiseHandlerAddedAfterReject && !host->rejections.empty()) {
    host->rejections.pop_back();
  }
}

void ForeignHost::Post(std::function<void()> work) {
  std::lock_guard<std::mutex> lock(mutex_);
  queue_.push_back(std::move(work));
  posted_.notify_all();
}

bool ForeignHost::RunOne(int milliseconds) {
  std::function<void()> work;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    posted_.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return !queue_.empty(); });
    if (queue_.empty()) return false;
    work = std::move(queue_.front());
    queue_.pop_front();
  }
  work();
  return true;
}

bool ForeignHost::RunUntil(const std::function<bool()>& done) {
  while (!done()) {
    if (!RunOne(10000)) return done();
  }
  return true;
}

void ForeignHost::RunPending() {
  while (RunOne(0)) continue;
}

std::string ForeignHost::Run(const std::string& source) {
  v8::Isolate::Scope isolate_scope(isolate);
  v8::HandleScope scope(isolate);
  v8::Local<v8::Context> local = context.Get(isolate);
  v8::Context::Scope context_scope(local);
  v8::TryCatch catcher(isolate);
  v8::Local<v8::String> text = v8::String::NewFromUtf8(isolate, source.c_str()).ToLocalChecked();
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> result;
  if (v8::Script::Compile(local, text).ToLocal(&script) && script->Run(local).ToLocal(&result)) {
    return TextOf(isolate, result);
  }
  return "threw " + (catcher.HasTerminated() ? "a termination" : TextOf(isolate, catcher.Exception()));
}

void ForeignHost::RunMicrotasks() {
  v8::Isolate::Scope isolate_scope(isolate);
  isolate->PerformMicrotaskCheckpoint();
}

void ForeignHost::CollectGarbage() {
  v8::Isolate::Scope isolate_scope(isolate);
  isolate->LowMemoryNotification();
}

void ForeignHost::Define(const char* name, v8::FunctionCallback callback) {
  v8::Isolate::Scope isolate_scope(isolate);
  v8::HandleScope scope(isolate);
  v8::Local<v8::Context> local = context.Get(isolate);
  v8::Context::Scope context_scope(local);
  v8::Local<v8::Function> function = v8::Function::New(local, callback).ToLocalChecked();
  v8::Local<v8::String> key = v8::String::NewFromUtf8(isolate, name).ToLocalChecked();
  local->Global()->Set(local, key, function).Check();
}
