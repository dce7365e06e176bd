// The messages of errors: which interface, which member, which argument, and the path to the value that was wrong.
"use strict";

// Asserts that `body` throws an error of this name and this message, or gives a promise that is rejected with it.
async function says(body, message, name = "TypeError") {
  try {
    await body();
  } catch (error) {
    same(`${error.name}: ${error.message}`, `${name}: ${message}`);
    return;
  }
  throw new Error(`nothing was thrown, but it should be ${message}`);
}

const bytesOn = (type, buffer = ArrayBuffer) => new type(new buffer(8));

// What is wrong for a member of MessageKinds, and what is said of it. As a function: a snapshot cannot keep buffers.
const wrongKinds = () => [
  ["number", NaN, "is not a finite number"],
  ["number", Symbol(), "is a Symbol, which cannot be converted to a number"],
  ["number", 1n, "is a BigInt, which cannot be converted to a number"],
  ["single", 1e39, "is not a finite number"],
  ["integer", Symbol(), "is a Symbol, which cannot be converted to a number"],
  ["integer", 1n, "is a BigInt, which cannot be converted to a number"],
  ["small", 256, "is outside the range of type 'octet'"],
  ["small", NaN, "is not a finite number"],
  ["large", 2 ** 53, "is outside the range of type 'long long'"],
  ["big", 1, "is a number, which cannot be converted to a BigInt"],
  ["big", null, "is null, which cannot be converted to a BigInt"],
  ["big", Symbol(), "is a Symbol, which cannot be converted to a BigInt"],
  ["text", Symbol(), "is a Symbol, which cannot be converted to a string"],
  ["scalars", Symbol(), "is a Symbol, which cannot be converted to a string"],
  ["bytes", Symbol(), "is a Symbol, which cannot be converted to a string"],
  ["bytes", "\u0100", "has a character above U+00FF"],
  ["plain", "a\0b", "has a NUL character"],
  ["wide", Symbol(), "is a Symbol, which cannot be converted to a string"],
  ["color", "green", "is 'green', which is not a value of the enumeration 'MessageColor'"],
  ["color", Symbol(), "is a Symbol, which cannot be converted to a string"],
  ["thing", 1, "is not an object"],
  ["key", "key", "is not a symbol"],
  ["native", {}, "is not a Message"],
  ["native", null, "is not a Message"],
  ["nativeOrNull", {}, "is not a Message"],
  ["function", {}, "is not a function"],
  ["visitor", 1, "is not an object"],
  ["size", 1, "is not an object"],
  ["list", 1, "is not iterable"],
  ["list", {}, "is not iterable"],
  ["list", "text", "is not iterable"],
  ["list", { [Symbol.iterator]: () => 1 }, "has an iterator that is not an object"],
  ["list", { [Symbol.iterator]: () => ({}) }, "has an iterator whose next is not a function"],
  ["list", { [Symbol.iterator]: () => ({ next: () => 1 }) }, "has an iterator that gives a result that is not an object"],
  ["map", 1, "is not an object"],
  ["numberOrNative", 1n, "is a BigInt, which cannot be converted to a number"],
  ["sizeOrList", 1, "is not of the type (MessageSize or sequence<double>)"],
  ["nativeOrColor", "green", "is 'green', which is not a value of the enumeration 'MessageColor'"],
  ["nativeOrCallback", {}, "is not of the type (Message or MessageNumber)"],
  ["buffer", bytesOn(Uint8Array), "is not an ArrayBuffer"],
  ["array", bytesOn(DataView), "is not a Uint8Array"],
  ["array", bytesOn(Uint8Array, SharedArrayBuffer), "is of a SharedArrayBuffer, which is not allowed here"],
  ["view", new ArrayBuffer(1), "is not an ArrayBufferView"],
  ["source", {}, "is not an ArrayBuffer or a view of one"],
  ["data", bytesOn(Uint8Array), "is not a DataView"],
  ["later", {}, "is not iterable"],
];

test("messages for every kind of type", async () => {
  for (const [member, value, problem] of wrongKinds()) {
    await says(() => new Message().kinds({ [member]: value }),
               `Failed to execute 'kinds' on 'Message': member '${member}' of argument 1 ${problem}.`);
  }
});

test("messages for values inside of values", async () => {
  const m = new Message();
  const parts = [
    [{ size: {} }, "member 'width' of member 'size' of argument 1 is required, but it is undefined"],
    [{ size: { width: NaN } }, "member 'width' of member 'size' of argument 1 is not a finite number"],
    [{ list: [1, 1n] }, "element 1 of member 'list' of argument 1 is a BigInt, which cannot be converted to a number"],
    [{ map: { a: 1, "b c": NaN } }, "member 'b c' of member 'map' of argument 1 is not a finite number"],
    [{ byteMap: { "\u0100": 1 } }, "a key of member 'byteMap' of argument 1 has a character above U+00FF"],
    [{ sizeOrList: [NaN] }, "element 0 of member 'sizeOrList' of argument 1 is not a finite number"],
    [{ sizeOrList: { width: NaN } }, "member 'width' of member 'sizeOrList' of argument 1 is not a finite number"],
  ];
  for (const [kinds, problem] of parts) {
    await says(() => m.kinds(kinds), `Failed to execute 'kinds' on 'Message': ${problem}.`);
  }
  await says(() => m.grid([[1], [2, NaN]]),
             "Failed to execute 'grid' on 'Message': element 1 of element 1 of argument 1 is not a finite number.");
  await says(() => m.grid([1]), "Failed to execute 'grid' on 'Message': element 0 of argument 1 is not iterable.");
  await says(() => m.sizes({ a: [{ width: 1 }, { width: NaN }] }), "Failed to execute 'sizes' on 'Message': " +
             "member 'width' of element 1 of member 'a' of argument 1 is not a finite number.");
});

test("messages for every place where a value stands", async () => {
  const m = new Message();
  const indexed = new MessageIndexed();
  const named = new MessageNamed();
  const wrong = [
    [() => m.kinds(1), "Failed to execute 'kinds' on 'Message': argument 1 is not an object."],
    [() => m.grid(), "Failed to execute 'grid' on 'Message': 1 argument required, but only 0 present."],
    [() => m.several(1, { width: NaN }),
     "Failed to execute 'several' on 'Message': member 'width' of argument 2 is not a finite number."],
    [() => m.several(1, { width: 1 }, 1, NaN), "Failed to execute 'several' on 'Message': argument 4 is not a finite number."],
    [() => Message.fixed(NaN), "Failed to execute 'fixed' on 'Message': argument 1 is not a finite number."],
    [() => m.overloaded(), "Failed to execute 'overloaded' on 'Message': 1 argument required, but only 0 present."],
    [() => m.overloaded(NaN), "Failed to execute 'overloaded' on 'Message': argument 1 is not a finite number."],
    [() => m.overloaded({}, {}), "Failed to execute 'overloaded' on 'Message': argument 1 is not a Message."],
    [() => m.overloaded(m, {}), "Failed to execute 'overloaded' on 'Message': " +
     "member 'width' of argument 2 is required, but it is undefined."],
    [() => m.promised(NaN), "Failed to execute 'promised' on 'Message': argument 1 is not a finite number."],
    [() => m.promised(), "Failed to execute 'promised' on 'Message': 1 argument required, but only 0 present."],
    [() => m.blocking({ width: NaN }),
     "Failed to execute 'blocking' on 'Message': member 'width' of argument 1 is not a finite number."],
    [() => messages.one(NaN), "Failed to execute 'one' on 'messages': argument 1 is not a finite number."],
    [() => messageOne(NaN), "Failed to execute 'messageOne': argument 1 is not a finite number."],
    [() => new MessageMap().set("a", NaN), "Failed to execute 'set' on 'MessageMap': argument 2 is not a finite number."],
    [() => new MessageMap().forEach(1), "Failed to execute 'forEach' on 'MessageMap': argument 1 is not a function."],

    [() => new Message(NaN), "Failed to construct 'Message': argument 1 is not a finite number."],
    [() => new MessageOf(NaN), "Failed to construct 'MessageOf': argument 1 is not a finite number."],
    [() => new MessageOf(), "Failed to construct 'MessageOf': 1 argument required, but only 0 present."],
    [() => Message(), "Failed to construct 'Message': " +
     "Please use the 'new' operator, this object constructor cannot be called as a function."],
    [() => MessageOf(1), "Failed to construct 'MessageOf': " +
     "Please use the 'new' operator, this object constructor cannot be called as a function."],

    [() => (m.width = NaN), "Failed to set the 'width' property on 'Message': the value is not a finite number."],
    [() => (m.color = Symbol()), "Failed to set the 'color' property on 'Message': " +
     "the value is a Symbol, which cannot be converted to a string."],
    [() => (m.other = {}), "Failed to set the 'other' property on 'Message': the value is not a Message."],
    [() => (m.either = NaN), "Failed to set the 'either' property on 'Message': the value is not a finite number."],
    [() => (m.forwards = NaN), "Failed to set the 'width' property on 'Message': the value is not a finite number."],
    [() => (Message.shared = NaN), "Failed to set the 'shared' property on 'Message': the value is not a finite number."],
    [() => (messageWidth = NaN), "Failed to set the 'messageWidth' property: the value is not a finite number."],
    [() => (m.numbers = 1), "Failed to set the 'numbers' property on 'Message': the value is not iterable."],
    [() => (m.numbers = [1, NaN]),
     "Failed to set the 'numbers' property on 'Message': element 1 of the value is not a finite number."],
    [() => (m.numbers[0] = NaN), "Failed to set element 0 of 'Message.numbers': the value is not a finite number."],
    [() => m.numbers.push(NaN), "Failed to set element 0 of 'Message.numbers': the value is not a finite number."],
    [() => (indexed[7] = NaN), "Failed to set element 7 of 'MessageIndexed': the value is not a finite number."],
    [() => (named.foo = 1), "Failed to set the 'foo' property on 'MessageNamed': the value is not an object."],
    [() => (named.foo = { width: NaN }),
     "Failed to set the 'foo' property on 'MessageNamed': member 'width' of the value is not a finite number."],
    [() => Object.defineProperty(named, "x".repeat(200), { value: 1 }),
     `Failed to set the '${"x".repeat(100)}' property on 'MessageNamed': the value is not an object.`],
    [() => (new MessageConstant()[0] = 1), "Element 0 of a MessageConstant cannot be assigned to"],
    [() => (new MessageConstant().known = 1), "The property 'known' of a MessageConstant cannot be assigned to"],
    [() => delete new MessageConstant().known, "The property 'known' of a MessageConstant cannot be deleted"],

    [() => m.call(() => NaN), "the result of the callback 'MessageNumber' is not a finite number."],
    [() => m.call(() => 1n), "the result of the callback 'MessageNumber' is a BigInt, which cannot be converted to a number."],
    [() => m.callSize(() => 1), "the result of the callback 'MessageSizeOf' is not an object."],
    [() => m.callSize(() => ({ width: NaN })),
     "member 'width' of the result of the callback 'MessageSizeOf' is not a finite number."],
    [() => m.callList(() => [1, 1n]), "element 1 of the result of the callback 'MessageList' is a BigInt, " +
     "which cannot be converted to a number."],
    [() => m.visit({ visit: () => 1n }),
     "the result of the callback 'MessageVisitor.visit' is a BigInt, which cannot be converted to a number."],
    [() => m.visit({}), "The property 'visit' of the callback is not a function"],
  ];
  for (const [body, message] of wrong) await says(body, message);
  await says(() => (m.numbers.length = -1), "Failed to set the length of 'Message.numbers': it is not that of an array", "RangeError");
});
