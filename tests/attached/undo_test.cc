// Attaching that fails at some step leaves the objects of the host as they were; and where it succeeds, what is not to
// be removed cannot be.
#include "attached_fixture.h"
#include "cleat/bind.h"
#include "lasting_host.h"

namespace {

// A set whose last constant is larger than any BigInt of V8's.
const CleatBindings* WithTooLargeAConstant() {
  static const CleatBigInt large = {false, nullptr, (1 << 30) / 64 + 1};
  static CleatMember globals[2] = {};
  globals[0].name = "SMALL";
  globals[0].kind = CLEAT_CONSTANT;
  globals[1].name = "LARGE";
  globals[1].kind = CLEAT_CONSTANT_BIGINT;
  globals[1].bigint = &large;
  static CleatBindings bindings = {};
  bindings.size = sizeof(bindings);
  bindings.name = "large";
  bindings.globals = globals;
  bindings.global_count = 2;
  return &bindings;
}

struct Failure {
  const char* name;
  const char* before;  // what the host's JavaScript has done
  const char* script;
  const CleatBindings* (*other)();
  const char* message;
};

void PrintTo(const Failure& it, std::ostream* out) { *out << it.name; }

const Failure kFailures[] = {
    {"a script that throws", nullptr, "throw new Error('no')", nullptr, "no"},
    {"a script that does not compile", nullptr, "(", nullptr, "Unexpected end of input"},
    {"a script that has used everything", nullptr,
     "if (lastingFixed + lastingTwice(3) + LASTING + LastingSpace.SIX + moreFixed === 22 && [...globalThis].length &&"
     "    lastingName + moreName && new Lasting()[Symbol.dispose]) throw new Error('all')",
     nullptr, "all"},
    {"a script that has taken things away, and put others there", nullptr,
     "delete globalThis.lastingFixed; delete Symbol.dispose; delete globalThis[Symbol.unscopables];"
     "Object.defineProperty(globalThis, 'lastingTwice', { value: 1, configurable: true }); Lasting = 2;"
     "Object.setPrototypeOf(Object.getPrototypeOf(globalThis), {}); throw new Error('mixed up')",
     nullptr, "mixed up"},
    {"a script that is terminated", nullptr, "end(); for (;;);", nullptr, ""},
    {"a constant that cannot be had", nullptr, nullptr, WithTooLargeAConstant, "Maximum BigInt size exceeded"},
    {"a global object that takes nothing", "Object.preventExtensions(globalThis)", nullptr, nullptr,
     "The property cannot be defined"},
    {"a prototype that stays as it is", "Object.preventExtensions(Object.getPrototypeOf(globalThis))", nullptr, nullptr,
     "The prototype of the object cannot be set"},
    {"a list of hidden names that takes none", "globalThis[Symbol.unscopables] = Object.freeze({})", nullptr, nullptr,
     "The property cannot be defined"},
    {"a list of hidden names of the host's",
     "globalThis[Symbol.unscopables] = { moreHidden: false, get lastingHidden() { return 1 } }",
     "throw new Error('listed')", nullptr, "listed"},
    {"symbols of the host's", "Symbol.dispose = 'mine'; globalThis[Symbol.iterator] = null;",
     "throw new Error('symbols')", nullptr, "symbols"},
};

class AttachUndo : public testing::TestWithParam<Failure> {};

TEST_P(AttachUndo, LeavesTheHostsObjectsAsTheyWere) {
  const Failure& it = GetParam();
  LastingHost host;
  host.Define("end", [](const v8::FunctionCallbackInfo<v8::Value>& info) { info.GetIsolate()->TerminateExecution(); });
  if (it.before != nullptr) host.Run(it.before);
  for (int time = 0; time < 2; time++) {
    host.Look();
    std::vector<const CleatBindings*> others;
    if (it.other != nullptr) others.push_back(it.other());
    CleatError* error = nullptr;
    EXPECT_EQ(host.AttachLasting(&error, it.script, others), nullptr);
    EXPECT_EQ(ErrorText(error), it.message);
    host.isolate->CancelTerminateExecution();
    EXPECT_EQ(host.Changed(), "nothing");
  }
}

INSTANTIATE_TEST_SUITE_P(All, AttachUndo, testing::ValuesIn(kFailures), [](const auto& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (!isalnum(c)) c = '_';
  }
  return name;
});

// Returns which of the global object's and Symbol's properties cannot be configured.
std::string Fixed(LastingHost* host) {
  return host->Run(
      "['lastingFixed', 'lastingTwice', 'LASTING', 'moreFixed', 'Lasting', 'lastingHidden'].filter((name) => {"
      "  const it = Object.getOwnPropertyDescriptor(globalThis, name); return it && !it.configurable"
      "}).join() + !Object.getOwnPropertyDescriptor(Symbol, 'dispose').configurable");
}

TEST(AttachSeal, WhatIsUnforgeableCannotBeRemovedOnceItIsOpen) {
  LastingHost host;
  CleatError* error = nullptr;
  host.AttachLasting(&error, "throw 1");
  cleat_error_free(error);
  CleatRuntime* runtime = host.AttachLasting(&error, "globalThis.kept = lastingTwice");
  ASSERT_NE(runtime, nullptr) << ErrorText(error);
  EXPECT_EQ(Fixed(&host), "lastingFixed,lastingTwice,LASTING,moreFixedtrue");
  EXPECT_EQ(host.Run("[delete globalThis.lastingFixed, delete globalThis.LASTING, (LASTING = 1, LASTING), lastingFixed,"
                     "kept === lastingTwice && lastingTwice.name + lastingTwice(4), lastingName, moreName].join()"),
            "false,false,7,1,lastingTwice8,lastingName,moreName");
  cleat_release(runtime);
  EXPECT_EQ(Fixed(&host), "lastingFixed,lastingTwice,LASTING,moreFixedtrue");
}

TEST(AttachSeal, BootstrapScriptsMayTakeAwayAndReplaceBefore) {
  LastingHost host;
  CleatError* error = nullptr;
  CleatRuntime* runtime =
      host.AttachLasting(&error,
                         "'use strict'; delete globalThis.lastingFixed; delete globalThis.LASTING;"
                         "Object.defineProperty(globalThis, 'lastingTwice', { value: 'mine', writable: true })");
  ASSERT_NE(runtime, nullptr) << ErrorText(error);
  EXPECT_EQ(Fixed(&host), "lastingTwice,moreFixedtrue");
  EXPECT_EQ(host.Run("'lastingFixed' in globalThis || lastingTwice"), "mine");
  cleat_release(runtime);
}

}  // namespace
