// The work of the neighbours: what hooks.c does, as a library that foreign-function interfaces load.
#include <string.h>

void work_nothing(void) {}
double work_one(double a) { return a; }
double work_two(double a, double b) { return a + b; }
double work_six(double a, double b, double c, double d, double e, double f) { return a + b + c + d + e + f; }
unsigned work_take(const char* text) { return (unsigned)strlen(text) + (unsigned char)text[0]; }
const char* work_give(void) { return "aaaaaaaaaaaaaaaa"; }

const char* work_give_new(void) {
  static char text[] = "aaaaaaaaaaaaaaaa";
  for (char* at = text; ++*at > 'z'; at++) *at = 'a';
  return text;
}

double work_sum(const double* items, size_t length) {
  double sum = 0;
  for (size_t i = 0; i < length; i++) sum += items[i];
  return sum;
}

const double* work_values(void) {
  static double values[100];
  for (int i = 0; i < 100; i++) values[i] = i + 0.5;
  return values;
}

double work_steps(double (*step)(double), unsigned count) {
  double value = 0;
  for (unsigned i = 0; i < count; i++) value = step(value);
  return value;
}
