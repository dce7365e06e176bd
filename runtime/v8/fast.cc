// Fast calls: C functions that V8's optimised code calls directly, and what else V8 has for them.

#include <algorithm>
#include <vector>

#include "shim_internal.h"

// The headers that come with a Node.js program, for its addons, lack them.
#if __has_include(<v8-fast-api-calls.h>)
#include <v8-fast-api-calls.h>

namespace cleat {

namespace {

v8::CTypeInfo TypeOf(CleatFastType type) {
  switch (type) {
    case CLEAT_FAST_BOOLEAN:
      return v8::CTypeInfo(v8::CTypeInfo::Type::kBool);
    case CLEAT_FAST_INT32:
      return v8::CTypeInfo(v8::CTypeInfo::Type::kInt32);
    case CLEAT_FAST_UINT32:
      return v8::CTypeInfo(v8::CTypeInfo::Type::kUint32);
    case CLEAT_FAST_FLOAT:
      return v8::CTypeInfo(v8::CTypeInfo::Type::kFloat32);
    case CLEAT_FAST_DOUBLE:
      return v8::CTypeInfo(v8::CTypeInfo::Type::kFloat64);
    case CLEAT_FAST_VOID:
      break;
  }
  return v8::CTypeInfo(v8::CTypeInfo::Type::kVoid);
}

std::vector<v8::CTypeInfo> TypesOf(const CleatFast* fast) {
  std::vector<v8::CTypeInfo> types{v8::CTypeInfo(v8::CTypeInfo::Type::kV8Value)};  // the receiver
  for (int i = 0; i < fast->argument_count; i++) types.push_back(TypeOf(fast->arguments[i]));
  return types;
}

}  // namespace

// What V8 knows of fast calls of one signature. V8 keeps pointers to it as long as there is the isolate.
struct FastSignature {
  FastSignature(const CleatFast* fast, FastSignature* next)
      : next(next),
        fast(fast),
        types(TypesOf(fast)),
        info(TypeOf(fast->result), static_cast<unsigned>(types.size()), types.data()) {}
  FastSignature* next;    // of the engine's
  const CleatFast* fast;  // one of them
  std::vector<v8::CTypeInfo> types;
  v8::CFunctionInfo info;
};

namespace {

bool HasSignature(const CleatFast* a, const CleatFast* b) {
  return a->result == b->result && a->argument_count == b->argument_count &&
         std::equal(a->arguments, a->arguments + a->argument_count, b->arguments);
}

}  // namespace

const void* FastInfo(CleatEngine* engine, const CleatFast* fast) {
  FastSignature* it = engine->fast_signatures;
  while (it != nullptr && !HasSignature(it->fast, fast)) it = it->next;
  if (it == nullptr) it = engine->fast_signatures = new FastSignature(fast, engine->fast_signatures);
  return &it->info;
}

v8::Local<v8::FunctionTemplate> FastTemplate(CleatEngine* engine, v8::FunctionCallback callback,
                                             v8::Local<v8::Value> data, v8::Local<v8::Signature> receiver, int length,
                                             const CleatFast* fast) {
  v8::CFunction function(reinterpret_cast<const void*>(fast->function),
                         static_cast<const v8::CFunctionInfo*>(FastInfo(engine, fast)));
  return v8::FunctionTemplate::New(engine->isolate, callback, data, receiver, length, v8::ConstructorBehavior::kThrow,
                                   v8::SideEffectType::kHasSideEffect, &function);
}

void FreeFastSignatures(CleatEngine* engine) {
  while (engine->fast_signatures != nullptr) {
    FastSignature* signature = engine->fast_signatures;
    engine->fast_signatures = signature->next;
    delete signature;
  }
}

// The default from V8 10.4 on.
void EnableFastCalls() { v8::V8::SetFlagsFromString("--turbo-fast-api-calls"); }

}  // namespace cleat

// Optimised code stores there what it calls, for V8's profiler, and clears it afterwards.
bool cleat__in_fast_call(const CleatEngine* engine) {
  using Internals = v8::internal::Internals;
  const auto isolate = reinterpret_cast<v8::internal::Address>(engine->isolate);
  return *reinterpret_cast<void**>(isolate + Internals::kIsolateFastApiCallTargetOffset) != nullptr;
}

// V8 refuses where the iteration of arrays was tampered with, and where there are holes.
bool cleat__array_doubles(CleatValue* array, double* out, uint32_t length) {
  constexpr auto kDouble = v8::CTypeInfoBuilder<double>::Build().GetId();
  return v8::TryToCopyAndConvertArrayToCppBuffer<kDouble, double>(cleat::FromC<v8::Array>(array), out, length);
}

#else

namespace cleat {

v8::Local<v8::FunctionTemplate> FastTemplate(CleatEngine* engine, v8::FunctionCallback callback,
                                             v8::Local<v8::Value> data, v8::Local<v8::Signature> receiver, int length,
                                             const CleatFast*) {
  return v8::FunctionTemplate::New(engine->isolate, callback, data, receiver, length, v8::ConstructorBehavior::kThrow);
}

const void* FastInfo(CleatEngine*, const CleatFast*) { return nullptr; }
void FreeFastSignatures(CleatEngine*) {}
void EnableFastCalls() {}

}  // namespace cleat

bool cleat__in_fast_call(const CleatEngine*) { return false; }

bool cleat__array_doubles(CleatValue*, double*, uint32_t) { return false; }

#endif
