// Attaching: what is refused, and what is left to the host.
#include "attached_fixture.h"
#include "cleat/bind.h"

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

// An interface that scripts dispose of, and one more, whose operation does that.
void Close(CleatCall* call) { cleat_return_boolean(call, true); }
struct DisposingSet {
  DisposingSet() {
    close.name = "close";
    close.flags = CLEAT_DISPOSES;
    close.call = Close;
    closing.name = "Closing";
    closing.members = &close;
    closing.member_count = 1;
    disposing.name = "Disposing";
    disposing.flags = CLEAT_DISPOSABLE;
    bindings.size = sizeof(bindings);
    bindings.name = "disposing";
    bindings.classes = classes;
    bindings.class_count = 2;
    options.bindings = &set;
    options.binding_count = 1;
  }
  CleatMember close = {};
  CleatClass closing = {};
  CleatClass disposing = {};
  const CleatClass* const classes[2] = {&disposing, &closing};
  CleatBindings bindings = {};
  const CleatBindings* set = &bindings;
  CleatOptions options = CLEAT_OPTIONS_INIT;
};

TEST(Attach, TakesTheSymbolsOfDisposingThatAreThere) {
  ForeignHost host;
  host.Run("Symbol.dispose = Symbol('mine')");
  static DisposingSet set;
  CleatError* error = nullptr;
  CleatRuntime* runtime = host.Attach(&set.options, &error);
  ASSERT_NE(runtime, nullptr) << ErrorText(error);
  EXPECT_EQ(host.Run("Symbol.dispose.description + (Symbol.dispose in Disposing.prototype) + "
                     "(Closing.prototype[Symbol.dispose] === Closing.prototype.close) + typeof Symbol.asyncDispose"),
            "minetruetruesymbol");
  cleat_release(runtime);
}

TEST(Attach, SeveralRuntimesOfAContextHaveTheSameSymbols) {
  ForeignHost host;
  static DisposingSet set;
  CleatError* error = nullptr;
  CleatRuntime* first = host.Attach(&set.options, &error);
  ASSERT_NE(first, nullptr) << ErrorText(error);
  host.Run("globalThis.symbol = Symbol.dispose; Disposing.prototype");
  cleat_release(first);
  host.Run("delete globalThis.Disposing; delete globalThis.Closing");
  CleatRuntime* second = host.Attach(&set.options, &error);
  ASSERT_NE(second, nullptr) << ErrorText(error);
  EXPECT_EQ(host.Run("Symbol.dispose === symbol && symbol in Disposing.prototype"), "true");
  cleat_release(second);
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
