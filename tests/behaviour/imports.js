// A set of bindings that uses what another declares.
"use strict";

{
test("an interface inherits from one of another set", () => {
  const special = new Special(3, 4);
  same(Object.getPrototypeOf(Special), Base);
  same(Object.getPrototypeOf(Special.prototype), Base.prototype);
  same(special instanceof Base, true);
  alike([special.x, special.extra], [3, 4]);
  special.x = 5;
  same(special.x, 5);
  same(String(special), "some");
  throws(TypeError, () => Object.getOwnPropertyDescriptor(Special.prototype, "extra").get.call(new Base(1)));
});

test("an inherit attribute calls the getter of the other set", () => {
  const special = new Special(0, 0);
  special.y = 7;
  same(special.y, -7);
  Object.getOwnPropertyDescriptor(Base.prototype, "y").set.call(special, 8);
  same(special.y, 8);
});

test("types of the other set go in and out", async () => {
  const special = new Special(0, 0);
  const base = new Base(1);
  same(special.back(base), base);
  same(special.back(special), special);
  throws(TypeError, () => special.back({}));
  const part = new Part();
  same(special.either(part), part);
  same(special.either("text"), "text");
  const pair = special.pair(base);
  alike([pair[0] === special, pair[1] === base], [true, true]);
  const ticket = new Ticket(3);
  same(await special.ticket(ticket), ticket);
});
}
