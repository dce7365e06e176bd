// What bindgen generates, seen from JavaScript.
"use strict";

const descriptor = Object.getOwnPropertyDescriptor;

// INTERFACES

test("an interface object is a property of the global object, and no enumerable one", () => {
  const property = descriptor(globalThis, "Counter");
  same(property.enumerable, false);
  same(property.writable, true);
  same(property.configurable, true);
  same(Counter.name, "Counter");
  same(Counter.length, 0);
  same(Timer.length, 2);
  same(Object.prototype.toString.call(Counter.prototype), "[object Counter]");
  same(descriptor(Counter, "prototype").writable, false);
});

test("inheritance is in the prototypes and the interface objects", () => {
  same(Object.getPrototypeOf(Timer), Counter);
  same(Object.getPrototypeOf(Timer.prototype), Counter.prototype);
  const timer = new Timer(3, 10);
  same(timer instanceof Counter, true);
  same(timer.value, 3);
  same(timer.limit, 10);
  same(timer.increment(), 4);
});

test("a constructor needs new, converts its arguments and may throw", () => {
  throws(TypeError, () => Counter());
  throws(RangeError, () => new Counter(-1), "-1 is negative");
  throws(TypeError, () => new Timer(1), "2 arguments required");
  same(new Counter("7").value, 7);
});

test("an interface can be a base class", () => {
  class Double extends Counter {
    constructor(start) {
      super(start * 2);
    }
    get twice() {
      return this.value * 2;
    }
  }
  const it = new Double(4);
  same(it.value, 8);
  same(it.twice, 16);
  same(Object.getPrototypeOf(it), Double.prototype);
});

test("attributes are accessors of the prototype", () => {
  const { get, set, enumerable, configurable } = descriptor(Counter.prototype, "value");
  same(get.name, "get value");
  same(set.name, "set value");
  same(get.length, 0);
  same(set.length, 1);
  same(enumerable, true);
  same(configurable, true);
  same(descriptor(Counter.prototype, "text").set, undefined);
});

test("operations are methods of the prototype", () => {
  const { value, writable, enumerable, configurable } = descriptor(Counter.prototype, "increment");
  same(value.name, "increment");
  same(value.length, 0);
  same(Counter.prototype.add.length, 3);
  same(writable, true);
  same(enumerable, true);
  same(configurable, true);
  throws(TypeError, () => new value());
});

test("static members are of the interface object", () => {
  const made = Counter.made;
  Counter.of(1);
  same(Counter.made, made + 1);
  Counter.made = 100;
  same(Counter.made, 100);
  same(Counter.of.length, 1);
  same(Counter.prototype.of, undefined);
});

test("constants are of the interface object and the prototype", () => {
  same(Counter.MAX, 1000);
  same(Counter.prototype.HALF, 0.5);
  same(Counter.YES, true);
  same(Counter.TENTH, Math.fround(0.1));
  same(Counter.LEAST, -0x123456789ABCDEF0123456789ABCDEF0n);
  same(Counter.prototype.NONE, 0n);
  same(numbers.MASK, 0xFFFFFFFFFFFFFFFFn);
  const { writable, enumerable, configurable } = descriptor(Counter, "MAX");
  same(writable, false);
  same(enumerable, true);
  same(configurable, false);
});

test("receivers are brand-checked", () => {
  const { get, set } = descriptor(Counter.prototype, "value");
  const { increment } = Counter.prototype;
  for (const wrong of [{}, null, Counter.prototype, Object.create(new Counter()), new Proxy(new Counter(), {}), 1]) {
    throws(TypeError, () => get.call(wrong));
    throws(TypeError, () => set.call(wrong, 1));
    throws(TypeError, () => increment.call(wrong));
  }
  throws(TypeError, () => descriptor(Timer.prototype, "limit").get.call(new Counter()));
});

test("an object has one wrapper", () => {
  const counter = new Counter(1);
  counter.mine = "mine";
  same(counter.self(), counter);
  same(counter.self().mine, "mine");
});

test("setters convert, and a setter of an enumeration ignores other strings", () => {
  const counter = new Counter();
  counter.value = "12";
  same(counter.value, 12);
  same(counter.color, "red");
  counter.color = "dark-blue";
  counter.color = "green";
  same(counter.color, "dark-blue");
  counter.color = "";
  same(counter.color, "");
  throws(TypeError, () => (counter.color = Symbol()));
});

test("a nullable attribute", () => {
  const counter = new Counter(1);
  const other = new Counter(2);
  same(counter.next, null);
  counter.next = other;
  same(counter.next, other);
  counter.next = undefined;
  same(counter.next, null);
  throws(TypeError, () => (counter.next = {}));
});

test("the members of a mixin are of the interface", () => {
  const counter = new Counter();
  counter.name = "Ann";
  same(counter.name, "Ann");
  same("name" in Counter.prototype, true);
  same(globalThis.Named, undefined);
});

test("an exception of a hook reaches JavaScript", () => {
  const counter = new Counter(999);
  same(counter.increment(), 1000);
  throws(RangeError, () => counter.increment(), "beyond 1000");
  same(counter.value, 1000);
});

test("too few arguments are a TypeError before any is converted", () => {
  let converted = false;
  const spy = { valueOf: () => (converted = true) };
  throws(TypeError, () => new Counter().add(spy, 1), "add");
  same(converted, false);
});

test("arguments are converted from left to right, until one fails", () => {
  const log = [];
  const spy = (name) => ({ valueOf: () => (log.push(name), 1) });
  same(new Counter(1).add(spy("a"), spy("b"), spy("c")), 4);
  same(log.join(), "a,b,c");
  log.length = 0;
  throws(TypeError, () => new Counter().add(spy("a"), spy("b"), NaN), "argument 3");
  same(log.join(), "a,b");
});

test("[Clamp] and [EnforceRange]", () => {
  const counter = new Counter();
  same(counter.add(0, 300, 0), 255);
  same(counter.add(0, -5, 0), 0);
  throws(TypeError, () => counter.add(0, 0, 65536));
  throws(TypeError, () => counter.add(0, 0, -1));
  same(counter.add(2 ** 32 + 5, 0, 65535), 65540);
});

// STRINGS

test("DOMString keeps lone surrogates, USVString replaces them, ByteString takes bytes", () => {
  same(strings.dom("a\ud800é😀\0z"), "a\ud800é😀\0z");
  same(strings.usv("a\ud800z"), "a\ufffdz");
  same(strings.bytes("aÿ"), "aÿ");
  throws(TypeError, () => strings.bytes("Ā"));
  same(strings.dom(12), "12");
  throws(TypeError, () => strings.dom(Symbol()));
});

// Short texts of one byte a character may be strings that have been given before.
test("strings that come again and again", () => {
  const texts = ["", "\0", "ÿ", "\x7f\x80"];
  for (let length = 1; length <= 40; length++) {
    const text = "abcdefghijklmnopqrstuvwxyz0123456789-+*/".slice(0, length);
    texts.push(text, text.replace(/.$/, "é"), text.replace(/^./, "é"), text.replace(/.$/, "\0"), text.replace(/^./, "z"));
  }
  const given = [];
  for (let round = 0; round < 5; round++) {
    for (const text of texts) {
      for (const name of ["dom", "usv", "bytes", "nullable"]) {
        const out = strings[name](text);
        if (out !== text) throw new Error(`${show(text)} came out of ${name} as ${show(out)}`);
        given.push(out);
      }
    }
  }
  same(new Set(given).size, new Set(texts).size);
  same(({ [given[20]]: 1 })[texts[5]], 1);
});

test("every code unit and every length comes back", () => {
  for (let unit = 0; unit < 0x10000; unit++) {
    const text = String.fromCharCode(unit);
    if (strings.dom(text) !== text) throw new Error(`U+${unit.toString(16)}`);
  }
  const parts = ["a", "é", "߿", "ࠀ", "€", "퟿", "\ud800", "\udfff", "\ue000", "\uffff", "😀", "\u{10ffff}", "\0"];
  for (let length = 0, at = 0, text = ""; length < 1500; length++) {
    if (strings.dom(text) !== text) throw new Error(`a string of ${text.length}`);
    const replaced = text.replace(/[\ud800-\udfff]/gu, "\ufffd");
    if (strings.usv(text) !== replaced) throw new Error(`a USVString of ${text.length}`);
    text += parts[at = (at * 7 + length) % parts.length];
  }
  for (let length = 1; length <= 160; length++) {
    for (let at = 0; at < length; at++) {
      const text = "a".repeat(at) + "\xe9" + "a".repeat(length - at - 1);
      if (strings.dom(text) !== text) throw new Error(`one of ${length} at ${at}`);
    }
  }
  const long = parts.join("").repeat(5000);
  same(strings.dom(long) === long, true);
  same(strings.dom(long.slice(1, -1)) === long.slice(1, -1), true);
  same(strings.dom(long + long) === long + long, true);
});

test("a plain C string holds no NUL", () => {
  same(strings.length("héé"), 5);
  throws(TypeError, () => strings.length("a\0b"), "argument 1");
});

test("null and missing strings", () => {
  same(strings.nullable(null), null);
  same(strings.nullable(undefined), null);
  same(strings.nullable("null"), "null");
  same(strings.missing(), "no text");
  same(strings.missing("a"), "no both");
  same(strings.missing("a", null), "null");
  same(strings.missing("a", "b"), "b");
});

test("a result that is released", () => {
  same(strings.owned("mine"), "mine");
});

// NUMBERS

test("numbers are converted by the rules of their types", () => {
  same(numbers.flag(""), false);
  same(numbers.flag({}), true);
  same(numbers.small(128), -128);
  same(numbers.unsignedLarge(-1), 18446744073709552000);
  same(numbers.large(2 ** 53), 2 ** 53);
  same(numbers.single(0.1), Math.fround(0.1));
  throws(TypeError, () => numbers.single(1e300));
  throws(TypeError, () => numbers.real(NaN));
  same(numbers.unrestrictedDouble(NaN), NaN);
  same(numbers.real(-0), -0);
  throws(TypeError, () => numbers.real(1n));
});

test("every double comes back", () => {
  const edges = [0, 1, 2 ** 30, 2 ** 31, 2 ** 32, 2 ** 52, 2 ** 53, 2 ** 63, 2 ** 64, Number.MAX_VALUE, Number.MIN_VALUE];
  for (const edge of edges) {
    for (const number of [edge - 1, edge - 0.5, edge, edge + 0.5, edge + 1]) {
      same(numbers.unrestrictedDouble(number), number);
      same(numbers.unrestrictedDouble(-number), -number);
    }
  }
  same(numbers.large(-(2 ** 31)), -(2 ** 31));
  same(numbers.large(2 ** 63), -(2 ** 63));
  same(numbers.unsignedLarge(2 ** 63 + 2048), 2 ** 63 + 2048);
  same(numbers.unsignedLarge(-0.9), 0);
});

test("null and missing numbers", () => {
  same(numbers.nullable(null), null);
  same(numbers.nullable(0), 0);
  same(numbers.given(), "- -");
  same(numbers.given(1), "a -");
  same(numbers.given(undefined, null), "- null");
  same(numbers.given(1, false), "a b");
});

test("variadic arguments", () => {
  same(numbers.sum(), 0);
  same(numbers.sum(1, "2", 3.5), 6.5);
  same(numbers.sum.length, 0);
  throws(TypeError, () => numbers.sum(1, {}), "argument 2");
});

test("a function of a C library", () => {
  same(numbers.pow(2, 10), 1024);
  same(numbers.pow.length, 2);
});

// NAMESPACES AND GLOBALS

test("a namespace", () => {
  same(Object.prototype.toString.call(numbers), "[object numbers]");
  same(Object.getPrototypeOf(numbers), Object.prototype);
  same(descriptor(globalThis, "numbers").enumerable, false);
  same(descriptor(numbers, "pow").enumerable, true);
  const { pow } = numbers;
  same(pow(3, 2), 9);
});

test("global functions and attributes", () => {
  level = 3;
  same(level, 3);
  globalThis.level = "4";
  same(level, 4);
  same(typeof print, "function");
  same(descriptor(globalThis, "print").enumerable, true);
});

test("what needs a capability is not there", () => {
  same("dangerous" in globalThis, false);
  same("hidden" in globalThis, false);
});

// DICTIONARIES, SEQUENCES AND ENUMERATIONS

test("a dictionary gets its defaults, and has what it was given", () => {
  alike(shapes.echo({ x: 1 }), { x: 1, y: 0.5, color: "dark-blue", tags: [], weight: null });
  alike(
    shapes.echo({ x: 1, y: 2, name: "n", size: "3", weight: 4, seen: null, tags: new Set("ab"), color: "red", extra: [1] }),
    { x: 1, y: 2, color: "red", extra: [1], name: "n", seen: null, size: 3, tags: ["a", "b"], weight: 4 },
  );
});

test("each dictionary that is given is an object of its own", () => {
  const first = shapes.half({ x: 1, y: 2 });
  same(Object.getPrototypeOf(first), Object.prototype);
  alike(descriptor(first, "x"), { value: first.x, writable: true, enumerable: true, configurable: true });
  const { x, y } = first;
  delete first.y;
  first.x = "changed";
  first.z = 3;
  Object.freeze(first);
  alike(shapes.half({ x: 1, y: 2 }), { x, y });
  for (const x of [1, 2 ** 40, 0.5, -0, 7]) same(shapes.half({ x: x * 2 }).x, x);
});

test("nobody sees a dictionary being made", () => {
  let seen = 0;
  for (const name of ["x", "y", "color", "tags", "weight", "name"]) {
    Object.defineProperty(Object.prototype, name, { configurable: true, get: () => seen++, set: () => seen++ });
  }
  const given = shapes.echo({ __proto__: null, x: 1 });
  for (const name of ["x", "y", "color", "tags", "weight", "name"]) delete Object.prototype[name];
  same(seen, 0);
  same(Object.keys(given).join(), "x,y,color,tags,weight");
});

test("the members of a dictionary are read once: those of the base first, each level by name", () => {
  const log = [];
  const place = new Proxy({ x: 1 }, { get: (target, key) => (log.push(key), target[key]) });
  shapes.echo(place);
  same(log.join(), "x,y,color,extra,name,seen,size,tags,weight");
});

test("what is no dictionary", () => {
  throws(TypeError, () => shapes.echo(1));
  throws(TypeError, () => shapes.echo({}), "'x'");
  throws(TypeError, () => shapes.echo(null), "'x'");
  throws(TypeError, () => shapes.echo({ x: 1, color: "green" }), "green");
  throws(TypeError, () => shapes.echo({ x: 1, tags: 1 }), "tags");
  throws(Error, () => shapes.echo({ get x() { throw new Error("getter"); } }), "getter");
});

test("sequences take what can be iterated and give arrays", () => {
  alike(shapes.doubles([1, "2", 3.5]), [1, 2, 3.5]);
  alike(shapes.doubles(new Float64Array([1, 2])), [1, 2]);
  alike(shapes.doubles((function* () { yield 1; yield 2; })()), [1, 2]);
  alike(shapes.doubles([]), []);
  // Made with holes, and full; with one; and where a script takes part.
  const full = Array.from({ length: 3 }, (_, i) => i + 0.5);
  alike(shapes.doubles(full), [0.5, 1.5, 2.5]);
  full[1] = -0;
  alike(shapes.doubles(full), [0.5, -0, 2.5]);
  full[2] = Infinity;
  throws(TypeError, () => shapes.doubles(full), "element 2");
  full[2] = 2.5;
  delete full[1];
  throws(TypeError, () => shapes.doubles(full), "element 1");
  Array.prototype[1] = 7;
  alike(shapes.doubles(full), [0.5, 7, 2.5]);
  delete Array.prototype[1];
  full[1] = 1.5;
  full[Symbol.iterator] = function* () { yield 9; };
  alike(shapes.doubles(full), [9]);
  alike(shapes.grid([[1], [], [2, 3]]), [[1], [], [2, 3]]);
  alike(shapes.points([{ x: 1 }, { x: 2, y: 3 }]), [{ x: 1, y: 0.5 }, { x: 2, y: 3 }]);
  same(Array.isArray(shapes.doubles([])), true);
  same(shapes.doubles(Array(10000).fill(1)).length, 10000);
});

test("what is no sequence", () => {
  throws(TypeError, () => shapes.doubles(1));
  throws(TypeError, () => shapes.doubles({}));
  throws(TypeError, () => shapes.doubles([1, {}]));
  throws(Error, () => shapes.doubles((function* () { throw new Error("iterator"); })()), "iterator");
});

test("sequences of objects and of enumerations", () => {
  const one = new Counter(1);
  const two = new Timer(2, 3);
  const back = shapes.counters([one, two, one]);
  same(back.length, 3);
  same(back[0], one);
  same(back[1], two);
  throws(TypeError, () => shapes.counters([one, {}]));
  alike(shapes.colors("red", ""), ["red", ""]);
  throws(TypeError, () => shapes.colors("red", "green"), "green");
});

test("object and any", () => {
  const object = {};
  same(shapes.thing(object), object);
  same(shapes.thing(null), null);
  throws(TypeError, () => shapes.thing("text"));
  same(shapes.whatever(), undefined);
  same(shapes.whatever("text"), "text");
});

// CALLBACKS

test("a callback is called with what C gives it", () => {
  const log = [];
  same(calls.visit((...given) => (log.push(given), 1), 2), true);
  alike(log, [[0, { x: 0, y: 0 }, "text"], [1, { x: 1, y: -1 }, "text"]]);
  same(calls.visit(() => "", 2), false);
});

test("what a callback throws comes back", () => {
  const error = new Error("mine");
  throws(Error, () => calls.visit(() => { throw error; }, 1), "mine");
  throws(TypeError, () => calls.visit({}, 1), "argument 1");
});

test("variadic arguments of a callback, and one that may be null", () => {
  let given;
  calls.log((...all) => (given = all), 1, "b", null);
  alike(given, ["label", 1, "b", null]);
  calls.log(null, 1);
  throws(TypeError, () => calls.log(1));
});

test("a callback that is kept is called later", () => {
  let called = 0;
  calls.keep(() => called++);
  same(called, 0);
  calls.callKept();
  calls.callKept();
  same(called, 1);
});

test("any function", () => {
  same(calls.apply((x) => x + 1, 2), 3);
  throws(RangeError, () => calls.apply(() => { throw new RangeError("out"); }, 2), "out");
});

// PROMISES

test("promises that C settles at once", async () => {
  same(promises.number(4) instanceof Promise, true);
  same(await promises.number(4), 4);
  same(await promises.nothing(), undefined);
  same(await new Counter(5).later(), 5);
  await rejects(RangeError, promises.rejected("no"), "no");
});

test("promises that are settled from another thread get copies", async () => {
  same(await promises.fromThread("from a thread"), "from a thread");
  alike(await promises.label(), { parts: ["a", "label"], text: "label" });
  alike(await promises.list(), ["one", "two"]);
  const many = await Promise.all(Array.from({ length: 50 }, (_, i) => promises.fromThread(`${i}`)));
  same(many.join(), Array.from({ length: 50 }, (_, i) => i).join());
});

test("what an operation with a promise throws rejects it", async () => {
  same(await promises.thrown(""), 7);
  await rejects(TypeError, promises.thrown("thrown"), "thrown");
  await rejects(TypeError, promises.thrown(), "1 argument required");
  await rejects(TypeError, promises.number(NaN));
  await rejects(TypeError, Counter.prototype.later.call({}));
});

test("blocking operations run elsewhere, and their results settle promises", async () => {
  same(await promises.join(["a", "b", "c"]), "a, b, c");
  same(await promises.join(new Set(["a", "b"]), "-"), "a-b");
  same(await promises.divide(7, 2), 3);
  await rejects(RangeError, promises.divide(7, 0), "7 by zero");
  await rejects(TypeError, promises.join(1), "argument 1");
  same(promises.join.length, 1);
});

test("a blocking operation leaves JavaScript running", async () => {
  const order = [];
  const slow = promises.slow(50).then((text) => order.push(text));
  await promises.nothing().then(() => order.push("quick"));
  await slow;
  same(order.join(), "quick,slow");
});
