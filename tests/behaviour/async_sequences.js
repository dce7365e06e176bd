// async_sequence<>, from the steps of the Web IDL standard; what scripts can see is counted.
"use strict";

{
const settle = async () => {
  for (let i = 0; i < 20; i++) await undefined;
};

// An iterator of either kind whose every property that is read, and every call, is noted.
function spy(results, { symbol = Symbol.asyncIterator, leave } = {}) {
  const log = [];
  const iterator = {
    get next() {
      log.push("get next");
      return function (...args) {
        log.push(`next(${args.length})${this === iterator ? "" : " of a stranger"}`);
        const result = results.shift();
        if (typeof result === "function") return result();
        return result;
      };
    },
    get return() {
      log.push("get return");
      return leave && function (...args) {
        log.push(`return(${args.map(String)})`);
        return leave(...args);
      };
    },
  };
  const iterable = new Proxy({
    [symbol]() {
      log.push(`open${this === iterable ? "" : " of a stranger"}`);
      return iterator;
    },
  }, {
    get(target, key, receiver) {
      log.push(`get ${String(key).replace(/Symbol\(Symbol\.(.*)\)/, "@@$1")}`);
      return Reflect.get(target, key, receiver);
    },
  });
  return { iterable, iterator, log };
}

// A result whose properties that are read are noted.
function result(log, value, done = false) {
  return {
    get done() {
      log.push("get done");
      return done;
    },
    get value() {
      log.push("get value");
      return value;
    },
  };
}

test("the conversion gets the method, and nothing else until C opens it", () => {
  const { iterable, log } = spy([]);
  same(new Reader().kind(iterable), "async");
  alike(log, ["get @@asyncIterator"]);
});

test("without @@asyncIterator it is @@iterator; null counts as none", () => {
  const { iterable, log } = spy([], { symbol: Symbol.iterator });
  same(new Reader().kind(iterable), "sync");
  alike(log, ["get @@asyncIterator", "get @@iterator"]);
  same(new Reader().kind({ [Symbol.asyncIterator]: null, [Symbol.iterator]() {} }), "sync");
  same(new Reader().kind([]), "sync");
});

test("what is no object, or has no method that can be called, is a TypeError", () => {
  const it = new Reader();
  for (const wrong of [undefined, null, 1, "ab", Symbol(), {}, { [Symbol.asyncIterator]: 1 }, { [Symbol.iterator]: {} }]) {
    throws(TypeError, () => it.same(wrong), "argument 1 is not iterable");
  }
  throws(RangeError, () => it.same({ get [Symbol.asyncIterator]() { throw new RangeError("mine"); } }), "mine");
  rejects(TypeError, it.join(1, 1), "argument 1 is not iterable");
});

test("opening calls the method with the object as this, and gets next once", () => {
  const it = new Reader();
  const { iterable, log } = spy([]);
  it.begin(iterable);
  alike(log, ["get @@asyncIterator", "open", "get next"]);
  throws(TypeError, () => it.begin({ [Symbol.asyncIterator]: () => 1 }), "not an object");
  throws(RangeError, () => it.begin({ [Symbol.asyncIterator]() { throw new RangeError("mine"); } }), "mine");
});

test("a step calls next without arguments, waits, and reads done, then value", async () => {
  const it = new Reader();
  const made = spy([]);
  const { iterable, log } = made;
  it.begin(iterable);
  log.length = 0;
  let resolve;
  made.iterator.constructor = null;
  const results = [new Promise((r) => { resolve = r; }), result(log, 7), Promise.resolve(result(log, "ignored", true))];
  const other = spy(results);
  it.begin(other.iterable);
  it.next();
  await settle();
  same(it.log, "");
  resolve(result(other.log, 5));
  await settle();
  same(it.log, "value 5;");
  it.next();
  await settle();
  it.next();
  await settle();
  same(it.log, "value 5;value 7;end;");
  alike(other.log, ["get @@asyncIterator", "open", "get next", "next(0)", "get done", "get value", "next(0)", "next(0)"]);
  alike(log, ["get done", "get value", "get done"]);
});

test("what is called is the next that was there when it was opened", async () => {
  const it = new Reader();
  const iterator = { next: async () => ({ value: 1, done: false }) };
  it.begin({ [Symbol.asyncIterator]: () => iterator });
  iterator.next = () => { throw new Error("replaced"); };
  it.next();
  await settle();
  same(it.log, "value 1;");
});

test("errors: next that throws, rejects, is none, gives no object; a value that cannot be converted", async () => {
  const cases = [
    [() => { throw new RangeError("thrown"); }, "error RangeError: thrown;"],
    [async () => { throw new RangeError("rejected"); }, "error RangeError: rejected;"],
    [() => 1, "error TypeError: The iterator's next gave a result that is not an object;"],
    [async () => 1, "error TypeError: An iterator gave a result that is not an object;"],
    [async () => ({ get done() { throw new RangeError("done"); } }), "error RangeError: done;"],
    [async () => ({ get value() { throw new RangeError("value"); } }), "error RangeError: value;"],
    [undefined, "error TypeError: The iterator's next is not a function;"],
  ];
  for (const [next, text] of cases) {
    const it = new Reader();
    it.begin({ [Symbol.asyncIterator]: () => ({ next }) });
    it.next();
    same(it.log, "");
    await settle();
    same(it.log, text);
  }
  const it = new Reader();
  let left = 0;
  it.begin({ [Symbol.asyncIterator]: () => ({ next: () => ({ value: 256 }), return() { left++; } }) });
  it.next();
  await settle();
  same(it.log.startsWith("error TypeError: "), true);
  same(left, 0);
});

test("return is called with the reason, only when C asks", async () => {
  const it = new Reader();
  const { iterable, log } = spy([], { leave: async () => ({}) });
  it.begin(iterable);
  log.length = 0;
  it.leave("enough");
  alike(log, ["get return", "return(enough)"]);
  same(it.log, "");
  await settle();
  same(it.log, "left;");
  it.release();
  alike(log, ["get return", "return(enough)"]);
});

test("return: none, not an object, not a function, throwing, rejecting", async () => {
  const cases = [
    [undefined, "left;"],
    [null, "left;"],
    [() => ({}), "left;"],
    [() => 1, "error TypeError: An iterator gave a result that is not an object;"],
    [1, "error TypeError: The iterator's return is not a function;"],
    [() => { throw new RangeError("thrown"); }, "error RangeError: thrown;"],
    [async () => { throw new RangeError("rejected"); }, "error RangeError: rejected;"],
  ];
  for (const [leave, text] of cases) {
    const it = new Reader();
    it.begin({ [Symbol.asyncIterator]: () => ({ next() {}, return: leave }) });
    it.leave();
    await settle();
    same(it.log, text);
  }
});

test("a sync iterator is iterated lazily, and promises in it are awaited", async () => {
  const it = new Reader();
  const log = [];
  it.begin((function* () {
    for (const value of [1, Promise.resolve(2), { then: (resolve) => resolve(3) }]) {
      log.push("pulled");
      yield value;
    }
  })());
  alike(log, []);
  for (let i = 1; i <= 3; i++) {
    it.next();
    same(log.length, i);
    await settle();
  }
  it.next();
  await settle();
  same(it.log, "value 1;value 2;value 3;end;");
});

test("a sync iterator whose value is rejected is closed", async () => {
  const it = new Reader();
  let closed = 0;
  it.begin({
    [Symbol.iterator]: () => ({
      next: () => ({ value: Promise.reject(new RangeError("bad")), done: false }),
      return() { closed++; throw new Error("does not count"); },
    }),
  });
  it.next();
  await settle();
  same(it.log, "error RangeError: bad;");
  same(closed, 1);
});

test("a sync iterator's last value is awaited, and closes nothing", async () => {
  const it = new Reader();
  let closed = 0;
  it.begin({
    [Symbol.iterator]: () => ({
      next: () => ({ value: Promise.reject(new RangeError("last")), done: true }),
      return() { closed++; return {}; },
    }),
  });
  it.next();
  await settle();
  same(it.log, "error RangeError: last;");
  same(closed, 0);
});

test("leaving a sync iterator calls its return with the reason", async () => {
  const it = new Reader();
  const { iterable, log } = spy([], { symbol: Symbol.iterator, leave: (value) => ({ value, done: true }) });
  it.begin(iterable);
  log.length = 0;
  it.leave(5);
  await settle();
  alike(log, ["get return", "return(5)"]);
  same(it.log, "left;");
  const plain = new Reader();
  plain.begin([1]);
  plain.leave();
  await settle();
  same(plain.log, "left;");
});

test("several steps may be asked for at once", async () => {
  const it = new Reader();
  it.begin((async function* () { yield 1; yield 2; })());
  it.next();
  it.next();
  it.next();
  await settle();
  same(it.log, "value 1;value 2;end;");
});

test("an iteration may be released while a step is under way", async () => {
  const it = new Reader();
  let resolve;
  it.begin({ [Symbol.asyncIterator]: () => ({ next: () => new Promise((r) => { resolve = r; }) }) });
  it.next();
  it.release();
  resolve({ value: 9 });
  await settle();
  same(it.log, "value 9;");
});

test("the standard's example: joins, and closes the iterator when it has enough", async () => {
  const it = new Reader();
  let left = false;
  const strings = async function* () {
    try {
      yield "a";
      yield 1;
      yield "b";
    } finally {
      left = true;
    }
  };
  same(await it.join(strings(), 2), "a1");
  same(left, true);
  same(await it.join(strings(), 9), "a1b");
  same(await it.join(["x", Promise.resolve("y")], 9), "xy");
  same(await it.join(new String("abc"), 9), "abc");
  await rejects(RangeError, it.join((async function* () { throw new RangeError("mine"); })(), 1), "mine");
  await rejects(RangeError, it.join({ [Symbol.asyncIterator]() { throw new RangeError("open"); } }, 1), "open");
});

test("beside a string, String objects are strings, and anything iterable is not", () => {
  const it = new Reader();
  for (const choose of ["kind", "which"]) {
    same(it[choose](new String("ab")), "string");
    same(it[choose]("ab"), "string");
    same(it[choose](1), "string");
    same(it[choose]({}), "string");
    same(it[choose](["a"]), "sync");
    same(it[choose]((async function* () {})()), "async");
    const tagged = Object.assign(new String("a"), { [Symbol.asyncIterator]() {} });
    same(it[choose](tagged), "string");
    const { iterable, log } = spy([]);
    same(it[choose](iterable), "async");
    alike(log, ["get @@asyncIterator"]);
    const sync = spy([], { symbol: Symbol.iterator });
    same(it[choose](sync.iterable), "sync");
    alike(sync.log, ["get @@asyncIterator", "get @@iterator"]);
  }
});

test("beside a dictionary, what is not iterable is that", () => {
  const it = new Reader();
  same(it.either([]), "sync");
  same(it.either(new String("a")), "sync");
  same(it.either({}), "dictionary");
  same(it.either(undefined), "dictionary");
});

test("members of dictionaries, optional and nullable ones", () => {
  const it = new Reader();
  same(it.within({}), "missing");
  same(it.within({ lines: [] }), "sync");
  same(it.within({ lines: (async function* () {})() }), "async");
  throws(TypeError, () => it.within({ lines: 1 }), "member 'lines' of argument 1 is not iterable");
  same(it.maybe(), "missing");
  same(it.maybe(undefined), "missing");
  same(it.maybe(null), "null");
  same(it.maybe([]), "sync");
});

test("as a result it is the object itself", () => {
  const it = new Reader();
  for (const object of [[], (async function* () {})(), spy([]).iterable]) same(it.same(object), object);
});

test("as the result of a promise, too", async () => {
  const it = new Reader();
  for (const object of [[], (async function* () {})()]) same(await it.sameLater(object), object);
});
}
