// Everything at once, at random: that nothing is lost, done twice, or hangs. It prints its seed.
//
//   CLEAT_STRESS_SECONDS  how long it lasts (1)
//   CLEAT_STRESS_SEED     the seed (one of the clock's)
//   CLEAT_CYCLES          how often a runtime is opened and closed (60)
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "core_test.h"

namespace {

constexpr int kSenders = 8;
constexpr int kRuntimes = 8;

long Setting(const char* name, long otherwise) {
  const char* text = getenv(name);
  return text == nullptr ? otherwise : atol(text);
}

// What was accepted must come out once.
struct Counts {
  std::atomic<long> accepted{0}, ran{0}, dropped{0};
  std::atomic<long> begun{0}, delivered{0};
  std::atomic<long> opened{0}, evals{0};
};

// The runtimes, each of which any sender may close, and replace by a new one.
struct Slots {
  std::mutex mutex;
  CleatRuntime* runtimes[kRuntimes];

  CleatRuntime* Take(int index) {
    std::lock_guard<std::mutex> lock(mutex);
    return cleat_retain(runtimes[index]);
  }
  CleatRuntime* Exchange(int index, CleatRuntime* runtime) {
    std::lock_guard<std::mutex> lock(mutex);
    return std::exchange(runtimes[index], runtime);
  }
};

const CleatBindings* const kTimers[] = {&cleat_timers_bindings};

CleatRuntime* Open(Counts* counts) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = kTimers;
  options.binding_count = 1;
  options.data = counts;
  options.uncaught = [](void*, const CleatError*) {};  // what was terminated
  options.leaked = [](void*, CleatString) {};
  counts->opened++;
  return cleat_open(&options, nullptr);
}

void RunTask(CleatEnv* env, void* data) {
  static_cast<Counts*>(data)->ran++;
  cleat_run_script(env, "1 + 1", 5, "stress.js", 0);
}

void DropTask(void* data) { static_cast<Counts*>(data)->dropped++; }

void Done(void* data, CleatResult result) {
  static_cast<Counts*>(data)->delivered++;
  cleat_result_free(&result);
}

// Whether a result is one of those that there may be here.
void Check(CleatResult result, double expected) {
  if (result.error == nullptr) {
    EXPECT_EQ(cleat_data_number(result.value), expected);
  } else {
    CleatErrorKind kind = cleat_error_kind(result.error);
    EXPECT_TRUE(kind == CLEAT_ERROR_CLOSED || kind == CLEAT_ERROR_TERMINATED || kind == CLEAT_ERROR_TIMEOUT)
        << Text(cleat_error_text(result.error));
  }
  cleat_result_free(&result);
}

void CallFunction(CleatRuntime* runtime, Counts* counts) {
  CleatResult function = cleat_eval(runtime, "(a) => Promise.resolve(a * 2)", nullptr);
  CleatData* arguments = cleat_data_new_array();
  cleat_data_push(arguments, cleat_data_new_number(21));
  if (function.error == nullptr) {
    Check(cleat_data_call(function.value, nullptr, arguments, nullptr), 42);
    if (cleat_data_call_async(function.value, nullptr, nullptr, nullptr, Done, counts)) counts->begun++;
  }
  cleat_data_free(arguments);
  cleat_result_free(&function);
}

void Act(int action, int index, Slots* slots, Counts* counts, std::mt19937* random) {
  CleatRuntime* runtime = slots->Take(index);
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = 1 + (*random)() % 20;
  if (action < 40) {
    if (cleat_dispatch(runtime, RunTask, counts, DropTask)) counts->accepted++;
  } else if (action < 50) {
    if (cleat_dispatch_after(runtime, (*random)() % 5, RunTask, counts, DropTask)) counts->accepted++;
  } else if (action < 60) {
    counts->evals++;
    Check(cleat_eval(runtime, "[1, 2, 3].reduce((a, b) => a + b)", nullptr), 6);
  } else if (action < 70) {
    counts->evals++;
    Check(cleat_eval(runtime, "new Promise((resolve) => setTimeout(resolve, 1, 7))", &options), 7);
  } else if (action < 75) {
    Check(cleat_eval(runtime, "for (;;);", &options), 0);
  } else if (action < 80) {
    if (cleat_eval_async(runtime, "new Promise((r) => setTimeout(r, 1))", &options, Done, counts)) counts->begun++;
  } else if (action < 85) {
    CallFunction(runtime, counts);
  } else if (action < 90) {
    cleat_terminate(runtime, "stress");
  } else if (action < 94) {
    cleat_suspend(runtime);
    cleat_resume(runtime);
  } else if (action < 96) {
    cleat_wait(runtime, 5);
  } else {
    CleatRuntime* closed = slots->Exchange(index, Open(counts));
    if (action < 98) cleat_close(closed, (*random)() % 2 == 0 ? CLEAT_CLOSE_DROP : CLEAT_CLOSE_FINISH);
    cleat_release(closed);
  }
  cleat_release(runtime);
}

TEST(Stress, SendersOpenSendEvaluateTerminateAndClose) {
  unsigned seed = static_cast<unsigned>(Setting("CLEAT_STRESS_SEED", std::random_device()()));
  long seconds = Setting("CLEAT_STRESS_SECONDS", 1);
  printf("CLEAT_STRESS_SEED=%u\n", seed);
  fflush(stdout);
  Counts counts;
  Slots slots;
  for (CleatRuntime*& runtime : slots.runtimes) runtime = Open(&counts);
  auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::vector<std::thread> senders;
  for (int i = 0; i < kSenders; i++) {
    senders.emplace_back([&, i] {
      std::mt19937 random(seed + i);
      while (std::chrono::steady_clock::now() < end) {
        int action = random() % 100;
        Act(action, random() % kRuntimes, &slots, &counts, &random);
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  for (CleatRuntime* runtime : slots.runtimes) {
    cleat_close(runtime, CLEAT_CLOSE_FINISH);
    cleat_release(runtime);
  }
  printf("%ld opened, %ld tasks, %ld evaluations, %ld callbacks\n", counts.opened.load(), counts.accepted.load(),
         counts.evals.load(), counts.delivered.load());
  EXPECT_EQ(counts.accepted, counts.ran + counts.dropped);
  EXPECT_EQ(counts.begun, counts.delivered);
}

long ResidentPages() {
  std::ifstream statm("/proc/self/statm");
  long size = 0, resident = 0;
  statm >> size >> resident;
  return resident;
}

TEST(Stress, MemoryStaysFlatOverManyRuntimes) {
  long cycles = Setting("CLEAT_CYCLES", 60);
  Counts counts;
  auto cycle = [&](long i) {
    CleatRuntime* runtime = Open(&counts);
    ASSERT_NE(runtime, nullptr);
    if (i % 3 == 0) Check(cleat_eval(runtime, "6 * 7", nullptr), 42);
    if (i % 3 == 1) cleat_dispatch(runtime, RunTask, &counts, DropTask);
    cleat_release(runtime);
  };
  // V8 and the C library keep what they have once had.
  for (long i = 0; i < cycles / 2; i++) cycle(i);
  long before = ResidentPages();
  for (long i = 0; i < cycles / 2; i++) cycle(i);
  long grown = (ResidentPages() - before) * sysconf(_SC_PAGESIZE) / 1024;
  printf("%ld cycles, grown by %ld KiB in their second half\n", cycles, grown);
#ifndef CLEAT_DEBUG  // sanitizers keep what was freed
  EXPECT_LT(grown, 16 * 1024 + cycles / 20);
#endif
}

}  // namespace
