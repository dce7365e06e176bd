// Blocking operations that call their runtime, which waits for them as it closes.
#include "blocking.h"

#include "core_test.h"

namespace {

TEST(BlockingOperation, EvaluatesAndIsAnswered) {
  Runtime runtime;
  Blocking blocking(runtime, [&] { return static_cast<int>(Result(runtime.Eval("6 * 7")).number()); });
  EXPECT_EQ(Result(runtime.Eval("start()")).number(), 42);
  EXPECT_EQ(blocking.Answer(), 42);
}

TEST(BlockingOperation, ThatWaitsForAPromiseIsToldOfTheClosing) {
  for (CleatCloseMode mode : {CLEAT_CLOSE_DROP, CLEAT_CLOSE_FINISH}) {
    Runtime runtime;
    Blocking blocking(runtime, [&] { return Result(runtime.Eval("new Promise(() => {})")).kind(); });
    EXPECT_EQ(Result(runtime.Eval("start(); 1")).number(), 1);
    std::thread closing([&] { cleat_close(runtime, mode); });
    EXPECT_EQ(blocking.Answer(), CLEAT_ERROR_CLOSED);
    closing.join();
  }
}

TEST(BlockingOperation, BeginsToCloseItsRuntimeWithoutWaitingForIt) {
  for (CleatCloseMode mode : {CLEAT_CLOSE_DROP, CLEAT_CLOSE_FINISH}) {
    Runtime runtime;
    Blocking blocking(runtime, [&] {
      cleat_close(runtime, mode);
      return cleat_close_within(runtime, mode, 1000) ? 1 : 0;
    });
    EXPECT_EQ(Result(runtime.Eval("start()")).kind(), CLEAT_ERROR_CLOSED);
    EXPECT_EQ(blocking.Answer(), 0);
    cleat_close(runtime, CLEAT_CLOSE_FINISH);
  }
}

TEST(BlockingOperation, ThatDropsEndsWhatRuns) {
  Runtime runtime;
  Blocking blocking(runtime, [&] {
    Sleep(100);
    cleat_close(runtime, CLEAT_CLOSE_DROP);
    return 0;
  });
  EXPECT_EQ(Result(runtime.Eval("start(); for (;;);")).kind(), CLEAT_ERROR_CLOSED);
  EXPECT_EQ(blocking.Answer(), 0);
}

TEST(BlockingOperation, GivesTheLastReferenceBack) {
  auto runtime = std::make_unique<Runtime>();
  Blocking blocking(*runtime, [&] {
    Sleep(100);
    runtime->Release();
    return 0;
  });
  CleatRuntime* kept = *runtime;
  ASSERT_TRUE(cleat_eval_async(kept, "start(); 1", nullptr, nullptr, nullptr));
  EXPECT_EQ(blocking.Answer(), 0);
}

TEST(BlockingOperation, CannotWaitUntilNothingIsLeftToDo) {
  Runtime runtime;
  Blocking blocking(runtime, [&] { return cleat_wait(runtime, 0) ? 1 : 0; });
  EXPECT_EQ(Result(runtime.Eval("start()")).number(), 42);
  EXPECT_EQ(blocking.Answer(), 0);
}

TEST(BlockingOperation, WaitsForAnotherRuntimeAsAnybodyDoes) {
  Runtime runtime, other;
  Blocking blocking(runtime, [&] {
    const bool idle = cleat_wait(other, 0);
    return cleat_close_within(other, CLEAT_CLOSE_FINISH, 10000) && idle ? 1 : 0;
  });
  EXPECT_EQ(Result(runtime.Eval("start()")).number(), 42);
  EXPECT_EQ(blocking.Answer(), 1);
}

}  // namespace
