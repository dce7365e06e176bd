// The global object as an object of an interface, from the Web IDL standard: [Global], named properties objects.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;
const sloppy = (body) => new Function(body)();
const names = Object.getPrototypeOf(Object.getPrototypeOf(globalThis));

// VALUES

test("a value of the interface is the global object, and nothing else", () => {
  const tools = new ScopeTools();
  same(scopeItself, globalThis);
  same(tools.scope(true), globalThis);
  same(tools.scope(false), null);
  same(tools.count(globalThis, [globalThis, "a", globalThis], { scope: globalThis }), 4);
  same(tools.count(null, []), 0);
  for (const wrong of [{}, Object.create(globalThis), new Proxy(globalThis, {}), names, tools, 5]) {
    throws(TypeError, () => tools.count(wrong, []));
  }
  throws(TypeError, () => tools.count(null, [], { scope: {} }));
  throws(Error, () => tools.other());
});

test("a promise of it", async () => {
  same(await new ScopeTools().later(), globalThis);
});

// MEMBERS

test("[LegacyUnforgeable] members cannot be changed", () => {
  const { get, set, enumerable, configurable } = own(globalThis, "scopeFixed");
  alike([get.name, set, enumerable, configurable], ["get scopeFixed", undefined, true, false]);
  same(own(globalThis, "scopeFixedToo").configurable, false);
  same(scopeTwice(4), 8);
  const { value, ...flags } = own(globalThis, "scopeTwice");
  alike([value.name, value.length, flags],
    ["scopeTwice", 1, { writable: false, enumerable: true, configurable: false }]);
  throws(TypeError, () => { globalThis.scopeTwice = 1; });
  throws(TypeError, () => { delete globalThis.scopeFixed; });
  throws(TypeError, () => Object.defineProperty(globalThis, "scopeFixed", { value: 1 }));
  same(scopeFixed, 5);
});

test("[Unscopable] members are hidden from `with`", () => {
  same(scopeHidden, 0);
  same(sloppy("var scopeHidden = 7; with (globalThis) return scopeHidden"), 7);
  const { value, ...flags } = own(globalThis, Symbol.unscopables);
  alike([Object.getPrototypeOf(value), Object.keys(value), flags],
    [null, ["scopeHidden"], { writable: false, enumerable: false, configurable: true }]);
});

test("it has an observable array", () => {
  scopeTold();
  scopeNumbers = ["3", 4];
  scopeNumbers.push(5);
  delete scopeNumbers[2];
  appendScopeNumber(9);
  alike([...scopeNumbers], [3, 4, 9]);
  same(scopeTold(), "set 0 3;set 1 4;set 2 5;delete 2 5;");
  throws(TypeError, () => { scopeNumbers.push(Symbol()); });
  throws(TypeError, () => own(globalThis, "scopeNumbers").get.call({}));
  scopeNumbers.length = 0;
});

test("[Default] toJSON gives the attributes", () => {
  const json = globalThis.toJSON();
  alike([json.scopeFixed, json.scopeFixedToo, json.scopeHidden], [5, 6, 0]);
  same(json.scopeItself === globalThis, true);
  alike(Object.keys(json), ["scopeItself", "scopeFixed", "scopeFixedToo", "scopeHidden"]);
  throws(TypeError, () => toJSON.call({}));
});

// NAMED PROPERTIES

test("the global object inherits from a named properties object", () => {
  same(Object.prototype.toString.call(names), "[object CleatGlobalScopeProperties]");
  same(Object.getPrototypeOf(names), Object.prototype);
  throws(TypeError, () => Object.setPrototypeOf(names, {}));
  same(Reflect.setPrototypeOf(names, Object.getPrototypeOf(names)), true);
  throws(TypeError, () => Object.preventExtensions(names));
});

test("names that C has are variables", () => {
  scopeTold();
  alike([scopeOne, globalThis.scopeTwo, typeof scopeOne, typeof scopeNone], ["scopeOne", "scopeTwo", "string", "undefined"]);
  same(scopeTold(), "scopeOne;scopeTwo;scopeOne;");
  throws(ReferenceError, () => scopeNone);
  throws(Error, () => scopeThrows);
  alike(["scopeOne" in globalThis, "scopeNone" in globalThis, Object.hasOwn(globalThis, "scopeOne")], [true, false, false]);
  same(globalThis[12], "12");
  for (let i = 0; i < 20000; i++) if (scopeOne !== "scopeOne") throw new Error(`round ${i}`);
});

test("what the global object has itself, or inherits, comes first", () => {
  same(typeof Math, "object");
  same(own(names, "Math"), undefined);
  same(own(names, "scopeTwice"), undefined);
  Object.prototype.scopeShadow = "inherited";
  same(scopeShadow, "inherited");
  same(own(names, "scopeShadow"), undefined);
  delete Object.prototype.scopeShadow;
  same(scopeShadow, "scopeShadow");
});

test("its properties are writable, configurable and enumerable, and no keys", () => {
  alike(own(names, "scopeOne"), { value: "scopeOne", writable: true, enumerable: true, configurable: true });
  alike(Reflect.ownKeys(names), [Symbol.toStringTag]);
  same(own(names, "scopeNone"), undefined);
});

test("an assignment makes a property of the global object, a definition is refused", () => {
  globalThis.scopeTwo = 2;
  alike(own(globalThis, "scopeTwo"), { value: 2, writable: true, enumerable: true, configurable: true });
  same(scopeTwo, 2);
  delete globalThis.scopeTwo;
  same(scopeTwo, "scopeTwo");
  sloppy("scopeTwo = 3");
  same(own(globalThis, "scopeTwo").value, 3);
  delete globalThis.scopeTwo;
  throws(TypeError, () => Object.defineProperty(names, "scopeTwo", { value: 1 }));
  throws(TypeError, () => Object.defineProperty(names, "another", { value: 1 }));
  throws(TypeError, () => { names.another = 1; });
  throws(TypeError, () => { delete names.scopeTwo; });
  throws(TypeError, () => { delete names.another; });
  alike([scopeTwo, "another" in names], ["scopeTwo", false]);
});

test("variables of scripts hide names", () => {
  same(sloppy("var scopeTwo = 1; return scopeTwo"), 1);
  same(sloppy("try { return eval('let scopeTwo = 5; scopeTwo') } catch (error) { return 5 }"), 5);
});
}
