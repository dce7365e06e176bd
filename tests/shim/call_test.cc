// Calls both ways.

#include "fixture.h"

namespace {

using CallTest = ShimTest;

TEST_F(CallTest, JavaScriptFunctionsAreCalled) {
  CleatValue* arguments[] = {cleat__number(engine, 2), cleat__number(engine, 3)};
  EXPECT_EQ(TextOf(cleat__call(engine, Run("(a, b) => a * b"), nullptr, 2, arguments)), "6");
  EXPECT_EQ(TextOf(cleat__call(engine, Run("(function () { 'use strict'; return typeof this })"), nullptr, 0, nullptr)),
            "undefined");
  EXPECT_EQ(
      TextOf(cleat__call(engine, Run("(function () { 'use strict'; return this + 1 })"), arguments[0], 0, nullptr)),
      "3");
  EXPECT_EQ(TextOf(cleat__call(engine, Run("new Proxy(() => 'through', {})"), nullptr, 0, nullptr)), "through");
}

TEST_F(CallTest, CallsFailByExceptions) {
  EXPECT_EQ(
      Try([&] { EXPECT_EQ(cleat__call(engine, Run("() => { throw 'no' }"), nullptr, 0, nullptr), nullptr); }).value,
      "no");
  for (const char* source : {"1", "undefined", "({})", "'f'"}) {
    EXPECT_EQ(
        Try([&] { EXPECT_EQ(cleat__call(engine, Run(source), nullptr, 0, nullptr), nullptr); }).value.substr(0, 9),
        "TypeError");
    EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__construct(engine, Run(source), 0, nullptr), nullptr); }).value.substr(0, 9),
              "TypeError");
  }
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__construct(engine, Run("() => 1"), 0, nullptr), nullptr); }).value.substr(0, 9),
            "TypeError");
  std::vector<CleatValue*> many(100000, cleat__null(engine));
  EXPECT_EQ(Try([&] {
              EXPECT_EQ(cleat__call(engine, Run("() => 1"), nullptr, many.size(), many.data()), nullptr);
            }).value.substr(0, 10),
            "RangeError");
  EXPECT_EQ(TextOf(cleat__call(engine, Run("(...a) => a.length"), nullptr, 30000, many.data())), "30000");
}

TEST_F(CallTest, ConstructorsAreCalled) {
  CleatValue* argument = cleat__number(engine, 2);
  EXPECT_EQ(
      TextOf(cleat__construct(
          engine, Run("(class { constructor(x) { this.x = x } toString() { return 'x' + this.x } })"), 1, &argument)),
      "x2");
}

TEST_F(CallTest, NativeFunctionsHaveNameAndLengthAndNoConstruct) {
  static int data;
  static const void* seen;
  Define(
      "twice",
      [](CleatCall* call) {
        seen = cleat__call_data(call);
        cleat__return_double(call, 2 * cleat__number_value(cleat__arg(call, 0)));
      },
      &data, 1);
  EXPECT_EQ(Number("twice(4.25)"), 8.5);
  EXPECT_EQ(seen, &data);
  EXPECT_EQ(Text("twice.name + twice.length + ('prototype' in twice) + typeof twice"), "twice1falsefunction");
  EXPECT_EQ(TryRun("new twice(1)").value.substr(0, 9), "TypeError");
  Define("none", [](CleatCall* call) { EXPECT_EQ(cleat__call_data(call), nullptr); });
  EXPECT_EQ(Text("String(none())"), "undefined");
}

TEST_F(CallTest, AFunctionNameMayBeAnyText) {
  CleatValue* function = cleat__function(
      engine, "\xE2\x82\xAC", 0, [](CleatCall*) {}, nullptr);
  EXPECT_EQ(TextOf(cleat__get(engine, function, Key("name"))), "\xE2\x82\xAC");
}

TEST_F(CallTest, ACallTellsItsArgumentsAndReceiver) {
  static CallTest* test;
  static std::string seen;
  test = this;
  Define("f", [](CleatCall* call) {
    EXPECT_EQ(cleat__call_engine(call), test->engine);
    EXPECT_FALSE(cleat__is_construct_call(call));
    seen = std::to_string(cleat__arg_count(call));
    for (int i = -1; i < 4; i++) seen += " " + test->TextOf(cleat__arg(call, i));
    seen += " this " + test->TextOf(cleat__this(call));
  });
  Run("f.call('me', 1, undefined, 'x')");
  EXPECT_EQ(seen, "3 undefined 1 undefined x undefined this me");
}

TEST_F(CallTest, EveryResultComesBack) {
  static int which;
  Define("f", [](CleatCall* call) {
    switch (which) {
      case 0:
        return cleat__return_boolean(call, true);
      case 1:
        return cleat__return_int32(call, INT32_MIN);
      case 2:
        return cleat__return_uint32(call, UINT32_MAX);
      case 3:
        return cleat__return_double(call, -0.0);
      case 4:
        return cleat__return_null(call);
      case 5:
        return cleat__return(call, cleat__interned(cleat__call_engine(call), "text"));
      case 6:
        return cleat__return(call, nullptr);
      case 7:
        return cleat__return_double(call, 1e300);
    }
  });
  const char* expected[] = {"true", "-2147483648", "4294967295", "-Infinity", "null", "text", "undefined", "1e+300"};
  for (which = 0; which < 8; which++) EXPECT_EQ(Text(which == 3 ? "1 / f()" : "String(f())"), expected[which]);
}

TEST_F(CallTest, HotNativeCallsStayRight) {
  Define("add", [](CleatCall* call) {
    CleatValue* a = cleat__arg(call, 0);
    CleatValue* b = cleat__arg(call, 1);
    if (cleat__is_int32(a) && cleat__is_int32(b)) {
      return cleat__return_double(call, static_cast<double>(cleat__int32_value(a)) + cleat__int32_value(b));
    }
    CleatEngine* engine = cleat__call_engine(call);
    cleat__throw(engine, cleat__new_error(engine, CLEAT_THROW_TYPE_ERROR, CLEAT_STRING("integers")));
  });
  EXPECT_EQ(Text("let s = 0, failed = 0; for (let i = 0; i < 300000; i++) { try { s = add(s, i % 1000 ? 1 : 'x') } "
                 "catch { failed++ } } s + ' ' + failed"),
            "299700 300");
}

}  // namespace
