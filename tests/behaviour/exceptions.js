// Interfaces and types of DOMException in a set of one's own, from the Web IDL standard.
"use strict";

{
test("an interface inherits from DOMException", () => {
  same(Object.getPrototypeOf(ArchiveError), DOMException);
  same(Object.getPrototypeOf(ArchiveError.prototype), DOMException.prototype);
  const error = new ArchiveError("text", 7);
  alike([error.name, error.message, error.code, error.row], ["ArchiveError", "text", 0, 7]);
  same(error instanceof Error, true);
  same(Object.prototype.toString.call(error), "[object ArchiveError]");
  same(error.stack.startsWith("ArchiveError: text\n"), true, error.stack);
  throws(TypeError, () => Object.getOwnPropertyDescriptor(ArchiveError.prototype, "row").get.call(new DOMException()));
});

test("C throws one of its own", () => {
  try {
    new Archive().fail(3);
    same(true, false);
  } catch (error) {
    same(error instanceof ArchiveError, true, String(error));
    alike([error.name, error.message, error.row], ["ArchiveError", "row 3 is gone", 3]);
  }
});

test("a DOMException is an argument, in sequences and unions, and any of its kin is one", () => {
  const errors = [new DOMException("a", "AbortError"), new ArchiveError("b"), new QuotaExceededError("c")];
  same(new Archive().describe(errors), "AbortError 20, ArchiveError 0, QuotaExceededError 22");
  throws(TypeError, () => new Archive().describe([new Error()]));
  throws(TypeError, () => new Archive().describe([Object.create(DOMException.prototype)]));
  same(new Archive().either(errors[1]), errors[1]);
  same(new Archive().either("text"), "text");
});

test("an attribute keeps the object that it was assigned", () => {
  const store = new Archive();
  same(store.error, null);
  const error = new DOMException("no", "NotFoundError");
  store.error = error;
  same(store.error, error);
  store.error = null;
  same(store.error, null);
  throws(TypeError, () => { store.error = {}; });
});

test("C makes a QuotaExceededError with its options", () => {
  const error = new Archive().quota({ quota: 1, requested: 2 });
  alike([error.constructor, error.name, error.quota, error.requested],
    [QuotaExceededError, "QuotaExceededError", 1, 2]);
  throws(RangeError, () => new Archive().quota({ quota: -1 }));
  same(new Archive().quota().quota, null);
});
}
