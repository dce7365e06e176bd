// Engines in isolates of others: adopting one, and how V8 gets from JavaScript of theirs into C and back.
//
// The isolate goes on when the engine has closed, and so do functions and objects that the engine has made. What they
// were made with is therefore no pointer to the engine but its number, which is never used again, and which finds it as
// long as it is open.

#include "shim_internal.h"

using cleat::EngineSlot;
using cleat::FromC;

namespace {

// What V8 keeps beside a function: an object with internal fields. The first is a mark that can be read, since
// collectors of other embedders look at what the first field of any object points to; the others hold words that look
// aligned.
enum { kMarkField, kNativeField, kDataField, kNumberField, kFieldCount };
alignas(8) constexpr uint16_t mark[4] = {cleat::kEmbedderMark};

// Addresses of programs have their highest bit clear.
void* ToField(uint64_t word) { return reinterpret_cast<void*>(word << 1); }
uint64_t FromField(v8::Local<v8::Value> origin, int field) {
  return reinterpret_cast<uint64_t>(origin.As<v8::Object>()->GetAlignedPointerFromInternalField(field)) >> 1;
}
static_assert(sizeof(void*) == sizeof(uint64_t));

std::atomic<uint64_t> last_number{0};

// The open ones of this thread; mostly one.
thread_local CleatEngine* engines;

CleatEngine* FindOpen(v8::Local<v8::Value> origin) {
  const uint64_t number = FromField(origin, kNumberField);
  CleatEngine* engine = engines;
  while (engine != nullptr && engine->foreign != number) engine = engine->next_foreign;
  return engine;
}

void CallForeign(const cleat::Call& info) {
  const bool open = cleat::Visit(info.GetIsolate(), info.Data(), [&](CleatEngine*, void*) {
    const auto native = reinterpret_cast<void (*)(const cleat::Call&)>(FromField(info.Data(), kNativeField));
    native(info);
  });
  if (!open) cleat::Throw(info.GetIsolate(), CLEAT_THROW_TYPE_ERROR, "The runtime of this function is closed");
}

}  // namespace

namespace cleat {

v8::FunctionCallback CallbackOf(const CleatEngine* engine, CleatNative native) {
  return engine->foreign == 0 ? FromC(native) : CallForeign;
}

v8::Local<v8::Value> NewOrigin(CleatEngine* engine, const void* data, CleatNative native) {
  v8::Isolate* isolate = engine->isolate;
  if (engine->foreign == 0) return v8::External::New(isolate, const_cast<void*>(data));
  v8::EscapableHandleScope scope(isolate);
  v8::Local<v8::Object> origin = Borrow(engine->origins)->NewInstance(ContextOf(engine)).ToLocalChecked();
  int indices[] = {kMarkField, kNativeField, kDataField, kNumberField};
  void* values[] = {const_cast<uint16_t*>(mark), ToField(reinterpret_cast<uint64_t>(native)),
                    ToField(reinterpret_cast<uint64_t>(data)), ToField(engine->foreign)};
  origin->SetAlignedPointerInInternalFields(kFieldCount, indices, values);
  return scope.Escape(origin);
}

void* ForeignData(v8::Local<v8::Value> origin) { return reinterpret_cast<void*>(FromField(origin, kDataField)); }

bool VisitForeign(v8::Local<v8::Value> origin, void (*run)(void* visit), void* visit) {
  CleatEngine* engine = FindOpen(origin);
  if (engine == nullptr) return false;
  EngineSlot slot(engine);
  engine->host.visit(engine->host.data, run, visit);
  return true;
}

void CloseForeign(CleatEngine* engine) {
  CleatEngine** link = &engines;
  while (*link != engine) link = &(*link)->next_foreign;
  *link = engine->next_foreign;
  engine->isolate->AdjustAmountOfExternalAllocatedMemory(-static_cast<int64_t>(engine->external.load()));
}

}  // namespace cleat

CleatEngine* cleat__engine_attach(const CleatEngineHost* host, const char** problem) {
  v8::Isolate* isolate = v8::Isolate::TryGetCurrent();
  *problem = nullptr;
  if (isolate == nullptr) {
    *problem = "no isolate of V8 is entered on this thread";
  } else if (!isolate->InContext()) {
    *problem = "the isolate has no context entered";
  } else if (!cleat::ShareWithOwner(isolate)) {
    *problem = "the isolate is that of a runtime of Cleat";
  }
  CleatEngine* engine = *problem == nullptr ? new (std::nothrow) CleatEngine : nullptr;
  if (engine == nullptr) return nullptr;
  engine->host = *host;
  engine->isolate = isolate;
  engine->foreign = ++last_number;
  engine->next_foreign = engines;
  engines = engine;
  v8::HandleScope scope(isolate);
  engine->context.Reset(isolate, isolate->GetCurrentContext());
  v8::Local<v8::ObjectTemplate> origins = v8::ObjectTemplate::New(isolate);
  origins->SetInternalFieldCount(kFieldCount);
  engine->origins.Reset(isolate, origins);
  cleat::LearnTypes(isolate);
  cleat::LearnStrings(isolate);
  return engine;
}
