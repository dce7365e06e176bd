// Disposing of native objects, where C has them in its hands, and where the runtime ends.
#include <vector>

#include "cleat/bind.h"
#include "objects_test.h"

namespace {

using DisposeTest = ObjectsTest;

Resource* Find(CleatEnv* env, const char* name) {
  return static_cast<Resource*>(cleat_unwrap(env, cleat_get(env, cleat_global(env), name), &resource_class));
}

void Call(CleatEnv* env, const char* name) {
  cleat_call(env, cleat_get(env, cleat_global(env), name), nullptr, 0, nullptr);
}

TEST_F(DisposeTest, AnEvaluationFinalizesAtOnce) {
  Runtime runtime(Options());
  EXPECT_EQ(Eval(runtime,
                 "const it = new Resource(); const before = Resource.finalized; it[Symbol.dispose](); "
                 "Resource.finalized - before"),
            "1");
}

TEST_F(DisposeTest, ADispatchedFunctionKeepsWhatItHasInItsHands) {
  Runtime runtime(Options());
  Eval(runtime, "globalThis.it = new Resource(7); globalThis.dispose = () => it[Symbol.dispose]()");
  int finalized = -1;
  uint32_t size = 0;
  runtime.OnThread([&](CleatEnv* env) {
    Resource* resource = Find(env, "it");
    Call(env, "dispose");
    EXPECT_FALSE(cleat_failed(env));
    finalized = Finalized();
    size = resource_get_size(resource);
    EXPECT_EQ(Find(env, "it"), nullptr);
  });
  EXPECT_EQ(finalized, 0);
  EXPECT_EQ(size, 7u);
  cleat_wait(runtime, 0);
  EXPECT_EQ(Finalized(), 1);
}

TEST_F(DisposeTest, SoDoesOneThatWasDispatchedForLater) {
  Runtime runtime(Options());
  Eval(runtime, "globalThis.it = new Resource(7); globalThis.dispose = () => it[Symbol.dispose]()");
  struct Seen {
    int finalized = -1;
    DisposeTest* test;
  } seen{-1, this};
  ASSERT_TRUE(cleat_dispatch_after(
      runtime, 1,
      [](CleatEnv* env, void* data) {
        Resource* resource = Find(env, "it");
        Call(env, "dispose");
        auto* seen = static_cast<Seen*>(data);
        seen->finalized = resource_get_size(resource) == 7 ? 0 : -1;
      },
      &seen, nullptr));
  cleat_wait(runtime, 0);
  EXPECT_EQ(seen.finalized, 0);
  EXPECT_EQ(Finalized(), 1);
}

TEST_F(DisposeTest, AWrapperThatCMakesOfItMeanwhileIsTheDisposedOne) {
  Runtime runtime(Options());
  Eval(runtime, "globalThis.it = new Resource(7); globalThis.dispose = () => it[Symbol.dispose]()");
  runtime.OnThread([](CleatEnv* env) {
    Resource* resource = Find(env, "it");
    Call(env, "dispose");
    CleatValue* again = cleat_wrap(env, &resource_class, resource);
    cleat_set(env, cleat_global(env), "again", again);
    EXPECT_EQ(cleat_unwrap(env, again, &resource_class), nullptr);
  });
  cleat_wait(runtime, 0);
  EXPECT_EQ(Eval(runtime, "again === it"), "true");
  EXPECT_EQ(Finalized(), 1);
}

TEST_F(DisposeTest, ClosingFinalizesWhatCHoldsStillOnce) {
  CleatOptions options = Options();
  options.leaked = [](void*, CleatString) {};
  Runtime runtime(options);
  Eval(runtime, "const keeper = new Keeper(); const it = new Resource(); keeper.hold(it); it[Symbol.dispose]()");
  CleatRef* ref = nullptr;
  Eval(runtime, "globalThis.other = new Resource()");
  runtime.OnThread([&](CleatEnv* env) { ref = cleat_hold(env, cleat_get(env, cleat_global(env), "other")); });
  Eval(runtime, "other[Symbol.dispose]()");
  EXPECT_EQ(Finalized(), 0);
  runtime.Release();
  EXPECT_EQ(Finalized(), 2);
  cleat_ref_free(ref);
}

TEST_F(DisposeTest, ARefThatIsFreedOnAnotherThreadLetsItGo) {
  Runtime runtime(Options());
  CleatRef* ref = nullptr;
  Eval(runtime, "globalThis.it = new Resource()");
  runtime.OnThread([&](CleatEnv* env) { ref = cleat_hold(env, cleat_get(env, cleat_global(env), "it")); });
  Eval(runtime, "it[Symbol.dispose]()");
  EXPECT_EQ(Finalized(), 0);
  cleat_ref_free(ref);
  cleat_wait(runtime, 0);
  EXPECT_EQ(Finalized(), 1);
}

TEST_F(DisposeTest, AFunctionHandleKeepsTheObjectThatItWasReadFrom) {
  Runtime runtime(Options());
  CleatResult result = cleat_eval(runtime, "globalThis.it = new Resource(); ({ f: it.times }); it.times", nullptr);
  ASSERT_NE(result.value, nullptr);
  CleatResult object = cleat_eval(runtime, "({ times: it.times.bind(it) })", nullptr);
  EXPECT_EQ(Eval(runtime, "it[Symbol.dispose]()"), "undefined");
  EXPECT_EQ(Finalized(), 1);
  CleatResult called = cleat_data_call(cleat_data_get(object.value, "times"), nullptr, nullptr, nullptr);
  ASSERT_NE(called.error, nullptr);
  EXPECT_NE(Text(cleat_error_message(called.error)).find("was disposed"), std::string::npos);
  cleat_result_free(&called);
  cleat_result_free(&object);
  cleat_result_free(&result);
}

TEST_F(DisposeTest, ClosingWithAPromiseOwedFinalizesOnce) {
  Runtime runtime(Options());
  Eval(runtime, "const it = new Resource(5); it.later().catch(() => 0); it[Symbol.dispose]()");
  EXPECT_EQ(Finalized(), 0);
  // Settled by C while the runtime closes, or after; what is used is checked.
  runtime.OnThread([](CleatEnv*) { resource_settle(false); });
  runtime.Release();
  EXPECT_EQ(Finalized(), 1);
}

TEST_F(DisposeTest, ClosingWaitsForABlockingOperationOfADisposedObject) {
  Runtime runtime(Options());
  Eval(runtime, "const it = new Resource(5); it.work(30).catch(() => 0); it[Symbol.dispose]()");
  EXPECT_EQ(Finalized(), 0);
  runtime.Release();
  EXPECT_EQ(Finalized(), 1);
}

TEST_F(DisposeTest, StatisticsNoLongerCountIt) {
  Runtime runtime(Options());
  Eval(runtime, "globalThis.it = new Resource(1000)");
  CleatStatistics with = Statistics(runtime);
  Eval(runtime, "it[Symbol.dispose]()");
  CleatStatistics without = Statistics(runtime);
  EXPECT_EQ(with.objects - without.objects, 1u);
  EXPECT_EQ(with.external - without.external, 1000u);
}

TEST_F(DisposeTest, WhatIsLeftOfDisposedObjectsIsCollected) {
  Runtime runtime(Options());
  EXPECT_EQ(Eval(runtime, "for (let i = 0; i < 200000; i++) new Resource()[Symbol.dispose](); Resource.live"), "0");
  EXPECT_EQ(Finalized(), 200000);
  EXPECT_EQ(Eval(runtime,
                 "const kept = []; for (let i = 0; i < 1000; i++) { const it = new Resource(); kept.push(it); "
                 "if (i % 2) it[Symbol.dispose](); } Resource.live"),
            "500");
}

TEST_F(DisposeTest, CountedCallsAreDisposedAlike) {
  CleatOptions options = Options();
  options.count_calls = true;
  Runtime runtime(options);
  EXPECT_EQ(Eval(runtime,
                 "const it = new Resource(); it[Symbol.dispose](); const door = new Door(); "
                 "door[Symbol.dispose](); try { it.size } catch (e) { e.name + door.closed }"),
            "TypeErrortrue");
  EXPECT_EQ(Finalized(), 1);
}

// SYMBOLS

void Close(CleatCall* call) { cleat_return_boolean(call, true); }

// A set of bindings by hand, with one interface that has a [Dispose] operation.
struct OtherSet {
  OtherSet() {
    member.name = "close";
    member.flags = CLEAT_DISPOSES;
    member.call = Close;
    type.name = "Other";
    type.construct = [](CleatCall* call) { cleat_return_new(call, &kType, new int); };
    type.finalize = [](void* object) { delete static_cast<int*>(object); };
    type.members = &member;
    type.member_count = 1;
    bindings.size = sizeof(bindings);
    bindings.name = "other";
    bindings.classes = &types;
    bindings.class_count = 1;
  }

  static CleatClass& kType;
  CleatMember member = {};
  CleatClass& type = kType;
  const CleatClass* types = &kType;
  CleatBindings bindings = {};
};
CleatClass other_class = {};
CleatClass& OtherSet::kType = other_class;

TEST_F(DisposeTest, SetsOfBindingsAgreeOnTheSymbols) {
  OtherSet other;
  const CleatBindings* const bindings[] = {&other.bindings, &dispose_bindings, &cleat_events_bindings};
  CleatOptions options = Options();
  options.bindings = bindings;
  options.binding_count = 3;
  Runtime runtime(options);
  EXPECT_EQ(Eval(runtime,
                 "Symbol.dispose in Other.prototype && Symbol.dispose in Resource.prototype && "
                 "Other.prototype[Symbol.dispose] === Other.prototype.close"),
            "true");
}

TEST_F(DisposeTest, ScriptsCannotPutOthersInTheirPlace) {
  Runtime runtime(Options());
  EXPECT_EQ(Eval(runtime,
                 "const real = Symbol.dispose; try { Symbol.dispose = Symbol(); } catch {} "
                 "globalThis.Symbol = { dispose: Symbol() }; Object.hasOwn(Door.prototype, real)"),
            "true");
}

TEST_F(DisposeTest, WithoutBindingsThatNeedThemThereAreNoSymbolsButTheEnginesOwn) {
  Runtime bare;
  std::string engines = Eval(bare, "'dispose' in Symbol");
  OtherSet other;
  other.member.flags = 0;
  const CleatBindings* const bindings[] = {&other.bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  Runtime runtime(options);
  EXPECT_EQ(Eval(runtime, "'dispose' in Symbol"), engines);
}

// SNAPSHOTS

struct FreeSnapshot {
  void operator()(CleatSnapshot* snapshot) const { cleat_snapshot_free(snapshot); }
};
using SnapshotPtr = std::unique_ptr<CleatSnapshot, FreeSnapshot>;

SnapshotPtr Make(CleatOptions options, const char* script, std::string* why) {
  CleatScript scripts[] = {{"set-up.js", script, 0}};
  options.scripts = scripts;
  options.script_count = 1;
  CleatError* error = nullptr;
  SnapshotPtr snapshot(cleat_snapshot_create(&options, &error));
  *why = error == nullptr ? "" : Text(cleat_error_message(error));
  cleat_error_free(error);
  return snapshot;
}

TEST_F(DisposeTest, RuntimesOfASnapshotHaveItsSymbols) {
  std::string why;
  SnapshotPtr snapshot = Make(Options(),
                              "globalThis.symbol = Symbol.dispose; globalThis.method = Resource.prototype[symbol]; "
                              "globalThis.make = () => new File('x')",
                              &why);
  ASSERT_NE(snapshot, nullptr) << why;
  CleatOptions options = Options();
  options.snapshot = snapshot.get();
  Runtime runtime(options);
  EXPECT_EQ(Eval(runtime,
                 "symbol === Symbol.dispose && symbol in Lexicon.prototype && "
                 "Resource.prototype[symbol] === method"),
            "true");
  EXPECT_EQ(Eval(runtime, "const file = make(); file[Symbol.dispose](); try { file.name } catch (e) { e.message }"),
            "Illegal invocation: 'name' was called on a File that was disposed");
  EXPECT_EQ(Finalized(), 1);
}

TEST_F(DisposeTest, ASnapshotHoldsNoDisposedObject) {
  std::string why;
  EXPECT_EQ(Make(Options(), "globalThis.it = new Resource(); it[Symbol.dispose]()", &why), nullptr);
  EXPECT_EQ(why, "option scripts: they leave a Resource that was disposed, which no snapshot can hold");
  EXPECT_NE(Make(Options(), "new Resource()[Symbol.dispose]()", &why), nullptr) << why;
}

}  // namespace
