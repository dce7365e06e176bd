// AbortController and AbortSignal, from the DOM standard; what is looked at is what its own tests look at.
"use strict";

{
const isAbortError = (reason) => {
  same(reason instanceof DOMException, true);
  alike([reason.name, reason.code], ["AbortError", 20]);
};

test("a controller aborts its signal once, at once", () => {
  const controller = new AbortController();
  const { signal } = controller;
  same(controller.signal, signal);
  alike([signal.aborted, signal.reason], [false, undefined]);
  let events = 0;
  signal.addEventListener("abort", (event) => {
    events++;
    alike([event.type, event.bubbles, event.cancelable, event.isTrusted], ["abort", false, false, true]);
    same(event.target, signal);
    same(event.constructor, Event);
    same(signal.aborted, true);
  });
  same(controller.abort(), undefined);
  same(events, 1);
  isAbortError(signal.reason);
  const { reason } = signal;
  controller.abort("another");
  same(events, 1);
  same(signal.reason, reason);
  same(controller.signal, signal);
});

test("a controller that was aborted before its signal was asked for has one that has aborted", () => {
  const controller = new AbortController();
  controller.abort(null);
  alike([controller.signal.aborted, controller.signal.reason], [true, null]);
});

test("the reason is what was given; for undefined it is an AbortError", () => {
  for (const given of ["text", 0, null, false, {}, Symbol("s")]) {
    const controller = new AbortController();
    controller.abort(given);
    same(controller.signal.reason, given);
    same(AbortSignal.abort(given).reason, given);
  }
  const controller = new AbortController();
  controller.abort(undefined);
  isAbortError(controller.signal.reason);
  isAbortError(AbortSignal.abort().reason);
  same(AbortSignal.abort().aborted, true);
});

test("throwIfAborted throws the reason itself", () => {
  const controller = new AbortController();
  same(controller.signal.throwIfAborted(), undefined);
  const reason = { mine: true };
  controller.abort(reason);
  for (const signal of [controller.signal, AbortSignal.abort(reason)]) {
    try {
      signal.throwIfAborted();
    } catch (error) {
      same(error, reason);
      continue;
    }
    throw new Error("nothing was thrown");
  }
  for (const nothing of [null, 0, ""]) {
    let thrown = "none";
    try {
      AbortSignal.abort(nothing).throwIfAborted();
    } catch (error) {
      thrown = error;
    }
    same(thrown, nothing);
  }
});

test("a signal cannot be made, only got", () => {
  throws(TypeError, () => new AbortSignal());
  throws(TypeError, () => AbortSignal());
  throws(TypeError, () => AbortController());
  same(Object.getPrototypeOf(AbortSignal), EventTarget);
  throws(TypeError, () => Object.getOwnPropertyDescriptor(AbortSignal.prototype, "aborted").get.call({}));
  alike([AbortSignal.abort.length, AbortSignal.timeout.length, AbortSignal.any.length], [0, 1, 1]);
});

test("onabort is a handler: one, replaceable, with a place among the listeners", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const calls = [];
  same(signal.onabort, null);
  signal.onabort = 5;
  same(signal.onabort, null);
  signal.onabort = () => calls.push("never");
  signal.addEventListener("abort", () => calls.push("listener"));
  const handler = function (event) {
    calls.push("handler");
    same(this, signal);
    same(event.type, "abort");
  };
  signal.onabort = handler;
  same(signal.onabort, handler);
  controller.abort();
  alike(calls, ["handler", "listener"]);
});

test("a handler that was taken away goes to the end when it comes back", () => {
  const controller = new AbortController();
  const calls = [];
  controller.signal.onabort = () => calls.push("first");
  controller.signal.addEventListener("abort", () => calls.push("listener"));
  controller.signal.onabort = null;
  same(controller.signal.onabort, null);
  controller.signal.onabort = () => calls.push("handler");
  controller.abort();
  alike(calls, ["listener", "handler"]);
});

test("a handler may be an object that cannot be called, and then is not", () => {
  const controller = new AbortController();
  const object = { handleEvent() { throw new Error("called"); } };
  controller.signal.onabort = object;
  same(controller.signal.onabort, object);
  controller.abort();
});

test("a handler that returns false cancels the event", () => {
  const controller = new AbortController();
  controller.signal.onabort = () => false;
  same(controller.signal.dispatchEvent(new Event("abort", { cancelable: true })), false);
  controller.signal.onabort = () => 0;
  same(controller.signal.dispatchEvent(new Event("abort", { cancelable: true })), true);
  same(controller.signal.aborted, false);
});

test("timeout aborts for a TimeoutError, in order", async () => {
  same(AbortSignal.timeout(0).aborted, false);
  const order = [];
  for (const name of ["1", "2", "3"]) {
    AbortSignal.timeout(5).onabort = () => order.push(name);
  }
  const last = AbortSignal.timeout(5);
  await new Promise((resolve) => (last.onabort = resolve));
  alike(order, ["1", "2", "3"]);
  same(last.aborted, true);
  same(last.reason instanceof DOMException, true);
  alike([last.reason.name, last.reason.code], ["TimeoutError", 23]);
});

test("timeout takes what fits into it", () => {
  throws(TypeError, () => AbortSignal.timeout());
  throws(TypeError, () => AbortSignal.timeout(-1));
  throws(TypeError, () => AbortSignal.timeout(NaN));
  throws(TypeError, () => AbortSignal.timeout(2 ** 53));
  same(AbortSignal.timeout(2 ** 53 - 1).aborted, false);
});

test("any aborts with the first of its signals, for its reason", () => {
  const one = new AbortController();
  const other = new AbortController();
  const signal = AbortSignal.any([one.signal, other.signal]);
  same(signal instanceof AbortSignal, true);
  same(signal.aborted, false);
  let events = 0;
  signal.onabort = (event) => {
    events++;
    alike([event.target === signal, event.isTrusted, one.signal.aborted], [true, true, false]);
  };
  other.abort("other");
  alike([events, signal.aborted, signal.reason], [1, true, "other"]);
  one.abort("one");
  alike([events, signal.reason], [1, "other"]);
});

test("any of signals one of which has aborted has aborted, with no event", () => {
  const reason = {};
  const signal = AbortSignal.any([new AbortController().signal, AbortSignal.abort(reason), AbortSignal.abort(1)]);
  same(signal.aborted, true);
  same(signal.reason, reason);
});

test("any takes none, one twice, and iterables; all else is a TypeError", () => {
  same(AbortSignal.any([]).aborted, false);
  const controller = new AbortController();
  let events = 0;
  const signal = AbortSignal.any(new Set([controller.signal, controller.signal]));
  const twice = AbortSignal.any([controller.signal, controller.signal]);
  signal.onabort = twice.onabort = () => events++;
  controller.abort();
  same(events, 2);
  throws(TypeError, () => AbortSignal.any());
  throws(TypeError, () => AbortSignal.any(controller.signal));
  throws(TypeError, () => AbortSignal.any([controller.signal, {}]));
});

test("any of any follows the first sources, in the order of making", () => {
  const controllers = [new AbortController(), new AbortController(), new AbortController()];
  const [a, b, c] = controllers.map(({ signal }) => signal);
  const order = [];
  const listen = (signal, name) => (signal.addEventListener("abort", () => order.push(name)), signal);
  const ab = listen(AbortSignal.any([a, b]), "ab");
  const abc = listen(AbortSignal.any([ab, c]), "abc");
  const all = listen(AbortSignal.any([abc, a]), "all");
  listen(a, "a");
  controllers[0].abort("why");
  alike(order, ["a", "ab", "abc", "all"]);
  alike([ab.reason, abc.reason, all.reason, b.aborted, c.aborted], ["why", "why", "why", false, false]);
});

test("all dependent signals have aborted before the first event", () => {
  const controller = new AbortController();
  const one = AbortSignal.any([controller.signal]);
  const two = AbortSignal.any([one]);
  let seen;
  controller.signal.onabort = () => {
    seen = [one.aborted, two.aborted, one.reason === controller.signal.reason];
    // And made now, there is nothing left to wait for.
    seen.push(AbortSignal.any([two]).aborted);
  };
  controller.abort();
  alike(seen, [true, true, true, true]);
});

test("a signal that aborts in an abort listener aborts what depends on it", () => {
  const first = new AbortController();
  const second = new AbortController();
  const both = AbortSignal.any([first.signal, second.signal]);
  let events = 0;
  both.onabort = () => events++;
  first.signal.onabort = () => second.abort("second");
  first.abort("first");
  alike([events, both.reason, second.signal.reason], [1, "first", "second"]);
});

test("any of a timeout aborts, though nobody has that", async () => {
  const signal = AbortSignal.any([AbortSignal.any([AbortSignal.timeout(3)]), new AbortController().signal]);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  same(signal.reason.name, "TimeoutError");
});
}
