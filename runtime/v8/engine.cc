// The engine: an isolate with its context, entering it, terminating it, and what it tells of itself.

#include <new>

#include "shim_internal.h"

namespace {

using cleat::ContextOf;
using cleat::FromC;

void OnPromiseReject(v8::PromiseRejectMessage message) {
  const v8::PromiseRejectEvent event = message.GetEvent();
  if (event != v8::kPromiseRejectWithNoHandler && event != v8::kPromiseHandlerAddedAfterReject) return;
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  CleatEngine* engine = cleat::EngineOf(isolate);
  if (engine->host.rejected == nullptr) return;
  v8::HandleScope scope(isolate);
  v8::Local<v8::Promise> promise = message.GetPromise();
  engine->host.rejected(engine->host.data, cleat::ToC(promise), cleat::ToC(promise->Result()),
                        event == v8::kPromiseHandlerAddedAfterReject);
}

bool RefuseWebAssembly(v8::Local<v8::Context>, v8::Local<v8::String>) { return false; }

void StartIsolate(CleatEngine* engine, const CleatEngineOptions* options) {
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator = engine->allocator.get();
  if (options->heap_limit != 0) {
    params.constraints.ConfigureDefaultsFromHeapSize(options->heap_initial, options->heap_limit);
  }
  if (options->references != nullptr) cleat::ListReferences(engine, options->references);
  if (options->snapshot != nullptr) cleat::UseSnapshot(engine, options->snapshot, &params);
  if (options->for_snapshot) {
    cleat::StartCreator(engine);
  } else {
    v8::Isolate::Initialize(engine->isolate, params);
  }
  engine->isolate->SetData(cleat::kEngineSlot, engine);
  engine->isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  engine->isolate->SetPromiseRejectCallback(OnPromiseReject);
  engine->isolate->SetCaptureStackTraceForUncaughtExceptions(true, cleat::kMostFrames, v8::StackTrace::kDetailed);
  if (options->stack_end != 0) engine->isolate->SetStackLimit(options->stack_end);
  if (options->no_webassembly) engine->isolate->SetAllowWasmCodeGenerationCallback(RefuseWebAssembly);
  cleat::WatchHeap(engine);
  cleat::WatchModules(engine);
}

// V8 gives every context a console of its own, which prints nowhere; it is no part of ECMAScript. A snapshot's has
// none, or a console of the host's.
bool StartGlobal(CleatEngine* engine, const CleatEngineOptions* options) {
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Object> global = context->Global();
  if (options->for_snapshot && !cleat::PrepareContext(engine)) return false;
  if (options->snapshot != nullptr && !cleat::RestoreContext(engine)) return false;
  if (options->no_webassembly &&
      !global->Delete(context, cleat::Name(engine->isolate, "WebAssembly")).FromMaybe(false)) {
    return false;
  }
  return options->snapshot != nullptr ||
         global->Delete(context, cleat::Name(engine->isolate, "console")).FromMaybe(false);
}

bool StartContext(CleatEngine* engine, const CleatEngineOptions* options) {
  v8::Isolate* isolate = engine->isolate;
  v8::Isolate::Scope isolate_scope(isolate);
  v8::HandleScope scope(isolate);
  v8::Local<v8::Context> context;
  if (options->snapshot == nullptr) {
    context = v8::Context::New(isolate);
  } else if (!v8::Context::FromSnapshot(isolate, 0).ToLocal(&context)) {
    return false;
  }
  if (context.IsEmpty()) return false;
  v8::Context::Scope context_scope(context);
  engine->context.Reset(isolate, context);
  cleat::LearnTypes(isolate);
  cleat::LearnStrings(isolate);
  context->AllowCodeGenerationFromStrings(!options->no_code_from_strings);
  if (options->no_code_from_strings) {
    context->SetErrorMessageForCodeGenerationFromStrings(
        cleat::Interned(engine, "Code generation from strings is turned off in this runtime"));
  }
  return StartGlobal(engine, options);
}

void OnInterrupt(v8::Isolate*, void* data) {
  auto* engine = static_cast<CleatEngine*>(data);
  if (engine->host.interrupted != nullptr) engine->host.interrupted(engine->host.data);
}

// A microtask with its continuation; data: the function and that.
void RunContinued(const cleat::Call& info) {
  v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
  CleatEngine* engine = cleat::EngineOf(info.GetIsolate());
  v8::Local<v8::Array> data = info.Data().As<v8::Array>();
  v8::Local<v8::Value> function;
  v8::Local<v8::Value> continuation;
  if (!data->Get(context, 0).ToLocal(&function) || !data->Get(context, 1).ToLocal(&continuation)) return;
  cleat__set_continuation(engine, cleat::ToC(continuation));
  v8::MaybeLocal<v8::Value> result =
      function.As<v8::Function>()->Call(context, v8::Undefined(info.GetIsolate()), 0, nullptr);
  static_cast<void>(result);  // what it throws goes on
  cleat__set_continuation(engine, nullptr);
}

// The scopes of an entry, in the order in which they are entered.
struct Entry {
  explicit Entry(CleatEngine* engine)
      : slot(engine), isolate(engine->isolate), handles(engine->isolate), context(ContextOf(engine)) {}
  cleat::EngineSlot slot;
  v8::Isolate::Scope isolate;
  v8::HandleScope handles;
  v8::Context::Scope context;
};
static_assert(sizeof(Entry) <= sizeof(CleatEngineEntry));
static_assert(sizeof(v8::HandleScope) <= sizeof(CleatScope));

}  // namespace

namespace cleat {

void FreeKept(CleatEngine* engine) {
  FreeInspector(engine);
  FreeStrings(engine);
  FreeShapes(engine);
  FreeTemplates(engine);
  FreeReactions(engine);
  FreeListener(engine);
  engine->cells.Reset();
  engine->context.Reset();
}

// Under the lock of terminations.
void SetTerminating(CleatEngine* engine, bool terminating) {
  bool before = engine->terminating.exchange(terminating, std::memory_order_relaxed);
  __atomic_fetch_add(&cleat_ending_count, terminating - before, __ATOMIC_RELAXED);
}

// Where a debugger has terminated, V8's inspector cancels that when control leaves V8: what is left is a null that has
// no message, which nothing can throw.
bool IsTerminated(CleatEngine* engine, const v8::TryCatch& catcher) {
  if (catcher.HasTerminated() || engine->inspector == nullptr || !catcher.HasCaught()) return catcher.HasTerminated();
  return catcher.Exception()->IsNull() && catcher.Message().IsEmpty();
}

void KeepTermination(CleatEngine* engine) {
  bool terminating = engine->isolate->IsExecutionTerminating();
  // In an isolate of others it may be theirs, and then it is they who cancel it.
  if (engine->foreign != 0) {
    if (!terminating) engine->isolate->TerminateExecution();
    return;
  }
  bool asked = engine->terminating.load(std::memory_order_relaxed);
  if (!asked && engine->host.terminated != nullptr) engine->host.terminated(engine->host.data);
  if (!terminating) cleat__terminate(engine);
}

}  // namespace cleat

CleatEngine* cleat__engine_open(const CleatEngineOptions* options, const CleatEngineHost* host) {
  if (!cleat__engine_start()) return nullptr;
  CleatEngine* engine = new (std::nothrow) CleatEngine;
  if (engine == nullptr) return nullptr;
  engine->host = *host;
  engine->allocator = cleat::NewAllocator(engine);
  if (options->external_limit != 0) engine->external_limit = options->external_limit;
  engine->isolate = v8::Isolate::Allocate();
  engine->foreground = cleat::OpenForeground(engine->isolate, *host);
  StartIsolate(engine, options);
  if (StartContext(engine, options)) return engine;
  cleat__engine_close(engine);
  return nullptr;
}

void cleat__engine_close(CleatEngine* engine) {
  v8::Isolate* isolate = engine->isolate;
  cleat::SetTerminating(engine, false);
  {
    v8::Isolate::Scope scope(isolate);
    if (engine->foreign != 0) cleat::CloseForeign(engine);
    cleat::FreeKept(engine);
  }
  if (engine->foreign != 0) {
    delete engine;
    return;
  }
  cleat::DisposeIsolate(engine);
  cleat::FreeFastSignatures(engine);
  cleat::CloseForeground(isolate, engine->foreground.get());
  delete engine;
}

void cleat__engine_enter(CleatEngine* engine, CleatEngineEntry* entry) { ::new (entry) Entry(engine); }

void cleat__engine_leave(CleatEngine*, CleatEngineEntry* entry) { reinterpret_cast<Entry*>(entry)->~Entry(); }

int cleat__entered(const CleatEngine* engine) { return engine->entries; }

void cleat__entered_add(CleatEngine* engine, int change) { engine->entries += change; }

void cleat__scope_open(CleatEngine* engine, CleatScope* scope) { ::new (scope) v8::HandleScope(engine->isolate); }

void cleat__scope_close(CleatEngine*, CleatScope* scope) { reinterpret_cast<v8::HandleScope*>(scope)->~HandleScope(); }

void* cleat__call_host(const CleatCall* call) { return cleat::EngineOf(FromC(call).GetIsolate())->host.data; }

void cleat__run_microtasks(CleatEngine* engine) {
  const cleat::Entering entering(engine);
  v8::HandleScope scope(engine->isolate);
  v8::TryCatch catcher(engine->isolate);
  ContextOf(engine)->GetMicrotaskQueue()->PerformCheckpoint(engine->isolate);
  if (cleat::IsTerminated(engine, catcher)) cleat::KeepTermination(engine);
}

// V8 keeps a continuation for reactions to promises only.
void cleat__enqueue_microtask(CleatEngine* engine, CleatValue* function) {
  v8::Isolate* isolate = engine->isolate;
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Function> callback = FromC<v8::Function>(function);
  CleatValue* continuation = engine->foreign == 0 ? cleat__continuation(engine) : nullptr;
  if (continuation != nullptr) {
    v8::Local<v8::Value> kept[] = {callback, FromC(continuation)};
    v8::Local<v8::Array> data = v8::Array::New(isolate, kept, 2);
    if (!v8::Function::New(context, RunContinued, data).ToLocal(&callback)) return;
  }
  context->GetMicrotaskQueue()->EnqueueMicrotask(isolate, callback);
}

void cleat__interrupt(CleatEngine* engine) { engine->isolate->RequestInterrupt(OnInterrupt, engine); }

void cleat__set_continuation(CleatEngine* engine, CleatValue* value) {
  v8::HandleScope scope(engine->isolate);
  v8::Local<v8::Value> data = value != nullptr ? FromC(value) : v8::Undefined(engine->isolate).As<v8::Value>();
#if V8_MAJOR_VERSION >= 12
  engine->isolate->SetContinuationPreservedEmbedderData(data);
#else
  ContextOf(engine)->SetContinuationPreservedEmbedderData(data);
#endif
}

CleatValue* cleat__continuation(CleatEngine* engine) {
#if V8_MAJOR_VERSION >= 12
  v8::Local<v8::Value> data = engine->isolate->GetContinuationPreservedEmbedderData();
#else
  v8::Local<v8::Value> data = ContextOf(engine)->GetContinuationPreservedEmbedderData();
#endif
  return data->IsUndefined() ? nullptr : cleat::ToC(data);
}

void cleat__enqueue_callback(CleatEngine* engine, void (*run)(void* data), void* data) {
  ContextOf(engine)->GetMicrotaskQueue()->EnqueueMicrotask(engine->isolate, run, data);
}

void cleat__terminate(CleatEngine* engine) {
  std::lock_guard<std::mutex> lock(engine->termination);
  cleat::SetTerminating(engine, true);
  engine->isolate->TerminateExecution();
}

void cleat__cancel_termination(CleatEngine* engine) {
  std::lock_guard<std::mutex> lock(engine->termination);
  cleat::SetTerminating(engine, false);
  engine->isolate->CancelTerminateExecution();
}

// V8 answers only for a termination that has struck, the mark for one that is asked for as well; others than Cleat may
// terminate an isolate that is shared with them.
bool cleat__is_terminating(CleatEngine* engine) {
  return engine->terminating.load(std::memory_order_relaxed) || engine->isolate->IsExecutionTerminating();
}
