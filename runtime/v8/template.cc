// Classes: constructor functions with their members, and objects that carry a native pointer.

#include <new>
#include <string>

#include "shim_internal.h"

namespace {

using cleat::Borrow;
using cleat::ContextOf;
using cleat::FromC;
using cleat::ToC;
using Internals = v8::internal::Internals;

// An instance has two internal fields: a mark that only the shim knows, and the native pointer, so that it is told from
// the objects of another embedder of the same isolate. Until the pointer is set both hold undefined, which is no
// aligned pointer, and so never the mark. A script reaches no internal field. Proxies, the global proxy and all that
// ECMAScript itself makes are of other instance types; but objects of this type may have fewer fields, or none.
enum { kMarkField, kNativeField, kFieldCount };
alignas(8) uint16_t mark[4] = {cleat::kEmbedderMark};

// Asking V8 for the number of fields and for their values costs more than all the rest of a short call, and so does
// having it set them. The number is in a byte of the object's map, which says, in words, where the fields end and the
// properties begin; the values follow the header. Since that is V8's own affair, it is believed only once it was seen
// to be true of objects with none to three.
constexpr int kFieldsEndOffset = Internals::kMapInstanceTypeOffset - 3;
constexpr int kFieldsStart = Internals::kJSObjectHeaderSize / v8::internal::kApiTaggedSize;
constexpr bool kPlainPointers = v8::internal::kApiTaggedSize == v8::internal::kApiSystemPointerSize;
std::atomic<bool> layout_known{false};
std::once_flag layout_tried;

int FieldCount(CleatValue* value) {
  const auto map = Internals::ReadTaggedPointerField(cleat::Tagged(value), Internals::kHeapObjectMapOffset);
  return Internals::ReadRawField<uint8_t>(map, kFieldsEndOffset) - kFieldsStart;
}

constexpr int FieldOffset(int index) {
  return Internals::kJSObjectHeaderSize + index * Internals::kEmbedderDataSlotSize;
}

void* Field(CleatValue* value, int index) {
  return Internals::ReadRawField<void*>(cleat::Tagged(value), FieldOffset(index));
}

// An aligned pointer looks like a small integer, so that the garbage collector, which may be reading, need not be told.
void StoreField(CleatValue* value, int index, void* pointer) {
  auto* field = reinterpret_cast<void**>(cleat::Tagged(value) - v8::internal::kHeapObjectTag + FieldOffset(index));
  __atomic_store_n(field, pointer, __ATOMIC_RELAXED);
}

void TryLayout(CleatEngine* engine) {
  bool as_thought = kPlainPointers;
  for (int count = 0; count <= kFieldCount + 1; count++) {
    v8::Local<v8::ObjectTemplate> template_ = v8::ObjectTemplate::New(engine->isolate);
    template_->SetInternalFieldCount(count);
    v8::Local<v8::Object> object;
    if (!template_->NewInstance(ContextOf(engine)).ToLocal(&object)) return;
    CleatValue* value = ToC(object);
    as_thought = as_thought && FieldCount(value) == count;
    if (count == 0) continue;
    object->SetAlignedPointerInInternalField(count - 1, mark);
    as_thought = as_thought && Field(value, count - 1) == mark;
    if (as_thought) StoreField(value, count - 1, engine);
    as_thought = as_thought && object->GetAlignedPointerFromInternalField(count - 1) == engine;
  }
  layout_known.store(as_thought, std::memory_order_relaxed);
}

// The same by V8's own functions.
__attribute__((noinline, cold)) void* NativeAsked(v8::Local<v8::Object> object) {
  if (object->InternalFieldCount() != kFieldCount) return nullptr;
  if (object->GetAlignedPointerFromInternalField(kMarkField) != mark) return nullptr;
  return object->GetAlignedPointerFromInternalField(kNativeField);
}

// Returns whether an object may be an instance, by its type.
inline bool MayBeInstance(CleatValue* object) {
  if (cleat::IsSmi(object)) return false;
  const int type = Internals::GetInstanceType(cleat::Tagged(object));
  return type == Internals::kFirstJSApiObjectType || type == Internals::kJSSpecialApiObjectType;
}

// The same as NativeAsked, of one that may be an instance, where the layout is known.
inline void* NativeInPlace(CleatValue* object) {
  if (FieldCount(object) != kFieldCount || Field(object, kMarkField) != mark) return nullptr;
  return Field(object, kNativeField);
}

// Returns the native pointer of an object; nullptr for all that has none.
inline void* Native(CleatValue* object) {
  if (!MayBeInstance(object)) return nullptr;
  return layout_known.load(std::memory_order_relaxed) ? NativeInPlace(object) : NativeAsked(FromC<v8::Object>(object));
}

// For a `new.target` that is not the class itself.
__attribute__((noinline)) bool MendPrototype(CleatEngine* engine, const cleat::Call& info,
                                             const CleatTemplate* template_) {
  const cleat::Entering entering(engine);
  v8::Isolate* isolate = engine->isolate;
  v8::HandleScope scope(isolate);
  if (!info.This()->GetPrototype()->StrictEquals(v8::Object::New(isolate)->GetPrototype())) return true;
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::String> key = cleat::Interned(engine, "prototype");
  v8::Local<v8::Value> prototype;
  if (!info.NewTarget().As<v8::Object>()->Get(context, key).ToLocal(&prototype)) return false;
  if (prototype->IsObject()) return true;
  return Borrow(template_->made)->Get(context, key).ToLocal(&prototype) &&
         info.This()->SetPrototype(context, prototype).FromMaybe(false);
}

v8::PropertyAttribute Attributes(int attributes) { return static_cast<v8::PropertyAttribute>(attributes); }

v8::Local<v8::FunctionTemplate> NewFunction(CleatEngine* engine, const char* name, int length, CleatNative callback,
                                            const void* data, const CleatFast* fast = nullptr,
                                            v8::Local<v8::Signature> receiver = {}) {
  v8::Isolate* isolate = engine->isolate;
  v8::Local<v8::Value> origin = cleat::NewOrigin(engine, data, callback);
  v8::FunctionCallback called = cleat::CallbackOf(engine, callback);
  // V8 would keep pointers to a fast call beyond the life of an engine in an isolate of others.
  v8::Local<v8::FunctionTemplate> function =
      fast == nullptr || engine->foreign != 0
          ? v8::FunctionTemplate::New(isolate, called, origin, receiver, length, v8::ConstructorBehavior::kThrow)
          : cleat::FastTemplate(engine, called, origin, receiver, length, fast);
  function->SetClassName(cleat::Name(engine->isolate, name));
  return function;
}

v8::Local<v8::Template> PlaceOf(CleatTemplate* template_, CleatPlace place) {
  if (place == CLEAT_PLACE_FUNCTION) return Borrow(template_->function);
  if (place == CLEAT_PLACE_INSTANCE) return Borrow(template_->instances);
  return Borrow(template_->function)->PrototypeTemplate();
}

void MakeClass(CleatTemplate* template_, v8::Local<v8::FunctionTemplate> function, v8::Local<v8::String> name) {
  v8::Isolate* isolate = template_->engine->isolate;
  function->ReadOnlyPrototype();
  if (template_->parent != nullptr) function->Inherit(Borrow(template_->parent->function));
  function->InstanceTemplate()->SetInternalFieldCount(kFieldCount);
  function->PrototypeTemplate()->Set(v8::Symbol::GetToStringTag(isolate), name,
                                     Attributes(v8::ReadOnly | v8::DontEnum));
  template_->instances.Reset(isolate, function->InstanceTemplate());
}

}  // namespace

namespace cleat {

void FreeTemplates(CleatEngine* engine) {
  while (engine->templates != nullptr) {
    CleatTemplate* template_ = engine->templates;
    engine->templates = template_->next;
    delete template_;
  }
}

}  // namespace cleat

CleatTemplate* cleat__template(CleatEngine* engine, const char* name, int length, CleatNative callback,
                               const void* data, CleatTemplate* parent, bool instances) {
  v8::Isolate* isolate = engine->isolate;
  v8::HandleScope scope(isolate);
  std::call_once(layout_tried, TryLayout, engine);
  v8::Local<v8::FunctionTemplate> function = v8::FunctionTemplate::New(
      isolate, cleat::CallbackOf(engine, callback), cleat::NewOrigin(engine, data, callback), {}, length,
      instances ? v8::ConstructorBehavior::kAllow : v8::ConstructorBehavior::kThrow);
  v8::Local<v8::String> text = cleat::Name(isolate, name);
  function->SetClassName(text);
  CleatTemplate* template_ = new CleatTemplate{engine, parent, engine->templates, {}, {}, {}, cleat::kNoNumber};
  engine->templates = template_;
  template_->function.Reset(isolate, function);
  if (instances) MakeClass(template_, function, text);
  return template_;
}

void cleat__template_method(CleatTemplate* template_, CleatPlace place, const char* name, int length,
                            CleatNative callback, const void* data, const CleatFast* fast, int attributes) {
  CleatEngine* engine = template_->engine;
  v8::HandleScope scope(engine->isolate);
  v8::Local<v8::Signature> receiver;
  if (fast != nullptr && place == CLEAT_PLACE_PROTOTYPE) {
    receiver = v8::Signature::New(engine->isolate, Borrow(template_->function));
  }
  PlaceOf(template_, place)
      ->Set(cleat::Name(engine->isolate, name), NewFunction(engine, name, length, callback, data, fast, receiver),
            Attributes(attributes));
}

CleatValue* cleat__fast_function(CleatEngine* engine, const char* name, int length, CleatNative callback,
                                 const void* data, const CleatFast* fast) {
  return ToC(NewFunction(engine, name, length, callback, data, fast)->GetFunction(ContextOf(engine)));
}

void cleat__template_accessor(CleatTemplate* template_, CleatPlace place, const char* name, CleatNative get,
                              CleatNative set, const void* data, int attributes) {
  CleatEngine* engine = template_->engine;
  v8::HandleScope scope(engine->isolate);
  v8::Local<v8::FunctionTemplate> setter;
  v8::Local<v8::FunctionTemplate> getter = NewFunction(engine, (std::string("get ") + name).c_str(), 0, get, data);
  if (set != nullptr) setter = NewFunction(engine, (std::string("set ") + name).c_str(), 1, set, data);
  PlaceOf(template_, place)
      ->SetAccessorProperty(cleat::Name(engine->isolate, name), getter, setter, Attributes(attributes));
}

void cleat__template_constant(CleatTemplate* template_, const char* name, CleatValue* primitive) {
  CleatEngine* engine = template_->engine;
  v8::HandleScope scope(engine->isolate);
  v8::Local<v8::Value> constant = FromC(primitive);
  const v8::PropertyAttribute attributes = Attributes(v8::ReadOnly | v8::DontDelete);
  Borrow(template_->function)->Set(cleat::Name(engine->isolate, name), constant, attributes);
  if (template_->instances.IsEmpty()) return;
  PlaceOf(template_, CLEAT_PLACE_PROTOTYPE)->Set(cleat::Name(engine->isolate, name), constant, attributes);
}

void cleat__template_freeze_prototype(CleatTemplate* template_, CleatPlace place) {
  v8::HandleScope scope(template_->engine->isolate);
  v8::Local<v8::FunctionTemplate> function = Borrow(template_->function);
  (place == CLEAT_PLACE_INSTANCE ? function->InstanceTemplate() : function->PrototypeTemplate())->SetImmutableProto();
}

void cleat__template_iterator(CleatTemplate* template_, CleatPlace place, bool async, const char* name, int length,
                              CleatNative callback, const void* data) {
  CleatEngine* engine = template_->engine;
  v8::HandleScope scope(engine->isolate);
  v8::Local<v8::FunctionTemplate> function = NewFunction(engine, name, length, callback, data);
  v8::Local<v8::Symbol> symbol =
      async ? v8::Symbol::GetAsyncIterator(engine->isolate) : v8::Symbol::GetIterator(engine->isolate);
  v8::Local<v8::Template> holder = PlaceOf(template_, place);
  holder->Set(cleat::Interned(engine, name), function);
  holder->Set(symbol, function, v8::DontEnum);
}

CleatTemplate* cleat__template_factory(CleatTemplate* of, const char* name, int length, CleatNative callback,
                                       const void* data) {
  CleatEngine* engine = of->engine;
  CleatTemplate* factory = cleat__template(engine, name, length, callback, data, nullptr, false);
  v8::HandleScope scope(engine->isolate);
  v8::Local<v8::FunctionTemplate> function = v8::FunctionTemplate::New(
      engine->isolate, cleat::CallbackOf(engine, callback), cleat::NewOrigin(engine, data, callback), {}, length);
  function->SetClassName(cleat::Interned(engine, name));
  function->ReadOnlyPrototype();
  function->SetPrototypeProviderTemplate(Borrow(of->function));
  factory->function.Reset(engine->isolate, function);
  return factory;
}

CleatValue* cleat__template_function(CleatEngine* engine, CleatTemplate* template_) {
  if (!template_->made.IsEmpty()) return ToC(Borrow(template_->made));
  CleatValue* parent = nullptr;
  if (template_->parent != nullptr) {
    parent = cleat__template_function(engine, template_->parent);
    if (parent == nullptr) return nullptr;
  }
  v8::HandleScope scope(engine->isolate);
  v8::Local<v8::Function> function;
  if (!Borrow(template_->function)->GetFunction(ContextOf(engine)).ToLocal(&function)) return nullptr;
  if (parent != nullptr && !cleat__set_prototype(engine, ToC(function), parent)) return nullptr;
  template_->made.Reset(engine->isolate, function);
  return ToC(Borrow(template_->made));
}

bool cleat__mend_prototype(CleatEngine* engine, const CleatCall* call, const CleatTemplate* template_) {
  const cleat::Call& info = FromC(call);
  return template_->made.IsEmpty() || template_->made == info.NewTarget() || MendPrototype(engine, info, template_);
}

void cleat__template_keep(CleatTemplate* template_, uint32_t number) { template_->number = number; }

CleatTemplate* cleat__template_kept(CleatEngine* engine, uint32_t number, CleatTemplate* parent) {
  v8::Isolate* isolate = engine->isolate;
  v8::HandleScope scope(isolate);
  v8::Local<v8::FunctionTemplate> function;
  v8::Local<v8::Function> made;
  if (!cleat::TakeTemplate(engine, number, &function, &made)) return nullptr;
  std::call_once(layout_tried, TryLayout, engine);
  CleatTemplate* template_ = new CleatTemplate{engine, parent, engine->templates, {}, {}, {}, number};
  engine->templates = template_;
  template_->function.Reset(isolate, function);
  template_->instances.Reset(isolate, function->InstanceTemplate());
  template_->made.Reset(isolate, made);
  return template_;
}

CleatValue* cleat__instantiate(CleatEngine* engine, CleatTemplate* template_) {
  if (template_->made.IsEmpty() && cleat__template_function(engine, template_) == nullptr) return nullptr;
  return ToC(Borrow(template_->instances)->NewInstance(ContextOf(engine)));
}

void cleat__set_native(CleatValue* object, void* native) {
  if (layout_known.load(std::memory_order_relaxed)) {
    StoreField(object, kMarkField, mark);
    StoreField(object, kNativeField, native);
    return;
  }
  v8::Local<v8::Object> instance = FromC<v8::Object>(object);
  int indices[] = {kMarkField, kNativeField};
  void* values[] = {mark, native};
  instance->SetAlignedPointerInInternalFields(kFieldCount, indices, values);
}

void* cleat__native(CleatValue* object) { return Native(object); }

void* cleat__this_native(const CleatCall* call) { return Native(ToC(FromC(call).This())); }

void* cleat__this_native_at_hand(const CleatCall* call) {
  CleatValue* object = ToC(FromC(call).This());
  return layout_known.load(std::memory_order_relaxed) && MayBeInstance(object) ? NativeInPlace(object) : nullptr;
}
