// What the tests of native objects share: a runtime with the bindings of tests/behaviour/dispose.idl.
#ifndef CLEAT_TESTS_OBJECTS_OBJECTS_TEST_H_
#define CLEAT_TESTS_OBJECTS_OBJECTS_TEST_H_

#include <gtest/gtest.h>

#include <string>

#include "cleat/cleat.h"
#include "dispose.h"
#include "tests/core/core_test.h"

class ObjectsTest : public testing::Test {
 protected:
  void SetUp() override { finalized_before_ = resource_get_finalized(); }

  static CleatOptions Options() {
    static const CleatBindings* const bindings[] = {&dispose_bindings, &cleat_events_bindings};
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.bindings = bindings;
    options.binding_count = 2;
    return options;
  }

  // The value of `source` as text, or what was thrown.
  static std::string Eval(CleatRuntime* runtime, const std::string& source) {
    Result result(cleat_eval(runtime, ("String(eval(`" + source + "`))").c_str(), nullptr));
    return result.error() != nullptr ? Text(cleat_error_name(result.error())) + ": " + result.message()
                                     : result.string();
  }

  // How many resources have been finalized in this test.
  int Finalized() const { return resource_get_finalized() - finalized_before_; }

  static CleatStatistics Statistics(CleatRuntime* runtime) {
    CleatStatistics statistics = CLEAT_STATISTICS_INIT;
    EXPECT_TRUE(cleat_statistics(runtime, &statistics));
    return statistics;
  }

 private:
  int finalized_before_ = 0;
};

#endif  // CLEAT_TESTS_OBJECTS_OBJECTS_TEST_H_
