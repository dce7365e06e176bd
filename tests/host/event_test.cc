// Events and aborting as a host sees them: its own event targets and events, dispatching from C, what is reported, and
// who keeps whom from being collected. What they do for scripts is in tests/behaviour.
#include "../core/core_test.h"
#include "player_hooks.h"

namespace {

CleatOptions EventOptions() {
  static const CleatBindings* const bindings[] = {&cleat_events_bindings, &cleat_dom_exception_bindings,
                                                  &player_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 3;
  return options;
}

std::string Notes() {
  char* notes = take_notes();
  std::string text = notes;
  free(notes);
  return text;
}

class EventTest : public testing::Test {
 protected:
  void SetUp() override {
    players_finalized();
    Notes();
  }

  // The completion value as a string.
  std::string Eval(const std::string& source) const {
    Result result(runtime_.Eval(("String(" + source + ")").c_str()));
    return result.error() == nullptr ? result.string() : result.text();
  }

  void Run(const std::string& source) const {
    Result result(runtime_.Eval((source + "; undefined").c_str()));
    EXPECT_EQ(result.message(), "");
  }

  void CollectGarbage() const {
    for (int i = 0; i < 3; i++) runtime_.OnThread([](CleatEnv* env) { collect_garbage(env); });
  }

  static Player* Find(CleatEnv* env, const char* name) {
    return static_cast<Player*>(cleat_unwrap(env, cleat_get(env, cleat_global(env), name), &player_class));
  }

  // cleat_fire_event at a global player.
  bool Fire(const char* player, const char* type, bool bubbles = false, bool cancelable = false) const {
    bool result = false;
    runtime_.OnThread([&](CleatEnv* env) {
      CleatEventInit init = {bubbles, cancelable, false};
      result = cleat_fire_event(env, &player_class, Find(env, player), type, &init);
    });
    return result;
  }

  Runtime runtime_{EventOptions()};
};

TEST_F(EventTest, InterfacesOfAHostInherit) {
  EXPECT_EQ(Eval("Object.getPrototypeOf(Player) === EventTarget && new Player() instanceof EventTarget"), "true");
  EXPECT_EQ(Eval("new PlayerEvent('x', { position: 2, bubbles: true }) instanceof Event"), "true");
  EXPECT_EQ(Eval("(e => [e.type, e.position, e.bubbles, e.isTrusted].join())(new PlayerEvent('x', { position: 2, "
                 "bubbles: true }))"),
            "x,2,true,false");
  EXPECT_EQ(Eval("(() => { try { EventTarget.prototype.dispatchEvent.call(new Player(), {}) } catch (e) { return e "
                 "instanceof TypeError } })()"),
            "true");
}

TEST_F(EventTest, TheyWorkWithoutTheGlobalsOfEvents) {
  const CleatBindings* const bindings[] = {&player_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  Runtime bare(options);
  EXPECT_EQ(Result(bare.Eval("typeof EventTarget + typeof DOMException + typeof AbortSignal")).string(),
            "undefinedundefinedundefined");
  EXPECT_EQ(Result(bare.Eval("globalThis.p = new Player(); p.onended = e => globalThis.seen = e.type; 'set'")).string(),
            "set");
  bare.OnThread(
      [](CleatEnv* env) { EXPECT_TRUE(cleat_fire_event(env, &player_class, Find(env, "p"), "ended", nullptr)); });
  EXPECT_EQ(Result(bare.Eval("seen")).string(), "ended");
}

TEST_F(EventTest, AHostFiresTrustedEvents) {
  Run("globalThis.p = new Player(); globalThis.seen = [];"
      "p.onended = e => seen.push(e.type, e.isTrusted, e.target === p, e.constructor === Event);"
      "p.addEventListener('ended', e => { if (e.cancelable) e.preventDefault() })");
  EXPECT_TRUE(Fire("p", "ended"));
  EXPECT_EQ(Eval("seen"), "ended,true,true,true");
  EXPECT_FALSE(Fire("p", "ended", false, true));
  EXPECT_TRUE(Fire("p", "another", false, true));
}

TEST_F(EventTest, EachHandlerIsTheOneOfItsAttribute) {
  Run("globalThis.p = new Player(); globalThis.seen = [];"
      "for (const type of ['ended', 'timeupdate', 'mouseenter']) p['on' + type] = e => seen.push(e.type);");
  EXPECT_TRUE(Fire("p", "timeupdate"));
  EXPECT_TRUE(Fire("p", "mouseenter"));
  EXPECT_EQ(Eval("seen"), "timeupdate,mouseenter");
  EXPECT_EQ(Eval("p.onended === p.ontimeupdate"), "false");
  EXPECT_EQ(Eval("[p.onended = null, p.onended, typeof p.ontimeupdate]"), ",,function");
}

TEST_F(EventTest, AHandlerWithLenientThisGivesStrangersNothing) {
  Run("globalThis.of = (name) => Object.getOwnPropertyDescriptor(Player.prototype, name);"
      "globalThis.throws = (f) => { try { f(); return 'no'; } catch (e) { return e.constructor.name; } };");
  EXPECT_EQ(Eval("[of('onmouseenter').get.call({}), of('onmouseenter').set.call(new EventTarget(), () => {})]"), ",");
  EXPECT_EQ(Eval("throws(() => of('onended').get.call(new EventTarget()))"), "TypeError");
  EXPECT_EQ(Eval("throws(() => of('onended').set.call({}, null))"), "TypeError");
  Run("globalThis.p = new Player(); p.onmouseenter = () => 1");
  EXPECT_EQ(Eval("typeof p.onmouseenter"), "function");
}

TEST_F(EventTest, AHostDispatchesEventsOfItsOwn) {
  Run("globalThis.p = new Player(); p.ontimeupdate = e => globalThis.seen = [e.position, e instanceof PlayerEvent, "
      "e.isTrusted]");
  runtime_.OnThread([](CleatEnv* env) {
    PlayerEventInit init = {{false, false, false}, 12.5};
    PlayerEvent* event = player_event_new(env, CLEAT_STRING("timeupdate"), &init);
    CleatValue* wrapper = cleat_wrap(env, &player_event_class, event);
    EXPECT_TRUE(cleat_dispatch_event(env, cleat_wrap(env, &player_class, Find(env, "p")), wrapper));
    EXPECT_EQ(cleat_event_get_target(env, reinterpret_cast<CleatEvent*>(event)), &Find(env, "p")->base);
    EXPECT_EQ(cleat_event_get_current_target(reinterpret_cast<CleatEvent*>(event)), nullptr);
  });
  EXPECT_EQ(Eval("seen"), "12.5,true,true");
}

TEST_F(EventTest, DispatchingWhatIsNoEventOrToWhatIsNoTargetThrows) {
  runtime_.OnThread(
      [](CleatEnv* env) { EXPECT_FALSE(cleat_dispatch_event(env, cleat_object(env), cleat_object(env))); });
  runtime_.OnThread([](CleatEnv* env) {
    CleatValue* target = cleat_wrap(env, &player_class, player_new());
    EXPECT_FALSE(cleat_dispatch_event(env, target, cleat_object(env)));
  });
  runtime_.OnThread([](CleatEnv* env) { EXPECT_FALSE(cleat_dispatch_event(env, nullptr, nullptr)); });
  EXPECT_EQ(
      runtime_.Uncaught(),
      (std::vector<std::string>{"TypeError: What an event is dispatched to is not an EventTarget",
                                "TypeError: What is dispatched is not an Event", "TypeError: NULL is not a value"}));
}

TEST_F(EventTest, EventsGoToTheParentsThatCGives) {
  Run("globalThis.a = new Player(); globalThis.b = new Player(); globalThis.c = new Player();"
      "a.adopt(b); b.adopt(c); globalThis.log = [];"
      "for (const [name, p] of Object.entries({ a, b, c })) for (const capture of [true, false])"
      "  p.addEventListener('x', e => { log.push(name + e.eventPhase);"
      "    if (e.target !== c || e.currentTarget !== p || e.composedPath().join() !== [c, b, a].join()) log.push('!') "
      "},"
      "    capture)");
  Fire("c", "x", true);
  EXPECT_EQ(Eval("log"), "a1,b1,c2,c2,b3,a3");
  Run("log.length = 0");
  Fire("c", "x");
  EXPECT_EQ(Eval("log"), "a1,b1,c2,c2");
  Run("log.length = 0; b.addEventListener('x', e => e.stopPropagation(), true)");
  Fire("c", "x", true);
  EXPECT_EQ(Eval("log"), "a1,b1");
}

TEST_F(EventTest, AParentThatIsItsOwnDescendantIsAnError) {
  Run("globalThis.a = new Player(); a.adopt(a); globalThis.called = 0; a.addEventListener('x', () => called++)");
  EXPECT_FALSE(Fire("a", "x", true));
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"RangeError: The path of an event is too long"});
  EXPECT_EQ(Eval("called"), "0");
}

TEST_F(EventTest, WhatListenersThrowIsReportedAndStopsNoOther) {
  Run("globalThis.p = new Player(); globalThis.called = 0;"
      "p.addEventListener('x', () => { throw new RangeError('first') });"
      "p.addEventListener('x', { handleEvent: 5 });"
      "p.addEventListener('x', { get handleEvent() { throw 'third' } });"
      "p.addEventListener('x', () => called++);");
  EXPECT_EQ(Eval("p.dispatchEvent(new Event('x'))"), "true");
  EXPECT_EQ(Eval("called"), "1");
  EXPECT_EQ(runtime_.Uncaught(),
            (std::vector<std::string>{"RangeError: first",
                                      "TypeError: The property 'handleEvent' of the callback is not a function",
                                      "Error: third"}));
}

TEST_F(EventTest, AListenerThatIsTerminatedEndsTheDispatchAndNothingElse) {
  Run("globalThis.p = new Player(); globalThis.called = 0; globalThis.e = new Event('x');"
      "globalThis.loop = () => { for (;;); };"
      "p.addEventListener('x', loop); p.addEventListener('x', () => called++)");
  EXPECT_EQ(Result(runtime_.Eval("p.dispatchEvent(e)", 50)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Eval("called"), "0");
  EXPECT_EQ(Eval("[e.eventPhase, e.currentTarget, e.composedPath().length]"), "0,,0");
  EXPECT_EQ(Eval("(p.removeEventListener('x', loop), p.dispatchEvent(e), called)"), "1");
  EXPECT_TRUE(runtime_.Uncaught().empty());
}

TEST_F(EventTest, ATargetIsToldWhetherAnybodyListens) {
  Run("globalThis.p = new Player(); globalThis.f = () => 0; globalThis.c = new AbortController();"
      "p.addEventListener('x', f); p.addEventListener('x', () => 0, { signal: c.signal }); p.onended = f;"
      "p.onended = () => 1");
  EXPECT_EQ(Notes(), "begin x, begin ended");
  Run("p.removeEventListener('x', f); p.onended = null");
  EXPECT_EQ(Notes(), "end ended");
  Run("c.abort()");
  EXPECT_EQ(Notes(), "end x");
  Run("p.addEventListener('once', f, { once: true }); p.dispatchEvent(new Event('once'))");
  EXPECT_EQ(Notes(), "begin once, end once");
  EXPECT_EQ(Eval("(() => { try { p.addEventListener('forbidden', f) } catch (e) { return e.message } })()"),
            "not here");
  Run("p.dispatchEvent(new Event('forbidden'))");
  runtime_.OnThread([](CleatEnv* env) {
    EXPECT_FALSE(cleat_has_listener(env, &player_class, Find(env, "p"), "forbidden"));
    EXPECT_FALSE(cleat_has_listener(env, &player_class, Find(env, "p"), "x"));
  });
  Run("p.addEventListener('x', f)");
  runtime_.OnThread([](CleatEnv* env) { EXPECT_TRUE(cleat_has_listener(env, &player_class, Find(env, "p"), "x")); });
}

TEST_F(EventTest, AnObjectThatJavaScriptHasNotGotStaysTheHosts) {
  Player* player = player_new();
  player->base.get_parent = nullptr;
  runtime_.OnThread([&](CleatEnv* env) { EXPECT_TRUE(cleat_fire_event(env, &player_class, player, "x", nullptr)); });
  CollectGarbage();
  EXPECT_EQ(players_finalized(), 0);
  player_finalize(player);
}

// GARBAGE

TEST_F(EventTest, TargetsAndListenersThatReferToEachOtherAreCollected) {
  Run("for (let i = 0; i < 50; i++) { const p = new Player(), c = new AbortController();"
      "  p.addEventListener('x', () => p); p.onended = () => p; p.addEventListener('y', { p, handleEvent() {} });"
      "  p.addEventListener('z', () => [p, c], { signal: c.signal }); c.signal.onabort = () => [p, c];"
      "  p.dispatchEvent(new CustomEvent('x', { detail: p })); p.self = new CustomEvent('x', { detail: p });"
      "  p.self.detail.dispatchEvent(p.self); }");
  CollectGarbage();
  EXPECT_EQ(players_finalized(), 50);
}

TEST_F(EventTest, AnEventKeepsItsTarget) {
  Run("globalThis.e = new Event('x'); new Player().dispatchEvent(e)");
  CollectGarbage();
  EXPECT_EQ(players_finalized(), 0);
  EXPECT_EQ(Eval("e.target instanceof Player"), "true");
  Run("e = null");
  CollectGarbage();
  EXPECT_EQ(players_finalized(), 1);
}

TEST_F(EventTest, ASignalDoesNotKeepTheTargetsOfItsListeners) {
  Run("globalThis.c = new AbortController();"
      "for (let i = 0; i < 10; i++) new Player().addEventListener('x', () => 0, { signal: c.signal })");
  CollectGarbage();
  EXPECT_EQ(players_finalized(), 10);
  Run("c.abort()");
}

TEST_F(EventTest, ADependentSignalThatNobodyWaitsForIsCollected) {
  Run("globalThis.c = new AbortController(); globalThis.refs = [];"
      "for (let i = 0; i < 10; i++) refs.push(new WeakRef(AbortSignal.any([c.signal])));"
      "const f = () => 0; const s = AbortSignal.any([c.signal]); refs.push(new WeakRef(s));"
      "s.addEventListener('abort', f); s.removeEventListener('abort', f)");
  Run("globalThis.done = 1");
  CollectGarbage();
  EXPECT_EQ(Eval("refs.filter(ref => ref.deref()).length <= 1"), "true");
}

TEST_F(EventTest, ADependentSignalThatSomebodyWaitsForIsKeptByItsSources) {
  Run("globalThis.c = new AbortController(); globalThis.seen = [];"
      "{ const any = AbortSignal.any([AbortSignal.any([c.signal]), new AbortController().signal]);"
      "  any.onabort = e => seen.push('event', e.target.reason); onAbort(AbortSignal.any([c.signal]), 'algorithm') }");
  CollectGarbage();
  Run("c.abort('why')");
  EXPECT_EQ(Eval("seen"), "event,why");
  EXPECT_EQ(Notes(), "run algorithm");
  Run("globalThis.refs = []; { const c = new AbortController(); const any = AbortSignal.any([c.signal]);"
      "  any.onabort = () => 0; refs.push(new WeakRef(any), new WeakRef(c.signal)) }");
  CollectGarbage();
  CollectGarbage();
  EXPECT_EQ(Eval("refs.every(ref => ref.deref() === undefined)"), "true");
}

TEST_F(EventTest, ATimeoutIsKeptWhileSomebodyWaitsForIt) {
  Run("globalThis.seen = []; AbortSignal.timeout(30).onabort = e => seen.push(e.target.reason.name);"
      "AbortSignal.any([AbortSignal.timeout(30)]).onabort = e => seen.push('any');"
      "globalThis.ref = new WeakRef(AbortSignal.timeout(1e9)); AbortSignal.timeout(2 ** 52)");
  CollectGarbage();
  // Only for those.
  EXPECT_TRUE(cleat_wait(runtime_, 20000));
  EXPECT_EQ(Eval("seen"), "TimeoutError,any");
  EXPECT_EQ(Eval("ref.deref()"), "undefined");
}

TEST_F(EventTest, TimeoutsStandStillWithTheRuntime) {
  Run("globalThis.seen = 0; AbortSignal.timeout(5).onabort = () => seen++");
  cleat_suspend(runtime_);
  EXPECT_FALSE(cleat_wait(runtime_, 50));
  EXPECT_TRUE(cleat_resume(runtime_));
  EXPECT_TRUE(cleat_wait(runtime_, 20000));
  EXPECT_EQ(Eval("seen"), "1");
}

// ABORT ALGORITHMS

TEST_F(EventTest, AlgorithmsRunBeforeListenersOnce) {
  Run("globalThis.c = new AbortController(); c.signal.onabort = () => onAbort(AbortSignal.timeout(1e6), 'late')");
  EXPECT_EQ(Eval("[onAbort(c.signal, 'one'), onAbort(c.signal, 'thrower'), onAbort(c.signal, 'two')]"),
            "true,true,true");
  Run("c.abort(); c.abort()");
  EXPECT_EQ(Notes(), "run one, run thrower, run two");
  EXPECT_EQ(Eval("onAbort(c.signal, 'too late')"), "false");
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"Error: thrown by C"});
  runtime_.Release();
  EXPECT_EQ(Notes(), "drop late");
}

TEST_F(EventTest, AlgorithmsOfASignalThatIsCollectedAreDropped) {
  Run("onAbort(new AbortController().signal, 'lost')");
  CollectGarbage();
  EXPECT_EQ(Notes(), "drop lost");
}

TEST_F(EventTest, AnAlgorithmThatWasRemovedIsNeitherRunNorDropped) {
  runtime_.OnThread([](CleatEnv* env) {
    CleatAbortController* controller = cleat_abort_controller_new(env);
    CleatValue* wrapper = cleat_wrap(env, &cleat_abort_controller_class, controller);
    EXPECT_NE(wrapper, nullptr);
    CleatAbortSignal* signal = cleat_abort_controller_get_signal(env, controller);
    auto fail = [](CleatEnv*, void*) { ADD_FAILURE(); };
    CleatAbortAlgorithm* algorithm = cleat_abort_signal_add(env, signal, fail, nullptr, [](void*) { ADD_FAILURE(); });
    EXPECT_NE(algorithm, nullptr);
    EXPECT_FALSE(cleat_abort_signal_get_aborted(signal));
    cleat_abort_algorithm_remove(algorithm);
    cleat_abort_algorithm_remove(nullptr);
    cleat_abort_controller_abort(env, controller, nullptr);
    EXPECT_TRUE(cleat_abort_signal_get_aborted(signal));
    EXPECT_EQ(cleat_abort_signal_add(env, signal, fail, nullptr, nullptr), nullptr);
    cleat_abort_signal_throw_if_aborted(env, signal);
    EXPECT_TRUE(cleat_failed(env));
  });
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"AbortError: signal is aborted without reason"});
}

TEST_F(EventTest, ErrorsOfDomExceptionsHaveTheirNamesAndMessages) {
  Result result(runtime_.Eval("new Promise((_, reject) => reject(new DOMException('gone', 'NotFoundError')))"));
  EXPECT_EQ(Text(cleat_error_name(result.error())) + "|" + result.message(), "NotFoundError|gone");
  EXPECT_EQ(result.text().find("NotFoundError: gone"), 0u) << result.text();
  Result caused(runtime_.Eval("throw new Error('outer', { cause: AbortSignal.abort().reason })"));
  EXPECT_EQ(Text(cleat_error_name(cleat_error_cause(caused.error()))), "AbortError");
}

TEST_F(EventTest, ClosingDropsWhatStillWaits) {
  Run("globalThis.c = new AbortController(); onAbort(c.signal, 'a'); onAbort(AbortSignal.any([c.signal]), 'b');"
      "onAbort(AbortSignal.timeout(1e6), 'c'); AbortSignal.timeout(1e6);"
      "globalThis.p = new Player(); p.addEventListener('x', () => p, { signal: c.signal })");
  runtime_.Release();
  std::string notes = Notes();
  for (const char* name : {"drop a", "drop b", "drop c"}) EXPECT_NE(notes.find(name), std::string::npos) << notes;
  EXPECT_EQ(notes.find("run"), std::string::npos);
  EXPECT_EQ(players_finalized(), 1);
}

TEST_F(EventTest, AnotherThreadHasEventsFired) {
  Run("globalThis.p = new Player(); globalThis.count = 0; p.onended = () => count++");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([&] {
      for (int k = 0; k < 100; k++) {
        runtime_.Dispatch(
            [](CleatEnv* env) { cleat_fire_event(env, &player_class, Find(env, "p"), "ended", nullptr); });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Eval("count"), "400");
}

}  // namespace
