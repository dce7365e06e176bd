// CleatData: building, reading, freeing; and copies to and from values.
#include <cmath>
#include <limits>

#include "cleat/bind.h"
#include "core_test.h"

namespace {

// A node that is freed at the end.
class Data {
 public:
  explicit Data(CleatData* data) : data_(data) {}
  Data(const Data&) = delete;
  ~Data() { cleat_data_free(data_); }
  operator CleatData*() const { return data_; }

 private:
  CleatData* data_;
};

CleatData* String(const char* text) { return cleat_data_new_string(text, strlen(text)); }

// READING

TEST(Data, NullIsReadAsUndefined) {
  EXPECT_EQ(cleat_data_kind(nullptr), CLEAT_DATA_UNDEFINED);
  EXPECT_FALSE(cleat_data_boolean(nullptr));
  EXPECT_TRUE(std::isnan(cleat_data_number(nullptr)));
  EXPECT_EQ(cleat_data_length(nullptr), 0u);
  EXPECT_EQ(cleat_data_at(nullptr, 0), nullptr);
  EXPECT_EQ(cleat_data_get(nullptr, "x"), nullptr);
  EXPECT_EQ(cleat_data_string(nullptr).data, nullptr);
  cleat_data_free(nullptr);
}

TEST(Data, ReadersOfAnotherKindSaySo) {
  Data number(cleat_data_new_number(1));
  EXPECT_FALSE(cleat_data_boolean(number));
  EXPECT_EQ(cleat_data_string(number).data, nullptr);
  EXPECT_EQ(cleat_data_bytes(number, nullptr, nullptr), nullptr);
  EXPECT_EQ(cleat_data_key(number, 0), nullptr);
  Data text(String("x"));
  EXPECT_TRUE(std::isnan(cleat_data_number(text)));
}

TEST(Data, IntegersAreExactOrRefused) {
  int64_t out = 99;
  auto integer = [&](CleatData* data) {
    Data owner(data);
    return cleat_data_int64(owner, &out);
  };
  EXPECT_TRUE(integer(cleat_data_new_number(-5)) && out == -5);
  EXPECT_TRUE(integer(cleat_data_new_number(9007199254740991.0)) && out == 9007199254740991);
  EXPECT_FALSE(integer(cleat_data_new_number(9007199254740992.0)));
  EXPECT_FALSE(integer(cleat_data_new_number(0.5)));
  EXPECT_FALSE(integer(cleat_data_new_number(-0.0)));
  EXPECT_FALSE(integer(cleat_data_new_number(NAN)));
  EXPECT_FALSE(integer(cleat_data_new_number(INFINITY)));
  EXPECT_FALSE(integer(String("1")));
  EXPECT_TRUE(integer(cleat_data_new_int64(INT64_MIN)) && out == INT64_MIN);
  EXPECT_TRUE(integer(cleat_data_new_int64(INT64_MAX)) && out == INT64_MAX);
  uint64_t words[] = {UINT64_C(1) << 63};
  EXPECT_FALSE(integer(cleat_data_new_bigint(false, words, 1)));
}

TEST(Data, Int64IsANumberWhereThatIsExact) {
  Data small(cleat_data_new_int64(-9007199254740991));
  Data large(cleat_data_new_int64(9007199254740992));
  EXPECT_EQ(cleat_data_kind(small), CLEAT_DATA_NUMBER);
  EXPECT_EQ(cleat_data_kind(large), CLEAT_DATA_BIGINT);
}

TEST(Data, BytesAreNeverNull) {
  Data empty(cleat_data_new_bytes(CLEAT_BYTES_UINT8, nullptr, 0));
  size_t length = 9;
  EXPECT_NE(cleat_data_bytes(empty, &length, nullptr), nullptr);
  EXPECT_EQ(length, 0u);
}

// BUILDING

TEST(Data, StringsEndWithANul) {
  Data text(cleat_data_new_string("a\0b", 3));
  EXPECT_EQ(cleat_data_string(text).length, 3u);
  EXPECT_EQ(cleat_data_string(text).data[3], 0);
}

TEST(Data, ObjectsKeepTheOrderOfTheirKeys) {
  Data object(cleat_data_new_object());
  EXPECT_TRUE(cleat_data_set(object, "b", cleat_data_new_number(1)));
  EXPECT_TRUE(cleat_data_set(object, "a", cleat_data_new_number(2)));
  EXPECT_TRUE(cleat_data_set(object, "b", cleat_data_new_number(3)));
  ASSERT_EQ(cleat_data_length(object), 2u);
  EXPECT_EQ(Text(cleat_data_string(cleat_data_key(object, 0))), "b");
  EXPECT_EQ(cleat_data_number(cleat_data_at(object, 0)), 3);
  EXPECT_EQ(cleat_data_number(cleat_data_get(object, "a")), 2);
  EXPECT_EQ(cleat_data_get(object, "c"), nullptr);
}

TEST(Data, MapsTakeAnyKey) {
  Data map(cleat_data_new_map());
  EXPECT_TRUE(cleat_data_put(map, cleat_data_new_array(), cleat_data_new_null()));
  EXPECT_EQ(cleat_data_kind(cleat_data_key(map, 0)), CLEAT_DATA_ARRAY);
  EXPECT_EQ(cleat_data_kind(cleat_data_at(map, 0)), CLEAT_DATA_NULL);
}

TEST(Data, PuttingIntoTheWrongKindFreesWhatWasGiven) {
  Data number(cleat_data_new_number(1));
  EXPECT_FALSE(cleat_data_push(number, cleat_data_new_array()));
  EXPECT_FALSE(cleat_data_set(number, "x", cleat_data_new_array()));
  EXPECT_FALSE(cleat_data_put(number, cleat_data_new_array(), cleat_data_new_array()));
  EXPECT_FALSE(cleat_data_push(nullptr, cleat_data_new_array()));
}

TEST(Data, PuttingNullFails) {
  Data array(cleat_data_new_array());
  Data map(cleat_data_new_map());
  EXPECT_FALSE(cleat_data_push(array, nullptr));
  EXPECT_FALSE(cleat_data_put(map, nullptr, cleat_data_new_null()));
  EXPECT_FALSE(cleat_data_put(map, cleat_data_new_null(), nullptr));
  EXPECT_EQ(cleat_data_length(map), 0u);
}

TEST(Data, WhatBelongsToAGraphCannotBeGivenAgain) {
  Data array(cleat_data_new_array());
  CleatData* inner = cleat_data_new_array();
  EXPECT_TRUE(cleat_data_push(array, inner));
  EXPECT_FALSE(cleat_data_push(array, inner));
  EXPECT_FALSE(cleat_data_push(array, array));
  EXPECT_FALSE(cleat_data_push(inner, array));
  EXPECT_TRUE(cleat_data_push(inner, cleat_data_new_null()));
  EXPECT_EQ(cleat_data_length(array), 1u);
}

TEST(Data, AMillionLevelsAreFreedWithoutRecursion) {
  CleatData* data = cleat_data_new_array();
  for (int i = 0; i < 1000000; i++) {
    CleatData* outer = cleat_data_new_array();
    ASSERT_TRUE(cleat_data_push(outer, data));
    data = outer;
  }
  cleat_data_free(data);
}

TEST(DataDeathTest, FreeingAPartOfAGraphIsMisuse) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Data array(cleat_data_new_array());
  CleatData* inner = cleat_data_new_array();
  cleat_data_push(array, inner);
  EXPECT_DEATH(cleat_data_free(inner), "^cleat: cleat_data_free: the node belongs to a root, which frees it");
}

// COPIES OF VALUES

class CopyTest : public testing::Test {
 protected:
  // The message of the error that `source` cannot be copied with.
  std::string Problem(const char* source) {
    Result result(runtime_.Eval(source));
    EXPECT_NE(result.error(), nullptr);
    return result.message();
  }
  // Copies the value of `source` out and in again as `it`, and evaluates `check` on it.
  std::string RoundTrip(const char* source, const char* check) {
    Result out(runtime_.Eval(source));
    EXPECT_EQ(out.error(), nullptr) << out.text();
    runtime_.OnThread(
        [&](CleatEnv* env) { cleat_set(env, cleat_global(env), "it", cleat_from_data(env, out.value())); });
    Result result(runtime_.Eval((std::string("String(") + check + ")").c_str()));
    return result.error() != nullptr ? result.text() : result.string();
  }
  Runtime runtime_;
};

TEST_F(CopyTest, Primitives) {
  EXPECT_EQ(cleat_data_kind(Result(runtime_.Eval("null")).value()), CLEAT_DATA_NULL);
  EXPECT_TRUE(cleat_data_boolean(Result(runtime_.Eval("true")).value()));
  EXPECT_TRUE(std::signbit(Result(runtime_.Eval("-0")).number()));
  EXPECT_TRUE(std::isnan(Result(runtime_.Eval("NaN")).number()));
}

TEST_F(CopyTest, BigIntsOfAnySize) {
  Result result(runtime_.Eval("-(2n ** 100n)"));
  size_t count;
  bool negative;
  const uint64_t* words = cleat_data_bigint(result.value(), &count, &negative);
  ASSERT_EQ(count, 2u);
  EXPECT_TRUE(negative);
  EXPECT_EQ(words[0], 0u);
  EXPECT_EQ(words[1], UINT64_C(1) << 36);
  EXPECT_EQ(RoundTrip("[2n ** 4000n, 0n, -1n]", "it[0] === 2n ** 4000n && it[1] === 0n && it[2] === -1n"), "true");
}

TEST_F(CopyTest, StringsKeepLoneSurrogatesAndNuls) {
  EXPECT_EQ(Result(runtime_.Eval("'a\\0b'")).string(), std::string("a\0b", 3));
  EXPECT_EQ(Result(runtime_.Eval("'\\ud800'")).string(), "\xED\xA0\x80");
  EXPECT_EQ(Result(runtime_.Eval("'\xC3\xA4\xF0\x9F\x98\x80'")).string(), "\xC3\xA4\xF0\x9F\x98\x80");
  EXPECT_EQ(RoundTrip("'\\ud800x\\udc00'", "it === '\\ud800x\\udc00'"), "true");
}

TEST_F(CopyTest, ArraysKeepHoles) {
  Result result(runtime_.Eval("[1, , undefined]"));
  ASSERT_EQ(cleat_data_length(result.value()), 3u);
  EXPECT_EQ(cleat_data_kind(cleat_data_at(result.value(), 1)), CLEAT_DATA_HOLE);
  EXPECT_EQ(cleat_data_kind(cleat_data_at(result.value(), 2)), CLEAT_DATA_UNDEFINED);
  EXPECT_EQ(RoundTrip("[1, , undefined]", "it.length + ' ' + (1 in it) + ' ' + (2 in it)"), "3 false true");
}

TEST_F(CopyTest, ObjectsKeepOrderAndOddKeys) {
  EXPECT_EQ(RoundTrip("({ b: 1, a: 2, ['__proto__']: 3, '': 4 })", "JSON.stringify(it)"),
            "{\"b\":1,\"a\":2,\"__proto__\":3,\"\":4}");
}

TEST_F(CopyTest, MapsAndSets) {
  EXPECT_EQ(
      RoundTrip("new Map([[{ k: 1 }, new Set([1, 'x'])], ['y', 2]])",
                "it instanceof Map && [...it.keys()][0].k === 1 && [...it.values()][0].has('x') && it.get('y') === 2"),
      "true");
}

TEST_F(CopyTest, DatesAndInvalidDates) {
  EXPECT_EQ(Result(runtime_.Eval("new Date(5)")).number(), 5);
  EXPECT_EQ(RoundTrip("[new Date(8), new Date(NaN)]", "it[0].getTime() + ' ' + it[1].getTime()"), "8 NaN");
}

TEST_F(CopyTest, RegExps) {
  Result result(runtime_.Eval("/a[b/]+/gi"));
  EXPECT_EQ(Text(cleat_data_string(result.value())), "a[b/]+");
  EXPECT_EQ(Text(cleat_data_name(result.value())), "gi");
  EXPECT_EQ(RoundTrip("/a[b/]+/gi", "it"), "/a[b/]+/gi");
}

TEST_F(CopyTest, BytesWithTheirKind) {
  Result result(runtime_.Eval("new Uint16Array([1, 258]).subarray(1)"));
  size_t length;
  CleatBytesKind kind;
  const uint8_t* bytes = cleat_data_bytes(result.value(), &length, &kind);
  ASSERT_EQ(length, 2u);
  EXPECT_EQ(kind, CLEAT_BYTES_UINT16);
  EXPECT_EQ(bytes[0], 2);
  EXPECT_EQ(bytes[1], 1);
  EXPECT_EQ(
      RoundTrip(
          "[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,"
          " Float64Array, BigInt64Array, BigUint64Array].map((T) => new T(2))",
          "it.every((a) => a.length === 2) && it.map((a) => a.constructor.name).join()"),
      "Int8Array,Uint8Array,Uint8ClampedArray,Int16Array,Uint16Array,Int32Array,Uint32Array,Float32Array,Float64Array,"
      "BigInt64Array,BigUint64Array");
  EXPECT_EQ(RoundTrip("[new ArrayBuffer(3), new DataView(new ArrayBuffer(4)), new SharedArrayBuffer(5)]",
                      "it[0].byteLength + it[1].constructor.name + it[2].constructor.name"),
            "3DataViewArrayBuffer");
}

TEST_F(CopyTest, ErrorsWithCauseAndAggregatedErrors) {
  Result result(runtime_.Eval("new AggregateError([new TypeError('one'), 2], 'all', { cause: 'why' })"));
  const CleatData* error = result.value();
  EXPECT_EQ(cleat_data_kind(error), CLEAT_DATA_ERROR);
  EXPECT_EQ(Text(cleat_data_name(error)), "AggregateError");
  EXPECT_EQ(Text(cleat_data_string(error)), "all");
  EXPECT_EQ(Text(cleat_data_stack(error)).substr(0, 19), "AggregateError: all");
  ASSERT_EQ(cleat_data_length(error), 2u);
  EXPECT_EQ(Text(cleat_data_name(cleat_data_at(error, 0))), "TypeError");
  EXPECT_EQ(Text(cleat_data_string(cleat_data_get(error, "cause"))), "why");
  EXPECT_EQ(RoundTrip("new AggregateError([new TypeError('one'), 2], 'all', { cause: 'why' })",
                      "it instanceof Error && it.name + it.message + it.errors[0].message + it.errors[1] + it.cause"),
            "AggregateErrorallone2why");
  EXPECT_EQ(RoundTrip("new RangeError('r')", "it instanceof RangeError && it.message + Object.keys(it).length"), "r0");
}

TEST_F(CopyTest, CyclesAndSharedPartsSurvive) {
  EXPECT_EQ(RoundTrip("{ const a = { list: [] }; a.list.push(a, a.list); a.m = new Map([[a, a]]); a }",
                      "it.list[0] === it && it.list[1] === it.list && it.m.get(it) === it"),
            "true");
  EXPECT_EQ(RoundTrip("{ const s = { x: 1 }; [s, s, new Set([s])] }", "it[0] === it[1] && it[2].has(it[0])"), "true");
  EXPECT_EQ(RoundTrip("{ const e = new Error('e'); e.cause = e; e }", "it.cause === it"), "true");
}

TEST_F(CopyTest, ManyObjectsAreToldApart) {
  EXPECT_EQ(RoundTrip("Array.from({ length: 20000 }, (_, i) => ({ i }))", "it.every((o, i) => o.i === i)"), "true");
}

TEST_F(CopyTest, DeepNestingNeedsNoStack) {
  EXPECT_EQ(RoundTrip("{ let a = []; for (let i = 0; i < 200000; i++) a = [a]; a }",
                      "(() => { let n = 0; while (it.length) { it = it[0]; n++ } return n })()"),
            "200000");
}

TEST_F(CopyTest, TooDeepNestingIsARangeError) {
  Result result(runtime_.Eval("{ let a = []; for (let i = 0; i < 1000001; i++) a = [a]; a }"));
  ASSERT_NE(result.error(), nullptr);
  EXPECT_EQ(Text(cleat_error_name(result.error())), "RangeError");
  EXPECT_NE(result.message().find("it is nested too deeply"), std::string::npos);
  EXPECT_LT(result.message().size(), 500u);
}

TEST_F(CopyTest, TooLargeACopyIsARangeError) {
  EXPECT_EQ(Problem("[new ArrayBuffer(2 ** 30 + 1)]"),
            "result[0] cannot be copied: the copy is larger than 1073741824 bytes");
}

TEST_F(CopyTest, WhatCannotTravelIsNamedByItsPath) {
  EXPECT_EQ(Problem("Symbol()"), "result cannot be copied: it is a symbol");
  EXPECT_EQ(Problem("({ items: [1, 2, 3, { owner: Symbol() }] })"),
            "result.items[3].owner cannot be copied: it is a symbol");
  EXPECT_EQ(Problem("({ 'a b': [Promise.resolve()] })"), "result[\"a b\"][0] cannot be copied: it is a promise");
  EXPECT_EQ(Problem("new Map([[1, 2], [3, Symbol()]])"), "result.<value 1> cannot be copied: it is a symbol");
  EXPECT_EQ(Problem("new Set([new WeakMap])"), "result.<value 0> cannot be copied: it is a WeakMap");
  EXPECT_EQ(Problem("new Error('e', { cause: Symbol() })"), "result.cause cannot be copied: it is a symbol");
  EXPECT_EQ(Problem("[[], {}, [[], new WeakRef({})]]"), "result[2][1] cannot be copied: it is a WeakRef");
}

TEST_F(CopyTest, KindsAreNotForgedByWhatObjectsSayOfThemselves) {
  const char* sources[] = {
      "({ [Symbol.toStringTag]: 'Date', getTime() { return 1 } })",
      "({ __proto__: Error.prototype, name: 'Error', message: 'm', stack: 's' })",
      "({ __proto__: Map.prototype, size: 1 })",
      "({ kind: 7, type: 'bytes', length: 1, __cleat: 'function' })",
      "({ __proto__: Uint8Array.prototype })",
      "new (class WeakMap {})",
      "({ then: 1, __proto__: Promise.prototype })",
  };
  for (const char* source : sources) {
    Result result(runtime_.Eval(source));
    EXPECT_EQ(cleat_data_kind(result.value()), CLEAT_DATA_OBJECT) << source << result.text();
  }
}

TEST_F(CopyTest, GettersThatThrowEndIt) {
  EXPECT_EQ(Problem("({ get x() { throw new Error('from the getter') } })"), "from the getter");
  EXPECT_EQ(Result(runtime_.Eval("({ get x() { return 5 } })")).error(), nullptr);
}

TEST_F(CopyTest, GettersThatChangeTheArrayAreHarmless) {
  Result result(runtime_.Eval(
      "{ const a = [1, 2, 3, 4]; Object.defineProperty(a, 0, { get() { a.length = 1; return 0 } }); a }"));
  EXPECT_EQ(cleat_data_length(result.value()), 4u);
  EXPECT_EQ(cleat_data_kind(cleat_data_at(result.value(), 3)), CLEAT_DATA_HOLE);
}

TEST_F(CopyTest, ProxiesAreCopiedByTheirTraps) {
  Result result(
      runtime_.Eval("new Proxy({}, { ownKeys: () => ['k'], getOwnPropertyDescriptor: () => ({ enumerable: true, "
                    "configurable: true }),"
                    " get: () => 'trapped' })"));
  EXPECT_EQ(Text(cleat_data_string(cleat_data_get(result.value(), "k"))), "trapped");
}

TEST_F(CopyTest, ToDataNamesItsRootValue) {
  runtime_.OnThread([](CleatEnv* env) {
    CleatValue* array = cleat_array(env);
    cleat_set_index(env, array, 0, cleat_run_script(env, "Symbol()", 8, "test.js", 0));
    EXPECT_EQ(cleat_to_data(env, array), nullptr);
  });
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"TypeError: value[0] cannot be copied: it is a symbol"});
}

TEST_F(CopyTest, GoesToAnotherRuntime) {
  Result result(runtime_.Eval("({ list: [1, 'two', 3n] })"));
  Runtime other;
  other.OnThread([&](CleatEnv* env) { cleat_set(env, cleat_global(env), "it", cleat_from_data(env, result.value())); });
  EXPECT_EQ(Result(other.Eval("it.list.join()")).string(), "1,two,3");
}

TEST_F(CopyTest, SettersOfPrototypesAreNotAsked) {
  Result(runtime_.Eval(
      "for (const index of [0, 1]) Object.defineProperty(Array.prototype, index, { set(value) { stolen = value; } });"
      "var stolen = 'nothing'"));
  EXPECT_EQ(RoundTrip("[1, [2], new AggregateError([3, 4])]", "[it[1][0], it[2].errors, stolen].join()"),
            "2,3,4,nothing");
}

// A stack is made when it is first read, by a function of the script.
TEST_F(CopyTest, WhatIsThrownWhileAStackIsMadeIsNotPending) {
  runtime_.OnThread([](CleatEnv* env) {
    CleatValue* thrower = cleat_function(
        env, "fail", 0, [](CleatCall* call) { cleat_throw_error(cleat_env(call), "not seen"); }, nullptr);
    cleat_set(env, cleat_global(env), "fail", thrower);
  });
  Result(runtime_.Eval("Error.prepareStackTrace = fail"));
  EXPECT_EQ(Problem("new Error('x', { cause: Symbol() })"), "result.cause cannot be copied: it is a symbol");
  EXPECT_EQ(RoundTrip("new Error('x')", "it.message"), "x");
}

TEST_F(CopyTest, TimeLimitHoldsWhereNoScriptRuns) {
  EXPECT_EQ(Result(runtime_.Eval("new Array(1e7)", 30)).kind(), CLEAT_ERROR_TIMEOUT);
  runtime_.OnThread([](CleatEnv* env) {
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.timeout_ms = 30;
    auto start = std::chrono::steady_clock::now();
    Result result(cleat_eval(cleat_runtime(env), "new Array(4294967295)", &options));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_TIMEOUT);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
    EXPECT_FALSE(cleat_failed(env));
  });
}

TEST_F(CopyTest, TimeLimitHoldsInGetters) {
  EXPECT_EQ(Result(runtime_.Eval("({ get x() { for (;;); } })", 30)).kind(), CLEAT_ERROR_TIMEOUT);
}

}  // namespace
