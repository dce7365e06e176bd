// Blocking operations: hooks that run on libuv's pool of threads while JavaScript waits for their promise.
#include <stdlib.h>

#include "convert.h"
#include "promise.h"
#include "runtime.h"

struct CleatThrower {
  bool thrown;
  CleatFailure failure;
};

// A value inside an argument whose native object the job will use.
typedef struct Part {
  CleatValue* value;
  struct Part* next;
} Part;

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
  CleatHandle* operands;  // `this`, the arguments and the parts: native objects among them stay as long as the job
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
  if (input->frame != &state->frame) return true;  // of another call, which a conversion has made
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

// Keeps the operands from being collected. False when memory is short.
static bool hold_operands(State* state, CleatCall* call) {
  CleatEngine* engine = state->env->engine;
  int arg_count = cleat__arg_count(call);
  size_t count = 1 + (size_t)arg_count + state->part_count;
  CleatValue** operands = cleat_frame_allocate(&state->frame, count * sizeof(CleatValue*));
  if (operands == NULL) return false;
  CleatValue** next = operands;
  *next++ = cleat__this(call);
  for (int i = 0; i < arg_count; i++) *next++ = cleat__arg(call, i);
  for (const Part* part = state->parts; part != NULL; part = part->next) *next++ = part->value;
  CleatValue* array = cleat__array(engine, operands, count);
  state->operands = array == NULL ? NULL : cleat__handle_new(engine, array);
  return state->operands != NULL;
}

static void let_go_operands(State* state) {
  cleat__handle_free(state->operands);
  state->operands = NULL;
}

// On a thread of the pool.
static void run_job(uv_work_t* work) {
  State* state = work->data;
  state->type->run(job_of(state));
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
  let_go_operands(state);
}

static void drop_state(void* state) { free_state(state); }

// Where the runtime was suspended when the job was done. Closing may have settled the promise meanwhile.
static void settle_later(CleatEnv* env, void* data) {
  State* state = data;
  if (state->pending.resolver != NULL) settle_job(env, state);
  free_state(state);
}

// On the JavaScript thread, outside of tasks; after closing has settled the promise, even without an engine.
static void job_done(uv_work_t* work, int status) {
  (void)status;
  State* state = work->data;
  CleatRuntime* runtime = state->env->runtime;
  if (state->pending.resolver != NULL && cleat__is_suspended(runtime) &&
      cleat__dispatch_internal(runtime, settle_later, state, drop_state)) {
    return;
  }
  if (state->pending.resolver != NULL) cleat__run_task(state->env, settle_job, state);
  free_state(state);
}

// The runtime closes: a job that no thread has taken yet is cancelled, another is waited for, since it may use the
// native objects that are finalized next. Jobs are closed the last one first, so that none starts meanwhile.
static void job_closed(CleatPending* pending) {
  State* state = (State*)pending;
  if (uv_cancel((uv_req_t*)&state->work) != 0) uv_sem_wait(&state->finished);
  let_go_operands(state);
}

void cleat_job_start(CleatCall* call, CleatJob* job) {
  State* state = state_of(job);
  state->env->converting = state->outer;
  if (!hold_operands(state, call)) {
    cleat_throw_range(state->env, "out of memory");
    free_state(state);
    return;
  }
  CleatValue* promise;
  if (!cleat__pending_open(&state->pending, state->env, job_closed, &promise)) {
    let_go_operands(state);
    free_state(state);
    return;
  }
  cleat__return(call, promise);
  // It fails for a missing function only.
  uv_queue_work(&state->env->loop, &state->work, run_job, job_done);
}

void cleat_thrower_throw(CleatThrower* thrower, CleatThrowKind kind, const char* format, ...) {
  if (thrower->thrown) return;
  thrower->thrown = true;
  va_list arguments;
  va_start(arguments, format);
  thrower->failure = cleat__failure(kind, format, arguments);
  va_end(arguments);
}
