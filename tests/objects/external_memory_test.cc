// [ExternalMemory]: what native objects say they have is counted, limited, and given back.
#include "cleat/bind.h"
#include "objects_test.h"

namespace {

class ExternalMemoryTest : public ObjectsTest {
 protected:
  static CleatOptions Limited() {
    CleatOptions options = Options();
    options.external_limit = 8 << 20;
    return options;
  }
};

TEST_F(ExternalMemoryTest, IsCountedAtWrappingAndGivenBackByDisposing) {
  Runtime runtime(Options());
  size_t before = Statistics(runtime).external;
  Eval(runtime, "globalThis.it = new Resource(12345)");
  EXPECT_EQ(Statistics(runtime).external - before, 12345u);
  Eval(runtime, "it[Symbol.dispose]()");
  EXPECT_EQ(Statistics(runtime).external, before);
}

TEST_F(ExternalMemoryTest, OfAnInterfaceThatInheritsIsWhatTheParentSays) {
  Runtime runtime(Options());
  size_t before = Statistics(runtime).external;
  Eval(runtime, "globalThis.it = new File('four')");
  EXPECT_EQ(Statistics(runtime).external - before, 4u);
}

TEST_F(ExternalMemoryTest, BeyondTheLimitIsARangeErrorAndTheObjectIsFinalized) {
  Runtime runtime(Limited());
  Eval(runtime, "globalThis.it = new Resource(6 << 20)");
  size_t before = Statistics(runtime).external;
  EXPECT_EQ(Eval(runtime, "new Resource(4 << 20)"), "RangeError: The limit of external memory is reached");
  EXPECT_EQ(Finalized(), 1);
  EXPECT_EQ(Statistics(runtime).external, before);
  EXPECT_EQ(Statistics(runtime).objects, 1u);
  EXPECT_EQ(Eval(runtime, "it.size"), std::to_string(6 << 20));
  // What a subclass of a script has got hold of is no object.
  EXPECT_EQ(Eval(runtime,
                 "class Own extends Resource { constructor() { let error; try { super(4 << 20); } "
                 "catch (e) { error = e.name; } return { error }; } } new Own().error"),
            "RangeError");
  EXPECT_EQ(Finalized(), 2);
}

TEST_F(ExternalMemoryTest, OfObjectsThatCWrapsIsLimitedAlike) {
  Runtime runtime(Limited());
  runtime.OnThread([](CleatEnv* env) {
    EXPECT_EQ(cleat_wrap(env, &resource_class, resource_new(9 << 20)), nullptr);
    EXPECT_TRUE(cleat_failed(env));
  });
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"RangeError: The limit of external memory is reached"});
  EXPECT_EQ(Finalized(), 1);
  EXPECT_EQ(Statistics(runtime).external, 0u);
}

TEST_F(ExternalMemoryTest, GarbageMakesRoom) {
  Runtime runtime(Limited());
  EXPECT_EQ(Eval(runtime, "for (let i = 0; i < 100; i++) new Resource(3 << 20); 'all'"), "all");
  EXPECT_LE(Statistics(runtime).external, size_t{8 << 20});
}

TEST_F(ExternalMemoryTest, DisposingMakesRoom) {
  Runtime runtime(Limited());
  EXPECT_EQ(Eval(runtime,
                 "const kept = []; for (let i = 0; i < 100; i++) { const it = new Resource(3 << 20); "
                 "kept.push(it); it[Symbol.dispose](); } kept.length"),
            "100");
}

TEST_F(ExternalMemoryTest, GrowingBeyondTheLimitIsARangeErrorAndCountsAsBefore) {
  Runtime runtime(Limited());
  Eval(runtime, "globalThis.it = new Resource(1 << 20)");
  EXPECT_EQ(Eval(runtime, "it.grow(2 << 20)"), std::to_string(2 << 20));
  EXPECT_EQ(Statistics(runtime).external, size_t{2 << 20});
  EXPECT_EQ(Eval(runtime, "it.grow(9 << 20)"), "RangeError: The limit of external memory is reached");
  EXPECT_EQ(Statistics(runtime).external, size_t{2 << 20});
  EXPECT_EQ(Eval(runtime, "it.size"), std::to_string(2 << 20));
  EXPECT_EQ(Eval(runtime, "it.grow(100)"), "100");
  EXPECT_EQ(Statistics(runtime).external, 100u);
  Eval(runtime, "it[Symbol.dispose]()");
  EXPECT_EQ(Statistics(runtime).external, 0u);
}

TEST_F(ExternalMemoryTest, OfAnObjectWithoutAWrapperIsAskedWhenItGetsOne) {
  Runtime runtime(Options());
  runtime.OnThread([&](CleatEnv* env) {
    Resource* resource = resource_new(50);
    EXPECT_TRUE(resource_external_memory_changed(env, resource));
    EXPECT_EQ(Statistics(runtime).external, 0u);
    EXPECT_NE(cleat_wrap(env, &resource_class, resource), nullptr);
    EXPECT_EQ(Statistics(runtime).external, 50u);
  });
}

TEST_F(ExternalMemoryTest, IsGivenBackWhenTheRuntimeCloses) {
  Runtime runtime(Options());
  Eval(runtime, "globalThis.it = new Resource(12345); globalThis.other = new Resource(1); other[Symbol.dispose]()");
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(Finalized(), 2);
  EXPECT_EQ(Statistics(runtime).external, 0u);
}

TEST_F(ExternalMemoryTest, ManySmallWrappersOfLargeObjectsDoNotMakeTheHeapGrow) {
  Runtime runtime(Options());
  EXPECT_EQ(Eval(runtime,
                 "let most = 0; for (let i = 0; i < 5000; i++) { new Resource(4 << 20); "
                 "most = Math.max(most, Resource.live); } most < 500"),
            "true");
  EXPECT_LT(Statistics(runtime).heap_total, size_t{32 << 20});
}

}  // namespace
