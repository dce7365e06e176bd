// Objects of one shape, as dictionaries are: each is a copy of the first, whose properties are there already. To define
// properties anew takes V8 several times as long.

#include "shim_internal.h"

using cleat::Borrow;
using cleat::ContextOf;
using cleat::FromC;
using cleat::ToC;

namespace cleat {

struct Shape {
  v8::Global<v8::Object> first;  // no script sees it
  std::vector<v8::Global<v8::String>> keys;
};

class Shapes {
 public:
  // Returns the shape that `id` stands for; nullptr, with an exception, where it cannot be made.
  const Shape* Find(CleatEngine* engine, const void* id, const char* const* names, size_t count) {
    if (id == last_id_) return last_;
    std::unique_ptr<Shape>& shape = shapes_[id];
    if (shape == nullptr) shape = Make(engine, names, count);
    if (shape == nullptr) return nullptr;
    last_id_ = id;
    return last_ = shape.get();
  }

 private:
  // A small integer first, then something else: from then on V8 expects nothing of a property's values, and need not
  // change the shape when others come.
  static std::unique_ptr<Shape> Make(CleatEngine* engine, const char* const* names, size_t count) {
    v8::Isolate* isolate = engine->isolate;
    v8::HandleScope scope(isolate);
    auto shape = std::make_unique<Shape>();
    v8::Local<v8::Object> first = v8::Object::New(isolate);
    for (size_t i = 0; i < count; i++) {
      v8::Local<v8::String> key = cleat::Interned(engine, names[i]);
      shape->keys.emplace_back(isolate, key);
      for (v8::Local<v8::Value> value :
           {v8::Integer::New(isolate, 0).As<v8::Value>(), v8::Undefined(isolate).As<v8::Value>()}) {
        if (first->CreateDataProperty(ContextOf(engine), key, value).IsNothing()) return nullptr;
      }
    }
    shape->first.Reset(isolate, first);
    return shape;
  }

  const void* last_id_ = nullptr;
  const Shape* last_ = nullptr;
  std::unordered_map<const void*, std::unique_ptr<Shape>> shapes_;
};

void FreeShapes(CleatEngine* engine) {
  delete engine->shapes;
  engine->shapes = nullptr;
}

}  // namespace cleat

CleatValue* cleat__shaped_object(CleatEngine* engine, const void* shape, const char* const* names,
                                 CleatValue* const* values, size_t count) {
  if (engine->shapes == nullptr) engine->shapes = new cleat::Shapes;
  const cleat::Shape* found = engine->shapes->Find(engine, shape, names, count);
  if (found == nullptr) return nullptr;
  bool complete = true;
  for (size_t i = 0; i < count; i++) complete = complete && values[i] != nullptr;
  v8::Local<v8::Context> context = ContextOf(engine);
  v8::Local<v8::Object> object = complete ? Borrow(found->first)->Clone() : v8::Object::New(engine->isolate);
  for (size_t i = 0; i < count; i++) {
    if (values[i] == nullptr) continue;
    if (object->CreateDataProperty(context, Borrow(found->keys[i]), FromC(values[i])).IsNothing()) return nullptr;
  }
  return ToC(object);
}
