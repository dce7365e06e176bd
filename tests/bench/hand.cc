// The same functions bound by hand against V8's API, as one who knows it would write them: no conversion that a type
// test spares, strings as Latin-1 where they are, keys interned once, handle scopes only where handles pile up, fast
// calls described by V8's own builder.
#include "hand.h"

#include <v8-fast-api-calls.h>

namespace hand_written {

Hand hand;

namespace {

// NUMBERS

void Nothing(const Info&) { ours_nothing(); }

void One(const Info& info) {
  double in[1];
  if (ToDoubles(info, in)) info.GetReturnValue().Set(ours_one(in[0]));
}

void Two(const Info& info) {
  double in[2];
  if (ToDoubles(info, in)) info.GetReturnValue().Set(ours_two(in[0], in[1]));
}

void Six(const Info& info) {
  double in[6];
  if (ToDoubles(info, in)) info.GetReturnValue().Set(ours_six(in[0], in[1], in[2], in[3], in[4], in[5]));
}

void Integers(const Info& info) {
  int32_t a, b;
  if (!Require(info, 2) || !ToInt32(info.GetIsolate(), info[0], &a) || !ToInt32(info.GetIsolate(), info[1], &b)) return;
  info.GetReturnValue().Set(ours_integers(a, b));
}

void Not(const Info& info) {
  if (Require(info, 1)) info.GetReturnValue().Set(ours_not(info[0]->BooleanValue(info.GetIsolate())));
}

// FAST CALLS

using Receiver = v8::Local<v8::Object>;
void FastNothing(Receiver) { ours_nothing_fast(); }
double FastOne(Receiver, double a) { return ours_one_fast(a); }
double FastTwo(Receiver, double a, double b) { return ours_two_fast(a, b); }
double FastSix(Receiver, double a, double b, double c, double d, double e, double f) {
  return ours_six_fast(a, b, c, d, e, f);
}
int32_t FastIntegers(Receiver, int32_t a, int32_t b) { return ours_integers_fast(a, b); }
bool FastNot(Receiver, bool value) { return ours_not_fast(value); }

// STRINGS

void Take(const Info& info) {
  Utf8 text;
  if (Require(info, 1) && text.Read(info.GetIsolate(), info[0])) info.GetReturnValue().Set(ours_take(text.text));
}

void ReturnText(const Info& info, CleatString text) {
  v8::Isolate* isolate = info.GetIsolate();
  const int length = static_cast<int>(text.length);
  v8::Local<v8::String> string;
  v8::MaybeLocal<v8::String> made =
      IsAscii(text.data, text.length) ? v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(text.data),
                                                                   v8::NewStringType::kNormal, length)
                                      : v8::String::NewFromUtf8(isolate, text.data, v8::NewStringType::kNormal, length);
  if (made.ToLocal(&string)) info.GetReturnValue().Set(string);
}

void Give(const Info& info) {
  int32_t which;
  if (!Require(info, 1) || !ToInt32(info.GetIsolate(), info[0], &which)) return;
  ReturnText(info, ours_give(static_cast<uint32_t>(which)));
}

void GiveSame(const Info& info) { ReturnText(info, ours_give_same()); }

void GiveNew(const Info& info) { ReturnText(info, ours_give_new()); }

void ShadeOf(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::String> string;
  if (!Require(info, 1) || !info[0]->ToString(isolate->GetCurrentContext()).ToLocal(&string)) return;
  static const char* const names[] = {"dark", "light", "clear"};
  char text[8] = {};
  if (string->Length() < 8) string->WriteUtf8(isolate, text, sizeof(text));
  for (int i = 0; i < 3; i++) {
    if (strcmp(text, names[i]) == 0) {
      info.GetReturnValue().Set(ours_shade(static_cast<Shade>(i)));
      return;
    }
  }
  ThrowType(isolate, "no Shade");
}

// DICTIONARIES AND SEQUENCES

template <size_t count>
bool ToMembers(const Info& info, double (&out)[count], bool (&has)[count]) {
  v8::Isolate* isolate = info.GetIsolate();
  memset(has, 0, sizeof(has));
  if (info[0]->IsNullOrUndefined()) return true;
  if (!info[0]->IsObject()) {
    ThrowType(isolate, "not an object");
    return false;
  }
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Object> object = info[0].As<v8::Object>();
  for (size_t i = 0; i < count; i++) {
    v8::Local<v8::Value> value;
    if (!object->Get(context, hand.keys[i].Get(isolate)).ToLocal(&value)) return false;
    if (value->IsUndefined()) continue;
    has[i] = true;
    if (!ToDouble(isolate, value, &out[i])) return false;
  }
  return true;
}

void SumPair(const Info& info) {
  double v[2] = {};
  bool has[2];
  if (!ToMembers(info, v, has)) return;
  Pair pair = {has[0], v[0], has[1], v[1]};
  info.GetReturnValue().Set(ours_sum_pair(&pair));
}

void SumEight(const Info& info) {
  double v[8] = {};
  bool h[8];
  if (!ToMembers(info, v, h)) return;
  Eight it = {h[0], v[0], h[1], v[1], h[2], v[2], h[3], v[3], h[4], v[4], h[5], v[5], h[6], v[6], h[7], v[7]};
  info.GetReturnValue().Set(ours_sum_eight(&it));
}

void MakePair(const Info& info) {
  double in[2];
  if (!ToDoubles(info, in)) return;
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  Pair pair = ours_make_pair(in[0], in[1]);
  v8::Local<v8::Object> object = v8::Object::New(isolate);
  if (pair.has_a &&
      object->CreateDataProperty(context, hand.keys[0].Get(isolate), v8::Number::New(isolate, pair.a)).IsNothing()) {
    return;
  }
  if (pair.has_b &&
      object->CreateDataProperty(context, hand.keys[1].Get(isolate), v8::Number::New(isolate, pair.b)).IsNothing()) {
    return;
  }
  info.GetReturnValue().Set(object);
}

void Sum(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  if (!info[0]->IsArray()) return ThrowType(isolate, "not an array");
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Array> array = info[0].As<v8::Array>();
  // Web IDL iterates; that is to read the elements, as long as nobody has changed how arrays are iterated.
  v8::Local<v8::Value> method;
  if (!array->Get(context, v8::Symbol::GetIterator(isolate)).ToLocal(&method)) return;
  if (!method->StrictEquals(hand.array_values.Get(isolate))) return ThrowType(isolate, "not a plain array");
  const uint32_t length = array->Length();
  double space[32];
  std::unique_ptr<double[]> memory;
  double* items = space;
  if (length > 32) items = (memory.reset(new double[length]), memory.get());
  for (uint32_t i = 0; i < length; i++) {
    v8::Local<v8::Value> value;
    if (!array->Get(context, i).ToLocal(&value) || !ToDouble(isolate, value, &items[i])) return;
  }
  info.GetReturnValue().Set(ours_sum({items, length}));
}

void Values(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  int32_t count;
  if (!Require(info, 1) || !ToInt32(isolate, info[0], &count)) return;
  CleatDoubleSequence values = ours_values(static_cast<uint32_t>(count));
  v8::Local<v8::Value> elements[1000];
  for (size_t i = 0; i < values.length; i++) elements[i] = v8::Number::New(isolate, values.items[i]);
  info.GetReturnValue().Set(v8::Array::New(isolate, elements, values.length));
}

// OBJECTS. The class is checked by a Signature for `this`, and by the template for arguments.

Wrapper wrappers = {nullptr, {}, &wrappers, &wrappers, nullptr};
Wrapper* due = nullptr;

void Finalize(Wrapper* wrapper) {
  wrapper->previous->next = wrapper->next;
  wrapper->next->previous = wrapper->previous;
  cell_finalize(wrapper->cell);
  delete wrapper;
}

void FinalizeDue() {
  while (due != nullptr) {
    Wrapper* wrapper = due;
    due = wrapper->next_due;
    Finalize(wrapper);
  }
}

void Collected(const v8::WeakCallbackInfo<Wrapper>& info) {
  Wrapper* wrapper = info.GetParameter();
  wrapper->object.Reset();
  wrapper->next_due = due;
  due = wrapper;
}

void NewCell(const Info& info) {
  if (!info.IsConstructCall()) return ThrowType(info.GetIsolate(), "use new");
  double in[1];
  if (!ToDoubles(info, in)) return;
  Cell* cell = cell_new(in[0]);
  if (cell == nullptr) return ThrowType(info.GetIsolate(), "no Cell");
  FinalizeDue();
  auto* wrapper = new Wrapper{cell, {}, &wrappers, wrappers.next, nullptr};
  wrapper->next->previous = wrappers.next = wrapper;
  wrapper->object.Reset(info.GetIsolate(), info.This());
  wrapper->object.SetWeak(wrapper, Collected, v8::WeakCallbackType::kParameter);
  info.This()->SetAlignedPointerInInternalField(0, wrapper);
}

void GetValue(const Info& info) { info.GetReturnValue().Set(cell_get_value(CellOf(info.This()))); }

void SetValue(const Info& info) {
  double in[1];
  if (ToDoubles(info, in)) cell_set_value(CellOf(info.This()), in[0]);
}

void Add(const Info& info) {
  double in[1];
  if (ToDoubles(info, in)) info.GetReturnValue().Set(cell_add(CellOf(info.This()), in[0]));
}

double FastAdd(Receiver receiver, double by) { return cell_add_fast(CellOf(receiver), by); }

void Twice(const Info& info) {
  double in[1];
  if (ToDoubles(info, in)) info.GetReturnValue().Set(cell_twice(in[0]));
}

void SumCells(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::FunctionTemplate> cell = hand.cell.Get(isolate);
  if (!cell->HasInstance(info[0]) || !cell->HasInstance(info[1])) return ThrowType(isolate, "not a Cell");
  info.GetReturnValue().Set(ours_sum_cells(CellOf(info[0].As<v8::Object>()), CellOf(info[1].As<v8::Object>())));
}

// CALLS BACK

void Steps(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  int32_t count;
  if (!info[0]->IsFunction()) return ThrowType(isolate, "not a function");
  if (!ToInt32(isolate, info[1], &count)) return;
  v8::Local<v8::Function> step = info[0].As<v8::Function>();
  double value = 0;
  for (int32_t i = 0; i < count; i++) {
    v8::HandleScope scope(isolate);
    v8::Local<v8::Value> argument = v8::Number::New(isolate, value);
    v8::Local<v8::Value> result;
    if (!step->Call(context, v8::Undefined(isolate), 1, &argument).ToLocal(&result)) return;
    if (!ToDouble(isolate, result, &value)) return;
  }
  info.GetReturnValue().Set(value);
}

void Fail(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::String> text;
  if (!v8::String::NewFromUtf8(isolate, "failed").ToLocal(&text)) return;
  isolate->ThrowException(v8::Exception::Error(text));
}

struct Deferred {
  v8::Global<v8::Promise::Resolver> resolver;
  double value;
};

void Resolve(CleatEnv* env, void* data) {
  std::unique_ptr<Deferred> deferred(static_cast<Deferred*>(data));
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  // A task that has nothing done by Cleat may have its microtasks run together with those of the next ones.
  cleat_runtime(env);
  v8::Local<v8::Value> value = v8::Number::New(isolate, deferred->value);
  deferred->resolver.Get(isolate)->Resolve(isolate->GetCurrentContext(), value).Check();
}

void Settle(void* data, double value) {
  static_cast<Deferred*>(data)->value = value;
  cleat_dispatch(hand.runtime, Resolve, data, nullptr);
}

void Later(const Info& info) {
  v8::Isolate* isolate = info.GetIsolate();
  double in[1];
  if (!ToDoubles(info, in)) return;
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(isolate->GetCurrentContext()).ToLocal(&resolver)) return;
  info.GetReturnValue().Set(resolver->GetPromise());
  bench_settle(Settle, new Deferred{{isolate, resolver}, 0}, in[0]);
}

// THE OBJECT

// For the benchmark itself.
void CollectGarbage(const Info& info) { info.GetIsolate()->LowMemoryNotification(); }

void PutFunction(v8::Local<v8::Object> object, const char* name, v8::Local<v8::Function> function) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  object->Set(isolate->GetCurrentContext(), Text(isolate, name), function).Check();
}

}  // namespace

void Put(v8::Local<v8::Object> object, const char* name, v8::FunctionCallback callback, const v8::CFunction* fast) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  v8::Local<v8::FunctionTemplate> made = v8::FunctionTemplate::New(
      isolate, callback, {}, {}, 0, v8::ConstructorBehavior::kThrow, v8::SideEffectType::kHasSideEffect, fast);
  PutFunction(object, name, made->GetFunction(isolate->GetCurrentContext()).ToLocalChecked());
}

namespace {

v8::Local<v8::Function> MakeCell(v8::Isolate* isolate) {
  v8::Local<v8::FunctionTemplate> cell = v8::FunctionTemplate::New(isolate, NewCell);
  hand.cell.Set(isolate, cell);
  cell->InstanceTemplate()->SetInternalFieldCount(1);
  v8::Local<v8::Signature> signature = v8::Signature::New(isolate, cell);
  auto method = [&](v8::FunctionCallback callback, const v8::CFunction* fast = nullptr) {
    return v8::FunctionTemplate::New(isolate, callback, {}, signature, 1, v8::ConstructorBehavior::kThrow,
                                     v8::SideEffectType::kHasSideEffect, fast);
  };
  static const v8::CFunction fast_add = v8::CFunction::Make(FastAdd);
  v8::Local<v8::ObjectTemplate> prototype = cell->PrototypeTemplate();
  prototype->SetAccessorProperty(Text(isolate, "value"), method(GetValue), method(SetValue));
  prototype->Set(isolate, "add", method(Add));
  prototype->Set(isolate, "addSlow", method(Add));
  prototype->Set(isolate, "addFast", method(Add, &fast_add));
  cell->Set(isolate, "twice", v8::FunctionTemplate::New(isolate, Twice));
  return cell->GetFunction(isolate->GetCurrentContext()).ToLocalChecked();
}

void PutFast(v8::Local<v8::Object> object) {
  static const v8::CFunction nothing = v8::CFunction::Make(FastNothing);
  static const v8::CFunction one = v8::CFunction::Make(FastOne);
  static const v8::CFunction two = v8::CFunction::Make(FastTwo);
  static const v8::CFunction six = v8::CFunction::Make(FastSix);
  static const v8::CFunction integers = v8::CFunction::Make(FastIntegers);
  static const v8::CFunction negate = v8::CFunction::Make(FastNot);
  Put(object, "nothingFast", Nothing, &nothing);
  Put(object, "oneFast", One, &one);
  Put(object, "twoFast", Two, &two);
  Put(object, "sixFast", Six, &six);
  Put(object, "integersFast", Integers, &integers);
  Put(object, "notFast", Not, &negate);
}

}  // namespace

}  // namespace hand_written

CleatValue* bench_hand(CleatRuntime* runtime) {
  using namespace hand_written;
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  hand.runtime = runtime;
  const char* const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  for (int i = 0; i < 8; i++) hand.keys[i].Set(isolate, Text(isolate, keys[i]));
  hand.array_values.Set(
      isolate,
      v8::Array::New(isolate)->Get(isolate->GetCurrentContext(), v8::Symbol::GetIterator(isolate)).ToLocalChecked());
  v8::Local<v8::Object> object = v8::Object::New(isolate);
  Put(object, "nothing", Nothing);
  Put(object, "one", One);
  Put(object, "two", Two);
  Put(object, "six", Six);
  Put(object, "integers", Integers);
  Put(object, "not", Not);
  PutFast(object);
  Put(object, "take", Take);
  Put(object, "give", Give);
  Put(object, "giveSame", GiveSame);
  Put(object, "giveNew", GiveNew);
  Put(object, "shade", ShadeOf);
  Put(object, "sumPair", SumPair);
  Put(object, "sumEight", SumEight);
  Put(object, "makePair", MakePair);
  Put(object, "sum", Sum);
  Put(object, "values", Values);
  Put(object, "sumCells", SumCells);
  Put(object, "steps", Steps);
  Put(object, "fail", Fail);
  Put(object, "later", Later);
  Put(object, "collectGarbage", CollectGarbage);
  PutFunction(object, "Cell", MakeCell(isolate));
  PutValues(object);
  CleatValue* value;
  memcpy(&value, static_cast<void*>(&object), sizeof(value));
  return value;
}

void bench_hand_end(CleatEnv*, void*) {
  using namespace hand_written;
  FinalizeDue();
  while (wrappers.next != &wrappers) {
    wrappers.next->object.Reset();
    Finalize(wrappers.next);
  }
}
