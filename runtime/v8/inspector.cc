// The inspector: V8's side of the Chrome DevTools Protocol, and what it is told of that happens outside of V8.

#include "shim_internal.h"

// The headers that come with a Node.js program, for its addons, lack them.
#if __has_include(<v8-inspector.h>)
#include <v8-inspector.h>

#include <chrono>
#include <string>
#include <vector>

namespace {

using cleat::ContextOf;
using cleat::FromC;
using v8_inspector::StringBuffer;
using v8_inspector::StringView;

// An engine has one context, in a group of its own.
constexpr int kGroup = 1;

StringView View(const char* ascii) { return StringView(reinterpret_cast<const uint8_t*>(ascii), strlen(ascii)); }

// UTF-8 as the protocol's StringView, which knows Latin-1 and UTF-16 only.
class Utf16 {
 public:
  Utf16(const char* data, size_t length) : units_(length) {
    units_.resize(cleat::Decode(reinterpret_cast<const uint8_t*>(data), length, units_.data()));
  }
  StringView view() const { return StringView(units_.data(), units_.size()); }

 private:
  std::vector<uint16_t> units_;
};

// JSON as ASCII: V8 escapes all else already, and where it should not, that is done here.
std::string Ascii(StringView json) {
  std::string text;
  text.reserve(json.length());
  for (size_t i = 0; i < json.length(); i++) {
    unsigned unit = json.is8Bit() ? json.characters8()[i] : json.characters16()[i];
    if (unit < 0x80) {
      text.push_back(static_cast<char>(unit));
    } else {
      char escaped[8];
      snprintf(escaped, sizeof(escaped), "\\u%04x", unit);
      text += escaped;
    }
  }
  return text;
}

std::string Utf8(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  v8::String::Utf8Value text(isolate, value);
  return *text == nullptr ? std::string() : std::string(*text, static_cast<size_t>(text.length()));
}

// "/a b.js" as "file:///a%20b.js", so that debuggers find the file.
std::string FileUrl(const std::string& path) {
  static const char kHex[] = "0123456789ABCDEF";
  static const char kPlain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._~";
  std::string url = "file://";
  for (unsigned char byte : path) {
    if (strchr(kPlain, byte) != nullptr) {
      url.push_back(static_cast<char>(byte));
    } else {
      url += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return url;
}

}  // namespace

namespace cleat {

class Inspector final : public v8_inspector::V8InspectorClient {
 public:
  Inspector(CleatEngine* engine, const CleatInspectorHost& host, const char* title)
      : engine_(engine), host_(host), v8_(v8_inspector::V8Inspector::create(engine->isolate, this)) {
    v8::HandleScope scope(engine->isolate);
    Utf16 name(title, strlen(title));
    v8_inspector::V8ContextInfo info(ContextOf(engine), kGroup, name.view());
    static const char kDefault[] = "{\"isDefault\":true}";
    info.auxData = View(kDefault);
    v8_->contextCreated(info);
  }

  ~Inspector() override {
    v8::HandleScope scope(engine_->isolate);
    v8_->contextDestroyed(ContextOf(engine_));
  }

  v8_inspector::V8Inspector* v8() const { return v8_.get(); }
  const CleatInspectorHost& host() const { return host_; }

  void runMessageLoopOnPause(int) override { host_.pause(host_.data); }
  void quitMessageLoopOnPause() override { host_.go_on(host_.data); }
  void runIfWaitingForDebugger(int) override { host_.start(host_.data); }

  v8::Local<v8::Context> ensureDefaultContextInGroup(int) override { return ContextOf(engine_); }

  double currentTimeMS() override {
    std::chrono::duration<double, std::milli> since_1970 = std::chrono::system_clock::now().time_since_epoch();
    return since_1970.count();
  }

  void startRepeatingTimer(double seconds, TimerCallback callback, void* data) override {
    host_.set_timer(host_.data, seconds * 1000, callback, data);
  }
  void cancelTimer(void* data) override { host_.clear_timer(host_.data, data); }

  std::unique_ptr<StringBuffer> resourceNameToUrl(const StringView& name) override {
    if (name.length() == 0 || (name.is8Bit() ? name.characters8()[0] : name.characters16()[0]) != '/') return nullptr;
    v8::Isolate* isolate = engine_->isolate;
    v8::HandleScope scope(isolate);
    int length = static_cast<int>(name.length());
    v8::MaybeLocal<v8::String> path =
        name.is8Bit() ? v8::String::NewFromOneByte(isolate, name.characters8(), v8::NewStringType::kNormal, length)
                      : v8::String::NewFromTwoByte(isolate, name.characters16(), v8::NewStringType::kNormal, length);
    v8::Local<v8::String> made;
    if (!path.ToLocal(&made)) return nullptr;
    return StringBuffer::create(View(FileUrl(Utf8(isolate, made)).c_str()));
  }

 private:
  CleatEngine* const engine_;
  const CleatInspectorHost host_;
  const std::unique_ptr<v8_inspector::V8Inspector> v8_;
};

void FreeInspector(CleatEngine* engine) {
  delete engine->inspector;
  engine->inspector = nullptr;
}

void TellInspector(CleatEngine* engine, v8::Local<v8::Value> value, v8::Local<v8::Message> message) {
  if (engine->inspector == nullptr) return;
  v8::Isolate* isolate = engine->isolate;
  v8::HandleScope scope(isolate);
  v8::Local<v8::Context> context = ContextOf(engine);
  if (message.IsEmpty()) message = v8::Exception::CreateMessage(isolate, value);
  v8::Local<v8::StackTrace> stack = message->GetStackTrace();
  int script_id = message->GetScriptOrigin().ScriptId();
  if (!stack.IsEmpty() && stack->GetFrameCount() > 0 && stack->GetFrame(isolate, 0)->GetScriptId() == script_id) {
    script_id = 0;  // The protocol tells it once.
  }
  std::string text = Utf8(isolate, message->Get());
  std::string script = Utf8(isolate, message->GetScriptResourceName());
  if (!script.empty() && script[0] == '/') script = FileUrl(script);
  Utf16 details(text.data(), text.size());
  Utf16 url(script.data(), script.size());
  v8_inspector::V8Inspector* v8 = engine->inspector->v8();
  int column = message->GetStartColumn(context).FromMaybe(-1) + 1;
  v8->exceptionThrown(context, View("Uncaught"), value, details.view(), url.view(),
                      static_cast<unsigned>(message->GetLineNumber(context).FromMaybe(0)),
                      static_cast<unsigned>(column), v8->createStackTrace(stack), script_id);
}

}  // namespace cleat

// What V8 sends to one debugger.
class CleatEngineSession final : public v8_inspector::V8Inspector::Channel {
 public:
  CleatEngineSession(CleatEngine* engine, void (*send)(void* data, CleatString message), void* data)
      : engine_(engine), send_(send), data_(data) {
    v8_inspector::V8Inspector* inspector = engine->inspector->v8();
#if V8_MAJOR_VERSION > 10
    v8_ = inspector->connect(kGroup, this, StringView(), v8_inspector::V8Inspector::kFullyTrusted);
#else
    v8_ = inspector->connect(kGroup, this, StringView());
#endif
  }

  ~CleatEngineSession() override {
    v8::HandleScope scope(engine_->isolate);
    v8_.reset();
  }

  CleatEngine* engine() const { return engine_; }
  v8_inspector::V8InspectorSession* v8() const { return v8_.get(); }

  void sendResponse(int, std::unique_ptr<StringBuffer> message) override { Send(*message); }
  void sendNotification(std::unique_ptr<StringBuffer> message) override { Send(*message); }
  void flushProtocolNotifications() override {}

 private:
  void Send(const StringBuffer& message) {
    std::string text = Ascii(message.string());
    send_(data_, {text.c_str(), text.size()});
  }

  CleatEngine* const engine_;
  void (*const send_)(void* data, CleatString message);
  void* const data_;
  std::unique_ptr<v8_inspector::V8InspectorSession> v8_;
};

bool cleat__inspector_open(CleatEngine* engine, const CleatInspectorHost* host, const char* title) {
  engine->inspector = new (std::nothrow) cleat::Inspector(engine, *host, title);
  return engine->inspector != nullptr;
}

CleatEngineSession* cleat__session_open(CleatEngine* engine, void (*send)(void* data, CleatString message),
                                        void* data) {
  v8::HandleScope scope(engine->isolate);
  return new (std::nothrow) CleatEngineSession(engine, send, data);
}

void cleat__session_dispatch(CleatEngineSession* session, const char* message, size_t length) {
  const cleat::Entering entering(session->engine());
  session->v8()->dispatchProtocolMessage(Utf16(message, length).view());
}

void cleat__session_pause_next(CleatEngineSession* session, const char* reason) {
  session->v8()->schedulePauseOnNextStatement(View(reason), StringView());
}

void cleat__session_close(CleatEngineSession* session) { delete session; }

void cleat__inspector_interrupt(CleatEngine* engine) {
  engine->isolate->RequestInterrupt(
      [](v8::Isolate* isolate, void*) {
        const CleatInspectorHost& host = cleat::EngineOf(isolate)->inspector->host();
        host.interrupted(host.data);
      },
      nullptr);
}

void cleat__inspector_exception(CleatEngine* engine, CleatValue* value) {
  cleat::TellInspector(engine, FromC(value), v8::Local<v8::Message>());
}

bool cleat__inspector_is_open(const CleatEngine* engine) { return engine->inspector != nullptr; }

void cleat__inspector_task_asked(CleatEngine* engine, const char* name, void* task, bool repeats) {
  if (engine->inspector != nullptr) engine->inspector->v8()->asyncTaskScheduled(View(name), task, repeats);
}

void cleat__inspector_task_begin(CleatEngine* engine, void* task) {
  if (engine->inspector != nullptr) engine->inspector->v8()->asyncTaskStarted(task);
}

void cleat__inspector_task_end(CleatEngine* engine, void* task) {
  if (engine->inspector != nullptr) engine->inspector->v8()->asyncTaskFinished(task);
}

void cleat__inspector_task_cancel(CleatEngine* engine, void* task) {
  if (engine->inspector != nullptr) engine->inspector->v8()->asyncTaskCanceled(task);
}

// By V8's own console, which is on no global object, but which V8 keeps for its embedders.
void cleat__inspector_console(CleatEngine* engine, const char* method, CleatValue* const* values, size_t count) {
  if (engine->inspector == nullptr) return;
  const cleat::Entering entering(engine);
  v8::HandleScope scope(engine->isolate);
  v8::TryCatch catcher(engine->isolate);
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Object> extras = context->GetExtrasBindingObject();
  v8::Local<v8::Value> console, function;
  if (extras->Get(context, cleat::Interned(engine, "console")).ToLocal(&console) && console->IsObject() &&
      console.As<v8::Object>()->Get(context, cleat::Interned(engine, method)).ToLocal(&function) &&
      function->IsFunction()) {
    static_cast<void>(
        function.As<v8::Function>()->Call(context, console, static_cast<int>(count), FromC(values)).IsEmpty());
  }
  if (catcher.HasTerminated()) cleat::KeepTermination(engine);
}

#else

namespace cleat {

void FreeInspector(CleatEngine*) {}
void TellInspector(CleatEngine*, v8::Local<v8::Value>, v8::Local<v8::Message>) {}

}  // namespace cleat

bool cleat__inspector_open(CleatEngine*, const CleatInspectorHost*, const char*) { return false; }
CleatEngineSession* cleat__session_open(CleatEngine*, void (*)(void*, CleatString), void*) { return nullptr; }
void cleat__session_dispatch(CleatEngineSession*, const char*, size_t) {}
void cleat__session_pause_next(CleatEngineSession*, const char*) {}
void cleat__session_close(CleatEngineSession*) {}
void cleat__inspector_interrupt(CleatEngine*) {}
void cleat__inspector_exception(CleatEngine*, CleatValue*) {}
bool cleat__inspector_is_open(const CleatEngine*) { return false; }
void cleat__inspector_task_asked(CleatEngine*, const char*, void*, bool) {}
void cleat__inspector_task_begin(CleatEngine*, void*) {}
void cleat__inspector_task_end(CleatEngine*, void*) {}
void cleat__inspector_task_cancel(CleatEngine*, void*) {}
void cleat__inspector_console(CleatEngine*, const char*, CleatValue* const*, size_t) {}

#endif
