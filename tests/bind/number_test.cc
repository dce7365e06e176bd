// The conversions of numbers, against a table of the standard's results and against its algorithm written in
// JavaScript.
#include "bind_test.h"

namespace {

class NumberTest : public BindTest {};

// Web IDL "ConvertToInt", with BigInts in the place of the standard's mathematical values.
const char kOracle[] = R"(
  function integerPart(x) { return BigInt(Math.trunc(x)) }
  function oracle(V, bits, signed, mode) {
    let lower, upper;
    if (bits === 64) {
      upper = 2n ** 53n - 1n;
      lower = signed ? -(2n ** 53n) + 1n : 0n;
    } else if (signed) {
      lower = -(2n ** BigInt(bits - 1));
      upper = 2n ** BigInt(bits - 1) - 1n;
    } else {
      lower = 0n;
      upper = 2n ** BigInt(bits) - 1n;
    }
    let x = +V;
    if (Object.is(x, -0)) x = 0;
    if (mode === '_enforce_range') {
      if (!Number.isFinite(x)) throw new TypeError();
      const n = integerPart(x);
      if (n < lower || n > upper) throw new TypeError();
      return Number(n);
    }
    if (!Number.isNaN(x) && mode === '_clamp') {
      x = Math.min(Math.max(x, Number(lower)), Number(upper));
      const floor = Math.floor(x), rest = x - floor;
      if (rest === 0.5) return (floor % 2 === 0 ? floor : floor + 1) + 0;
      return (rest < 0.5 ? floor : floor + 1) + 0;
    }
    if (!Number.isFinite(x) || x === 0) return 0;
    const n = BigInt.asUintN(bits, integerPart(x));
    return Number(signed ? BigInt.asIntN(bits, n) : n);
  }
  const types = { byte: [8, true], octet: [8, false], short: [16, true], unsigned_short: [16, false], long: [32, true],
    unsigned_long: [32, false], long_long: [64, true], unsigned_long_long: [64, false] };
  const numbers = [NaN, 0, -0, Infinity, -Infinity, 1, -1, 0.4, 0.5, 0.6, 1.5, 2.5, 3.5, -0.4, -0.5, -0.6, -1.5, -2.5, 0.9,
    -0.9, 127, 127.5, 128, 128.5, -128, -128.5, -129, 254.5, 255, 255.5, 256, 32767, 32767.5, 32768, -32768, -32769, 65535,
    65535.5, 65536, 2147483647, 2147483647.5, 2147483648, -2147483648, -2147483649, 4294967295, 4294967295.5, 4294967296,
    4294967297, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 53) + 1, -(2 ** 53), 2 ** 63, -(2 ** 63), 2 ** 64, 2 ** 64 + 4096,
    -(2 ** 64), 1e20, -1e20, 1e300, -1e300, 5e-324, 1.7976931348623157e308];
  const others = ['12', ' 0x10 ', '', 'x', '-1.5', null, undefined, true, false, [], [7], [1, 2], {}, new Date(3),
    { valueOf() { return 300.7 } }, { valueOf() { return '5' } }, { toString() { return '-9' } }];
  const outcome = f => { try { const x = f(); return Object.is(x, -0) ? '-0' : String(x) } catch (e) { return e.name } };
)";

TEST_F(NumberTest, IntegersFollowTheStandardsAlgorithm) {
  Eval(kOracle);
  EXPECT_EQ(Eval(R"(
    let wrong = [], count = 0;
    for (const type in types) for (const mode of ['', '_clamp', '_enforce_range']) for (const how of ['as_', 'as_input_']) {
      const convert = globalThis[how + type + mode];
      for (const value of [...numbers, ...others]) {
        count++;
        const expected = outcome(() => oracle(value, ...types[type], mode)), got = outcome(() => convert(value));
        if (got !== expected) wrong.push(`${how}${type}${mode}(${String(value)}): ${got}, not ${expected}`);
      }
    }
    wrong.slice(0, 20).join('\n') + (count > 3000 ? '' : 'too few: ' + count))"),
            "");
}

struct Row {
  const char* call;
  const char* expected;
};

TEST_F(NumberTest, IntegersAreThoseOfTheTable) {
  const Row rows[] = {
      {"as_long(2 ** 31)", "-2147483648"},
      {"as_long(2 ** 32 + 1)", "1"},
      {"as_long(2 ** 32 - 1)", "-1"},
      {"as_long(-1)", "-1"},
      {"as_long(1e20)", "1661992960"},
      {"as_unsigned_long(-1)", "4294967295"},
      {"as_unsigned_long(1e20)", "1661992960"},
      {"as_octet(-1)", "255"},
      {"as_octet(256)", "0"},
      {"as_byte(200)", "-56"},
      {"as_byte(-129)", "127"},
      {"as_short(32768)", "-32768"},
      {"as_long_long(2 ** 53)", "9007199254740992"},
      {"as_long_long(2 ** 63)", "-9.2233720368547758e+18"},
      {"as_long_long(1e20)", "7.7662796314522419e+18"},
      {"as_unsigned_long_long(-1)", "1.8446744073709552e+19"},
      {"as_unsigned_long_long(2 ** 64)", "0"},
      {"as_unsigned_long_long(-(2 ** 53))", "1.8437736874454811e+19"},
      {"as_octet_clamp(0.5)", "0"},
      {"as_octet_clamp(1.5)", "2"},
      {"as_octet_clamp(2.5)", "2"},
      {"as_octet_clamp(254.5)", "254"},
      {"as_octet_clamp(300)", "255"},
      {"as_octet_clamp(NaN)", "0"},
      {"as_octet_clamp(-Infinity)", "0"},
      {"as_byte_clamp(-1.5)", "-2"},
      {"1 / as_byte_clamp(-0.5)", "inf"},
      {"as_long_long_clamp(1e20)", "9007199254740991"},
      {"as_octet_enforce_range(255.9)", "255"},
      {"as_octet_enforce_range(-0.9)", "0"},
      {"as_long_long_enforce_range(2 ** 53 - 1)", "9007199254740991"},
      {"as_octet_enforce_range(256)",
       "TypeError: Failed to execute 'as_octet_enforce_range': argument 1 is outside the range of type 'octet'."},
      {"as_long_long_enforce_range(2 ** 53)",
       "TypeError: Failed to execute 'as_long_long_enforce_range': argument 1 is outside the range of type 'long "
       "long'."},
      {"as_long_enforce_range(NaN)",
       "TypeError: Failed to execute 'as_long_enforce_range': argument 1 is not a finite number."},
      {"as_long()", "0"},
      {"as_long(1n)",
       "TypeError: Failed to execute 'as_long': argument 1 is a BigInt, which cannot be converted to a number."},
      {"as_long(Symbol())",
       "TypeError: Failed to execute 'as_long': argument 1 is a Symbol, which cannot be converted to a number."},
      {"as_long({ valueOf() { throw new RangeError('mine') } })", "RangeError: mine"},
  };
  for (const Row& row : rows) EXPECT_EQ(Eval(row.call), row.expected) << row.call;
}

TEST_F(NumberTest, FloatingPointNumbersAreThoseOfTheTable) {
  const Row rows[] = {
      {"as_double(1.1)", "1.1000000000000001"},
      {"Object.is(as_double(-0), -0)", "true"},
      {"as_double('1e3')", "1000"},
      {"as_double(NaN)", "TypeError: Failed to execute 'as_double': argument 1 is not a finite number."},
      {"as_double(-Infinity)", "TypeError: Failed to execute 'as_double': argument 1 is not a finite number."},
      {"as_double()", "TypeError: Failed to execute 'as_double': argument 1 is not a finite number."},
      {"as_double('x')", "TypeError: Failed to execute 'as_double': argument 1 is not a finite number."},
      {"as_double(1n)",
       "TypeError: Failed to execute 'as_double': argument 1 is a BigInt, which cannot be converted to a number."},
      {"as_double(Symbol())",
       "TypeError: Failed to execute 'as_double': argument 1 is a Symbol, which cannot be converted to a number."},
      {"String(as_unrestricted_double(NaN))", "NaN"},
      {"as_unrestricted_double(-Infinity)", "-inf"},
      {"as_float(1.1) === Math.fround(1.1)", "true"},
      {"as_float(3.4028234663852886e38)", "3.4028234663852886e+38"},
      // Halfway between the greatest float and 2^128: to even, which is 2^128.
      {"as_float(3.4028235677973366e38)",
       "TypeError: Failed to execute 'as_float': argument 1 is not a finite number."},
      {"as_float(3.4028235677973362e38)", "3.4028234663852886e+38"},
      {"as_float(-1e39)", "TypeError: Failed to execute 'as_float': argument 1 is not a finite number."},
      {"as_unrestricted_float(1e39)", "inf"},
      {"String(as_unrestricted_float(NaN))", "NaN"},
      {"as_float(1e-50)", "0"},
      {"Object.is(as_float(-1e-50), -0)", "true"},
  };
  for (const Row& row : rows) EXPECT_EQ(Eval(row.call), row.expected) << row.call;
}

TEST_F(NumberTest, ConversionsRunTheirSideEffectsOnceAndInOrder) {
  EXPECT_EQ(Eval("const log = []; const n = (name, x) => ({ valueOf() { log.push(name); return x } });"
                 "Maths.hypot(n('x', 3), n('y', 4)) + log.join()"),
            "5x,y");
  EXPECT_EQ(Eval("log.length = 0; try { Maths.hypot(n('x', NaN), n('y', 4)) } catch {} log.join()"), "x");
  EXPECT_EQ(Eval("log.length = 0; try { Maths.hypot(n('x', 1)) } catch {} log.join()"), "");
}

}  // namespace
