// Values that a native object keeps, and weak references: what they keep from being collected, and what not.
#include <algorithm>
#include <random>
#include <utility>

#include "../core/core_test.h"
#include "fixture.h"

namespace {

// interface Keeper { constructor(optional any value); undefined keep(any value); any kept(long index); };
struct Keeper {
  std::vector<CleatRef*> refs;
};

std::atomic<int> finalized{0};

void Finalize(void* object) {
  auto* keeper = static_cast<Keeper*>(object);
  for (CleatRef* ref : keeper->refs) cleat_ref_free(ref);
  delete keeper;
  finalized++;
}

void New(CleatCall* call);
void Keep(CleatCall* call);
void Kept(CleatCall* call);

const CleatMember kMembers[] = {
    {"keep", CLEAT_OPERATION, 0, Keep, nullptr, 1, 0, nullptr, nullptr, nullptr},
    {"kept", CLEAT_OPERATION, 0, Kept, nullptr, 1, 0, nullptr, nullptr, nullptr},
};

CleatClass MakeClass() {
  CleatClass type = {};
  type.name = "Keeper";
  type.construct = New;
  type.finalize = Finalize;
  type.members = kMembers;
  type.member_count = 2;
  return type;
}
const CleatClass kClass = MakeClass();

// It keeps its argument before the object is that of `this`.
void New(CleatCall* call) {
  CleatEnv* env = cleat_env(call);
  auto* keeper = new Keeper;
  if (cleat_has_arg(call, 0)) keeper->refs.push_back(cleat_hold_in(env, &kClass, keeper, cleat_arg_any(call, 0)));
  cleat_return_new(call, &kClass, keeper);
}

void Keep(CleatCall* call) {
  auto* self = static_cast<Keeper*>(cleat_this(call, &kClass));
  if (self == nullptr) return;
  CleatEnv* env = cleat_env(call);
  self->refs.push_back(cleat_hold_in(env, &kClass, self, cleat_arg_any(call, 0)));
}

void Kept(CleatCall* call) {
  auto* self = static_cast<Keeper*>(cleat_this(call, &kClass));
  if (self == nullptr) return;
  int32_t index;
  if (!cleat_arg_long(call, 0, &index)) return;
  cleat_return(call, cleat_held(cleat_env(call), self->refs.at(static_cast<size_t>(index))));
}

CleatOptions KeeperOptions() {
  static const CleatClass* const classes[] = {&kClass};
  static CleatBindings bindings = {};
  bindings.size = sizeof(bindings);
  bindings.name = "keeper";
  bindings.classes = classes;
  bindings.class_count = 1;
  static const CleatBindings* const list[] = {&bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = list;
  options.binding_count = 1;
  return options;
}

class HoldTest : public testing::Test {
 protected:
  void SetUp() override { finalized = 0; }

  // Collects garbage until the finalizers have run.
  void CollectGarbage() {
    for (int i = 0; i < 3; i++) runtime_.OnThread([](CleatEnv* env) { fixture_collect_garbage(env); });
  }

  Keeper* Find(CleatEnv* env, const char* name) {
    return static_cast<Keeper*>(cleat_unwrap(env, cleat_get(env, cleat_global(env), name), &kClass));
  }

  Runtime runtime_{KeeperOptions()};
};

TEST_F(HoldTest, ACycleThroughANativeObjectIsCollected) {
  Result(runtime_.Eval("for (let i = 0; i < 100; i++) { const k = new Keeper(); k.keep({ k }); k.keep(() => k) }"));
  Result(runtime_.Eval("{ const a = new Keeper(), b = new Keeper(a); a.keep(b) }"));
  CollectGarbage();
  EXPECT_EQ(finalized, 102);
  EXPECT_TRUE(runtime_.Uncaught().empty());
}

TEST_F(HoldTest, TheOwnerKeepsTheValue) {
  Result(runtime_.Eval("globalThis.k = new Keeper(); k.keep(new Keeper({ name: 'deep' })); k.keep('text')"));
  CollectGarbage();
  EXPECT_EQ(finalized, 0);
  EXPECT_EQ(Result(runtime_.Eval("k.kept(0).kept(0).name + k.kept(1)")).string(), "deeptext");
  Result(runtime_.Eval("delete globalThis.k"));
  CollectGarbage();
  EXPECT_EQ(finalized, 2);
}

TEST_F(HoldTest, ByCItselfACycleIsNotCollectedUntilItIsGivenUp) {
  CleatRef* ref = nullptr;
  runtime_.OnThread([&](CleatEnv* env) {
    CleatValue* object = cleat_run_script(env, "({ k: new Keeper() })", 21, "x", 1);
    ref = cleat_hold(env, object);
  });
  CollectGarbage();
  EXPECT_EQ(finalized, 0);
  cleat_ref_free(ref);
  CollectGarbage();
  EXPECT_EQ(finalized, 1);
}

TEST_F(HoldTest, AConstructorMayKeepValuesInTheObjectItMakes) {
  EXPECT_EQ(Result(runtime_.Eval("class Sub extends Keeper { #x = 3; sum() { return this.#x + this.kept(0) } }"
                                 "const s = new Sub(4); `${s.sum()} ${s instanceof Sub} ${s.constructor === Sub}`"))
                .string(),
            "7 true true");
  EXPECT_EQ(Result(runtime_.Eval("function F() {}; const f = Reflect.construct(Keeper, [7], F);"
                                 "(Object.getPrototypeOf(f) === F.prototype) + ' ' + Keeper.prototype.kept.call(f, 0)"))
                .string(),
            "true 7");
}

TEST_F(HoldTest, GivingUpInAnyOrderLeavesTheOthers) {
  Result(runtime_.Eval("globalThis.k = new Keeper(); for (let i = 0; i < 200; i++) k.keep({ i })"));
  std::vector<CleatRef*> given_up;
  std::vector<size_t> left;
  runtime_.OnThread([&](CleatEnv* env) {
    Keeper* keeper = Find(env, "k");
    std::vector<size_t> order(200);
    for (size_t i = 0; i < 200; i++) order[i] = i;
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    for (size_t i = 0; i < 150; i++) given_up.push_back(std::exchange(keeper->refs[order[i]], nullptr));
    for (size_t i = 0; i < 75; i++) cleat_ref_free(given_up[i]);
    left.assign(order.begin() + 150, order.end());
  });
  CollectGarbage();
  std::thread other([&] {
    for (size_t i = 75; i < 150; i++) cleat_ref_free(given_up[i]);
  });
  other.join();
  CollectGarbage();
  runtime_.OnThread([&](CleatEnv* env) {
    Keeper* keeper = Find(env, "k");
    for (size_t i : left) {
      double number = -1;
      cleat_to_number(env, cleat_get(env, cleat_held(env, keeper->refs[i]), "i"), &number);
      EXPECT_EQ(number, static_cast<double>(i));
    }
  });
}

TEST_F(HoldTest, WhatIsGivenUpIsCollected) {
  CleatRef* watch = nullptr;
  runtime_.OnThread([&](CleatEnv* env) {
    CleatValue* object = cleat_run_script(env, "globalThis.k = new Keeper({})", 29, "x", 1);
    watch = cleat_hold_weak(env, cleat_held(env, Find(env, "k")->refs[0]));
    EXPECT_NE(object, nullptr);
  });
  CollectGarbage();
  runtime_.OnThread([&](CleatEnv* env) {
    EXPECT_NE(cleat_held(env, watch), nullptr);
    // Also while an exception is pending.
    Keeper* keeper = Find(env, "k");
    cleat_throw_error(env, "mine");
    cleat_ref_free(std::exchange(keeper->refs[0], nullptr));
    EXPECT_TRUE(cleat_failed(env));
  });
  CollectGarbage();
  runtime_.OnThread([&](CleatEnv* env) { EXPECT_EQ(cleat_held(env, watch), nullptr); });
  cleat_ref_free(watch);
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"Error: mine"});
}

TEST_F(HoldTest, ARefOutlivesItsOwnerAndThenHasNoValue) {
  CleatRef* ref = nullptr;
  runtime_.OnThread([&](CleatEnv* env) {
    CleatValue* owner = cleat_run_script(env, "new Keeper()", 12, "x", 1);
    ref = cleat_hold_in(env, &kClass, cleat_unwrap(env, owner, &kClass), cleat_object(env));
    EXPECT_NE(cleat_held(env, ref), nullptr);
  });
  CollectGarbage();
  EXPECT_EQ(finalized, 1);
  runtime_.OnThread([&](CleatEnv* env) { EXPECT_EQ(cleat_held(env, ref), nullptr); });
  cleat_ref_free(ref);
}

TEST_F(HoldTest, AWeakRefKeepsNothingAndIsEmptyAfterwards) {
  CleatRef* ref = nullptr;
  runtime_.OnThread([&](CleatEnv* env) {
    CleatValue* object = cleat_run_script(env, "globalThis.k = new Keeper()", 27, "x", 1);
    ref = cleat_hold_weak(env, object);
    EXPECT_TRUE(cleat_is_same(env, cleat_held(env, ref), object));
  });
  CollectGarbage();
  runtime_.OnThread([&](CleatEnv* env) { EXPECT_NE(cleat_held(env, ref), nullptr); });
  Result(runtime_.Eval("delete globalThis.k"));
  CollectGarbage();
  EXPECT_EQ(finalized, 1);
  runtime_.OnThread([&](CleatEnv* env) { EXPECT_EQ(cleat_held(env, ref), nullptr); });
  runtime_.Release();
  cleat_ref_free(ref);
}

TEST_F(HoldTest, ThereIsNoWeakRefOfAPrimitive) {
  runtime_.OnThread([](CleatEnv* env) {
    EXPECT_EQ(cleat_hold_weak(env, nullptr), nullptr);
    EXPECT_EQ(cleat_hold_in(env, &kClass, nullptr, nullptr), nullptr);
    EXPECT_FALSE(cleat_failed(env));
    EXPECT_EQ(cleat_hold_weak(env, cleat_number(env, 1)), nullptr);
    EXPECT_TRUE(cleat_failed(env));
    EXPECT_EQ(cleat_hold_weak(env, cleat_global(env)), nullptr);
  });
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"TypeError: cleat_hold_weak needs an object"});
}

TEST_F(HoldTest, ClosingFinalizesOwnersAndTheirRefsAreFreed) {
  Result(runtime_.Eval("globalThis.k = new Keeper({}); k.keep(k); k.keep(new Keeper(k))"));
  runtime_.Release();
  EXPECT_EQ(finalized, 2);
}

}  // namespace
