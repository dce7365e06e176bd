// Overloads against the standard's "overload resolution algorithm", 3.6, for every kind of value.
"use strict";

{
// TYPES, as the algorithm asks about them: a category each, or several in a union.
const type = (...leaves) => ({ leaves, nullable: false });
const nullable = (...leaves) => ({ leaves, nullable: true });

// Each overload is called by what its function in C tells; those that tell something else of null have that, too.
const OVERLOADS = {
  buffers: {
    ArrayBuffer: type("ArrayBuffer"), SharedArrayBuffer: type("SharedArrayBuffer"), DataView: type("DataView"),
    Uint8Array: type("Uint8Array"), dictionary: { ...type("dictionary"), optional: true },
  },
  objects: { object: type("object"), "symbol or boolean": type("symbol", "boolean"), long: type("numeric") },
  functions: {
    callback: type("callback function"), dictionary: { ...type("dictionary"), optional: true }, boolean: type("boolean"),
  },
  watchers: { "callback interface": type("callback interface"), sequence: type("sequence"), string: type("string") },
  records: { record: type("record"), boolean: type("boolean"), bigint: type("bigint") },
  streams: {
    "async sequence": type("async sequence"), string: type("string"),
    dictionary: { ...type("dictionary"), optional: true },
  },
  lists: { sequence: type("sequence"), string: type("string"), interface: type("Resolved") },
  nullables: { interface: nullable("Resolved"), double: type("numeric") },
  unionsToo: {
    "interface or string": type("Resolved", "string"), "sequence or boolean": type("sequence", "boolean"),
    "double or callback": nullable("numeric", "callback function"),
  },
  numbers: { double: type("numeric"), boolean: type("boolean") },
};

const values = () => [
  undefined, null, true, false, 0, 1.5, NaN, 1n, "", "text", Symbol("s"), {}, [], [1], () => 1, class {}, new Resolved(),
  new ArrayBuffer(1), new SharedArrayBuffer(1), new DataView(new ArrayBuffer(1)), new Uint8Array(1), new Uint16Array(1),
  new Uint8Array(new SharedArrayBuffer(1)), new String("s"), new Number(3), new Boolean(false), Object(1n),
  Object(Symbol()), new Date(0), /x/, new Map(), new Set(), new Proxy({}, {}), new Proxy(() => 1, {}),
  new Proxy(new Resolved(), {}), Object.create(new Resolved()), (function* () {})(), (async function* () {})(),
  { [Symbol.iterator]: null }, { [Symbol.asyncIterator]: null }, { [Symbol.asyncIterator]: () => 1 }, Promise.resolve(),
];

const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";
const isBuffer = (value) => value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
const isStringObject = (value) => value instanceof String;

// Returns the type of one overload for `value`, or null where there is none: the steps for the argument that tells.
function resolve1(types, value) {
  const entry = (...categories) => types.find((it) => it.leaves.some((leaf) => categories.includes(leaf)));
  const platform = value instanceof Resolved && isReal(value);
  if (value === undefined && types.some((it) => it.optional)) return types.find((it) => it.optional);
  if (value === undefined || value === null) {
    const takes = types.find((it) => it.nullable || it.leaves.includes("dictionary"));
    if (takes) return takes;
  }
  if (platform && entry("Resolved", "object")) return entry("Resolved", "object");
  if (isBuffer(value)) {
    const own = value instanceof ArrayBuffer ? "ArrayBuffer" : "SharedArrayBuffer";
    if (entry(own, "object")) return entry(own, "object");
  }
  if (value instanceof DataView && entry("DataView", "object")) return entry("DataView", "object");
  if (ArrayBuffer.isView(value) && entry(value[Symbol.toStringTag], "object")) {
    return entry(value[Symbol.toStringTag], "object");
  }
  if (typeof value === "function" && entry("callback function", "object")) return entry("callback function", "object");
  if (isObject(value)) {
    const streamed = entry("async sequence");
    if (streamed && !(isStringObject(value) && entry("string"))) {
      if ((value[Symbol.asyncIterator] ?? value[Symbol.iterator]) != null) return streamed;
    }
    if (entry("sequence") && value[Symbol.iterator] != null) return entry("sequence");
    const plain = entry("callback interface", "dictionary", "record", "object");
    if (plain) return plain;
  }
  // The standard has no step for symbols, which it tells from all else in its table; Cleat's is with those of the others.
  const own = { boolean: "boolean", number: "numeric", bigint: "bigint", symbol: "symbol" }[typeof value];
  const last = [own, "string", "numeric", "boolean", "bigint"].find((category) => category && entry(category));
  return last ? entry(last) : null;
}

// Whether it is a platform object, and not a Proxy of one or an heir.
function isReal(value) {
  try {
    return resolve.nullables(value) === "interface";
  } catch {
    return false;
  }
}

// Which of its types a union takes a value for is another algorithm's; here it is enough that it was that union.
function isOf(told, name, value) {
  if (told === name || name.split(" or ").includes(told)) return true;
  return told === "null" && (value === null || value === undefined);
}

const describe = (value) => {
  if (typeof value === "function") return "a function";
  return isObject(value) ? Object.prototype.toString.call(value) : String(value);
};

for (const [name, overloads] of Object.entries(OVERLOADS)) {
  test(`each kind of value finds its overload of '${name}'`, () => {
    for (const value of values()) {
      const chosen = resolve1(Object.values(overloads), value);
      const wanted = Object.keys(overloads).find((key) => overloads[key] === chosen) ?? "none";
      let told;
      try {
        told = resolve[name](value);
      } catch (error) {
        check(error, TypeError);
        // None takes it, or the one that was chosen cannot be made of it.
        const says = error.message.includes("is of no type that an overload takes");
        if (says !== (wanted === "none")) throw new Error(`${describe(value)}: ${error.message}, not ${wanted}`);
        continue;
      }
      if (!isOf(told, wanted, value)) throw new Error(`${describe(value)} went to ${told}, not ${wanted}`);
    }
  });
}

// UNIONS, by "converted to an IDL union type", 3.2.24: the same categories, in another order.

const UNIONS = {
  numberOrString: { long: "numeric", string: "string" },
  numberOrBoolean: { double: "numeric", boolean: "boolean" },
  bigOrNumber: { bigint: "bigint", octet: "numeric" },
  bigOrString: { bigint: "bigint", string: "string" },
  booleanOrBig: { boolean: "boolean", bigint: "bigint" },
  dictionaryOrNumber: { long: "numeric", offset: "dictionary" },
  sequenceOrRecord: { sequence: "sequence", record: "record", boolean: "boolean" },
  sequenceOrDictionary: { sequence: "sequence", offset: "dictionary" },
  callbackOrRecord: { callback: "callback function", record: "record", string: "string" },
  objectOrSymbol: { object: "object", symbol: "symbol", long: "numeric" },
  floatsOrBuffer: { floats: "Float32Array", bytes: "ArrayBuffer", string: "string" },
};

function convertToUnion(types, value) {
  const has = (...categories) => categories.find((category) => types.includes(category));
  if (value === undefined || value === null) {
    if (has("dictionary")) return "dictionary";
  }
  if (value instanceof ArrayBuffer && has("ArrayBuffer", "object")) return has("ArrayBuffer", "object");
  if (ArrayBuffer.isView(value) && has(value[Symbol.toStringTag], "object")) return has(value[Symbol.toStringTag], "object");
  if (typeof value === "function" && has("callback function", "object")) return has("callback function", "object");
  if (isObject(value)) {
    if (has("sequence") && value[Symbol.iterator] != null) return "sequence";
    const plain = has("dictionary", "record", "callback interface", "object");
    if (plain) return plain;
  }
  const own = { boolean: "boolean", number: "numeric", bigint: "bigint", symbol: "symbol" }[typeof value];
  if (own && has(own)) return own;
  if (has("string")) return "string";
  if (has("numeric") && has("bigint")) {
    // ToNumeric: what is no BigInt is a number.
    return typeof (isObject(value) ? value.valueOf() : value) === "bigint" ? "bigint" : "numeric";
  }
  return has("numeric") ?? has("boolean") ?? has("bigint") ?? "none";
}

for (const [name, members] of Object.entries(UNIONS)) {
  test(`each kind of value finds its type of '${name}'`, () => {
    for (const value of values()) {
      const wanted = convertToUnion(Object.values(members), value);
      let told;
      try {
        told = unions[name](value);
      } catch (error) {
        // None takes it, or it cannot be made one of the type that does: numbers of symbols, lists of numbers of pairs.
        if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
        const says = error.message.includes("is not of the type");
        if (says !== (wanted === "none")) throw new Error(`${describe(value)}: ${error.message}, not ${wanted}`);
        continue;
      }
      const got = members[Object.keys(members).find((member) => told.split(" ").includes(member))];
      if (got !== wanted) throw new Error(`${describe(value)} is ${told}, not ${wanted}`);
    }
  });
}

// THE NUMBER OF ARGUMENTS

test("the length is that of the shortest overload", () => {
  const lengths = Object.keys(OVERLOADS).map((name) => resolve[name].length);
  alike(lengths, [0, 1, 0, 1, 1, 0, 1, 1, 1, 1]);
  alike([resolve.optionals.length, resolve.spread.length], [1, 1]);
});

test("more arguments than any overload takes do not count, those that one takes do", () => {
  same(resolve.optionals(1), "1 missing default");
  same(resolve.optionals(1, undefined), "1 missing default");
  same(resolve.optionals(1, "a", undefined), "1 a default");
  same(resolve.optionals(1, undefined, "z"), "1 missing z");
  // Four arguments are those of the other one, whatever they are.
  throws(TypeError, () => resolve.optionals(1, "a", "b", "c"), "argument 1 is not a Resolved");
  same(resolve.optionals(new Resolved(), 1, 2, 3, 4, 5), "resolved 1 2 3");
  // One argument is that of the first, whatever it is.
  same(resolve.optionals(new Resolved()), "0 missing default");
});

test("a variadic overload takes part at any number, and undefined is a value for it", () => {
  const it = new Resolved();
  same(resolve.spread("a"), "a");
  same(resolve.spread("a", undefined), "a 0");
  same(resolve.spread("a", 1, 2, 3, 4), "a 1 2 3 4");
  same(resolve.spread("a", it), "a resolved 9");
  same(resolve.spread("a", it, undefined), "a resolved 9");
  same(resolve.spread("a", it, 5), "a resolved 5");
  same(resolve.spread("a", 1, it), "a 1 0");
  // Only the variadic one takes four.
  same(resolve.spread("a", it, 5, 6), "a 0 5 6");
});

// WHAT IS LOOKED AT

// Logs what is got from it.
function logging(log, properties) {
  const names = { [Symbol.asyncIterator]: "async iterator", [Symbol.iterator]: "iterator" };
  return new Proxy(properties, {
    get(target, key) {
      log.push(names[key] ?? String(key));
      return target[key];
    },
  });
}

test("@@asyncIterator and then @@iterator are got, once, and only where an overload wants them", () => {
  let log = [];
  same(resolve.streams(logging(log, {})), "dictionary");
  same(log.join(), "async iterator,iterator,count,label");
  log = [];
  same(resolve.streams(logging(log, { [Symbol.asyncIterator]: () => 1 })), "async sequence");
  same(log.join(), "async iterator");
  log = [];
  same(resolve.functions(logging(log, {})), "dictionary");
  same(log.join(), "count,label");
  throws(TypeError, () => resolve.streams({ [Symbol.asyncIterator]: 3 }), "is not iterable");
});

test("of a String object nothing is got where a string is wanted, too", () => {
  const log = [];
  const text = new String("text");
  for (const symbol of [Symbol.asyncIterator, Symbol.iterator]) {
    Object.defineProperty(text, symbol, { get: () => void log.push("got") });
  }
  same(resolve.streams(text), "dictionary");
  alike(log, []);
});

test("what @@iterator gave is what a union iterates by", () => {
  const log = [];
  const list = {
    get [Symbol.iterator]() {
      log.push("got");
      return function* () {
        log.push("run");
      };
    },
  };
  same(resolve.unionsToo(list), "sequence");
  same(log.join(), "got,run");
});
}
