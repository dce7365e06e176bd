// What fails under bindings, promises, [Blocking] operations, wrapping, feeds, iteration, events and modules: one piece
// of memory or one thread after the other is missing in a runtime that stays open. Each time what was asked for comes,
// or an error that says so, within time; the runtime goes on working; and in the end no native object is left.
#include <deque>

#include "core_test.h"
#include "fault_bindings.h"
#include "faults.h"

namespace {

void CountEnd(void* count) { ++*static_cast<std::atomic<int>*>(count); }

void Load(void*, const CleatImport* import, CleatLoad* load) {
  if (Text(import->specifier).rfind("missing", 0) == 0) {
    cleat_load_fail(load, "there is no %s", import->specifier.data);
    return;
  }
  const std::string source =
      "import json from 'answer' with { type: 'json' };\n"
      "import { Fault } from 'host:faults';\n"
      "await null;\n"
      "export const failure = await import('missing' + import.meta.url).catch((e) => e.name);\n"
      "export default new Fault('x').text.length + json.answer;\n";
  cleat_load_answer(load, source.data(), source.size());
}

class FaultyRuntime {
 public:
  FaultyRuntime() {
    static const CleatBindings* const bindings[] = {&fault_bindings_bindings, &cleat_events_bindings,
                                                    &cleat_dom_exception_bindings, &cleat_timers_bindings};
    static const CleatModule modules[] = {{"host:faults", nullptr, 0, false, &fault_bindings_bindings},
                                          {"answer", "{ \"answer\": 41 }", 0, true, nullptr}};
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.bindings = bindings;
    options.binding_count = 4;
    options.modules = modules;
    options.module_count = 2;
    options.load = Load;
    options.uncaught = [](void*, const CleatError*) {};
    options.leaked = [](void*, CleatString) {};
    runtime_ = cleat_open(&options, nullptr);
  }
  ~FaultyRuntime() { Close(); }
  operator CleatRuntime*() const { return runtime_; }

  void Close() {
    if (runtime_ != nullptr) cleat_release(runtime_);
    runtime_ = nullptr;
  }

 private:
  CleatRuntime* runtime_ = nullptr;
};

// What a host may be told: 42, or that something was missing. What a script's own code makes of that is an exception.
void Check(CleatResult given) {
  Result result(given);
  ASSERT_TRUE((given.value == nullptr) != (given.error == nullptr)) << "neither a value nor an error";
  if (result.error() == nullptr) {
    EXPECT_EQ(result.number(), 42);
    return;
  }
  EXPECT_TRUE(result.kind() == CLEAT_ERROR_OUT_OF_MEMORY || result.kind() == CLEAT_ERROR_SYSTEM ||
              result.kind() == CLEAT_ERROR_EXCEPTION)
      << result.kind() << " " << result.text();
}

// Does `act` with the first call failing, then with the second, and so on until none fails.
void FailEach(CleatRuntime* runtime, const std::function<void()>& act) {
  act();  // what there is once
  long all = 0;
  for (bool all_that_follow : {false, true}) {
    long failures = 1;
    for (long number = 0; failures > 0 && !testing::Test::HasFailure(); number++) {
      SCOPED_TRACE("call " + std::to_string(number) + (all_that_follow ? " and all that follow" : ""));
      ArmFaults(number, all_that_follow);
      act();
      failures = DisarmFaults();
      all += failures > 0;
      ASSERT_TRUE(cleat_wait(runtime, 30000)) << "something is never done";
      ASSERT_EQ(Result(cleat_eval(runtime, "6 * 7", nullptr)).number(), 42) << "the runtime goes on working";
    }
  }
  printf("%ld calls failed\n", all);
  EXPECT_GT(all, 0) << "nothing has failed";
}

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
    {"KeptCallbacks", "new Promise((r) => { new Fault().keep(() => (r(42), '')); setTimeout(() => r(42), 200) })"},
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

TEST(FaultyModules, AreImportedOrAnError) {
  FaultyRuntime runtime;
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
