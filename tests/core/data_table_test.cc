// What travels as a CleatData: a row for each kind of value and its odd ones, there and back, in its own runtime and
// into another one; what C builds, as JavaScript sees it; and what cannot travel, with the path to it.
#include <cmath>
#include <map>

#include "core_test.h"

namespace {

// A node as text: every part of it, and #n for one that was met before, the n-th object of all.
class Dump {
 public:
  explicit Dump(const CleatData* data) { Add(data); }
  std::string text;

 private:
  static std::string Bytes(const uint8_t* bytes, size_t length) {
    std::string text;
    char hex[3];
    for (size_t i = 0; i < length; i++) {
      snprintf(hex, sizeof(hex), "%02x", bytes[i]);
      text += hex;
    }
    return text;
  }

  // What is not ASCII as \xHH.
  static std::string Quoted(CleatString string) {
    if (string.data == nullptr) return "(null)";
    std::string text = "'";
    char code[5];
    for (size_t i = 0; i < string.length; i++) {
      auto byte = static_cast<unsigned char>(string.data[i]);
      snprintf(code, sizeof(code), byte >= 0x20 && byte < 0x7F ? "%c" : "\\x%02X", byte);
      text += code;
    }
    return text + "'";
  }

  static std::string Number(double number) {
    if (std::isnan(number)) return "NaN";
    char text[40];
    snprintf(text, sizeof(text), "%.17g", number);
    return text;
  }

  void BigInt(const CleatData* data) {
    size_t count;
    bool negative;
    const uint64_t* words = cleat_data_bigint(data, &count, &negative);
    text += negative ? "-0x" : "0x";
    char word[17];
    for (size_t i = count; i-- > 0;) {
      snprintf(word, sizeof(word), i + 1 == count ? "%lx" : "%016lx", static_cast<unsigned long>(words[i]));
      text += word;
    }
    text += count == 0 ? "0n" : "n";
  }

  void Parts(const CleatData* data, const char* open, const char* close, bool keys) {
    text += open;
    for (size_t i = 0; i < cleat_data_length(data); i++) {
      if (i > 0) text += ", ";
      if (keys) {
        Add(cleat_data_key(data, i));
        text += ": ";
      }
      Add(cleat_data_at(data, i));
    }
    text += close;
  }

  void Error(const CleatData* data) {
    text += Text(cleat_data_name(data)) + "(" + Quoted(cleat_data_string(data));
    if (Text(cleat_data_stack(data)).empty()) text += " without a stack";
    if (cleat_data_get(data, "cause") != nullptr) {
      text += " because of ";
      Add(cleat_data_get(data, "cause"));
    }
    if (cleat_data_length(data) > 0) Parts(data, " [", "]", false);
    text += ")";
  }

  bool WasMet(const CleatData* data) {
    auto found = met_.find(data);
    if (found != met_.end()) text += "#" + std::to_string(found->second);
    int number = static_cast<int>(met_.size());
    met_.emplace(data, number);
    return found != met_.end();
  }

  void Add(const CleatData* data) {
    size_t length;
    CleatBytesKind kind;
    const uint8_t* bytes;
    switch (cleat_data_kind(data)) {
      case CLEAT_DATA_UNDEFINED:
        text += "undefined";
        return;
      case CLEAT_DATA_NULL:
        text += "null";
        return;
      case CLEAT_DATA_HOLE:
        text += "hole";
        return;
      case CLEAT_DATA_BOOLEAN:
        text += cleat_data_boolean(data) ? "true" : "false";
        return;
      case CLEAT_DATA_NUMBER:
        text += Number(cleat_data_number(data));
        return;
      case CLEAT_DATA_BIGINT:
        BigInt(data);
        return;
      case CLEAT_DATA_STRING:
        text += Quoted(cleat_data_string(data));
        return;
      default:
        break;
    }
    if (WasMet(data)) return;
    switch (cleat_data_kind(data)) {
      case CLEAT_DATA_BYTES:
        bytes = cleat_data_bytes(data, &length, &kind);
        text += "bytes" + std::to_string(kind) + "<" + Bytes(bytes, length) + ">";
        return;
      case CLEAT_DATA_DATE:
        text += "Date(" + Number(cleat_data_number(data)) + ")";
        return;
      case CLEAT_DATA_REGEXP:
        text += "/" + Quoted(cleat_data_string(data)) + "/" + Text(cleat_data_name(data));
        return;
      case CLEAT_DATA_ARRAY:
        Parts(data, "[", "]", false);
        return;
      case CLEAT_DATA_OBJECT:
        Parts(data, "{", "}", true);
        return;
      case CLEAT_DATA_MAP:
        Parts(data, "Map{", "}", true);
        return;
      case CLEAT_DATA_SET:
        Parts(data, "Set{", "}", false);
        return;
      case CLEAT_DATA_ERROR:
        Error(data);
        return;
      case CLEAT_DATA_FUNCTION:
        text += "function " + Text(cleat_data_name(data));
        return;
      default:
        text += "async iterable";
    }
  }

  std::map<const CleatData*, int> met_;
};

// Makes `data` the global `it` of `runtime`, and returns String(check) there.
std::string Ask(const Runtime& runtime, const CleatData* data, const std::string& check) {
  runtime.OnThread([&](CleatEnv* env) { cleat_set(env, cleat_global(env), "it", cleat_from_data(env, data)); });
  Result result(runtime.Eval(("String(" + check + ")").c_str()));
  return result.error() != nullptr ? result.text() : result.string();
}

// THERE AND BACK

struct Row {
  const char* source;  // the value, in JavaScript
  std::string dump;    // what C reads of it
  const char* check;   // what is true of `it`, the value that is made of the copy
};

std::string Zeros(size_t count) { return std::string(count, '0'); }

const Row kRows[] = {
    {"undefined", "undefined", "it === undefined"},
    {"null", "null", "it === null"},
    {"true", "true", "it === true"},
    {"false", "false", "it === false"},

    {"0", "0", "Object.is(it, 0)"},
    {"-0", "-0", "Object.is(it, -0)"},
    {"NaN", "NaN", "Object.is(it, NaN)"},
    {"Infinity", "inf", "it === Infinity"},
    {"-Infinity", "-inf", "it === -Infinity"},
    {"0.1", "0.10000000000000001", "it === 0.1"},
    {"5e-324", "4.9406564584124654e-324", "it === Number.MIN_VALUE"},
    {"-(2 ** 31)", "-2147483648", "it === -2147483648"},
    {"2 ** 53 - 1", "9007199254740991", "it === Number.MAX_SAFE_INTEGER"},
    {"Number.MAX_VALUE", "1.7976931348623157e+308", "it === Number.MAX_VALUE"},

    {"0n", "0x0n", "it === 0n"},
    {"-1n", "-0x1n", "it === -1n"},
    {"2n ** 64n - 1n", "0xffffffffffffffffn", "it === 2n ** 64n - 1n"},
    {"-(2n ** 64n)", "-0x1" + Zeros(16) + "n", "it === -(2n ** 64n)"},
    {"2n ** 100000n", "0x1" + Zeros(25000) + "n", "it === 2n ** 100000n"},

    {"''", "''", "it === ''"},
    {"'a\\0b'", "'a\\x00b'", "it === 'a\\0b'"},
    {"'\\u00e4\\u20ac'", "'\\xC3\\xA4\\xE2\\x82\\xAC'", "it === '\\u00e4\\u20ac'"},
    {"'\\ud83d\\ude00'", "'\\xF0\\x9F\\x98\\x80'", "it === '\\u{1F600}'"},
    {"'\\ud83d'", "'\\xED\\xA0\\xBD'", "it === '\\ud83d'"},
    {"'\\ude00\\ud83d'", "'\\xED\\xB8\\x80\\xED\\xA0\\xBD'", "it === '\\ude00\\ud83d'"},
    {"'x'.repeat(1e6).slice(1, 4) + 'y'", "'xxxy'", "it === 'xxxy'"},

    {"new Uint8Array([1, 2, 255]).buffer", "bytes0<0102ff>", "it instanceof ArrayBuffer && it.byteLength === 3"},
    {"new ArrayBuffer(0)", "bytes0<>", "it instanceof ArrayBuffer && it.byteLength === 0"},
    {"new SharedArrayBuffer(2)", "bytes0<0000>", "it instanceof ArrayBuffer && it.byteLength === 2"},
    {"new DataView(new Uint8Array([1, 2, 3]).buffer, 1)", "bytes1<0203>",
     "it instanceof DataView && it.byteLength === 2 && it.getUint8(1) === 3"},
    {"new Int8Array([-1])", "bytes2<ff>", "it instanceof Int8Array && it[0] === -1"},
    {"new Uint8Array([1, 2, 3, 4]).subarray(1, 3)", "bytes3<0203>",
     "it instanceof Uint8Array && it.length === 2 && it.buffer.byteLength === 2"},
    {"new Uint8ClampedArray([300])", "bytes4<ff>", "it instanceof Uint8ClampedArray && it[0] === 255"},
    {"new Int16Array([-2])", "bytes5<feff>", "it instanceof Int16Array && it[0] === -2"},
    {"new Uint16Array([258])", "bytes6<0201>", "it instanceof Uint16Array && it[0] === 258"},
    {"new Int32Array([-2])", "bytes7<feffffff>", "it instanceof Int32Array && it[0] === -2"},
    {"new Uint32Array([1])", "bytes8<01000000>", "it instanceof Uint32Array && it[0] === 1"},
    {"new Float32Array([-0])", "bytes9<00000080>", "it instanceof Float32Array && Object.is(it[0], -0)"},
    {"new Float64Array([NaN])", "bytes10<000000000000f87f>", "it instanceof Float64Array && Object.is(it[0], NaN)"},
    {"new BigInt64Array([-1n])", "bytes11<ffffffffffffffff>", "it instanceof BigInt64Array && it[0] === -1n"},
    {"new BigUint64Array([1n])", "bytes12<0100000000000000>", "it instanceof BigUint64Array && it[0] === 1n"},

    {"new Date(0)", "Date(0)", "it instanceof Date && it.getTime() === 0"},
    {"new Date(-8.64e15)", "Date(-8640000000000000)", "it.getTime() === -8.64e15"},
    {"new Date(NaN)", "Date(NaN)", "it instanceof Date && Object.is(it.getTime(), NaN)"},
    {"new Date(8.64e15 + 1)", "Date(NaN)", "Object.is(it.getTime(), NaN)"},

    {"/(?:)/", "/'(?:)'/", "it instanceof RegExp && it.source === '(?:)' && it.flags === ''"},
    {"/a\\/[\\]\\n]/dgimsuy", "/'a\\/[\\]\\n]'/dgimsuy",
     "it.source === 'a\\\\/[\\\\]\\\\n]' && it.flags === 'dgimsuy'"},
    {"new RegExp('\\ud83d', 'u')", "/'\\xED\\xA0\\xBD'/u", "it.source === '\\ud83d'"},

    {"[]", "[]", "Array.isArray(it) && it.length === 0"},
    {"[1, , undefined, null]", "[1, hole, undefined, null]",
     "it.length === 4 && !(1 in it) && 2 in it && it[2] === undefined && it[3] === null"},
    {"[, ,]", "[hole, hole]", "it.length === 2 && !(0 in it) && !(1 in it)"},
    {"Object.assign([1], { more: 2 })", "[1]", "it.length === 1 && it.more === undefined"},
    {"[[[[]]]]", "[[[[]]]]", "it[0][0][0].length === 0"},

    {"({})", "{}", "Object.getPrototypeOf(it) === Object.prototype && Object.keys(it).length === 0"},
    {"({ b: 1, a: 2, 1: 3, 0: 4 })", "{'0': 4, '1': 3, 'b': 1, 'a': 2}", "Object.keys(it).join() === '0,1,b,a'"},
    {"({ ['__proto__']: 1, '': 2, 'a b': 3, '\\ud83d': 4 })", "{'__proto__': 1, '': 2, 'a b': 3, '\\xED\\xA0\\xBD': 4}",
     "Object.hasOwn(it, '__proto__') && it[''] === 2 && it['a b'] === 3 && it['\\ud83d'] === 4"},
    {"({ [Symbol()]: 1, a: 2 })", "{'a': 2}", "Reflect.ownKeys(it).join() === 'a'"},
    {"Object.defineProperty({ a: 1 }, 'hidden', { value: 2 })", "{'a': 1}", "it.hidden === undefined"},
    {"Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } })", "{'own': 2}",
     "it.own === 2 && it.inherited === undefined"},
    {"({ get a() { return 1 }, set b(x) {} })", "{'a': 1, 'b': undefined}", "it.a === 1 && it.b === undefined"},
    {"new (class Point { x = 1; #y = 2; })", "{'x': 1}", "it.x === 1"},
    {"Object.create(null)", "{}", "Object.getPrototypeOf(it) === Object.prototype"},

    {"new Map()", "Map{}", "it instanceof Map && it.size === 0"},
    {"new Map([[NaN, -0], [{}, undefined], ['k', null]])", "Map{NaN: -0, {}: undefined, 'k': null}",
     "Object.is(it.get(NaN), -0) && [...it.keys()][1] !== undefined && it.get('k') === null && it.has(undefined) === "
     "false"},
    {"new Set([1n, , 'x', new Set()])", "Set{0x1n, undefined, 'x', Set{}}",
     "it instanceof Set && it.has(1n) && it.has(undefined) && [...it][3] instanceof Set"},

    {"new Error('m')", "Error('m')", "it instanceof Error && it.message === 'm' && it.stack.startsWith('Error: m')"},
    {"new Error()", "Error('')", "it.message === ''"},
    {"new TypeError('t')", "TypeError('t')", "it instanceof TypeError && !Object.hasOwn(it, 'name')"},
    {"new RangeError('r')", "RangeError('r')", "it instanceof RangeError"},
    {"new SyntaxError('s')", "SyntaxError('s')", "it instanceof SyntaxError"},
    {"new ReferenceError('r')", "ReferenceError('r')", "it instanceof ReferenceError"},
    {"new EvalError('e')", "EvalError('e')", "it instanceof Error && it.name === 'EvalError' && it.message === 'e'"},
    {"new URIError('u')", "URIError('u')", "it instanceof Error && it.name === 'URIError'"},
    {"new (class Own extends Error {})('o')", "Own('o')", "it instanceof Error && it.name === 'Own'"},
    {"new Error('m', { cause: undefined })", "Error('m' because of undefined)", "Object.hasOwn(it, 'cause')"},
    {"new Error('m', { cause: new TypeError('c') })", "Error('m' because of TypeError('c'))",
     "it.cause instanceof TypeError && it.cause.message === 'c'"},
    {"new AggregateError([new TypeError('t'), 1], 'all')", "AggregateError('all' [TypeError('t'), 1])",
     "it.name === 'AggregateError' && it.errors.length === 2 && it.errors[0] instanceof TypeError && it.errors[1] === "
     "1"},
    {"Object.defineProperty(new Error('m'), 'stack', { value: 5 })", "Error('m' without a stack)", "it.stack === ''"},

    {"{ const a = []; a.push(a); a }", "[#0]", "it[0] === it"},
    {"{ const o = {}; o.self = o; o.list = [o]; o }", "{'self': #0, 'list': [#0]}",
     "it.self === it && it.list[0] === it"},
    {"{ const m = new Map(); m.set(m, m); m }", "Map{#0: #0}", "it.get(it) === it"},
    {"{ const s = new Set(); s.add(s); s }", "Set{#0}", "it.has(it)"},
    {"{ const e = new Error('e'); e.cause = e; e }", "Error('e' because of #0)", "it.cause === it"},
    {"{ const e = new AggregateError([], 'e'); e.errors.push(e); e }", "AggregateError('e' [#0])",
     "it.errors[0] === it"},
    {"{ const s = {}; [s, { s }, new Map([[s, s]])] }", "[{}, {'s': #1}, Map{#1: #1}]",
     "it[0] === it[1].s && it[2].get(it[0]) === it[0]"},
    {"{ const d = new Date(1), b = new Uint8Array(1), r = /x/; [d, d, b, b, r, r] }",
     "[Date(1), #1, bytes3<00>, #2, /'x'/, #3]", "it[0] === it[1] && it[2] === it[3] && it[4] === it[5]"},

    {"new Proxy({ a: 1 }, {})", "{'a': 1}", "it.a === 1"},
    {"new Proxy([1, 2], {})", "{'0': 1, '1': 2}", "it[1] === 2 && !Array.isArray(it)"},
    {"new Number(1)", "{}", "typeof it === 'object'"},
    {"(function () { return arguments })(1, 2)", "{'0': 1, '1': 2}", "it[1] === 2"},
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.source; }

class DataTable : public testing::TestWithParam<Row> {};

TEST_P(DataTable, TravelsThereAndBack) {
  const Row& row = GetParam();
  Runtime runtime;
  Result result(runtime.Eval(row.source));
  ASSERT_EQ(result.error(), nullptr) << row.source << ": " << result.text();
  EXPECT_EQ(Dump(result.value()).text, row.dump) << row.source;
  EXPECT_EQ(Ask(runtime, result.value(), row.check), "true") << row.source << ": " << row.check;
  // A copy of the copy is the same, but for what was no plain value before.
  Result again(runtime.Eval("it"));
  EXPECT_EQ(again.error(), nullptr) << again.text();
  Runtime other;
  EXPECT_EQ(Ask(other, result.value(), row.check), "true") << row.source << " in another runtime";
}

INSTANTIATE_TEST_SUITE_P(Kinds, DataTable, testing::ValuesIn(kRows));

// FUNCTIONS AND ASYNC ITERABLES, which only their own runtime takes.

TEST(DataTables, FunctionsAndAsyncIterablesAreTheSameAgainInTheirRuntimeOnly) {
  Runtime runtime, other;
  for (const char* source : {"globalThis.one = function named() {}", "globalThis.one = class {}",
                             "globalThis.one = (async function* () {})()"}) {
    Result result(runtime.Eval(source));
    ASSERT_EQ(result.error(), nullptr) << result.text();
    EXPECT_EQ(Ask(runtime, result.value(), "it === one"), "true") << source;
    other.OnThread([&](CleatEnv* env) {
      EXPECT_EQ(cleat_from_data(env, result.value()), nullptr);
      EXPECT_TRUE(cleat_failed(env));
    });
  }
  EXPECT_EQ(Dump(Result(runtime.Eval("({ f: function named() {}, g: (async function* () {})() })")).value()).text,
            "{'f': function named, 'g': async iterable}");
  EXPECT_EQ(other.Uncaught().size(), 3u);
}

// FROM C

struct Built {
  const char* what;
  CleatData* (*build)();
  const char* check;
};

CleatData* Text8(const char* text, size_t length) { return cleat_data_new_string(text, length); }

const Built kBuilt[] = {
    {"undefined", cleat_data_new_undefined, "it === undefined"},
    {"null", cleat_data_new_null, "it === null"},
    {"-0", [] { return cleat_data_new_number(-0.0); }, "Object.is(it, -0)"},
    {"NaN", [] { return cleat_data_new_number(-NAN); }, "Object.is(it, NaN)"},
    {"a denormal", [] { return cleat_data_new_number(5e-324); }, "it === 5e-324"},
    {"2^53 - 1", [] { return cleat_data_new_int64((INT64_C(1) << 53) - 1); }, "it === 2 ** 53 - 1"},
    {"2^53", [] { return cleat_data_new_int64(INT64_C(1) << 53); }, "it === 2n ** 53n"},
    {"the least int64", [] { return cleat_data_new_int64(INT64_MIN); }, "it === -(2n ** 63n)"},
    {"no words", [] { return cleat_data_new_bigint(true, nullptr, 0); }, "it === 0n"},
    {"-0n",
     [] {
       return cleat_data_new_bigint(true, (const uint64_t[]){0, 0}, 2);
     },
     "it === 0n"},
    {"leading zeros",
     [] {
       return cleat_data_new_bigint(true, (const uint64_t[]){5, 0, 0}, 3);
     },
     "it === -5n"},
    {"thousands of bits",
     [] {
       std::vector<uint64_t> words(200);
       words.back() = 1;
       return cleat_data_new_bigint(false, words.data(), words.size());
     },
     "it === 2n ** (199n * 64n)"},
    {"a NUL", [] { return Text8("a\0b", 3); }, "it === 'a\\0b'"},
    {"a lone surrogate", [] { return Text8("\xED\xA0\x80", 3); }, "it === '\\ud800'"},
    {"two halves that make a pair", [] { return Text8("\xED\xA0\xBD\xED\xB8\x80", 6); }, "it === '\\u{1F600}'"},
    {"no UTF-8", [] { return Text8("a\xFF\xC3", 3); }, "it === 'a\\ufffd\\ufffd'"},
    {"no bytes", [] { return cleat_data_new_bytes(CLEAT_BYTES_FLOAT64, nullptr, 0); },
     "it instanceof Float64Array && it.length === 0"},
    {"zeros", [] { return cleat_data_new_bytes(CLEAT_BYTES_BIGUINT64, nullptr, 16); },
     "it.length === 2 && it[1] === 0n"},
    {"a date", [] { return cleat_data_new_date(1.9); }, "it.getTime() === 1"},
    {"a date of -0", [] { return cleat_data_new_date(-0.0); }, "Object.is(it.getTime(), 0)"},
    {"an invalid date", [] { return cleat_data_new_date(NAN); }, "Object.is(it.getTime(), NaN)"},
    {"a date too late", [] { return cleat_data_new_date(8.64e15 + 2); }, "Object.is(it.getTime(), NaN)"},
    {"a set with one value twice",
     [] {
       CleatData* set = cleat_data_new_set();
       cleat_data_push(set, cleat_data_new_number(1));
       cleat_data_push(set, cleat_data_new_number(1));
       return set;
     },
     "it instanceof Set && it.size === 1"},
    {"a map with odd keys",
     [] {
       CleatData* map = cleat_data_new_map();
       cleat_data_put(map, cleat_data_new_number(NAN), cleat_data_new_number(-0.0));
       cleat_data_put(map, cleat_data_new_array(), cleat_data_new_undefined());
       return map;
     },
     "Object.is(it.get(NaN), -0) && it.size === 2"},
    {"an object with odd keys",
     [] {
       CleatData* object = cleat_data_new_object();
       for (const char* key : {"__proto__", "", "constructor", "1"}) {
         cleat_data_set(object, key, cleat_data_new_boolean(true));
       }
       return object;
     },
     "Object.hasOwn(it, '__proto__') && Object.keys(it).join() === '1,__proto__,,constructor'"},
};

TEST(DataTables, WhatCBuildsIsTheValueThatItSays) {
  Runtime runtime;
  for (const Built& row : kBuilt) {
    CleatData* data = row.build();
    ASSERT_NE(data, nullptr) << row.what;
    EXPECT_EQ(Ask(runtime, data, row.check), "true") << row.what << ": " << row.check;
    cleat_data_free(data);
  }
}

TEST(DataTables, ABigIntBeyondV8sIsARangeError) {
  Runtime runtime;
  std::vector<uint64_t> words((size_t{1} << 24) + 1, 1);
  CleatData* data = cleat_data_new_bigint(false, words.data(), words.size());
  runtime.OnThread([&](CleatEnv* env) { EXPECT_EQ(cleat_from_data(env, data), nullptr); });
  ASSERT_EQ(runtime.Uncaught().size(), 1u);
  EXPECT_EQ(runtime.Uncaught()[0].substr(0, 10), "RangeError");
  cleat_data_free(data);
}

// WHAT CANNOT TRAVEL, AND LIMITS

struct Refused {
  const char* source;
  const char* message;
};

const Refused kRefused[] = {
    {"Symbol('s')", "result cannot be copied: it is a symbol"},
    {"[Symbol.iterator]", "result[0] cannot be copied: it is a symbol"},
    {"({ a: { b: [0, new WeakMap()] } })", "result.a.b[1] cannot be copied: it is a WeakMap"},
    {"({ 'not a name': new WeakSet() })", "result[\"not a name\"] cannot be copied: it is a WeakSet"},
    {"new Map([[new WeakRef({}), 1]])", "result.<key 0> cannot be copied: it is a WeakRef"},
    {"new Map([[1, new WeakRef({})]])", "result.<value 0> cannot be copied: it is a WeakRef"},
    {"new Set([1, Symbol()])", "result.<value 1> cannot be copied: it is a symbol"},
    {"new Error('e', { cause: [Promise.resolve()] })", "result.cause[0] cannot be copied: it is a promise"},
    {"new AggregateError([1, Symbol()])", "result.errors[1] cannot be copied: it is a symbol"},
    {"[[], [Promise.reject(1).catch(() => 0) && new Promise(() => 0)]]",
     "result[1][0] cannot be copied: it is a promise"},
    {"({ items: [{}, { get owner() { throw new TypeError('from the getter') } }] })", "from the getter"},
    {"new Proxy({}, { ownKeys() { throw new RangeError('from the trap') } })", "from the trap"},
    {"Object.defineProperty([], 0, { get() { throw new Error('from the element') } })", "from the element"},
};

TEST(DataTables, WhatCannotTravelIsAnErrorWithItsPath) {
  Runtime runtime;
  for (const Refused& row : kRefused) {
    Result result(runtime.Eval(row.source));
    ASSERT_NE(result.error(), nullptr) << row.source;
    EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION) << row.source;
    EXPECT_EQ(result.message(), row.message) << row.source;
  }
}

TEST(DataTables, ALimitOfDepthCountsLevels) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.copy_depth = 3;
  Runtime runtime(options);
  EXPECT_EQ(Dump(Result(runtime.Eval("[[[1]]]")).value()).text, "[[[1]]]");
  EXPECT_EQ(Result(runtime.Eval("[[[[]]]]")).message(), "result[0][0][0] cannot be copied: it is nested too deeply");
  EXPECT_EQ(Result(runtime.Eval("({ a: new Map([[1, new Set([{}])]]) })")).message(),
            "result.a.<value 0>.<value 0> cannot be copied: it is nested too deeply");
  // A cycle has no depth.
  EXPECT_EQ(Dump(Result(runtime.Eval("{ const a = []; a.push([a]); a }")).value()).text, "[[#0]]");
}

TEST(DataTables, ALimitOfBytesCountsWhatCopiesTake) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.copy_bytes = 10000;
  Runtime runtime(options);
  for (const char* small : {"'x'.repeat(5000)", "new ArrayBuffer(5000)", "2n ** 40000n", "new Array(10).fill(1)"}) {
    EXPECT_EQ(Result(runtime.Eval(small)).error(), nullptr) << small;
  }
  for (const char* large : {"'x'.repeat(10000)", "new ArrayBuffer(10000)", "2n ** 80000n", "new Array(5000).fill(1)",
                            "new Array(5000)", "new Map(Array.from({ length: 500 }, (_, i) => [i, i]))",
                            "Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i, i]))",
                            "RegExp('x'.repeat(10000))", "['x'.repeat(4000), 'y'.repeat(4000), 'z'.repeat(4000)]"}) {
    Result result(runtime.Eval(large));
    EXPECT_NE(result.message().find("cannot be copied: the copy is larger than 10000 bytes"), std::string::npos)
        << large << result.message();
  }
}

TEST(DataTables, AnErrorsTextsCountAgainstTheLimitOfBytes) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.copy_bytes = 10000;
  Runtime runtime(options);
  EXPECT_NE(Result(runtime.Eval("new Error('x'.repeat(20000))")).message().find("larger than 10000 bytes"),
            std::string::npos);
}

}  // namespace
