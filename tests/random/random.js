// Calls everything that the bindings of the behaviour tests give to scripts, at random: on any receiver, with values
// that run more of the same while they are converted, and with the standard's own objects tampered with. Nothing is
// asked of the results: no script may crash the process, or use what was freed, which AddressSanitizer tells.
//
// randomCalls(seed, steps) does the same for the same seed, but for what threads and the garbage collector decide.
// Where randomLog is true, it prints each call before it is made; members that the regular expression randomSkip finds
// are left alone.
"use strict";

globalThis.randomCalls = (() => {
// What calls the program, and what has no end or ends the test: nothing else is left out.
const own = /^\.(gc|print|test|tests|runTests|show|same|alike|check|throws|rejects|random\w*)$/;
const skipped = new RegExp([
  "^\\.SqliteMutex", // entered twice it never returns, left twice it is undefined behaviour: SQLite's, as it is
  "^\\.CFile$", // makes files of any name
].join("|"));
// The globals of ECMAScript and WebAssembly.
const language = new RegExp(`^(${[
  "globalThis|Infinity|NaN|undefined|JSON|Math|Intl|Reflect|Atomics|WebAssembly|Proxy|FinalizationRegistry|Iterator",
  "Object|Function|Array|Number|Boolean|String|Symbol|BigInt|Date|Promise|RegExp|(Weak)?(Map|Set|Ref)|DataView",
  "(Big)?(Int|Uint|Float)\\d+(Clamped)?Array|(Shared)?ArrayBuffer",
  "(Aggregate|Eval|Range|Reference|Syntax|Type|URI)?Error",
  "(de|en)codeURI(Component)?|(un)?escape|eval|is(Finite|NaN)|parse(Float|Int)",
].join("|")})$`);
const { apply, construct, ownKeys, getOwnPropertyDescriptor, defineProperty, getPrototypeOf, setPrototypeOf } = Reflect;
const ThePromise = Promise, TheProxy = Proxy, TheObject = Object, TheArray = Array;
const plainThen = Promise.prototype.then;

// NUMBERS

let state = 1;
function below(n) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % n;
}
const pick = (list) => list[below(list.length)];

// MEMBERS

const members = [], constructors = [], namespaces = [];

function collect() {
  const seen = new Set();
  const left = [Object, Function, Array, Error, Promise].map((it) => it.prototype);
  const from = (holder, owner, path) => {
    if (holder === null || (typeof holder !== "object" && typeof holder !== "function")) return;
    if (seen.has(holder) || left.includes(holder)) return;
    seen.add(holder);
    for (const key of ownKeys(holder)) {
      const name = `${path}.${String(key)}`;
      if (holder === globalThis && (language.test(String(key)) || own.test(name))) continue;
      if (skipped.test(name) || (globalThis.randomSkip && new RegExp(globalThis.randomSkip).test(name))) continue;
      const descriptor = getOwnPropertyDescriptor(holder, key);
      if (key === "prototype") from(descriptor.value, holder, `${path}.prototype`);
      if (key === "constructor" || key === "prototype") continue;
      for (const kind of ["value", "get", "set"]) {
        const it = descriptor[kind];
        if (typeof it === "function") {
          members.push({ name: kind === "value" ? name : `${name}:${kind}`, call: it, owner, holder, key });
          if (kind !== "value" || !it.prototype) continue;
          constructors.push({ name, call: it });
          from(it, null, name);
        } else if (kind === "value" && it && typeof it === "object") {
          namespaces.push(it);
          from(it, null, name);
        }
      }
    }
    from(getPrototypeOf(holder), owner, `${path}^`);
  };
  from(globalThis, null, "");
}

// OBJECTS THAT ARE KEPT, to be used again

const most = 300;
const kept = [];
function keep(value) {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return value;
  if (value === globalThis) return value;
  if (kept.length < most) kept.push(value);
  else kept[below(most)] = value;
  return value;
}
const any = () => (kept.length > 0 ? pick(kept) : {});

// At once where V8 runs with --expose-gc, as a hunt may have it.
const { gc } = globalThis;
function collectGarbage() {
  if (gc !== undefined) gc({ type: pick(["minor", "major"]) });
}

// VALUES

const simple = [
  undefined, null, true, false, 0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 127, 128, 255, 256, 65536,
  2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, -(2 ** 53), 2 ** 63, 2 ** 64, 1e300, 0n, -1n, 2n ** 64n, -(2n ** 200n),
  "", "a", "0", "-1",
  "4294967295", "1e3", "length", "\ud800", "a\u0000b", "é", "日本", "\u{1f600}", "x".repeat(300), "__proto__",
  "constructor", "toString", globalThis, "red", "pear", "low", "fancy", "sad", "one", "abort", "message", "known",
  "kbad", "throws", "at once", "throws next", Symbol(), Symbol.iterator, Symbol.toStringTag,
  Symbol.for("Symbol.dispose"),
];

const names = [
  "text", "a", "b", "signal", "passive", "once", "capture", "detail", "bubbles", "length", "size", "name", "value",
  "then", "valueOf", "toString", "next", "done", "return", "throw", "handleEvent", "has", "keys", "add", "delete",
  "get", "count", "x", "y", "width", "list", "type", "callback", "reason", "quota", "requested", "other", "factor",
  "kind", "bytes",
];

let nested = 0;
function value() {
  if (nested > 3) return pick(simple);
  nested++;
  try {
    return pick(kinds)();
  } finally {
    nested--;
  }
}
const values = () => TheArray.from({ length: below(5) }, value);

// Does more, and then lets what calls it go on, or fail.
function interrupt() {
  act();
  if (below(40) === 0) collectGarbage();
  if (below(8) === 0) throw value();
}

function callback() {
  const kind = below(7);
  return function (...given) {
    given.forEach(keep);
    if (below(2)) act();
    switch (kind) {
      case 0: throw value();
      case 1: return ThePromise.resolve(value());
      case 2: return given[0];
      case 3: return value();
      case 4: return ThePromise.reject(value());
      default: return undefined;
    }
  };
}

const traps = [
  "get", "set", "has", "ownKeys", "getOwnPropertyDescriptor", "getPrototypeOf", "defineProperty", "deleteProperty",
  "apply", "construct", "isExtensible", "preventExtensions", "setPrototypeOf"
];
function handler() {
  const it = {};
  for (const trap of traps) {
    if (below(3) === 0) it[trap] = (...given) => (interrupt(), below(9) ? Reflect[trap](...given) : value());
  }
  return it;
}

function proxy() {
  const { proxy, revoke } = TheProxy.revocable(below(2) ? callback() : any(), handler());
  if (below(5) === 0) revoke();
  else if (below(4) === 0) keep({ valueOf: () => (revoke(), 1), toString: () => (revoke(), "x") });
  return proxy;
}

function memory() {
  const it = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  const grow = () => {
    try {
      it.grow(1);
    } catch {
    }
    return 1;
  };
  keep({ valueOf: grow, toString: () => String(grow()), get length() { return grow(); }, get x() { return grow(); } });
  return below(2) ? it.buffer : new Uint8Array(it.buffer, 0, 64);
}

function resizable() {
  const Buffer = below(3) ? ArrayBuffer : SharedArrayBuffer;
  const it = new Buffer(below(64), { maxByteLength: 4096 });
  const resize = () => {
    try {
      if (it.resize) it.resize(below(2) ? 0 : below(4096));
      else it.grow(below(4096));
    } catch {
    }
    return below(4);
  };
  keep({ valueOf: resize, toString: () => String(resize()), get length() { return resize(); } });
  if (below(2)) return it;
  return below(2) ? new Uint8Array(it) : below(2) ? new DataView(it) : new Float64Array(it);
}

const buffers = [
  memory,
  resizable,
  () => new SharedArrayBuffer(below(64)),
  () => new DataView(new ArrayBuffer(16), below(8), below(8)),
  () => new Float64Array(below(9)),
  () => new Uint8Array(new ArrayBuffer(32), below(16), below(16)),
  () => new BigInt64Array(3),
  () => new Uint8Array(new WebAssembly.Memory({ initial: 1, maximum: 3, shared: true }).buffer, 0, 9),
  () => new ArrayBuffer(below(100)),
];

function object() {
  const it = below(8) ? {} : TheObject.create(any());
  for (let i = below(6); i > 0; i--) {
    const key = pick(names);
    if (below(3) === 0) {
      defineProperty(it, key, { get: () => (interrupt(), value()), enumerable: below(2) === 0, configurable: true });
    } else {
      it[key] = value();
    }
  }
  if (below(6) === 0) {
    it[Symbol.iterator] = below(2) ? function* () { yield value(); act(); yield value(); } : callback();
  }
  if (below(8) === 0) {
    it[Symbol.asyncIterator] = below(2) ? async function* () { yield value(); act(); yield value(); } : callback();
  }
  if (below(8) === 0) it[Symbol.toPrimitive] = callback();
  return it;
}

function list() {
  const it = values();
  if (below(4) === 0) it.length += 2;
  if (below(8) === 0) it[Symbol.iterator] = callback();
  if (below(8) === 0) defineProperty(it, 0, { get: () => (interrupt(), it.length = below(5), value()) });
  if (below(20) === 0) return TheObject.freeze(it);
  return it;
}

function thenable() {
  switch (below(6)) {
    case 0: return { then: callback() };
    case 1: return { get then() { interrupt(); return callback(); } };
    case 2: return { then(resolve) { act(); resolve(value()); resolve(value()); throw 1; } };
    case 3: {
      class Sub extends ThePromise {
        static get [Symbol.species]() { act(); return below(2) ? ThePromise : value(); }
        then(...given) { act(); return super.then(...given); }
      }
      return Sub.resolve(pick(simple));
    }
    case 4: {
      const it = ThePromise.resolve(pick(simple));
      defineProperty(it, pick(["constructor", "then"]), { get: () => (act(), below(2) ? ThePromise : value()) });
      return it;
    }
    default: return new ThePromise((resolve, reject) => keep(below(2) ? resolve : reject));
  }
}

// Aborts while it is converted to whatever.
function aborting() {
  const controller = new AbortController();
  const abort = () => (controller.abort(below(2) ? undefined : value()), below(3));
  const { signal } = controller;
  keep({ signal, get once() { return abort(); }, get passive() { return abort(); }, valueOf: abort });
  return below(2) ? signal : { signal, valueOf: abort, toString: () => String(abort()) };
}

// What is or was an object of an interface, or looks like it.
function brand() {
  const it = any();
  const { call } = pick(constructors);
  switch (below(6)) {
    case 0: return TheObject.create(call.prototype);
    case 1: return setPrototypeOf({}, any());
    case 2: return call.prototype;
    case 3: {
      const Sub = class extends call { constructor(...given) { act(); super(...given); act(); } };
      return construct(Sub, values());
    }
    case 4: {
      const dispose = it[Symbol.dispose] ?? it[Symbol.for("Symbol.dispose")];
      if (typeof dispose === "function") apply(dispose, it, []);
      return it;
    }
    default: return { valueOf: () => (act(), 1), __proto__: it };
  }
}

const kinds = [
  () => pick(simple), () => pick(simple), () => pick(simple), () => below(20) - 5, () => below(300), any, any, any, any,
  callback, callback, object, object, () => pick(buffers)(), list, list, thenable, proxy, aborting, brand,
  () => String(below(100)), () => (below(2) ? new Date(NaN) : new Date(below(1e9))), () => new Error("e"), () => /x/y,
  () => ({ valueOf: () => (interrupt(), below(9)), toString: () => (interrupt(), "t") }),
];

// TAMPERING with what the standard's algorithms look up; taken back by restore.

const places = [
  [Array.prototype, Symbol.iterator], [Array.prototype, "values"], [getPrototypeOf([][Symbol.iterator]()), "next"],
  [getPrototypeOf(getPrototypeOf([][Symbol.iterator]())), Symbol.iterator], [Promise.prototype, "then"],
  [Promise.prototype, "constructor"], [Promise, "resolve"], [Promise, Symbol.species], [Array, Symbol.species],
  [Object.prototype, "then"], [Object.prototype, "get"], [Object.prototype, "value"], [Object.prototype, "next"],
  [Object.prototype, "done"], [Object.prototype, "return"], [Object.prototype, "toString"],
  [Object.prototype, "valueOf"],
  [Object.prototype, Symbol.toPrimitive], [Object.prototype, Symbol.iterator], [Object.prototype, Symbol.asyncIterator],
  [Object.prototype, 0], [Object.prototype, "constructor"], [Function.prototype, Symbol.hasInstance],
  [Function.prototype, "prototype"], [Map.prototype, "get"], [Map.prototype, "set"], [Map.prototype, "delete"],
  [Map.prototype, "size"], [Set.prototype, "add"], [Set.prototype, "has"], [Error.prototype, "message"],
  [Error, "prepareStackTrace"], [Error.prototype, "name"], [String.prototype, Symbol.iterator],
  [String.prototype, "toString"], [Number.prototype, "valueOf"], [Symbol.prototype, Symbol.toPrimitive],
  [getPrototypeOf(Int8Array).prototype, "length"], [getPrototypeOf(Int8Array).prototype, Symbol.iterator],
  [ArrayBuffer.prototype, "byteLength"], [Object, "prototype"], [globalThis, "Promise"], [globalThis, "Map"],
  [globalThis, "DOMException"], [globalThis, "Error"], [globalThis, "TypeError"], [globalThis, "Symbol"],
];
const changed = [];

function tamper() {
  const { 0: holder, 1: key } = pick(places);
  const before = getOwnPropertyDescriptor(holder, key);
  if (before !== undefined && !before.configurable) return;
  if (before !== undefined) setPrototypeOf(before, null); // whatever Object.prototype has meanwhile
  changed.push({ holder, key, before });
  let inside = false;
  const wrapped = (original) => function (...given) {
    if (!inside) {
      inside = true;
      try {
        if (below(3) === 0) act();
      } finally {
        inside = false;
      }
      if (below(9) === 0) throw 1;
      if (below(9) === 0) return pick(simple);
    }
    if (typeof original !== "function") return original;
    return new.target ? construct(original, given) : apply(original, this, given);
  };
  switch (below(3)) {
    case 0:
      if (before !== undefined && "value" in before && typeof before.value === "function") {
        const instead = wrapped(before.value);
        defineProperty(holder, key, { __proto__: null, value: instead, configurable: true, writable: true });
        break;
      }
      // Falls through.
    case 1:
      defineProperty(holder, key, {
        __proto__: null,
        get: before !== undefined && before.get ? wrapped(before.get) : wrapped(before?.value),
        set() { if (!inside) act(); },
        configurable: true,
      });
      break;
    default:
      defineProperty(holder, key, { __proto__: null, value: pick(simple), configurable: true, writable: true });
  }
}

function restore() {
  while (changed.length > 0) {
    const { holder, key, before } = changed.pop();
    if (before === undefined) delete holder[key];
    else defineProperty(holder, key, before);
  }
}

// ACTIONS

let depth = 0, done = 0, bound = 0;
const log = (text) => {
  if (globalThis.randomLog) print(`# ${"  ".repeat(depth)}${text}`);
};

// An object of the interface of `owner`, where one is kept or can be made.
function instance(owner) {
  const among = (count) => {
    for (let i = below(most); count > 0 && kept.length > 0; i++, count--) {
      const it = kept[i % kept.length];
      try {
        if (it instanceof owner) return it;
      } catch {
      }
    }
    return undefined;
  };
  const found = among(12);
  if (found !== undefined) return found;
  try {
    return keep(fitting((given) => construct(owner, given), depth < 3 ? values() : []));
  } catch {
    return among(most) ?? any();
  }
}

// Calls, and again with other arguments where the error says which is wrong, so that the way behind the checks is seen.
function fitting(call, given) {
  for (let left = below(2) ? 4 : 0;; left--) {
    try {
      return call(given);
    } catch (error) {
      const found = left > 0 && depth < 4 && wrong(error);
      if (!found) throw error;
      const { 1: number, 2: type } = found;
      while (given.length < number - 1) given.push(value());
      given[number - 1] = replacement(type);
    }
  }
}

function wrong(error) {
  try {
    return /argument (\d+)(?:.*? is not an? (\w+))?/.exec(error.message) ??
      /(\d+) arguments? (required)/.exec(error.message);
  } catch {
    return undefined;
  }
}

function replacement(type) {
  const found = constructors.find(({ name }) => name.endsWith(`.${type}`));
  if (found !== undefined) return instance(found.call);
  switch (type) {
    case "function": return callback();
    case "object": return object();
    case "Symbol":
    case "symbol": return Symbol();
    case "Uint8Array": return new Uint8Array(9);
    case "Float64Array": return new Float64Array(9);
    case "DataView": return new DataView(new ArrayBuffer(9));
    case "ArrayBuffer": return new ArrayBuffer(9);
    case "SharedArrayBuffer": return new SharedArrayBuffer(9);
    default: return pick([value, list, object, () => pick(buffers)(), callback])();
  }
}

function makeObject() {
  const { name, call } = pick(constructors);
  log(`new ${name}`);
  const given = values();
  switch (below(6)) {
    case 0: return keep(construct(call, given, function () {}.bind()));
    case 1: return keep(construct(call, given, new TheProxy(call, handler())));
    case 2: return keep(construct(call, given, pick(constructors).call));
    default: return keep(fitting((them) => construct(call, them), given));
  }
}

function useProperty() {
  const it = any();
  const { key, name } = pick(members);
  log(`property ${name}`);
  const place = below(2) ? key : below(4);
  if (place === "length" && TheArray.isArray(it)) return undefined; // what is done with billions of elements has no end
  switch (below(9)) {
    case 0: return keep(it[key]);
    case 1: return void (it[place] = value());
    case 2: return delete it[place];
    case 3: return defineProperty(it, place, { value: value(), configurable: true });
    case 4: return defineProperty(it, place, { get: callback(), set: callback(), configurable: true });
    case 5:
      for (const name in it) return keep(it[name]);
      return ownKeys(it);
    case 6: return below(30) === 0 && setPrototypeOf(it, below(2) ? null : value());
    case 7: return below(30) === 0 && (below(2) ? TheObject.freeze(it) : TheObject.preventExtensions(it));
    default: return place in it;
  }
}

function iterate() {
  const it = any();
  log("iterate");
  if (below(2) && it[Symbol.iterator]) {
    let left = below(6);
    for (const each of it) {
      keep(each);
      act();
      if (left-- === 0) break;
    }
  } else if (it[Symbol.asyncIterator]) {
    const iterator = keep(it[Symbol.asyncIterator]());
    for (let i = below(3); i >= 0; i--) apply(plainThen, iterator.next(), [keep, keep]);
    if (below(2) && iterator.return) apply(plainThen, iterator.return(value()), [keep, keep]);
  } else if (typeof it.next === "function") {
    keep(it.next(value()));
  } else if (typeof it.then === "function") {
    it.then((result) => (keep(result), act()), () => {});
  } else if (typeof it.forEach === "function") {
    it.forEach(callback(), value());
  }
}

function useEvents() {
  const it = kept.find((each) => each instanceof EventTarget) ?? keep(new EventTarget());
  const type = pick(["a", "abort", "message"]);
  log(`event ${type}`);
  if (below(2)) it.addEventListener(type, below(3) ? callback() : object(), below(2) ? aborting() : value());
  else it.dispatchEvent(below(4) ? new Event(type, object()) : any());
}

// Calls where there is hardly any stack left, and a little above.
function overflow() {
  const member = pick(members);
  const self = receiver(member);
  const given = values();
  log(`deep ${member.name}`);
  let left = 30;
  const deeper = () => {
    try {
      deeper();
    } finally {
      if (left-- > 0) {
        try {
          apply(member.call, self, given);
        } catch {
        }
      }
    }
  };
  deeper();
}

// Calls so often that the call is compiled, and then with anything.
function warm() {
  const member = pick(members);
  const self = receiver(member);
  const given = below(2) ? [1, 2.5, 3, 4] : ["a", "b", 1, true];
  log(`warm ${member.name}`);
  const body = below(2) ? "return f.call(it, a, b, c)" : "return f.call(it, a)";
  const quick = new Function("f", "it", "a", "b", "c", body);
  const end = Date.now() + 20;
  for (let i = 0; i < 20000; i++) {
    try {
      quick(member.call, self, ...given);
    } catch {
    }
    if (i % 256 === 0 && Date.now() > end) break;
  }
  for (let i = 0; i < 20; i++) {
    try {
      keep(quick(member.call, below(3) ? self : value(), ...values()));
    } catch {
    }
  }
}

function receiver({ owner, holder }) {
  if (below(12) === 0) return value();
  return owner ? instance(owner) : holder;
}

function callMember() {
  const member = pick(members);
  const self = receiver(member);
  const given = values();
  log(member.name);
  return keep(fitting((them) => apply(member.call, self, them), given));
}

function act() {
  if (depth > 4 || done > bound) return;
  done++;
  depth++;
  try {
    const which = below(32);
    if (which < 3) makeObject();
    else if (which < 6) useProperty();
    else if (which < 8) iterate();
    else if (which < 9) useEvents();
    else if (which < 10 && depth === 1) tamper();
    else if (which < 11 && below(8) === 0 && depth < 3) overflow();
    else if (which < 12 && below(8) === 0 && depth === 1) warm();
    else callMember();
  } catch (error) {
    if (below(8) === 0) keep(error);
  } finally {
    depth--;
  }
}

return async function randomCalls(seed, steps) {
  if (members.length === 0) collect();
  state = (seed >>> 0) || 1;
  log(`${members.length} members, ${constructors.length} constructors, seed ${seed}`);
  kept.length = 0;
  for (let i = 0; i < steps; i++) {
    depth = nested = done = 0;
    bound = 40;
    act();
    if (i % 4 === 0 && i % 40 !== 0) restore();
    try {
      if (i % 20 === 0) await undefined;
    } catch {
    }
    if (i % 3000 === 2999) {
      for (let k = 0; k < 30; k++) new Array(1e5).fill({});
      await undefined;
    }
    if (i % 5000 === 4999) kept.length = 0;
  }
  restore();
  kept.length = 0;
};
})();
