// What the hooks of both sides share beyond the generated header.
#ifndef CLEAT_TESTS_BENCH_HOOKS_H_
#define CLEAT_TESTS_BENCH_HOOKS_H_

#include "bench.h"
#include "cleat/cleat.h"

#ifdef __cplusplus
extern "C" {
#endif

struct Cell {
  double value;
};

void bench_make_texts(void);
void bench_free_texts(void);

// A thread that calls settle(data, value) once that was asked for a hundred times.
void bench_settler_start(void);
void bench_settler_stop(void);
void bench_settle(void (*settle)(void* data, double value), void* data, double value);

// Returns an object with the functions of hand.cc, in the context that is entered; on the JavaScript thread.
CleatValue* bench_hand(CleatRuntime* runtime);

// Finalizes what bench_hand's objects have made. A task.
void bench_hand_end(CleatEnv* env, void* unused);

// Returns an object with the physical limits, each a function that does its work as often as it is told. yardstick.c.
CleatValue* bench_yardstick(CleatEnv* env);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_TESTS_BENCH_HOOKS_H_
