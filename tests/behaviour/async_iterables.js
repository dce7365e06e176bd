// async_iterable<>, from the steps of the Web IDL standard.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;
const asyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));

// Lets all that is settled be told.
async function settle() {
  for (let i = 0; i < 10; i++) await undefined;
}

test("values and @@asyncIterator of a value iterable are one function, and there is nothing else", () => {
  const { value, writable, enumerable, configurable } = own(Manual.prototype, "values");
  alike([value.name, value.length, writable, enumerable, configurable], ["values", 0, true, true, true]);
  const symbol = own(Manual.prototype, Symbol.asyncIterator);
  same(symbol.value, value);
  alike([symbol.writable, symbol.enumerable, symbol.configurable], [true, false, true]);
  for (const name of ["entries", "keys", "forEach", Symbol.iterator]) same(name in Manual.prototype, false);
});

test("a pair iterable has entries, keys and values, and @@asyncIterator is entries", () => {
  for (const name of ["entries", "keys", "values"]) {
    const { value, writable, enumerable, configurable } = own(Tree.prototype, name);
    alike([value.name, value.length, writable, enumerable, configurable], [name, 0, true, true, true]);
    throws(TypeError, () => value.call({}));
    throws(TypeError, () => value.call(undefined));
  }
  same(own(Tree.prototype, Symbol.asyncIterator).value, Tree.prototype.entries);
  same("forEach" in Tree.prototype, false);
});

test("an iterator's prototype inherits from %AsyncIteratorPrototype%; return is there where it is declared", () => {
  const prototype = Object.getPrototypeOf(new Manual().values());
  same(Object.getPrototypeOf(prototype), asyncIteratorPrototype);
  alike(Reflect.ownKeys(prototype).map(String).sort(), ["Symbol(Symbol.toStringTag)", "next", "return"]);
  for (const [name, length] of [["next", 0], ["return", 1]]) {
    const { value, writable, enumerable, configurable } = own(prototype, name);
    alike([value.name, value.length, writable, enumerable, configurable], [name, length, true, true, true]);
  }
  const tag = own(prototype, Symbol.toStringTag);
  alike([tag.value, tag.writable, tag.enumerable, tag.configurable], ["Manual AsyncIterator", false, false, true]);
  const pairs = Object.getPrototypeOf(new Tree().keys());
  alike(Reflect.ownKeys(pairs).map(String).sort(), ["Symbol(Symbol.toStringTag)", "next"]);
  same(pairs, Object.getPrototypeOf(new Tree().entries()));
});

test("the arguments are all optional, are converted each time, and a wrong one throws at once", () => {
  const it = new Manual();
  it.values();
  it[Symbol.asyncIterator]("a", 1);
  it.values(undefined, undefined);
  it.values({ toString: () => "b" }, "2");
  same(it.log, "new missing 7;new a 1;new missing 7;new b 2;");
  throws(TypeError, () => it.values("c", 300), "argument 2");
  throws(TypeError, () => it.values(Symbol()));
  throws(RangeError, () => it.values("throw"), "no such iteration");
  throws(Error, () => it.values("none"), "Manual gave no iterator");
  same(it.log, "new missing 7;new a 1;new missing 7;new b 2;");
});

test("what a script has caught before is not the iteration's", async () => {
  const countdown = new Countdown(3);
  throws(TypeError, () => countdown.values.call({}));
  const seen = [];
  for await (const it of countdown) seen.push(it);
  same(seen.length > 0, true);
});

test("next and return of a stranger reject with a TypeError, and throw nothing", async () => {
  const { next, return: leave } = Object.getPrototypeOf(new Manual().values());
  for (const it of [undefined, null, {}, new Manual(), new Tree().values(), (async function* () {})()]) {
    await rejects(TypeError, next.call(it), "next");
    await rejects(TypeError, leave.call(it, 1), "return");
  }
});

test("for await takes what C gives, until it ends", async () => {
  const it = new Manual();
  const found = [];
  const done = (async () => {
    for await (const value of it) found.push(value);
  })();
  it.give("one");
  await settle();
  it.give("two");
  await settle();
  it.end();
  await done;
  alike(found, ["one", "two"]);
  same(it.log, "new missing 7;next missing 0;next missing 0;next missing 0;");
});

test("next gives a new promise of an ordinary object each time", async () => {
  const iterator = new Manual().values("at once");
  const promise = iterator.next();
  same(Object.getPrototypeOf(promise), Promise.prototype);
  const result = await promise;
  same(Object.getPrototypeOf(result), Object.prototype);
  alike(Object.getOwnPropertyDescriptors(result), {
    value: { value: "now", writable: true, enumerable: true, configurable: true },
    done: { value: false, writable: true, enumerable: true, configurable: true },
  });
});

test("calls of next wait for each other", async () => {
  const it = new Manual();
  const iterator = it.values();
  const promises = [iterator.next(), iterator.next(), iterator.next()];
  await settle();
  same(it.log, "new missing 7;next missing 0;");
  it.give("a");
  alike(await promises[0], { value: "a", done: false });
  await settle();
  same(it.log, "new missing 7;next missing 0;next missing 0;");
  it.give("b");
  alike(await promises[1], { value: "b", done: false });
  await settle();
  it.end();
  alike(await promises[2], { done: true });
  same("value" in (await promises[2]), true);
});

test("what is rejected ends the iteration, also for the calls that wait", async () => {
  const it = new Manual();
  const iterator = it.values();
  const first = iterator.next();
  const second = iterator.next();
  it.fail("broken");
  await rejects(RangeError, first, "broken");
  alike(await second, { done: true });
  alike(await iterator.next(), { done: true });
  same(it.log, "new missing 7;next missing 0;");
});

test("what the hook of next throws is a rejection, and ends the iteration", async () => {
  const it = new Manual();
  const iterator = it.values("throws next");
  await rejects(RangeError, iterator.next(), "next threw");
  alike(await iterator.next(), { done: true });
  same(it.log, "new throws next 7;next throws next 0;");
});

test("return ends the iteration, tells C its argument, and gives that back", async () => {
  const it = new Manual();
  const iterator = it.values("at once");
  await iterator.next();
  alike(await iterator.return("why"), { value: "why", done: true });
  alike(await iterator.next(), { done: true });
  alike(await iterator.return("again"), { value: "again", done: true });
  same(it.log, "new at once 7;next at once 0;return why 0;");
});

test("return without an argument gives undefined", async () => {
  const it = new Manual();
  const result = await it.values("at once").return();
  alike(Object.entries(result), [["value", undefined], ["done", true]]);
  same(it.log, "new at once 7;return undefined 0;");
});

test("return waits for the calls of next before it, and those after it wait for it", async () => {
  const it = new Manual();
  const iterator = it.values();
  const first = iterator.next();
  const leaving = iterator.return("x");
  const last = iterator.next();
  await settle();
  same(it.log, "new missing 7;next missing 0;");
  it.give("a");
  alike(await first, { value: "a", done: false });
  await settle();
  same(it.log, "new missing 7;next missing 0;return x 0;");
  let told = false;
  last.then(() => { told = true; });
  await settle();
  same(told, false);
  it.letReturn();
  alike(await leaving, { value: "x", done: true });
  alike(await last, { done: true });
  same(it.log, "new missing 7;next missing 0;return x 0;");
});

test("what return is rejected with is passed on", async () => {
  const it = new Manual();
  const iterator = it.values();
  const leaving = iterator.return();
  it.letReturn("stuck");
  await rejects(RangeError, leaving, "stuck");
  alike(await iterator.next(), { done: true });
});

test("what the hook of return throws is a rejection", async () => {
  const iterator = new Manual().values();
  await rejects(TypeError, iterator.return(Symbol()));
  alike(await iterator.next(), { done: true });
});

test("break calls return, and waits for it", async () => {
  const it = new Manual();
  let left = false;
  const done = (async () => {
    for await (const value of it) break;
    left = true;
  })();
  it.give("only");
  await settle();
  same(left, false);
  it.letReturn();
  await done;
  same(it.log, "new missing 7;next missing 0;return undefined 0;");
});

test("a script sees one lookup of then for each result, and none of what passes between", async () => {
  const it = new Manual();
  const iterator = it.values("at once");
  let lookups = 0;
  Object.defineProperty(Object.prototype, "then", {
    configurable: true,
    get() {
      lookups++;
      return undefined;
    },
  });
  let next, leaving;
  try {
    next = iterator.next();
    await next;
    same(lookups, 1);
    leaving = iterator.return(1);
    await leaving;
    same(lookups, 2);
  } finally {
    delete Object.prototype.then;
  }
});

test("pairs come as entries, keys and values, and native objects keep their identity", async () => {
  const tree = new Tree();
  const children = [new Tree(), new Tree()];
  tree.add("a", children[0]);
  tree.add("b", children[1]);
  const found = { entries: [], keys: [], values: [] };
  for (const kind in found) for await (const part of tree[kind]()) found[kind].push(part);
  alike(found.keys, ["a", "b"]);
  same(found.values[0], children[0]);
  same(found.values[1], children[1]);
  same(found.entries[1][1], children[1]);
  same(Array.isArray(found.entries[0]), true);
  same(found.entries[0][0], "a");
});

test("another thread settles", async () => {
  const found = [];
  for await (const value of new Countdown(3)) found.push(value);
  alike(found, [3, 2, 1]);
});

test("dictionaries are copied with the strings in them", async () => {
  const found = [];
  for await (const point of new Spots()) found.push(point);
  alike(found, [{ label: "point 0", x: 0 }, { label: "point 1", x: 1 }]);
});

test("iterations over one object are apart", async () => {
  const tree = new Tree();
  tree.add("a", tree);
  const [one, other] = [tree.keys(), tree.keys()];
  alike(await one.next(), { value: "a", done: false });
  alike(await one.next(), { done: true });
  alike(await other.next(), { value: "a", done: false });
});
}
