// Callback interfaces, promises of JavaScript, and blocking operations of objects.
"use strict";

// CALLBACK INTERFACES

test("a function is called itself, with no this", () => {
  let self = "none";
  const result = callbacks.filter(function (...given) {
    self = this;
    return given.length === 1 && given[0] === 5;
  }, 5, false);
  same(result, true);
  same(self, undefined);
  same(callbacks.filter((number, name) => name, 5, true), "name");
});

test("of an object the method is got, at each call", () => {
  const log = [];
  const object = {
    get accept() {
      log.push("get");
      return function (number) {
        log.push(this === object);
        return `${number}`;
      };
    },
  };
  same(callbacks.filter(object, 7, false), "7");
  callbacks.keep(object);
  alike(log, ["get", true]);
  same(callbacks.keep(), "1");
  alike(log, ["get", true, "get", true]);
});

test("what has no such method throws when it is called, what is no object at once", () => {
  throws(TypeError, () => callbacks.filter({}, 1, false), "'accept' of the callback is not a function");
  throws(RangeError, () => callbacks.filter({ get accept() { throw new RangeError("mine"); } }, 1, false), "mine");
  for (const wrong of [null, undefined, 1, "text"]) {
    throws(TypeError, () => callbacks.filter(wrong, 1, false), "argument 1 is not an object");
  }
  callbacks.keep({});
  throws(TypeError, () => callbacks.keep(null));
});

// CALLBACKS OF NUMBERS

test("numbers arrive as they are, and with no this", () => {
  const given = [];
  const numbers = [0, -0, 1, 255, 256, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 0.5, -1e300];
  for (const number of numbers) {
    const result = callbacks.fold(function (...all) {
      given.push(this === undefined && all.length === 2 && all[1] === 0);
      return all[0];
    }, number, 1);
    same(result, number);
  }
  same(given.every((right) => right) && given.length === numbers.length, true);
  const seen = [];
  callbacks.note((...all) => seen.push(...all), 255, 2 ** 40);
  alike(seen, [255, 2 ** 40]);
});

test("what is not finite is one of unrestricted types only", () => {
  for (const number of [NaN, Infinity, -Infinity, -0, 1.5]) same(callbacks.fraction((x) => x, number), number);
  for (const wrong of [NaN, Infinity, undefined, {}, "text"]) {
    throws(TypeError, () => callbacks.fold(() => wrong, 1, 1), "the result of the callback 'Folder' is not a finite number");
  }
  same(callbacks.fraction(() => undefined, 1), NaN);
});

test("a result that is no number is converted", () => {
  const log = [];
  same(callbacks.fold(() => ({ valueOf: () => { log.push("asked"); return "12"; } }), 1, 1), 12);
  alike(log, ["asked"]);
  same(callbacks.fold(() => true, 5, 1), 1);
  same(callbacks.fold(() => null, 5, 1), 0);
  throws(TypeError, () => callbacks.fold(() => 1n, 1, 1));
  throws(TypeError, () => callbacks.fold(() => Symbol(), 1, 1));
  throws(RangeError, () => callbacks.fold(() => ({ valueOf() { throw new RangeError("mine"); } }), 1, 1), "mine");
});

test("what it throws ends the loop, and it may call itself", () => {
  let calls = 0;
  throws(RangeError, () => callbacks.fold((x) => { if (++calls === 3) throw new RangeError("third"); return x; }, 1, 10), "third");
  same(calls, 3);
  same(callbacks.fold((x, i) => x + callbacks.fold((y) => y + 1, i, 2), 0, 3), 9);
  same(callbacks.foldKept((x, i) => x + i, 0.5, 5), 10.5);
  throws(RangeError, () => callbacks.fold(function again() { return callbacks.fold(again, 1, 1); }, 1, 1));
});

test("calls leave nothing behind", () => {
  same(callbacks.fold((x) => x + 0.5, 0, 1e6), 5e5);
  same(callbacks.grown < 1e6, true);
  same(callbacks.foldKept((x) => x + 1, 0, 1e6), 1e6);
  same(callbacks.grown < 1e6, true);
});

// PROMISES OF JAVASCRIPT

const turn = () => new Promise((resolve) => promises.nothing().then(() => promises.nothing()).then(resolve));

test("any value is a promise as an argument", async () => {
  callbacks.wait(5, "number");
  same(callbacks.waited, "");
  await turn();
  same(callbacks.waited, "number: fulfilled 5");
  callbacks.wait(Promise.resolve(6), "promise");
  await turn();
  same(callbacks.waited, "promise: fulfilled 6");
  callbacks.wait({ then: (resolve, reject) => reject("no") }, "thenable");
  await turn();
  same(callbacks.waited, "thenable: rejected no");
  callbacks.ask(async (number) => number * 2, 21);
  await turn();
  same(callbacks.waited, "asked: fulfilled 42");
  callbacks.ask(() => { throw new RangeError("mine"); }, 1);
  await turn();
  same(callbacks.waited, "asked: rejected RangeError: mine");
});

test("a promise that never settles is told of at the latest when the runtime closes", () => {
  callbacks.wait(new Promise(() => {}), "never");
  same(callbacks.dropped, 0);
});

// BLOCKING OPERATIONS OF OBJECTS

test("objects are lent to the pool", async () => {
  const results = [];
  for (let i = 0; i < 20; i++) results.push(new Worker(i).add(5, new Worker(100)));
  const all = await Promise.all(results);
  same(all.join(), [...Array(20).keys()].map((i) => 100 + i).join());
  same(await new Worker(1).add(0, new Worker(2), new Worker(3)), 6);
  same(await new Worker(1).add(0, new Worker(2), null), 3);
  same(await new Worker(1).sum([new Worker(2), new Worker(3)]), 6);
  await rejects(RangeError, new Worker(-5).sum([]), "-5 is negative");
  await rejects(TypeError, Worker.prototype.sum.call({}, []), "Illegal invocation");
  await rejects(TypeError, new Worker(1).add(1, {}), "argument 2 is not a Worker");
});

test("a callback interface with constants is a function that throws, and has them", () => {
  const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, "Filter");
  alike([typeof value, writable, enumerable, configurable], ["function", true, false, true]);
  alike([value.name, value.length, "prototype" in value], ["Filter", 0, false]);
  throws(TypeError, () => value());
  throws(TypeError, () => new value());
  const constant = Object.getOwnPropertyDescriptor(Filter, "ACCEPT");
  alike(constant, { value: 1, writable: false, enumerable: true, configurable: false });
  same(Filter.STRICT, true);
});

test("a hook that gives no function where one must be throws", () => {
  throws(Error, () => callbacks.nobody(), "There is no function where one must be");
});
