// Who waits in C for a promise of JavaScript is told when it will never settle: it was collected. V8 says so in the
// middle of a collection of garbage, when nothing may be done with JavaScript; but the program may settle promises,
// free refs, or whatever else it likes, and so is told in a task.
#ifndef CLEAT_RUNTIME_FORGOTTEN_H_
#define CLEAT_RUNTIME_FORGOTTEN_H_

#include <stdbool.h>

#include "cleat/base.h"

// The first field of what waits.
typedef struct CleatForgotten {
  struct CleatForgotten* next;
  void (*tell)(struct CleatForgotten* it);
} CleatForgotten;

// Of an environment, in the order in which they were added.
typedef struct CleatForgottenList {
  CleatForgotten* first;
  CleatForgotten* last;
  bool scheduled;  // a task will tell them
} CleatForgottenList;

// Has tell(it), which frees it, called in a task, or, where the runtime closes first or memory is short, as it closes.
// Also in the middle of a collection of garbage, and as the engine closes. [-]
void cleat__forgotten_add(CleatEnv* env, CleatForgotten* it, void (*tell)(CleatForgotten* it));

// Tells those that are left. After the engine has closed. [-]
void cleat__forgotten_close(CleatEnv* env);

#endif  // CLEAT_RUNTIME_FORGOTTEN_H_
