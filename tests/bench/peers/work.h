// work.c, for the modules of Lua and Node.js that are linked with it.
#ifndef CLEAT_TESTS_BENCH_PEERS_WORK_H_
#define CLEAT_TESTS_BENCH_PEERS_WORK_H_

#include <stddef.h>

void work_nothing(void);
double work_one(double a);
double work_two(double a, double b);
double work_six(double a, double b, double c, double d, double e, double f);
unsigned work_take(const char* text);
const char* work_give(void);
const char* work_give_new(void);
double work_sum(const double* items, size_t length);
const double* work_values(void);

#endif  // CLEAT_TESTS_BENCH_PEERS_WORK_H_
