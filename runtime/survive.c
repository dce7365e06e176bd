// Surviving out of memory: where V8 would abort the process, control leaves it for the place from which it was entered,
// and the runtime alone is lost.
#include <setjmp.h>

#include "attach.h"

struct CleatBase {
  jmp_buf registers;
};

bool cleat__survive(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data) {
  CleatRuntime* runtime = env->runtime;
  if (cleat__is_lost(runtime)) return false;
  if (runtime->attachment != NULL) {
    // There, running out of memory is the host's affair.
    cleat__attachment_task(env, body, data);
    return true;
  }
  CleatBase base;
  runtime->base = &base;
  if (setjmp(base.registers) == 0) body(env, data);
  runtime->base = NULL;
  if (!cleat__is_lost(runtime)) return true;
  // At once: blocking operations may end before the loop does, which deals with those that have not.
  cleat__promises_abandon(env);
  return false;
}

// What is on the stack is let go of here, while it is there still. The order matters to other threads: whoever is
// refused finds the runtime lost.
void cleat__out_of_memory(void* data) {
  CleatEnv* env = data;
  CleatRuntime* runtime = env->runtime;
  if (!cleat__on_thread(runtime) || runtime->base == NULL) return;
  cleat__runs_abandon(env);
  env->frame = NULL;
  env->converting = NULL;
  cleat__set_depth(env, 0);
  env->pending = false;
  atomic_store_explicit(&runtime->lost, true, memory_order_release);
  cleat__begin_close(runtime, CLEAT_CLOSE_DROP);
  longjmp(runtime->base->registers, 1);
}

CleatError* cleat__lost_error(void) {
  return cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "V8 has run out of memory, and the runtime is lost");
}
