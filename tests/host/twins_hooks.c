// The hooks of twins.idl, for each of its two sets.
#include <stdlib.h>

#include "left/twins.h"
#include "right/twins.h"

// `factor` tells the sets apart.
#define HOOKS(Set, set, factor)                                                             \
  struct Set##Twin {                                                                        \
    double x;                                                                               \
  };                                                                                        \
  Set##Twin* set##_twin_new(const Set##Point* point) {                                      \
    Set##Twin* self = malloc(sizeof(*self));                                                \
    if (self != NULL) self->x = point->x * (factor);                                        \
    return self;                                                                            \
  }                                                                                         \
  void set##_twin_finalize(Set##Twin* self) { free(self); }                                 \
  double set##_twin_get_x(Set##Twin* self) { return self->x; }                              \
  void set##_twin_set_x(Set##Twin* self, double x) { self->x = x; }                         \
  Set##Twin* set##_twin_itself(Set##Twin* self) { return self; }                            \
  double set##_twin_plus(Set##Twin* self, Set##Twin* other) { return self->x + other->x; }  \
  double set##_twin_visit(CleatEnv* env, Set##Twin* self, const Set##Visit* visit) {        \
    double result = 0;                                                                      \
    set##_visit_call(env, visit, self, &(Set##Point){.x = self->x}, &result);               \
    return result;                                                                          \
  }                                                                                         \
  Set##TwinSequence set##_twin_both(Set##Twin* self, Set##Twin* other) {                    \
    static Set##Twin* both[2];                                                              \
    both[0] = self;                                                                         \
    both[1] = other;                                                                        \
    return (Set##TwinSequence){both, 2};                                                    \
  }                                                                                         \
  Set##TwinOrString set##_twin_either(Set##Twin* self, const Set##TwinOrString* value) {    \
    (void)self;                                                                             \
    return *value;                                                                          \
  }                                                                                         \
  void set##_twin_later(CleatEnv* env, Set##Twin* self, Set##TwinPromise* promise) {        \
    set##_twin_promise_resolve(env, promise, self);                                         \
  }                                                                                         \
  double set##_twin_doubled(Set##Twin* self) { return self->x * 2; }                        \
  bool set##_twin_pair_at(Set##Twin* self, size_t index, CleatString* key, double* value) { \
    *key = CLEAT_STRING("x");                                                               \
    *value = self->x;                                                                       \
    return index == 0;                                                                      \
  }                                                                                         \
  double set##_twins_sum(CleatDoubleSequence values) {                                      \
    double sum = 0;                                                                         \
    for (size_t i = 0; i < values.length; i++) sum += values.items[i];                      \
    return sum * (factor);                                                                  \
  }                                                                                         \
  CleatDoubleSequence set##_twins_get_list(void) {                                          \
    static const double items[] = {factor};                                                 \
    return (CleatDoubleSequence){items, 1};                                                 \
  }                                                                                         \
  void set##_set_numbers(size_t index, double value) {                                      \
    (void)index;                                                                            \
    (void)value;                                                                            \
  }                                                                                         \
  void set##_delete_numbers(size_t index, double value) {                                   \
    (void)index;                                                                            \
    (void)value;                                                                            \
  }

HOOKS(Left, left, 1)
HOOKS(Right, right, 100)
