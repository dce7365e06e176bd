// The hooks of host_test.idl.
#include <cleat/cleat.h>
#include <stdlib.h>
#include <string.h>

#include "host_test.h"

static void drop_job(void* data) { job_release(data); }

static void run_job(CleatEnv* env, void* data) {
  job_call(env, data);
  job_release(data);
}

void host_test_later(CleatEnv* env, const Job* job) {
  Job* kept = job_retain(env, job);
  if (kept != NULL && !cleat_dispatch(cleat_runtime(env), run_job, kept, drop_job)) job_release(kept);
}

static void throw_message(CleatEnv* env, void* data) {
  cleat_throw_error(env, "%s", (const char*)data);
  free(data);
}

void host_test_throw_later(CleatEnv* env, CleatString message) {
  char* copy = strdup(message.data);
  if (!cleat_dispatch(cleat_runtime(env), throw_message, copy, free)) free(copy);
}
