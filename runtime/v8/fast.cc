// Fast calls: C functions that V8's optimised code calls directly, and what else V8 has for them.

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

// V8 keeps pointers into it.
struct FastCall {
  FastCall(const CleatFast* fast, FastCall* next)
      : next(next),
        types(TypesOf(fast)),
        info(TypeOf(fast->result), static_cast<unsigned>(types.size()), types.data()),
        function(reinterpret_cast<const void*>(fast->function), &info) {}
  FastCall* next;  // of the engine's
  std::vector<v8::CTypeInfo> types;
  v8::CFunctionInfo info;
  v8::CFunction function;
};

// V8 would keep pointers to it beyond the life of an engine in an isolate of others.
const v8::CFunction* FastFunction(CleatEngine* engine, const CleatFast* fast) {
  if (engine->foreign != 0) return nullptr;
  engine->fast_calls = new FastCall(fast, engine->fast_calls);
  return &engine->fast_calls->function;
}

void FreeFastCalls(CleatEngine* engine) {
  while (engine->fast_calls != nullptr) {
    FastCall* call = engine->fast_calls;
    engine->fast_calls = call->next;
    delete call;
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

const v8::CFunction* FastFunction(CleatEngine*, const CleatFast*) { return nullptr; }
void FreeFastCalls(CleatEngine*) {}
void EnableFastCalls() {}

}  // namespace cleat

bool cleat__in_fast_call(const CleatEngine*) { return false; }

bool cleat__array_doubles(CleatValue*, double*, uint32_t) { return false; }

#endif
