// Calls: from C into JavaScript, functions that call C, and the call that is under way.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "shim_internal.h"

#ifdef CLEAT_DEBUG
void cleat::CheckIsCall(const CleatCall* call) {
  v8::Isolate* current = v8::Isolate::TryGetCurrent();
  if (call != nullptr && current != nullptr && reinterpret_cast<const Call*>(call)->GetIsolate() == current) return;
  fputs("cleat: the CleatCall is NULL, or used on another thread than JavaScript's\n", stderr);
  abort();
}
#endif

namespace {

using cleat::ContextOf;
using cleat::FromC;
using cleat::ToC;

inline v8::Local<v8::Value> ReceiverOf(CleatEngine* engine, CleatValue* receiver) {
  return receiver == nullptr ? v8::Undefined(engine->isolate).As<v8::Value>() : FromC(receiver);
}

inline CleatValue* Invoke(CleatEngine* engine, CleatValue* function, CleatValue* receiver, size_t count,
                          CleatValue* const* arguments) {
  const cleat::Entering entering(engine);
  return ToC(FromC<v8::Function>(function)->Call(ContextOf(engine), ReceiverOf(engine, receiver),
                                                 static_cast<int>(count), FromC(arguments)));
}

// V8 reserves room for no more arguments than this.
constexpr size_t kMostArguments = 65534;

bool CheckCall(CleatEngine* engine, CleatValue* function, size_t count) {
  if (!cleat__is_function(function)) {
    cleat::Throw(engine->isolate, CLEAT_THROW_TYPE_ERROR, "The value is not a function");
    return false;
  }
  if (count > kMostArguments) {
    cleat::Throw(engine->isolate, CLEAT_THROW_RANGE_ERROR, "Too many arguments");
    return false;
  }
  return true;
}

v8::MaybeLocal<v8::Function> NewFunction(CleatEngine* engine, const std::string& name, int length, CleatNative callback,
                                         const void* data) {
  v8::Local<v8::Function> function;
  v8::Local<v8::Value> origin = cleat::NewOrigin(engine, data, callback);
  if (!v8::Function::New(ContextOf(engine), cleat::CallbackOf(engine, callback), origin, length,
                         v8::ConstructorBehavior::kThrow)
           .ToLocal(&function)) {
    return {};
  }
  CleatValue* text = cleat__string_wtf8(engine, name.data(), name.size());
  if (text == nullptr) return {};
  function->SetName(FromC<v8::String>(text));
  cleat::NoteFunction(engine, function, name.c_str(), FromC(callback), data);
  return function;
}

}  // namespace

CleatValue* cleat__call(CleatEngine* engine, CleatValue* function, CleatValue* receiver, size_t count,
                        CleatValue* const* arguments) {
  return CheckCall(engine, function, count) ? Invoke(engine, function, receiver, count, arguments) : nullptr;
}

namespace {

// So many arguments, if not too many, that V8 takes longest over them.
__attribute__((noinline)) CleatValue* CallWithMany(CleatEngine* engine, CleatValue* function, CleatValue* receiver,
                                                   size_t count, CleatValue* const* arguments) {
  return cleat__call(engine, function, receiver, count, arguments);
}

}  // namespace

bool cleat__call_if_function(CleatEngine* engine, CleatValue* value, CleatValue* receiver, size_t count,
                             CleatValue* const* arguments, CleatValue** result) {
  if (!cleat__is_function(value)) return false;
  *result = count <= kMostArguments ? Invoke(engine, value, receiver, count, arguments)
                                    : CallWithMany(engine, value, receiver, count, arguments);
  return true;
}

namespace {

using Internals = v8::internal::Internals;

// Makes the slots of numbers that are small integers: they need no handle scope, in which V8 would find what it moves,
// since V8 has these in the slot itself. False where there are others.
inline bool FillSlots(size_t count, const double* numbers, v8::internal::Address* slots) {
  for (size_t i = 0; i < count; i++) {
    int32_t integer;
    if (!cleat::IsSmallInteger(numbers[i], &integer) || !Internals::IsValidSmi(integer)) return false;
    slots[i] = Internals::IntToSmi(integer);
  }
  return true;
}

__attribute__((noinline)) CleatValue* CallWithOthers(CleatEngine* engine, CleatValue* function, size_t count,
                                                     const double* numbers) {
  CleatValue* arguments[CLEAT_FEW_ARGUMENTS];
  for (size_t i = 0; i < count; i++) arguments[i] = cleat__number(engine, numbers[i]);
  return Invoke(engine, function, nullptr, count, arguments);
}

}  // namespace

CleatValue* cleat__call_with_numbers(CleatEngine* engine, CleatValue* function, size_t count, const double* numbers) {
  v8::internal::Address slots[CLEAT_FEW_ARGUMENTS];
  CleatValue* arguments[CLEAT_FEW_ARGUMENTS];
  if (!FillSlots(count, numbers, slots)) return CallWithOthers(engine, function, count, numbers);
  for (size_t i = 0; i < count; i++) arguments[i] = reinterpret_cast<CleatValue*>(&slots[i]);
  return Invoke(engine, function, nullptr, count, arguments);
}

CleatValue* cleat__construct(CleatEngine* engine, CleatValue* function, size_t count, CleatValue* const* arguments) {
  const cleat::Entering entering(engine);
  if (!CheckCall(engine, function, count)) return nullptr;
  return ToC(FromC<v8::Function>(function)->NewInstance(ContextOf(engine), static_cast<int>(count), FromC(arguments)));
}

CleatValue* cleat__function(CleatEngine* engine, const char* name, int length, CleatNative callback, const void* data) {
  return ToC(NewFunction(engine, name, length, callback, data));
}

bool cleat__define_accessor(CleatEngine* engine, CleatValue* object, const char* name, CleatNative get, CleatNative set,
                            const void* data, int attributes) {
  v8::Local<v8::Function> getter;
  v8::Local<v8::Function> setter;
  if (!NewFunction(engine, std::string("get ") + name, 0, get, data).ToLocal(&getter)) return false;
  if (set != nullptr && !NewFunction(engine, std::string("set ") + name, 1, set, data).ToLocal(&setter)) return false;
  FromC<v8::Object>(object)->SetAccessorProperty(cleat::Interned(engine, name), getter, setter,
                                                 static_cast<v8::PropertyAttribute>(attributes));
  return true;
}

int cleat_ending_count = 0;

namespace cleat {

// JavaScript that begins looks for it.
bool Strike(CleatEngine* engine) {
  if (!engine->terminating.load(std::memory_order_relaxed)) return false;
  v8::HandleScope scope(engine->isolate);
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Script> script;
  if (!v8::Script::Compile(context, v8::String::Empty(engine->isolate)).ToLocal(&script)) return true;
  return script->Run(context).IsEmpty();
}

}  // namespace cleat

bool cleat__end_call(CleatCall* call) { return cleat::Strike(cleat__call_engine(call)); }

int cleat__arg_count(const CleatCall* call) { return FromC(call).Length(); }

CleatValue* cleat__arg(const CleatCall* call, int index) { return ToC(FromC(call)[index]); }

CleatValue* cleat__this(const CleatCall* call) { return ToC(FromC(call).This()); }

bool cleat__is_construct_call(const CleatCall* call) { return FromC(call).IsConstructCall(); }

const void* cleat__call_data(const CleatCall* call) {
  v8::Local<v8::Value> origin = FromC(call).Data();
  if (cleat__call_engine(call)->foreign != 0) return cleat::ForeignData(origin);
  return cleat::ValueOf(origin.As<v8::External>());
}

CleatEngine* cleat__call_engine(const CleatCall* call) { return cleat::EngineOf(FromC(call).GetIsolate()); }

CleatValue* cleat__returned(const CleatCall* call) { return ToC(FromC(call).GetReturnValue().Get()); }

void cleat__return(CleatCall* call, CleatValue* value) { FromC(call).GetReturnValue().Set(FromC(value)); }

void cleat__return_boolean(CleatCall* call, bool value) { FromC(call).GetReturnValue().Set(value); }

void cleat__return_int32(CleatCall* call, int32_t value) { FromC(call).GetReturnValue().Set(value); }

void cleat__return_uint32(CleatCall* call, uint32_t value) { FromC(call).GetReturnValue().Set(value); }

void cleat__return_double(CleatCall* call, double value) {
  int32_t integer;
  if (cleat::IsSmallInteger(value, &integer)) {
    FromC(call).GetReturnValue().Set(integer);
  } else {
    FromC(call).GetReturnValue().Set(value);
  }
}

void cleat__return_null(CleatCall* call) { FromC(call).GetReturnValue().SetNull(); }

bool cleat__function_place(CleatEngine*, CleatValue* value, CleatValue** script, uint32_t* line, uint32_t* column) {
  if (!FromC(value)->IsFunction()) return false;  // a proxy
  v8::Local<v8::Function> function = FromC<v8::Function>(value);
  v8::Local<v8::Value> name = function->GetScriptOrigin().ResourceName();
  if (name.IsEmpty() || !name->IsString()) return false;
  *script = cleat::ToC(name);
  *line = static_cast<uint32_t>(function->GetScriptLineNumber() + 1);
  *column = static_cast<uint32_t>(function->GetScriptColumnNumber() + 1);
  return true;
}
