// Unions, in the order of the standard's "converted to an IDL union type".
"use strict";

// UNIONS

test("a number or a string: only numbers are numbers", () => {
  same(unions.numberOrString(5), "long 5");
  same(unions.numberOrString("5"), "string 5");
  same(unions.numberOrString(null), "string null");
  same(unions.numberOrString(undefined), "string undefined");
  same(unions.numberOrString(true), "string true");
  same(unions.numberOrString(7n), "string 7");
  same(unions.numberOrString({ valueOf: () => 5, toString: () => "text" }), "string text");
  throws(TypeError, () => unions.numberOrString(Symbol()));
  throws(TypeError, () => unions.numberOrString());
});

test("a number or a boolean: everything else is made a number", () => {
  same(unions.numberOrBoolean(false), "boolean 0");
  same(unions.numberOrBoolean(1.5), "double 1.5");
  same(unions.numberOrBoolean("2.5"), "double 2.5");
  same(unions.numberOrBoolean(null), "double 0");
  throws(TypeError, () => unions.numberOrBoolean({}), "argument 1 is not a finite number");
  throws(TypeError, () => unions.numberOrBoolean(1n));
});

test("a bigint or a number: ToNumeric decides, once", () => {
  same(unions.bigOrNumber(5n), "bigint 5");
  same(unions.bigOrNumber(300), "octet 255");
  same(unions.bigOrNumber("12"), "octet 12");
  same(unions.bigOrNumber(true), "octet 1");
  let seen = [];
  same(unions.bigOrNumber({ [Symbol.toPrimitive]: (hint) => seen.push(hint) && 7n }), "bigint 7");
  alike(seen, ["number"]);
  seen = [];
  const object = { valueOf: () => seen.push("valueOf") && {}, toString: () => seen.push("toString") && "9" };
  same(unions.bigOrNumber(object), "octet 9");
  alike(seen, ["valueOf", "toString"]);
  throws(TypeError, () => unions.bigOrNumber({ valueOf: 1, toString: undefined }));
  throws(TypeError, () => unions.bigOrNumber(Symbol()));
  throws(RangeError, () => unions.bigOrNumber({ valueOf() { throw new RangeError("mine"); } }), "mine");
});

test("bigints beside strings and booleans", () => {
  same(unions.bigOrString(-3n), "bigint -3");
  same(unions.bigOrString(3), "string 3");
  same(unions.booleanOrBig(3n), "bigint 3");
  same(unions.booleanOrBig(3), "boolean 1");
  same(unions.booleanOrBig(""), "boolean 0");
});

test("null and undefined are a dictionary where there is one", () => {
  same(unions.dictionaryOrNumber(), "offset 1");
  same(unions.dictionaryOrNumber(null), "offset 1");
  same(unions.dictionaryOrNumber({ x: 4 }), "offset 4");
  same(unions.dictionaryOrNumber(() => 1), "offset 1");
  same(unions.dictionaryOrNumber(8), "long 8");
  same(unions.dictionaryOrNumber("8"), "long 8");
});

test("what is iterable is a sequence, and its @@iterator is got once", () => {
  let got = 0;
  const iterable = {
    get [Symbol.iterator]() {
      got++;
      return [1, 2, 3][Symbol.iterator].bind([1, 2, 3]);
    },
  };
  same(unions.sequenceOrRecord(iterable), "sequence of 3");
  same(got, 1);
  same(unions.sequenceOrRecord([]), "sequence of 0");
  same(unions.sequenceOrRecord({ a: 1, b: 2 }), "record of 2");
  same(unions.sequenceOrRecord(0), "boolean 0");
  throws(TypeError, () => unions.sequenceOrRecord({ [Symbol.iterator]: 1 }), "is not iterable");
  same(unions.sequenceOrDictionary({ x: 6, [Symbol.iterator]: null }), "offset 6");
  same(unions.sequenceOrDictionary(null), "offset 1");
  same(unions.sequenceOrDictionary(new Set([1, 2])), "sequence of 2");
  throws(TypeError, () => unions.sequenceOrDictionary(1), "argument 1 is not of the type");
  throws(TypeError, () => unions.sequenceOrRecord([1, Symbol()]), "");
});

test("functions are callbacks before they are objects", () => {
  same(unions.callbackOrRecord(() => 1), "callback");
  same(unions.callbackOrRecord({ a: 1 }), "record of 1");
  same(unions.callbackOrRecord("text"), "string text");
  same(unions.objectOrSymbol(() => 1), "object");
  same(unions.objectOrSymbol(Symbol()), "symbol");
  same(unions.objectOrSymbol("4"), "long 4");
});

test("native objects come before dictionaries, and only the real ones", () => {
  const animal = new Animal("Rex");
  same(unions.animalOrDictionary(animal), "animal Rex");
  same(unions.animalOrDictionary(Object.create(animal)), "offset 1");
  same(unions.animalOrDictionary(new Proxy(animal, {})), "offset 1");
  same(unions.echo(animal), animal);
  same(unions.echo(4), 4);
  same(unions.echo(null), null);
  same(unions.echo(undefined), null);
  same(unions.echo("12"), 12);
});

test("buffers come before sequences", () => {
  same(unions.bytesOrSequence(new ArrayBuffer(3)), "3 bytes");
  same(unions.bytesOrSequence(new Uint16Array(3)), "6 bytes");
  same(unions.bytesOrSequence(new DataView(new ArrayBuffer(5), 1)), "4 bytes");
  same(unions.bytesOrSequence([1, 2]), "sequence of 2");
  throws(TypeError, () => unions.bytesOrSequence(new SharedArrayBuffer(1)), "is not of the type");
  throws(TypeError, () => unions.bytesOrSequence(new Uint8Array(new SharedArrayBuffer(1))), "SharedArrayBuffer");
  same(unions.floatsOrBuffer(new Float32Array(2)), "2 floats");
  same(unions.floatsOrBuffer(new ArrayBuffer(2)), "2 bytes");
  same(unions.floatsOrBuffer(new Float64Array(2)), "string 0,0");
});

test("enumerations, attributes, dictionaries, callbacks", () => {
  const animal = new Animal("Tom");
  same(unions.being("glad"), "glad");
  same(unions.being(animal), animal);
  throws(TypeError, () => unions.being("angry"), "not a value of the enumeration 'Mood'");
  same(animal.companion, null);
  animal.companion = animal;
  same(animal.companion, animal);
  animal.companion = "3";
  same(animal.companion, 3);
  alike(unions.box(), { content: "empty", flag: null });
  alike(unions.box({ content: [1, 2], flag: true }), { content: [1, 2], flag: true });
  alike(unions.box({ content: 5, flag: 6 }), { content: "5", flag: 6 });
  throws(TypeError, () => unions.box({ content: [1, Symbol()] }));
  same(unions.choose((mood) => mood, "sad"), "sad");
  same(unions.choose(() => 12, "sad"), 12);
  throws(TypeError, () => unions.choose(() => Symbol(), "sad"));
});

test("unions within sequences within unions", () => {
  alike(unions.nested([1, "two", 3]), [1, "two", 3]);
  same(unions.nested("one"), "one");
  same(unions.nested(1), 1);
});

test("undefined may be a result", () => {
  same(unions.maybe(true), "given");
  same(unions.maybe(false), undefined);
});

test("defaults", () => {
  same(unions.defaulted(), "1 2.5 7 0");
  same(unions.defaulted(1, "glad", {}, 1), "-1 -1 -1 1");
});

test("promises copy what a union holds", async () => {
  same(await unions.later("text"), "text");
  same(await unions.later(3), 3);
  alike(await unions.blocked(["a", "b"]), ["a", "b"]);
  same(await unions.blocked(4), 4);
});
