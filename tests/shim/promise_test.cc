// Promises settled and watched by C.

#include "fixture.h"

namespace {

struct Settled {
  CleatEngine* engine;
  std::vector<std::string> log;
};

void Note(void* data, bool fulfilled, CleatValue* result) {
  Settled* settled = static_cast<Settled*>(data);
  CleatValue* text = cleat__to_string(settled->engine, result);
  std::string out(cleat__string_wtf8_length(settled->engine, text), '\0');
  cleat__string_write_wtf8(settled->engine, text, &out[0], false);
  settled->log.push_back((fulfilled ? "fulfilled " : "rejected ") + out);
}

using PromiseTest = ShimTest;

TEST_F(PromiseTest, ResolversSettleOnce) {
  CleatValue* promise;
  CleatResolver* resolver = cleat__resolver(engine, &promise);
  EXPECT_EQ(cleat__promise_state(promise), 0);
  EXPECT_EQ(TextOf(cleat__promise_result(engine, promise)), "undefined");
  EXPECT_TRUE(cleat__resolve(engine, resolver, String("done")));
  EXPECT_EQ(cleat__promise_state(promise), 1);
  EXPECT_TRUE(cleat__reject(engine, resolver, String("late")));
  EXPECT_EQ(cleat__promise_state(promise), 1);
  EXPECT_EQ(TextOf(cleat__promise_result(engine, promise)), "done");
  cleat__resolver_free(engine, resolver);
  cleat__resolver_free(engine, nullptr);
}

TEST_F(PromiseTest, RejectingTellsTheHostUnlessItIsMarkedHandled) {
  CleatValue* promise;
  CleatResolver* resolver = cleat__resolver(engine, &promise);
  EXPECT_TRUE(cleat__reject(engine, resolver, String("why")));
  EXPECT_EQ(cleat__promise_state(promise), 2);
  EXPECT_EQ(TextOf(cleat__promise_result(engine, promise)), "why");
  cleat__resolver_free(engine, resolver);
  EXPECT_EQ(host.rejections.size(), 1u);
  resolver = cleat__resolver(engine, &promise);
  cleat__promise_mark_handled(promise);
  EXPECT_TRUE(cleat__reject(engine, resolver, String("quiet")));
  EXPECT_EQ(host.rejections.size(), 1u);
  cleat__resolver_free(engine, resolver);
}

TEST_F(PromiseTest, ResolvingWithAThenableRunsIt) {
  CleatValue* promise;
  CleatResolver* resolver = cleat__resolver(engine, &promise);
  EXPECT_TRUE(cleat__resolve(engine, resolver, Run("({ get then() { throw 'then' } })")));
  EXPECT_EQ(cleat__promise_state(promise), 2);
  cleat__resolver_free(engine, resolver);
}

TEST_F(PromiseTest, ResolvingWithAThenableThatHangsCanBeTerminated) {
  CleatValue* promise;
  CleatResolver* resolver = cleat__resolver(engine, &promise);
  CleatValue* thenable = Run("({ get then() { for (;;) {} } })");
  cleat__terminate(engine);
  EXPECT_FALSE(cleat__resolve(engine, resolver, thenable));
  EXPECT_TRUE(cleat__is_terminating(engine));
  cleat__cancel_termination(engine);
  cleat__resolver_free(engine, resolver);
}

TEST_F(PromiseTest, ThenIsToldInAMicrotask) {
  Settled settled = {engine, {}};
  EXPECT_TRUE(cleat__promise_then(engine, Run("Promise.resolve(1)"), Note, &settled));
  EXPECT_TRUE(cleat__promise_then(engine, Run("Promise.reject(2)"), Note, &settled));
  EXPECT_TRUE(cleat__promise_then(engine, Run("new Promise(r => { later = r })"), Note, &settled));
  EXPECT_EQ(settled.log.size(), 0u);
  cleat__run_microtasks(engine);
  EXPECT_EQ(settled.log, (std::vector<std::string>{"fulfilled 1", "rejected 2"}));
  for (int i = 0; i < 3; i++) cleat__collect_garbage(engine);
  Run("later('late')");
  cleat__run_microtasks(engine);
  EXPECT_EQ(settled.log.back(), "fulfilled late");
  EXPECT_EQ(host.rejections, (std::vector<std::string>{"rejected 2", "handled 2"}));
}

TEST_F(PromiseTest, ThenDoesNotUseWhatScriptsReplaced) {
  Settled settled = {engine, {}};
  Run("Promise.prototype.then = () => { throw 1 }");
  EXPECT_TRUE(cleat__promise_then(engine, Run("(async () => 5)()"), Note, &settled));
  cleat__run_microtasks(engine);
  EXPECT_EQ(settled.log, (std::vector<std::string>{"fulfilled 5"}));
}

TEST_F(PromiseTest, ThenFailsWhereTheConstructorThrows) {
  Settled settled = {engine, {}};
  CleatValue* promise =
      Run("p = Promise.resolve(1); Object.defineProperty(p, 'constructor', { get() { throw 'no' } }); p");
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__promise_then(engine, promise, Note, &settled)); }).value, "no");
  cleat__run_microtasks(engine);
  EXPECT_EQ(settled.log.size(), 0u);
}

// The leak checker sees to what is left of both.
TEST_F(PromiseTest, PromisesThatNeverSettleAreForgotten) {
  Settled settled = {engine, {}};
  for (int i = 0; i < 1000; i++) {
    CleatScope scope;
    cleat__scope_open(engine, &scope);
    EXPECT_TRUE(cleat__promise_then(engine, Run("new Promise(() => {})"), Note, &settled));
    cleat__scope_close(engine, &scope);
  }
  cleat__collect_garbage(engine);
  EXPECT_TRUE(cleat__promise_then(engine, Run("kept = new Promise(() => {})"), Note, &settled));
  EXPECT_EQ(settled.log.size(), 0u);
}

}  // namespace
