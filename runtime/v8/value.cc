// Values that are no strings, objects or bytes: made from C, recognised, and read.

#include <climits>
#include <limits>

#include "shim_internal.h"

using cleat::ContextOf;
using cleat::FromC;
using cleat::IsSmi;
using cleat::ToC;

// NUMBERS AND FUNCTIONS. Each question to V8 is a call to its library.

namespace {

// Instance types: of numbers that are no small integers, whose value is then behind their map, and of most functions;
// -1 where V8 must be asked.
std::atomic<int> heap_number_type{-1};
std::atomic<int> function_type{-1};

// Whether what an External holds, and how long an array is, is behind the header of an object.
std::atomic<bool> external_known{false};
std::atomic<bool> array_known{false};

// The instance type of an array's elements where they are doubles, one behind the other, -1 where that is not known;
// and the bits of a hole among them, which no number has, set before.
std::atomic<int> doubles_type{-1};
std::atomic<uint64_t> hole{0};

using Internals = v8::internal::Internals;

double NumberBehindMap(CleatValue* value) {
  return Internals::ReadRawField<double>(cleat::Tagged(value), v8::internal::kApiTaggedSize);
}

void* BehindHeader(v8::Local<v8::External> external) {
  return Internals::ReadRawField<void*>(cleat::Tagged(ToC(external)), Internals::kJSObjectHeaderSize);
}

// Returns -1 where it is no small integer.
int LengthBehindHeader(v8::Local<v8::Array> array) {
  const auto length = Internals::ReadTaggedPointerField(cleat::Tagged(ToC(array)), Internals::kJSObjectHeaderSize);
  return Internals::HasHeapObjectTag(length) ? -1 : Internals::SmiValue(length);
}

v8::internal::Address ElementsOf(CleatValue* array) {
  constexpr int kOffset = Internals::kJSObjectHeaderSize - v8::internal::kApiTaggedSize;
  return Internals::ReadTaggedPointerField(cleat::Tagged(array), kOffset);
}

// How many there is room for.
int CountOf(v8::internal::Address elements) {
  const auto count = Internals::ReadTaggedPointerField(elements, v8::internal::kApiTaggedSize);
  return Internals::HasHeapObjectTag(count) ? -1 : Internals::SmiValue(count);
}

uint64_t BitsOf(v8::internal::Address elements, uint32_t index) {
  constexpr int kStart = 2 * v8::internal::kApiTaggedSize;
  return Internals::ReadRawField<uint64_t>(elements, kStart + static_cast<int>(index * sizeof(double)));
}

uint64_t BitsOf(double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof(bits));
  return bits;
}

// An array of doubles with a hole, behind which is a NaN, comes of JSON: V8 makes none for its API.
void LearnDoubles(v8::Isolate* isolate) {
  const double numbers[] = {0.5, -0.0, 1e300};
  constexpr uint32_t kHole = 3;
  constexpr uint32_t kNaN = 4;
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Value> nan = v8::Number::New(isolate, std::numeric_limits<double>::quiet_NaN());
  v8::Local<v8::Value> array;
  if (!v8::JSON::Parse(context, v8::String::NewFromUtf8Literal(isolate, "[0.5, -0.0, 1e300]")).ToLocal(&array)) return;
  if (!array->IsArray() || !array.As<v8::Object>()->CreateDataProperty(context, kNaN, nan).FromMaybe(false)) return;
  const auto elements = ElementsOf(ToC(array));
  const int type = Internals::GetInstanceType(elements);
  const int of_others = Internals::GetInstanceType(ElementsOf(ToC(v8::Array::New(isolate, 1))));
  if (type == of_others || CountOf(elements) <= static_cast<int>(kNaN)) return;
  for (uint32_t i = 0; i < kHole; i++) {
    if (BitsOf(elements, i) != BitsOf(numbers[i])) return;
  }
  const uint64_t exponent = BitsOf(std::numeric_limits<double>::infinity());
  const uint64_t bits = BitsOf(elements, kHole);
  if ((bits & exponent) != exponent || bits == BitsOf(elements, kNaN)) return;
  hole.store(bits, std::memory_order_relaxed);
  doubles_type.store(type, std::memory_order_release);
}

bool IsHeapNumber(CleatValue* value) {
  return Internals::GetInstanceType(cleat::Tagged(value)) == heap_number_type.load(std::memory_order_relaxed);
}

bool ReadSmallInteger(CleatValue* value, int32_t* out) {
  const v8::internal::Address tagged = cleat::Tagged(value);
  if (Internals::HasHeapObjectTag(tagged)) return false;
  *out = Internals::SmiValue(tagged);
  return true;
}

// Where it is not known how numbers are recognised, those that are objects of the heap are left to V8's own conversion.
bool ReadNumber(CleatValue* value, double* out) {
  int32_t integer;
  if (ReadSmallInteger(value, &integer)) {
    *out = integer;
    return true;
  }
  if (!IsHeapNumber(value)) return false;
  *out = NumberBehindMap(value);
  return true;
}

bool BooleanOf(v8::Isolate* isolate, CleatValue* value) {
  if (cleat::Tagged(value) == cleat::Tagged(ToC(v8::True(isolate)))) return true;
  if (cleat::Tagged(value) == cleat::Tagged(ToC(v8::False(isolate)))) return false;
  return FromC(value)->BooleanValue(isolate);
}

bool IsNumber(CleatValue* value) { return IsSmi(value) || IsHeapNumber(value) || FromC(value)->IsNumber(); }

}  // namespace

namespace cleat {

void LearnTypes(v8::Isolate* isolate) {
  if (heap_number_type.load(std::memory_order_relaxed) >= 0) return;
  v8::HandleScope scope(isolate);
  int type = -1;
  for (double number : {0.5, -0.0, 1e300, -5e-324}) {
    CleatValue* value = ToC(v8::Number::New(isolate, number));
    if (IsSmi(value)) return;
    const int its = Internals::GetInstanceType(Tagged(value));
    const double read = NumberBehindMap(value);
    if ((type >= 0 && its != type) || memcmp(&read, &number, sizeof(read)) != 0) return;
    type = its;
  }
  heap_number_type.store(type, std::memory_order_relaxed);
  v8::Local<v8::External> external = v8::External::New(isolate, &heap_number_type);
  external_known.store(BehindHeader(external) == external->Value(), std::memory_order_relaxed);
  bool as_thought = true;
  for (int length : {0, 1, 5, 1000, 100000}) {
    as_thought = as_thought && LengthBehindHeader(v8::Array::New(isolate, length)) == length;
  }
  array_known.store(as_thought, std::memory_order_relaxed);
  if (as_thought && v8::internal::kApiTaggedSize == sizeof(double)) LearnDoubles(isolate);
  v8::Local<v8::Function> function;
  if (!v8::Function::New(isolate->GetCurrentContext(), [](const Call&) {}).ToLocal(&function)) return;
  function_type.store(Internals::GetInstanceType(Tagged(ToC(function))), std::memory_order_relaxed);
}

void* ValueOf(v8::Local<v8::External> external) {
  return external_known.load(std::memory_order_relaxed) ? BehindHeader(external) : external->Value();
}

}  // namespace cleat

// MAKING

CleatValue* cleat__undefined(CleatEngine* engine) { return ToC(v8::Undefined(engine->isolate)); }

CleatValue* cleat__null(CleatEngine* engine) { return ToC(v8::Null(engine->isolate)); }

CleatValue* cleat__boolean(CleatEngine* engine, bool value) { return ToC(v8::Boolean::New(engine->isolate, value)); }

namespace {

// Slots of the smallest integers: V8 has these in the slot itself, so that they need not be in a handle scope, where it
// would find what it moves.
constexpr size_t kSmallest = 256;
struct Slots {
  v8::internal::Address of[kSmallest];
};
constexpr Slots MakeSlots() {
  Slots slots = {};
  for (size_t i = 0; i < kSmallest; i++) slots.of[i] = Internals::IntToSmi(static_cast<int>(i));
  return slots;
}
constexpr Slots kSlots = MakeSlots();

}  // namespace

CleatValue* cleat__number(CleatEngine* engine, double value) {
  int32_t integer;
  if (cleat::IsSmallInteger(value, &integer)) {
    const auto index = static_cast<uint32_t>(integer);
    if (index < kSmallest) return reinterpret_cast<CleatValue*>(const_cast<v8::internal::Address*>(&kSlots.of[index]));
    return ToC(v8::Integer::New(engine->isolate, integer));
  }
  return ToC(v8::Number::New(engine->isolate, value));
}

CleatValue* cleat__bigint(CleatEngine* engine, bool negative, const uint64_t* words, size_t count) {
  if (count > INT_MAX) return cleat::Throw(engine->isolate, CLEAT_THROW_RANGE_ERROR, "Maximum BigInt size exceeded");
  return ToC(v8::BigInt::NewFromWords(ContextOf(engine), negative, static_cast<int>(count), words));
}

CleatValue* cleat__bigint_int64(CleatEngine* engine, int64_t value) {
  return ToC(v8::BigInt::New(engine->isolate, value));
}

CleatValue* cleat__bigint_uint64(CleatEngine* engine, uint64_t value) {
  return ToC(v8::BigInt::NewFromUnsigned(engine->isolate, value));
}

CleatValue* cleat__date(CleatEngine* engine, double milliseconds) {
  return ToC(v8::Date::New(ContextOf(engine), milliseconds));
}

// REGULAR EXPRESSIONS

namespace {

// The flags in the order in which a RegExp's own `flags` gives them.
constexpr struct {
  char letter;
  v8::RegExp::Flags flag;
} kFlags[] = {
    {'d', v8::RegExp::kHasIndices},  {'g', v8::RegExp::kGlobal}, {'i', v8::RegExp::kIgnoreCase},
    {'m', v8::RegExp::kMultiline},   {'s', v8::RegExp::kDotAll}, {'u', v8::RegExp::kUnicode},
#if V8_MAJOR_VERSION > 10
    {'v', v8::RegExp::kUnicodeSets},
#endif
    {'y', v8::RegExp::kSticky},
};

// Returns the flag of a letter, or 0.
int FlagOf(char letter) {
  for (const auto& known : kFlags) {
    if (known.letter == letter) return known.flag;
  }
  return 0;
}

}  // namespace

CleatValue* cleat__regexp(CleatEngine* engine, CleatValue* source, const char* flags) {
  int all = 0;
  for (const char* letter = flags; *letter != '\0'; letter++) {
    int flag = FlagOf(*letter);
    if (flag == 0 || (all & flag) != 0) {
      return cleat::Throw(engine->isolate, CLEAT_THROW_SYNTAX_ERROR, "Invalid regular expression flags");
    }
    all |= flag;
  }
  return ToC(v8::RegExp::New(ContextOf(engine), FromC<v8::String>(source), static_cast<v8::RegExp::Flags>(all)));
}

CleatValue* cleat__regexp_source(CleatEngine*, CleatValue* regexp, char* flags) {
  v8::Local<v8::RegExp> local = FromC<v8::RegExp>(regexp);
  for (const auto& known : kFlags) {
    if ((local->GetFlags() & known.flag) != 0) *flags++ = known.letter;
  }
  *flags = '\0';
  return ToC(local->GetSource());
}

// RECOGNISING

CleatType cleat__type(CleatValue* value) {
  v8::Local<v8::Value> local = FromC(value);
  if (IsSmi(value)) return CLEAT_TYPE_NUMBER;
  if (local->IsString()) return CLEAT_TYPE_STRING;
  if (local->IsUndefined()) return CLEAT_TYPE_UNDEFINED;
  if (local->IsNull()) return CLEAT_TYPE_NULL;
  if (local->IsObject()) return CLEAT_TYPE_OBJECT;
  if (local->IsNumber()) return CLEAT_TYPE_NUMBER;
  if (local->IsBoolean()) return CLEAT_TYPE_BOOLEAN;
  return local->IsBigInt() ? CLEAT_TYPE_BIGINT : CLEAT_TYPE_SYMBOL;
}

bool cleat__is_int32(CleatValue* value) { return IsSmi(value) || FromC(value)->IsInt32(); }
bool cleat__is_number(CleatValue* value) { return IsNumber(value); }
bool cleat__is_bigint(CleatValue* value) { return !IsSmi(value) && FromC(value)->IsBigInt(); }
bool cleat__is_string(CleatValue* value) { return FromC(value)->IsString(); }
bool cleat__is_object(CleatValue* value) {
  if (IsSmi(value)) return false;
  // The types of strings are the first ones, and those of objects the last; V8 asserts it. About others V8 is asked.
  const int type = Internals::GetInstanceType(cleat::Tagged(value));
  if (type < Internals::kFirstNonstringType) return false;
  return type >= Internals::kJSObjectType || FromC(value)->IsObject();
}
bool cleat__is_undefined(CleatValue* value) { return FromC(value)->IsUndefined(); }
bool cleat__is_null_or_undefined(CleatValue* value) { return FromC(value)->IsNullOrUndefined(); }
bool cleat__is_function(CleatValue* value) {
  if (IsSmi(value)) return false;
  return Internals::GetInstanceType(cleat::Tagged(value)) == function_type.load(std::memory_order_relaxed) ||
         FromC(value)->IsFunction();
}
bool cleat__is_array(CleatValue* value) { return FromC(value)->IsArray(); }
bool cleat__is_error(CleatValue* value) { return FromC(value)->IsNativeError(); }
bool cleat__is_promise(CleatValue* value) { return FromC(value)->IsPromise(); }

const char* cleat__weak_kind(CleatValue* object) {
  v8::Local<v8::Value> value = FromC(object);
  if (value->IsWeakMap()) return "WeakMap";
  if (value->IsWeakSet()) return "WeakSet";
#if V8_MAJOR_VERSION > 10
  if (value->IsWeakRef()) return "WeakRef";
#else
  // This V8 does not tell; what is named so and is none is refused with them.
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  v8::HandleScope scope(isolate);
  v8::Local<v8::String> name = value.As<v8::Object>()->GetConstructorName();
  if (name->StringEquals(cleat::Name(isolate, "WeakRef"))) return "WeakRef";
#endif
  return nullptr;
}
bool cleat__is_array_buffer(CleatValue* value) { return FromC(value)->IsArrayBuffer(); }
bool cleat__is_shared_array_buffer(CleatValue* value) { return FromC(value)->IsSharedArrayBuffer(); }
bool cleat__is_view(CleatValue* value) { return FromC(value)->IsArrayBufferView(); }
bool cleat__is_date(CleatValue* value) { return FromC(value)->IsDate(); }
bool cleat__is_map(CleatValue* value) { return FromC(value)->IsMap(); }
bool cleat__is_set(CleatValue* value) { return FromC(value)->IsSet(); }
bool cleat__is_regexp(CleatValue* value) { return FromC(value)->IsRegExp(); }
bool cleat__is_proxy(CleatValue* value) { return FromC(value)->IsProxy(); }
bool cleat__is_string_object(CleatValue* value) { return FromC(value)->IsStringObject(); }

uint32_t cleat__array_length(CleatValue* array) {
  v8::Local<v8::Array> local = FromC<v8::Array>(array);
  const int length = array_known.load(std::memory_order_relaxed) ? LengthBehindHeader(local) : -1;
  return length >= 0 ? static_cast<uint32_t>(length) : local->Length();
}

bool cleat__array_doubles_in_place(CleatValue* array, double* out, uint32_t length) {
  const int type = doubles_type.load(std::memory_order_acquire);
  const auto elements = ElementsOf(array);
  if (type < 0 || Internals::GetInstanceType(elements) != type || CountOf(elements) < static_cast<int>(length)) {
    return false;
  }
  const uint64_t is_hole = hole.load(std::memory_order_relaxed);
  for (uint32_t i = 0; i < length; i++) {
    const uint64_t bits = BitsOf(elements, i);
    if (bits == is_hole) return false;
    memcpy(&out[i], &bits, sizeof(bits));
  }
  return true;
}

bool cleat__strict_equals(CleatValue* a, CleatValue* b) { return FromC(a)->StrictEquals(FromC(b)); }

// READING

int32_t cleat__int32_value(CleatValue* value) {
  if (IsSmi(value)) return v8::internal::Internals::SmiValue(cleat::Tagged(value));
  return FromC<v8::Int32>(value)->Value();
}

double cleat__number_value(CleatValue* value) {
  if (IsSmi(value)) return v8::internal::Internals::SmiValue(cleat::Tagged(value));
  return IsHeapNumber(value) ? NumberBehindMap(value) : FromC<v8::Number>(value)->Value();
}

bool cleat__read_number(CleatValue* value, double* out) { return ReadNumber(value, out); }

bool cleat__read_small_integer(CleatValue* value, int32_t* out) { return ReadSmallInteger(value, out); }

bool cleat__arg_number(const CleatCall* call, int index, double* out) {
  return ReadNumber(ToC(FromC(call)[index]), out);
}

bool cleat__arg_small_integer(const CleatCall* call, int index, int32_t* out) {
  return ReadSmallInteger(ToC(FromC(call)[index]), out);
}

double cleat__date_value(CleatValue* value) { return FromC<v8::Date>(value)->ValueOf(); }

bool cleat__boolean_value(CleatEngine* engine, CleatValue* value) { return BooleanOf(engine->isolate, value); }

bool cleat__arg_boolean(const CleatCall* call, int index) {
  return BooleanOf(FromC(call).GetIsolate(), ToC(FromC(call)[index]));
}

bool cleat__to_number(CleatEngine* engine, CleatValue* value, double* out) {
  if (ReadNumber(value, out)) return true;
  const cleat::Entering entering(engine);
  return FromC(value)->NumberValue(ContextOf(engine)).To(out);
}

CleatValue* cleat__to_string(CleatEngine* engine, CleatValue* value) {
  if (FromC(value)->IsString()) return value;
  const cleat::Entering entering(engine);
  return ToC(FromC(value)->ToString(ContextOf(engine)));
}

CleatValue* cleat__to_bigint(CleatEngine* engine, CleatValue* value) {
  const cleat::Entering entering(engine);
  return ToC(FromC(value)->ToBigInt(ContextOf(engine)));
}

namespace {

// Calls the method `name` of an object, where it is one, and stores its result; leaves `out` empty where it is none.
bool CallMethod(v8::Local<v8::Context> context, v8::Local<v8::Object> object, v8::Local<v8::Value> name, int count,
                v8::Local<v8::Value>* arguments, v8::Local<v8::Value>* out) {
  v8::Local<v8::Value> method;
  if (!object->Get(context, name).ToLocal(&method)) return false;
  if (!method->IsFunction()) return true;
  return method.As<v8::Function>()->Call(context, object, count, arguments).ToLocal(out);
}

// ToPrimitive with hint "number".
CleatValue* ToPrimitive(CleatEngine* engine, v8::Local<v8::Object> object) {
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Value> symbol = v8::Symbol::GetToPrimitive(engine->isolate);
  v8::Local<v8::Value> exotic;
  if (!object->Get(context, symbol).ToLocal(&exotic)) return nullptr;
  if (!exotic->IsNullOrUndefined()) {
    v8::Local<v8::Value> hint = cleat::Interned(engine, "number");
    v8::Local<v8::Value> result;
    if (!exotic->IsFunction()) {
      return cleat::Throw(engine->isolate, CLEAT_THROW_TYPE_ERROR, "Symbol.toPrimitive is not a function");
    }
    if (!exotic.As<v8::Function>()->Call(context, object, 1, &hint).ToLocal(&result)) return nullptr;
    if (!result->IsObject()) return ToC(result);
    return cleat::Throw(engine->isolate, CLEAT_THROW_TYPE_ERROR, "Cannot convert object to primitive value");
  }
  for (const char* name : {"valueOf", "toString"}) {
    v8::Local<v8::Value> result;
    if (!CallMethod(context, object, cleat::Interned(engine, name), 0, nullptr, &result)) return nullptr;
    if (!result.IsEmpty() && !result->IsObject()) return ToC(result);
  }
  return cleat::Throw(engine->isolate, CLEAT_THROW_TYPE_ERROR, "Cannot convert object to primitive value");
}

}  // namespace

CleatValue* cleat__to_numeric(CleatEngine* engine, CleatValue* value) {
  const cleat::Entering entering(engine);
  if (FromC(value)->IsObject()) value = ToPrimitive(engine, FromC<v8::Object>(value));
  if (value == nullptr || FromC(value)->IsBigInt()) return value;
  return ToC(FromC(value)->ToNumber(ContextOf(engine)));
}

size_t cleat__bigint_words(CleatValue* bigint, bool* negative, uint64_t* words, size_t capacity) {
  int sign = 0;
  int count = capacity > INT_MAX ? INT_MAX : static_cast<int>(capacity);
  FromC<v8::BigInt>(bigint)->ToWordsArray(&sign, &count, words);
  *negative = sign != 0;
  return static_cast<size_t>(count);
}
