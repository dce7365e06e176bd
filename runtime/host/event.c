// Event and CustomEvent: https://dom.spec.whatwg.org/#interface-event.
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "cleat/events.h"
#include "listeners.h"

struct CleatCustomEvent {
  CleatEvent base;
  CleatRef* detail;  // kept in the event; NULL for null
};

// MAKING

static bool set_type(CleatEnv* env, CleatEvent* event, CleatString type) {
  char* data = malloc(type.length + 1);
  if (data == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  memcpy(data, type.data, type.length);
  data[type.length] = '\0';
  free((char*)event->type.data);
  event->type = (CleatString){data, type.length};
  return true;
}

bool cleat_event_open(CleatEnv* env, CleatEvent* event, CleatString type, const CleatEventInit* init) {
  CLEAT_CHECK_ENV(env);
  if (env->pending || !set_type(env, event, type)) return false;
  event->time_stamp = (double)(uv_hrtime() - env->performance.opened) / 1e6;
  if (init == NULL) return true;
  event->bubbles = init->bubbles;
  event->cancelable = init->cancelable;
  event->composed = init->composed;
  return true;
}

void cleat_event_close(CleatEvent* event) {
  free((char*)event->type.data);
  event->type = (CleatString){NULL, 0};
}

// Returns `size` bytes that begin with an event; NULL, having thrown, when memory is short.
static void* make(CleatEnv* env, size_t size, CleatString type, const CleatEventInit* init) {
  CleatEvent* event = calloc(1, size);
  if (event == NULL) {
    cleat_throw_range(env, "out of memory");
  } else if (!cleat_event_open(env, event, type, init)) {
    free(event);
    return NULL;
  }
  return event;
}

CleatEvent* cleat_event_new(CleatEnv* env, CleatString type, const CleatEventInit* init) {
  return make(env, sizeof(CleatEvent), type, init);
}

// The type alone can be large; where it is not, nothing is to be counted.
size_t cleat_event_external_memory(const CleatEvent* self) { return self->type.length < 256 ? 0 : self->type.length; }

void cleat_event_finalize(CleatEvent* self) {
  cleat_event_close(self);
  free(self);
}

// EVENT

CleatString cleat_event_get_type(CleatEvent* self) { return self->type; }
// The wrapper has that of the target, which may have been disposed since.
CleatEventTarget* cleat_event_get_target(CleatEnv* env, CleatEvent* self) {
  CLEAT_CHECK_ENV(env);
  CleatValue* wrapper = cleat__find_wrapper(env, &cleat_event_class, self);
  CleatValue* target = wrapper == NULL ? NULL : cleat__private_get(env->engine, wrapper, cleat__event_target);
  return cleat_unwrap(env, target, &cleat_event_target_class);
}

CleatEventTarget* cleat_event_get_src_element(CleatEnv* env, CleatEvent* self) {
  return cleat_event_get_target(env, self);
}

CleatEventTarget* cleat_event_get_current_target(CleatEvent* self) {
  const CleatDispatch* dispatch = self->dispatch;
  return dispatch == NULL || dispatch->current == NULL ? NULL : dispatch->current->target;
}

CleatEventTargetSequence cleat_event_composed_path(CleatEnv* env, CleatEvent* self) {
  const CleatDispatch* dispatch = self->dispatch;
  size_t count = dispatch == NULL ? 0 : dispatch->count;
  CleatEventTarget** targets = cleat_allocate(env, (count + 1) * sizeof(*targets));
  if (targets == NULL) return (CleatEventTargetSequence){NULL, 0};
  for (size_t i = 0; i < count; i++) targets[i] = dispatch->steps[i].target;
  return (CleatEventTargetSequence){targets, count};
}

uint16_t cleat_event_get_event_phase(CleatEvent* self) { return self->phase; }

void cleat_event_stop_propagation(CleatEvent* self) { self->stopped = true; }
bool cleat_event_get_cancel_bubble(CleatEvent* self) { return self->stopped; }
void cleat_event_set_cancel_bubble(CleatEvent* self, bool cancel_bubble) { self->stopped |= cancel_bubble; }

void cleat_event_stop_immediate_propagation(CleatEvent* self) {
  self->stopped = true;
  self->stopped_at_once = true;
}

bool cleat_event_get_bubbles(CleatEvent* self) { return self->bubbles; }
bool cleat_event_get_cancelable(CleatEvent* self) { return self->cancelable; }

void cleat_event_prevent_default(CleatEvent* self) { cleat__event_cancel(self); }
bool cleat_event_get_return_value(CleatEvent* self) { return !self->canceled; }

void cleat_event_set_return_value(CleatEvent* self, bool return_value) {
  if (!return_value) cleat__event_cancel(self);
}

bool cleat_event_get_default_prevented(CleatEvent* self) { return self->canceled; }
bool cleat_event_get_composed(CleatEvent* self) { return self->composed; }
bool cleat_event_get_is_trusted(CleatEvent* self) { return self->is_trusted; }
double cleat_event_get_time_stamp(CleatEvent* self) { return self->time_stamp; }

// DOM "initialize".
void cleat_event_init_event(CleatEnv* env, CleatEvent* self, CleatString type, bool bubbles, bool cancelable) {
  if (self->dispatch != NULL || !set_type(env, self, type)) return;
  self->stopped = false;
  self->stopped_at_once = false;
  self->canceled = false;
  self->is_trusted = false;
  CleatValue* wrapper = cleat__find_wrapper(env, &cleat_event_class, self);
  if (wrapper != NULL) {
    CleatValue* none = cleat__undefined(env->engine);
    cleat__ran(env, cleat__private_set(env->engine, wrapper, cleat__event_target, none));
  }
  self->bubbles = bubbles;
  self->cancelable = cancelable;
}

// CUSTOMEVENT

static void set_detail(CleatEnv* env, CleatCustomEvent* self, CleatValue* detail) {
  CleatRef* kept = NULL;
  if (detail != NULL && cleat__type(detail) != CLEAT_TYPE_NULL) {
    kept = cleat_hold_in(env, &cleat_custom_event_class, self, detail);
    if (kept == NULL) return;
  }
  cleat_ref_free(self->detail);
  self->detail = kept;
}

CleatCustomEvent* cleat_custom_event_new(CleatEnv* env, CleatString type, const CleatCustomEventInit* init) {
  CleatCustomEvent* self = make(env, sizeof(*self), type, init == NULL ? NULL : &init->base);
  // Keeping the detail wraps it, or finalizes it where that fails: it is JavaScript's then, in any case.
  if (self != NULL && init != NULL) set_detail(env, self, init->detail);
  return env->pending ? NULL : self;
}

void cleat_custom_event_finalize(CleatCustomEvent* self) {
  cleat_ref_free(self->detail);
  cleat_event_finalize(&self->base);
}

CleatValue* cleat_custom_event_get_detail(CleatEnv* env, CleatCustomEvent* self) {
  CLEAT_CHECK_ENV(env);
  return self->detail == NULL ? cleat_null(env) : cleat_held(env, self->detail);
}

void cleat_custom_event_init_custom_event(CleatEnv* env, CleatCustomEvent* self, CleatString type, bool bubbles,
                                          bool cancelable, CleatValue* detail) {
  if (self->base.dispatch != NULL) return;
  cleat_event_init_event(env, &self->base, type, bubbles, cancelable);
  set_detail(env, self, detail);
}
