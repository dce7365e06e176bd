// Reading objects for printing them, without running JavaScript. V8 itself sees to that: see Quiet.

#include "shim_internal.h"

using cleat::FromC;
using cleat::Interned;
using cleat::ToC;

namespace {

// While one lives, what would run JavaScript throws instead, and exceptions end here. A termination is asked for again.
class Quiet {
 public:
  explicit Quiet(CleatEngine* engine)
      : engine(engine),
        context(cleat::ContextOf(engine)),
        catcher_(engine->isolate),
        no_javascript_(engine->isolate, v8::Isolate::DisallowJavascriptExecutionScope::THROW_ON_FAILURE) {}
  ~Quiet() {
    if (catcher_.HasTerminated()) cleat::KeepTermination(engine);
  }

  CleatEngine* const engine;
  const v8::Local<v8::Context> context;

 private:
  v8::TryCatch catcher_;
  v8::Isolate::DisallowJavascriptExecutionScope no_javascript_;
};

// Returns a field of a property descriptor, which has it as its own or not at all; empty for undefined too.
v8::Local<v8::Value> Field(const Quiet& quiet, v8::Local<v8::Object> descriptor, const char* name) {
  v8::Local<v8::String> key = Interned(quiet.engine, name);
  v8::Local<v8::Value> value;
  if (!descriptor->HasOwnProperty(quiet.context, key).FromMaybe(false)) return {};
  if (!descriptor->Get(quiet.context, key).ToLocal(&value)) return {};
  return value;
}

bool OwnProperty(const Quiet& quiet, v8::Local<v8::Object> object, v8::Local<v8::Name> key, CleatProperty* out) {
  v8::Local<v8::Value> found;
  if (object->IsProxy()) return false;
  if (!object->GetOwnPropertyDescriptor(quiet.context, key).ToLocal(&found) || !found->IsObject()) return false;
  v8::Local<v8::Object> descriptor = found.As<v8::Object>();
  v8::Local<v8::Value> value = Field(quiet, descriptor, "value");
  v8::Local<v8::Value> get = Field(quiet, descriptor, "get");
  v8::Local<v8::Value> set = Field(quiet, descriptor, "set");
  v8::Local<v8::Value> enumerable = Field(quiet, descriptor, "enumerable");
  out->value = value.IsEmpty() ? nullptr : ToC(value);
  out->has_get = !get.IsEmpty() && get->IsFunction();
  out->has_set = !set.IsEmpty() && set->IsFunction();
  out->enumerable = !enumerable.IsEmpty() && enumerable->IsTrue();
  return true;
}

// The prototypes looked at; nobody has more but to make others wait.
constexpr int kMostPrototypes = 1000;

// Finds `key` on the object and its prototypes. Stores NULL where there is none; returns false where JavaScript would
// have to run to know: at an accessor and at a proxy.
bool Lookup(const Quiet& quiet, v8::Local<v8::Object> object, v8::Local<v8::Name> key, CleatValue** out) {
  *out = nullptr;
  v8::Local<v8::Value> place = object;
  for (int count = 0; place->IsObject(); count++) {
    CleatProperty property;
    if (place->IsProxy() || count == kMostPrototypes) return false;
    if (OwnProperty(quiet, place.As<v8::Object>(), key, &property)) {
      *out = property.value;
      return property.value != nullptr;
    }
    place = place.As<v8::Object>()->GetPrototype();
  }
  return true;
}

// Returns whether V8 can make a text of property `name` without running JavaScript.
bool IsPlainText(const Quiet& quiet, v8::Local<v8::Object> object, const char* name) {
  CleatValue* value;
  if (!Lookup(quiet, object, Interned(quiet.engine, name), &value)) return false;
  return value == nullptr || !FromC(value)->IsObject();
}

// Returns whether Error.prepareStackTrace is in the way of reading a stack.
bool HasPrepareStackTrace(const Quiet& quiet) {
  v8::Local<v8::Value> error = v8::Exception::Error(v8::String::Empty(quiet.engine->isolate));
  CleatValue* constructor;
  CleatValue* prepare;
  if (!Lookup(quiet, error.As<v8::Object>(), Interned(quiet.engine, "constructor"), &constructor)) return true;
  if (constructor == nullptr || !FromC(constructor)->IsObject()) return true;
  if (!Lookup(quiet, FromC<v8::Object>(constructor), Interned(quiet.engine, "prepareStackTrace"), &prepare))
    return true;
  return prepare != nullptr && FromC(prepare)->IsFunction();
}

}  // namespace

CleatShape cleat__shape(CleatValue* object) {
  v8::Local<v8::Value> value = FromC(object);
  if (value->IsProxy()) return CLEAT_SHAPE_PROXY;
  if (value->IsFunction()) return CLEAT_SHAPE_FUNCTION;
  if (value->IsArray()) return CLEAT_SHAPE_ARRAY;
  if (value->IsNativeError()) return CLEAT_SHAPE_ERROR;
  if (value->IsDate()) return CLEAT_SHAPE_DATE;
  if (value->IsRegExp()) return CLEAT_SHAPE_REGEXP;
  if (value->IsMap()) return CLEAT_SHAPE_MAP;
  if (value->IsSet()) return CLEAT_SHAPE_SET;
  if (value->IsWeakMap() || value->IsWeakSet()) return CLEAT_SHAPE_WEAK_COLLECTION;
  if (value->IsMapIterator()) return CLEAT_SHAPE_MAP_ITERATOR;
  if (value->IsSetIterator()) return CLEAT_SHAPE_SET_ITERATOR;
  if (value->IsPromise()) return CLEAT_SHAPE_PROMISE;
  if (value->IsArrayBuffer() || value->IsSharedArrayBuffer()) return CLEAT_SHAPE_ARRAY_BUFFER;
  if (value->IsTypedArray()) return CLEAT_SHAPE_TYPED_ARRAY;
  if (value->IsDataView()) return CLEAT_SHAPE_DATA_VIEW;
  if (value->IsArgumentsObject()) return CLEAT_SHAPE_ARGUMENTS;
  if (value->IsNumberObject() || value->IsStringObject() || value->IsBooleanObject() || value->IsSymbolObject() ||
      value->IsBigIntObject()) {
    return CLEAT_SHAPE_BOXED;
  }
  return CLEAT_SHAPE_OBJECT;
}

bool cleat__own_property(CleatEngine* engine, CleatValue* object, CleatValue* key, CleatProperty* out) {
  Quiet quiet(engine);
  v8::Local<v8::Value> name = FromC(key);
  if (name->IsUint32()) {
    uint32_t index = name.As<v8::Uint32>()->Value();
    if (!FromC<v8::Object>(object)->HasRealIndexedProperty(quiet.context, index).FromMaybe(false)) return false;
    v8::Local<v8::String> text;
    if (!name->ToString(quiet.context).ToLocal(&text)) return false;
    name = text;
  }
  return OwnProperty(quiet, FromC<v8::Object>(object), name.As<v8::Name>(), out);
}

CleatValue* cleat__own_names(CleatEngine* engine, CleatValue* object, bool indices) {
  Quiet quiet(engine);
  if (FromC(object)->IsProxy()) return nullptr;
  return ToC(FromC<v8::Object>(object)->GetPropertyNames(
      quiet.context, v8::KeyCollectionMode::kOwnOnly, v8::ONLY_ENUMERABLE,
      indices ? v8::IndexFilter::kIncludeIndices : v8::IndexFilter::kSkipIndices,
      v8::KeyConversionMode::kConvertToString));
}

CleatValue* cleat__own_indices(CleatEngine* engine, CleatValue* object) {
  Quiet quiet(engine);
  v8::Local<v8::Array> keys;
  if (FromC(object)->IsProxy()) return nullptr;
  if (!FromC<v8::Object>(object)
           ->GetPropertyNames(quiet.context, v8::KeyCollectionMode::kOwnOnly,
                              static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS),
                              v8::IndexFilter::kIncludeIndices, v8::KeyConversionMode::kKeepNumbers)
           .ToLocal(&keys)) {
    return nullptr;
  }
  return ToC(keys);
}

CleatValue* cleat__lookup_data(CleatEngine* engine, CleatValue* object, CleatValue* key) {
  Quiet quiet(engine);
  CleatValue* value;
  Lookup(quiet, FromC<v8::Object>(object), FromC<v8::Name>(key), &value);
  return value;
}

CleatValue* cleat__preview(CleatEngine* engine, CleatValue* object, bool* pairs) {
  Quiet quiet(engine);
  *pairs = false;
  return ToC(FromC<v8::Object>(object)->PreviewEntries(pairs));
}

CleatValue* cleat__proxy_target(CleatValue* proxy) {
  v8::Local<v8::Value> target = FromC<v8::Proxy>(proxy)->GetTarget();
  return target->IsObject() ? ToC(target) : nullptr;
}

CleatValue* cleat__proxy_handler(CleatValue* proxy) {
  v8::Local<v8::Value> handler = FromC<v8::Proxy>(proxy)->GetHandler();
  return handler->IsObject() ? ToC(handler) : nullptr;
}

CleatValue* cleat__unboxed(CleatEngine* engine, CleatValue* boxed) {
  v8::Local<v8::Value> value = FromC(boxed);
  if (value->IsNumberObject()) return ToC(v8::Number::New(engine->isolate, value.As<v8::NumberObject>()->ValueOf()));
  if (value->IsStringObject()) return ToC(value.As<v8::StringObject>()->ValueOf());
  if (value->IsBooleanObject()) return ToC(v8::Boolean::New(engine->isolate, value.As<v8::BooleanObject>()->ValueOf()));
  if (value->IsSymbolObject()) return ToC(value.As<v8::SymbolObject>()->ValueOf());
  return ToC(value.As<v8::BigIntObject>()->ValueOf());
}

size_t cleat__view_extent(CleatEngine*, CleatValue* value, size_t* byte_length, size_t* byte_offset,
                          CleatValue** buffer) {
  v8::Local<v8::ArrayBufferView> view = FromC<v8::ArrayBufferView>(value);
  *byte_length = view->ByteLength();
  *byte_offset = view->ByteOffset();
  *buffer = ToC(view->Buffer());
  return view->IsTypedArray() ? view.As<v8::TypedArray>()->Length() : 0;
}

CleatValue* cleat__symbol_description(CleatEngine* engine, CleatValue* symbol) {
  v8::Local<v8::Value> text = FromC<v8::Symbol>(symbol)->Description(engine->isolate);
  return text->IsString() ? ToC(text) : nullptr;
}

CleatValue* cleat__primitive_text(CleatEngine* engine, CleatValue* primitive) {
  Quiet quiet(engine);
  return ToC(FromC(primitive)->ToString(quiet.context));
}

// V8 calls its own Function.prototype.toString for it, which is no JavaScript of a script but looks like it to Quiet.
CleatValue* cleat__function_source(CleatEngine* engine, CleatValue* function) {
  v8::TryCatch catcher(engine->isolate);
  CleatValue* source = ToC(FromC<v8::Function>(function)->FunctionProtoToString(cleat::ContextOf(engine)));
  if (catcher.HasTerminated()) cleat::KeepTermination(engine);
  return source;
}

CleatValue* cleat__safe_stack(CleatEngine* engine, CleatValue* value) {
  Quiet quiet(engine);
  v8::Local<v8::Object> error = FromC<v8::Object>(value);
  if (!IsPlainText(quiet, error, "name") || !IsPlainText(quiet, error, "message")) return nullptr;
  CleatProperty stack;
  if (HasPrepareStackTrace(quiet) || !OwnProperty(quiet, error, Interned(quiet.engine, "stack"), &stack))
    return nullptr;
  return stack.value != nullptr && FromC(stack.value)->IsString() ? stack.value : nullptr;
}

CleatFunctionKind cleat__function_kind(CleatValue* function) {
  v8::Local<v8::Value> value = FromC(function);
  bool async = value->IsAsyncFunction();  // async generators too
  bool generator = value->IsGeneratorFunction();
  if (async) return generator ? CLEAT_FUNCTION_ASYNC_GENERATOR : CLEAT_FUNCTION_ASYNC;
  return generator ? CLEAT_FUNCTION_GENERATOR : CLEAT_FUNCTION_PLAIN;
}
