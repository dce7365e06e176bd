// WebAssembly: compiled in both ways, waited for, limited, and switched off.
#include "cleat/bind.h"
#include "core_test.h"

namespace {

// (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
//         (func (export "trap") unreachable)
//         (func (export "loop") (loop br 0))
//         (func (export "deep") call 3))
const char kBytes[] =
    "globalThis.bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0,"
    " 1, 10, 2, 96, 2, 127, 127, 1, 127, 96, 0, 0,"
    " 3, 5, 4, 0, 1, 1, 1,"
    " 7, 28, 4, 3, 97, 100, 100, 0, 0, 4, 116, 114, 97, 112, 0, 1, 4, 108, 111, 111, 112, 0, 2, 4, 100, 101, 101, 112, "
    "0, 3,"
    " 10, 26, 4, 7, 0, 32, 0, 32, 1, 106, 11, 3, 0, 0, 11, 7, 0, 3, 64, 12, 0, 11, 11, 4, 0, 16, 3, 11]);";

// (module (import "env" "f" (func (param i32) (result i32))) (func (export "g") (param i32) (result i32)
//   local.get 0 call 0))
const char kImporting[] =
    "globalThis.importing = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127,"
    " 2, 9, 1, 3, 101, 110, 118, 1, 102, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 103, 0, 1, 10, 8, 1, 6, 0, 32, 0, 16, 0, 11]);";

class WebAssembly : public testing::Test {
 protected:
  void SetUp() override {
    Result(runtime_.Eval(kBytes));
    Result(runtime_.Eval(kImporting));
  }
  Runtime runtime_;
};

TEST_F(WebAssembly, IsCompiledAtOnce) {
  Result result(runtime_.Eval("new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.add(40, 2)"));
  EXPECT_EQ(result.number(), 42) << result.text();
}

TEST_F(WebAssembly, IsCompiledAsynchronously) {
  Result result(runtime_.Eval("WebAssembly.instantiate(bytes).then(it => it.instance.exports.add(40, 2))"));
  EXPECT_EQ(result.number(), 42) << result.text();
  Result twice(
      runtime_.Eval("WebAssembly.compile(bytes).then(m => WebAssembly.instantiate(m))"
                    ".then(it => it.exports.add(20, 1))"));
  EXPECT_EQ(twice.number(), 21) << twice.text();
}

TEST_F(WebAssembly, IsWaitedFor) {
  Result(
      runtime_.Eval("globalThis.sum = 0; WebAssembly.instantiate(bytes)"
                    ".then(it => { sum = it.instance.exports.add(1, 2) }); 0"));
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Result(runtime_.Eval("sum")).number(), 3);
}

TEST_F(WebAssembly, ThatIsNoneIsRejected) {
  for (const char* source : {"WebAssembly.compile(new Uint8Array(8))", "WebAssembly.instantiate(new Uint8Array(8))",
                             "new WebAssembly.Module(new Uint8Array(8))"}) {
    Result result(runtime_.Eval(source));
    ASSERT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION) << source;
    EXPECT_EQ(Text(cleat_error_name(result.error())), "CompileError");
  }
  EXPECT_EQ(Text(cleat_error_name(Result(runtime_.Eval("WebAssembly.compile(1)")).error())), "TypeError");
  EXPECT_EQ(Result(runtime_.Eval("WebAssembly.validate(bytes) && !WebAssembly.validate(new Uint8Array(8))")).text(),
            "");
  EXPECT_TRUE(runtime_.Uncaught().empty());
  Result(runtime_.Eval("void WebAssembly.compile(new Uint8Array(8))"));
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  ASSERT_EQ(runtime_.Uncaught().size(), 1u);
  EXPECT_EQ(runtime_.Uncaught()[0].find("CompileError: "), 0u);
}

TEST_F(WebAssembly, TrapsAreExceptions) {
  Result(runtime_.Eval("globalThis.it = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports"));
  Result trap(runtime_.Eval("it.trap()"));
  EXPECT_EQ(trap.kind(), CLEAT_ERROR_EXCEPTION);
  EXPECT_EQ(Text(cleat_error_name(trap.error())), "RuntimeError");
  EXPECT_EQ(trap.message(), "unreachable");
  EXPECT_EQ(Result(runtime_.Eval("try { it.deep() } catch (e) { e instanceof RangeError ? 1 : 2 }")).number(), 1);
}

TEST_F(WebAssembly, TimeLimitHoldsInLoops) {
  Result(runtime_.Eval("globalThis.it = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports"));
  EXPECT_EQ(Result(runtime_.Eval("it.loop()", 50)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(runtime_.Eval("it.add(1, 1)")).number(), 2);
}

TEST_F(WebAssembly, CallsNativeFunctions) {
  runtime_.OnThread([](CleatEnv* env) {
    auto twice = [](CleatCall* call) {
      int32_t value = 0;
      if (!cleat_arg_long(call, 0, &value)) return;
      if (value < 0) return cleat_throw_range(cleat_env(call), "negative");
      cleat_return_long(call, value * 2);
    };
    cleat_set(env, cleat_global(env), "twice", cleat_function(env, "twice", 1, twice, nullptr));
  });
  Result(
      runtime_.Eval("globalThis.g = new WebAssembly.Instance(new WebAssembly.Module(importing),"
                    " { env: { f: twice } }).exports.g"));
  EXPECT_EQ(Result(runtime_.Eval("g(21)")).number(), 42);
  Result failed(runtime_.Eval("g(-1)"));
  EXPECT_EQ(failed.message(), "negative");
  EXPECT_EQ(Text(cleat_error_name(
                Result(runtime_.Eval("new WebAssembly.Instance(new WebAssembly.Module(importing), {})")).error())),
            "TypeError");
}

TEST_F(WebAssembly, ClosingWhileItIsCompiled) {
  for (int i = 0; i < 20; i++) {
    Runtime runtime;
    Result(runtime.Eval(kBytes));
    Result(runtime.Eval("for (let i = 0; i < 20; i++) WebAssembly.instantiate(bytes).catch(() => {}); 0"));
  }
}

TEST_F(WebAssembly, LooksLikeV8s) {
  EXPECT_EQ(Result(runtime_.Eval("[WebAssembly.compile.name, WebAssembly.instantiate.length,"
                                 " String(WebAssembly.compile), 'prototype' in WebAssembly.compile].join()"))
                .string(),
            "compile,1,function compile() { [native code] },false");
}

TEST_F(WebAssembly, IsAGlobalAsOthersAre) {
  EXPECT_EQ(Result(runtime_.Eval("(() => { const {value, writable, enumerable, configurable} ="
                                 " Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly');"
                                 " return [value === WebAssembly, writable, enumerable, configurable].join() })()"))
                .string(),
            "true,true,false,true");
  EXPECT_EQ(Result(runtime_.Eval("const kept = WebAssembly; WebAssembly = 5; delete globalThis.WebAssembly;"
                                 " [String(kept), typeof WebAssembly].join()"))
                .string(),
            "[object WebAssembly],undefined");
}

TEST(WebAssemblyOff, IsNotThere) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.no_webassembly = true;
  Runtime runtime(options);
  EXPECT_EQ(Result(runtime.Eval("typeof WebAssembly")).string(), "undefined");
}

TEST(WebAssemblyPumped, IsDrivenByTheHost) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.pumped = true;
  Runtime runtime(options);
  Result(runtime.Eval(kBytes));
  Result result(runtime.Eval("WebAssembly.instantiate(bytes).then(it => it.instance.exports.add(1, 2))"));
  EXPECT_EQ(result.number(), 3) << result.text();
}

}  // namespace
