// What ECMAScript made, found behind the back of scripts: intrinsic objects and well-known symbols.

#include "shim_internal.h"

namespace {

using cleat::ContextOf;
using cleat::ToC;

v8::Intrinsic IntrinsicOf(CleatIntrinsic which) {
  switch (which) {
    case CLEAT_ARRAY_ENTRIES:
      return v8::kArrayProto_entries;
    case CLEAT_ARRAY_FOR_EACH:
      return v8::kArrayProto_forEach;
    case CLEAT_ARRAY_KEYS:
      return v8::kArrayProto_keys;
    case CLEAT_ARRAY_VALUES:
      return v8::kArrayProto_values;
    case CLEAT_INTRINSIC_ERROR:
      return v8::kErrorPrototype;
    case CLEAT_INTRINSIC_ITERATOR:
      return v8::kIteratorPrototype;
    case CLEAT_INTRINSIC_ASYNC_ITERATOR:
      break;
  }
  return v8::kAsyncIteratorPrototype;
}

}  // namespace

// V8 gives them to templates only.
CleatValue* cleat__intrinsic(CleatEngine* engine, CleatIntrinsic which) {
  v8::Local<v8::ObjectTemplate> template_ = v8::ObjectTemplate::New(engine->isolate);
  v8::Local<v8::String> key = cleat::Interned(engine, "it");
  template_->SetIntrinsicDataProperty(key, IntrinsicOf(which));
  v8::Local<v8::Object> holder;
  if (!template_->NewInstance(ContextOf(engine)).ToLocal(&holder)) return nullptr;
  return ToC(holder->Get(ContextOf(engine), key));
}

void cleat__template_intrinsic(CleatTemplate* template_, const char* name, CleatIntrinsic which) {
  v8::Isolate* isolate = template_->engine->isolate;
  v8::HandleScope scope(isolate);
  v8::Local<v8::ObjectTemplate> prototype = cleat::Borrow(template_->function)->PrototypeTemplate();
  if (name == nullptr) {
    prototype->SetIntrinsicDataProperty(v8::Symbol::GetIterator(isolate), IntrinsicOf(which), v8::DontEnum);
  } else {
    prototype->SetIntrinsicDataProperty(cleat::Interned(template_->engine, name), IntrinsicOf(which));
  }
}

CleatValue* cleat__symbol_iterator(CleatEngine* engine) { return ToC(v8::Symbol::GetIterator(engine->isolate)); }

CleatValue* cleat__symbol_async_iterator(CleatEngine* engine) {
  return ToC(v8::Symbol::GetAsyncIterator(engine->isolate));
}

CleatValue* cleat__symbol_to_string_tag(CleatEngine* engine) {
  return ToC(v8::Symbol::GetToStringTag(engine->isolate));
}

CleatValue* cleat__symbol(CleatEngine* engine, const char* description) {
  return ToC(v8::Symbol::New(engine->isolate, cleat::Interned(engine, description)));
}

CleatValue* cleat__symbol_unscopables(CleatEngine* engine) { return ToC(v8::Symbol::GetUnscopables(engine->isolate)); }
