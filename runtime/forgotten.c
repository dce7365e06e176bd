// The program's functions that wait for promises of JavaScript which will never settle.
#include "forgotten.h"

#include "env.h"

static void tell_all(CleatEnv* env) {
  CleatForgottenList* list = &env->forgotten;
  list->scheduled = false;
  while (list->first != NULL) {
    CleatForgotten* it = list->first;
    list->first = it->next;
    it->tell(it);
  }
}

static void tell_in_task(CleatEnv* env, void* data) {
  (void)data;
  tell_all(env);
}

void cleat__forgotten_add(CleatEnv* env, CleatForgotten* it, void (*tell)(CleatForgotten* it)) {
  CleatForgottenList* list = &env->forgotten;
  *it = (CleatForgotten){NULL, tell};
  if (list->first == NULL) {
    list->first = it;
  } else {
    list->last->next = it;
  }
  list->last = it;
  if (!list->scheduled) list->scheduled = cleat__dispatch_internal(env->runtime, tell_in_task, NULL, NULL);
}

void cleat__forgotten_close(CleatEnv* env) { tell_all(env); }
