// What [Exposed] leaves out: exposure.idl is for a global object that is a Page, and no Worker.
"use strict";

{
const names = (object) => Reflect.ownKeys(object).map(String).sort().join(" ");

test("what is not exposed is no property of the global object", () => {
  for (const name of ["WorkerBase", "WorkerThing", "NeverMentioned", "workerSpace", "WorkerListener", "inWorkersOnly"]) {
    same(name in globalThis, false);
  }
  same(typeof inPagesOnly, "function");
  same(typeof pageSpace, "object");
});

test("members that are not exposed are not there, wherever they were written", () => {
  same(names(PageThing.prototype), "Symbol(Symbol.toStringTag) constructor mixedIn number ofPagePart take thing toJSON");
  for (const name of ["WORKERS", "inWorkersOnly"]) same(name in PageThing, false);
  same(names(pageSpace), "Symbol(Symbol.toStringTag) start");
});

test("toJSON has what is exposed", () => {
  same(JSON.stringify(new PageThing()), '{"number":7}');
});

test("a constructor that is not exposed makes no objects", () => {
  throws(TypeError, () => new HalfThing());
  same(HalfThing.prototype.constructor, HalfThing);
});

test("objects of an interface that is not exposed go in and out, and have no members", () => {
  const page = new PageThing();
  const { thing } = page;
  same(page.thing, thing);
  same(page.take(thing), 7);
  throws(TypeError, () => page.take({}));
  throws(TypeError, () => page.take(page));
  const prototype = Object.getPrototypeOf(thing);
  same(names(prototype), "Symbol(Symbol.toStringTag)");
  same(Object.prototype.toString.call(thing), "[object WorkerThing]");
  same(names(Object.getPrototypeOf(prototype)), "Symbol(Symbol.toStringTag)");
});

test("an interface in a namespace that is not exposed has no interface object", () => {
  same(ofWorkerSpace.number, 8);
  same("OfWorkerSpace" in globalThis, false);
});

test("a callback interface that is not exposed is a type still", () => {
  let heard;
  callWorkerListener({ hear(number) { heard = number; } });
  same(heard, 9);
  callWorkerListener((number) => { heard = -number; });
  same(heard, -9);
});

test("an indexed getter has the length that scripts do not see", () => {
  const roll = new Roll();
  alike([roll[0], roll[1], roll[2], roll.length, "length" in Roll.prototype], [5, 6, undefined, undefined, false]);
  alike(Object.keys(roll), ["0", "1"]);
});

test("an attribute inherits the getter of one that is not exposed", () => {
  const safe = new OpenSafe();
  safe.secret = 7;
  same(safe.secret, 7);
  same("secret" in Safe.prototype, false);
});
}
