// CleatError: what it tells, and its text.
#include <cstring>

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
  Result self(runtime_.Eval("const e = new Error('me'); e.cause = e; throw e"));
  EXPECT_EQ(self.message(), "me");
  EXPECT_EQ(cleat_error_cause(self.error()), nullptr);
  Result pair(runtime_.Eval("{ const a = new Error('a'), b = new Error('b', { cause: a }); a.cause = b; throw a }"));
  const CleatError* cause = cleat_error_cause(pair.error());
  ASSERT_NE(cause, nullptr);
  EXPECT_EQ(Text(cleat_error_message(cause)), "b");
  EXPECT_EQ(cleat_error_cause(cause), nullptr);
}

TEST_F(ErrorTest, FollowsAggregatedErrors) {
  Result result(
      runtime_.Eval("Promise.any([Promise.reject(new TypeError('first')), Promise.reject('second'),"
                    "Promise.reject(new AggregateError([new Error('deep')], 'third'))])"));
  EXPECT_EQ(Text(cleat_error_name(result.error())), "AggregateError");
  ASSERT_EQ(cleat_error_aggregated_count(result.error()), 3u);
  EXPECT_EQ(Text(cleat_error_name(cleat_error_aggregated(result.error(), 0))), "TypeError");
  EXPECT_EQ(Text(cleat_error_message(cleat_error_aggregated(result.error(), 0))), "first");
  EXPECT_EQ(Text(cleat_error_message(cleat_error_aggregated(result.error(), 1))), "second");
  const CleatError* third = cleat_error_aggregated(result.error(), 2);
  ASSERT_EQ(cleat_error_aggregated_count(third), 1u);
  EXPECT_EQ(Text(cleat_error_message(cleat_error_aggregated(third, 0))), "deep");
  EXPECT_EQ(cleat_error_aggregated(result.error(), 3), nullptr);
  std::string text = result.text();
  EXPECT_NE(text.find("\nError 1 of 3: TypeError: first\n    at "), std::string::npos) << text;
  EXPECT_NE(text.find("\nError 2 of 3: Uncaught second"), std::string::npos) << text;
  EXPECT_NE(text.find("\nError 1 of 1: Error: deep"), std::string::npos) << text;
}

TEST_F(ErrorTest, AggregatedErrorsMayBeCyclicManyAndDeep) {
  Result cyclic(runtime_.Eval(
      "{ const e = new AggregateError([]); e.errors.push(e, new Error('other', { cause: e })); throw e }"));
  ASSERT_EQ(cleat_error_aggregated_count(cyclic.error()), 1u);
  EXPECT_EQ(cleat_error_cause(cleat_error_aggregated(cyclic.error(), 0)), nullptr);
  Result many(runtime_.Eval("throw new AggregateError(Array.from({ length: 100000 }, (_, i) => new Error(i)))"));
  EXPECT_EQ(cleat_error_aggregated_count(many.error()), 256u);
  Result wide(runtime_.Eval(
      "{ let e = new Error('x'); for (let i = 0; i < 50; i++) e = new AggregateError([e, e, e]); throw e }"));
  EXPECT_EQ(Text(cleat_error_name(wide.error())), "AggregateError");
  Result odd(runtime_.Eval(
      "var ran = 0; { const e = new AggregateError([1, , 3]); Object.defineProperty(e.errors, 0, { get() { ran++ } });"
      "throw e }"));
  EXPECT_EQ(cleat_error_aggregated_count(odd.error()), 2u) << "undefined, where there was none, and 3";
  EXPECT_EQ(Result(runtime_.Eval("ran")).number(), 0);
}

TEST_F(ErrorTest, ASourceUrlNamesTheScript) {
  Result result(runtime_.Eval("\n(function f() { throw new Error('m') })()\n//# sourceURL=https://host/made.js"));
  EXPECT_EQ(Text(cleat_error_script(result.error())), "https://host/made.js");
  EXPECT_EQ(Text(cleat_error_frame(result.error(), 0).script), "https://host/made.js");
  EXPECT_EQ(result.text().find("https://host/made.js:2:17: Error: m"), 0u) << result.text();
  Result inner(runtime_.Eval("eval('throw new Error(1)\\n//# sourceURL=inner.js')"));
  EXPECT_EQ(Text(cleat_error_script(inner.error())), "inner.js");
}

TEST_F(ErrorTest, TextsKeepNuls) {
  Result result(runtime_.Eval("throw new Error('a\\0b', { cause: 'c\\0d' })"));
  std::string text = result.text();
  EXPECT_NE(text.find(std::string("Error: a\0b", 10)), std::string::npos);
  EXPECT_NE(text.find(std::string("\n    at test.js:1:7", 18)), std::string::npos);
  EXPECT_NE(text.find(std::string("Uncaught c\0d", 12)), std::string::npos);
  EXPECT_EQ(cleat_error_text(result.error()).data[text.size()], 0);
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

TEST_F(ErrorTest, ScriptsWithoutANameHaveLinesAllTheSame) {
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.name = "";
  Result result(cleat_eval(runtime_, "\n throw new Error('m')", &options));
  EXPECT_EQ(Text(cleat_error_script(result.error())), "");
  EXPECT_EQ(cleat_error_line(result.error()), 2u);
}

// A compiler that puts each line of "made.js" into a file of its own, a hundred lines further down.
bool MapPosition(void* data, const CleatPosition* generated, CleatPosition* original) {
  static char script[100];
  ++*static_cast<std::atomic<int>*>(data);
  EXPECT_EQ(original->line, generated->line);
  if (Text(generated->script) != "made.js") return false;
  snprintf(script, sizeof(script), "part%u.ts", generated->line);
  original->script = {script, strlen(script)};
  original->line = generated->line + 100;
  original->column = generated->column + 10;
  original->source_line = CLEAT_STRING("  wherever: it was written, there it is");
  return true;
}

class MappedErrorTest : public ::testing::Test {
 protected:
  MappedErrorTest() {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.map_position = MapPosition;
    options.data = &calls_;
    options.uncaught = [](void*, const CleatError*) {};
    runtime_ = cleat_open(&options, nullptr);
  }
  ~MappedErrorTest() override { cleat_release(runtime_); }

  CleatResult Eval(const char* source, const char* name) {
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.name = name;
    return cleat_eval(runtime_, source, &options);
  }

  std::atomic<int> calls_{0};
  CleatRuntime* runtime_;
};

TEST_F(MappedErrorTest, PlaceFramesAndTextAreThoseThatTheHostSays) {
  Result(Eval("function f() {\nnew g }\nfunction g() { throw new TypeError('m') }", "made.js"));
  Result result(Eval("f()", "plain.js"));
  EXPECT_EQ(Text(cleat_error_script(result.error())), "part3.ts");
  EXPECT_EQ(cleat_error_line(result.error()), 103u);
  EXPECT_EQ(cleat_error_column(result.error()), 26u);
  EXPECT_EQ(Text(cleat_error_source_line(result.error())), "  wherever: it was written, there it is");
  CleatFrameInfo frame = cleat_error_frame(result.error(), 1);
  EXPECT_EQ(Text(frame.function) + " " + Text(frame.script) + ":" + std::to_string(frame.line) + ":" +
                std::to_string(frame.column),
            "f part2.ts:102:11");
  EXPECT_EQ(Text(cleat_error_frame(result.error(), 2).script), "plain.js");
  EXPECT_EQ(result.text(),
            "part3.ts:103:26: TypeError: m\n"
            "    wherever: it was written, there it is\n"
            "                           ^\n"
            "    at new g (part3.ts:103:32)\n"
            "    at f (part2.ts:102:11)\n"
            "    at plain.js:1:1");
}

TEST_F(MappedErrorTest, SyntaxErrorsCausesAndThrownValuesToo) {
  Result syntax(Eval("\n  let a let", "made.js"));
  EXPECT_EQ(syntax.kind(), CLEAT_ERROR_SYNTAX);
  EXPECT_EQ(Text(cleat_error_script(syntax.error())), "part2.ts");
  Result value(Eval("throw 7", "made.js"));
  EXPECT_EQ(Text(cleat_error_script(value.error())), "part1.ts");
  Result caused(Eval("\n\nthrow new Error('a', { cause: new AggregateError([new Error('c')], 'b') })", "made.js"));
  const CleatError* cause = cleat_error_cause(caused.error());
  EXPECT_EQ(Text(cleat_error_frame(cause, 0).script), "part3.ts");
  EXPECT_NE(Text(cleat_error_text(cause)).find("    at part3.ts:103:"), std::string::npos) << caused.text();
  EXPECT_NE(Text(cleat_error_text(cleat_error_aggregated(cause, 0))).find("    at part3.ts:103:"), std::string::npos);
}

TEST_F(MappedErrorTest, PlacesThatOnlyTheFramesKnowToo) {
  Result result(Eval("const e = new Error('m');\ne.stack;\nPromise.reject(e)", "made.js"));
  EXPECT_EQ(Text(cleat_error_script(result.error())), "part1.ts");
  EXPECT_EQ(cleat_error_line(result.error()), 101u);
  EXPECT_EQ(cleat_error_column(result.error()), 21u);
  EXPECT_EQ(Text(cleat_error_source_line(result.error())), "  wherever: it was written, there it is");
}

TEST_F(MappedErrorTest, StacksThatScriptsForgeAreOnlyText) {
  const char* forged[] = {"'Error: m\\n    at '",
                          "'Error: m\\n    at (made.js:1:1)'",
                          "'Error: m\\n    at :1:1'",
                          "'Error: m\\n    at f (made.js:1:99999999999999999999)'",
                          "'    at )'",
                          "'\\n\\n    at 1:1:1:1)'"};
  for (const char* stack : forged) {
    Result result(
        Eval((std::string("const e = new Error('m'); e.stack = ") + stack + "; throw e").c_str(), "plain.js"));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION) << stack;
    EXPECT_NE(result.text(), "");
  }
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

// LIMITS: what an error keeps is the host's memory, and no script's.

// The bytes of all strings of `error` and of what hangs on it.
size_t BytesOf(const CleatError* error) {
  if (error == nullptr) return 0;
  size_t bytes = cleat_error_name(error).length + cleat_error_message(error).length + cleat_error_stack(error).length +
                 cleat_error_script(error).length + cleat_error_source_line(error).length;
  for (size_t i = 0; i < cleat_error_frame_count(error); i++) {
    bytes += cleat_error_frame(error, i).function.length + cleat_error_frame(error, i).script.length;
  }
  for (size_t i = 0; i < cleat_error_aggregated_count(error); i++) bytes += BytesOf(cleat_error_aggregated(error, i));
  return bytes + BytesOf(cleat_error_cause(error));
}

TEST_F(ErrorTest, LongStringsAreCut) {
  Result message(runtime_.Eval("throw new Error('\\u{1f600}'.repeat(2 ** 20))"));
  EXPECT_EQ(message.message().size(), 1u << 20) << "in whole characters";
  EXPECT_EQ(Text(cleat_error_stack(message.error())).find("Error: \xF0\x9F\x98\x80"), 0u);
  EXPECT_LE(cleat_error_stack(message.error()).length, 1u << 20);
  Result names(
      runtime_.Eval("const n = 'x'.repeat(2 ** 16); ({ [n]() { throw new (class extends Error {})('deep') } })[n]()"));
  EXPECT_EQ(cleat_error_frame(names.error(), 0).function.length, 4096u);
  Result place(runtime_.Eval("/* a line */ throw new Error('short')"));
  EXPECT_EQ(Text(cleat_error_source_line(place.error())), "/* a line */ throw new Error('short')");
}

TEST_F(ErrorTest, ALineThatIsTooLongForThePlaceIsNotShown) {
  const std::string line = "/*" + std::string(2 << 20, '-') + "*/ throw new Error('far')";
  Result result(runtime_.Eval(line.c_str()));
  EXPECT_EQ(cleat_error_column(result.error()), line.size() - strlen("throw new Error('far')") + 1);
  EXPECT_LT(result.text().size(), 1000u);
  EXPECT_EQ(result.text().find("---"), std::string::npos);
}

TEST_F(ErrorTest, ManyErrorsWithLongStringsTakeNeitherMemoryNorTime) {
  Result made(
      runtime_.Eval("const long = 'f'.repeat(2 ** 23);"
                    "function make(cause) { return Object.assign(new Error(long, { cause }), { stack: long }) }"
                    "let chain; for (let i = 0; i < 16; i++) chain = make(chain);"
                    "const all = Array.from({ length: 300 }, () => make()); 0"));
  auto started = std::chrono::steady_clock::now();
  Result result(runtime_.Eval("throw new AggregateError([chain, ...all], long)"));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION);
  EXPECT_EQ(result.message().size(), 1u << 20);
  EXPECT_GT(cleat_error_aggregated_count(result.error()), 200u) << "none is left out for that";
  EXPECT_LE(BytesOf(result.error()), 8u << 20);
  EXPECT_LE(result.text().size(), 16u << 20);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(10));
}

}  // namespace
