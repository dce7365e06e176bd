// Kept values: handles that outlive scopes, strong or weak.

#include <new>

#include "shim_internal.h"

struct CleatHandle {
  CleatEngine* engine;
  v8::Global<v8::Value> value;
  void (*collected)(void* data);
  void* data;
};

namespace {

// V8 asks that the handle be reset here and forbids all else. `collected` may free the handle.
void OnCollected(const v8::WeakCallbackInfo<CleatHandle>& info) {
  CleatHandle* handle = info.GetParameter();
  handle->value.Reset();
  handle->collected(handle->data);
}

}  // namespace

CleatHandle* cleat__handle_new(CleatEngine* engine, CleatValue* value) {
  CleatHandle* handle = new (std::nothrow) CleatHandle{engine, {}, nullptr, nullptr};
  if (handle != nullptr) handle->value.Reset(engine->isolate, cleat::FromC(value));
  return handle;
}

CleatValue* cleat__handle_value(CleatEngine* engine, const CleatHandle* handle) {
  return cleat::ToC(handle->value.Get(engine->isolate));
}

CleatHandle* cleat__handle_place(CleatEngine* engine, CleatHandleSpace* space, CleatValue* value) {
  static_assert(sizeof(CleatHandle) <= sizeof(CleatHandleSpace));
  auto* handle = ::new (space) CleatHandle{engine, {}, nullptr, nullptr};
  handle->value.Reset(engine->isolate, cleat::FromC(value));
  return handle;
}

void cleat__handle_clear(CleatHandle* handle) {
  if (handle->engine->abandoned) cleat::Forget(&handle->value);
  handle->~CleatHandle();
}

void cleat__handle_free(CleatHandle* handle) {
  if (handle != nullptr && handle->engine->abandoned) cleat::Forget(&handle->value);
  delete handle;
}

void cleat__handle_set_weak(CleatHandle* handle, void (*collected)(void* data), void* data) {
  handle->collected = collected;
  handle->data = data;
  handle->value.SetWeak(handle, OnCollected, v8::WeakCallbackType::kParameter);
}

void cleat__handle_set_strong(CleatHandle* handle) { handle->value.ClearWeak(); }
