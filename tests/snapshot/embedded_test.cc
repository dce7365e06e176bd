// A snapshot that the build has made.
#include "embedded_snapshot.h"
#include "hooks.h"
#include "snapshot_test.h"

namespace {

TEST(SnapshotTest, IsMadeByTheBuild) {
  Options options({&fast_bindings, &cleat_console_bindings});
  EXPECT_TRUE(embedded_snapshot.intact);
  Opened runtime(options.options, &embedded_snapshot);
  EXPECT_EQ(runtime.Eval("[new Meter().raise(1), toLong('7'), typeof console.log].join()"), "101,7,function");
  EXPECT_EQ(runtime.Eval("where()"), "at where (tests/snapshot/embedded.js:13:10)");
}

}  // namespace
