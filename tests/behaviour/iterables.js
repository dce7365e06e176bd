// iterable<>, from the steps of the Web IDL standard.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;

function listing(...pairs) {
  const made = new Listing();
  for (const [key, value] of pairs) made.append(key, value);
  return made;
}

test("a pair iterable has entries, keys, values and forEach, enumerable, and @@iterator, which is entries", () => {
  for (const name of ["entries", "keys", "values", "forEach"]) {
    const { value, writable, enumerable, configurable } = own(Listing.prototype, name);
    alike([value.name, writable, enumerable, configurable], [name, true, true, true]);
    same(value.length, name === "forEach" ? 1 : 0);
    throws(TypeError, () => value.call({}, () => {}));
  }
  const { value, writable, enumerable, configurable } = own(Listing.prototype, Symbol.iterator);
  same(value, Listing.prototype.entries);
  alike([writable, enumerable, configurable], [true, false, true]);
});

test("pairs come in order, as entries, keys and values", () => {
  const it = listing(["a", 1], ["b", 2]);
  alike([...it], [["a", 1], ["b", 2]]);
  alike([...it.entries()], [["a", 1], ["b", 2]]);
  alike([...it.keys()], ["a", "b"]);
  alike([...it.values()], [1, 2]);
});

test("an iterator's prototype inherits from %IteratorPrototype% and has next and a tag only", () => {
  const prototype = Object.getPrototypeOf(listing().keys());
  const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
  same(Object.getPrototypeOf(prototype), iteratorPrototype);
  alike(Reflect.ownKeys(prototype).map(String).sort(), ["Symbol(Symbol.toStringTag)", "next"]);
  const { value, writable, enumerable, configurable } = own(prototype, "next");
  alike([value.name, value.length, writable, enumerable, configurable], ["next", 0, true, true, true]);
  const tag = own(prototype, Symbol.toStringTag);
  alike([tag.value, tag.writable, tag.enumerable, tag.configurable], ["Listing Iterator", false, false, true]);
  same(prototype, Object.getPrototypeOf(listing().entries()));
});

test("next checks what it is called on", () => {
  const { next } = listing().keys();
  for (const it of [undefined, {}, listing(), [].values(), new Map().entries()]) throws(TypeError, () => next.call(it));
});

test("iteration is live, and goes on after its end when there is more", () => {
  const it = listing(["a", 1]);
  const keys = it.keys();
  alike(keys.next(), { value: "a", done: false });
  it.append("b", 2);
  alike(keys.next(), { value: "b", done: false });
  const end = keys.next();
  same(end.done, true);
  same(end.value, undefined);
  it.append("c", 3);
  alike(keys.next(), { value: "c", done: false });
});

test("forEach gives value, key and object, with this, and sees what is added", () => {
  const it = listing(["a", 1], ["b", 2]);
  const seen = [];
  const self = {};
  const result = it.forEach(function (value, key, object) {
    same(this, self);
    same(object, it);
    seen.push(key + value);
    if (seen.length === 1) it.append("c", 3);
  }, self);
  same(result, undefined);
  alike(seen, ["a1", "b2", "c3"]);
  throws(TypeError, () => it.forEach());
  throws(TypeError, () => it.forEach({}));
  throws(RangeError, () => it.forEach(() => { throw new RangeError("stop"); }), "stop");
});

test("a hook that throws ends the iteration with what it threw", () => {
  const it = listing(["a", 1], ["b", -2]);
  const keys = it.keys();
  keys.next();
  throws(RangeError, () => keys.next(), "negative");
  throws(RangeError, () => it.forEach(() => {}), "negative");
});

test("iterators keep what they iterate over", () => {
  const iterators = [];
  for (let i = 0; i < 2000; i++) iterators.push(listing(["k", i]).values());
  iterators.forEach((it, i) => same(it.next().value, i));
});
}
