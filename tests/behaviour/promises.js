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

test("a blocking function returns a new object", async () => {
  const ticket = await Ticket.print(3);
  same(ticket instanceof Ticket, true);
  same(ticket.number, 3);
  same((await Ticket.printBelow(3, 9)).number, 3);
  same(await Ticket.printBelow(9, 9), null);
  await rejects(RangeError, Ticket.printBelow(-1, 9), "-1");
});
}
