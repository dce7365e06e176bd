// Dispatching events: https://dom.spec.whatwg.org/#dispatching-events.
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "cleat/events.h"
#include "listeners.h"

// More are taken for a cycle.
enum { MOST_STEPS = 10000 };

const char cleat__event_target[] = "event target";

// THE PATH

static bool append_step(CleatEnv* env, CleatDispatch* dispatch, CleatValue* value) {
  if (dispatch->count == dispatch->capacity) {
    size_t capacity = dispatch->capacity * 2;
    CleatEventStep* old = dispatch->steps == dispatch->first ? NULL : dispatch->steps;
    CleatEventStep* steps = capacity > MOST_STEPS * 2 ? NULL : realloc(old, capacity * sizeof(*steps));
    if (steps == NULL) {
      cleat_throw_range(env, "The path of an event is too long");
      return false;
    }
    if (old == NULL) memcpy(steps, dispatch->first, sizeof(dispatch->first));
    dispatch->steps = steps;
    dispatch->capacity = capacity;
  }
  CleatEventTarget* target = cleat_unwrap(env, value, &cleat_event_target_class);
  if (target == NULL) {
    cleat_throw_type(env, "What an event is dispatched to is not an EventTarget");
    return false;
  }
  dispatch->steps[dispatch->count++] = (CleatEventStep){value, target};
  return true;
}

// DOM "append to an event path", for `target` and its parents.
static bool make_path(CleatEnv* env, CleatDispatch* dispatch, CleatValue* target) {
  while (target != NULL && append_step(env, dispatch, target)) {
    CleatEventTarget* last = dispatch->steps[dispatch->count - 1].target;
    target = last->get_parent == NULL ? NULL : last->get_parent(env, last, dispatch->event);
  }
  return !env->pending;
}

// CALLING

typedef struct Invocation {
  const CleatDispatch* dispatch;
  CleatValue* callback;
  bool is_handler;
} Invocation;

// HTML "the event handler processing algorithm", for events that are no errors.
static void call_handler(CleatEnv* env, void* data) {
  const Invocation* it = data;
  const CleatDispatch* dispatch = it->dispatch;
  CleatCallback callback = {.value = it->callback};
  CleatInput result;
  if (!cleat_callback_call(env, &callback, dispatch->current->value, 1, &dispatch->value, &result)) return;
  bool is_false = cleat__type(result.value) == CLEAT_TYPE_BOOLEAN && !cleat__boolean_value(env->engine, result.value);
  if (is_false) cleat__event_cancel(dispatch->event);
}

static void call_listener(CleatEnv* env, void* data) {
  const Invocation* it = data;
  const CleatDispatch* dispatch = it->dispatch;
  CleatCallback callback = {.value = it->callback};
  CleatInput result;
  cleat_callback_call_operation(env, &callback, "handleEvent", dispatch->current->value, 1, &dispatch->value, &result);
}

// DOM "inner invoke", of one listener.
static void call_one(CleatEnv* env, const CleatDispatch* dispatch, CleatListener* listener) {
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  Invocation it = {dispatch, cleat_held(env, listener->callback), listener->is_handler};
  if (listener->once) cleat__listener_remove(listener);
  dispatch->event->in_passive_listener = listener->passive;
  CleatError* error = cleat_try(env, it.is_handler ? call_handler : call_listener, &it);
  dispatch->event->in_passive_listener = false;
  if (error != NULL && !env->pending) {
    cleat__report_uncaught(env, error);
  } else {
    cleat_error_free(error);
  }
  cleat__scope_close(env->engine, &scope);
}

// The listeners that are there when a target's turn comes, of those to be called; they may be removed meanwhile.
typedef struct Snapshot {
  CleatListener** items;
  size_t count;
  CleatListener* first[8];
} Snapshot;

static bool is_due(const CleatListener* listener, CleatString type, bool capture) {
  return listener->capture == capture && cleat__listener_is_for(listener, type);
}

static bool take_snapshot(CleatEnv* env, const CleatListeners* list, CleatString type, bool capture, Snapshot* out) {
  size_t count = 0;
  for (const CleatListener* it = list->first; it != NULL; it = it->next) count += is_due(it, type, capture);
  size_t most = sizeof(out->first) / sizeof(out->first[0]);
  out->items = count <= most ? out->first : malloc(count * sizeof(*out->items));
  out->count = 0;
  if (out->items == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  for (CleatListener* it = list->first; it != NULL; it = it->next) {
    if (!is_due(it, type, capture)) continue;
    it->holders++;
    out->items[out->count++] = it;
  }
  return true;
}

// DOM "invoke".
static void invoke(CleatEnv* env, CleatDispatch* dispatch, const CleatEventStep* step, bool capture) {
  CleatEvent* event = dispatch->event;
  if (event->stopped || env->pending) return;
  dispatch->current = step;
  CleatListeners* list = cleat__listeners(env, step->value, false);
  Snapshot snapshot;
  if (list == NULL || !take_snapshot(env, list, event->type, capture, &snapshot)) return;
  for (size_t i = 0; i < snapshot.count; i++) {
    CleatListener* listener = snapshot.items[i];
    bool is_called = listener->list != NULL && !event->stopped_at_once && !env->pending;
    if (is_called) call_one(env, dispatch, listener);
    cleat__listener_release(listener);
  }
  if (snapshot.items != snapshot.first) free(snapshot.items);
}

static void invoke_all(CleatEnv* env, CleatDispatch* dispatch) {
  CleatEvent* event = dispatch->event;
  for (size_t i = dispatch->count; i-- > 0;) {
    event->phase = i == 0 ? CLEAT_EVENT_AT_TARGET : CLEAT_EVENT_CAPTURING_PHASE;
    invoke(env, dispatch, &dispatch->steps[i], true);
  }
  for (size_t i = 0; i < dispatch->count && (i == 0 || event->bubbles); i++) {
    event->phase = i == 0 ? CLEAT_EVENT_AT_TARGET : CLEAT_EVENT_BUBBLING_PHASE;
    invoke(env, dispatch, &dispatch->steps[i], false);
  }
}

bool cleat__dispatch_event(CleatEnv* env, CleatValue* target, CleatValue* value) {
  if (!cleat__ready(env, target) || !cleat__ready(env, value)) return false;
  CleatEvent* event = cleat_unwrap(env, value, &cleat_event_class);
  CleatDispatch dispatch = {
      .event = event, .value = value, .capacity = sizeof(dispatch.first) / sizeof(dispatch.first[0])};
  dispatch.steps = dispatch.first;
  event->dispatch = &dispatch;
  if (cleat__ran(env, cleat__private_set(env->engine, value, cleat__event_target, target)) &&
      make_path(env, &dispatch, target)) {
    invoke_all(env, &dispatch);
  }
  event->dispatch = NULL;
  event->phase = CLEAT_EVENT_NONE;
  event->stopped = false;
  event->stopped_at_once = false;
  if (dispatch.steps != dispatch.first) free(dispatch.steps);
  return !env->pending && !event->canceled;
}

// FROM C

bool cleat_dispatch_event(CleatEnv* env, CleatValue* target, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  if (!cleat__ready(env, target) || !cleat__ready(env, value)) return false;
  CleatEvent* event = cleat_unwrap(env, value, &cleat_event_class);
  if (cleat_unwrap(env, target, &cleat_event_target_class) == NULL) {
    cleat_throw_type(env, "What an event is dispatched to is not an EventTarget");
  } else if (event == NULL) {
    cleat_throw_type(env, "What is dispatched is not an Event");
  } else if (event->dispatch != NULL) {
    cleat_throw_dom(env, "InvalidStateError", "The event is already being dispatched");
  }
  if (env->pending) return false;
  event->is_trusted = true;
  return cleat__dispatch_event(env, target, value);
}

bool cleat_fire_event(CleatEnv* env, const CleatClass* type, void* target, const char* name,
                      const CleatEventInit* init) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return false;
  if (!cleat__class_inherits(type, &cleat_event_target_class)) {
    cleat__misuse(__func__, "%s does not inherit from EventTarget", type->name);
  }
  if (((CleatEventTarget*)target)->get_parent == NULL && !cleat_has_listener(env, type, target, name)) {
    return !env->pending;
  }
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  CleatValue* value = cleat_wrap(env, type, target);
  CleatEvent* event = value == NULL ? NULL : cleat_event_new(env, (CleatString){name, strlen(name)}, init);
  bool is_default = event != NULL && cleat_dispatch_event(env, value, cleat_wrap(env, &cleat_event_class, event));
  cleat__scope_close(env->engine, &scope);
  return is_default;
}
