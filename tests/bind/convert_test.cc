// The conversions of Web IDL: strings, dictionaries, sequences and callbacks.
#include "bind_test.h"

namespace {

class ConvertTest : public BindTest {};

TEST_F(ConvertTest, StringsKeepTheirCharacters) {
  for (const char* text :
       {"''", "'plain ascii, longer than eight'", "'caf\\u00e9'", "'\\u00ff\\u0080'", "'\\u20ac'", "'\\ud83d\\ude00'",
        "'a\\0b'", "'x'.repeat(300)", "'\\u00e9'.repeat(5000)", "'\\ud800'", "'a\\udc00b'", "'\\ud83d'"}) {
    EXPECT_EQ(Eval(std::string("const s = ") + text + "; dom(s) === s"), "true") << text;
    cleat_release(runtime_);
    Open(0);
  }
}

TEST_F(ConvertTest, StringsAreConvertedByToString) {
  EXPECT_EQ(Eval("dom(1.5) + dom(null) + dom(undefined) + dom([1, 2]) + dom(12n)"), "1.5nullundefined1,212");
  EXPECT_EQ(Eval("dom(Symbol('x'))"),
            "TypeError: Failed to execute 'dom': argument 1 is a Symbol, which cannot be converted to a string.");
  EXPECT_EQ(Eval("dom({ toString() { throw new RangeError('mine') } })"), "RangeError: mine");
  EXPECT_EQ(Eval("dom()"), "TypeError: Failed to execute 'dom': 1 argument required, but only 0 present.");
  EXPECT_EQ(Eval("String(nothing())"), "null");
}

TEST_F(ConvertTest, UsvStringsHaveNoLoneSurrogates) {
  EXPECT_EQ(Eval("usv('a\\ud800b\\udc00\\ud83d\\ude00') === 'a\\ufffdb\\ufffd\\ud83d\\ude00'"), "true");
  EXPECT_EQ(Eval("usv('\\u00e9') === '\\u00e9'"), "true");
}

TEST_F(ConvertTest, ByteStringsHaveNoCharactersAbove255) {
  EXPECT_EQ(Eval("bytes('\\u00ff\\0a') === '\\u00ff\\0a'"), "true");
  EXPECT_EQ(Eval("bytes(('\\u0100' + 'abcdefghijklmnop').slice(1))"), "abcdefghijklmnop");
  EXPECT_EQ(Eval("bytes('\\u0100')"), "TypeError: Failed to execute 'bytes': argument 1 has a character above U+00FF.");
}

TEST_F(ConvertTest, CStringsHaveNoNul) {
  EXPECT_EQ(Eval("utf8Length('\\u20aca')"), "4");
  EXPECT_EQ(Eval("utf8Length('a\\0b')"), "TypeError: Failed to execute 'utf8Length': argument 1 has a NUL character.");
}

TEST_F(ConvertTest, BooleansAreConvertedByToBoolean) {
  EXPECT_EQ(Eval("[0, -0, NaN, '', null, undefined, 0n, false].map(truth).join()"),
            "false,false,false,false,false,false,false,false");
  EXPECT_EQ(Eval("[1, 'false', {}, [], Symbol(), 1n].map(x => truth(x)).join()"), "true,true,true,true,true,true");
}

TEST_F(ConvertTest, DictionaryMembersAreReadInTheOrderOfTheStandardOnceEach) {
  EXPECT_EQ(Eval("const log = []; const proxy = new Proxy({ width: 3 }, {"
                 "  get(target, key) { log.push(key); return target[key] } });"
                 "volume(proxy) + log.join()"),
            "6height,width,color,depth");
  EXPECT_EQ(Eval("log.length = 0; const get = (key, value) => ({ get() {"
                 "  return { valueOf() { log.push(key); return value } } } });"
                 "volume(Object.defineProperties({}, { depth: get('d', 5), width: get('w', 2), height: get('h', 3) }))"
                 " + log.join()"),
            "30h,w,d");
}

TEST_F(ConvertTest, DictionariesAreNotMadeOfPrimitives) {
  for (const char* value : {"1", "'text'", "true", "1n", "Symbol()"}) {
    EXPECT_EQ(Eval(std::string("volume(") + value + ")"),
              "TypeError: Failed to execute 'volume': argument 1 is not an object.")
        << value;
  }
  EXPECT_EQ(Eval("const f = () => {}; f.width = 2; volume(f)"), "4");
}

TEST_F(ConvertTest, DictionaryMembersMayBeMissingUnlessRequired) {
  EXPECT_EQ(Eval("volume({ width: 2 })"), "4");
  EXPECT_EQ(Eval("volume({ width: 2, height: undefined, depth: undefined })"), "4");
  const char* const missing =
      "TypeError: Failed to execute 'volume': member 'width' of argument 1 is required, but it is undefined.";
  EXPECT_EQ(Eval("volume({})"), missing);
  EXPECT_EQ(Eval("volume(null)"), missing);
  EXPECT_EQ(Eval("volume(undefined)"), missing);
  EXPECT_EQ(Eval("volume({ width: NaN })"),
            "TypeError: Failed to execute 'volume': member 'width' of argument 1 is not a finite number.");
  EXPECT_EQ(Eval("volume({ width: 1, color: 'mud' })"),
            "TypeError: Failed to execute 'volume': member 'color' of argument 1 is 'mud', which is not a value of the "
            "enumeration 'Color'.");
  EXPECT_EQ(Eval("volume({ get height() { throw new RangeError('mine') }, get width() { throw 'not reached' } })"),
            "RangeError: mine");
}

TEST_F(ConvertTest, SequencesAreMadeOfIterables) {
  EXPECT_EQ(Eval("sum([1, 2, 3.5])"), "6.5");
  EXPECT_EQ(Eval("sum([])"), "0");
  EXPECT_EQ(Eval("sum(new Set([1, 2, 2]))"), "3");
  EXPECT_EQ(Eval("sum(new Float64Array([1, 2]))"), "3");
  EXPECT_EQ(Eval("sum(function* () { yield '4'; yield 5 }())"), "9");
  EXPECT_EQ(Eval("sum(Array.from({ length: 10000 }, (_, i) => i))"), "49995000");
  EXPECT_EQ(Eval("sum(Object('12'))"), "3");
  EXPECT_EQ(Eval("sumSizes([{ width: 2 }, { width: 3, height: 4 }])"), "14");
  for (const char* value :
       {"1", "'12'", "null", "undefined", "{}", "{ [Symbol.iterator]: 1 }", "{ [Symbol.iterator]: null }"}) {
    EXPECT_EQ(Eval(std::string("sum(") + value + ")"),
              "TypeError: Failed to execute 'sum': argument 1 is not iterable.")
        << value;
  }
}

TEST_F(ConvertTest, SequencesFollowTheIterationProtocolStepByStep) {
  EXPECT_EQ(
      Eval("const log = []; const watch = (name, target) => new Proxy(target, {"
           "  get(it, key) { log.push(name + '.' + String(key)); return it[key] } });"
           "let n = 0; const result = () => watch('result', { get done() { return n > 2 }, get value() { return n } });"
           "const iterator = watch('iterator', { next() { n++; log.push('next'); return result() },"
           "  return() { log.push('return') } });"
           "sum(watch('input', { [Symbol.iterator]() { log.push('iterate'); return iterator } })) + ' ' + log.join()"),
      "3 input.Symbol(Symbol.iterator),iterate,iterator.next,next,result.done,result.value,next,result.done,"
      "result.value,next,result.done");
}

// Arrays are read without their iterator where no script can tell.
TEST_F(ConvertTest, ArraysAreIteratedAsTheirIteratorWould) {
  EXPECT_EQ(Eval("sum([1, , 3].map(x => x)) "),
            "TypeError: Failed to execute 'sum': element 1 of argument 1 is not a "
            "finite number.");
  EXPECT_EQ(Eval("Array.prototype[1] = 5; const holes = sum([1, , 3]); delete Array.prototype[1]; holes"), "9");
  EXPECT_EQ(Eval("const grow = [1, { valueOf() { if (grow.length < 9) grow.push(2); return 1 } }, grow_more = 3];"
                 "sum(grow) + ',' + grow.length"),
            "7,4");
  EXPECT_EQ(Eval("const shrink = [1, { valueOf() { shrink.length = 2; return 1 } }, 3]; sum(shrink)"), "2");
  EXPECT_EQ(Eval("const getter = [1, 2]; Object.defineProperty(getter, 1, { get() { throw new RangeError('mine') } });"
                 "sum(getter)"),
            "RangeError: mine");
  EXPECT_EQ(Eval("class Odd extends Array { *[Symbol.iterator]() { yield 100 } }; sum(new Odd(1, 2, 3))"), "100");
  EXPECT_EQ(Eval("const own = [1, 2]; own[Symbol.iterator] = function* () { yield 7 }; sum(own)"), "7");
  EXPECT_EQ(Eval("const prototype = Object.getPrototypeOf([][Symbol.iterator]()); const next = prototype.next;"
                 "let calls = 0; prototype.next = function () { calls++; return next.call(this) };"
                 "const patched = sum([1, 2]); prototype.next = next; patched + ',' + calls"),
            "3,3");
  EXPECT_EQ(Eval("Object.defineProperty(prototype, 'next', { get() { calls++; return next } }); calls = 0;"
                 "sum([1, 2]) + ',' + calls"),
            "3,1");
  EXPECT_EQ(Eval("Array.prototype[Symbol.iterator] = function* () { yield 9 }; sum([1, 2])"), "9");
}

TEST_F(ConvertTest, SequencesFailWhereTheirIteratorsDo) {
  const std::string of = "sum({ [Symbol.iterator]() { return ";
  EXPECT_EQ(Eval(of + "1 } })"),
            "TypeError: Failed to execute 'sum': argument 1 has an iterator that is not an object.");
  EXPECT_EQ(Eval(of + "{} } })"),
            "TypeError: Failed to execute 'sum': argument 1 has an iterator whose next is not a function.");
  EXPECT_EQ(
      Eval(of + "{ next() { return 1 } } } })"),
      "TypeError: Failed to execute 'sum': argument 1 has an iterator that gives a result that is not an object.");
  EXPECT_EQ(Eval(of + "{ next() { throw new RangeError('mine') } } } })"), "RangeError: mine");
  EXPECT_EQ(Eval("sum([1, NaN, { valueOf() { throw 'not reached' } }])"),
            "TypeError: Failed to execute 'sum': element 1 of argument 1 is not a finite number.");
  EXPECT_EQ(
      Eval("sumSizes([{ width: 1 }, { width: 'x' }])"),
      "TypeError: Failed to execute 'sumSizes': member 'width' of element 1 of argument 1 is not a finite number.");
  // Web IDL does not close the iterator when an element cannot be converted.
  EXPECT_EQ(
      Eval("let closed = 'open'; try { sum(function* () { try { yield Symbol() } finally { closed = 'closed' } }())"
           " } catch {} closed"),
      "open");
}

TEST_F(ConvertTest, CallbacksAreCalled) {
  EXPECT_EQ(Eval("twice(x => x * 3, 2)"), "18");
  EXPECT_EQ(Eval("twice(function (x) { 'use strict'; return this === undefined ? x + 1 : -1 }, 1)"), "3");
  EXPECT_EQ(Eval("twice({}, 1)"), "TypeError: Failed to execute 'twice': argument 1 is not a function.");
  EXPECT_EQ(Eval("twice(x => NaN, 1)"), "TypeError: the result of the callback is not a finite number.");
  EXPECT_EQ(Eval("let calls = 0; try { twice(() => { calls++; throw new RangeError('mine') }, 1) } catch (e) {"
                 " e.message + calls }"),
            "mine1");
  EXPECT_EQ(Eval("twice(new Proxy(x => x + 1, {}), 1)"), "3");
}

// A native function that throws within a callback whose script catches it has not failed the outer call.
TEST_F(ConvertTest, ACaughtExceptionOfAnInnerCallIsForgotten) {
  EXPECT_EQ(Eval("twice(x => { try { twice(1, 2) } catch {} return x + 1 }, 1)"), "3");
  EXPECT_EQ(
      Eval("twice(x => { try { sum(null) } catch {} return { valueOf() { try { dom() } catch {} return x + 1 } } },"
           " 1)"),
      "3");
  EXPECT_EQ(Eval("volume({ get width() { try { dom() } catch {} return 2 }, height: 1 })"), "4");
  EXPECT_EQ(Eval("function f(n) { return n === 0 ? 1 : twice(x => f(n - 1), 1) }; f(6)"), "1");
}

TEST_F(ConvertTest, DeepRecursionThroughCallbacksIsARangeError) {
  EXPECT_EQ(Eval("function down() { twice(down, 1) }; try { down() } catch (e) { e.name }"), "RangeError");
  EXPECT_EQ(Eval("dom('still here')"), "still here");
}

TEST_F(ConvertTest, AllocationsLiveUntilTheirCallEnds) {
  EXPECT_EQ(Eval("function nest(n) { return n === 0 ? 'end' : spread(() => 'x'.repeat(300) + nest(n - 1)) }"
                 "nest(20).length"),
            "6003");
  EXPECT_EQ(Eval("try { spread(() => { throw new RangeError('mine') }) } catch (e) { e.message }"), "mine");
}

TEST_F(ConvertTest, KeptCallbacksOutliveTheirCallAndTheRuntime) {
  Eval("let got = 0; keep(x => { got = x; return x + 1 })");
  CleatCallback* kept = fixture_take_callback();
  ASSERT_NE(kept, nullptr);
  Run([&](CleatEnv* env) {
    CleatValue* argument = cleat_number(env, 41);
    CleatInput result;
    int32_t value = 0;
    ASSERT_TRUE(cleat_callback_call(env, kept, nullptr, 1, &argument, &result));
    ASSERT_TRUE(cleat_input_long(&result, &value));
    EXPECT_EQ(value, 42);
    EXPECT_TRUE(cleat_is_function(env, cleat_callback_value(env, kept)));
  });
  EXPECT_EQ(Eval("got"), "41");
  Close();
  cleat_callback_release(kept);
}

TEST_F(ConvertTest, CallbacksThatThrowInATaskAreUncaught) {
  Eval("keep(() => { throw new Error('loud') })");
  CleatCallback* kept = fixture_take_callback();
  Run([&](CleatEnv* env) {
    CleatInput result;
    EXPECT_FALSE(cleat_callback_call(env, kept, nullptr, 0, nullptr, &result));
    EXPECT_TRUE(cleat_failed(env));
    EXPECT_FALSE(cleat_callback_call(env, kept, nullptr, 0, nullptr, &result));
  });
  Run([](CleatEnv*) {});
  EXPECT_EQ(uncaught_, 1);
  cleat_callback_release(kept);
  EXPECT_EQ(Eval("dom('on')"), "on");
}

}  // namespace
