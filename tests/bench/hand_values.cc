// By hand, as in hand.cc: BigInts, typed arrays, and values of several types.
#include <vector>

#include "hand.h"

namespace hand_written {

namespace {

// Most BigInts are short.
void Next(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::BigInt> big;
  if (!Require(info, 1) || !info[0]->ToBigInt(context).ToLocal(&big)) return;
  uint64_t space[8];
  std::vector<uint64_t> more;
  uint64_t* words = space;
  int negative;
  int count = 8;
  big->ToWordsArray(&negative, &count, words);
  if (count > 8) {
    more.resize(static_cast<size_t>(count));
    words = more.data();
    big->ToWordsArray(&negative, &count, words);
  }
  CleatBigInt next = ours_next({negative != 0, words, static_cast<size_t>(count)});
  v8::Local<v8::BigInt> result;
  if (v8::BigInt::NewFromWords(context, next.negative, static_cast<int>(next.count), next.words).ToLocal(&result)) {
    info.GetReturnValue().Set(result);
  }
}

void Total(const Info& info) {
  if (!info[0]->IsFloat64Array()) return ThrowType(info.GetIsolate(), "not a Float64Array");
  v8::Local<v8::Float64Array> array = info[0].As<v8::Float64Array>();
  // A small one is in V8's heap, and only Buffer() gives it an address that stays.
  v8::Local<v8::ArrayBuffer> buffer = array->Buffer();
  if (buffer->IsSharedArrayBuffer()) return ThrowType(info.GetIsolate(), "shared");
  auto* bytes = static_cast<char*>(buffer->Data()) + array->ByteOffset();
  info.GetReturnValue().Set(ours_total({reinterpret_cast<double*>(bytes), array->Length(), nullptr}));
}

void Floats(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  int32_t count;
  if (!Require(info, 1) || !ToInt32(isolate, info[0], &count)) return;
  CleatFloat64Array floats = ours_floats(static_cast<uint32_t>(count));
  const size_t size = floats.length * sizeof(double);
  v8::Local<v8::ArrayBuffer> buffer = v8::ArrayBuffer::New(isolate, size);
  memcpy(buffer->Data(), floats.data, size);
  info.GetReturnValue().Set(v8::Float64Array::New(buffer, 0, floats.length));
}

bool IsCell(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  return value->IsObject() && hand.cell.Get(isolate)->HasInstance(value);
}

void Weigh(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  if (!Require(info, 1)) return;
  Utf8 text;
  DoubleOrStringOrCell it;
  if (info[0]->IsNumber()) {
    double number;
    if (!ToDouble(isolate, info[0], &number)) return;
    it = double_or_string_or_cell_double(number);
  } else if (IsCell(isolate, info[0])) {
    it = double_or_string_or_cell_cell(CellOf(info[0].As<v8::Object>()));
  } else {
    if (!text.Read(isolate, info[0])) return;
    it = double_or_string_or_cell_string(text.text);
  }
  info.GetReturnValue().Set(ours_weigh(&it));
}

void Size(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  if (!Require(info, 1)) return;
  if (info[0]->IsNumber()) {
    double number;
    if (ToDouble(isolate, info[0], &number)) info.GetReturnValue().Set(ours_size__double(number));
  } else if (IsCell(isolate, info[0])) {
    info.GetReturnValue().Set(ours_size__cell(CellOf(info[0].As<v8::Object>())));
  } else {
    Utf8 text;
    if (text.Read(isolate, info[0])) info.GetReturnValue().Set(ours_size__string(text.text));
  }
}

}  // namespace

void PutValues(v8::Local<v8::Object> object) {
  Put(object, "next", Next);
  Put(object, "total", Total);
  Put(object, "floats", Floats);
  Put(object, "weigh", Weigh);
  Put(object, "size", Size);
}

}  // namespace hand_written
