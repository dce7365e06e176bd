// BigInts, symbols, strings in other forms, defaults of type any, and optional arguments of callbacks.
"use strict";

// VALUES

test("a bigint of any size passes through C", () => {
  for (const value of [0n, 1n, -1n, 2n ** 64n - 1n, -(2n ** 64n), 2n ** 1000n + 7n, -(2n ** 129n)]) {
    same(values.big(value), value);
    same(values.maybeBig(value), value);
  }
  same(values.big("12"), 12n);
  same(values.big(true), 1n);
  same(values.big({ valueOf: () => 3n }), 3n);
  throws(TypeError, () => values.big(1));
  throws(TypeError, () => values.big(null));
  throws(TypeError, () => values.big(Symbol()));
  throws(SyntaxError, () => values.big("x"));
  same(values.maybeBig(null), null);
  same(values.bigs(1n, -2n, 0n).join(), "1,-2,0");
});

test("a promise of a bigint", async () => {
  same(await values.laterBig(-(2n ** 70n)), -(2n ** 70n));
});

test("a symbol is itself, and nothing else is one", () => {
  const sign = Symbol("sign");
  same(values.sign(sign), sign);
  same(values.maybeSign(sign), sign);
  same(values.maybeSign(), null);
  same(values.maybeSign(null), null);
  for (const wrong of ["sign", Object(sign), undefined, 1]) {
    throws(TypeError, () => values.sign(wrong), "argument 1 is not a symbol");
  }
});

test("[LegacyNullToEmptyString] is about null, and not undefined", () => {
  same(values.empty(null), "");
  same(values.empty(undefined), "undefined");
  same(values.empty({ toString: () => "text" }), "text");
  same(values.emptyOptional(), null);
  same(values.emptyOptional(null), "");
  same(values.emptyOptional("\ud800"), "\ufffd");
  same(values.emptyLength(null), 0);
  same(values.emptyLength("four"), 4);
  throws(TypeError, () => values.emptyLength("a\0b"), "has a NUL character");
});

test("UTF-16 keeps lone surrogates of a DOMString and replaces those of a USVString", () => {
  for (const text of ["", "plain", "caf\u00e9", "\u{1f600}", "a\0b"]) {
    same(values.utf16(text), text);
    same(values.usv16(text), text);
  }
  same(values.utf16("\udc00\ud800"), "\udc00\ud800");
  same(values.usv16("\udc00a\ud800\u{1f600}\ud800"), "\ufffda\ufffd\u{1f600}\ufffd");
  same(values.units().join(), "99,97,102,233");
  same(values.units("\u{1f600}").join(), "55357,56832");
});

test("Latin-1 is one byte a character", () => {
  same(values.latin1("caf\u00e9"), "caf\u00e9");
  throws(TypeError, () => values.latin1("\u0100"), "above U+00FF");
});

test("defaults of type any", () => {
  same(values.orNull(), null);
  same(values.orNull(undefined), null);
  same(values.orNull(1), 1);
  alike(values.orList(), []);
  same(values.orText(), "text");
  same(values.orNumber(), -Infinity);
  alike(values.anything(), { list: [], nothing: null, number: 1.5, text: "text" });
  same(values.anything({ number: 2 }).number, 2);
  same(values.anything({ big: 5n }).big, 5n);
  throws(TypeError, () => values.anything({ sign: "no" }), "member 'sign' of argument 1 is not a symbol");
});

// CALLBACKS

test("optional arguments of a callback that are missing at the end are not passed", () => {
  const seen = [];
  const callback = (...given) => seen.push(given.length) && given.length;
  same(values.optionals(callback, 0), 1);
  same(values.optionals(callback, 1), 2);
  same(values.optionals(callback, 2), 3);
  same(values.optionals(callback, 3), 4);
  values.optionals((...given) => {
    same(given[2], undefined);
    same(given[3].number, 3);
  }, 3);
  same(values.optionalRest((...given) => given.length, 0), 0);
  alike(values.optionalRest((...given) => given, 1), [null]);
  alike(values.optionalRest((...given) => given, 2), [5]);
  alike(values.optionalRest((...given) => given, 0, "rest"), [undefined, "rest"]);
});

test("[LegacyTreatNonObjectAsNull] takes any object, and calls only functions", () => {
  const handled = new Handled();
  for (const nothing of [null, undefined, 1, "text", Symbol()]) {
    handled.handler = nothing;
    same(handled.handler, null);
    same(handled.handle(1), "none");
  }
  const object = {};
  handled.handler = object;
  same(handled.handler, object);
  same(handled.handle(1), undefined);
  handled.handler = (value) => value + 1;
  same(handled.handle(1), 2);
});

test("a default value of bigint may be of any size", () => {
  same(values.bigOrLess(), -18446744073709551617n);
  same(values.bigOrLess(3n), 3n);
});

// FROZEN ARRAYS THAT ARE NO ATTRIBUTES

test("a FrozenArray is converted as a sequence, and is a frozen Array of its own to JavaScript", () => {
  const given = [1.5, "2", null];
  const got = frozen.longs(given);
  alike(got, [1, 2, 0]);
  same(Object.isFrozen(got), true);
  same(Object.isFrozen(given), false);
  same(frozen.longs(got) === got, false);
  alike(frozen.longs(new Set([4])), [4]);
  throws(TypeError, () => frozen.longs({ length: 0 }));
  throws(TypeError, () => frozen.longs("12"));
  throws(TypeError, () => frozen.longs([1n]));
  same(frozen.count([1], [2, 3]), 3);
});

test("what is iterated over is looked at once", () => {
  const log = [];
  const iterable = {
    get [Symbol.iterator]() {
      log.push("get");
      return function* () { log.push("next"); yield 1; };
    },
  };
  alike(frozen.longs(iterable), [1]);
  alike(log, ["get", "next"]);
});

test("a FrozenArray that may be null", () => {
  same(frozen.maybe(), null);
  same(frozen.maybe(null), null);
  const got = frozen.maybe(["a"]);
  alike(got, ["a"]);
  same(Object.isFrozen(got), true);
});

test("FrozenArrays in other types are frozen, and what is around them is not", async () => {
  const rows = frozen.rows([[1], []]);
  alike(rows, [[1], []]);
  alike([rows, ...rows].map(Object.isFrozen), [false, true, true]);
  const either = frozen.either([1]);
  same(Object.isFrozen(either), true);
  same(frozen.either("a"), "a");
  const held = frozen.held({ numbers: [1, 2] });
  alike(held.numbers, [1, 2]);
  alike([held, held.numbers].map(Object.isFrozen), [false, true]);
  const table = frozen.table({ a: [1], b: [] });
  alike([table, table.a, table.b].map(Object.isFrozen), [false, true, true]);
  const later = await frozen.later([7]);
  alike(later, [7]);
  same(Object.isFrozen(later), true);
});

test("what is a sequence is not frozen where another type of the set is the same but frozen", () => {
  same(Object.isFrozen(frozen.thawed([1])), false);
  alike(frozen.thawedRows([[1]]).map(Object.isFrozen), [false]);
  same(Object.isFrozen(frozen.maybeThawed([1])), false);
  same(Object.isFrozen(frozen.maybeFrozen([1])), true);
});

test("callbacks are given frozen Arrays, and give any iterable", () => {
  let given;
  const got = frozen.call((numbers) => { given = numbers; return new Set([5, "6"]); }, [1, 2]);
  alike(given, [1, 2]);
  same(Object.isFrozen(given), true);
  alike(got, [5, 6]);
  throws(TypeError, () => frozen.call(() => 1, []));
});
