// Fast calls: that what can be one is called directly by optimised code, and that nothing can be told apart by it.
#include <gtest/gtest.h>

#include <string>

#include "cleat/cleat.h"
#include "hooks.h"

namespace {

// Calls of a loop that V8 optimises while it runs, many times over.
constexpr int kCalls = 300000;

// How often it is looked whether optimised code calls directly.
constexpr int kMostTries = 200;

class FastTest : public testing::Test {
 protected:
  void SetUp() override {
    const CleatBindings* bindings[] = {&fast_bindings};
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.bindings = bindings;
    options.binding_count = 1;
    runtime_ = cleat_open(&options, nullptr);
    ASSERT_NE(runtime_, nullptr);
    test_count_in(runtime_);
  }
  void TearDown() override { cleat_release(runtime_); }

  std::string Eval(const std::string& code) {
    CleatResult result = cleat_eval(runtime_, code.c_str(), nullptr);
    std::string text;
    if (result.error != nullptr) {
      text = cleat_error_text(result.error).data;
    } else if (cleat_data_kind(result.value) == CLEAT_DATA_STRING) {
      CleatString string = cleat_data_string(result.value);
      text.assign(string.data, string.length);
    }
    cleat_result_free(&result);
    return text;
  }

  // Evaluates `body`, in which `i` counts, in a loop of `calls`; what it assigns to `last` is the answer, as text.
  std::string Loop(const std::string& body, int calls = kCalls) {
    test_fast = test_slow = 0;
    return Eval("(() => { let last; for (let i = 0; i < " + std::to_string(calls) + "; i++) { " + body +
                " } return String(last); })()");
  }

  // Does it again where optimised code came too late: V8 compiles on a thread of its own, which may have to wait for a
  // processor. Returns how many calls there were.
  int ExpectFast(const std::string& body) {
    int calls = 0;
    for (int i = 0; i < kMostTries && (i == 0 || test_fast <= kCalls / 2); i++) {
      Loop(body);
      EXPECT_EQ(test_fast + test_slow, kCalls) << body;
      calls += kCalls;
    }
    EXPECT_GT(test_fast, kCalls / 2) << body;
    return calls;
  }

  void ExpectSlow(const std::string& body) {
    Loop(body);
    EXPECT_EQ(test_fast, 0) << body;
    EXPECT_EQ(test_slow, kCalls) << body;
  }

  CleatRuntime* runtime_;
};

TEST_F(FastTest, OptimisedCodeCallsDirectly) {
  ExpectFast("fast.nothing()");
  ExpectFast("last = fast.flip(i % 2 == 0)");
  ExpectFast("last = fast.toByte(i)");
  ExpectFast("last = fast.toUnsignedLongLong(i)");
  ExpectFast("last = fast.clampOctet(i)");
  ExpectFast("last = fast.toFloat(i)");
  ExpectFast("last = fast.sum(i + 0.5, i, true, 2)");
  ExpectFast("last = global(i)");
  ExpectFast("last = Gauge.twice(i)");
}

TEST_F(FastTest, MethodsToo) {
  Eval("globalThis.gauge = new Gauge(0); globalThis.sub = new SubGauge()");
  int calls = ExpectFast("last = gauge.raise(1)");
  EXPECT_EQ(Eval("String(gauge.raise(0))"), std::to_string(calls));
  calls = ExpectFast("last = sub.raise(1)");
  EXPECT_EQ(Eval("String(sub.raise(0))"), std::to_string(calls + 100));
  ExpectSlow("last = gauge.raiseSlowly(1)");
}

TEST_F(FastTest, WhatMayThrowIsNeverCalledDirectly) {
  ExpectSlow("last = slow.restricted(i)");
  ExpectSlow("last = slow.enforced(i & 255)");
  ExpectSlow("last = slow.thrown(i)");
  ExpectSlow("last = slow.missing(i)");
  ExpectSlow("last = slow.text(i)");
}

// Each conversion gives in optimised code what it gives in the interpreter.
TEST_F(FastTest, OddArgumentsGiveWhatTheyGiveOtherwise) {
  EXPECT_EQ(Eval(R"(
    const odd = [0, -0, NaN, Infinity, -Infinity, 0.5, -0.5, 1.5, 2.5, -1.5, 127, 128, -129, 255, 256, 32768, 65536, 2 ** 31,
                 -(2 ** 31), 2 ** 31 - 1, 2 ** 32, 2 ** 32 - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 63, 2 ** 64,
                 2 ** 64 + 4096, 1e20, -1e20, 1e300, 5e-324, 3.4028235677973366e38];
    const differ = [];
    const names = Object.keys(fast).filter((name) => /^(to|clamp)/.test(name));
    for (const name of [...names, 'flip', 'aNumber']) {
      const once = odd.map((value) => fast[name](value));
      const call = fast[name];
      const loop = new Function('call', 'value', 'n', 'let last; for (let i = 0; i < n; i++) last = call(value); return last');
      for (let i = 0; i < 3; i++) loop(call, 1.5, 100000);
      odd.forEach((value, k) => {
        const got = loop(call, value, 10);
        if (!Object.is(got, once[k])) differ.push(`${name}(${value}): ${once[k]}, optimised ${got}`);
      });
    }
    [names.length, ...differ].join('\n'))"),
            "13");
}

// V8 gives up the fast call where an argument is no number, and the exception is caught where it should be. What is
// tried comes after direct calls, for which V8's compiler must have had its turn.
TEST_F(FastTest, ExceptionsOfArgumentsAreCaught) {
  test_fast = 0;
  EXPECT_EQ(Eval(R"((() => {
    const caught = new Map();
    const bad = {valueOf() { throw new RangeError('no number'); }};
    const odd = [bad, Symbol('s'), 1n, {valueOf: () => ({}), toString: () => ({})}];
    const attempt = (call, value) => {
      try { return call(value); } catch (error) { return error.constructor.name; }
    };
    for (const name of ['toLong', 'toDouble', 'toLongLong', 'clampLong']) {
      for (let k = 0; k < 500 && slow.directCalls() <= 100000; k++) {
        for (let i = 0; i < 100000; i++) attempt(fast[name], i + 0.5);
      }
      for (const value of odd) {
        const text = attempt(fast[name], value);
        caught.set(text, (caught.get(text) ?? 0) + 1);
        for (let i = 0; i < 100000; i++) attempt(fast[name], i + 0.5);
      }
    }
    return JSON.stringify([...caught]);
  })())"),
            R"([["RangeError",4],["TypeError",12]])");
  EXPECT_GT(test_fast, 100000);
}

TEST_F(FastTest, OtherValuesAreConverted) {
  EXPECT_EQ(Loop("last = fast.toLong(i % 1000 == 999 ? '12' : i)"), "12");
  EXPECT_EQ(test_fast + test_slow, kCalls);
  EXPECT_EQ(Loop("last = [fast.toLong(true), fast.toLong(null), fast.toDouble(undefined), fast.flip(''), "
                 "fast.toLong({valueOf: () => 5}), fast.toLong([7])].join()",
                 20000),
            "1,0,NaN,true,5,7");
}

TEST_F(FastTest, MissingArgumentsAreATypeErrorThatIsCaught) {
  EXPECT_EQ(Loop("try { last = i == 299999 ? fast.toLong() : fast.toLong(i) } catch (error) { last = error.name }"),
            "TypeError");
  EXPECT_EQ(Loop("try { last = fast.sum(1) } catch (error) { last = error.name }", 20000), "TypeError");
  EXPECT_EQ(Loop("last = fast.toLong(i, 'more', {})"), "299999");
}

TEST_F(FastTest, ExceptionsOfSlowMembersAreCaughtInOptimisedCode) {
  EXPECT_EQ(Loop("try { last = slow.restricted(i < 299999 ? i : NaN) } catch (error) { last = error.name }"),
            "TypeError");
  EXPECT_EQ(Loop("try { last = slow.enforced(i < 299999 ? 1 : 256) } catch (error) { last = error.name }"),
            "TypeError");
  EXPECT_EQ(Loop("try { last = slow.thrown(i < 299999 ? i : -1) } catch (error) { last = error.name }"), "RangeError");
}

// What no fast call may be made of, with the same odd arguments in the interpreter and in a try block of optimised
// code: the result or the exception is the same, and is caught.
TEST_F(FastTest, OddArgumentsOfSlowMembersInOptimisedCode) {
  EXPECT_EQ(Eval(R"(
    const fails = {valueOf() { throw new EvalError('no number'); }, toString() { throw new EvalError('no text'); }};
    const odd = [NaN, -0, 2 ** 53, 2 ** 53 + 2, -1, 256, 0.5, Infinity, '12', 'twelve', '', null, undefined, true, 1n,
                 Symbol('s'), {valueOf: () => 7}, {valueOf: () => ({}), toString: () => ({})}, [3], fails];
    const source = `return (value) => {
      try { return call(value); } catch (error) { return error.name + ': ' + error.message; } }`;
    const differ = [];
    let thrown = 0;
    for (const name of ['restricted', 'enforced', 'thrown', 'missing', 'text']) {
      const make = () => new Function('call', source)(slow[name]);
      const cold = odd.map((value) => make()(value));
      const attempt = make();
      odd.forEach((value, k) => {
        for (let i = 0; i < 20000; i++) attempt(i & 127);
        const hot = attempt(value);
        if (typeof hot === 'string' && /Error: /.test(hot)) thrown++;
        if (!Object.is(hot, cold[k])) differ.push(`${name}, value ${k}: ${cold[k]}, optimised ${hot}`);
      });
    }
    [thrown, ...differ].join('\n'))"),
            "33");
  EXPECT_EQ(test_fast, 0);
  EXPECT_GT(test_slow, 1000000);
}

// The same with await and yield in the try block.
TEST_F(FastTest, ExceptionsOfSlowMembersAreCaughtInAsyncFunctionsAndGenerators) {
  EXPECT_EQ(
      Eval(R"(
    const fails = {valueOf() { throw new EvalError(); }};
    const bad = [['restricted', NaN], ['restricted', fails], ['enforced', 2 ** 53], ['thrown', -1], ['missing', Symbol()],
                 ['text', fails], ['text', 1n]];
    const once = async (call, value) => {
      try { await null; return call(value); } catch (error) { return error.name; } finally { settled++; }
    };
    function* steps(call) {
      for (let value = 0;;) {
        try { value = yield call(value); } catch (error) { value = yield error.name; }
      }
    }
    let settled = 0;
    (async () => {
      const names = [];
      for (const [name, value] of bad) {
        for (let i = 0; i < 3000; i++) await once(slow[name], i & 127);
        const generator = steps(slow[name]);
        for (let i = 0; i < 20000; i++) generator.next(i & 127);
        names.push([await once(slow[name], value), generator.next(value).value].join('='));
      }
      return [settled, ...names].join();
    })())"),
      "21007,TypeError=TypeError,EvalError=EvalError,TypeError=TypeError,RangeError=RangeError,TypeError=TypeError,"
      "EvalError=EvalError,TypeError=TypeError");
  EXPECT_EQ(test_fast, 0);
}

// V8 knows no fast calls of accessors.
TEST_F(FastTest, AttributesAreNeverCalledDirectly) {
  Eval("globalThis.gauge = new Gauge(3)");
  ExpectSlow("last = gauge.level");
  ExpectSlow("gauge.level = i");
  EXPECT_EQ(Loop("try { gauge.level = i < 299999 ? i : Symbol() } catch (error) { last = error.name }"), "TypeError");
  EXPECT_EQ(Loop("try { gauge.grade = i < 299999 ? i & 127 : 256 } catch (error) { last = error.message }"),
            "Failed to set the 'grade' property on 'Gauge': the value is outside the range of type 'octet'.");
}

TEST_F(FastTest, ExceptionsInAsyncFunctionsReject) {
  EXPECT_EQ(Eval(R"(
    const bad = {valueOf() { throw new RangeError('no number'); }};
    const call = async (value) => fast.toLong(value);
    const restricted = async (value) => slow.restricted(value);
    (async () => {
      for (let i = 0; i < 30000; i++) { call(i); restricted(i); }
      const texts = [];
      for (const promise of [call(bad), restricted(NaN), call(Symbol())]) {
        texts.push(await promise.catch((error) => error.constructor.name));
      }
      return texts.join();
    })())"),
            "RangeError,TypeError,TypeError");
}

// A receiver of another kind is never handed to C, however hot the call: as above, once there were direct calls.
TEST_F(FastTest, WrongReceiversAreATypeErrorThatIsCaught) {
  test_fast = 0;
  EXPECT_EQ(Eval(R"((() => {
    const gauge = new Gauge(0);
    const heirs = [Object.create(gauge), Object.create(Gauge.prototype), Gauge.prototype, new Proxy(gauge, {}),
                   Object.setPrototypeOf(new Map, Gauge.prototype), Object.setPrototypeOf(fast.sum, gauge)];
    const others = [...heirs, {}, null, undefined, 1, 'text', Symbol(), Gauge, globalThis];
    const attempts = (call, others) => {
      const attempt = new Function(`return (receiver) => {
        try { return ${call}; } catch (error) { return error instanceof TypeError; }
      }`)();
      for (let k = 0; k < 500 && slow.directCalls() <= 10000; k++) {
        for (let i = 0; i < 50000; i++) attempt(gauge);
      }
      for (const other of others) {
        for (let i = 0; i < 50000; i++) attempt(gauge);
        if (attempt(other) !== true) wrong++;
        for (let i = 0; i < 50000; i++) attempt(i % 100 === 0 ? other : gauge);
      }
    };
    let wrong = 0;
    attempts('receiver.raise(1)', heirs);
    attempts('Gauge.prototype.raise.call(receiver, 1)', others);
    return String(wrong);
  })())"),
            "0");
  EXPECT_GT(test_fast, 10000);
}

TEST_F(FastTest, FunctionsLookAsAlways) {
  EXPECT_EQ(Eval("[fast.sum.name, fast.sum.length, 'prototype' in fast.sum, fast.sum === fast.sum, "
                 "Gauge.prototype.raise.name, Gauge.prototype.raise.length].join()"),
            "sum,4,false,true,raise,1");
  EXPECT_EQ(Eval("try { new fast.sum() } catch (error) { error.name }"), "TypeError");
}

// SEQUENCES OF NUMBERS, which are read in one piece where nobody can tell. V8 forgets for ever that nothing was
// changed, and so each change has a runtime of its own.

TEST_F(FastTest, SequencesOfNumbers) {
  EXPECT_EQ(
      Eval("[slow.total([]), slow.total([1, 2, 3]), slow.total([0.5, 1]), slow.total([1, , 3]), slow.total([1, '2'])]"
           ".join()"),
      "0,6,1.5,NaN,3");
  EXPECT_EQ(Eval("slow.total([1, , 3].fill(2)) + slow.total(new Float64Array([1, 2])) + slow.total(new Set([4])) + ''"),
            "13");
  EXPECT_EQ(Eval("const many = []; for (let i = 0; i < 100000; i++) many.push(i + 0.5); String(slow.total(many))"),
            "5000000000");
  EXPECT_EQ(Eval("const {length} = slow.list(1500); [length, slow.list(0).length, slow.list(3).join()].join()"),
            "1500,0,-0.5,0.5,1.5");
}

TEST_F(FastTest, NumbersOfASequenceThatAreNotFinite) {
  EXPECT_EQ(Eval("slow.total([0.5, NaN]) + ',' + slow.total([0.5, Infinity])"), "NaN,Infinity");
  EXPECT_EQ(Eval("try { slow.finite([0.5, 1, NaN]) } catch (error) { error.message }"),
            "Failed to execute 'finite' on 'slow': element 2 of argument 1 is not a finite number.");
  EXPECT_EQ(Eval("String(slow.finite([0.5, 1]))"), "1.5");
}

TEST_F(FastTest, AnArrayWithAnIteratorOfItsOwn) {
  EXPECT_EQ(
      Eval("const list = [0.5, 1]; list[Symbol.iterator] = () => [7][Symbol.iterator](); String(slow.total(list))"),
      "7");
}

TEST_F(FastTest, AnArrayWithAnIteratorGetter) {
  EXPECT_EQ(Eval("const list = [0.5, 1]; Object.defineProperty(list, Symbol.iterator, "
                 "{get: () => () => [8][Symbol.iterator]()}); String(slow.total(list))"),
            "8");
}

TEST_F(FastTest, AnArrayOfAClassWithAnIterator) {
  EXPECT_EQ(Eval("class List extends Array { *[Symbol.iterator]() { yield 9; } }; String(slow.total(List.of(0.5, 1)))"),
            "9");
}

TEST_F(FastTest, AnArrayWithAnotherPrototype) {
  EXPECT_EQ(Eval("const list = [0.5, 1]; Object.setPrototypeOf(list, {*[Symbol.iterator]() { yield 10; }}); "
                 "String(slow.total(list))"),
            "10");
  EXPECT_EQ(Eval("const bare = [0.5, 1]; Object.setPrototypeOf(bare, null); "
                 "try { slow.total(bare) } catch (error) { error.name }"),
            "TypeError");
}

TEST_F(FastTest, AnArrayPrototypeWithAnotherIterator) {
  EXPECT_EQ(Eval("Array.prototype[Symbol.iterator] = function* () { yield 11; }; String(slow.total([0.5, 1]))"), "11");
}

TEST_F(FastTest, AnArrayIteratorWithAnotherNext) {
  EXPECT_EQ(Eval("let count = 0; Object.getPrototypeOf([][Symbol.iterator]()).next = "
                 "() => ({done: count++ == 3, value: 4}); String(slow.total([0.5, 1]))"),
            "12");
}

}  // namespace
