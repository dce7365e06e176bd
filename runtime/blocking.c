// Blocking operations: hooks that run on libuv's pool of threads while JavaScript waits for their promise.
#include <stdlib.h>

#include "convert.h"
#include "promise.h"
#include "runtime.h"

struct CleatThrower {
  atomic_bool is_cancelled;  // nobody waits for the operation any more
  bool thrown;
  CleatFailure failure;
};

// A value inside an argument whose native object the job will use.
typedef struct Part {
  CleatValue* value;
  struct Part* next;
} Part;

// A signal that aborts the job.
typedef struct Signal {
  CleatAbortSignal* signal;
  struct Signal* next;
} Signal;

// What Cleat keeps beside a job. The job follows it in memory.
typedef struct CleatJobState {
  CleatPending pending;
  const CleatJobType* type;
  CleatEnv* env;
  uv_work_t work;
  uv_sem_t finished;  // posted once `run` has returned
  bool ran;
  struct CleatJobState* outer;  // the job whose arguments were being converted when this one was made
  Part* parts;                  // until it is started
  size_t part_count;
  bool is_cancelled;  // no thread will run it
  Signal* signals;    // until it is started
  CleatFrame frame;
  CleatThrower thrower;
} State;

static State* state_of(CleatJob* job) { return (State*)job - 1; }

static CleatJob* job_of(State* state) { return (CleatJob*)(state + 1); }

CleatJob* cleat_job(CleatCall* call, const CleatJobType* type) {
  CleatEnv* env = cleat_env(call);
  State* state = calloc(1, sizeof(State) + type->size);
  if (state == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  state->type = type;
  state->env = env;
  state->work.data = state;
  cleat_frame_init(&state->frame);
  atomic_init(&state->thrower.is_cancelled, false);
  uv_sem_init(&state->finished, 0);
  CleatJob* job = job_of(state);
  job->frame = &state->frame;
  job->thrower = &state->thrower;
  // Its arguments are converted next.
  state->outer = env->converting;
  env->converting = state;
  return job;
}

static void free_state(State* state) {
  // A hook that failed gave no result.
  if (state->ran && !state->thrower.thrown && state->type->free != NULL) state->type->free(job_of(state));
  cleat_frame_leave(&state->frame);
  uv_sem_destroy(&state->finished);
  free(state->thrower.failure.message);
  free(state);
}

void cleat_job_free(CleatJob* job) {
  if (job == NULL) return;
  State* state = state_of(job);
  state->env->converting = state->outer;
  free_state(state);
}

// A script may have taken it from its argument by the time that the job uses it, or made it in a getter or an iterator.
bool cleat__job_keep(const CleatInput* input) {
  State* state = input->env->converting;
  // Of another call, which a conversion has made; one without a frame may be of such, too, and is kept in vain then.
  if (input->frame != NULL && input->frame != &state->frame) return true;
  Part* part = cleat_frame_allocate(&state->frame, sizeof(Part));
  if (part == NULL) {
    cleat_throw_range(input->env, "out of memory");
    return false;
  }
  *part = (Part){input->value, state->parts};
  state->parts = part;
  state->part_count++;
  return true;
}

// Keeps `this`, the arguments and the parts, and so the native objects among them. False when memory is short.
static bool hold_operands(State* state, CleatCall* call) {
  int arg_count = cleat__arg_count(call);
  size_t count = 1 + (size_t)arg_count + state->part_count;
  CleatValue** operands = cleat_frame_allocate(&state->frame, count * sizeof(CleatValue*));
  if (operands == NULL) return false;
  CleatValue** next = operands;
  *next++ = cleat__this(call);
  for (int i = 0; i < arg_count; i++) *next++ = cleat__arg(call, i);
  for (const Part* part = state->parts; part != NULL; part = part->next) *next++ = part->value;
  return cleat__pending_hold(&state->pending, state->env, operands, count);
}

// Whose job a thread of the pool runs; NULL elsewhere.
static _Thread_local const CleatRuntime* working_for;

bool cleat__in_job(const CleatRuntime* runtime) { return working_for == runtime; }

// On a thread of the pool.
static void run_job(uv_work_t* work) {
  State* state = work->data;
  working_for = state->env->runtime;
  state->type->run(job_of(state));
  working_for = NULL;
  state->ran = true;
  uv_sem_post(&state->finished);
}

static CleatValue* make_result(CleatEnv* env, void* data) {
  State* state = data;
  return state->type->make(env, job_of(state));
}

// In a task.
static void settle_job(CleatEnv* env, void* data) {
  (void)env;
  State* state = data;
  if (state->thrower.thrown) {
    cleat__pending_reject(&state->pending, state->thrower.failure.kind, state->thrower.failure.message);
  } else {
    cleat__pending_resolve(&state->pending, make_result, state);
  }
  // Not sooner: they may be part of the result.
  cleat__pending_let_go(&state->pending);
}

static void drop_state(void* state) { free_state(state); }

// Where nobody waits for it any more: closing, or a signal, has rejected its promise.
static void end_job(State* state) {
  if (cleat__pending_end(&state->pending)) cleat__pending_let_go(&state->pending);
  free_state(state);
}

// Where the runtime was suspended when the job was done. The promise may have been rejected meanwhile.
static void settle_later(CleatEnv* env, void* data) {
  State* state = data;
  if (state->pending.resolver != NULL) settle_job(env, state);
  end_job(state);
}

// On the JavaScript thread, outside of tasks; after closing has rejected the promise, even without an engine.
static void job_done(uv_work_t* work, int status) {
  (void)status;
  State* state = work->data;
  CleatRuntime* runtime = state->env->runtime;
  if (state->pending.resolver != NULL && cleat__is_suspended(runtime) &&
      cleat__dispatch_internal(runtime, settle_later, state, drop_state)) {
    return;
  }
  if (state->pending.resolver != NULL) cleat__run_task(state->env, settle_job, state);
  end_job(state);
}

// Has no thread run the job; false where one does already, which may look whether anybody waits for it.
static bool cancel_job(State* state) {
  atomic_store(&state->thrower.is_cancelled, true);
  if (!state->is_cancelled) state->is_cancelled = uv_cancel((uv_req_t*)&state->work) == 0;
  return state->is_cancelled;
}

static void job_aborted(CleatPending* pending) { cancel_job((State*)pending); }

// The runtime closes: a job that no thread has taken yet is cancelled, another is waited for, since it may use the
// native objects that are finalized next. Jobs are closed the last one first, so that none starts meanwhile.
static void job_closed(CleatPending* pending) {
  State* state = (State*)pending;
  if (!cancel_job(state)) uv_sem_wait(&state->finished);
  cleat__pending_let_go(&state->pending);
}

bool cleat_job_follow(CleatJob* job, CleatAbortSignal* signal) {
  CLEAT_CHECK_GIVEN(job, "job");
  if (signal == NULL) return true;
  State* state = state_of(job);
  Signal* node = cleat_frame_allocate(&state->frame, sizeof(Signal));
  if (node == NULL) {
    cleat_throw_range(state->env, "out of memory");
    return false;
  }
  *node = (Signal){signal, state->signals};
  state->signals = node;
  return true;
}

// Returns whether a signal has aborted before the job was started: the result of the call is a rejected promise then.
static bool was_aborted(State* state, CleatCall* call) {
  CleatEnv* env = state->env;
  const Signal* it = state->signals;
  while (it != NULL && !cleat_abort_signal_get_aborted(it->signal)) it = it->next;
  if (it == NULL) return false;
  CleatValue* promise = cleat__rejected_promise(env, cleat_abort_signal_get_reason(env, it->signal));
  if (promise != NULL) cleat__return(call, promise);
  return true;
}

static bool follow_all(State* state) {
  state->pending.aborted = job_aborted;
  for (const Signal* it = state->signals; it != NULL; it = it->next) {
    if (!cleat__pending_follow(&state->pending, it->signal)) return false;
  }
  return true;
}

void cleat_job_start(CleatCall* call, CleatJob* job) {
  State* state = state_of(job);
  state->env->converting = state->outer;
  if (was_aborted(state, call) || !cleat__loop_needed(state->env)) {
    free_state(state);
    return;
  }
  if (!hold_operands(state, call)) {
    cleat_throw_range(state->env, "out of memory");
    free_state(state);
    return;
  }
  CleatValue* promise;
  if (!cleat__pending_open(&state->pending, state->env, job_closed, &promise)) {
    cleat__pending_let_go(&state->pending);
    free_state(state);
    return;
  }
  if (!follow_all(state)) {
    cleat__pending_forget(&state->pending);
    end_job(state);
    return;
  }
  cleat__return(call, promise);
  // It fails for a missing function only.
  uv_queue_work(&state->env->loop, &state->work, run_job, job_done);
}

void cleat_thrower_throw(CleatThrower* thrower, CleatThrowKind kind, const char* format, ...) {
  CLEAT_CHECK_GIVEN(thrower, "thrower");
  if (thrower->thrown) return;
  thrower->thrown = true;
  va_list arguments;
  va_start(arguments, format);
  thrower->failure = cleat__failure(kind, format, arguments);
  va_end(arguments);
}

bool cleat_thrower_is_cancelled(const CleatThrower* thrower) {
  CLEAT_CHECK_GIVEN(thrower, "thrower");
  return atomic_load(&thrower->is_cancelled);
}
