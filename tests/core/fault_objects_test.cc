// What fails under bindings, promises, [Blocking] operations, wrapping, feeds, iteration, events and modules: one piece
// of memory or one thread after the other is missing in a runtime that stays open. Each time what was asked for comes,
// or an error that says so, within time; the runtime goes on working; and in the end no native object is left.
#include <deque>

#include "faulty_runtime.h"

namespace {

void CountEnd(void* count) { ++*static_cast<std::atomic<int>*>(count); }

struct Script {
  const char* name;
  const char* source;
};

const Script kScripts[] = {
    {"Wrapping", "{ const one = new Fault('x'); one.another().text === 'x' ? 42 : 0 }"},
    {"Disposing", "{ const one = new Fault('x'); one[Symbol.dispose](); try { one.text } catch { 42 } }"},
    {"Conversions",
     "new Fault().describe({ text: 'a text', list: ['a', 'b', 'c'], entries: { a: 1, b: 2 }, either: 'or', "
     "fault: new Fault(), color: 'green', anything: [] }) === 'a text' ? 42 : 0"},
    {"LongArguments", "new Fault().list(...Array(300).fill('a text that is long')).length === 300 ? 42 : 0"},
    {"Results",
     "{ const it = new Fault(); it.table().b === 'two' && it.bytes(new Uint8Array([1, 2]))[1] === 2 && "
     "it.frozen[1] === 'two' && it.same === it.same ? 42 : 0 }"},
    {"Callbacks", "new Fault().visit((fault, text) => text + fault.text) === 'visited' ? 42 : 0"},
    {"CallbacksThatThrow", "try { new Fault().visit(() => { throw 42 }) } catch (e) { Number(e) === 42 ? 42 : 42 }"},
    {"KeptCallbacks", "new Promise((r) => { new Fault().keep(() => (r(42), '')); setTimeout(() => r(42), 20) })"},
    {"PairIterators", "[...new Fault()].length + [...new Fault().keys()].length === 4 ? 42 : 0"},
    {"ForEach", "{ let n = 40; new Fault().forEach(() => n++); n }"},
    {"Maplikes",
     "{ const map = new FaultMap(); map.set('a', 40); map.set('b', 2); let n = 0; map.forEach((v) => n += v); "
     "[...map].length === 2 ? n : 0 }"},
    {"ObservableArrays",
     "{ const { texts } = new Fault(); texts.push('a', 'b'); texts.length = 1; texts[0] = 'c'; 41 + texts.length }"},
    {"Properties",
     "{ const it = new FaultCells(); it[1] === 'cell' && it.n === 'n' && Object.keys(it).length === 4 ? 42 : 0 }"},
    {"Promises", "new Fault().later({ text: 'x' }).then((text) => text === 'a text that is copied' ? 42 : 0)"},
    {"PromisesOfNewObjects", "new Fault().laterNew().then((fault) => fault.text === 'new' ? 42 : 0)"},
    {"PromisesOfHooksThatThrow", "new Fault().laterNever('why').catch(() => 42)"},
    {"ManyPromises",
     "Promise.all(Array.from({ length: 50 }, () => new Fault().later())).then((all) => all.length - 8)"},
    {"AbortedPromises",
     "{ const c = new AbortController(); const p = new Fault().later({ signal: c.signal }); c.abort(42); "
     "p.then(() => 42, () => 42) }"},
    {"BlockingOperations",
     "new Fault().work('a text', { list: ['a', 'b'], entries: { a: 1 }, fault: new Fault() }).then((t) => t === 'a "
     "text' ? 42 : 0)"},
    {"BlockingOperationsThatFail", "new Fault().fail('failed').catch(() => 42)"},
    {"AbortedBlockingOperations",
     "{ const c = new AbortController(); const p = new Fault().work('x', { signal: c.signal }); c.abort(); "
     "p.then(() => 42, () => 42) }"},
    {"AsyncIterables",
     "(async () => { let n = 39; for await (const one of new FaultStream()) if (one === 'next') n++; return n })()"},
    {"AsyncIterablesThatAreLeft", "(async () => { for await (const one of new FaultStream()) break; return 42 })()"},
    {"AsyncSequences", "new Fault().count((async function* () { yield 'a'; yield 'b' })()).then((n) => n + 40)"},
    {"AsyncSequencesOfArrays", "new Fault().count(['a', 'b']).then((n) => n + 40)"},
    {"AsyncSequencesThatThrow", "new Fault().count((async function* () { throw 1 })()).catch(() => 42)"},
    {"Events",
     "{ const it = new Fault(); let n = 40; it.addEventListener('x', () => n++); it.addEventListener('x', "
     "{ handleEvent() { n++ } }, { once: true }); it.fire('x'); n }"},
    {"EventHandlers", "{ const it = new Fault(); let n = 0; it.onfired = () => { n = 42 }; it.fire('fired'); n }"},
    {"CustomEvents",
     "{ const it = new EventTarget(); let n = 0; it.addEventListener('x', (e) => { n = e.detail.n }); "
     "it.dispatchEvent(new CustomEvent('x', { detail: { n: 42 } })); n }"},
    {"Signals",
     "{ const c = new AbortController(), any = AbortSignal.any([c.signal, AbortSignal.timeout(5)]); let n = 0; "
     "any.onabort = () => { n = 42 }; new EventTarget().addEventListener('x', () => 0, { signal: any }); c.abort(); n "
     "}"},
    {"Exceptions", "try { new Fault().describe({ color: 'no color' }) ; 42 } catch (e) { 42 }"},
};

class FaultyScripts : public testing::TestWithParam<Script> {};

TEST_P(FaultyScripts, GiveTheirValueOrAnError) {
  FaultyRuntime runtime;
  ASSERT_NE(static_cast<CleatRuntime*>(runtime), nullptr);
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = 30000;
  FailEach(runtime, [&] { Check(cleat_eval(runtime, GetParam().source, &options)); });
  runtime.Close();
  EXPECT_EQ(fault_get_live(), 0) << "native objects are left";
}

INSTANTIATE_TEST_SUITE_P(Of, FaultyScripts, testing::ValuesIn(kScripts),
                         [](const auto& info) { return std::string(info.param.name); });

// The same where V8 collects garbage meanwhile, in which native objects and time limits come to their end.
TEST_P(FaultyScripts, GiveTheirValueOrAnErrorWhileGarbageIsCollected) {
  FaultyRuntime runtime([](CleatOptions* options) { options->heap_limit = 16 << 20; });
  ASSERT_NE(static_cast<CleatRuntime*>(runtime), nullptr);
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = 30000;
  const std::string source =
      std::string("for (let i = 0, kept = []; i < 8; i++) kept = [new Array(2e4).fill(kept)];") + GetParam().source;
  FailSome([&] {
    Check(cleat_eval(runtime, source.c_str(), &options));
    ASSERT_TRUE(cleat_wait(runtime, 30000)) << "something is never done";
  });
  EXPECT_EQ(Result(cleat_eval(runtime, "6 * 7", nullptr)).number(), 42) << "the runtime goes on working";
  runtime.Close();
  EXPECT_EQ(fault_get_live(), 0) << "native objects are left";
}

// Answers on another thread, where there can be one.
void LoadElsewhere(void* data, const CleatImport* import, CleatLoad* load) {
  if (Text(import->specifier).rfind("missing", 0) == 0) {
    LoadFaulty(data, import, load);
    return;
  }
  auto answer = [](void* load) -> void* {
    static const char kSource[] =
        "export const failure = await import('missing').catch((e) => e.name); export default 42";
    cleat_load_answer(static_cast<CleatLoad*>(load), kSource, sizeof(kSource) - 1);
    return nullptr;
  };
  pthread_t thread;
  if (pthread_create(&thread, nullptr, answer, load) == 0) {
    pthread_detach(thread);
  } else {
    answer(load);
  }
}

// Imports a module each time that calls fail.
void ImportEach(const FaultyRuntime& runtime) {
  int count = 0;
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = 30000;
  FailEach(runtime, [&] {
    // One that was loaded before would have nothing to ask for.
    std::string name = "main" + std::to_string(count++);
    Result result(cleat_import(runtime, name.c_str(), &options));
    ASSERT_TRUE((result.value() == nullptr) != (result.error() == nullptr));
    if (result.error() == nullptr) {
      EXPECT_EQ(cleat_data_number(cleat_data_get(result.value(), "default")), 42);
    }
  });
}

TEST(FaultyModules, ThatAreAnsweredElsewhereAreImportedOrAnError) {
  FaultyRuntime runtime([](CleatOptions* options) { options->load = LoadElsewhere; });
  ImportEach(runtime);
}

// What was accepted while a runtime stood still comes once it goes on.
TEST(FaultyStandstills, LoseNothing) {
  FaultyRuntime runtime;
  struct Told {
    int accepted = 0;
    std::atomic<int> told{0};
  } all;
  auto run = [](CleatEnv*, void* data) { static_cast<Told*>(data)->told++; };
  auto done = [](void* data, CleatResult result) {
    cleat_result_free(&result);
    static_cast<Told*>(data)->told++;
  };
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = 30000;
  FailEach(runtime, [&] {
    all.accepted += cleat_eval_async(runtime, "new Fault().work('x')", &options, done, &all);
    cleat_suspend(runtime);
    all.accepted += cleat_dispatch(runtime, run, &all, nullptr);
    all.accepted += cleat_dispatch_after(runtime, 1, run, &all, nullptr);
    all.accepted += cleat_eval_async(runtime, "new Fault().later()", &options, done, &all);
    all.accepted += cleat_eval_async(runtime, "new Promise((r) => setTimeout(r, 2))", &options, done, &all);
    Sleep(1);
    EXPECT_TRUE(cleat_resume(runtime));
    ASSERT_TRUE(cleat_wait(runtime, 30000)) << "something is never done";
    EXPECT_EQ(all.told, all.accepted);
  });
}

// A debugger that asks for something and goes.
TEST(FaultySessions, EndOnce) {
  CleatInspector inspector = {};
  inspector.size = sizeof(inspector);
  inspector.opened = [](void* data, CleatRuntime*, const char*) { return data; };
  inspector.closed = [](void*) {};
  inspector.data = &inspector;
  FaultyRuntime runtime([&](CleatOptions* options) { options->inspector = &inspector; });
  ASSERT_NE(static_cast<CleatRuntime*>(runtime), nullptr);
  std::atomic<int> ended{0};
  int connected = 0;
  auto receive = [](void*, CleatString) {};
  FailEach(runtime, [&] {
    CleatInspectorSession* session = cleat_inspector_connect(runtime, receive, CountEnd, &ended);
    if (session == nullptr) return;
    connected++;
    for (const std::string message :
         {"{\"id\":1,\"method\":\"Runtime.enable\"}", "{\"id\":2,\"method\":\"Debugger.enable\"}",
          "{\"id\":3,\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"new Fault('x')\"}}"}) {
      cleat_inspector_send(session, message.data(), message.size());
    }
    Check(cleat_eval(runtime, "new Fault().later().then(() => 42)", nullptr));
    cleat_inspector_disconnect(session);
    for (int i = 0; i < 30000 && ended < connected; i++) Sleep(1);
    EXPECT_EQ(ended, connected);
  });
  runtime.Close();
  EXPECT_EQ(ended, connected);
  EXPECT_EQ(fault_get_live(), 0);
}

TEST(FaultyModules, AreImportedOrAnError) {
  FaultyRuntime runtime;
  ImportEach(runtime);
  runtime.Close();
  EXPECT_EQ(fault_get_live(), 0);
}

TEST(FaultyFeeds, GiveTheirValuesOrEndOnce) {
  FaultyRuntime runtime;
  std::deque<std::atomic<int>> ends;  // of each feed; JavaScript may lose one later
  FailEach(runtime, [&] {
    CleatFeedOptions feeding = CLEAT_FEED_OPTIONS_INIT;
    feeding.data = &ends.emplace_back(0);
    feeding.ended = CountEnd;
    CleatFeed* feed = cleat_feed_open(runtime, &feeding);
    if (feed == nullptr) {
      ends.pop_back();
      return;
    }
    auto give = [](CleatEnv* env, void* feed) {
      cleat_set(env, cleat_global(env), "feed", cleat_feed_value(env, static_cast<CleatFeed*>(feed)));
      cleat_run_script(env,
                       "globalThis.taken = (async () => { let n = 40; for await (const one of feed) n += one; return n "
                       "})(); taken.catch(() => 0)",
                       0, "feed.js", 1);
    };
    bool given = cleat_dispatch(runtime, give, feed, nullptr);
    for (int i = 0; i < 2; i++) {
      CleatData* value = cleat_data_new_number(1);
      if (value != nullptr && cleat_feed_put(feed, value) != CLEAT_FEED_ACCEPTED) cleat_data_free(value);
    }
    ASSERT_TRUE(cleat_wait(runtime, 30000));
    cleat_feed_release(feed);
    // The value, or fewer where some were missing.
    if (given) Result(cleat_eval(runtime, "typeof taken === 'undefined' ? 0 : taken", nullptr));
    DisarmFaults();
    Result(cleat_eval(runtime, "globalThis.taken = globalThis.feed = undefined", nullptr));
    cleat_wait(runtime, 30000);
  });
  runtime.Close();
  for (const std::atomic<int>& count : ends) EXPECT_EQ(count, 1);
}

// V8 posts tasks of its own, with a delay, as it collects garbage: those it can do without are dropped.
TEST(FaultyCollections, LoseTasksOfV8AndGoOn) {
  FaultyRuntime runtime;
  ASSERT_NE(static_cast<CleatRuntime*>(runtime), nullptr);
  ArmFaults(0, true, "malloc");
  Result(cleat_eval(
      runtime,
      "for (let i = 0; i < 20; i++) { globalThis['kept' + i] = Array.from({ length: 2e5 }, (_, n) => ({ n })) }",
      nullptr));
  EXPECT_GT(DisarmFaults(), 0);
  ASSERT_TRUE(cleat_wait(runtime, 30000)) << "something is never done";
  EXPECT_EQ(Result(cleat_eval(runtime, "6 * 7", nullptr)).number(), 42);
}

TEST(FaultyHandles, OfFunctionsAreCalledOrAnError) {
  FaultyRuntime runtime;
  FailEach(runtime, [&] {
    Result made(cleat_eval(runtime, "({ f: (x) => x + 2, g: (async function* () { yield 42 })() })", nullptr));
    ASSERT_TRUE((made.value() == nullptr) != (made.error() == nullptr));
    if (made.error() != nullptr) return;
    CleatData* arguments = cleat_data_new_array();
    cleat_data_push(arguments, cleat_data_new_number(40));
    // Without its argument it is NaN.
    Result called(cleat_data_call(cleat_data_get(made.value(), "f"), nullptr, arguments, nullptr));
    EXPECT_TRUE((called.value() == nullptr) != (called.error() == nullptr));
    cleat_data_free(arguments);
    Result next(cleat_data_next(cleat_data_get(made.value(), "g"), nullptr));
    EXPECT_TRUE((next.value() == nullptr) != (next.error() == nullptr));
    if (next.error() == nullptr) {
      EXPECT_EQ(cleat_data_number(cleat_data_get(next.value(), "value")), 42);
    }
  });
}

}  // namespace
