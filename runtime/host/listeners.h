// The event listeners of an event target (DOM "event listener list"), and dispatching to them.
#ifndef CLEAT_RUNTIME_HOST_LISTENERS_H_
#define CLEAT_RUNTIME_HOST_LISTENERS_H_

#include "cleat/event.h"
#include "env.h"

typedef struct CleatListeners CleatListeners;

typedef struct CleatListener {
  CleatListeners* list;  // NULL once it was removed
  struct CleatListener* next;
  struct CleatListener* previous;
  CleatRef* callback;              // a function, or an object with handleEvent
  CleatAbortAlgorithm* algorithm;  // of the signal that removes it, or NULL
  size_t holders;                  // the list, and dispatches that may call it
  bool capture;
  bool once;
  bool passive;
  bool is_handler;  // that of an event handler attribute
  int hash;         // of the callback, by identity
  size_t length;
  char type[];
} CleatListener;

// All of one target: a native object of its own, that the target's wrapper keeps.
struct CleatListeners {
  CleatEnv* env;
  CleatRef* target;  // weak
  CleatListener* first;
  CleatListener* last;
  size_t bytes;  // of the listeners
};

// Returns the listeners of `target`, a wrapper; NULL for none, and where `make` fails. [throws]
CleatListeners* cleat__listeners(CleatEnv* env, CleatValue* target, bool make);

// Removes `listener` from its list, where it is in one. [-]
void cleat__listener_remove(CleatListener* listener);

// Gives up one holder. [-]
void cleat__listener_release(CleatListener* listener);

static inline bool cleat__listener_is_for(const CleatListener* listener, CleatString type) {
  return listener->length == type.length && memcmp(listener->type, type.data, type.length) == 0;
}

// DOM "set the canceled flag".
static inline void cleat__event_cancel(CleatEvent* event) {
  if (event->cancelable && !event->in_passive_listener) event->canceled = true;
}

// An event on its way.
typedef struct CleatEventStep {
  CleatValue* value;  // a wrapper
  CleatEventTarget* target;
} CleatEventStep;

typedef struct CleatDispatch {
  CleatEvent* event;
  CleatValue* value;      // its wrapper
  CleatEventStep* steps;  // DOM "path"
  size_t count;
  size_t capacity;
  const CleatEventStep* current;  // whose listeners are being called, or NULL
  CleatEventStep first[4];
} CleatDispatch;

// Where the wrapper of an event keeps that of its target, once it was dispatched.
extern const char cleat__event_target[];

// DOM "dispatch". `target` and `event` are wrappers, of what has that class. Returns whether the event is not canceled;
// false too where an exception is pending. [js]
bool cleat__dispatch_event(CleatEnv* env, CleatValue* target, CleatValue* event);

#endif  // CLEAT_RUNTIME_HOST_LISTENERS_H_
