// A runtime with bindings that ask for everything that may be missing, and what is done in it while it is.
#ifndef CLEAT_TESTS_CORE_FAULTY_RUNTIME_H_
#define CLEAT_TESTS_CORE_FAULTY_RUNTIME_H_

#include "core_test.h"
#include "fault_bindings.h"
#include "faults.h"

inline void LoadFaulty(void*, const CleatImport* import, CleatLoad* load) {
  if (Text(import->specifier).rfind("missing", 0) == 0) {
    cleat_load_fail(load, "there is no %s", import->specifier.data);
    return;
  }
  const std::string source =
      "import json from 'answer' with { type: 'json' };\n"
      "import { Fault } from 'host:faults';\n"
      "await null;\n"
      "export const failure = await import('missing' + import.meta.url).catch((e) => e.name);\n"
      "export default new Fault('x').text.length + json.answer;\n";
  cleat_load_answer(load, source.data(), source.size());
}

class FaultyRuntime {
 public:
  explicit FaultyRuntime(const std::function<void(CleatOptions*)>& change = nullptr) {
    static const CleatBindings* const bindings[] = {&fault_bindings_bindings, &cleat_events_bindings,
                                                    &cleat_dom_exception_bindings, &cleat_timers_bindings};
    static const CleatModule modules[] = {{"host:faults", nullptr, 0, false, &fault_bindings_bindings},
                                          {"answer", "{ \"answer\": 41 }", 0, true, nullptr}};
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.bindings = bindings;
    options.binding_count = 4;
    options.modules = modules;
    options.module_count = 2;
    options.load = LoadFaulty;
    options.uncaught = [](void*, const CleatError*) {};
    options.leaked = [](void*, CleatString) {};
    if (change) change(&options);
    runtime_ = cleat_open(&options, nullptr);
  }
  ~FaultyRuntime() { Close(); }
  operator CleatRuntime*() const { return runtime_; }

  void Close() {
    if (runtime_ != nullptr) cleat_release(runtime_);
    runtime_ = nullptr;
  }

 private:
  CleatRuntime* runtime_ = nullptr;
};

// What a host may be told: 42, or that something was missing. What a script's own code makes of that is an exception.
inline void Check(CleatResult given) {
  Result result(given);
  ASSERT_TRUE((given.value == nullptr) != (given.error == nullptr)) << "neither a value nor an error";
  if (result.error() == nullptr) {
    EXPECT_EQ(result.number(), 42);
    return;
  }
  EXPECT_TRUE(result.kind() == CLEAT_ERROR_OUT_OF_MEMORY || result.kind() == CLEAT_ERROR_SYSTEM ||
              result.kind() == CLEAT_ERROR_EXCEPTION)
      << result.kind() << " " << result.text();
}

// Does act() with one call failing after the other, alone or with all that follow; of many not each.
inline void FailSome(const std::function<void()>& act) {
  act();  // what there is once
  long all = 0;
  for (bool all_that_follow : {false, true}) {
    long failures = 1;
    for (long number = 0; failures > 0 && !testing::Test::HasFailure(); number += 1 + number / 12) {
      SCOPED_TRACE("call " + std::to_string(number) + (all_that_follow ? " and all that follow" : ""));
      ArmFaults(number, all_that_follow);
      act();
      failures = DisarmFaults();
      all += failures > 0;
    }
  }
  printf("%ld calls failed\n", all);
  EXPECT_GT(all, 0) << "nothing has failed";
}

// Does `act` with the first call failing, then with the second, and so on until none fails.
inline void FailEach(CleatRuntime* runtime, const std::function<void()>& act) {
  act();  // what there is once
  long all = 0;
  for (bool all_that_follow : {false, true}) {
    long failures = 1;
    for (long number = 0; failures > 0 && !testing::Test::HasFailure(); number++) {
      SCOPED_TRACE("call " + std::to_string(number) + (all_that_follow ? " and all that follow" : ""));
      ArmFaults(number, all_that_follow);
      act();
      failures = DisarmFaults();
      all += failures > 0;
      ASSERT_TRUE(cleat_wait(runtime, 30000)) << "something is never done";
      ASSERT_EQ(Result(cleat_eval(runtime, "6 * 7", nullptr)).number(), 42) << "the runtime goes on working";
    }
  }
  printf("%ld calls failed\n", all);
  EXPECT_GT(all, 0) << "nothing has failed";
}

#endif  // CLEAT_TESTS_CORE_FAULTY_RUNTIME_H_
