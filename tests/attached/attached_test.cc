// What an attached runtime does while it is open: calls of the host's JavaScript, tasks, evaluations, promises, timers.
#include "attached_fixture.h"

namespace {

// CALLS

TEST_F(AttachedTest, HostsJavaScriptUsesTheBindings) {
  EXPECT_EQ(host->Run("const g = new Gadget(40); g.value += 2; g.value"), "42");
  EXPECT_EQ(host->Run("g instanceof Gadget && g[1] === 43 && 2 in g && !(3 in g)"), "true");
  EXPECT_EQ(host->Run("String(g)"), "[object Gadget]");
  EXPECT_EQ(host->Run("Gadget(1)").substr(0, 15), "threw TypeError");
  EXPECT_EQ(host->Run("new Gadget(Symbol())").substr(0, 15), "threw TypeError");
  EXPECT_EQ(host->Run("Reflect.ownKeys(g).join()"), "0,1,2");
  EXPECT_EQ(host->Run("bytes(3).byteLength"), "3");
}

TEST_F(AttachedTest, CallsNestThroughJavaScript) {
  EXPECT_EQ(host->Run("let depth = 0; run(function again() { if (++depth < 50) run(again) }); depth"), "50");
  EXPECT_EQ(host->Run("run(() => { throw new Error('through') })"), "threw Error: through");
  EXPECT_EQ(host->Run("let after; run(() => { try { run(() => { throw 1 }) } catch (e) { after = e } }); after"), "1");
}

TEST_F(AttachedTest, ObjectsOfTheHostAreNotTakenForNativeOnes) {
  {
    v8::Isolate::Scope isolate_scope(host->isolate);
    v8::HandleScope scope(host->isolate);
    v8::Local<v8::Context> context = host->context.Get(host->isolate);
    v8::Context::Scope context_scope(context);
    alignas(8) static char theirs[8];
    for (int count = 0; count < 5; count++) {
      v8::Local<v8::ObjectTemplate> fields = v8::ObjectTemplate::New(host->isolate);
      fields->SetInternalFieldCount(count);
      v8::Local<v8::Object> object = fields->NewInstance(context).ToLocalChecked();
      for (int i = 0; i < count; i++) object->SetAlignedPointerInInternalField(i, theirs);
      v8::Local<v8::String> name =
          v8::String::NewFromUtf8(host->isolate, ("theirs" + std::to_string(count)).c_str()).ToLocalChecked();
      context->Global()->Set(context, name, object).Check();
    }
  }
  for (int count = 0; count < 5; count++) {
    const std::string name = "theirs" + std::to_string(count);
    EXPECT_EQ(
        host->Run("Object.getOwnPropertyDescriptor(Gadget.prototype, 'value').get.call(" + name + ")").substr(0, 15),
        "threw TypeError");
    EXPECT_EQ(host->Run("Object.setPrototypeOf(" + name + ", Gadget.prototype).value").substr(0, 15),
              "threw TypeError");
  }
}

TEST_F(AttachedTest, TwoRuntimesShareAContext) {
  static const CleatBindings* bindings[] = {&cleat_performance_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  CleatRuntime* other = host->Attach(&options);
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(host->Run("let t; run(() => { t = performance.now() }); t > 0 && new Gadget(7).value"), "7");
  cleat_release(other);
  EXPECT_EQ(host->Run("performance.now()"), "threw TypeError: The runtime of this function is closed");
  EXPECT_EQ(host->Run("new Gadget(8).value"), "8");
}

// The objects of a runtime are finalized as that closes, and so are not for the functions of another.
TEST_F(AttachedTest, ObjectsOfAnotherRealmAreOfTheOtherRuntime) {
  host->Run("globalThis.theirs = new Gadget(7)");
  CleatOptions options = AttachedOptions();
  v8::Global<v8::Context> first;
  {
    v8::Isolate::Scope isolate_scope(host->isolate);
    v8::HandleScope scope(host->isolate);
    v8::Local<v8::Context> old = host->context.Get(host->isolate);
    v8::Local<v8::Context> made = v8::Context::New(host->isolate);
    made->SetSecurityToken(old->GetSecurityToken());
    first.Reset(host->isolate, old);
    host->context.Reset(host->isolate, made);
    v8::Context::Scope context_scope(made);
    v8::Local<v8::String> name = v8::String::NewFromUtf8Literal(host->isolate, "other");
    made->Global()->Set(made, name, old->Global()).Check();
  }
  CleatRuntime* second = host->Attach(&options);
  ASSERT_NE(second, nullptr);

  EXPECT_EQ(host->Run("const { theirs } = other; const ours = new Gadget(5); theirs.value + theirs[1]"), "15");
  EXPECT_EQ(host->Run("theirs instanceof other.Gadget && !(theirs instanceof Gadget)"), "true");
  EXPECT_EQ(host->Run("ours.plus(new Gadget(6))"), "11");
  EXPECT_EQ(host->Run("theirs.plus(new other.Gadget(6))"), "13");
  const char* const wrong[] = {
      "ours.plus(theirs)",
      "theirs.plus(ours)",
      "ours.plus.call(theirs, ours)",
      "theirs.plus.call(ours, theirs)",
      "ours.itself.call(theirs)",  // which would be wrapped, and finalized, twice
      "Object.getOwnPropertyDescriptor(Gadget.prototype, 'value').get.call(theirs)",
      "Object.getOwnPropertyDescriptor(Gadget.prototype, 'value').set.call(theirs, 1)",
      "Object.setPrototypeOf(new other.Gadget(3), Gadget.prototype).value",
  };
  for (const char* source : wrong) EXPECT_EQ(host->Run(source).substr(0, 15), "threw TypeError") << source;
  EXPECT_EQ(host->Run("ours.plus(theirs)"),
            "threw TypeError: Failed to execute 'plus' on 'Gadget': argument 1 is a Gadget of another runtime.");
  EXPECT_EQ(host->Run("ours.plus.call(theirs, ours)"),
            "threw TypeError: Illegal invocation: 'plus' was called on a Gadget of another runtime");

  // A subclass across realms is the object of whose constructor made it.
  EXPECT_EQ(host->Run("class Sub extends other.Gadget {}; new Sub(9).value"), "9");
  EXPECT_EQ(host->Run("Reflect.construct(Gadget, [4], other.Gadget).value").substr(0, 15), "threw TypeError");

  cleat_release(runtime);
  runtime = nullptr;
  EXPECT_EQ(host->Run("theirs.value").substr(0, 15), "threw TypeError");
  EXPECT_EQ(host->Run("ours.value"), "5");
  cleat_release(second);
}

// TASKS

TEST_F(AttachedTest, RunsWhatOtherThreadsDispatchInOrderOnTheHostsThread) {
  struct Seen {
    std::thread::id host = std::this_thread::get_id();
    std::vector<int> order;
    bool elsewhere = false;
  } seen;
  struct Sent {
    Seen* seen;
    int number;
  };
  std::vector<Sent> sent;
  for (int i = 0; i < 100; i++) sent.push_back({&seen, i});
  std::thread sender([&] {
    for (Sent& it : sent) {
      EXPECT_TRUE(cleat_dispatch(
          runtime,
          [](CleatEnv* env, void* data) {
            auto* it = static_cast<Sent*>(data);
            it->seen->elsewhere |= std::this_thread::get_id() != it->seen->host;
            it->seen->order.push_back(it->number);
            cleat_set(env, cleat_global(env), "last", cleat_number(env, it->number));
          },
          &it, nullptr));
    }
  });
  EXPECT_TRUE(host->RunUntil([&] { return seen.order.size() == 100; }));
  sender.join();
  EXPECT_FALSE(seen.elsewhere);
  for (int i = 0; i < 100; i++) EXPECT_EQ(seen.order[static_cast<size_t>(i)], i);
  EXPECT_EQ(host->Run("last"), "99");
  EXPECT_LE(host->turns, 100);
}

TEST_F(AttachedTest, NothingRunsInTheMiddleOfJavaScript) {
  // A host whose JavaScript can have its loop run.
  host->Define("spin", [](const v8::FunctionCallbackInfo<v8::Value>& info) {
    static_cast<ForeignHost*>(info.GetIsolate()->GetData(0))->RunPending();
  });
  cleat_dispatch(
      runtime, [](CleatEnv* env, void*) { cleat_set(env, cleat_global(env), "ran", cleat_boolean(env, true)); },
      nullptr, nullptr);
  EXPECT_EQ(host->Run("run(() => { spin() }); typeof ran"), "undefined");
  EXPECT_TRUE(RunUntil("globalThis.ran === true"));
}

TEST_F(AttachedTest, EachTaskRunsInsideOfWhatTheHostHasForIt) {
  Attach(true);
  host->Run("globalThis.order = []");
  for (int i = 0; i < 3; i++) {
    cleat_dispatch(
        runtime,
        [](CleatEnv*, void* data) {
          static_cast<ForeignHost*>(data)->Run("order.push('task'); Promise.resolve().then(() => order.push('micro'))");
        },
        host.get(), nullptr);
  }
  EXPECT_TRUE(RunUntil("order.length === 6"));
  EXPECT_EQ(host->Run("order.join()"), "task,micro,task,micro,task,micro");
  EXPECT_EQ(host->tasks, 3);
}

TEST_F(AttachedTest, WithoutItMicrotasksRunAfterEachTask) {
  host->Run("globalThis.order = []; keep(() => { order.push(1); Promise.resolve().then(() => order.push(2)) })");
  cleat_dispatch(
      runtime, [](CleatEnv* env, void*) { call_kept(env); }, nullptr, nullptr);
  EXPECT_TRUE(RunUntil("order.length === 2"));
}

TEST_F(AttachedTest, WhatATaskLeavesPendingIsReported) {
  host->Run("keep(() => { throw new TypeError('lost') })");
  cleat_dispatch(
      runtime, [](CleatEnv* env, void*) { call_kept(env); }, nullptr, nullptr);
  EXPECT_TRUE(host->RunUntil([&] { return !uncaught.empty(); }));
  EXPECT_NE(uncaught[0].find("TypeError: lost"), std::string::npos);
}

TEST_F(AttachedTest, UnhandledRejectionsGoToTheHost) {
  EXPECT_EQ(Eval("Promise.reject('nobody'); 1"), "1.000000");
  EXPECT_EQ(host->rejections, std::vector<std::string>{"nobody"});
  EXPECT_TRUE(uncaught.empty());
}

// EVALUATIONS

TEST_F(AttachedTest, EvaluatesForOtherThreads) {
  EXPECT_EQ(Eval("6 * 7"), "42.000000");
  EXPECT_EQ(Eval("throw new Error('no')"), "threw no");
  EXPECT_EQ(Eval("Promise.resolve('later')"), "later");
  EXPECT_EQ(Eval("slowly(5)"), "5.000000");
  EXPECT_EQ(Eval("soon(6)"), "6.000000");
  EXPECT_EQ(Eval("soon(-6)"), "threw -6 is negative");
  EXPECT_TRUE(host->rejections.empty());
}

TEST_F(AttachedTest, EvaluatesOnTheHostsThreadButWaitsForNothing) {
  CleatResult result = cleat_eval(runtime, "new Gadget(3).value", nullptr);
  EXPECT_EQ(cleat_data_number(result.value), 3);
  cleat_result_free(&result);
  result = cleat_eval(runtime, "Promise.resolve(1)", nullptr);
  EXPECT_EQ(cleat_data_number(result.value), 1);
  cleat_result_free(&result);
  result = cleat_eval(runtime, "soon(1)", nullptr);
  EXPECT_EQ(cleat_error_kind(result.error), CLEAT_ERROR_BAD_ARGUMENT);
  EXPECT_EQ(std::string(cleat_error_message(result.error).data),
            "a pending promise cannot be waited for on the JavaScript thread");
  cleat_result_free(&result);
  EXPECT_FALSE(cleat_wait(runtime, 1));
}

TEST_F(AttachedTest, EvaluatesInsideOfACall) {
  EXPECT_EQ(host->Run("evaluate('1 + 1')"), "2");
  EXPECT_EQ(host->Run("evaluate('throw new Error(\"inner\")')"), "inner");
  EXPECT_EQ(host->Run("evaluate('Promise.reject(new Error(\"taken\"))')"), "taken");
  EXPECT_TRUE(host->rejections.empty());
}

TEST_F(AttachedTest, TimeLimitsEndWhatRanForCleatOnly) {
  EXPECT_EQ(Eval("for (;;);", 20), "threw the time limit of 20 ms has passed");
  EXPECT_EQ(Eval("new Promise(() => {})", 20), "threw the time limit of 20 ms has passed while a promise was pending");
  EXPECT_EQ(host->Run("1 + 1"), "2");
  EXPECT_EQ(Eval("2"), "2.000000");
}

TEST_F(AttachedTest, ATerminationOfTheHostsIsPassedOnAndNotReported) {
  host->Define("stop",
               [](const v8::FunctionCallbackInfo<v8::Value>& info) { info.GetIsolate()->TerminateExecution(); });
  EXPECT_EQ(host->Run("run(() => { stop(); for (;;); })"), "threw a termination");
  host->isolate->CancelTerminateExecution();
  EXPECT_EQ(host->Run("new Gadget(1).value"), "1");
  host->Run("keep(() => { stop(); for (;;); })");
  bool ran = false;
  cleat_dispatch(
      runtime,
      [](CleatEnv* env, void* data) {
        call_kept(env);
        *static_cast<bool*>(data) = true;
      },
      &ran, nullptr);
  EXPECT_TRUE(host->RunUntil([&] { return ran; }));
  host->isolate->CancelTerminateExecution();
  EXPECT_TRUE(uncaught.empty());
  EXPECT_EQ(Eval("3"), "3.000000");
}

// TIMERS AND OPERATIONS

TEST_F(AttachedTest, TimersTurnTheHostsLoop) {
  host->Run("globalThis.fired = []; setTimeout(() => fired.push(2), 20); setTimeout(() => fired.push(1), 1)");
  EXPECT_TRUE(RunUntil("fired.length === 2"));
  EXPECT_EQ(host->Run("fired.join()"), "1,2");
  host->Run("let n = 0; const i = setInterval(() => { if (++n === 3) clearInterval(i) }, 1)");
  EXPECT_TRUE(RunUntil("n === 3"));
}

TEST_F(AttachedTest, LaterTasksTurnTheHostsLoop) {
  bool ran = false;
  EXPECT_TRUE(cleat_dispatch_after(
      runtime, 5, [](CleatEnv*, void* data) { *static_cast<bool*>(data) = true; }, &ran, nullptr));
  EXPECT_TRUE(host->RunUntil([&] { return ran; }));
}

TEST_F(AttachedTest, TellsTheHostWhileItWaits) {
  EXPECT_TRUE(host->waits.empty());
  host->Run("globalThis.got = 0; slowly(3).then(v => { got = v })");
  EXPECT_EQ(host->waits, std::vector<bool>{true});
  EXPECT_TRUE(host->RunUntil([&] { return host->waits.size() == 2; }));
  EXPECT_FALSE(host->waits[1]);
  EXPECT_EQ(host->Run("got"), "3");
  host->Run("const t = setTimeout(() => {}, 1e6)");
  EXPECT_TRUE(host->waits.back());
  host->Run("clearTimeout(t)");
  EXPECT_FALSE(host->waits.back());
}

TEST_F(AttachedTest, ManyPromisesFromManyThreads) {
  host->Run(
      "globalThis.sum = 0; for (let i = 0; i < 50; i++) { soon(i).then(v => { sum += v });"
      "  slowly(i).then(v => { sum += v }) }");
  EXPECT_TRUE(RunUntil("sum === 2 * 1225"));
}

TEST_F(AttachedTest, StandsStillWhileSuspended) {
  cleat_suspend(runtime);
  host->Run("globalThis.fired = 0; setTimeout(() => { fired += 1 }, 1); slowly(1).then(() => { fired += 10 })");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  host->RunPending();
  EXPECT_EQ(host->Run("fired"), "0");
  const int turns = host->turns;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  host->RunPending();
  EXPECT_LE(host->turns, turns + 1);  // it does not ask for turns that do nothing
  cleat_resume(runtime);
  EXPECT_TRUE(RunUntil("fired === 11"));
}

TEST_F(AttachedTest, IdleRuntimesAskForNoTurns) {
  Eval("1");
  host->RunPending();
  const int turns = host->turns;
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  host->RunPending();
  EXPECT_EQ(host->turns, turns);
}

TEST_F(AttachedTest, WaitingForIdleWorksFromOtherThreads) {
  host->Run("globalThis.fired = 0; setTimeout(() => { fired = 1 }, 5)");
  std::atomic<bool> idle{false};
  std::thread waiter([&] {
    EXPECT_TRUE(cleat_wait(runtime, 10000));
    idle = true;
    host->Post([] {});
  });
  EXPECT_TRUE(host->RunUntil([&] { return idle.load(); }));
  waiter.join();
  EXPECT_EQ(host->Run("fired"), "1");
}

// OBJECTS

TEST_F(AttachedTest, CollectedObjectsAreFinalizedOnce) {
  const int before = gadgets_finalized_so_far();
  host->Run("for (let i = 0; i < 1000; i++) new Gadget(i); globalThis.kept = new Gadget(1)");
  host->CollectGarbage();
  EXPECT_TRUE(host->RunUntil([&] { return gadgets_finalized_so_far() == before + 1000; }));
  host->CollectGarbage();
  host->RunPending();
  EXPECT_EQ(gadgets_finalized_so_far(), before + 1000);
  EXPECT_EQ(host->Run("kept.value"), "1");
  Release();
  EXPECT_EQ(gadgets_finalized_so_far(), before + 1001);
}

}  // namespace
