// Records.
"use strict";

// RECORDS

test("a record has the own enumerable properties, in order", () => {
  const object = Object.create({ inherited: 1 }, { hidden: { value: 2, enumerable: false } });
  Object.assign(object, { b: 3, a: "4", 1: 5 });
  alike(records.longs(object), { 1: 5, b: 3, a: 4 });
  same(Object.keys(records.longs(object)).join(), "1,b,a");
  alike(records.longs([7, 8]), { 0: 7, 1: 8 });
  alike(records.longs(() => 1), {});
  for (const wrong of [undefined, null, 1, "text", Symbol()]) {
    throws(TypeError, () => records.longs(wrong), "argument 1 is not an object");
  }
});

test("keys are asked for in the standard's order", () => {
  const log = [];
  const target = { a: 1, b: 2 };
  Object.defineProperty(target, "hidden", { value: 3, enumerable: false, configurable: true });
  const proxy = new Proxy(target, {
    ownKeys: (it) => log.push("keys") && Reflect.ownKeys(it),
    getOwnPropertyDescriptor: (it, key) => log.push(`descriptor ${key}`) && Reflect.getOwnPropertyDescriptor(it, key),
    get: (it, key) => log.push(`get ${String(key)}`) && it[key],
  });
  alike(records.longs(proxy), { a: 1, b: 2 });
  same(log.join(), "keys,descriptor a,get a,descriptor b,get b,descriptor hidden");
});

test("a property that a getter takes away is not there any more", () => {
  const object = {
    get first() {
      delete this.second;
      return 1;
    },
    second: 2,
  };
  alike(records.longs(object), { first: 1 });
});

test("an enumerable symbol is a TypeError", () => {
  throws(TypeError, () => records.longs({ [Symbol("s")]: 1 }));
  const hidden = Object.defineProperty({ a: 1 }, Symbol(), { value: 1, enumerable: false });
  alike(records.longs(hidden), { a: 1 });
});

test("keys that become the same are one, in the first place, with the last value", () => {
  const result = records.strings({ "\ud800": "first", b: "second", "\udfff": "third" });
  same(Object.keys(result).join(), "\ufffd,b");
  same(result["\ufffd"], "third");
});

test("ByteString keys and values", () => {
  alike(records.bytes({ "caf\u00e9": "\u00ff" }), { "caf\u00e9": "\u00ff" });
  throws(TypeError, () => records.bytes({ "\u0100": "a" }), "a key of argument 1 has a character above U+00FF");
  throws(TypeError, () => records.bytes({ key: "\u0100" }), "member 'key' of argument 1 has a character above");
});

test("records of records, null, and in dictionaries", () => {
  alike(records.nested({ a: { b: [1, 2] }, c: {} }), { a: { b: [1, 2] }, c: {} });
  throws(TypeError, () => records.nested({ a: { b: [1, NaN] } }),
    "element 1 of member 'b' of member 'a' of argument 1 is not a finite number");
  same(records.orNull(), null);
  same(records.orNull(null), null);
  same(records.orNull({ a: records }).a, records);
  alike(records.request({ headers: { A: "b" } }), { headers: { A: "b" } });
  alike(records.request(), {});
});

test("a key named __proto__ is a key", () => {
  const result = records.longs(JSON.parse('{"__proto__": 3}'));
  same(Object.getOwnPropertyDescriptor(result, "__proto__").value, 3);
});

test("promises copy records", async () => {
  alike(await records.later({ a: "b" }), { a: "b" });
  alike(await records.blocked({ a: 1.5, b: 2 }), { a: 1.5, b: 2 });
});

test("a dictionary that contains itself", async () => {
  const tree = {
    name: "root",
    children: [{ children: [] }, { name: "leaf" }],
    opposite: { opposite: { name: "far" } },
    named: { a: { either: 5 } },
    either: { either: { name: "deep" } },
  };
  const expected = {
    children: [{ children: [], name: "tree" }, { name: "leaf" }],
    either: { either: { name: "deep" }, name: "tree" },
    name: "root",
    named: { a: { either: 5, name: "tree" } },
    opposite: { name: "tree", opposite: { name: "far" } },
  };
  alike(records.tree(tree), expected);
  alike(await records.grown(tree), expected);
  same(await records.counted(tree), 5);
});

test("its members are read in order, in depth, each once", () => {
  const log = [];
  const logging = (name, target = {}) => new Proxy(target, { get(it, key) { log.push(`${name}.${key}`); return it[key]; } });
  records.tree(logging("a", { opposite: logging("b"), children: [logging("c")] }));
  const members = ["children", "either", "name", "named", "opposite"];
  const within = (name) => members.map((member) => `${name}.${member}`);
  alike(log, ["a.children", ...within("c"), "a.either", "a.name", "a.named", "a.opposite", ...within("b")]);
});

test("one that is in itself, or too deep, is a RangeError", () => {
  const endless = {};
  endless.opposite = endless;
  throws(RangeError, () => records.tree(endless), "nested too deep");
  endless.opposite = undefined;
  endless.children = [endless];
  throws(RangeError, () => records.tree(endless), "nested too deep");
  let deep = {};
  for (let i = 0; i < 200; i++) deep = { opposite: deep };
  same(records.tree(deep).opposite.opposite.name, "tree");
});
