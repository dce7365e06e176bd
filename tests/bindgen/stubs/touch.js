// Reads, calls and constructs whatever it finds, and says what it found. What is thrown is another test's business.
"use strict";

(() => {
  const standard = new Set(("Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String " +
    "Symbol Date Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError " +
    "URIError globalThis JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array " +
    "Int32Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set " +
    "WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry SharedArrayBuffer decodeURI decodeURIComponent " +
    "encodeURI encodeURIComponent escape unescape eval isFinite isNaN console WebAssembly").split(" "));
  const found = [];
  const attempt = (body) => {
    try {
      const value = body();
      if (value instanceof Promise) value.catch(() => {});
      return value;
    } catch {
      return undefined;
    }
  };

  function touch(object, path, self) {
    for (const key of Reflect.ownKeys(object)) {
      if (object === globalThis && standard.has(key)) continue;
      const name = `${path}${String(key)}`;
      const property = Object.getOwnPropertyDescriptor(object, key);
      found.push(name);
      if (property.get) attempt(() => property.get.call(self));
      if (property.set) attempt(() => property.set.call(self, 1));
      if (typeof property.value !== "function" || key === "constructor") {
        if (typeof property.value === "object" && property.value !== null) touch(property.value, `${name}.`, property.value);
        continue;
      }
      attempt(() => property.value.call(self));
      attempt(() => property.value.call(self, 1, 2, 3, 4));
      const made = attempt(() => new property.value()) ?? attempt(() => new property.value(1, 2, 3, 4));
      const prototype = property.value.prototype;
      if (typeof prototype !== "object") continue;
      touch(prototype, `${name}.prototype.`, made);
      touch(property.value, `${name}.`, property.value);
    }
  }

  touch(globalThis, "", globalThis);
  return found.join("\n");
})();
