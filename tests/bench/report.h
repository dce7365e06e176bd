// The rows of the result, and how they are shown.
#ifndef CLEAT_TESTS_BENCH_REPORT_H_
#define CLEAT_TESTS_BENCH_REPORT_H_

#include <stdbool.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

// One path. A figure of 0 means that there is none. `ratio` is ours to `against`, which says what it is measured by.
typedef struct BenchRow {
  char name[64];
  const char* unit;
  double ours;
  double hand;
  double yardstick;
  double ratio;
  double spread;  // how far `ratio` may be off: where the aim is missed by less, it is not said to be
  const char* against;
  double aim;  // the greatest ratio, or with `at_least` the smallest
  bool at_least;
  double hand_ratio;  // that of the same by hand, where `against` is not that: what it misses, V8 makes impossible
  double to_hand;     // ours to the same by hand, where there is that
  double most;        // how many times the yardstick ours may take at most
  double sum;         // what the loop over it came to in a hundred turns, for others to compare
} BenchRow;

// Keeps a copy of `row`; the text of the table is printed at once unless JSON was asked for.
void bench_add_row(const BenchRow* row);

void bench_print_heading(void);
void bench_print_json(FILE* out);
void bench_print_svg(FILE* out);

// How many rows miss their aims, and how many more are beyond them by what V8 itself takes.
int bench_missed(int* limits_of_v8);

extern bool bench_json;

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_TESTS_BENCH_REPORT_H_
