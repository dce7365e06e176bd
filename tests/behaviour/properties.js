// Indexed and named properties, from the algorithms for legacy platform objects of the Web IDL standard.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;
const sloppy = (body) => new Function("it", body);

function list(...values) {
  const it = new List();
  for (const value of values) it.push(value);
  return it;
}

test("indices below the length are own properties", () => {
  const it = list(1, 2);
  same(it[0], "1");
  same(it[2], undefined);
  same(it.item(1), "2");
  alike(own(it, 1), { value: "2", writable: true, enumerable: true, configurable: true });
  same(own(it, 2), undefined);
  alike([0 in it, 2 in it, Object.hasOwn(it, "1"), it.propertyIsEnumerable(0)], [true, false, true, true]);
  alike(Object.keys(it), ["0", "1"]);
  const seen = [];
  for (const key in it) seen.push(key);
  alike(seen.slice(0, 2), ["0", "1"]);
});

test("an indexed setter converts, and takes definitions of data", () => {
  const it = list(1);
  it[0] = "7";
  it[1] = 8;
  alike([it[0], it[1], it.length], ["7", "8", 2]);
  Object.defineProperty(it, 0, { value: 9 });
  same(it[0], "9");
  throws(TypeError, () => Object.defineProperty(it, 0, { get() {} }));
  throws(TypeError, () => { it[0] = Symbol(); });
  throws(TypeError, () => { it[0] = 1n; });
  throws(TypeError, () => delete it[0]);
  same(sloppy("return delete it[0]")(it), false);
  same(Reflect.deleteProperty(it, 5), true);
});

test("without an indexed setter assignment is refused, of unsupported indices too", () => {
  const row = new Row();
  alike(own(row, 0), { value: 10, writable: false, enumerable: true, configurable: true });
  throws(TypeError, () => { row[0] = 1; });
  throws(TypeError, () => { row[9] = 1; });
  throws(TypeError, () => Object.defineProperty(row, 0, { value: 1 }));
  throws(TypeError, () => Object.defineProperty(row, 9, { value: 1 }));
  sloppy("it[0] = 1; it[9] = 1")(row);
  alike([row[0], row[9], Reflect.ownKeys(row)], [10, undefined, ["0", "1"]]);
  row.other = 3;
  alike(Reflect.ownKeys(row), ["0", "1", "other"]);
});

test("@@iterator and the methods of a value iterable are those of arrays", () => {
  same(own(List.prototype, Symbol.iterator).value, Array.prototype.values);
  same(own(List.prototype, Symbol.iterator).enumerable, false);
  for (const name of ["entries", "forEach", "keys", "values"]) {
    const { value, writable, enumerable, configurable } = own(List.prototype, name);
    same(value, Array.prototype[name]);
    alike([writable, enumerable, configurable], [true, true, true]);
  }
  alike([...list(3, 4)], ["3", "4"]);
  alike([...new Row()], [10, 11]);
  same("entries" in Row.prototype, false);
});

test("derived interfaces have the properties, and brand checks hold", () => {
  const it = new Frozen();
  it.push(6);
  alike([it[0], it.length, [...it]], ["6", 1, ["6"]]);
  same(it instanceof List, true);
  throws(TypeError, () => List.prototype.item.call(new Row(), 0));
  same(List.prototype[0], undefined);
});

test("what has indexed properties cannot be made unextensible", () => {
  throws(TypeError, () => Object.preventExtensions(list()));
  throws(TypeError, () => Object.freeze(new Store()));
  same(Reflect.preventExtensions(list()), false);
});

test("named properties are own ones, and listed before expandos' symbols", () => {
  const store = new Store();
  store.set("a", 1);
  store.b = 2;
  alike([store.a, store.b, store.c], ["1", "2", undefined]);
  alike(own(store, "b"), { value: "2", writable: true, enumerable: true, configurable: true });
  const symbol = Symbol();
  store[symbol] = 3;
  same(store[symbol], 3);
  alike(Reflect.ownKeys(store).length, 3);
  alike(Object.entries(store), [["a", "1"], ["b", "2"]]);
  same("c" in store, false);
});

test("a named setter is asked for every string, but what the prototypes have stays visible", () => {
  const store = new Store();
  store.plain = "hidden";
  same(typeof store.plain, "function");
  same(Object.hasOwn(store, "plain"), false);
  alike(Object.keys(store), []);
  Object.defineProperty(store, "x", { value: "defined" });
  same(store.x, "defined");
  throws(TypeError, () => Object.defineProperty(store, "x", { get() {} }));
});

test("a named deleter deletes, or refuses", () => {
  const store = new Store();
  store.a = 1;
  store.locked = 2;
  same(delete store.a, true);
  same(store.a, undefined);
  throws(TypeError, () => delete store.locked);
  same(sloppy("return delete it.locked")(store), false);
  same(Reflect.deleteProperty(store, "locked"), false);
  same(delete store.nothing, true);
});

test("names that look like indices are names where there are no indexed properties", () => {
  const store = new Store();
  store[3] = "three";
  same(store["3"], "three");
  same(Object.hasOwn(store, 3), true);
  same(delete store[3], true);
  same(3 in store, false);
});

test("[LegacyOverrideBuiltIns] hides what the prototypes have, [LegacyUnenumerableNamedProperties] from enumeration", () => {
  const it = new Overriding();
  same(it.toString, 5);
  alike(own(it, "toString"), { value: 5, writable: false, enumerable: false, configurable: true });
  alike(Object.keys(it), []);
  alike(Reflect.ownKeys(it), ["toString"]);
  throws(TypeError, () => { it.toString = 1; });
  throws(TypeError, () => delete it.toString);
  throws(RangeError, () => it.bad, "it is bad");
  it.expando = 1;
  same(it.expando, 1);
});

test("objects that inherit from one are not answered for", () => {
  const store = new Store();
  store.a = 1;
  const heir = Object.create(store);
  same(heir.a, "1");
  heir.own = 2;
  same(store.own, undefined);
  same(Object.hasOwn(heir, "own"), true);
  const row = Object.create(new Row());
  throws(TypeError, () => { row[0] = 1; });
});

test("a named getter that is overloaded, and gives promises", async () => {
  const it = new Fetcher();
  it.k = "a";
  same(await it.k, "k is a");
  same(await it.fetch("x"), "x is a");
  same(await it.fetch(3), "number 3");
  same(it.other, undefined);
  alike(Object.keys(it), ["k"]);
  throws(RangeError, () => { it.kbad = "b"; }, "no kbad");
  same(await it.k, "k is a");
});

test("a length that throws", async () => {
  const it = new Fragile();
  alike(await Promise.all(it), [0, 10]);
  it.smash();
  for (const look of [() => it.length, () => it[0], () => 0 in it, () => Object.keys(it), () => delete it[0]]) {
    throws(RangeError, look, "it is broken");
  }
});
}
