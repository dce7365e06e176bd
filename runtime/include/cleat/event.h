// Events and aborting, of the DOM standard (https://dom.spec.whatwg.org), for C. Scripts have them where
// cleat_events_bindings is installed. events.h, which is generated and includes this one, has the rest: dictionaries,
// and every member of the interfaces as a function.
//
// An interface of a program's own inherits from EventTarget, and gives its events:
//
//   // player.idl: EventHandler attributes need no C.
//   interface Player : EventTarget {
//     constructor();
//     attribute EventHandler onended;
//   };
//
//   // player.c
//   struct Player { CleatEventTarget base; ... };  // zeros at first
//   ...
//   cleat_fire_event(env, &player_class, player, "ended", NULL);
//
// Another thread has that done by cleat_dispatch. Everything here is for the JavaScript thread, except where it says
// otherwise.
#ifndef CLEAT_EVENT_H_
#define CLEAT_EVENT_H_

#include "bind.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CleatEvent CleatEvent;
typedef struct CleatCustomEvent CleatCustomEvent;
typedef struct CleatEventTarget CleatEventTarget;
typedef struct CleatAbortController CleatAbortController;
typedef struct CleatAbortSignal CleatAbortSignal;
typedef struct CleatEventInit CleatEventInit;
typedef struct CleatCustomEventInit CleatCustomEventInit;

CLEAT_EXPORT extern const CleatClass cleat_event_class;
CLEAT_EXPORT extern const CleatClass cleat_custom_event_class;
CLEAT_EXPORT extern const CleatClass cleat_event_target_class;
CLEAT_EXPORT extern const CleatClass cleat_abort_controller_class;
CLEAT_EXPORT extern const CleatClass cleat_abort_signal_class;

// EVENT TARGETS

// What the struct of an interface that inherits from EventTarget begins with. Both fields are the program's, and may be
// NULL. The listeners are with the JavaScript object, and go with it: there is nothing to finalize.
struct CleatEventTarget {
  // DOM "get the parent": returns the wrapper of the target that the event goes to after this one, and before it while
  // it is captured; NULL for none, and where it throws. Called before the first listener is.
  CleatValue* (*get_parent)(CleatEnv* env, CleatEventTarget* self, CleatEvent* event);

  // Told when somebody begins to listen to events of `type`, and when the last listener has been removed; not when
  // `self` is collected. It may throw where `is_observed` is true, from addEventListener.
  void (*observed)(CleatEnv* env, CleatEventTarget* self, CleatString type, bool is_observed);
};

// EVENTS

// What the struct of an interface that inherits from Event begins with. Its fields are Cleat's own.
struct CleatEvent {
  CleatString type;
  struct CleatDispatch* dispatch;  // while it is dispatched
  double time_stamp;
  uint16_t phase;
  bool bubbles;
  bool cancelable;
  bool composed;
  bool is_trusted;
  bool canceled;
  bool stopped;
  bool stopped_at_once;
  bool in_passive_listener;
};

// Makes an event of zeros one of `type`, as its constructor does; `init` may be NULL. What it has is freed by
// cleat_event_close, by the finalizer of whatever begins with it. [throws]
CLEAT_EXPORT bool cleat_event_open(CleatEnv* env, CleatEvent* event, CleatString type, const CleatEventInit* init);
CLEAT_EXPORT void cleat_event_close(CleatEvent* event);  // [-]

// Return new ones, owned until they are wrapped. [throws]
CLEAT_EXPORT CleatEvent* cleat_event_new(CleatEnv* env, CleatString type, const CleatEventInit* init);
CLEAT_EXPORT CleatCustomEvent* cleat_custom_event_new(CleatEnv* env, CleatString type,
                                                      const CleatCustomEventInit* init);

// Dispatches an event as the host's: isTrusted is true. Both are wrappers, made by cleat_wrap. The listeners are called
// before it returns; what they throw is reported as uncaught (CleatOptions.uncaught). False where one of them has
// called event.preventDefault(), and where an exception is pending: `target` is no EventTarget, `event` is no Event, or
// is being dispatched already, or the run is terminated. [js]
CLEAT_EXPORT bool cleat_dispatch_event(CleatEnv* env, CleatValue* target, CleatValue* event);

// DOM "fire an event": the same with a new Event named `name`; `init` may be NULL. `target` is a native object of
// `type`; where JavaScript has not got it yet nobody listens, and nothing happens unless it has a get_parent. [js]
CLEAT_EXPORT bool cleat_fire_event(CleatEnv* env, const CleatClass* type, void* target, const char* name,
                                   const CleatEventInit* init);

// Returns whether a listener for events named `name` has been added to `target`, a native object of `type`. [-]
CLEAT_EXPORT bool cleat_has_listener(CleatEnv* env, const CleatClass* type, void* target, const char* name);

// The attributes and functions of the same names. The strings and the targets live as long as the event, which lives as
// long as its wrapper. [-]
CLEAT_EXPORT CleatString cleat_event_get_type(CleatEvent* self);
CLEAT_EXPORT CleatEventTarget* cleat_event_get_target(CleatEnv* env, CleatEvent* self);
CLEAT_EXPORT CleatEventTarget* cleat_event_get_current_target(CleatEvent* self);
CLEAT_EXPORT bool cleat_event_get_default_prevented(CleatEvent* self);
CLEAT_EXPORT bool cleat_event_get_is_trusted(CleatEvent* self);
CLEAT_EXPORT double cleat_event_get_time_stamp(CleatEvent* self);
CLEAT_EXPORT void cleat_event_prevent_default(CleatEvent* self);
CLEAT_EXPORT void cleat_event_stop_propagation(CleatEvent* self);
CLEAT_EXPORT void cleat_event_stop_immediate_propagation(CleatEvent* self);
CLEAT_EXPORT CleatValue* cleat_custom_event_get_detail(CleatEnv* env, CleatCustomEvent* self);

// What glue calls for an attribute of type EventHandler of `type`: "onfoo" is the handler of the events "foo". [throws]
CLEAT_EXPORT void cleat_return_event_handler(CleatCall* call, const CleatClass* type);
CLEAT_EXPORT void cleat_assign_event_handler(CleatCall* call, const CleatClass* type);

// ABORTING

// Returns whether `signal` has aborted. Any thread, as long as the signal lives: in a [Blocking] operation that was
// given it as an argument, for instance. [-]
CLEAT_EXPORT bool cleat_abort_signal_get_aborted(CleatAbortSignal* signal);

// Returns why it has aborted; undefined where it has not. [-]
CLEAT_EXPORT CleatValue* cleat_abort_signal_get_reason(CleatEnv* env, CleatAbortSignal* signal);

// Throws the reason where it has aborted. [throws]
CLEAT_EXPORT void cleat_abort_signal_throw_if_aborted(CleatEnv* env, CleatAbortSignal* signal);

// DOM "add an algorithm": has run(env, data) called when `signal` aborts, before its listeners are; what it throws is
// reported as uncaught. Where it never will, because the signal was collected or the runtime closes, drop(data) is
// called instead (may be NULL), and it may not use JavaScript. Returns what cleat_abort_algorithm_remove takes,
// borrowed until either is called. NULL, and neither is called, where the signal has aborted already, or an exception
// is pending. [throws]
typedef struct CleatAbortAlgorithm CleatAbortAlgorithm;
CLEAT_EXPORT CleatAbortAlgorithm* cleat_abort_signal_add(CleatEnv* env, CleatAbortSignal* signal,
                                                         void (*run)(CleatEnv* env, void* data), void* data,
                                                         void (*drop)(void* data));

// Takes it back: neither function is called. NULL is accepted. [-]
CLEAT_EXPORT void cleat_abort_algorithm_remove(CleatAbortAlgorithm* algorithm);

// The members of AbortController, for signals that C gives to scripts. The controller that cleat_abort_controller_new
// returns is owned until it is wrapped. `reason` is NULL or undefined for an AbortError. [js]
CLEAT_EXPORT CleatAbortController* cleat_abort_controller_new(CleatEnv* env);
CLEAT_EXPORT CleatAbortSignal* cleat_abort_controller_get_signal(CleatEnv* env, CleatAbortController* self);
CLEAT_EXPORT void cleat_abort_controller_abort(CleatEnv* env, CleatAbortController* self, CleatValue* reason);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_EVENT_H_
