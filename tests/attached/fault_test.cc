// What fails in the system under an attached runtime: one call after the other, alone or with all that follow. It
// attaches or says why it does not, which leaves the host as it was; and whatever it was asked for then comes or is
// refused.
#include "attached_fixture.h"
#include "core/faults.h"
#include "lasting_host.h"

namespace {

// What the host's own JavaScript does with what it has been given.
const char kUses[] =
    "(() => { try { const one = new Gadget(1); one.plus(new Gadget(2)); run(() => {}); setTimeout(() => {}, 1);"
    "slowly(1).catch(() => {}); return one.value } catch (error) { return String(error) } "
    "})()";

void Evaluate(ForeignHost* host, CleatRuntime* runtime) {
  std::atomic<int> told{0};
  auto done = [](void* data, CleatResult result) {
    EXPECT_TRUE((result.value == nullptr) != (result.error == nullptr)) << "neither a value nor an error";
    cleat_result_free(&result);
    ++*static_cast<std::atomic<int>*>(data);
  };
  int accepted = 0;
  for (const char* source : {"6 * 7", "new Promise((r) => setTimeout(r, 1))", "slowly(42)", "new Promise(() => {})"}) {
    accepted += cleat_eval_async(runtime, source, nullptr, done, &told);
  }
  cleat_suspend(runtime);
  auto count = [](void* count) { ++*static_cast<std::atomic<int>*>(count); };
  accepted += cleat_dispatch_after(
      runtime, 1, [](CleatEnv*, void* count) { ++*static_cast<std::atomic<int>*>(count); }, &told, count);
  cleat_resume(runtime);
  // All but what waits for nothing.
  EXPECT_TRUE(host->RunUntil([&] { return told >= accepted - 1; })) << "something is never done";
  EXPECT_TRUE(cleat_close_within(runtime, CLEAT_CLOSE_FINISH, 10000)) << "it does not close";
  host->RunPending();
  EXPECT_EQ(told, accepted);
}

TEST(FaultyAttachment, ComesOrLeavesTheHostAsItWas) {
  const CleatScript script = {"boot.js", "globalThis.booted = new Gadget(1)", 0};
  CleatOptions options = AttachedOptions();
  options.scripts = &script;
  options.script_count = 1;
  options.uncaught = [](void*, const CleatError*) {};
  options.leaked = [](void*, CleatString) {};
  ForeignHost host;
  long all = 0;
  for (bool all_that_follow : {false, true}) {
    long failures = 1;
    for (long number = 0; failures > 0 && !HasFailure(); number++) {
      SCOPED_TRACE("call " + std::to_string(number) + (all_that_follow ? " and all that follow" : ""));
      CleatError* error = nullptr;
      ArmFaults(number, all_that_follow);
      CleatRuntime* runtime = host.Attach(&options, &error);
      failures = DisarmFaults();
      all += failures > 0;
      EXPECT_TRUE((runtime == nullptr) != (error == nullptr));
      cleat_error_free(error);
      if (runtime == nullptr) {
        EXPECT_EQ(host.Run("[typeof Gadget, typeof run, typeof setTimeout, 'gadgetsLeft' in globalThis].join()"),
                  "undefined,undefined,undefined,false");
      } else {
        // What was installed stays.
        cleat_release(runtime);
        host.RunPending();
        host.Run(
            "for (const name of ['Gadget', 'run', 'keep', 'evaluate', 'close', 'bytes', 'soon', 'never', 'slowly',"
            "'gadgetsLeft', 'booted', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval',"
            "'queueMicrotask']) delete globalThis[name]");
      }
    }
  }
  printf("%ld calls failed\n", all);
  EXPECT_GT(all, 50);
}

TEST(FaultyAttachment, ThatDoesNotComeLeavesNothingThatLasts) {
  long all = 0;
  for (bool all_that_follow : {false, true}) {
    long failures = 1;
    for (long number = 0; failures > 0 && !HasFailure(); number++) {
      SCOPED_TRACE("call " + std::to_string(number) + (all_that_follow ? " and all that follow" : ""));
      LastingHost host;
      host.Look();
      CleatError* error = nullptr;
      ArmFaults(number, all_that_follow);
      CleatRuntime* runtime = host.AttachLasting(&error, "globalThis; lastingTwice(moreFixed); new Lasting()");
      failures = DisarmFaults();
      all += failures > 0;
      EXPECT_TRUE((runtime == nullptr) != (error == nullptr));
      cleat_error_free(error);
      if (runtime == nullptr) {
        EXPECT_EQ(host.Changed(), "nothing");
      } else {
        EXPECT_EQ(host.Run("delete globalThis.lastingFixed || lastingFixed"), "1");
        cleat_release(runtime);
      }
    }
  }
  printf("%ld calls failed\n", all);
  EXPECT_GT(all, 50);
}

TEST(FaultyAttachment, GivesWhatIsAskedForOrAnError) {
  CleatOptions options = AttachedOptions();
  options.uncaught = [](void*, const CleatError*) {};
  options.leaked = [](void*, CleatString) {};
  long all = 0;
  for (bool all_that_follow : {false, true}) {
    long failures = 1;
    for (long number = 0; failures > 0 && !HasFailure(); number += 1 + number / 12) {
      SCOPED_TRACE("call " + std::to_string(number) + (all_that_follow ? " and all that follow" : ""));
      ForeignHost host;
      CleatRuntime* runtime = host.Attach(&options, nullptr, all_that_follow);
      ASSERT_NE(runtime, nullptr);
      ArmFaults(number, all_that_follow);
      host.Run(kUses);
      Evaluate(&host, runtime);
      failures = DisarmFaults();
      all += failures > 0;
      release_kept();
      cleat_release(runtime);
    }
  }
  printf("%ld calls failed\n", all);
  EXPECT_GT(all, 20);
}

}  // namespace
