// Rejections and errors that nobody handles, where they are many: reporting them keeps nobody else waiting.
#include "core_test.h"

namespace {

constexpr int kMany = 100000;

// A runtime that checks that what is reported is 0, 1, 2 and so on, and counts it.
class RejectionsTest : public testing::Test {
 protected:
  RejectionsTest() {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    static const CleatBindings* const bindings[] = {&cleat_timers_bindings};
    options.bindings = bindings;
    options.binding_count = 1;
    options.data = this;
    options.uncaught = [](void* data, const CleatError* error) {
      auto* self = static_cast<RejectionsTest*>(data);
      self->in_order_ = self->in_order_ && Text(cleat_error_message(error)) == std::to_string(self->reported);
      self->reported++;
    };
    runtime = cleat_open(&options, nullptr);
  }
  ~RejectionsTest() override {
    cleat_release(runtime);
    EXPECT_TRUE(in_order_) << "each is reported once, the first one first";
  }

  Result Eval(const std::string& source, uint32_t timeout_ms = 0) const {
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.timeout_ms = timeout_ms;
    return Result(cleat_eval(runtime, source.c_str(), &options));
  }

  void Reject(int count) const {
    Result result(Eval("for (let i = 0; i < " + std::to_string(count) + "; i++) last = Promise.reject(i); 1"));
    EXPECT_EQ(result.number(), 1) << result.text();
  }

  CleatRuntime* runtime;
  std::atomic<int> reported{0};

 private:
  bool in_order_ = true;
};

TEST_F(RejectionsTest, AFewAreReportedBeforeTheEvaluationReturns) {
  Reject(100);
  EXPECT_EQ(reported, 100);
}

TEST_F(RejectionsTest, ManyAreReportedBetweenOtherTasks) {
  Reject(kMany);
  EXPECT_GE(reported, 100);
  EXPECT_EQ(Eval("6 * 7").number(), 42);
  EXPECT_LT(reported, kMany) << "the next task waited for all of them";
  EXPECT_TRUE(cleat_wait(runtime, 60000));
  EXPECT_EQ(reported, kMany);
}

TEST_F(RejectionsTest, ManyErrorsOfMicrotasksAreReportedInOrder) {
  Result result(
      Eval("for (let i = 0; i < " + std::to_string(kMany) + "; i++) queueMicrotask(() => { throw String(i) }); 1"));
  EXPECT_EQ(result.number(), 1) << result.text();
  EXPECT_TRUE(cleat_wait(runtime, 60000));
  EXPECT_EQ(reported, kMany);
}

TEST_F(RejectionsTest, WhatIsHandledBeforeItsTurnIsNotReported) {
  Reject(kMany);
  EXPECT_EQ(Eval("last.catch(() => {}); 1").number(), 1);
  EXPECT_TRUE(cleat_wait(runtime, 60000));
  EXPECT_EQ(reported, kMany - 1);
}

TEST_F(RejectionsTest, WhatIsRejectedMeanwhileComesAfterThem) {
  Reject(kMany);
  for (int i = 0; i < 300; i++) Eval("Promise.reject(" + std::to_string(kMany + i) + "); 1");
  EXPECT_TRUE(cleat_wait(runtime, 60000));
  EXPECT_EQ(reported, kMany + 300);
}

TEST_F(RejectionsTest, OfAnEvaluationThatItsTimeLimitEndsAreReportedLater) {
  EXPECT_EQ(Eval("for (let i = 0; ; i++) Promise.reject(i)", 100).kind(), CLEAT_ERROR_TIMEOUT);
  // No other task need come.
  EXPECT_TRUE(cleat_wait(runtime, 60000));
  EXPECT_GT(reported, 100);
}

TEST_F(RejectionsTest, AreDroppedWhereClosingDrops) {
  Reject(kMany);
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_LT(reported, kMany);
}

TEST_F(RejectionsTest, AreReportedWhereClosingFinishes) {
  Reject(kMany);
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(reported, kMany);
}

}  // namespace
