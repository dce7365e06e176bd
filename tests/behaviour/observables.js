// Attributes of type ObservableArray, from the steps of the Web IDL standard, 3.10.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;

test("an observable array is an Array to scripts, always the same one", () => {
  const page = new Page();
  const { numbers } = page;
  same(page.numbers, numbers);
  same(Array.isArray(numbers), true);
  same(numbers instanceof Array, true);
  same(Object.prototype.toString.call(numbers), "[object Array]");
  same(JSON.stringify(numbers), "[]");
  alike([].concat(numbers, 1), [1]);
  same(new Page().numbers === numbers, false);
  same(own(Page.prototype, "sheets").set, undefined);
});

test("elements are converted, told of and then put", () => {
  const page = new Page();
  const { numbers } = page;
  numbers[0] = "5";
  same(numbers.push(7.9, null), 3);
  alike(numbers, [5, 7, 0]);
  same(page.told(), "set 0 5;set 1 7;set 2 0;");
  numbers[1] = 8;
  same(page.told(), "delete 1 7;set 1 8;");
  alike(numbers, [5, 8, 0]);
  throws(TypeError, () => { numbers[1] = Symbol(); });
  throws(TypeError, () => { numbers[1] = 1n; });
  same(page.told(), "");
});

test("there are no holes", () => {
  const page = new Page();
  const { numbers } = page;
  throws(TypeError, () => { numbers[1] = 1; });
  same(Reflect.set(numbers, 1, 1), false);
  same(Reflect.set(numbers, "4294967294", 1), false);
  let converted = 0;
  Reflect.set(numbers, 5, { valueOf() { converted++; return 1; } });
  same(converted, 0);
  numbers.push(1, 2, 3);
  page.told();
  same(delete numbers[2], true);
  same(Reflect.deleteProperty(numbers, 0), false);
  same(Reflect.deleteProperty(numbers, 7), false);
  same(Reflect.deleteProperty(numbers, "length"), false);
  same(page.told(), "delete 2 3;");
  alike(numbers, [1, 2]);
});

test("the length can only be made less", () => {
  const page = new Page();
  const { numbers } = page;
  numbers.push(1, 2, 3);
  page.told();
  same(Reflect.set(numbers, "length", 4), false);
  throws(TypeError, () => { numbers.length = 4; });
  let calls = 0;
  numbers.length = { valueOf() { calls++; return 1; } };
  same(calls, 2);
  same(page.told(), "delete 2 3;delete 1 2;");
  for (const wrong of [-1, 1.5, NaN, 2 ** 32, "x"]) throws(RangeError, () => { numbers.length = wrong; });
  throws(TypeError, () => { numbers.length = Symbol(); });
  alike(numbers, [1]);
  numbers.length = "0";
  alike(numbers, []);
});

test("a hook that throws leaves the array as it was", () => {
  const page = new Page();
  const { numbers } = page;
  numbers.push(1);
  throws(RangeError, () => numbers.push(100), "too much");
  throws(RangeError, () => { numbers[0] = 100; }, "too much");
  alike(numbers, [1]);
  numbers.push(13, 2);
  throws(RangeError, () => { numbers[1] = 3; }, "stays");
  throws(RangeError, () => { numbers.length = 0; }, "stays");
  alike(numbers, [1, 13]);
});

test("what is assigned is converted first; then all is deleted from the end, and put in order", () => {
  const page = new Page();
  const { numbers } = page;
  page.numbers = new Set([1, "2"]);
  same(page.numbers, numbers);
  same(page.told(), "set 0 1;set 1 2;");
  throws(TypeError, () => { page.numbers = [3, Symbol()]; });
  throws(TypeError, () => { page.numbers = 3; });
  throws(TypeError, () => { page.numbers = "34"; });
  same(page.told(), "");
  page.numbers = [3];
  same(page.told(), "delete 1 2;delete 0 1;set 0 3;");
  page.numbers = numbers;
  alike(numbers, [3]);
  throws(RangeError, () => { page.numbers = [4, 100, 5]; }, "too much");
  alike(numbers, [4]);
});

test("descriptors are those of arrays, and stay so", () => {
  const { numbers } = new Page();
  numbers.push(6);
  alike(own(numbers, "0"), { value: 6, writable: true, enumerable: true, configurable: true });
  alike(own(numbers, "length"), { value: 1, writable: true, enumerable: false, configurable: false });
  same(own(numbers, "1"), undefined);
  for (const key of ["0", "1", "length"]) {
    same(Reflect.defineProperty(numbers, key, { get() {} }), false);
    same(Reflect.defineProperty(numbers, key, { writable: false }), false);
  }
  same(Reflect.defineProperty(numbers, "0", { enumerable: false }), false);
  same(Reflect.defineProperty(numbers, "0", { configurable: false }), false);
  same(Reflect.defineProperty(numbers, "length", { enumerable: true }), false);
  same(Reflect.defineProperty(numbers, "length", { configurable: true }), false);
  same(Reflect.defineProperty(numbers, "0", { value: 9, writable: true }), true);
  same(Reflect.defineProperty(numbers, "0", {}), true);
  same(Reflect.defineProperty(numbers, "length", { value: 0 }), true);
  alike(numbers, []);
});

test("keys are the indices and then those of an array", () => {
  const { numbers } = new Page();
  numbers.push(1, 2);
  numbers.extra = 5;
  alike(Reflect.ownKeys(numbers), ["0", "1", "length", "extra"]);
  alike([0 in numbers, 2 in numbers, "length" in numbers, "push" in numbers, "none" in numbers],
        [true, false, true, true, false]);
  same(numbers.extra, 5);
  same(delete numbers.extra, true);
  same(Reflect.preventExtensions(numbers), false);
  throws(TypeError, () => Object.freeze(numbers));
  same(Object.isExtensible(numbers), true);
});

test("the methods of arrays work on it", () => {
  const page = new Page();
  const { words } = page;
  words.push("b", "a", "c");
  same(words.sort().join(), "a,b,c");
  same(words.splice(1, 1)[0], "b");
  alike(words, ["a", "c"]);
  same(words.unshift("z"), 3);
  same(words.reverse().join(), "c,a,z");
  same(words.pop(), "z");
  alike([...words], ["c", "a"]);
  same(words.at(-1), "a");
});

test("objects keep their identity, and others are refused", () => {
  const page = new Page();
  const sheet = new Sheet();
  page.sheets.push(sheet);
  same(page.sheets[0], sheet);
  throws(TypeError, () => page.sheets.push({}));
  same(page.told(), "set 0 1;");
});

test("C changes it without being told", () => {
  const page = new Page();
  page.add("one");
  page.add("two");
  alike(page.words, ["one", "two"]);
  page.forget();
  alike(page.words, []);
  same(page.told(), "");
});

test("what scripts do to Reflect, Array and Object does not matter", () => {
  const { get, ownKeys } = Reflect;
  const { words } = new Page();
  Object.defineProperty(Array.prototype, "0", { set() { throw new Error("seen"); }, configurable: true });
  Reflect.get = Reflect.ownKeys = () => { throw new Error("replaced"); };
  try {
    words[0] = "in";
    same(words[0], "in");
    same(typeof words.push, "function");
  } finally {
    delete Array.prototype[0];
    Object.assign(Reflect, { get, ownKeys });
  }
});

test("the hooks have the names that the IDL gives them", () => {
  const page = new Page();
  page.marks.push(3);
  page.marks.pop();
  same(page.told(), "put 0 3;take 0 3;");
  page.title = 5;
  same(page.title, 5);
});

test("[LegacyLenientThis]: a stranger gets undefined, and takes anything", () => {
  const { get, set } = own(Page.prototype, "marks");
  for (const stranger of [{}, Page.prototype, new Sheet()]) {
    same(get.call(stranger), undefined);
    same(set.call(stranger, [1]), undefined);
    same(set.call(stranger, 1), undefined);
  }
  const page = new Page();
  set.call(page, [1, 2]);
  alike(get.call(page), [1, 2]);
  throws(TypeError, () => set.call(page, 1));
  throws(TypeError, () => set.call(page));
  same(set.call({}), undefined);
});

test("[Replaceable]: an assignment makes a property of the object's own", () => {
  const page = new Page();
  const { spares } = page;
  spares.push(1);
  page.spares = "mine";
  same(page.spares, "mine");
  alike(own(page, "spares"), { value: "mine", writable: true, enumerable: true, configurable: true });
  delete page.spares;
  same(page.spares, spares);
  throws(TypeError, () => { Page.prototype.spares = 1; });
});

test("[LegacyLenientSetter]: an assignment does nothing", () => {
  const page = new Page();
  const { fixed } = page;
  page.fixed = [1];
  same(page.fixed, fixed);
  same(fixed.length, 0);
  same(page.told(), "");
  throws(TypeError, () => { Page.prototype.fixed = 1; });
});
}
