// Objects: made, their properties, and properties that are computed at their first use.

#include <climits>
#include <new>

#include "shim_internal.h"

namespace {

using cleat::ContextOf;
using cleat::FromC;
using cleat::ToC;

static_assert(static_cast<int>(CLEAT_READ_ONLY) == static_cast<int>(v8::ReadOnly));
static_assert(static_cast<int>(CLEAT_DONT_ENUM) == static_cast<int>(v8::DontEnum));
static_assert(static_cast<int>(CLEAT_DONT_DELETE) == static_cast<int>(v8::DontDelete));

// A property key of any value that is one already: a string, a symbol or a number.
v8::MaybeLocal<v8::Name> KeyOf(CleatEngine* engine, CleatValue* key) {
  v8::Local<v8::Value> value = FromC(key);
  if (value->IsString() || value->IsName()) return value.As<v8::Name>();
  v8::Local<v8::String> text;
  if (!value->ToString(ContextOf(engine)).ToLocal(&text)) return {};
  return text;
}

// Answers for a V8 function that reports a refusal without throwing.
bool Accepted(CleatEngine* engine, v8::Maybe<bool> answer, const char* refusal) {
  bool accepted = false;
  if (!answer.To(&accepted)) return false;
  if (!accepted) cleat::Throw(engine->isolate, CLEAT_THROW_TYPE_ERROR, refusal);
  return accepted;
}

// The data of lazy properties by their places: first those that a snapshot may have.
const void* DataAt(CleatEngine* engine, uint32_t place) {
  const size_t listed = cleat::ReferenceCount(engine);
  return place < listed ? cleat::ReferenceAt(engine, place) : engine->lazy[place - listed];
}

// Where an exception is left, V8 leaves the property as it was, to be computed at its next use.
template <int kKind>
void ComputeLazy(v8::Local<v8::Name>, const v8::PropertyCallbackInfo<v8::Value>& info) {
  auto compute = [&](CleatEngine* engine, const void* data) {
    CleatValue* value = engine->host.compute(engine->host.data, kKind, data);
    if (value != nullptr) info.GetReturnValue().Set(FromC(value));
  };
  if (info.Data()->IsUint32()) {
    CleatEngine* engine = cleat::EngineOf(info.GetIsolate());
    compute(engine, DataAt(engine, info.Data().As<v8::Uint32>()->Value()));
  } else {
    cleat::Visit(info.GetIsolate(), info.Data(), compute);
  }
}

// A function for each kind, so that a property needs no memory of the engine's, which a snapshot could not hold.
constexpr v8::AccessorNameGetterCallback kComputeLazy[CLEAT_LAZY_KINDS] = {
    ComputeLazy<0>, ComputeLazy<1>, ComputeLazy<2>, ComputeLazy<3>, ComputeLazy<4>};

// What a lazy property is defined with: the place of `data`, which takes no memory of V8's, and which a snapshot has as
// it is.
v8::Local<v8::Value> LazyData(CleatEngine* engine, const void* data) {
  if (engine->foreign != 0) return cleat::NewOrigin(engine, data);
  uint32_t place = cleat::PlaceInSnapshot(engine, data);
  if (place == cleat::kNoNumber) {
    place = static_cast<uint32_t>(cleat::ReferenceCount(engine) + engine->lazy.size());
    engine->lazy.push_back(data);
  }
  return v8::Integer::NewFromUnsigned(engine->isolate, place);
}

// More holes than this are not given memory.
constexpr size_t kMostHoles = 1 << 16;

// More elements than this are more than V8 can allocate in one piece.
constexpr size_t kMostElements = (1 << 27) - 8;

CleatValue* Holes(CleatEngine* engine, size_t length) {
  if (length > UINT32_MAX) return cleat::Throw(engine->isolate, CLEAT_THROW_RANGE_ERROR, "Invalid array length");
  v8::Local<v8::Array> array = v8::Array::New(engine->isolate, length <= kMostHoles ? static_cast<int>(length) : 0);
  if (length <= kMostHoles) return ToC(array);
  v8::Local<v8::Value> number = v8::Number::New(engine->isolate, static_cast<double>(length));
  bool set = array->Set(ContextOf(engine), cleat::Interned(engine, "length"), number).FromMaybe(false);
  return set ? ToC(array) : nullptr;
}

}  // namespace

namespace cleat {

void AddLazyReferences(std::vector<intptr_t>* references) {
  for (auto compute : kComputeLazy) references->push_back(reinterpret_cast<intptr_t>(compute));
}

}  // namespace cleat

// MAKING

CleatValue* cleat__global(CleatEngine* engine) { return ToC(ContextOf(engine)->Global()); }

CleatValue* cleat__object(CleatEngine* engine) { return ToC(v8::Object::New(engine->isolate)); }

CleatValue* cleat__null_object(CleatEngine* engine) {
  return ToC(v8::Object::New(engine->isolate, v8::Null(engine->isolate), nullptr, nullptr, 0));
}

CleatValue* cleat__array(CleatEngine* engine, CleatValue* const* elements, size_t length) {
  size_t given = 0;
  while (elements != nullptr && given < length && elements[given] != nullptr) given++;
  if (given == length && length <= kMostElements) {
    return ToC(v8::Array::New(engine->isolate, FromC(elements), length));
  }
  CleatValue* array = Holes(engine, length);
  if (array == nullptr || elements == nullptr) return array;
  for (size_t i = 0; i < length; i++) {
    if (elements[i] == nullptr) continue;
    v8::Maybe<bool> set =
        FromC<v8::Object>(array)->CreateDataProperty(ContextOf(engine), static_cast<uint32_t>(i), FromC(elements[i]));
    if (set.IsNothing()) return nullptr;
  }
  return array;
}

CleatValue* cleat__array_of_doubles(CleatEngine* engine, const double* numbers, size_t length) {
  constexpr size_t kChunk = 256;
  v8::Isolate* isolate = engine->isolate;
  if (length > kMostElements) return cleat::Throw(isolate, CLEAT_THROW_RANGE_ERROR, "Invalid array length");
  v8::Local<v8::Value> space[kChunk];
  std::unique_ptr<v8::Local<v8::Value>[]> memory;
  v8::Local<v8::Value>* elements = space;
  if (length > kChunk) {
    memory.reset(new (std::nothrow) v8::Local<v8::Value>[length]);
    if (memory == nullptr) return cleat::Throw(isolate, CLEAT_THROW_RANGE_ERROR, "out of memory");
    elements = memory.get();
  }
  for (size_t i = 0; i < length; i++) elements[i] = v8::Number::New(isolate, numbers[i]);
  return ToC(v8::Array::New(isolate, elements, length));
}

CleatValue* cleat__new_map(CleatEngine* engine) { return ToC(v8::Map::New(engine->isolate)); }

CleatValue* cleat__new_set(CleatEngine* engine) { return ToC(v8::Set::New(engine->isolate)); }

bool cleat__map_put(CleatEngine* engine, CleatValue* map, CleatValue* key, CleatValue* value) {
  return !FromC<v8::Map>(map)->Set(ContextOf(engine), FromC(key), FromC(value)).IsEmpty();
}

bool cleat__set_add(CleatEngine* engine, CleatValue* set, CleatValue* value) {
  return !FromC<v8::Set>(set)->Add(ContextOf(engine), FromC(value)).IsEmpty();
}

CleatValue* cleat__map_get(CleatEngine* engine, CleatValue* map, CleatValue* key) {
  return ToC(FromC<v8::Map>(map)->Get(ContextOf(engine), FromC(key)));
}

size_t cleat__collection_size(CleatValue* map_or_set) {
  return FromC(map_or_set)->IsMap() ? FromC<v8::Map>(map_or_set)->Size() : FromC<v8::Set>(map_or_set)->Size();
}

bool cleat__collection_has(CleatEngine* engine, CleatValue* map_or_set, CleatValue* key, bool* out) {
  v8::Local<v8::Context> context = ContextOf(engine);
  if (FromC(map_or_set)->IsMap()) return FromC<v8::Map>(map_or_set)->Has(context, FromC(key)).To(out);
  return FromC<v8::Set>(map_or_set)->Has(context, FromC(key)).To(out);
}

bool cleat__collection_delete(CleatEngine* engine, CleatValue* map_or_set, CleatValue* key, bool* out) {
  v8::Local<v8::Context> context = ContextOf(engine);
  if (FromC(map_or_set)->IsMap()) return FromC<v8::Map>(map_or_set)->Delete(context, FromC(key)).To(out);
  return FromC<v8::Set>(map_or_set)->Delete(context, FromC(key)).To(out);
}

void cleat__collection_clear(CleatValue* map_or_set) {
  if (FromC(map_or_set)->IsMap()) {
    FromC<v8::Map>(map_or_set)->Clear();
  } else {
    FromC<v8::Set>(map_or_set)->Clear();
  }
}

CleatValue* cleat__entries(CleatEngine*, CleatValue* map_or_set) {
  if (FromC(map_or_set)->IsMap()) return ToC(FromC<v8::Map>(map_or_set)->AsArray());
  return ToC(FromC<v8::Set>(map_or_set)->AsArray());
}

CleatValue* cleat__constructor_name(CleatEngine*, CleatValue* object) {
  return ToC(FromC<v8::Object>(object)->GetConstructorName());
}

int cleat__identity_hash(CleatValue* object) { return FromC<v8::Object>(object)->GetIdentityHash(); }

// PROPERTIES

CleatValue* cleat__get(CleatEngine* engine, CleatValue* object, CleatValue* key) {
  const cleat::Entering entering(engine);
  return ToC(FromC<v8::Object>(object)->Get(ContextOf(engine), FromC(key)));
}

CleatValue* cleat__get_named(CleatEngine* engine, CleatValue* object, const char* name) {
  const cleat::Entering entering(engine);
  return ToC(FromC<v8::Object>(object)->Get(ContextOf(engine), FromC(cleat__static_key(engine, name))));
}

bool cleat__set(CleatEngine* engine, CleatValue* object, CleatValue* key, CleatValue* value) {
  const cleat::Entering entering(engine);
  return FromC<v8::Object>(object)->Set(ContextOf(engine), FromC(key), FromC(value)).FromMaybe(false);
}

CleatValue* cleat__get_index(CleatEngine* engine, CleatValue* object, uint32_t index) {
  const cleat::Entering entering(engine);
  return ToC(FromC<v8::Object>(object)->Get(ContextOf(engine), index));
}

bool cleat__set_index(CleatEngine* engine, CleatValue* object, uint32_t index, CleatValue* value) {
  const cleat::Entering entering(engine);
  return FromC<v8::Object>(object)->Set(ContextOf(engine), index, FromC(value)).FromMaybe(false);
}

bool cleat__has(CleatEngine* engine, CleatValue* object, CleatValue* key, bool* out) {
  const cleat::Entering entering(engine);
  return FromC<v8::Object>(object)->Has(ContextOf(engine), FromC(key)).To(out);
}

bool cleat__delete(CleatEngine* engine, CleatValue* object, CleatValue* key, bool* out) {
  const cleat::Entering entering(engine);
  return FromC<v8::Object>(object)->Delete(ContextOf(engine), FromC(key)).To(out);
}

CleatValue* cleat__own_keys(CleatEngine* engine, CleatValue* object) {
  const cleat::Entering entering(engine);
  auto filter = static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS);
  return ToC(FromC<v8::Object>(object)->GetOwnPropertyNames(ContextOf(engine), filter,
                                                            v8::KeyConversionMode::kConvertToString));
}

CleatValue* cleat__own_property_keys(CleatEngine* engine, CleatValue* object) {
  const cleat::Entering entering(engine);
  return ToC(FromC<v8::Object>(object)->GetOwnPropertyNames(ContextOf(engine), v8::ALL_PROPERTIES,
                                                            v8::KeyConversionMode::kConvertToString));
}

bool cleat__own_enumerable(CleatEngine* engine, CleatValue* object, CleatValue* key, bool* out) {
  const cleat::Entering entering(engine);
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Value> descriptor;
  v8::Local<v8::Value> enumerable;
  if (!FromC<v8::Object>(object)->GetOwnPropertyDescriptor(context, FromC<v8::Name>(key)).ToLocal(&descriptor)) {
    return false;
  }
  *out = false;
  if (!descriptor->IsObject()) return true;
  // The descriptor is V8's own: it has its own property.
  if (!descriptor.As<v8::Object>()->Get(context, cleat::Interned(engine, "enumerable")).ToLocal(&enumerable)) {
    return false;
  }
  *out = enumerable->IsTrue();
  return true;
}

CleatValue* cleat__prototype(CleatEngine* engine, CleatValue* object) {
  if (FromC(object)->IsProxy()) return cleat__null(engine);
  return ToC(FromC<v8::Object>(object)->GetPrototype());
}

// V8 swallows the exception that says why.
bool cleat__set_prototype(CleatEngine* engine, CleatValue* object, CleatValue* prototype) {
  const cleat::Entering entering(engine);
  if (FromC<v8::Object>(object)->SetPrototype(ContextOf(engine), FromC(prototype)).FromMaybe(false)) return true;
  cleat::Throw(engine->isolate, CLEAT_THROW_TYPE_ERROR, "The prototype of the object cannot be set");
  return false;
}

bool cleat__define(CleatEngine* engine, CleatValue* object, CleatValue* key, CleatValue* value, int attributes) {
  const cleat::Entering entering(engine);
  v8::Local<v8::Object> local = FromC<v8::Object>(object);
  v8::Local<v8::Name> name;
  if (!KeyOf(engine, key).ToLocal(&name)) return false;
  v8::Maybe<bool> defined = attributes == 0 ? local->CreateDataProperty(ContextOf(engine), name, FromC(value))
                                            : local->DefineOwnProperty(ContextOf(engine), name, FromC(value),
                                                                       static_cast<v8::PropertyAttribute>(attributes));
  return Accepted(engine, defined, "The property cannot be defined");
}

CleatValue* cleat__own_descriptor(CleatEngine* engine, CleatValue* object, CleatValue* key) {
  const cleat::Entering entering(engine);
  return ToC(FromC<v8::Object>(object)->GetOwnPropertyDescriptor(ContextOf(engine), FromC<v8::Name>(key)));
}

namespace {

bool DefineAs(CleatEngine* engine, CleatValue* object, CleatValue* key, v8::PropertyDescriptor* descriptor) {
  return Accepted(engine,
                  FromC<v8::Object>(object)->DefineProperty(ContextOf(engine), FromC<v8::Name>(key), *descriptor),
                  "The property cannot be defined");
}

}  // namespace

// What V8 has made of a property has each of its fields as its own.
bool cleat__define_as(CleatEngine* engine, CleatValue* object, CleatValue* key, CleatValue* descriptor) {
  const cleat::Entering entering(engine);
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Object> fields = FromC<v8::Object>(descriptor);
  bool failed = false;
  auto field = [&](const char* name) {
    v8::Local<v8::Value> value = v8::Undefined(engine->isolate);
    failed = !fields->Get(context, cleat::Interned(engine, name)).ToLocal(&value) || failed;
    return value;
  };
  auto define = [&](v8::PropertyDescriptor&& it) {
    it.set_enumerable(field("enumerable")->IsTrue());
    it.set_configurable(field("configurable")->IsTrue());
    return !failed && DefineAs(engine, object, key, &it);
  };
  if (!fields->HasOwnProperty(context, cleat::Interned(engine, "value")).FromMaybe(false)) {
    return define(v8::PropertyDescriptor(field("get"), field("set")));
  }
  return define(v8::PropertyDescriptor(field("value"), field("writable")->IsTrue()));
}

bool cleat__fix_property(CleatEngine* engine, CleatValue* object, CleatValue* key) {
  const cleat::Entering entering(engine);
  bool there = false;
  if (!FromC<v8::Object>(object)->HasOwnProperty(ContextOf(engine), FromC<v8::Name>(key)).To(&there)) return false;
  v8::PropertyDescriptor descriptor;
  descriptor.set_configurable(false);
  return !there || DefineAs(engine, object, key, &descriptor);
}

bool cleat__define_index(CleatEngine* engine, CleatValue* object, uint32_t index, CleatValue* value) {
  const cleat::Entering entering(engine);
  v8::Maybe<bool> defined = FromC<v8::Object>(object)->CreateDataProperty(ContextOf(engine), index, FromC(value));
  return Accepted(engine, defined, "The property cannot be defined");
}

// The descriptor is asked, which tells data from accessors without calling them, and has its value as its own or not at
// all: what scripts put on Object.prototype is not looked at.
CleatValue* cleat__get_own_data(CleatEngine* engine, CleatValue* object, CleatValue* key) {
  const cleat::Entering entering(engine);
  if (FromC(object)->IsProxy()) return nullptr;
  v8::TryCatch catcher(engine->isolate);
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::String> field = cleat::Interned(engine, "value");
  v8::Local<v8::Name> name;
  v8::Local<v8::Value> descriptor;
  v8::Local<v8::Value> value;
  if (KeyOf(engine, key).ToLocal(&name) &&
      FromC<v8::Object>(object)->GetOwnPropertyDescriptor(context, name).ToLocal(&descriptor) &&
      descriptor->IsObject() && descriptor.As<v8::Object>()->HasOwnProperty(context, field).FromMaybe(false) &&
      descriptor.As<v8::Object>()->Get(context, field).ToLocal(&value)) {
    return ToC(value);
  }
  if (catcher.HasTerminated()) cleat::KeepTermination(engine);
  return nullptr;
}

CleatValue* cleat__proxy(CleatEngine* engine, CleatValue* target, CleatValue* handler) {
  return ToC(v8::Proxy::New(ContextOf(engine), FromC<v8::Object>(target), FromC<v8::Object>(handler)));
}

bool cleat__array_index(CleatEngine* engine, CleatValue* key, uint32_t* out) {
  v8::Local<v8::Value> value = FromC(key);
  v8::Local<v8::Uint32> index;
  if (!value->IsString() || !value->ToArrayIndex(ContextOf(engine)).ToLocal(&index)) return false;
  *out = index->Value();
  return true;
}

bool cleat__freeze(CleatEngine* engine, CleatValue* object) {
  const cleat::Entering entering(engine);
  v8::Maybe<bool> frozen = FromC<v8::Object>(object)->SetIntegrityLevel(ContextOf(engine), v8::IntegrityLevel::kFrozen);
  return Accepted(engine, frozen, "The object cannot be frozen");
}

CleatValue* cleat__private_get(CleatEngine* engine, CleatValue* object, const char* name) {
  v8::Local<v8::Private> key = v8::Private::ForApi(engine->isolate, cleat::Interned(engine, name));
  return ToC(FromC<v8::Object>(object)->GetPrivate(ContextOf(engine), key));
}

bool cleat__private_set(CleatEngine* engine, CleatValue* object, const char* name, CleatValue* value) {
  v8::Local<v8::Private> key = v8::Private::ForApi(engine->isolate, cleat::Interned(engine, name));
  return FromC<v8::Object>(object)->SetPrivate(ContextOf(engine), key, FromC(value)).FromMaybe(false);
}

bool cleat__define_lazy(CleatEngine* engine, CleatValue* object, const char* name, int kind, const void* data,
                        int attributes) {
  v8::Maybe<bool> defined = FromC<v8::Object>(object)->SetLazyDataProperty(
      ContextOf(engine), cleat::Name(engine->isolate, name), kComputeLazy[kind], LazyData(engine, data),
      static_cast<v8::PropertyAttribute>(attributes));
  return Accepted(engine, defined, "The property cannot be defined");
}
