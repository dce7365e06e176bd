// Exceptions: what cleat__try catches and tells, scripts, stacks.

#include "fixture.h"

namespace {

using ExceptionTest = ShimTest;

TEST_F(ExceptionTest, TryTellsWhereAnErrorWasThrown) {
  Caught caught = TryRun("let a = 1;\n  throw new TypeError('bad');\n");
  EXPECT_TRUE(caught.happened);
  EXPECT_FALSE(caught.terminated);
  EXPECT_EQ(caught.value, "TypeError: bad");
  EXPECT_EQ(caught.message, "Uncaught TypeError: bad");
  EXPECT_EQ(caught.script, "test.js");
  EXPECT_EQ(caught.source_line, "  throw new TypeError('bad');");
  EXPECT_EQ(caught.line, 2u);
  EXPECT_EQ(caught.column, 3u);
  EXPECT_EQ(caught.stack, "TypeError: bad\n    at test.js:2:9");
}

TEST_F(ExceptionTest, TryReturnsTrueWhereNothingIsThrown) {
  bool ran = false;
  EXPECT_FALSE(Try([&] { ran = true; }).happened);
  EXPECT_TRUE(ran);
}

TEST_F(ExceptionTest, ThrownValuesThatAreNoErrorsHaveNoStack) {
  Caught caught = TryRun("throw { toString() { return 'mine' } }");
  EXPECT_EQ(caught.value, "mine");
  EXPECT_EQ(caught.stack, "NULL");
  EXPECT_EQ(TryRun("throw undefined").value, "undefined");
  EXPECT_EQ(TryRun("throw null").value, "null");
}

TEST_F(ExceptionTest, AThrowByCHasNoPlaceAtTheBase) {
  Caught caught = Try([&] { cleat__throw(engine, cleat__number(engine, 7)); });
  EXPECT_EQ(caught.value, "7");
  EXPECT_EQ(caught.line, 0u);
  EXPECT_EQ(caught.column, 0u);
  EXPECT_EQ(caught.script, "NULL");
  EXPECT_EQ(caught.source_line, "NULL");
  EXPECT_EQ(Number("1"), 1);
}

TEST_F(ExceptionTest, AThrowByCReachesJavaScript) {
  Define("fail", [](CleatCall* call) {
    CleatEngine* engine = cleat__call_engine(call);
    cleat__throw(engine, cleat__new_error(engine, CLEAT_THROW_RANGE_ERROR, CLEAT_STRING("far")));
  });
  EXPECT_EQ(Text("try { fail() } catch (e) { String(e) + (e instanceof RangeError) }"), "RangeError: fartrue");
  EXPECT_EQ(TryRun("fail()").value, "RangeError: far");
}

TEST_F(ExceptionTest, TryNestsInANativeCall) {
  static ExceptionTest* test;
  static std::string inner;
  test = this;
  Define("nested", [](CleatCall* call) {
    inner = test->TryRun("throw 'inner'").value;
    cleat__return_int32(call, 5);
  });
  EXPECT_EQ(Number("try { nested() + 1 } catch { -1 }"), 6);
  EXPECT_EQ(inner, "inner");
  EXPECT_EQ(TryRun("nested(); throw 'outer'").value, "outer");
}

TEST_F(ExceptionTest, WhatCThrewIsGoneAfterANestedTry) {
  static ExceptionTest* test;
  test = this;
  Define("nested", [](CleatCall* call) {
    CleatEngine* engine = cleat__call_engine(call);
    EXPECT_TRUE(test->Try([&] { cleat__throw(engine, cleat__null(engine)); }).happened);
  });
  EXPECT_EQ(Text("try { String(nested()) } catch (e) { 'caught ' + e }"), "undefined");
}

TEST_F(ExceptionTest, EachKindOfErrorIsMade) {
  const struct {
    CleatThrowKind kind;
    const char* text;
  } kinds[] = {{CLEAT_THROW_ERROR, "Error: \xC3\xA9"},
               {CLEAT_THROW_TYPE_ERROR, "TypeError: \xC3\xA9"},
               {CLEAT_THROW_RANGE_ERROR, "RangeError: \xC3\xA9"},
               {CLEAT_THROW_SYNTAX_ERROR, "SyntaxError: \xC3\xA9"},
               {CLEAT_THROW_REFERENCE_ERROR, "ReferenceError: \xC3\xA9"}};
  for (const auto& kind : kinds) {
    CleatValue* error = cleat__new_error(engine, kind.kind, CLEAT_STRING("\xC3\xA9"));
    EXPECT_TRUE(cleat__is_error(error));
    EXPECT_EQ(TextOf(error), kind.text);
  }
  EXPECT_EQ(TextOf(cleat__new_error(engine, CLEAT_THROW_ERROR, CleatString{nullptr, 0})), "Error");
  std::string huge(1 << 20, 'x');
  EXPECT_TRUE(cleat__is_error(cleat__new_error(engine, CLEAT_THROW_ERROR, CleatString{huge.data(), huge.size()})));
}

TEST_F(ExceptionTest, SyntaxErrorsAreToldFromThrownOnes) {
  bool compiled = true;
  auto run = [&](const std::string& source) {
    return Try([&] { cleat__run_script(engine, source.data(), source.size(), "file.js", 10, &compiled); });
  };
  Caught caught = run("\nlet = = 1");
  EXPECT_FALSE(compiled);
  EXPECT_EQ(caught.value, "SyntaxError: Unexpected token '='");
  EXPECT_EQ(caught.script, "file.js");
  EXPECT_EQ(caught.line, 11u);
  EXPECT_EQ(caught.column, 7u);
  EXPECT_EQ(caught.source_line, "let = = 1");
  caught = run("eval('let = =')");
  EXPECT_TRUE(compiled);
  EXPECT_EQ(caught.value, "SyntaxError: Unexpected token '='");
  EXPECT_FALSE(run("1").happened);
  EXPECT_TRUE(compiled);
}

TEST_F(ExceptionTest, ScriptsGiveTheirCompletionValueAndKeepUnicode) {
  EXPECT_EQ(Text("'\xF0\x9F\x98\x80' + '\xC3\xA9'.length"),
            "\xF0\x9F\x98\x80"
            "1");
  EXPECT_EQ(Text(""), "undefined");
  EXPECT_EQ(Text("var x = 3; if (x) 'then'"), "then");
}

TEST_F(ExceptionTest, AGetterNamedStackIsNotRun) {
  Caught caught =
      TryRun("e = new Error('m'); Object.defineProperty(e, 'stack', { get() { ran = 1; return 's' } }); throw e");
  EXPECT_EQ(caught.stack, "NULL");
  EXPECT_EQ(Text("typeof ran"), "undefined");
}

TEST_F(ExceptionTest, StackIsReadOfErrorsWithGettersAndOverriddenStacks) {
  EXPECT_NE(
      TryRun("class E extends Error { get name() { return 'Mine' } }\nthrow new E('m')").stack.find("at test.js:2:7"),
      std::string::npos);
  EXPECT_EQ(TryRun("e = new Error; e.stack = 'own'; throw e").stack, "own");
  EXPECT_EQ(TryRun("e = new Error; e.stack = 7; throw e").stack, "NULL");
  EXPECT_EQ(TryRun("Error.prepareStackTrace = () => { throw 'again' }; throw new Error('m')").value, "Error: m");
  EXPECT_EQ(Text("delete Error.prepareStackTrace; Object.prototype.value = 'polluted'"), "polluted");
  EXPECT_EQ(TryRun("e = new Error; delete e.stack; throw e").stack, "NULL");
}

TEST_F(ExceptionTest, AStackThatHangsIsTerminatedToo) {
  Define("stop", [](CleatCall* call) { cleat__terminate(cleat__call_engine(call)); });
  Caught caught = TryRun("Error.prepareStackTrace = () => { stop(); for (;;) {} }; throw new Error('m')");
  EXPECT_EQ(caught.stack, "NULL");
  EXPECT_TRUE(cleat__is_terminating(engine));
  cleat__cancel_termination(engine);
  EXPECT_EQ(Number("1"), 1);
}

TEST_F(ExceptionTest, FramesOfAnErrorAreCounted) {
  CleatStackFrame frames[2] = {};
  CleatValue* error = Run("function inner() {\n  return new Error }\nfunction outer() { return inner() }\nouter()");
  ASSERT_EQ(cleat__stack_frames(engine, error, frames, 2), 3u);
  EXPECT_EQ(TextOf(frames[0].function), "inner");
  EXPECT_EQ(TextOf(frames[0].script), "test.js");
  EXPECT_EQ(frames[0].line, 2u);
  EXPECT_EQ(frames[0].column, 10u);
  EXPECT_EQ(TextOf(frames[1].function), "outer");
  EXPECT_EQ(cleat__stack_frames(engine, cleat__object(engine), frames, 2), 0u);
  EXPECT_EQ(cleat__stack_frames(engine, cleat__null(engine), frames, 2), 0u);
}

TEST_F(ExceptionTest, CurrentStackIsThatOfTheCaller) {
  static std::string stack;
  EXPECT_EQ(TextOf(cleat__current_stack(engine)), "");
  Define("here", [](CleatCall* call) {
    stack = TextOf(cleat__call_engine(call), cleat__current_stack(cleat__call_engine(call)));
  });
  Run("function f() { here() }\n\nf()");
  EXPECT_EQ(stack, "    at f (test.js:1:16)\n    at test.js:3:1");
}

void Promising(CleatCall* call) {
  cleat__try_promising(call, [](CleatCall* call) {
    CleatEngine* engine = cleat__call_engine(call);
    CleatValue* argument = cleat__arg(call, 0);
    if (cleat__is_undefined(argument)) return cleat__return_int32(call, 8);
    if (cleat__is_function(argument)) {
      cleat__call(engine, argument, nullptr, 0, nullptr);
      return;
    }
    cleat__throw(engine, argument);
  });
}

TEST_F(ExceptionTest, PromisingTurnsExceptionsIntoRejections) {
  Define("f", Promising);
  EXPECT_EQ(Number("f()"), 8);
  EXPECT_TRUE(True("f('x') instanceof Promise"));
  ASSERT_EQ(host.rejections.size(), 1u);
  EXPECT_EQ(host.rejections[0], "rejected x");
  Run("f(() => { throw 'deep' }).catch(e => { seen = e })");
  cleat__run_microtasks(engine);
  EXPECT_EQ(Text("seen"), "deep");
}

TEST_F(ExceptionTest, PromisingPassesTerminationsOn) {
  Define("f", Promising);
  Define("stop", [](CleatCall* call) { cleat__terminate(cleat__call_engine(call)); });
  EXPECT_TRUE(TryRun("f(() => { stop(); for (;;) {} }); after = 1").terminated);
  cleat__cancel_termination(engine);
  EXPECT_EQ(Text("typeof after"), "undefined");
  EXPECT_EQ(host.rejections.size(), 0u);
}

}  // namespace
