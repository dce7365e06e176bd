// An evaluation or a call, from its asking to its result, as eval.c, eval_async.c and function.c share it.
#ifndef CLEAT_RUNTIME_EVAL_H_
#define CLEAT_RUNTIME_EVAL_H_

#include <semaphore.h>

#include "runtime.h"

typedef struct CleatEval CleatEval;

// What is done with the value that comes of it, in the same protection.
typedef void (*CleatUse)(CleatEnv* env, CleatValue* value, void* data);

// What is done with a handle: it is called, or a step is taken of an iteration over it.
typedef enum CleatEvalStep {
  CLEAT_EVAL_CALL,
  CLEAT_EVAL_NEXT,
  CLEAT_EVAL_RETURN,
} CleatEvalStep;

// It is in the memory of the thread that waits for it, or, where none does, of eval_async.c.
struct CleatEval {
  CleatRuntime* runtime;

  // What is run: a script, or where `function` is not NULL a call.
  CleatSource source;
  const CleatData* function;   // or what is asynchronously iterable
  CleatEvalStep step;          // what is done with that
  const CleatData* receiver;   // NULL for the one that it was read from, or undefined
  const CleatData* arguments;  // an array; NULL for none

  uint32_t timeout_ms;
  bool no_await;
  bool no_value;
  bool async;         // nobody waits: cleat__eval_done is told
  bool running;       // its script and the microtasks after it; on the JavaScript thread
  CleatAwait* await;  // the promise it waits for, or NULL

  // Under the runtime's mutex once it has stopped running
  CleatResult result;
  sem_t told;
  bool done;
  uint64_t started;
  uint64_t deadline;  // of waiting for the promise; 0 for none
};

// Reads what is common to evaluations and calls, and starts what keeps the time limit; NULL, or the error. Of a
// specifier `import` is true. eval.c.
CleatError* cleat__eval_init(CleatEval* eval, CleatRuntime* runtime, const CleatEvalOptions* options,
                             const char* source, bool import);

// Waits for the result, on whatever thread. eval.c.
CleatResult cleat__eval_wait(CleatEval* eval);

// Runs one; and has it run on the JavaScript thread, false where that is refused. eval.c.
void cleat__eval_run(CleatEnv* env, void* eval);
bool cleat__eval_send(CleatEval* eval);

// Ends an asynchronous one that waits for a promise, since its time is over; nothing where it is done. eval.c.
void cleat__eval_expire(CleatEval* eval);

// Told, on the JavaScript thread, that an asynchronous one is done, and that its time for the promise begins.
// eval_async.c.
void cleat__eval_done(CleatEval* eval);
void cleat__eval_waits(CleatEval* eval);

// Has the call done, and its value used. function.c.
CleatError* cleat__perform_call(CleatEnv* env, const CleatEval* eval, CleatUse use, void* data);

// Has a step taken of the iteration, and the promise or the value that it gives used. iterable.c.
CleatError* cleat__perform_step(CleatEnv* env, const CleatEval* eval, CleatUse use, void* data);

// Does what `step` says with a handle, and has `done` told, as cleat_data_call_async. eval_async.c.
bool cleat__step_async(const CleatData* handle, CleatEvalStep step, CleatData* receiver, CleatData* arguments,
                       const CleatEvalOptions* options, void (*done)(void* data, CleatResult result), void* data);

#endif  // CLEAT_RUNTIME_EVAL_H_
