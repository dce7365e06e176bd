// Attaching: what is refused, and what is left to the host.
#include "attached_fixture.h"

namespace {

std::string AttachFails(ForeignHost* host, const CleatOptions& options) {
  CleatError* error = nullptr;
  EXPECT_EQ(host->Attach(&options, &error), nullptr);
  return ErrorText(error);
}

TEST(Attach, RefusesWhatIsTheHostsAffairAndNamesIt) {
  ForeignHost host;
  const struct {
    const char* name;
    void (*set)(CleatOptions* options);
  } options_of_the_host[] = {
      {"heap_initial", [](CleatOptions* options) { options->heap_initial = 1 << 20; }},
      {"heap_limit", [](CleatOptions* options) { options->heap_limit = 64 << 20; }},
      {"external_limit", [](CleatOptions* options) { options->external_limit = 1; }},
      {"stack_size", [](CleatOptions* options) { options->stack_size = 1 << 20; }},
      {"no_code_from_strings", [](CleatOptions* options) { options->no_code_from_strings = true; }},
      {"no_webassembly", [](CleatOptions* options) { options->no_webassembly = true; }},
      {"pumped", [](CleatOptions* options) { options->pumped = true; }},
  };
  for (const auto& it : options_of_the_host) {
    CleatOptions options = AttachedOptions();
    it.set(&options);
    EXPECT_EQ(AttachFails(&host, options),
              "option " + std::string(it.name) + ": not in an attached runtime, where it is up to the host");
  }
  EXPECT_EQ(host.Run("typeof Gadget"), "undefined");
}

TEST(Attach, RefusesToReplaceGlobalsAndInstallsNothingThen) {
  ForeignHost host;
  host.Run("globalThis.setInterval = 'mine'");
  EXPECT_EQ(AttachFails(&host, AttachedOptions()), "option bindings: the global object has a 'setInterval' already");
  EXPECT_EQ(host.Run("setInterval + typeof Gadget + typeof setTimeout"), "mineundefinedundefined");
  static const CleatBindings* bindings[] = {&cleat_console_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  EXPECT_EQ(AttachFails(&host, options), "option bindings: the global object has a 'console' already");
}

TEST(Attach, NeedsAnIsolateAndAContext) {
  ForeignHost host;
  CleatHost c = host.AsC(false);
  CleatError* error = nullptr;
  EXPECT_EQ(cleat_attach(&c, nullptr, &error), nullptr);
  EXPECT_EQ(ErrorText(error), "no isolate of V8 is entered on this thread");
  v8::Isolate::Scope scope(host.isolate);
  EXPECT_EQ(cleat_attach(&c, nullptr, &error), nullptr);
  EXPECT_EQ(ErrorText(error), "the isolate has no context entered");
}

TEST(Attach, NeedsAHostThatDispatches) {
  ForeignHost host;
  CleatHost c = {};
  CleatError* error = nullptr;
  EXPECT_EQ(cleat_attach(nullptr, nullptr, &error), nullptr);
  EXPECT_EQ(ErrorText(error), "argument host: NULL, or its size is not that of a CleatHost");
  EXPECT_EQ(cleat_attach(&c, nullptr, &error), nullptr);
  EXPECT_EQ(ErrorText(error), "argument host: NULL, or its size is not that of a CleatHost");
  c.size = sizeof(c);
  EXPECT_EQ(cleat_attach(&c, nullptr, &error), nullptr);
  EXPECT_EQ(ErrorText(error), "host dispatch: NULL");
}

TEST(Attach, RuntimesOfTheirOwnCannotBeHadWhereV8IsSomebodyElses) {
  ForeignHost host;
  cleat_release(host.Attach(nullptr));
  CleatError* error = nullptr;
  std::thread([&] { EXPECT_EQ(cleat_open(nullptr, &error), nullptr); }).join();
  EXPECT_EQ(cleat_error_kind(error), CLEAT_ERROR_SYSTEM);
  EXPECT_EQ(ErrorText(error), "the V8 of this process is somebody else's: see cleat_attach");
}

TEST(Attach, BootstrapScriptsRunAndMayFail) {
  ForeignHost host;
  CleatScript scripts[] = {{"good.js", "globalThis.good = 1", 0}, {"bad.js", "\nthrow new RangeError('no')", 0}};
  CleatOptions options = AttachedOptions();
  options.scripts = scripts;
  options.script_count = 2;
  EXPECT_EQ(AttachFails(&host, options), "no");
  EXPECT_EQ(host.Run("good"), "1");
  EXPECT_EQ(host.Run("new Gadget(1)"), "threw ReferenceError: Gadget is not defined");
  options.script_count = 1;
  CleatRuntime* runtime = host.Attach(&options);
  ASSERT_NE(runtime, nullptr);
  EXPECT_EQ(host.Run("new Gadget(1).value"), "1");
  cleat_release(runtime);
}

TEST(Attach, LeavesTheHostsSettingsAlone) {
  ForeignHost host;
  CleatRuntime* runtime = host.Attach(nullptr);
  ASSERT_NE(runtime, nullptr);
  EXPECT_EQ(host.isolate->GetMicrotasksPolicy(), v8::MicrotasksPolicy::kExplicit);
  EXPECT_EQ(host.isolate->GetData(0), &host);
  for (uint32_t slot = 1; slot < v8::Isolate::GetNumberOfDataSlots(); slot++) {
    EXPECT_EQ(host.isolate->GetData(slot), nullptr);
  }
  EXPECT_EQ(host.Run("typeof console + typeof WebAssembly + eval('1')"), "objectobject1");
  host.Run("Promise.reject('unhandled'); 0");
  EXPECT_EQ(host.rejections, std::vector<std::string>{"unhandled"});
  cleat_release(runtime);
}

TEST(Attach, PumpingIsTheHostsAffair) {
  ForeignHost host;
  CleatRuntime* runtime = host.Attach(nullptr);
  EXPECT_EQ(cleat_poll_fd(runtime), -1);
  EXPECT_DEATH(cleat_run(runtime, CLEAT_RUN_NOWAIT), "cleat_run: the runtime is attached");
  cleat_release(runtime);
}

}  // namespace
