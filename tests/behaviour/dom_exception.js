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

test("every name of the standard's table has its code, and no other name has one", () => {
  const codes = {
    IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5,
    NoModificationAllowedError: 7, NotFoundError: 8, NotSupportedError: 9, InUseAttributeError: 10, InvalidStateError: 11,
    SyntaxError: 12, InvalidModificationError: 13, NamespaceError: 14, InvalidAccessError: 15, TypeMismatchError: 17,
    SecurityError: 18, NetworkError: 19, AbortError: 20, URLMismatchError: 21, QuotaExceededError: 22, TimeoutError: 23,
    InvalidNodeTypeError: 24, DataCloneError: 25,
  };
  const names = `EncodingError NotReadableError UnknownError ConstraintError DataError TransactionInactiveError ReadOnlyError
    VersionError OperationError NotAllowedError OptOutError`.split(/\s+/);
  const others = ["Error", "", "notfounderror", "NotFoundErro", "NotFoundErrors", "NotFoundError\0", "INDEX_SIZE_ERR"];
  for (const name of [...Object.keys(codes), ...names, ...others]) {
    const error = new DOMException("text", name);
    alike([error.name, error.code], [name, codes[name] ?? 0]);
  }
});

test("name, message and code are the prototype's, and toString is that of errors", () => {
  const error = new DOMException("text", "AbortError");
  alike(Object.keys(error), []);
  for (const name of ["name", "message", "code"]) {
    same(Object.hasOwn(error, name), false);
    const { get, set, enumerable, configurable } = own(DOMException.prototype, name);
    alike([get.name, set, enumerable, configurable], [`get ${name}`, undefined, true, true]);
    throws(TypeError, () => DOMException.prototype[name]);
    throws(TypeError, () => get.call(Object.create(error)));
  }
  same(Object.hasOwn(DOMException.prototype, "toString"), false);
  same(error.toString, Error.prototype.toString);
  same(Error.prototype.toString.call(error), "AbortError: text");
  same(String(new DOMException("", "AbortError")), "AbortError");
  same(DOMException.prototype.constructor, DOMException);
});

test("the arguments are converted in order, and undefined is a default", () => {
  const log = [];
  const text = (name) => ({ toString: () => log.push(name) && name });
  const error = new DOMException(text("message"), text("name"));
  alike([error.message, error.name, log.join()], ["message", "name", "message,name"]);
  alike([new DOMException(undefined, undefined).name, new DOMException(undefined).message], ["Error", ""]);
  alike([new DOMException(null, null).message, new DOMException(null, null).name], ["null", "null"]);
  throws(TypeError, () => new DOMException(Symbol()));
  same(new DOMException("\ud800").message, "\ud800");
});

test("a DOMException has a stack, as errors have", () => {
  function thrower() {
    return new DOMException("text", "AbortError");
  }
  const { value, writable, enumerable, configurable } = own(thrower(), "stack");
  alike([writable, enumerable, configurable], [true, false, true]);
  same(value.startsWith("AbortError: text\n    at "), true);
  same(value.includes("thrower"), true);
  same(new DOMException("a\0b").stack.startsWith("Error: a\0b\n"), true);
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
  alike([QuotaExceededError.length, QuotaExceededError.name], [0, "QuotaExceededError"]);
  same(new QuotaExceededError("", { quota: 2, requested: 2 }).requested, 2);
  same(new QuotaExceededError("", { requested: 1 }).quota, null);
  same(new QuotaExceededError("", null).quota, null);
  throws(TypeError, () => new QuotaExceededError("", 1));
  const log = [];
  new QuotaExceededError({ toString: () => log.push("message") },
                         { get requested() { log.push("requested"); }, get quota() { log.push("quota"); } });
  same(log.join(), "message,quota,requested");
  throws(TypeError, () => own(QuotaExceededError.prototype, "quota").get.call(new DOMException()));
});
}
