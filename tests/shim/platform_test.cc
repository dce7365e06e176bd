// V8's own tasks on the engine's thread: they come through the host.

#include <atomic>
#include <thread>

#include "fixture.h"

namespace {

using PlatformTest = ShimTest;

// A module with one function that adds two integers, and many copies of that function to have something to compile.
const char kModule[] =
    "function leb(n) { const out = []; do { let b = n & 127; n >>>= 7; if (n) b |= 128; out.push(b) } while (n); "
    "return out }\n"
    "function section(id, body) { return [id, ...leb(body.length), ...body] }\n"
    "function module(count) {\n"
    "  const one = [7, 0, 32, 0, 32, 1, 106, 11], bodies = [], types = [];\n"
    "  for (let i = 0; i < count; i++) { bodies.push(...one); types.push(0) }\n"
    "  return new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0,\n"
    "    ...section(1, [1, 96, 2, 127, 127, 1, 127]), ...section(3, [...leb(count), ...types]),\n"
    "    ...section(7, [1, 3, 97, 100, 100, 0, 0]), ...section(10, [...leb(count), ...bodies])]) }\n";

TEST_F(PlatformTest, AsynchronousWebAssemblyFinishesThroughPostedTasks) {
  Run(kModule);
  Run("sum = 0; WebAssembly.instantiate(module(500)).then(({ instance }) => { sum = instance.exports.add(40, 2) }, e "
      "=> { sum = String(e) })");
  for (int i = 0; i < 100 && !True("sum !== 0"); i++) {
    host.RunTasks(100);
    cleat__run_microtasks(engine);
  }
  EXPECT_EQ(Text("sum"), "42");
}

TEST_F(PlatformTest, FinalizationRegistriesAreServedByPostedTasks) {
  Run("seen = 0; registry = new FinalizationRegistry(held => { seen = held })");
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  Run("(() => registry.register({}, 7))()");
  cleat__scope_close(engine, &scope);
  cleat__run_microtasks(engine);
  for (int i = 0; i < 20 && !True("seen !== 0"); i++) {
    cleat__collect_garbage(engine);
    host.RunTasks(50);
    cleat__run_microtasks(engine);
  }
  EXPECT_EQ(Number("seen"), 7);
}

TEST_F(PlatformTest, EnginesCloseWhileWorkersPost) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; t++) {
    threads.emplace_back([] {
      for (int n = 0; n < 10; n++) {
        Host host;
        CleatEngineHost c = host.AsC();
        CleatEngineOptions options = {};
        CleatEngine* engine = cleat__engine_open(&options, &c);
        CleatEngineEntry entry;
        cleat__engine_enter(engine, &entry);
        std::string source = std::string(kModule) +
                             "for (let i = 0; i < 4; i++) WebAssembly.compile(module(300 + i)); let s = 0; for (let i "
                             "= 0; i < 1e5; i++) s += i; s";
        EXPECT_NE(cleat__run_script(engine, source.data(), source.size(), "x", 1, nullptr), nullptr);
        if (n % 2) host.RunTasks();
        cleat__engine_leave(engine, &entry);
        cleat__engine_close(engine);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(PlatformTest, TasksThatAreRefusedAreFreed) {
  host.refuses = true;
  Run("registry = new FinalizationRegistry(() => {})");
  for (int i = 0; i < 100 && host.refused == 0; i++) {
    CleatScope scope;
    cleat__scope_open(engine, &scope);
    Run("(() => registry.register({}, 7))()");
    cleat__scope_close(engine, &scope);
    cleat__run_microtasks(engine);
    cleat__collect_garbage(engine);
  }
  EXPECT_GT(host.refused, 0);
  EXPECT_EQ(Number("6 * 7"), 42);
}

TEST_F(PlatformTest, TasksThatAreNotRunAreFreed) {
  Run(kModule);
  Run("WebAssembly.compile(module(100))");
  Close();
}

}  // namespace
