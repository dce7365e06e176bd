// Blocking operations: hooks that run on libuv's pool of threads while JavaScript waits for their promise.
#include <stdlib.h>

#include "promise.h"

struct CleatThrower {
  bool thrown;
  CleatFailure failure;
};

// What Cleat keeps beside a job. The job follows it in memory.
typedef struct State {
  CleatPending pending;
  const CleatJobType* type;
  CleatEnv* env;
  uv_work_t work;
  uv_sem_t finished;  // posted once `run` has returned
  bool ran;
  CleatHandle* operands;  // `this` and the arguments: native objects among them stay as long as the job
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
  return job;
}

void cleat_job_free(CleatJob* job) {
  if (job == NULL) return;
  State* state = state_of(job);
  // A hook that failed gave no result.
  if (state->ran && !state->thrower.thrown && state->type->free != NULL) state->type->free(job);
  cleat_frame_leave(&state->frame);
  uv_sem_destroy(&state->finished);
  free(state->thrower.failure.message);
  free(state);
}

// Keeps the operands from being collected. False when memory is short.
static bool hold_operands(State* state, CleatCall* call) {
  CleatEngine* engine = state->env->engine;
  size_t count = (size_t)cleat__arg_count(call);
  CleatValue** operands = cleat_frame_allocate(&state->frame, (count + 1) * sizeof(CleatValue*));
  if (operands == NULL) return false;
  operands[0] = cleat__this(call);
  for (size_t i = 0; i < count; i++) operands[i + 1] = cleat__arg(call, (int)i);
  CleatValue* array = cleat__array(engine, operands, count + 1);
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
  let_go_operands(state);
  if (state->thrower.thrown) {
    cleat__pending_reject(&state->pending, state->thrower.failure.kind, state->thrower.failure.message);
  } else {
    cleat__pending_resolve(&state->pending, make_result, state);
  }
}

// On the JavaScript thread, outside of tasks; after closing has settled the promise, even without an engine.
static void job_done(uv_work_t* work, int status) {
  (void)status;
  State* state = work->data;
  if (state->pending.resolver != NULL) cleat__run_task(state->env, settle_job, state);
  cleat_job_free(job_of(state));
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
  if (!hold_operands(state, call)) {
    cleat_throw_range(state->env, "out of memory");
    cleat_job_free(job);
    return;
  }
  if (!cleat__pending_open(&state->pending, call, job_closed)) {
    let_go_operands(state);
    cleat_job_free(job);
    return;
  }
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
