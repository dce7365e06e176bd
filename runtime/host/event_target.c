// EventTarget: https://dom.spec.whatwg.org/#interface-eventtarget. Listeners are C structs in a list; the list is a
// native object that the wrapper of the target keeps, and that keeps the callbacks, so that a target, its listeners and
// all that these refer to are collected together.
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "cleat/events.h"
#include "listeners.h"

static const char kListeners[] = "event listeners";

// THE LIST

void cleat__listener_release(CleatListener* listener) {
  if (--listener->holders == 0) free(listener);
}

// Of a listener with a type of `length` bytes.
static size_t size_of(size_t length) { return sizeof(CleatListener) + length + 1; }

// Takes it out of the list, which does not tell.
static void take_out(CleatListener* listener) {
  CleatListeners* list = listener->list;
  *(listener->previous != NULL ? &listener->previous->next : &list->first) = listener->next;
  *(listener->next != NULL ? &listener->next->previous : &list->last) = listener->previous;
  listener->list = NULL;
  list->bytes -= size_of(listener->length);
  cleat_abort_algorithm_remove(listener->algorithm);
  cleat_ref_free(listener->callback);
  listener->callback = NULL;
}

static bool has_type(const CleatListeners* list, CleatString type) {
  const CleatListener* it = list->first;
  while (it != NULL && !cleat__listener_is_for(it, type)) it = it->next;
  return it != NULL;
}

static CleatString type_of(const CleatListener* listener) { return (CleatString){listener->type, listener->length}; }

// Tells the target, where there is still one.
static void tell(CleatListeners* list, CleatString type, bool is_observed) {
  CleatEnv* env = list->env;
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  CleatEventTarget* target = cleat_unwrap(env, cleat_held(env, list->target), &cleat_event_target_class);
  if (target != NULL && target->observed != NULL) target->observed(env, target, type, is_observed);
  cleat__scope_close(env->engine, &scope);
}

static void finalize_listeners(void* object) {
  CleatListeners* list = object;
  while (list->first != NULL) {
    CleatListener* listener = list->first;
    take_out(listener);
    cleat__listener_release(listener);
  }
  cleat_ref_free(list->target);
  free(list);
}

static size_t listeners_external_memory(void* object) { return ((const CleatListeners*)object)->bytes; }

// No script ever has one.
static const CleatClass listeners_class = {
    .name = "EventListeners",
    .flags = CLEAT_NO_INTERFACE_OBJECT,
    .finalize = finalize_listeners,
    .external_memory = listeners_external_memory,
};

void cleat__listener_remove(CleatListener* listener) {
  CleatListeners* list = listener->list;
  if (list == NULL) return;
  take_out(listener);
  cleat_external_memory_changed(list->env, &listeners_class, list);
  if (!has_type(list, type_of(listener))) tell(list, type_of(listener), false);
  cleat__listener_release(listener);
}

static CleatListeners* make_listeners(CleatEnv* env, CleatValue* target) {
  CleatListeners* list = calloc(1, sizeof(*list));
  if (list == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  list->env = env;
  list->target = cleat_hold_weak(env, target);
  if (list->target == NULL) {
    free(list);
    return NULL;
  }
  CleatValue* value = cleat_wrap(env, &listeners_class, list);
  if (value == NULL) return NULL;
  return cleat__ran(env, cleat__private_set(env->engine, target, kListeners, value)) ? list : NULL;
}

CleatListeners* cleat__listeners(CleatEnv* env, CleatValue* target, bool make) {
  if (env->pending || target == NULL) return NULL;
  CleatValue* value = cleat__private_get(env->engine, target, kListeners);
  if (!cleat__ran(env, value != NULL)) return NULL;
  CleatListeners* list = cleat_unwrap(env, value, &listeners_class);
  return list == NULL && make ? make_listeners(env, target) : list;
}

// ADDING AND REMOVING

static CleatListener* find(CleatEnv* env, const CleatListeners* list, CleatString type, CleatValue* callback,
                           bool capture) {
  const int hash = cleat__identity_hash(callback);
  for (CleatListener* it = list->first; it != NULL; it = it->next) {
    if (it->hash != hash || it->is_handler || it->capture != capture || !cleat__listener_is_for(it, type)) continue;
    if (cleat__strict_equals(cleat_held(env, it->callback), callback)) return it;
  }
  return NULL;
}

static CleatListener* find_handler(const CleatListeners* list, CleatString type) {
  CleatListener* it = list->first;
  while (it != NULL && !(it->is_handler && cleat__listener_is_for(it, type))) it = it->next;
  return it;
}

static CleatListener* new_listener(CleatEnv* env, CleatListeners* list, CleatString type, CleatValue* callback) {
  CleatListener* listener = calloc(1, size_of(type.length));
  if (listener == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  listener->callback = cleat_hold_in(env, &listeners_class, list, callback);
  if (listener->callback == NULL) {
    free(listener);
    return NULL;
  }
  listener->holders = 1;
  listener->hash = cleat__identity_hash(callback);
  listener->length = type.length;
  memcpy(listener->type, type.data, type.length);
  return listener;
}

// Puts it at the end of the list, and tells the target; removes it again where that throws.
static bool append(CleatEnv* env, CleatListeners* list, CleatListener* listener) {
  bool is_first = !has_type(list, type_of(listener));
  listener->list = list;
  listener->previous = list->last;
  *(list->last != NULL ? &list->last->next : &list->first) = listener;
  list->last = listener;
  list->bytes += size_of(listener->length);
  bool fits = cleat_external_memory_changed(env, &listeners_class, list);
  if (is_first && fits) tell(list, type_of(listener), true);
  if (!env->pending) return true;
  take_out(listener);
  cleat__listener_release(listener);
  return false;
}

// The abort steps that addEventListener adds to a signal.
static void remove_by_signal(CleatEnv* env, void* data) {
  (void)env;
  CleatListener* listener = data;
  listener->algorithm = NULL;
  cleat__listener_remove(listener);
}

static void forget_signal(void* data) { ((CleatListener*)data)->algorithm = NULL; }

// DOM "flatten more".
static CleatAddEventListenerOptions flatten(const CleatListenOptions* options) {
  if (options->tag != CLEAT_LISTEN_OPTIONS_BOOLEAN) {
    return options->cleat_add_event_listener_options;
  }
  return (CleatAddEventListenerOptions){.base.capture = options->boolean};
}

// DOM "add an event listener".
void cleat_event_target_add_event_listener(CleatEnv* env, CleatEventTarget* self, CleatString type,
                                           const CleatEventListener* callback, const CleatListenOptions* options) {
  CleatAddEventListenerOptions flat = flatten(options);
  if (callback == NULL || (flat.signal != NULL && cleat_abort_signal_get_aborted(flat.signal))) return;
  CleatValue* function = cleat_callback_value(env, &callback->callback);
  CleatListeners* list = cleat__listeners(env, cleat_wrap(env, &cleat_event_target_class, self), true);
  if (list == NULL || find(env, list, type, function, flat.base.capture) != NULL) return;
  CleatListener* listener = new_listener(env, list, type, function);
  if (listener == NULL) return;
  listener->capture = flat.base.capture;
  listener->once = flat.once;
  listener->passive = flat.has_passive && flat.passive;
  if (!append(env, list, listener) || flat.signal == NULL) return;
  listener->algorithm = cleat_abort_signal_add(env, flat.signal, remove_by_signal, listener, forget_signal);
  if (listener->algorithm == NULL) cleat__listener_remove(listener);
}

void cleat_event_target_remove_event_listener(CleatEnv* env, CleatEventTarget* self, CleatString type,
                                              const CleatEventListener* callback, const CleatUnlistenOptions* options) {
  bool capture =
      options->tag == CLEAT_UNLISTEN_OPTIONS_BOOLEAN ? options->boolean : options->cleat_event_listener_options.capture;
  if (callback == NULL) return;
  CleatListeners* list = cleat__listeners(env, cleat_wrap(env, &cleat_event_target_class, self), false);
  if (list == NULL) return;
  CleatListener* listener = find(env, list, type, cleat_callback_value(env, &callback->callback), capture);
  if (listener != NULL) cleat__listener_remove(listener);
}

bool cleat_has_listener(CleatEnv* env, const CleatClass* type, void* target, const char* name) {
  CLEAT_CHECK_ENV(env);
  CleatListeners* list = cleat__listeners(env, cleat__find_wrapper(env, type, target), false);
  return list != NULL && has_type(list, (CleatString){name, strlen(name)});
}

// EVENT HANDLERS: https://html.spec.whatwg.org/#event-handler-attributes

// The type of the events that the attribute being called is for.
static CleatString handled_type(CleatCall* call) {
  const CleatMember* attribute = cleat__call_data(call);
  const char* name = attribute->name + strlen("on");
  return (CleatString){name, strlen(name)};
}

void cleat_return_event_handler(CleatCall* call, const CleatClass* type) {
  if (cleat_this(call, type) == NULL) return;
  CleatEnv* env = cleat_env(call);
  CleatListeners* list = cleat__listeners(env, cleat__this(call), false);
  if (env->pending) return;
  CleatListener* handler = list == NULL ? NULL : find_handler(list, handled_type(call));
  if (handler == NULL) {
    cleat__return_null(call);
  } else {
    cleat__return(call, cleat_held(env, handler->callback));
  }
}

// One that is replaced keeps its place among the listeners. What is no object is null: [LegacyTreatNonObjectAsNull].
void cleat_assign_event_handler(CleatCall* call, const CleatClass* type) {
  if (cleat_this(call, type) == NULL) return;
  CleatEnv* env = cleat_env(call);
  CleatValue* value = cleat__arg(call, 0);
  bool is_null = !cleat__is_object(value);
  CleatString event = handled_type(call);
  CleatListeners* list = cleat__listeners(env, cleat__this(call), !is_null);
  if (list == NULL) return;
  CleatListener* handler = find_handler(list, event);
  if (is_null) {
    if (handler != NULL) cleat__listener_remove(handler);
  } else if (handler != NULL) {
    CleatRef* callback = cleat_hold_in(env, &listeners_class, list, value);
    if (callback == NULL) return;
    cleat_ref_free(handler->callback);
    handler->callback = callback;
  } else {
    handler = new_listener(env, list, event, value);
    if (handler == NULL) return;
    handler->is_handler = true;
    append(env, list, handler);
  }
}

// THE INTERFACE

CleatEventTarget* cleat_event_target_new(CleatEnv* env) {
  CleatEventTarget* self = calloc(1, sizeof(*self));
  if (self == NULL) cleat_throw_range(env, "out of memory");
  return self;
}

void cleat_event_target_finalize(CleatEventTarget* self) { free(self); }

// The standard's dispatchEvent(event).
bool cleat_event_target_dispatch_event(CleatEnv* env, CleatEventTarget* self, CleatEvent* event) {
  if (event->dispatch != NULL) {
    cleat_throw_dom(env, "InvalidStateError", "The event is already being dispatched");
    return false;
  }
  event->is_trusted = false;
  CleatValue* target = cleat_wrap(env, &cleat_event_target_class, self);
  return cleat__dispatch_event(env, target, cleat_wrap(env, &cleat_event_class, event));
}
