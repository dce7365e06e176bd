// Overloads, by the standard's "overload resolution algorithm".
"use strict";

// OVERLOADS

test("constructors are told apart, and the shortest gives the length", () => {
  same(Target.length, 0);
  same(new Target().made, "none 0");
  same(new Target(3).made, "long 3");
  same(new Target("4").made, "long 4");
  same(new Target(new Target()).made, "target 5");
  same(new Target(new Target(), 6).made, "target 6");
  same(new Target(undefined).made, "long 0");
  throws(TypeError, () => new Target(1, 2), "Failed to construct 'Target': argument 1 is not a Target");
  throws(TypeError, () => Target(1));
});

test("the number of arguments decides first", () => {
  const target = new Target();
  same(Target.prototype.send.length, 0);
  same(target.send(), "none 0 0");
  same(target.send(7), "long 7");
  same(target.send("7"), "long 7");
  same(target.send(target), "target 1");
  same(target.send([1, 2]), "list 2");
  throws(TypeError, () => target.send(1, 2), "Failed to execute 'send' on 'Target': there is no overload for 2 arguments");
  same(target.send(1, 2, 3), "strings 3");
  same(target.send(1, 2, 3, 4), "strings 3");
  throws(TypeError, () => Target.prototype.send.call({}, []), "Illegal invocation");
});

test("the receiver is checked before anything is looked at", () => {
  const list = { get [Symbol.iterator]() { throw new Error("looked at"); } };
  throws(TypeError, () => Target.prototype.send.call({}, list), "Illegal invocation");
});

test("each kind of value goes to its type", () => {
  same(overloads.kind(new Target()), "target 1");
  same(overloads.kind(null), "target 0");
  same(overloads.kind(undefined), "target 0");
  same(overloads.kind(new Uint8Array(3)), "bytes 3");
  same(overloads.kind(new Uint16Array(3)), "list 3");
  same(overloads.kind(() => 1), "listener 1");
  same(overloads.kind([1]), "list 1");
  same(overloads.kind(new String("text").length), "double 4");
  same(overloads.kind(new String("12")), "list 2");
  same(overloads.kind(true), "boolean 1");
  same(overloads.kind(5), "double 5");
  same(overloads.kind("five"), "string 4");
  same(overloads.kind(5n), "string 1");
  same(overloads.kind({}), "string 15");
  throws(TypeError, () => overloads.kind(Symbol()));
  throws(TypeError, () => overloads.kind());
  same(Target.of(1n), "bigint 1");
  same(Target.of(1), "string 1");
  same(Target.of(false), "boolean 0");
});

test("a dictionary takes null and undefined, an optional argument undefined", () => {
  same(overloads.opt(), "detail 1");
  same(overloads.opt(undefined), "detail 1");
  same(overloads.opt(null), "detail 1");
  same(overloads.opt({ level: 3 }), "detail 3");
  same(overloads.opt("7"), "long 7");
  same(overloads.undef("a"), "a 99");
  same(overloads.undef("a", undefined), "a 99");
  same(overloads.undef("a", 5), "a 5");
  same(overloads.undef("a", 5, 6), "a 1006");
});

test("arguments before the one that tells are converted first, once, and @@iterator is got once", () => {
  let log = [];
  const level = { toString: () => log.push("level") && "high" };
  const list = {
    get [Symbol.iterator]() {
      log.push("iterator");
      return function* () {
        log.push("run");
        yield 1;
      };
    },
  };
  same(overloads.data(level, list), "items 11");
  same(log.join(), "level,iterator,run");
  log = [];
  same(overloads.data(level, { valueOf: () => log.push("size") && 4, get [Symbol.iterator]() { log.push("no"); } }),
    "size 14");
  same(log.join(), "level,no,size");
  throws(TypeError, () => overloads.data("none", list), "argument 1 is 'none'");
  same(overloads.data(level, { a: 1 }, 2), "record 12");
  same(overloads.data(level, new Target(), 2), "target 12");
  throws(TypeError, () => overloads.data("low", { [Symbol.iterator]: 5 }), "argument 2 is not iterable");
});

test("a variadic overload takes any number", () => {
  same(overloads.many(), "strings 0");
  same(overloads.many("a"), "strings 1");
  same(overloads.many("a", "b", "c", "d"), "strings 4");
});

test("the @@iterator of what tells a variadic overload is got once", () => {
  const log = [];
  const list = (name, ...values) => ({
    get [Symbol.iterator]() {
      log.push(name);
      return () => values.values();
    },
  });
  same(overloads.lists(list("a", 1, 2), list("b", 3)), "lists 203");
  same(log.join(), "a,b");
  same(overloads.lists({}), "flag 1");
  same(overloads.lists(), "lists 0");
});

test("promises and globals", async () => {
  same(await overloads.later(3), "long 3");
  same(await overloads.later(new Target()), "target 1");
  await rejects(TypeError, overloads.later(Symbol()));
  await rejects(TypeError, overloads.later());
  same(anywhere(3), "one 3");
  same(anywhere(3, 4), "two 7");
  throws(TypeError, () => anywhere());
});

test("a buffer before what tells the overloads apart is looked up when all arguments are converted", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
  const view = new Uint8Array(memory.buffer);
  const growing = {
    *[Symbol.iterator]() {
      memory.grow(1);
      yield 1;
    },
  };
  same(overloads.sized(view, true), "true 65536");
  same(overloads.sized(view, []), "none 65536");
  same(overloads.sized(view, growing), "some 0");
  same(overloads.sized(new Uint8Array(3), false), "false 3");
});

test("a list that another number of arguments is told by, and one that is converted before", () => {
  const log = [];
  const list = {
    get [Symbol.iterator]() {
      log.push("got");
      return () => [1, 2].values();
    },
  };
  same(overloads.split(list), "nothing 2");
  same(overloads.split(list, "by"), "by 2");
  same(overloads.split(list, undefined), "nothing 2");
  same(overloads.split(list, true), "each 2");
  same(overloads.split({}), "flag 1");
  throws(TypeError, () => overloads.split({}, true));
  same(log.join(), "got,got,got,got");
});

test("overloads on threads of the pool have copies of what all of them take", async () => {
  const bytes = new Uint8Array([7]);
  const found = [
    overloads.work("a".repeat(20), new Target(3), bytes, 0),
    overloads.work("b", null, bytes, ["listed"]),
    overloads.work("c", new Target(), bytes, true),
  ];
  bytes[0] = 9;
  same(await found[0], "aaaaaaaaaaaaaaaaaaaa long 3 7 zero");
  same(await found[1], "b nobody 7 listed");
  same(await found[2], "c none 0 7 true");
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
  const grown = new Uint8Array(memory.buffer);
  same(await overloads.work("d", null, grown, { valueOf: () => memory.grow(1) }), "d nobody -1 number");
  await rejects(TypeError, overloads.work("e", 1, bytes, []));
  await rejects(TypeError, overloads.work("f", null, bytes, [Symbol()]));
});
