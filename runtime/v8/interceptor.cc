// Objects whose properties C answers for: V8's interceptors, as six questions that the core answers.

#include "shim_internal.h"

namespace {

using cleat::FromC;
using cleat::ToC;

// Calls body(interceptor, access); where the engine is closed V8 does what it does with any object.
template <class T, class Body>
void Ask(const v8::PropertyCallbackInfo<T>& info, Body body) {
  cleat::Visit(info.GetIsolate(), info.Data(), [&](CleatEngine* engine, void* data) {
    const CleatAccess access = {engine->host.data, data, ToC(info.Holder()), ToC(info.This()),
                                info.ShouldThrowOnError()};
    body(engine->host.interceptor, &access);
  });
}

void ReturnAttributes(const v8::PropertyCallbackInfo<v8::Integer>& info, int attributes) {
  info.GetReturnValue().Set(attributes);
}

CleatKey KeyOf(uint32_t index) { return {nullptr, index}; }
CleatKey KeyOf(v8::Local<v8::Name> name) { return {ToC(name), 0}; }

template <class Key>
void Getter(Key key, const v8::PropertyCallbackInfo<v8::Value>& info) {
  Ask(info, [&](const CleatInterceptor* it, const CleatAccess* access) {
    CleatValue* value = nullptr;
    int attributes;
    if (it->get(access, KeyOf(key), &value, &attributes)) info.GetReturnValue().Set(FromC(value));
  });
}

template <class Key>
void Query(Key key, const v8::PropertyCallbackInfo<v8::Integer>& info) {
  Ask(info, [&](const CleatInterceptor* it, const CleatAccess* access) {
    int attributes;
    if (it->get(access, KeyOf(key), nullptr, &attributes)) ReturnAttributes(info, attributes);
  });
}

template <class Key>
void Setter(Key key, v8::Local<v8::Value> value, const v8::PropertyCallbackInfo<v8::Value>& info) {
  Ask(info, [&](const CleatInterceptor* it, const CleatAccess* access) {
    if (it->set(access, KeyOf(key), ToC(value))) info.GetReturnValue().Set(value);
  });
}

template <class Key>
void Definer(Key key, const v8::PropertyDescriptor& descriptor, const v8::PropertyCallbackInfo<v8::Value>& info) {
  Ask(info, [&](const CleatInterceptor* it, const CleatAccess* access) {
    bool is_data = descriptor.has_value() || descriptor.has_writable();
    v8::Local<v8::Value> value = v8::Undefined(info.GetIsolate());
    if (descriptor.has_value()) value = descriptor.value();
    if (it->define(access, KeyOf(key), is_data ? ToC(value) : nullptr)) info.GetReturnValue().Set(value);
  });
}

template <class Key>
void Deleter(Key key, const v8::PropertyCallbackInfo<v8::Boolean>& info) {
  Ask(info, [&](const CleatInterceptor* it, const CleatAccess* access) {
    bool deleted = false;
    if (it->remove(access, KeyOf(key), &deleted)) info.GetReturnValue().Set(deleted);
  });
}

template <bool kIndices>
void Enumerator(const v8::PropertyCallbackInfo<v8::Array>& info) {
  Ask(info, [&](const CleatInterceptor* it, const CleatAccess* access) {
    CleatValue* keys = it->keys(access, kIndices);
    if (keys != nullptr) info.GetReturnValue().Set(FromC<v8::Array>(keys));
  });
}

template <class Key>
void AddReferences(std::vector<intptr_t>* references) {
  references->push_back(reinterpret_cast<intptr_t>(Getter<Key>));
  references->push_back(reinterpret_cast<intptr_t>(Setter<Key>));
  references->push_back(reinterpret_cast<intptr_t>(Query<Key>));
  references->push_back(reinterpret_cast<intptr_t>(Deleter<Key>));
  references->push_back(reinterpret_cast<intptr_t>(Definer<Key>));
}

}  // namespace

namespace cleat {

void AddInterceptorReferences(std::vector<intptr_t>* references) {
  AddReferences<uint32_t>(references);
  AddReferences<v8::Local<v8::Name>>(references);
  references->push_back(reinterpret_cast<intptr_t>(Enumerator<true>));
  references->push_back(reinterpret_cast<intptr_t>(Enumerator<false>));
}

}  // namespace cleat

namespace {

void Intercept(CleatEngine* engine, v8::Local<v8::ObjectTemplate> instances, const void* data) {
  v8::Local<v8::Value> origin = cleat::NewOrigin(engine, data);
  using Name = v8::Local<v8::Name>;
  instances->SetHandler(v8::IndexedPropertyHandlerConfiguration(Getter<uint32_t>, Setter<uint32_t>, Query<uint32_t>,
                                                                Deleter<uint32_t>, Enumerator<true>, Definer<uint32_t>,
                                                                nullptr, origin));
  instances->SetHandler(v8::NamedPropertyHandlerConfiguration(Getter<Name>, Setter<Name>, Query<Name>, Deleter<Name>,
                                                              Enumerator<false>, Definer<Name>, nullptr, origin,
                                                              v8::PropertyHandlerFlags::kOnlyInterceptStrings));
}

}  // namespace

void cleat__template_intercept(CleatTemplate* template_, const void* data) {
  v8::HandleScope scope(template_->engine->isolate);
  Intercept(template_->engine, cleat::Borrow(template_->instances), data);
}

// The global object itself is behind the proxy that scripts have for it. Its prototype is what the standard calls the
// interface prototype object; where it has none of its own, it inherits from the names itself.
CleatValue* cleat__heir_of_names(CleatEngine* engine) {
  v8::Local<v8::Object> global = cleat::ContextOf(engine)->Global()->GetPrototype().As<v8::Object>();
  v8::Local<v8::Value> parent = global->GetPrototype();
  const bool has_own = parent->IsObject() && parent.As<v8::Object>()->GetPrototype()->IsObject();
  return ToC(has_own ? parent : global.As<v8::Value>());
}

bool cleat__inherit_names(CleatEngine* engine, CleatValue* heir, const char* name, const void* data) {
  v8::Isolate* isolate = engine->isolate;
  v8::Local<v8::Context> context = cleat::ContextOf(engine);
  v8::HandleScope scope(isolate);
  v8::Local<v8::FunctionTemplate> template_ = v8::FunctionTemplate::New(isolate);
  v8::Local<v8::ObjectTemplate> instances = template_->InstanceTemplate();
  Intercept(engine, instances, data);
  instances->SetImmutableProto();
  instances->Set(v8::Symbol::GetToStringTag(isolate), cleat::Name(isolate, name),
                 static_cast<v8::PropertyAttribute>(v8::ReadOnly | v8::DontEnum));
  v8::Local<v8::Function> function;
  v8::Local<v8::Object> object;
  // What is made has the prototype that its constructor says then.
  return template_->GetFunction(context).ToLocal(&function) &&
         function->Set(context, cleat::Interned(engine, "prototype"), FromC<v8::Object>(heir)->GetPrototype())
             .FromMaybe(false) &&
         instances->NewInstance(context).ToLocal(&object) && cleat__set_prototype(engine, heir, ToC(object));
}

bool cleat__has_real_property(CleatEngine* engine, CleatValue* object, CleatValue* name, bool* out) {
  const cleat::Entering entering(engine);
  return FromC<v8::Object>(object)->HasRealNamedProperty(cleat::ContextOf(engine), FromC<v8::Name>(name)).To(out);
}

bool cleat__has_own(CleatEngine* engine, CleatValue* object, CleatValue* name, bool* out) {
  const cleat::Entering entering(engine);
  return FromC<v8::Object>(object)->HasOwnProperty(cleat::ContextOf(engine), FromC<v8::Name>(name)).To(out);
}
