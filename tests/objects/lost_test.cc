// Disposed objects of a runtime that is lost. Apart from the others: what V8 has for such a runtime is lost, too.
#include "objects_test.h"

extern "C" CLEAT_EXPORT const char* __lsan_default_suppressions() {
  return "leak:cleat__survive\nleak:v8::internal::\n";
}

namespace {

using LostTest = ObjectsTest;

TEST_F(LostTest, DisposedObjectsAreFinalizedOnce) {
  CleatOptions options = Options();
  options.heap_limit = 32 << 20;
  Runtime runtime(options);
  Eval(runtime,
       "const keeper = new Keeper(); globalThis.one = new Resource(); keeper.hold(one); one[Symbol.dispose](); "
       "globalThis.two = new Resource(); two[Symbol.dispose](); globalThis.three = new Resource()");
  EXPECT_EQ(Finalized(), 1);
  Result result(
      cleat_eval(runtime, "three.visit(() => { three[Symbol.dispose](); new Array(1e8).fill(1.5); })", nullptr));
  EXPECT_NE(result.error(), nullptr);
  runtime.Release();
  EXPECT_EQ(Finalized(), 3);
}

}  // namespace
