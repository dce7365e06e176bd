// The order in which the standard defines properties, and steps that only few interfaces show.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;
const keys = (object) => Reflect.ownKeys(object).map((key) => (typeof key === "symbol" ? key.description : key)).join(" ");

// THE ORDER OF PROPERTIES

test("a prototype has attributes, operations, methods of iteration, constants and the constructor", () => {
  same(keys(Ordered.prototype),
       "first second last third toString entries keys values forEach MIDDLE END constructor " +
       "Symbol.toStringTag Symbol.iterator Symbol.unscopables");
  same(keys(OrderedRow.prototype),
       "length item entries keys values forEach WIDTH constructor Symbol.toStringTag Symbol.iterator");
  same(keys(OrderedLater.prototype), "value stop values WIDTH constructor Symbol.toStringTag Symbol.asyncIterator");
});

test("an interface object has constants, static attributes and static operations, a namespace attributes first", () => {
  same(keys(Ordered).replace(/^.* prototype /, ""), "MIDDLE END shared ofAll");
  same(keys(inOrder), "value f WIDTH Symbol.toStringTag");
});

test("an instance has unforgeable operations and attributes, its own interface's first", () => {
  same(keys(new Ordered()), "ownToo own");
  same(keys(new OrderedMore()), "mine ownToo own");
});

test("toJSON, for-in and Object.keys of a prototype go by it", () => {
  alike(Object.keys(Ordered.prototype).slice(0, 3), ["first", "second", "last"]);
});

// SETTERS

test("only where the type is an enumeration itself are other strings ignored", () => {
  const setters = new Setters();
  for (const name of ["fruit", "produce"]) {
    setters[name] = "pear";
    setters[name] = "stone";
    same(setters[name], "pear");
    same(own(Setters.prototype, name).set.call(setters), undefined);
    same(setters[name], "pear");
    throws(TypeError, () => { setters[name] = Symbol(); });
  }
  Setters.common = "pear";
  Setters.common = "stone";
  same(Setters.common, "pear");
  for (const name of ["maybe", "either"]) {
    setters[name] = "pear";
    throws(TypeError, () => { setters[name] = "stone"; }, "not a value of the enumeration 'Fruit'");
    same(setters[name], "pear");
  }
  setters.maybe = undefined;
  same(setters.maybe, null);
});

test("a setter without an argument is given undefined", () => {
  const setters = new Setters();
  setters.flag = true;
  own(Setters.prototype, "flag").set.call(setters);
  same(setters.flag, false);
  own(Setters.prototype, "text").set.call(setters);
  same(setters.text, "undefined");
  setters.text = null;
  same(setters.text, "");
});

test("extended attributes of a nullable type are those of the type in it", () => {
  const setters = new Setters();
  setters.limited = 255.9;
  same(setters.limited, 255);
  throws(TypeError, () => { setters.limited = 256; });
  setters.limited = null;
  same(setters.limited, null);
});

test("[PutForwards] gets and sets properties, as scripts have made them, and does not mind a refusal", () => {
  const setters = new Setters();
  setters.other = "yes";
  same(setters.other.flag, true);
  const { set } = own(Setters.prototype, "other");
  const log = [];
  const other = { set flag(value) { log.push(`set ${value}`); } };
  Object.defineProperty(setters, "other", { configurable: true, get: () => log.push("get") && other });
  set.call(setters, 3);
  alike(log, ["get", "set 3"]);
  Object.defineProperty(setters, "other", { value: Object.freeze({ flag: 1 }) });
  same(set.call(setters, 2), undefined);
});

test("[LegacyLenientThis] goes with the other ways of not minding an assignment", () => {
  const stranger = {};
  const setter = (name) => own(Setters.prototype, name).set;
  // [Replaceable] comes before a wrong `this` is let be.
  setter("loose").call(stranger, 5);
  alike(own(stranger, "loose"), { value: 5, writable: true, enumerable: true, configurable: true });
  throws(TypeError, () => setter("loose").call(Object.freeze({}), 5));
  same(setter("looser").call(stranger, 5), undefined);
  same(setter("loosest").call(stranger, Symbol()), undefined);
  alike(Object.keys(stranger), ["loose"]);
  for (const name of ["loose", "looser", "loosest"]) same(own(Setters.prototype, name).get.call(stranger), undefined);
  // Without a `this` it is the global object, which is no Setters.
  same(own(Setters.prototype, "looser").get.call(undefined), undefined);
  throws(TypeError, () => own(Setters.prototype, "flag").get.call(undefined));
  const setters = new Setters();
  throws(TypeError, () => setter("loosest").call(setters, Symbol()));
  same(setters.loose, 1);
  setters.loose = 3;
  same(setters.loose, 3);
});

// NAMED PROPERTIES

test("what the object has of its own hides a name that comes later, also with [LegacyOverrideBuiltIns]", () => {
  for (const Type of [Showing, Shown]) {
    const it = new Type();
    it.a = "mine";
    it.show("a");
    same(it.a, "mine");
    alike(own(it, "a"), { value: "mine", writable: true, enumerable: true, configurable: true });
    alike(Object.keys(it), ["a"]);
    same(delete it.a, true);
    same(it.a, "shown");
    throws(TypeError, () => delete it.a);
  }
});

test("a definition is refused where a name is, but where the name is hidden", () => {
  const shown = new Shown();
  shown.a = 1;
  shown.show("a");
  Object.defineProperty(shown, "a", { value: 2 });
  same(shown.a, 2);
  shown.a = 3;
  same(shown.a, 3);
  const showing = new Showing();
  showing.a = 1;
  showing.show("a");
  throws(TypeError, () => Object.defineProperty(showing, "a", { value: 2 }));
  throws(TypeError, () => { showing.a = 3; });
  same(showing.a, 1);
  showing.b = 4;
  same(showing.b, 4);
});

test("[LegacyUnforgeable] members cannot be hidden by names", () => {
  const hiding = new Hiding();
  hiding.fixed = "forged";
  same(hiding.fixed, 7);
  throws(TypeError, () => Object.defineProperty(hiding, "fixed", { value: "forged" }));
  throws(TypeError, () => Object.defineProperty(hiding, "fixed", { get: () => "forged" }));
  throws(TypeError, () => delete hiding.fixed);
  same(own(hiding, "fixed").configurable, false);
  alike(Object.keys(hiding), ["fixed"]);
  hiding.toString = "hidden";
  same(hiding.toString, "hidden");
});

test("names do not keep an object that inherits from theirs from having properties", () => {
  for (const Type of [Showing, Shown]) {
    const it = new Type();
    it.show("a");
    const heir = Object.create(it);
    same(heir.a, "shown");
    same("a" in heir, true);
    heir.a = "own";
    alike(own(heir, "a"), { value: "own", writable: true, enumerable: true, configurable: true });
    const receiver = {};
    same(Reflect.set(it, "a", 5, receiver), true);
    same(receiver.a, 5);
    same(it.a, "shown");
    same(own(it, "a").writable, false);
  }
});

test("where indices cannot be assigned to and names can, an index is assigned to as a name", () => {
  const both = new Both();
  both[1] = "one";
  both[5] = "five";
  both.a = "letter";
  alike([both[0], both[1], both[5], both.a], [10, 11, undefined, "letter"]);
  alike(own(both, "0"), { value: 10, writable: false, enumerable: true, configurable: true });
  same(own(both, "5"), undefined);
  throws(TypeError, () => Object.defineProperty(both, "0", { value: 1 }));
  throws(TypeError, () => Object.defineProperty(both, "7", { value: 1 }));
  throws(TypeError, () => delete both[0]);
  same(delete both[5], true);
  same(delete both.a, true);
  same(both.a, undefined);
  // It is not asked for as a name, but is one.
  alike(Reflect.ownKeys(both), ["0", "1", "5"]);
});

test("an interface object, a prototype and functions have the attributes of built-in ones", () => {
  for (const it of [Ordered, Ordered.ofAll, Ordered.prototype.last, own(Ordered.prototype, "first").set, inOrder.f]) {
    alike([own(it, "length").writable, own(it, "length").enumerable, own(it, "length").configurable], [false, false, true]);
    alike([own(it, "name").writable, own(it, "name").enumerable, own(it, "name").configurable], [false, false, true]);
  }
  alike(own(Ordered.prototype, "constructor"), { value: Ordered, writable: true, enumerable: false, configurable: true });
  same(own(Ordered.prototype, "constructor").value, Ordered);
  for (const it of [Ordered.ofAll, Ordered.prototype.last, own(Ordered.prototype, "first").get, inOrder.f]) {
    same(Object.hasOwn(it, "prototype"), false);
    throws(TypeError, () => Reflect.construct(it, []));
  }
});

// MAPS AND SETS

test("keys and values of maps and sets are numbers of their types, -0 is 0, and NaN is itself", () => {
  const map = new ListMap();
  map.set(-0, [1]).set(NaN, ["2", 3.9]);
  alike([...map], [[0, [1]], [null, [2, 3]]]);
  same(Object.is([...map.keys()][0], 0), true);
  alike([map.has(0), map.has(-0), map.has(NaN), map.has("0"), map.has(1)], [true, true, true, true, false]);
  const set = new FloatSet();
  same(set.add(0.1), set);
  alike([set.has(0.1), set.has(Math.fround(0.1)), set.delete(0.1), set.size], [true, true, true, 0]);
});

test("the key is converted before the value, and nothing is put where either fails", () => {
  const map = new ListMap();
  const log = [];
  const key = { valueOf: () => log.push("key") };
  throws(RangeError, () => map.set(key, { get [Symbol.iterator]() { log.push("value"); throw new RangeError("no"); } }));
  alike(log, ["key", "value"]);
  throws(TypeError, () => map.set(1n, []));
  same(map.size, 0);
});

test("arguments that are not given are undefined to the methods of maps and sets", () => {
  const scores = new Scores();
  scores.set("undefined", 1);
  alike([scores.get(), scores.has(), scores.delete(), scores.size], [1, true, true, 0]);
  const set = new FloatSet();
  set.add();
  same(Object.is([...set][0], NaN), true);
  throws(TypeError, () => new ListMap().set());
  throws(TypeError, () => scores.forEach());
});

test("iterators of maps see what is put and deleted while they are under way", () => {
  const map = new ListMap();
  for (const key of [1, 2, 3]) map.set(key, []);
  const seen = [];
  for (const [key] of map) {
    seen.push(key);
    if (key === 1) map.set(4, []).delete(2);
  }
  alike(seen, [1, 3, 4]);
});

test("a map that scripts cannot change is changed by C", () => {
  const map = new BagMap();
  map.put("a", 3);
  alike([...map], [["a", { count: 3 }]]);
  same("set" in map, false);
});

// CALLBACKS AND PROMISES

test("a function is called itself, whatever properties it has, and an object's method is got", () => {
  const both = () => "function";
  both.watch = () => "method";
  same(callbacksExactly.watch(both, 1), "function");
  const object = { watch(value) { return this === object && value; } };
  same(callbacksExactly.watch(object, 4), 4);
  same(callbacksExactly.watch(new Proxy((value) => value + 1, {}), 1), 2);
  throws(TypeError, () => callbacksExactly.watch(class { static watch() {} }, 1));
  throws(TypeError, () => callbacksExactly.watch({ watch: 1 }, 1), "is not a function");
});

test("`this` of a callback is undefined, which sloppy functions take for the global object", () => {
  same(callbacksExactly.call(function () { return this; }), undefined);
  same(callbacksExactly.call(new Function("return this"), 1), globalThis);
  same(callbacksExactly.call(Math.abs, -3), 3);
});

test("a value becomes a new promise, of which `then` is got once", async () => {
  const promise = Promise.resolve("it");
  const log = [];
  Object.defineProperty(promise, "then", { get: () => log.push("then") && Promise.prototype.then });
  const result = callbacksExactly.same(promise);
  same(result === promise, false);
  same(Object.getPrototypeOf(result), Promise.prototype);
  alike(log, ["then"]);
  same(await result, "it");
  alike(log, ["then"]);
});

test("what scripts do to Promise does not matter", async () => {
  const { resolve, reject, prototype } = Promise;
  const { then } = prototype;
  const replaced = () => { throw new Error("replaced"); };
  Promise.resolve = Promise.reject = prototype.then = replaced;
  let refused;
  try {
    refused = callbacksExactly.same();
    callbacksExactly.answer(() => "an answer", 1);
  } finally {
    Object.assign(Promise, { resolve, reject });
    prototype.then = then;
  }
  await rejects(TypeError, refused, "1 argument required");
  for (let i = 0; i < 5; i++) await undefined;
  same(callbacksExactly.told(), "fulfilled an answer");
});
}
