// The struct of interface Base, which interfaces of other sets inherit from.
#ifndef CLEAT_TESTS_BEHAVIOUR_BASE_H_
#define CLEAT_TESTS_BEHAVIOUR_BASE_H_

#include "members.h"

struct Base {
  int32_t x;
  int32_t y;
};

#endif  // CLEAT_TESTS_BEHAVIOUR_BASE_H_
