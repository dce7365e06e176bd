// For programs that have V8 already, such as Node.js: a runtime in an isolate, a context and a loop that somebody else
// owns, called the host here. The same bindings are installed, and all of cleat.h works as with runtimes that have a
// thread of their own.
//
//   static const CleatHost host = {.size = sizeof(CleatHost), .dispatch = post_to_my_loop};
//   CleatRuntime* runtime = cleat_attach(&host, &options, &error);  // with the isolate and the context entered
//
// What is the host's stays with the host, for its own JavaScript and for Cleat's: unhandled rejections and exceptions
// of microtasks, limits of memory and stack, the console, the time at which microtasks run. JavaScript of the host
// calls what Cleat has installed whenever it likes; such a call is a call of CleatEnv's, and none of Cleat's tasks: no
// time limit counts, and cleat_terminate does not end it. Nor does the time limit of an evaluation hold in what follows
// its awaits: its caller is told, and JavaScript goes on.
//
// Several runtimes may be attached to one isolate, in one context or in several. The native objects of each are its
// own, finalized when it closes: to the functions of another, objects that scripts pass on are of the wrong type.
#ifndef CLEAT_ATTACH_H_
#define CLEAT_ATTACH_H_

#include "cleat.h"

#ifdef __cplusplus
extern "C" {
#endif

// A turn of a runtime, which the host is to run: the runtime's work that has come up. It is the host's until it gives
// it to one of the two functions below.
typedef struct CleatTurn CleatTurn;

// Does the work, each task of it inside `task` of the host. On the host's thread, the one that attached the runtime,
// and outside of JavaScript: where a call of JavaScript's to Cleat is under way nothing is done, and the turn is
// dispatched anew once that has returned.
CLEAT_EXPORT void cleat_turn_run(CleatTurn* turn);

// Gives it up: for a host that will not run it, since it ends and has closed the runtime. Any thread.
CLEAT_EXPORT void cleat_turn_drop(CleatTurn* turn);

// What the host gives. Zero means that it does not.
typedef struct CleatHost {
  size_t size;  // sizeof(CleatHost): tells which version of this struct it is
  void* data;   // the host's own, for the functions below

  // Has cleat_turn_run(turn) called by the host's loop, soon. It only queues it: it is called on any thread, under a
  // lock, and on the host's own thread in the middle of a collection of garbage too, so that it may not touch V8, nor
  // call Cleat. There is one turn at most at a time. It is called no more once the runtime has closed. Must be given.
  void (*dispatch)(void* data, CleatTurn* turn);

  // Calls run(it) with whatever the host wants around a task that it did not begin itself, such as what runs microtasks
  // and reports what they throw: Node.js has node::CallbackScope for it. The isolate and the context are entered, with
  // a scope for handles. NULL where the host has no such thing: then Cleat runs the microtasks after each task.
  void (*task)(void* data, void (*run)(void* it), void* it);

  // Told on the host's thread whenever the runtime has begun to wait for something, a timer or a native operation, and
  // when it waits for nothing any more: for hosts that end when nothing is left to do. May be NULL.
  void (*wait)(void* data, bool waits);
} CleatHost;

// Opens a runtime in the isolate and the context that the calling thread has entered, and returns it, owned; both must
// live until it has closed. `host` is copied. It takes the options of cleat_open but those that are the host's affair:
// an error, CLEAT_ERROR_BAD_ARGUMENT, says which. No bindings may define what the global object has already. Bootstrap
// scripts run at once, without microtasks.
//
// Where it fails, the objects of the host's are as they were, but for what bootstrap scripts did to others than those
// that bindings define. For that, what cannot be removed, such as [LegacyUnforgeable] members and constants, becomes so
// only once the bootstrap scripts have run.
//
// It is closed on the host's thread, and at once where no JavaScript is under way; otherwise, and from another thread,
// in the next turn. The host must close it before it disposes of the isolate; promises are rejected then as with any
// closing, and finalizers run. What was installed stays: functions throw a TypeError from then on.
//
// In a process whose V8 is the host's, cleat_open fails. Each thread of the host may have its own runtimes, and a
// context more than one. There are no fast calls, and errors have structured frames only where the host has V8 capture
// them. A promise cannot be awaited on the host's thread (a bad-argument error), since its loop is the host's.
CLEAT_EXPORT CleatRuntime* cleat_attach(const CleatHost* host, const CleatOptions* options, CleatError** error);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_ATTACH_H_
