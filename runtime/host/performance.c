// The clock of a runtime: https://w3c.github.io/hr-time. There is one Performance object, which is a part of the
// CleatEnv.

#include "performance.h"

#include <time.h>

#include "env.h"

// Returns what `clock` shows, in milliseconds.
static double read_clock(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

void cleat__performance_open(CleatEnv* env) {
  env->performance.opened = uv_hrtime();
  env->performance.time_origin = read_clock(CLOCK_REALTIME);
}

double cleat_performance_now(CleatPerformance* self) { return (double)(uv_hrtime() - self->opened) / 1e6; }

double cleat_performance_get_time_origin(CleatPerformance* self) { return self->time_origin; }

CleatValue* cleat_performance_to_json(CleatEnv* env, CleatPerformance* self) {
  CleatValue* object = cleat_object(env);
  if (!cleat_define(env, object, "timeOrigin", cleat_number(env, self->time_origin))) return NULL;
  return object;
}

CleatPerformance* cleat_get_performance(CleatEnv* env) {
  CleatPerformance* self = &env->performance;
  if (self->wrapper == NULL) self->wrapper = cleat_hold(env, cleat_wrap(env, &cleat_performance_class, self));
  return self;
}

void cleat__performance_close(CleatEnv* env) {
  cleat_ref_free(env->performance.wrapper);
  env->performance.wrapper = NULL;
}

// Only when the runtime closes, since the object is kept until then.
void cleat_performance_finalize(CleatPerformance* self) {
  cleat_ref_free(self->wrapper);
  self->wrapper = NULL;
}
