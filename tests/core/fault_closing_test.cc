// What happens in the middle of closing, and what closing does without memory.
#include "blocking.h"
#include "core_test.h"
#include "faults.h"

namespace {

CleatRuntime* closing;
std::thread* closer;

// Has the runtime close while the sender of a message has a place in the queue, and has not put it there yet.
bool CloseMeanwhile() {
  closer = new std::thread([] { cleat_close(closing, CLEAT_CLOSE_DROP); });
  // Sending would wait for this sender itself.
  while (CleatFeed* feed = cleat_feed_open(closing, nullptr)) cleat_feed_release(feed);
  Sleep(200);
  return false;
}

TEST(FaultyClosing, WaitsForWhatIsJustBeingSentBeforeItWaitsForTheSender) {
  Runtime runtime;
  closing = runtime;
  Blocking blocking(runtime, [&] {
    OnFault(CloseMeanwhile);
    ArmFaults(0, false, "aligned_alloc");
    // A block of the queue is made at its last place.
    for (;;) {
      const int kind = Result(runtime.Eval("1")).kind();
      if (kind != -1) return kind;
    }
  });
  ASSERT_TRUE(cleat_eval_async(runtime, "start(); 1", nullptr, nullptr, nullptr));
  EXPECT_EQ(blocking.Answer(), CLEAT_ERROR_CLOSED);
  DisarmFaults();
  closer->join();
  delete closer;
}

}  // namespace
