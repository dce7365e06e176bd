// Promises of native objects and of values.
"use strict";

{
test("a promise of a native object gives the wrapper that the object has", async () => {
  const ticket = new Ticket(1);
  same(await ticket.itself(), ticket);
});

test("a new object from another thread is wrapped when it arrives", async () => {
  const next = await new Ticket(4).next();
  same(next instanceof Ticket, true);
  same(next.number, 5);
});

test("NULL is null where the type is nullable, and else a rejection", async () => {
  const ticket = new Ticket(1);
  same((await ticket.nextBelow(9)).number, 2);
  same(await ticket.nextBelow(2), null);
  await rejects(Error, ticket.none(), "no Ticket");
});

test("a promise of any is resolved with any value", async () => {
  const ticket = new Ticket(1);
  const object = {};
  for (const value of [1, "text", null, undefined, object, Symbol.iterator, 5n]) same(await ticket.echo(value), value);
  same(await ticket.echo(Promise.resolve(object)), object);
  await rejects(RangeError, ticket.echo(Promise.reject(new RangeError("no"))), "no");
});

test("what a hook throws is what the promise is rejected for", async () => {
  const reason = new EvalError("mine");
  same(await new Ticket(1).echoAndThrow(reason).catch((error) => error), reason);
});

test("sequences and records of objects", async () => {
  const ticket = new Ticket(1);
  const several = await ticket.several(3);
  same(several[0], ticket);
  alike(several.map(({ number }) => number), [1, 2, 3]);
  const object = {};
  const described = await ticket.described(object);
  alike(Object.keys(described), ["one", "other"]);
  same(described.one, object);
});

test("a promise of a function", async () => {
  const ticket = new Ticket(1);
  let given;
  const listener = (it) => { given = it; };
  same(await ticket.listener(listener), listener);
  same(given, ticket);
});

test("a promise of a nullable dictionary", async () => {
  const ticket = new Ticket(7);
  alike(await ticket.info("me"), { number: 7, owner: "me" });
  same(await ticket.info(null), null);
});

test("a blocking function without a result", async () => {
  same(await blocked.nothing(true), undefined);
  await rejects(RangeError, blocked.refuse("not so"), "not so");
});

test("blocking functions take every kind of number and of string", async () => {
  same(await blocked.numbers(1, -1, 257, 40000, -1, 2 ** 31, -1, -(2 ** 40), 2 ** 53, 0.5, Infinity),
       "1 -1 1 -25536 65535 -2147483648 4294967295 -1099511627776 9007199254740992 0.5 inf");
  same(await blocked.strings("é", "\ud800é", "\xff\0", "plain", "\u{1F600}", null),
       "2:é;5:\ufffdé;255,0;plain;d83d de00 null;null;");
  same(await blocked.strings("", "", "", "", "", "x", ""), "0:;0:;;;1:x;0:;");
});

test("blocking functions have copies of dictionaries, sequences, records, unions and bigints", async () => {
  const bytes = Uint8Array.of(1, 2), other = Uint8Array.of(3);
  const list = [1, 2], either = ["a", "b"];
  const all = { name: "n", list, kind: "fancy", bytes, inner: { text: "t", buffers: { k: other } }, plain: "p", big: -5n, either };
  const said = blocked.others("plain", all, null, 7, 8);
  bytes[0] = other[0] = 99;
  list.length = either.length = 0;
  all.inner.text = "changed";
  same(await said, "0 1;1:n;1 2 1,2;1:t;1:k;3;p;5 of 1;1:a;1:b;1 0 0;7 8 ");
  same(await blocked.others("fancy"), "1 0;null;null;null;1;0 0 0;");
  same(await blocked.others("fancy", { inner: {} }, 3), "1 0;null;null;4:none;null;1;1 1 3;");
});

test("blocking functions have copies of buffers", async () => {
  const bytes = Uint8Array.of(1, 2, 3, 4), doubles = Float64Array.of(0.5, 2);
  const shared = new Uint8Array(new SharedArrayBuffer(2));
  shared[1] = 9;
  const said = blocked.buffers(bytes.buffer, new DataView(bytes.buffer, 1, 2), doubles, bytes.subarray(3), shared, null);
  bytes.fill(0);
  doubles.fill(0);
  shared.fill(0);
  same(await said, "1,2,3,4;2,3;0.5 2 4;0,9;null;");
  await rejects(TypeError, blocked.buffers(shared.buffer, new DataView(bytes.buffer), doubles, bytes, bytes, null), "argument 1");
});

test("a blocking function returns a new object", async () => {
  const ticket = await Ticket.print(3);
  same(ticket instanceof Ticket, true);
  same(ticket.number, 3);
  same((await Ticket.printBelow(3, 9)).number, 3);
  same(await Ticket.printBelow(9, 9), null);
  await rejects(RangeError, Ticket.printBelow(-1, 9), "-1");
});
}
