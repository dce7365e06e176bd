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

// WEAK HANDLES

namespace {

static_assert(sizeof(v8::Global<v8::Value>) == sizeof(void*));

v8::Global<v8::Value>* GlobalOf(CleatWeak* weak) { return reinterpret_cast<v8::Global<v8::Value>*>(&weak->reserved); }

const v8::Global<v8::Value>& GlobalOf(const CleatWeak* weak) {
  return *reinterpret_cast<const v8::Global<v8::Value>*>(&weak->reserved);
}

void OnWeakCollected(const v8::WeakCallbackInfo<CleatWeak>& info) {
  CleatWeak* weak = info.GetParameter();
  GlobalOf(weak)->Reset();
  weak->owner->collected(weak->owner, weak);
}

}  // namespace

void cleat__weak_set(CleatEngine* engine, CleatWeak* weak, CleatValue* value, CleatWeakOwner* owner) {
  auto* global = ::new (&weak->reserved) v8::Global<v8::Value>(engine->isolate, cleat::FromC(value));
  weak->owner = owner;
  global->SetWeak(weak, OnWeakCollected, v8::WeakCallbackType::kParameter);
}

CleatValue* cleat__weak_value(CleatEngine* engine, const CleatWeak* weak) {
  return cleat::ToC(GlobalOf(weak).Get(engine->isolate));
}

bool cleat__weak_is_empty(const CleatWeak* weak) { return GlobalOf(weak).IsEmpty(); }

void cleat__weak_clear(CleatEngine* engine, CleatWeak* weak) {
  if (engine->abandoned) {
    cleat::Forget(GlobalOf(weak));
  } else {
    GlobalOf(weak)->Reset();
  }
}
