// CleatError: what it tells, and its text.
#include "core_test.h"

namespace {

class ErrorTest : public testing::Test {
 protected:
  Runtime runtime_;
};

TEST_F(ErrorTest, TellsNameMessageAndPlace) {
  Result result(runtime_.Eval("1;\n  null.f"));
  const CleatError* error = result.error();
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(Text(cleat_error_name(error)), "TypeError");
  EXPECT_EQ(Text(cleat_error_message(error)), "Cannot read properties of null (reading 'f')");
  EXPECT_EQ(Text(cleat_error_script(error)), "test.js");
  EXPECT_EQ(cleat_error_line(error), 2u);
  EXPECT_EQ(cleat_error_column(error), 8u);
  EXPECT_EQ(Text(cleat_error_source_line(error)), "  null.f");
}

TEST_F(ErrorTest, TellsTheFramesInnermostFirst) {
  Result result(runtime_.Eval("function inner() { throw new Error('x') }\nfunction outer() { inner() }\nouter()"));
  const CleatError* error = result.error();
  ASSERT_EQ(cleat_error_frame_count(error), 3u);
  EXPECT_EQ(Text(cleat_error_frame(error, 0).function), "inner");
  EXPECT_EQ(Text(cleat_error_frame(error, 1).function), "outer");
  EXPECT_EQ(cleat_error_frame(error, 1).line, 2u);
  EXPECT_EQ(Text(cleat_error_frame(error, 2).script), "test.js");
  EXPECT_EQ(Text(cleat_error_frame(error, 3).function), "");
}

TEST_F(ErrorTest, NamesTheConstructorOfAClassOfItsOwn) {
  Result result(runtime_.Eval("class AppError extends Error {}; throw new AppError('mine')"));
  EXPECT_EQ(Text(cleat_error_name(result.error())), "AppError");
}

TEST_F(ErrorTest, FollowsCauses) {
  Result result(runtime_.Eval("throw new Error('outer', { cause: new RangeError('inner', { cause: 'root' }) })"));
  const CleatError* inner = cleat_error_cause(result.error());
  ASSERT_NE(inner, nullptr);
  EXPECT_EQ(Text(cleat_error_name(inner)), "RangeError");
  ASSERT_NE(cleat_error_cause(inner), nullptr);
  EXPECT_EQ(Text(cleat_error_message(cleat_error_cause(inner))), "root");
  EXPECT_EQ(cleat_error_cause(cleat_error_cause(inner)), nullptr);
}

TEST_F(ErrorTest, EndsAtCausesThatAreCyclic) {
  Result result(runtime_.Eval("const e = new Error('me'); e.cause = e; throw e"));
  EXPECT_EQ(result.message(), "me");
}

TEST_F(ErrorTest, DoesNotRunGettersOfTheError) {
  Result result(
      runtime_.Eval("var ran = 0; const e = new Error('m');"
                    "for (const k of ['message', 'name', 'cause', 'stack']) Object.defineProperty(e, k, { get() { "
                    "ran++; return 'x' } });"
                    "throw e"));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION);
  EXPECT_EQ(Text(cleat_error_name(result.error())), "Error");
}

TEST_F(ErrorTest, ValuesThatAreNoErrors) {
  EXPECT_EQ(Result(runtime_.Eval("throw 42")).message(), "42");
  EXPECT_EQ(Result(runtime_.Eval("throw 'text'")).message(), "text");
  EXPECT_EQ(Result(runtime_.Eval("throw undefined")).message(), "undefined");
  EXPECT_EQ(Result(runtime_.Eval("throw Symbol('s')")).message(), "Symbol(s)");
  EXPECT_EQ(Result(runtime_.Eval("throw { a: 1 }")).message(), "#<Object>");
}

TEST_F(ErrorTest, TextOfAnException) {
  Result result(runtime_.Eval("function f() {\n\tx.y()\n}\nf()"));
  EXPECT_EQ(result.text(),
            "test.js:2:2: ReferenceError: x is not defined\n"
            "  \tx.y()\n"
            "  \t^\n"
            "    at f (test.js:2:2)\n"
            "    at test.js:4:1");
}

TEST_F(ErrorTest, TextOfASyntaxError) {
  Result result(runtime_.Eval("let x = @"));
  EXPECT_EQ(result.text(), "test.js:1:9: SyntaxError: Invalid or unexpected token\n  let x = @\n          ^");
}

TEST_F(ErrorTest, TextOfAValueThatIsNoError) {
  EXPECT_EQ(Result(runtime_.Eval("throw 42")).text(), "test.js:1:1: Uncaught 42\n  throw 42\n  ^");
}

TEST_F(ErrorTest, TextWithACause) {
  Result result(runtime_.Eval("throw new Error('outer', { cause: new RangeError('inner') })"));
  EXPECT_EQ(result.text(),
            "test.js:1:1: Error: outer\n"
            "  throw new Error('outer', { cause: new RangeError('inner') })\n"
            "  ^\n"
            "    at test.js:1:7\n"
            "Caused by: RangeError: inner\n"
            "    at test.js:1:35");
}

TEST_F(ErrorTest, TextOfALongLineShowsThePartAroundThePlace) {
  std::string source = std::string(500, ' ') + "undefined.f;" + std::string(500, ';');
  std::string text = Result(runtime_.Eval(source.c_str())).text();
  EXPECT_LT(text.size(), 600u);
  EXPECT_NE(text.find("undefined.f;"), std::string::npos);
}

TEST_F(ErrorTest, TextPutsTheCaretBelowCharactersOfAnyLength) {
  Result result(runtime_.Eval("'\xC3\xA4\xF0\x9F\x98\x80'; x"));
  EXPECT_NE(result.text().find("\n  '\xC3\xA4\xF0\x9F\x98\x80'; x\n        ^"), std::string::npos) << result.text();
}

TEST_F(ErrorTest, TextOfOtherKinds) {
  EXPECT_EQ(Result(runtime_.Eval("for (;;);", 20)).text(), "timeout: the time limit of 20 ms has passed");
  EXPECT_EQ(Result(cleat_eval(runtime_, nullptr, nullptr)).text(), "bad argument: argument source: NULL");
  cleat_close(runtime_, CLEAT_CLOSE_DROP);
  EXPECT_EQ(Result(runtime_.Eval("1")).text(), "closed: the runtime is closed");
}

TEST_F(ErrorTest, OutlivesTheRuntime) {
  CleatResult result = runtime_.Eval("throw new Error('still here')");
  runtime_.Release();
  EXPECT_EQ(Text(cleat_error_message(result.error)), "still here");
  cleat_result_free(&result);
  cleat_result_free(&result);
  cleat_error_free(nullptr);
}

// cleat_try and throwing

TEST_F(ErrorTest, TryGivesNullWhenNothingIsThrown) {
  runtime_.OnThread([](CleatEnv* env) {
    EXPECT_EQ(cleat_try(
                  env, [](CleatEnv* env, void*) { cleat_object(env); }, nullptr),
              nullptr);
  });
}

TEST_F(ErrorTest, TryTakesTheException) {
  runtime_.OnThread([](CleatEnv* env) {
    CleatError* error = cleat_try(
        env, [](CleatEnv* env, void*) { cleat_throw_range(env, "%d too many", 3); }, nullptr);
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(Text(cleat_error_name(error)), "RangeError");
    EXPECT_EQ(Text(cleat_error_message(error)), "3 too many");
    EXPECT_FALSE(cleat_failed(env));
    cleat_error_free(error);
  });
  EXPECT_TRUE(runtime_.Uncaught().empty());
}

TEST_F(ErrorTest, TheFirstExceptionStays) {
  runtime_.OnThread([](CleatEnv* env) {
    cleat_throw_error(env, "first");
    cleat_throw_error(env, "second");
    cleat_throw_value(env, cleat_number(env, 3));
  });
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"Error: first"});
}

TEST_F(ErrorTest, FunctionsFailAtOnceWhileOneIsPending) {
  runtime_.OnThread([](CleatEnv* env) {
    CleatValue* object = cleat_object(env);
    cleat_throw_error(env, "pending");
    double number;
    bool has;
    CleatString string;
    EXPECT_EQ(cleat_get(env, object, "x"), nullptr);
    EXPECT_FALSE(cleat_set(env, object, "x", object));
    EXPECT_FALSE(cleat_has(env, object, "x", &has));
    EXPECT_EQ(cleat_string(env, CLEAT_STRING("s")), nullptr);
    EXPECT_FALSE(cleat_to_number(env, object, &number));
    EXPECT_FALSE(cleat_to_string(env, nullptr, &string));
    EXPECT_EQ(cleat_call(env, nullptr, nullptr, 0, nullptr), nullptr);
    EXPECT_EQ(cleat_allocate(env, 10), nullptr);
    EXPECT_EQ(cleat_to_data(env, nullptr), nullptr);
    EXPECT_EQ(cleat_from_data(env, nullptr), nullptr);
    EXPECT_EQ(cleat_try(
                  env, [](CleatEnv*, void*) { ADD_FAILURE() << "ran"; }, nullptr),
              nullptr);
    EXPECT_NE(cleat_number(env, 1), nullptr);
  });
}

TEST_F(ErrorTest, NullIsNotAValue) {
  runtime_.OnThread([](CleatEnv* env) { cleat_get(env, nullptr, "x"); });
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"TypeError: NULL is not a value"});
}

TEST_F(ErrorTest, ACallThatThrewAndWasCaughtByJavaScriptLeavesNothingPending) {
  runtime_.OnThread([](CleatEnv* env) {
    EXPECT_NE(cleat_run_script(env, "try { null.x } catch { 1 }", 26, "t", 0), nullptr);
    EXPECT_FALSE(cleat_failed(env));
  });
}

}  // namespace
