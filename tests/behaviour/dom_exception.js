// DOMException and QuotaExceededError, from the Web IDL standard.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;

test("DOMException has a name, a message and a code", () => {
  same(DOMException.length, 0);
  const plain = new DOMException();
  alike([plain.name, plain.message, plain.code], ["Error", "", 0]);
  const found = new DOMException("no such thing", "NotFoundError");
  alike([found.name, found.message, found.code], ["NotFoundError", "no such thing", 8]);
  same(new DOMException("", "DataCloneError").code, 25);
  same(new DOMException("", "IndexSizeError").code, 1);
  same(new DOMException("", "NotReadableError").code, 0);
  same(String(found), "NotFoundError: no such thing");
  throws(TypeError, () => DOMException());
  throws(TypeError, () => own(DOMException.prototype, "name").get.call(new Error("no")));
});

test("DOMException inherits from Error, but its constructor from Function.prototype", () => {
  same(Object.getPrototypeOf(DOMException.prototype), Error.prototype);
  same(Object.getPrototypeOf(DOMException), Function.prototype);
  same(new DOMException() instanceof Error, true);
  same(Object.prototype.toString.call(new DOMException()), "[object DOMException]");
});

test("the codes are constants of the constructor and the prototype", () => {
  for (const holder of [DOMException, DOMException.prototype]) {
    alike(own(holder, "ABORT_ERR"), { value: 20, writable: false, enumerable: true, configurable: false });
    same(Object.keys(holder).filter((name) => name.endsWith("_ERR")).length, 25);
  }
});

test("a DOMException has a stack, as errors have", () => {
  function thrower() {
    return new DOMException("text", "AbortError");
  }
  const { value, writable, enumerable, configurable } = own(thrower(), "stack");
  alike([writable, enumerable, configurable], [true, false, true]);
  same(value.startsWith("AbortError: text\n    at "), true);
  same(value.includes("thrower"), true);
});

test("C throws DOMExceptions", () => {
  try {
    errors.dom("InvalidStateError", "not now");
  } catch (error) {
    same(error instanceof DOMException, true);
    alike([error.name, error.message, error.code], ["InvalidStateError", "not now", 11]);
    return;
  }
  throw new Error("nothing was thrown");
});

test("a class can extend DOMException", () => {
  class Mine extends DOMException {}
  const mine = new Mine("m", "SyntaxError");
  same(mine instanceof Mine, true);
  same(mine.code, 12);
});

test("QuotaExceededError is a DOMException with a quota", () => {
  same(Object.getPrototypeOf(QuotaExceededError), DOMException);
  const plain = new QuotaExceededError();
  alike([plain.name, plain.message, plain.code, plain.quota, plain.requested],
        ["QuotaExceededError", "", 22, null, null]);
  const full = new QuotaExceededError("full", { quota: 10, requested: 12 });
  alike([full.message, full.quota, full.requested], ["full", 10, 12]);
  throws(RangeError, () => new QuotaExceededError("", { quota: -1 }));
  throws(RangeError, () => new QuotaExceededError("", { requested: -1 }));
  throws(RangeError, () => new QuotaExceededError("", { quota: 2, requested: 1 }));
  throws(TypeError, () => new QuotaExceededError("", { quota: NaN }));
  throws(QuotaExceededError, () => errors.dom("QuotaExceededError", "full"));
});
}
