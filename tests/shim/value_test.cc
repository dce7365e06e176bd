// Values: numbers, BigInts, dates, regular expressions, and telling types apart.

#include <cmath>
#include <limits>
#include <vector>

#include "fixture.h"

namespace {

using ValueTest = ShimTest;

TEST_F(ValueTest, TypesAreToldApart) {
  const struct {
    const char* source;
    CleatType type;
  } cases[] = {{"undefined", CLEAT_TYPE_UNDEFINED},
               {"null", CLEAT_TYPE_NULL},
               {"true", CLEAT_TYPE_BOOLEAN},
               {"1", CLEAT_TYPE_NUMBER},
               {"1.5", CLEAT_TYPE_NUMBER},
               {"NaN", CLEAT_TYPE_NUMBER},
               {"1n", CLEAT_TYPE_BIGINT},
               {"''", CLEAT_TYPE_STRING},
               {"'x'", CLEAT_TYPE_STRING},
               {"Symbol()", CLEAT_TYPE_SYMBOL},
               {"({})", CLEAT_TYPE_OBJECT},
               {"[]", CLEAT_TYPE_OBJECT},
               {"() => 1", CLEAT_TYPE_OBJECT},
               {"Object(1)", CLEAT_TYPE_OBJECT},
               {"new Proxy({}, {})", CLEAT_TYPE_OBJECT},
               {"globalThis", CLEAT_TYPE_OBJECT}};
  for (const auto& one : cases) {
    EXPECT_EQ(cleat__type(Run(one.source)), one.type) << one.source;
    EXPECT_EQ(cleat__is_object(Run(one.source)), one.type == CLEAT_TYPE_OBJECT) << one.source;
    EXPECT_EQ(cleat__is_number(Run(one.source)), one.type == CLEAT_TYPE_NUMBER) << one.source;
    EXPECT_EQ(cleat__is_undefined(Run(one.source)), one.type == CLEAT_TYPE_UNDEFINED) << one.source;
    EXPECT_EQ(cleat__is_null_or_undefined(Run(one.source)),
              one.type == CLEAT_TYPE_UNDEFINED || one.type == CLEAT_TYPE_NULL)
        << one.source;
  }
}

// Whether V8 has them in a slot or in its heap, and whoever made the slot.
TEST_F(ValueTest, NumbersGoThereAndBackAlsoThroughTheCollector) {
  std::vector<double> numbers = {-0.0, 0.5, 2147483647, -2147483648.0, 1e300, -1e300};
  for (int i = -300; i <= 300; i++) numbers.push_back(i);
  std::vector<CleatValue*> values;
  std::vector<CleatHandle*> handles;
  for (double number : numbers) {
    values.push_back(cleat__number(engine, number));
    handles.push_back(cleat__handle_new(engine, values.back()));
  }
  CleatValue* array = cleat__array(engine, values.data(), values.size());
  cleat__collect_garbage(engine);
  for (size_t i = 0; i < numbers.size(); i++) {
    CleatValue* element = cleat__get_index(engine, array, static_cast<uint32_t>(i));
    for (CleatValue* value : {values[i], cleat__handle_value(engine, handles[i]), element}) {
      EXPECT_TRUE(cleat__is_number(value));
      EXPECT_EQ(cleat__number_value(value), numbers[i]);
      EXPECT_EQ(std::signbit(cleat__number_value(value)), std::signbit(numbers[i]));
    }
    cleat__handle_free(handles[i]);
  }
}

TEST_F(ValueTest, PredicatesHoldForTheirOwnKindOnly) {
  const struct {
    const char* source;
    bool (*is)(CleatValue*);
  } cases[] = {{"() => 1", cleat__is_function},
               {"[]", cleat__is_array},
               {"new TypeError", cleat__is_error},
               {"Promise.resolve()", cleat__is_promise},
               {"new ArrayBuffer(1)", cleat__is_array_buffer},
               {"new SharedArrayBuffer(1)", cleat__is_shared_array_buffer},
               {"new DataView(new ArrayBuffer(1))", cleat__is_view},
               {"new Date", cleat__is_date},
               {"new Map", cleat__is_map},
               {"new Set", cleat__is_set},
               {"/x/", cleat__is_regexp},
               {"new Proxy({}, {})", cleat__is_proxy}};
  for (const auto& value : cases) {
    for (const auto& predicate : cases) {
      EXPECT_EQ(predicate.is(Run(value.source)), predicate.is == value.is) << value.source << " " << predicate.source;
    }
    EXPECT_FALSE(value.is(Run("1")));
    EXPECT_FALSE(value.is(Run("Object.create([])")));
  }
  EXPECT_TRUE(cleat__is_function(Run("new Proxy(() => 1, {})")));
  EXPECT_TRUE(cleat__is_view(Run("new Float64Array(3)")));
  EXPECT_FALSE(cleat__is_error(Run("({ __proto__: Error.prototype })")));
}

TEST_F(ValueTest, IntegersAndDoublesKeepTheirValue) {
  for (double value : {0.0, -0.0, 1.0, -1.0, 1.5, 2147483647.0, -2147483648.0, 2147483648.0, 9007199254740993.0, 1e308,
                       std::numeric_limits<double>::infinity()}) {
    CleatValue* number = cleat__number(engine, value);
    EXPECT_EQ(cleat__number_value(number), value);
    EXPECT_EQ(std::signbit(cleat__number_value(number)), std::signbit(value));
    bool is_int32 = value >= -2147483648.0 && value <= 2147483647.0 && value == std::trunc(value) &&
                    !(value == 0 && std::signbit(value));
    EXPECT_EQ(cleat__is_int32(number), is_int32) << value;
    if (is_int32) {
      EXPECT_EQ(cleat__int32_value(number), static_cast<int32_t>(value));
    }
  }
  EXPECT_TRUE(std::isnan(cleat__number_value(cleat__number(engine, NAN))));
  CleatValue* boxed =
      Run("const doubles = new Float64Array(1); doubles[0] = 7; const o = { x: 1.5 }; o.x = doubles[0]; o.x");
  EXPECT_TRUE(cleat__is_int32(boxed));
  EXPECT_EQ(cleat__int32_value(boxed), 7);
  EXPECT_FALSE(cleat__is_int32(Run("'7'")));
}

TEST_F(ValueTest, SimpleValuesAreThemselves) {
  EXPECT_EQ(TextOf(cleat__undefined(engine)), "undefined");
  EXPECT_EQ(TextOf(cleat__null(engine)), "null");
  EXPECT_EQ(TextOf(cleat__boolean(engine, true)), "true");
  EXPECT_EQ(TextOf(cleat__boolean(engine, false)), "false");
  EXPECT_TRUE(cleat__strict_equals(cleat__global(engine), Run("globalThis")));
  EXPECT_TRUE(cleat__strict_equals(cleat__symbol_iterator(engine), Run("Symbol.iterator")));
  EXPECT_TRUE(cleat__strict_equals(cleat__symbol_to_string_tag(engine), Run("Symbol.toStringTag")));
}

TEST_F(ValueTest, StrictEqualsIsThatOfJavaScript) {
  EXPECT_TRUE(cleat__strict_equals(Run("'a' + 'b'"), Run("'ab'")));
  EXPECT_TRUE(cleat__strict_equals(Run("0"), Run("-0")));
  EXPECT_FALSE(cleat__strict_equals(Run("NaN"), Run("NaN")));
  EXPECT_FALSE(cleat__strict_equals(Run("({})"), Run("({})")));
  EXPECT_FALSE(cleat__strict_equals(Run("1"), Run("'1'")));
  EXPECT_TRUE(cleat__strict_equals(Run("10n ** 30n"), Run("10n ** 30n")));
}

TEST_F(ValueTest, BooleanIsToBoolean) {
  for (const char* source : {"''", "0", "NaN", "null", "undefined", "false", "0n"}) {
    EXPECT_FALSE(cleat__boolean_value(engine, Run(source))) << source;
  }
  for (const char* source : {"'0'", "1", "({})", "[]", "Symbol()", "1n", "true"}) {
    EXPECT_TRUE(cleat__boolean_value(engine, Run(source))) << source;
  }
}

TEST_F(ValueTest, ToNumberRunsValueOfAndThrows) {
  double number = 0;
  EXPECT_TRUE(cleat__to_number(engine, Run("({ valueOf() { return 3 } })"), &number));
  EXPECT_EQ(number, 3);
  EXPECT_TRUE(cleat__to_number(engine, Run("' 0x10 '"), &number));
  EXPECT_EQ(number, 16);
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__to_number(engine, Run("Symbol()"), &number)); }).value.substr(0, 9),
            "TypeError");
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__to_number(engine, Run("1n"), &number)); }).value.substr(0, 9), "TypeError");
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__to_number(engine, Run("({ valueOf() { throw 'no' } })"), &number)); }).value,
            "no");
}

TEST_F(ValueTest, ToStringRunsToStringAndThrows) {
  EXPECT_EQ(TextOf(cleat__to_string(engine, Run("({ toString() { return 'me' } })"))), "me");
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__to_string(engine, Run("Symbol()")), nullptr); }).value.substr(0, 9),
            "TypeError");
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__to_string(engine, Run("({ toString() { throw 'no' } })")), nullptr); }).value,
            "no");
}

TEST_F(ValueTest, BigIntsOfAnySizeTravel) {
  EXPECT_EQ(TextOf(cleat__bigint_int64(engine, INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(TextOf(cleat__bigint_uint64(engine, UINT64_MAX)), "18446744073709551615");
  const uint64_t words[] = {1, 0, 2};
  EXPECT_EQ(TextOf(cleat__bigint(engine, true, words, 3)), "-680564733841876926926749214863536422913");
  EXPECT_EQ(TextOf(cleat__bigint(engine, true, words, 0)), "0");
  uint64_t out[3] = {};
  bool negative = false;
  EXPECT_EQ(cleat__bigint_words(Run("-680564733841876926926749214863536422913n"), &negative, out, 3), 3u);
  EXPECT_TRUE(negative);
  EXPECT_EQ(out[0], 1u);
  EXPECT_EQ(out[1], 0u);
  EXPECT_EQ(out[2], 2u);
  EXPECT_EQ(cleat__bigint_words(Run("2n ** 130n"), &negative, out, 1), 3u);
  EXPECT_FALSE(negative);
  EXPECT_EQ(cleat__bigint_words(Run("0n"), &negative, nullptr, 0), 0u);
}

TEST_F(ValueTest, ABigIntThatIsTooBigIsARangeError) {
  std::vector<uint64_t> words((1 << 24) + 1, 1);
  EXPECT_EQ(
      Try([&] { EXPECT_EQ(cleat__bigint(engine, false, words.data(), words.size()), nullptr); }).value.substr(0, 10),
      "RangeError");
  EXPECT_EQ(
      Try([&] { EXPECT_EQ(cleat__bigint(engine, false, words.data(), size_t{1} << 32), nullptr); }).value.substr(0, 10),
      "RangeError");
}

TEST_F(ValueTest, DatesKeepTheirTime) {
  EXPECT_EQ(cleat__date_value(cleat__date(engine, 86400000)), 86400000);
  EXPECT_TRUE(std::isnan(cleat__date_value(cleat__date(engine, NAN))));
  EXPECT_TRUE(std::isnan(cleat__date_value(cleat__date(engine, 1e300))));
  EXPECT_EQ(cleat__date_value(Run("new Date(5)")), 5);
}

TEST_F(ValueTest, RegExpsKeepSourceAndFlags) {
  CleatValue* regexp = cleat__regexp(engine, String("a/b"), "ydigsmu");
  char flags[16];
  EXPECT_EQ(TextOf(cleat__regexp_source(engine, regexp, flags)), "a\\/b");
  EXPECT_STREQ(flags, "dgimsuy");
  EXPECT_EQ(TextOf(regexp), "/a\\/b/dgimsuy");
  EXPECT_EQ(TextOf(cleat__regexp_source(engine, Run("/x/"), flags)), "x");
  EXPECT_STREQ(flags, "");
}

TEST_F(ValueTest, AnInvalidRegExpIsASyntaxError) {
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__regexp(engine, String("("), ""), nullptr); }).value.substr(0, 11),
            "SyntaxError");
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__regexp(engine, String("x"), "gg"), nullptr); }).value.substr(0, 11),
            "SyntaxError");
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__regexp(engine, String("x"), "l"), nullptr); }).value.substr(0, 11),
            "SyntaxError");
}

}  // namespace
