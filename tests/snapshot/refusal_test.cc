// Snapshots that are refused: what cannot be written down, and what cannot be opened.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <random>

#include "cleat/bind.h"
#include "hooks.h"
#include "snapshot_test.h"

namespace {

const std::vector<const CleatBindings*>& HostObjects() {
  static const std::vector<const CleatBindings*> bindings = {&cleat_console_bindings, &cleat_timers_bindings,
                                                             &cleat_performance_bindings, &fast_bindings};
  return bindings;
}

std::string WhyNot(const std::string& script) {
  Options options(HostObjects(), {script});
  Snapshot snapshot(options);
  EXPECT_EQ(snapshot.get(), nullptr) << script;
  EXPECT_EQ(snapshot.kind, CLEAT_ERROR_BAD_ARGUMENT);
  return snapshot.error;
}

TEST(SnapshotRefusalTest, NativeObjects) {
  EXPECT_EQ(WhyNot("globalThis.gauge = new Gauge(1)"),
            "option scripts: they leave 1 native object: Gauge, which no snapshot can hold");
  EXPECT_EQ(WhyNot("const list = new Set([new SubGauge(), performance])").substr(0, 43),
            "option scripts: they leave 2 native objects");
}

TEST(SnapshotRefusalTest, Timers) {
  EXPECT_EQ(WhyNot("setTimeout(() => {}, 1000)"),
            "option scripts: they leave a timer that is set, which no snapshot can hold");
}

CleatRef* held;
CleatPromise* owed;
void Hold(CleatCall* call) { held = cleat_hold(cleat_env(call), cleat_arg_any(call, 0)); }
void Owe(CleatCall* call) { owed = cleat_return_promise(call); }
void Wait(CleatCall* call) {
  cleat_promise_then(
      cleat_env(call), cleat_arg_any(call, 0), [](CleatEnv*, void*, bool, CleatValue*) {}, nullptr);
}
void Make(CleatCall* call) {
  CleatEnv* env = cleat_env(call);
  cleat_return(call, cleat_function(env, "made", 0, Wait, &held));
}

TEST(SnapshotRefusalTest, WhatC_HasOfJavaScript) {
  CleatMember members[4] = {};
  const std::pair<const char*, CleatNative> functions[] = {
      {"hold", Hold}, {"owe", Owe}, {"wait", Wait}, {"make", Make}};
  for (int i = 0; i < 4; i++) {
    members[i].name = functions[i].first;
    members[i].call = functions[i].second;
  }
  CleatBindings bindings = {};
  bindings.size = sizeof(bindings);
  bindings.name = "having";
  bindings.globals = members;
  bindings.global_count = 4;
  auto why = [&](const char* script) { return Snapshot(Options({&bindings}, {script})).error; };
  EXPECT_EQ(why("hold({})").rfind("option scripts: they leave a value that C holds, by ", 0), 0u);
  cleat_ref_free(held);
  EXPECT_EQ(why("owe()"), "option scripts: they leave a promise that C has not settled, which no snapshot can hold");
  cleat_promise_reject(owed, CLEAT_THROW_ERROR, "too late");
  EXPECT_EQ(why("wait(globalThis.pending = new Promise(() => {}))"),
            "option scripts: they leave a promise that C waits for, which no snapshot can hold");
  EXPECT_EQ(
      why("globalThis.made = make()"),
      "option scripts: they leave the native function 'made', which is of no bindings, which no snapshot can hold");
  EXPECT_EQ(why("make(); wait(Promise.resolve(1))"), "");
}

TEST(SnapshotRefusalTest, ObjectsOfIntl) {
  EXPECT_EQ(WhyNot("globalThis.format = new Intl.NumberFormat('en')"),
            "option scripts: they leave an object of Intl, such as an Intl.NumberFormat, which no snapshot can hold");
  Snapshot fine(Options({}, {"const text = new Intl.NumberFormat('en').format(1234) + (5).toLocaleString();"}));
  EXPECT_EQ(fine.error, "");
}

TEST(SnapshotRefusalTest, WhatV8CouldNotAddToLater) {
  EXPECT_EQ(
      WhyNot("Object.freeze(Error)"),
      "option scripts: they leave globalThis.Error.stackTraceLimit, which V8 adds when the snapshot is opened: it, or "
      "its object, was made unchangeable, which no snapshot can hold");
  EXPECT_NE(WhyNot("Object.preventExtensions(globalThis)"), "");
}

TEST(SnapshotRefusalTest, ScriptsThatFail) {
  Options options({}, {"throw new TypeError('not now')"});
  Snapshot snapshot(options);
  EXPECT_EQ(snapshot.error, "not now");
  EXPECT_EQ(snapshot.kind, CLEAT_ERROR_EXCEPTION);
  Options endless({}, {"for (;;);"});
  endless.options.timeout_ms = 50;
  EXPECT_EQ(Snapshot(endless).kind, CLEAT_ERROR_TIMEOUT);
}

TEST(SnapshotRefusalTest, BadOptions) {
  Options options;
  Snapshot first(options);
  options.options.snapshot = first.get();
  EXPECT_EQ(Snapshot(options).error, "option snapshot: a snapshot is not made from another; give the scripts of both");
}

TEST(SnapshotRefusalTest, ScriptsCannotImport) {
  static const CleatModule modules[] = {{"host:it", "export default 1", 0, false, nullptr}};
  Options options({}, {"import('host:it').then(() => { globalThis.it = 1 }, e => { globalThis.it = e.name })"});
  options.options.modules = modules;
  options.options.module_count = 1;
  Snapshot snapshot(options);
  ASSERT_NE(snapshot.get(), nullptr) << snapshot.error;
  options.options.scripts = nullptr;
  options.options.script_count = 0;
  Opened runtime(options.options, snapshot.get());
  ASSERT_NE(runtime.get(), nullptr) << runtime.error;
  EXPECT_EQ(runtime.Eval("it"), "TypeError");
  runtime.Eval("import('host:it').then(module => { it = module.default })");
  EXPECT_EQ(runtime.Eval("it"), "1");
}

std::string WhyNotOpen(const CleatOptions& options, const std::string& bytes) {
  CleatSnapshot snapshot = {bytes.data(), bytes.size(), false};
  Opened runtime(options, &snapshot);
  if (runtime.get() != nullptr) return "opened";
  EXPECT_EQ(runtime.kind, CLEAT_ERROR_BAD_ARGUMENT);
  EXPECT_EQ(runtime.error.rfind("option snapshot: ", 0), 0u) << runtime.error;
  return runtime.error;
}

TEST(SnapshotRefusalTest, OtherBindings) {
  Options made({&fast_bindings, &cleat_console_bindings});
  const std::string bytes = Snapshot(made).bytes();
  EXPECT_EQ(WhyNotOpen(made.options, bytes), "opened");
  EXPECT_EQ(WhyNotOpen(Options({&fast_bindings}).options, bytes),
            "option snapshot: it was made with other bindings: 'fast', 'console', and not 'fast'");
  EXPECT_EQ(WhyNotOpen(Options({&cleat_console_bindings, &fast_bindings}).options, bytes),
            "option snapshot: it was made with other bindings: 'fast', 'console', and not 'console', 'fast'");
  EXPECT_EQ(WhyNotOpen(Options().options, bytes),
            "option snapshot: it was made with other bindings: 'fast', 'console', and not none");
}

void Nothing(CleatCall*) {}

// Bindings like those that bindgen writes, of which one thing can be changed.
struct Changing {
  CleatMember members[2] = {};
  CleatBindings bindings = {};
  Changing() {
    members[0].name = "first";
    members[0].call = Nothing;
    members[1].name = "second";
    members[1].call = Nothing;
    members[1].capability = "files";
    bindings.size = sizeof(bindings);
    bindings.name = "changing";
    bindings.globals = members;
    bindings.global_count = 2;
  }
};

TEST(SnapshotRefusalTest, BindingsThatHaveChanged) {
  Changing it;
  Options options({&it.bindings});
  const std::string bytes = Snapshot(options).bytes();
  const std::string changed =
      "option snapshot: its bindings ('changing') have other members by now, or capabilities or count_calls differ: "
      "make "
      "it anew";
  EXPECT_EQ(WhyNotOpen(options.options, bytes), "opened");
  const char* const capabilities[] = {"files"};
  CleatOptions granted = options.options;
  granted.capabilities = capabilities;
  granted.capability_count = 1;
  EXPECT_EQ(WhyNotOpen(granted, bytes), changed);
  it.members[0].name = "other";
  EXPECT_EQ(WhyNotOpen(options.options, bytes), changed);
  it.members[0].name = "first";
  it.members[0].length = 1;
  EXPECT_EQ(WhyNotOpen(options.options, bytes), changed);
  it.members[0].length = 0;
  it.bindings.global_count = 1;
  EXPECT_EQ(WhyNotOpen(options.options, bytes), changed);
  it.bindings.global_count = 2;
  EXPECT_EQ(WhyNotOpen(options.options, bytes), "opened");
}

TEST(SnapshotRefusalTest, ConstantsThatHaveChanged) {
  Changing it;
  const uint64_t one = 1;
  const uint64_t two = 2;
  CleatBigInt value = {false, &one, 1};
  it.members[0].kind = CLEAT_CONSTANT_BIGINT;
  it.members[0].call = nullptr;
  it.members[0].bigint = &value;
  Options options({&it.bindings});
  const std::string bytes = Snapshot(options).bytes();
  EXPECT_EQ(WhyNotOpen(options.options, bytes), "opened");
  value.words = &two;
  EXPECT_NE(WhyNotOpen(options.options, bytes), "opened");
  value = {true, &one, 1};
  EXPECT_NE(WhyNotOpen(options.options, bytes), "opened");
  value = {false, nullptr, 0};
  EXPECT_NE(WhyNotOpen(options.options, bytes), "opened");
}

// What is gathered for the hash is more than fits at once.
TEST(SnapshotRefusalTest, LongNamesThatHaveChanged) {
  Changing it;
  std::string name(5000, 'x');
  it.members[0].name = name.c_str();
  Options options({&it.bindings});
  const std::string bytes = Snapshot(options).bytes();
  EXPECT_EQ(WhyNotOpen(options.options, bytes), "opened");
  for (size_t at : {0u, 2047u, 2048u, 4999u}) {
    name[at] = 'y';
    EXPECT_NE(WhyNotOpen(options.options, bytes), "opened") << at;
    name[at] = 'x';
  }
  EXPECT_EQ(WhyNotOpen(options.options, bytes), "opened");
}

TEST(SnapshotRefusalTest, EveryPrefix) {
  const std::string bytes = Snapshot(Options()).bytes();
  Options none;
  for (size_t length = 0; length < bytes.size(); length += length < 1024 ? 1 : 997) {
    const std::string error = WhyNotOpen(none.options, bytes.substr(0, length));
    EXPECT_NE(error, "opened") << length;
  }
  EXPECT_NE(WhyNotOpen(none.options, bytes + "x"), "opened");
  CleatSnapshot empty = {nullptr, 0, false};
  EXPECT_EQ(Opened(none.options, &empty).error, "option snapshot: it has 0 bytes, which is no whole snapshot");
}

TEST(SnapshotRefusalTest, EveryKindOfDamage) {
  std::string bytes = Snapshot(Options({&fast_bindings})).bytes();
  Options options({&fast_bindings});
  std::mt19937 random(20261127);
  auto flip = [&](size_t at, int bit) {
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
    EXPECT_NE(WhyNotOpen(options.options, bytes), "opened") << at << " " << bit;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
  };
  for (size_t at = 0; at < 256; at++) flip(at, static_cast<int>(random() % 8));
  for (int i = 0; i < 1000; i++) flip(random() % bytes.size(), static_cast<int>(random() % 8));
  EXPECT_EQ(WhyNotOpen(options.options, bytes), "opened");
  EXPECT_EQ(WhyNotOpen(options.options, std::string(1 << 20, 'x')),
            "option snapshot: the bytes are no snapshot of Cleat");
}

// The checksum alone is damaged, so that what is opened all the same is whole.
TEST(SnapshotRefusalTest, WhatIsSaidToBeIntactIsBelieved) {
  constexpr size_t kChecksum = 16;
  const Snapshot made(Options({&fast_bindings}));
  Options options({&fast_bindings});
  EXPECT_TRUE(made.get()->intact);
  std::string bytes = made.bytes();
  bytes[kChecksum] ^= 1;
  EXPECT_EQ(WhyNotOpen(options.options, bytes),
            "option snapshot: it is damaged: its checksum is not that of its bytes");
  CleatSnapshot snapshot = {bytes.data(), bytes.size(), true};
  EXPECT_EQ(Opened(options.options, &snapshot).Eval("fast.toLong('7')"), "7");
  snapshot.length--;
  EXPECT_NE(Opened(options.options, &snapshot).error, "");
  snapshot.length++;
  EXPECT_NE(Opened(Options().options, &snapshot).error, "") << "other bindings";
}

// There the snapshot is checked on the thread that is to be JavaScript's.
TEST(SnapshotRefusalTest, OnTheThreadThatDrives) {
  std::string bytes = Snapshot(Options()).bytes();
  Options options;
  options.options.pumped = true;
  EXPECT_EQ(WhyNotOpen(options.options, bytes), "opened");
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_EQ(WhyNotOpen(options.options, bytes),
            "option snapshot: it is damaged: its checksum is not that of its bytes");
}

// Of a blob that is whole, but says something else at `at` of its header: what is checked stands from byte 24 on.
std::string WhyNotOpenChanged(std::string bytes, size_t at, const std::string& text) {
  constexpr size_t kChecksum = 16;
  constexpr size_t kChecked = 24;
  bytes.replace(at, text.size(), text);
  const uint64_t checksum = XXH3_64bits(bytes.data() + kChecked, bytes.size() - kChecked);
  memcpy(&bytes[kChecksum], &checksum, sizeof(checksum));
  return WhyNotOpen(Options().options, bytes);
}

TEST(SnapshotRefusalTest, AnotherVersionAndOtherFlags) {
  const std::string bytes = Snapshot(Options()).bytes();
  const std::string engine = cleat_engine_version();
  const std::string version = cleat_version();
  const size_t engine_at = bytes.find(engine + '\0');
  const size_t version_at = bytes.find(version + '\0');
  ASSERT_LT(engine_at, 256u);
  ASSERT_LT(version_at, 256u);
  EXPECT_EQ(WhyNotOpenChanged(bytes, engine_at, engine), "opened");
  EXPECT_EQ(WhyNotOpenChanged(bytes, engine_at, "X"),
            "option snapshot: it was made by V8 X" + engine.substr(1) + ", and this is " + engine + ": make it anew");
  EXPECT_EQ(WhyNotOpenChanged(bytes, version_at, "X"), "option snapshot: it was made by Cleat X" + version.substr(1) +
                                                           ", and this is " + version + ": make it anew");
  // The two numbers of the flags are behind the 64 bytes of V8's version; either is enough.
  EXPECT_EQ(WhyNotOpenChanged(bytes, engine_at + 64, "????"), "opened");
  EXPECT_EQ(WhyNotOpenChanged(bytes, engine_at + 64, "????????"),
            "option snapshot: it was made by a V8 that ran with other flags: make it anew");
}

}  // namespace
