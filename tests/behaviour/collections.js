// maplike<> and setlike<>, from the steps of the Web IDL standard.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;

test("a maplike has the members of a Map", () => {
  const names = ["entries", "keys", "values", "size", "get", "has", "forEach", "set", "delete", "clear", "constructor"];
  alike(Object.getOwnPropertyNames(Scores.prototype).sort(), names.sort());
  for (const [name, length] of [["entries", 0], ["get", 1], ["has", 1], ["forEach", 1], ["set", 2], ["delete", 1]]) {
    const { value, writable, enumerable, configurable } = own(Scores.prototype, name);
    alike([value.name, value.length, writable, enumerable, configurable], [name, length, true, true, true]);
    throws(TypeError, () => value.call({}, 1, 2));
    throws(TypeError, () => value.call(new Map(), 1, 2));
  }
  const size = own(Scores.prototype, "size");
  alike([size.get.name, size.enumerable, size.configurable, size.set], ["get size", true, true, undefined]);
  throws(TypeError, () => Scores.prototype.size);
  same(Scores.prototype[Symbol.iterator], Scores.prototype.entries);
  same(own(Scores.prototype, Symbol.iterator).enumerable, false);
});

test("keys and values are converted to their types", () => {
  const scores = new Scores();
  same(scores.set(1, "2"), scores);
  same(scores.get("1"), 2);
  same(scores.has(1), true);
  alike([...scores], [["1", 2]]);
  throws(TypeError, () => scores.set("x", "no number"));
  throws(TypeError, () => scores.set("x"));
  throws(TypeError, () => scores.set(Symbol(), 1));
  same(scores.has("x"), false);
  same(scores.get("x"), undefined);
});

test("entries stay in order, are deleted and cleared", () => {
  const scores = new Scores();
  scores.set("b", 1).set("a", 2).set("b", 3);
  same(scores.size, 2);
  alike([...scores.keys()], ["b", "a"]);
  alike([...scores.values()], [3, 2]);
  same(scores.delete("b"), true);
  same(scores.delete("b"), false);
  same(scores.clear(), undefined);
  same(scores.size, 0);
});

test("the iterators are Map iterators, and live", () => {
  const scores = new Scores();
  const keys = scores.keys();
  same(Object.getPrototypeOf(keys), Object.getPrototypeOf(new Map().keys()));
  scores.set("late", 1);
  alike(keys.next(), { value: "late", done: false });
});

test("forEach gives value, key and object, with this, and sees what is added", () => {
  const scores = new Scores().set("a", 1);
  const self = {};
  const seen = [];
  same(scores.forEach(function (value, key, object) {
    same(this, self);
    same(object, scores);
    seen.push(key + value);
    if (seen.length === 1) scores.set("b", 2);
  }, self), undefined);
  alike(seen, ["a1", "b2"]);
  throws(TypeError, () => scores.forEach(1));
  throws(RangeError, () => scores.forEach(() => { throw new RangeError("stop"); }), "stop");
});

test("what scripts do to Map.prototype does not matter", () => {
  const kept = { set: Map.prototype.set, entries: Map.prototype.entries };
  const prototype = Object.getPrototypeOf(new Map().entries());
  const { next } = prototype;
  Map.prototype.set = Map.prototype.entries = prototype.next = () => { throw new Error("it was called"); };
  const seen = [];
  try {
    const scores = new Scores().set("a", 1);
    scores.forEach((value, key) => seen.push(key));
    scores.entries();
  } finally {
    Object.assign(Map.prototype, kept);
    prototype.next = next;
  }
  alike(seen, ["a"]);
});

test("a setlike has the members of a Set, -0 is 0, and what it declares itself wins", () => {
  const tags = new Tags();
  same(Tags.prototype.keys.name, "keys");
  same(Tags.prototype[Symbol.iterator], Tags.prototype.values);
  same(Tags.prototype.values.name, "values");
  same(tags.add(-0), tags);
  same(Object.is([...tags][0], 0), true);
  same(tags.has(0), true);
  tags.add("7");
  alike([...tags.entries()], [[0, 0], [7, 7]]);
  const seen = [];
  tags.forEach((value, key, object) => seen.push([value, key, object === tags]));
  alike(seen, [[0, 0, true], [7, 7, true]]);
  same(tags.clear(), "its own");
  same(tags.size, 2);
  same("set" in tags, false);
});

test("readonly ones are changed by C alone", () => {
  const fixed = collections.fixed();
  alike([...fixed], ["one", "three"]);
  for (const name of ["add", "delete", "clear"]) same(name in fixed, false);
  const table = collections.table();
  alike([...table], [[1, "first"]]);
  same(table.get("1"), "first");
  for (const name of ["set", "delete", "clear"]) same(name in table, false);
});

test("no property shows where the entries are", () => {
  alike(Reflect.ownKeys(new Scores().set("a", 1)), []);
  same(Reflect.ownKeys(globalThis).some((key) => String(key).startsWith("Map.")), false);
});
}
