#include "node_host.h"

#include <uv.h>

#include <atomic>

namespace {

v8::Local<v8::String> Text(v8::Isolate* isolate, const char* utf8) {
  return v8::String::NewFromUtf8(isolate, utf8).FromMaybe(v8::String::Empty(isolate));
}

// One for each environment.
class NodeHost {
 public:
  explicit NodeHost(v8::Local<v8::Context> context);

  CleatRuntime* Open(CleatOptions options, CleatError** error);
  void Close(void (*closed)(void* data), void* data);

 private:
  // At process.exit() the environment is not ended in good order, but functions of AtExit are called; they cannot be
  // taken back, and so may outlive the host.
  struct AtExit {
    NodeHost* host;
  };

  static void Dispatch(void* data, CleatTurn* turn);
  static void Task(void* data, void (*run)(void* it), void* it);
  static void Wait(void* data, bool waits);
  static void OnUncaught(void* data, const CleatError* error);
  static void OnAsync(uv_async_t* async);
  static void OnExit(void* data);

  v8::Isolate* const isolate_;
  v8::Global<v8::Context> context_;
  v8::Global<v8::Object> resource_;  // what async hooks see
  node::async_context async_context_;
  node::AsyncCleanupHookHandle cleanup_;
  AtExit* at_exit_ = nullptr;

  uv_async_t async_;
  std::atomic<CleatTurn*> turn_{nullptr};
  CleatRuntime* runtime_ = nullptr;

  void (*closed_)(void* data) = nullptr;
  void* closed_data_ = nullptr;
};

NodeHost::NodeHost(v8::Local<v8::Context> context) : isolate_(context->GetIsolate()), context_(isolate_, context) {
  v8::Local<v8::Object> resource = v8::Object::New(isolate_);
  resource_.Reset(isolate_, resource);
  async_context_ = node::EmitAsyncInit(isolate_, resource, "cleat");
  uv_async_init(node::GetCurrentEventLoop(isolate_), &async_, OnAsync);
  async_.data = this;
  // Node ends when only this is left, but while the runtime waits for something.
  uv_unref(reinterpret_cast<uv_handle_t*>(&async_));
  cleanup_ = node::AddEnvironmentCleanupHook(
      isolate_,
      [](void* data, void (*closed)(void* data), void* closed_data) {
        static_cast<NodeHost*>(data)->Close(closed, closed_data);
      },
      this);
  at_exit_ = new AtExit{this};
  node::AtExit(node::GetCurrentEnvironment(context), OnExit, at_exit_);
}

CleatRuntime* NodeHost::Open(CleatOptions options, CleatError** error) {
  if (options.uncaught == nullptr) {
    options.uncaught = OnUncaught;
    options.data = this;
  }
  CleatHost host = {};
  host.size = sizeof(host);
  host.data = this;
  host.dispatch = Dispatch;
  host.task = Task;
  host.wait = Wait;
  return runtime_ = cleat_attach(&host, &options, error);
}

void NodeHost::Dispatch(void* data, CleatTurn* turn) {
  auto* self = static_cast<NodeHost*>(data);
  self->turn_ = turn;
  uv_async_send(&self->async_);
}

void NodeHost::OnAsync(uv_async_t* async) {
  CleatTurn* turn = static_cast<NodeHost*>(async->data)->turn_.exchange(nullptr);
  if (turn != nullptr) cleat_turn_run(turn);
}

// Its end runs process.nextTick callbacks and microtasks.
void NodeHost::Task(void* data, void (*run)(void* it), void* it) {
  auto* self = static_cast<NodeHost*>(data);
  node::CallbackScope scope(self->isolate_, self->resource_.Get(self->isolate_), self->async_context_);
  run(it);
}

void NodeHost::Wait(void* data, bool waits) {
  auto* async = reinterpret_cast<uv_handle_t*>(&static_cast<NodeHost*>(data)->async_);
  if (waits) {
    uv_ref(async);
  } else {
    uv_unref(async);
  }
}

// Throws it again, where Node finds it.
void NodeHost::OnUncaught(void* data, const CleatError* error) {
  auto* self = static_cast<NodeHost*>(data);
  v8::Isolate* isolate = self->isolate_;
  v8::HandleScope scope(isolate);
  v8::TryCatch catcher(isolate);
  v8::Local<v8::Context> context = self->context_.Get(isolate);
  v8::Local<v8::String> source = v8::String::NewFromUtf8Literal(
      isolate,
      "((message, name, stack) => process.nextTick(() => { throw Object.assign(new Error(message), {name, stack}) }))");
  v8::Local<v8::Value> arguments[] = {Text(isolate, cleat_error_message(error).data),
                                      Text(isolate, cleat_error_name(error).data),
                                      Text(isolate, cleat_error_text(error).data)};
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> rethrow;
  if (!v8::Script::Compile(context, source).ToLocal(&script) || !script->Run(context).ToLocal(&rethrow)) return;
  v8::MaybeLocal<v8::Value> result = rethrow.As<v8::Function>()->Call(context, v8::Undefined(isolate), 3, arguments);
  static_cast<void>(result);  // where the thread is ending it cannot
}

void NodeHost::OnExit(void* data) {
  auto* at_exit = static_cast<AtExit*>(data);
  if (at_exit->host != nullptr) {
    at_exit->host->at_exit_ = nullptr;
    if (at_exit->host->runtime_ != nullptr) cleat_close(at_exit->host->runtime_, CLEAT_CLOSE_DROP);
  }
  delete at_exit;
}

// Node's loop runs until `closed` has been called.
void NodeHost::Close(void (*closed)(void* data), void* data) {
  closed_ = closed;
  closed_data_ = data;
  if (runtime_ != nullptr) cleat_release(runtime_);
  cleat_turn_drop(turn_.exchange(nullptr));
  node::EmitAsyncDestroy(isolate_, async_context_);
  uv_close(reinterpret_cast<uv_handle_t*>(&async_), [](uv_handle_t* handle) {
    auto* self = static_cast<NodeHost*>(handle->data);
    void (*closed)(void*) = self->closed_;
    void* data = self->closed_data_;
    if (self->at_exit_ != nullptr) self->at_exit_->host = nullptr;
    delete self;
    closed(data);
  });
}

}  // namespace

// A host without a runtime is left to the end of the environment, like one with it.
CleatRuntime* OpenInNode(v8::Local<v8::Context> context, const CleatOptions& options) {
  CleatError* error = nullptr;
  CleatRuntime* runtime = (new NodeHost(context))->Open(options, &error);
  if (runtime != nullptr) return runtime;
  v8::Isolate* isolate = context->GetIsolate();
  isolate->ThrowException(v8::Exception::Error(Text(isolate, cleat_error_message(error).data)));
  cleat_error_free(error);
  return nullptr;
}
