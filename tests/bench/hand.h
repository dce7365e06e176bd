// What the functions that are bound by hand share.
#ifndef CLEAT_TESTS_BENCH_HAND_H_
#define CLEAT_TESTS_BENCH_HAND_H_

#include <v8.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "hooks.h"

namespace hand_written {

using Info = v8::FunctionCallbackInfo<v8::Value>;

struct Hand {
  CleatRuntime* runtime;
  v8::Eternal<v8::String> keys[8];
  v8::Eternal<v8::ObjectTemplate> pair;
  v8::Eternal<v8::FunctionTemplate> cell;
  v8::Eternal<v8::Value> array_values;  // Array.prototype[Symbol.iterator]
};
extern Hand hand;

inline v8::Local<v8::String> Text(v8::Isolate* isolate, const char* text) {
  return v8::String::NewFromUtf8(isolate, text, v8::NewStringType::kInternalized).ToLocalChecked();
}

inline void ThrowType(v8::Isolate* isolate, const char* text) {
  isolate->ThrowException(v8::Exception::TypeError(Text(isolate, text)));
}

// NUMBERS

inline bool ToDouble(v8::Isolate* isolate, v8::Local<v8::Value> value, double* out) {
  if (value->IsNumber()) {
    *out = value.As<v8::Number>()->Value();
  } else if (!value->NumberValue(isolate->GetCurrentContext()).To(out)) {
    return false;
  }
  if (std::isfinite(*out)) return true;
  ThrowType(isolate, "not a finite number");
  return false;
}

inline bool ToInt32(v8::Isolate* isolate, v8::Local<v8::Value> value, int32_t* out) {
  if (value->IsInt32()) {
    *out = value.As<v8::Int32>()->Value();
    return true;
  }
  return value->Int32Value(isolate->GetCurrentContext()).To(out);
}

inline bool Require(const Info& info, int count) {
  if (info.Length() >= count) return true;
  ThrowType(info.GetIsolate(), "too few arguments");
  return false;
}

template <size_t count>
inline bool ToDoubles(const Info& info, double (&out)[count]) {
  if (!Require(info, count)) return false;
  for (size_t i = 0; i < count; i++) {
    if (!ToDouble(info.GetIsolate(), info[static_cast<int>(i)], &out[i])) return false;
  }
  return true;
}

// STRINGS

inline bool IsAscii(const char* data, size_t length) {
  uint64_t high = 0;
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t word;
    memcpy(&word, data + i, 8);
    high |= word;
  }
  for (; i < length; i++) high |= static_cast<uint64_t>(static_cast<uint8_t>(data[i])) << 56;
  return (high & UINT64_C(0x8080808080808080)) == 0;
}

// The text of a string as UTF-8, in place where it is short.
class Utf8 {
 public:
  CleatString text;

  bool Read(v8::Isolate* isolate, v8::Local<v8::Value> value) {
    v8::Local<v8::String> string;
    if (value->IsString()) {
      string = value.As<v8::String>();
    } else if (!value->ToString(isolate->GetCurrentContext()).ToLocal(&string)) {
      return false;
    }
    size_t length = static_cast<size_t>(string->Length());
    if (string->IsOneByte()) {
      char* data = Space(length);
      string->WriteOneByte(isolate, reinterpret_cast<uint8_t*>(data), 0, -1, v8::String::NO_NULL_TERMINATION);
      if (IsAscii(data, length)) return Is(data, length);
    }
    length = static_cast<size_t>(string->Utf8Length(isolate));
    char* data = Space(length);
    string->WriteUtf8(isolate, data, -1, nullptr, v8::String::NO_NULL_TERMINATION);
    return Is(data, length);
  }

 private:
  char space_[256];
  std::unique_ptr<char[]> memory_;

  char* Space(size_t length) {
    if (length < sizeof(space_)) return space_;
    memory_.reset(new char[length + 1]);
    return memory_.get();
  }
  bool Is(char* data, size_t length) {
    data[length] = '\0';
    text = {data, length};
    return true;
  }
};

// OBJECTS

// All that are there are in a list, since what is not collected before the isolate ends must be finalized then; and
// those that were collected in another, since V8's second pass would leave all of them until the script has ended.
struct Wrapper {
  Cell* cell;
  v8::Global<v8::Object> object;
  Wrapper* previous;
  Wrapper* next;
  Wrapper* next_due;
};

inline Cell* CellOf(v8::Local<v8::Object> object) {
  return static_cast<Wrapper*>(object->GetAlignedPointerFromInternalField(0))->cell;
}

// Puts the functions of hand_values.cc on the object.
void PutValues(v8::Local<v8::Object> object);

void Put(v8::Local<v8::Object> object, const char* name, v8::FunctionCallback callback,
         const v8::CFunction* fast = nullptr);

}  // namespace hand_written

#endif  // CLEAT_TESTS_BENCH_HAND_H_
