// Exceptions: thrown from C, caught into C, described.

#include <string>
#include <utility>
#include <vector>

#include "shim_internal.h"

namespace cleat {

// The messages that come while cleat__try_last is under way: V8 has one for what is caught by it as well.
struct LastTry {
  struct Reported {
    v8::Global<v8::Message> message;
    v8::Global<v8::Value> value;
  };
  std::vector<Reported> reported;

  void Keep(v8::Isolate* isolate, v8::Local<v8::Message> message, v8::Local<v8::Value> value) {
    reported.push_back({v8::Global<v8::Message>(isolate, message), v8::Global<v8::Value>(isolate, value)});
  }
};

}  // namespace cleat

namespace {

using cleat::ContextOf;
using cleat::FromC;
using cleat::ToC;

v8::Local<v8::Value> NewError(CleatThrowKind kind, v8::Local<v8::String> message) {
  switch (kind) {
    case CLEAT_THROW_TYPE_ERROR:
      return v8::Exception::TypeError(message);
    case CLEAT_THROW_RANGE_ERROR:
      return v8::Exception::RangeError(message);
    case CLEAT_THROW_SYNTAX_ERROR:
      return v8::Exception::SyntaxError(message);
    case CLEAT_THROW_REFERENCE_ERROR:
      return v8::Exception::ReferenceError(message);
    case CLEAT_THROW_ERROR:
      break;
  }
  return v8::Exception::Error(message);
}

CleatValue* StringOrNull(v8::Local<v8::Value> value) {
  return !value.IsEmpty() && value->IsString() ? ToC(value) : nullptr;
}

CleatValue* StackOf(CleatEngine* engine, v8::Local<v8::Value> value) {
  if (!value->IsNativeError()) return nullptr;
  CleatValue* stack = cleat__get_own_data(engine, ToC(value), cleat__interned(engine, "stack"));
  return stack == nullptr ? nullptr : StringOrNull(FromC(stack));
}

void Describe(CleatEngine* engine, v8::Local<v8::Value> value, v8::Local<v8::Message> message, CleatException* out) {
  out->value = ToC(value);
  out->stack = StackOf(engine, value);
  if (message.IsEmpty()) return;
  v8::Local<v8::Context> context = ContextOf(engine);
  out->message = ToC(message->Get());
  out->script = StringOrNull(message->GetScriptResourceName());
  int line = message->GetLineNumber(context).FromMaybe(0);
  if (line <= 0) return;
  out->line = static_cast<uint32_t>(line);
  out->column = static_cast<uint32_t>(message->GetStartColumn(context).FromMaybe(-1) + 1);
  out->source_line = ToC(message->GetSourceLine(context));
}

void Report(CleatEngine* engine, v8::Local<v8::Message> message, v8::Local<v8::Value> value) {
  cleat::TellInspector(engine, value, message);
  CleatException exception = {};
  Describe(engine, value, message, &exception);
  engine->uncaught(engine->uncaught_data, &exception);
}

void OnMessage(v8::Local<v8::Message> message, v8::Local<v8::Value> value) {
  v8::Isolate* isolate = message->GetIsolate();
  CleatEngine* engine = cleat::EngineOf(isolate);
  v8::HandleScope scope(isolate);
  if (engine->last_try != nullptr) {
    engine->last_try->Keep(isolate, message, value);
  } else if (engine->uncaught != nullptr) {
    Report(engine, message, value);
  }
}

// Reports what came to nobody while something else, or nothing, was caught.
void ReportOthers(CleatEngine* engine, const cleat::LastTry* last, v8::Local<v8::Message> caught) {
  for (const cleat::LastTry::Reported& one : last->reported) {
    if (one.message == caught || engine->uncaught == nullptr) continue;
    Report(engine, one.message.Get(engine->isolate), one.value.Get(engine->isolate));
  }
}

std::string Text(v8::Isolate* isolate, v8::Local<v8::String> string) {
  if (string.IsEmpty()) return {};
  v8::String::Utf8Value text(isolate, string);
  return std::string(*text, static_cast<size_t>(text.length()));
}

CleatValue* FrameText(v8::Local<v8::String> string) {
  return !string.IsEmpty() && string->Length() != 0 ? ToC(string) : nullptr;
}

}  // namespace

namespace cleat {

CleatValue* Throw(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  if (!isolate->IsExecutionTerminating()) isolate->ThrowException(value);
  return nullptr;
}

CleatValue* Throw(v8::Isolate* isolate, CleatThrowKind kind, const char* message) {
  return Throw(isolate, NewError(kind, v8::String::NewFromUtf8(isolate, message).ToLocalChecked()));
}

}  // namespace cleat

namespace {

// `last` is where messages go meanwhile, and then V8 takes what is caught for uncaught; or NULL.
bool Try(CleatEngine* engine, void (*body)(void* data), void (*caught)(void* data, const CleatException* exception),
         void* data, cleat::LastTry* last) {
  v8::HandleScope scope(engine->isolate);
  CleatException exception = {};
  v8::Local<v8::Value> value;
  v8::Local<v8::Message> message;
  bool succeeded;
  {
    v8::TryCatch catcher(engine->isolate);
    catcher.SetVerbose(last != nullptr);
    cleat::LastTry* outer = std::exchange(engine->last_try, last);
    body(data);
    engine->last_try = outer;
    succeeded = !catcher.HasCaught();
    exception.terminated = cleat::IsTerminated(engine, catcher);
    if (!succeeded && !exception.terminated) {
      value = catcher.Exception();
      message = catcher.Message();
    }
  }
  if (exception.terminated) {
    cleat::KeepTermination(engine);
  } else if (!succeeded) {
    if (last != nullptr) cleat::TellInspector(engine, value, message);
    Describe(engine, value, message, &exception);
  }
  if (!succeeded) caught(data, &exception);
  if (last != nullptr) ReportOthers(engine, last, message);
  return succeeded;
}

}  // namespace

bool cleat__try(CleatEngine* engine, void (*body)(void* data),
                void (*caught)(void* data, const CleatException* exception), void* data) {
  return Try(engine, body, caught, data, nullptr);
}

bool cleat__try_last(CleatEngine* engine, void (*body)(void* data),
                     void (*caught)(void* data, const CleatException* exception), void* data) {
  if (engine->inspector == nullptr) return Try(engine, body, caught, data, nullptr);
  cleat::LastTry last;
  return Try(engine, body, caught, data, &last);
}

void cleat__try_steps(CleatEngine* engine, const CleatSteps* steps, void* data) {
  v8::Isolate* isolate = engine->isolate;
  bool terminated = false;
  {
    v8::TryCatch catcher(isolate);
    bool more = true;
    while (more) {
      v8::HandleScope scope(isolate);
      if (!steps->step(data)) break;
      if (catcher.HasCaught()) {
        terminated = catcher.HasTerminated();
        if (terminated) break;
        v8::Local<v8::Value> value = catcher.Exception();
        v8::Local<v8::Message> message = catcher.Message();
        catcher.Reset();
        CleatException exception = {};
        Describe(engine, value, message, &exception);
        steps->caught(data, &exception);
      }
      // V8 would forget the microtasks.
      if (engine->terminating.load(std::memory_order_relaxed)) break;
      {
        const cleat::Entering entering(engine);
        isolate->PerformMicrotaskCheckpoint();
      }
      // Nothing else of what microtasks do is caught here.
      if (engine->terminating.load(std::memory_order_relaxed)) {
        terminated = catcher.HasCaught() && catcher.HasTerminated();
        if (terminated) break;
      }
      more = steps->after(data);
    }
  }
  if (terminated) cleat::KeepTermination(engine);
}

void cleat__try_promising(CleatCall* call, CleatNative body) {
  v8::Isolate* isolate = FromC(call).GetIsolate();
  v8::TryCatch catcher(isolate);
  body(call);
  if (!catcher.HasCaught() || catcher.HasTerminated()) return;
  v8::Local<v8::Value> reason = catcher.Exception();
  catcher.Reset();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver)) return;
  if (resolver->Reject(context, reason).IsNothing()) return;
  FromC(call).GetReturnValue().Set(resolver->GetPromise());
}

void cleat__on_uncaught(CleatEngine* engine, void (*report)(void* data, const CleatException* exception), void* data) {
  if (engine->uncaught == nullptr) engine->isolate->AddMessageListener(OnMessage);
  engine->uncaught = report;
  engine->uncaught_data = data;
}

namespace cleat {

void FreeListener(CleatEngine* engine) {
  if (engine->uncaught != nullptr) engine->isolate->RemoveMessageListeners(OnMessage);
  engine->uncaught = nullptr;
}

}  // namespace cleat

void cleat__throw(CleatEngine* engine, CleatValue* value) { cleat::Throw(engine->isolate, FromC(value)); }

CleatValue* cleat__new_error(CleatEngine* engine, CleatThrowKind kind, CleatString message) {
  size_t length = message.length < 65536 ? message.length : 65536;
  return ToC(NewError(kind, FromC<v8::String>(cleat__string_wtf8(engine, message.data, length))));
}

size_t cleat__stack_frames(CleatEngine* engine, CleatValue* error, CleatStackFrame* frames, size_t capacity) {
  v8::Local<v8::StackTrace> trace = v8::Exception::GetStackTrace(FromC(error));
  if (trace.IsEmpty()) return 0;
  size_t count = static_cast<size_t>(trace->GetFrameCount());
  for (size_t i = 0; i < count && i < capacity; i++) {
    v8::Local<v8::StackFrame> frame = trace->GetFrame(engine->isolate, static_cast<uint32_t>(i));
    frames[i].function = FrameText(frame->GetFunctionName());
    frames[i].script = FrameText(frame->GetScriptNameOrSourceURL());
    frames[i].line = static_cast<uint32_t>(frame->GetLineNumber());
    frames[i].column = static_cast<uint32_t>(frame->GetColumn());
  }
  return count;
}

CleatValue* cleat__current_stack(CleatEngine* engine) {
  v8::Local<v8::StackTrace> trace = v8::StackTrace::CurrentStackTrace(engine->isolate, cleat::kMostFrames);
  std::string text;
  for (int i = 0; i < trace->GetFrameCount(); i++) {
    v8::Local<v8::StackFrame> frame = trace->GetFrame(engine->isolate, static_cast<uint32_t>(i));
    std::string function = Text(engine->isolate, frame->GetFunctionName());
    std::string script = Text(engine->isolate, frame->GetScriptNameOrSourceURL());
    std::string place = (script.empty() ? "<anonymous>" : script) + ":" + std::to_string(frame->GetLineNumber()) + ":" +
                        std::to_string(frame->GetColumn());
    if (!text.empty()) text += "\n";
    text += "    at " + std::string(frame->IsConstructor() ? "new " : "");
    text += function.empty() ? place : function + " (" + place + ")";
  }
  return cleat__string_wtf8(engine, text.data(), text.size());
}
