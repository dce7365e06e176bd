// Event, CustomEvent and EventTarget, from the DOM standard; what is looked at is what its own tests look at.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;

test("an Event has what its constructor was given", () => {
  same(Event.length, 1);
  throws(TypeError, () => new Event());
  throws(TypeError, () => Event("x"));
  throws(TypeError, () => new Event("x", 3));
  const plain = new Event("hello");
  alike([plain.type, plain.bubbles, plain.cancelable, plain.composed, plain.defaultPrevented, plain.returnValue],
        ["hello", false, false, false, false, true]);
  alike([plain.target, plain.srcElement, plain.currentTarget, plain.eventPhase, plain.composedPath(), plain.isTrusted],
        [null, null, null, 0, [], false]);
  same(plain.timeStamp > 0, true);
  const full = new Event("", { bubbles: 1, cancelable: "yes", composed: {} });
  alike([full.type, full.bubbles, full.cancelable, full.composed], ["", true, true, true]);
  same(new Event("I\0X").type, "I\0X");
  same(new Event(undefined).type, "undefined");
  same("initEvent" in plain, true);
});

test("the members of a dictionary are read in order", () => {
  const read = [];
  const init = {};
  for (const name of ["composed", "bubbles", "cancelable", "detail"]) {
    Object.defineProperty(init, name, { get() { read.push(name); return 0; } });
  }
  new CustomEvent("x", init);
  alike(read, ["bubbles", "cancelable", "composed", "detail"]);
});

test("isTrusted is every event's own, and cannot be changed", () => {
  const event = new Event("x");
  const { get, set, enumerable, configurable } = own(event, "isTrusted");
  alike([typeof get, typeof set, enumerable, configurable], ["function", "undefined", true, false]);
  same(own(new Event("y"), "isTrusted").get, get);
  same(typeof own(new CustomEvent("y"), "isTrusted").get, "function");
  same(own(Event.prototype, "isTrusted"), undefined);
});

test("the phases are constants of the constructor, the prototype and the event", () => {
  for (const holder of [Event, Event.prototype, new Event("x")]) {
    alike([holder.NONE, holder.CAPTURING_PHASE, holder.AT_TARGET, holder.BUBBLING_PHASE], [0, 1, 2, 3]);
  }
});

test("events can be subclassed", () => {
  class Mine extends Event {
    #secret = 7;
    constructor(type) {
      super(type, { cancelable: true });
    }
    get secret() {
      return this.#secret;
    }
  }
  const target = new EventTarget();
  let seen;
  target.addEventListener("x", (event) => (seen = event));
  const mine = new Mine("x");
  target.dispatchEvent(mine);
  same(seen, mine);
  alike([mine.secret, mine instanceof Event, mine.cancelable], [7, true, true]);
});

test("a CustomEvent has a detail, also in a subclass", () => {
  same(CustomEvent.length, 1);
  same(Object.getPrototypeOf(CustomEvent), Event);
  same(new CustomEvent("x").detail, null);
  same(new CustomEvent("x", { detail: undefined }).detail, null);
  same(new CustomEvent("x", { detail: 0 }).detail, 0);
  same(new CustomEvent("x", { detail: -0 }).detail, -0);
  const detail = { self: null };
  const event = new CustomEvent("x", { detail, bubbles: true });
  same(event.detail, detail);
  same(event.bubbles, true);
  class Mine extends CustomEvent {}
  const mine = new Mine("x", { detail });
  alike([mine instanceof Mine, mine.constructor === Mine, mine.detail === detail], [true, true, true]);
});

test("initEvent and initCustomEvent start an event anew, but not while it is dispatched", () => {
  const target = new EventTarget();
  const event = new CustomEvent("a", { cancelable: true, detail: 1 });
  target.addEventListener("a", (event) => {
    event.preventDefault();
    event.stopPropagation();
    event.initCustomEvent("b", true, true, 2);
    alike([event.type, event.detail, event.bubbles], ["a", 1, false]);
  });
  same(target.dispatchEvent(event), false);
  same(event.target, target);
  event.initCustomEvent("b", true, false, 2);
  alike([event.type, event.detail, event.bubbles, event.cancelable, event.defaultPrevented, event.target],
        ["b", 2, true, false, false, null]);
  event.initEvent("c");
  alike([event.type, event.detail, event.bubbles], ["c", 2, false]);
  throws(TypeError, () => event.initEvent());
  event.initCustomEvent("d");
  same(event.detail, null);
});

test("listeners are called in order, with the event, the target as this, and what dispatching has", () => {
  const target = new EventTarget();
  const calls = [];
  target.addEventListener("x", function (event) {
    calls.push(1);
    same(this, target);
    same(event.target, target);
    same(event.srcElement, target);
    same(event.currentTarget, target);
    same(event.eventPhase, Event.AT_TARGET);
    same(event.isTrusted, false);
    same(event.composedPath().length, 1);
    same(event.composedPath()[0], target);
    same(event.composedPath() === event.composedPath(), false);
  });
  target.addEventListener("x", () => calls.push(2));
  target.addEventListener("y", () => calls.push("never"));
  target.addEventListener("x", () => calls.push("captured"), true);
  const event = new Event("x");
  same(target.dispatchEvent(event), true);
  alike(calls, ["captured", 1, 2]);
  same(event.target, target);
  alike([event.currentTarget, event.eventPhase, event.composedPath()], [null, 0, []]);
});

test("a listener is there once for a type, a callback and a capture", () => {
  const target = new EventTarget();
  let count = 0;
  const listener = () => count++;
  target.addEventListener("x", listener);
  target.addEventListener("x", listener, false);
  target.addEventListener("x", listener, { passive: true, once: true });
  target.addEventListener("x", listener, { capture: true });
  target.addEventListener("x", listener, true);
  target.dispatchEvent(new Event("x"));
  same(count, 2);
  target.removeEventListener("x", listener);
  target.dispatchEvent(new Event("x"));
  same(count, 3);
  target.removeEventListener("x", listener, { capture: 1 });
  target.dispatchEvent(new Event("x"));
  same(count, 3);
});

test("null is no listener, and what is no object a TypeError", () => {
  const target = new EventTarget();
  same(target.addEventListener("x", null), undefined);
  same(target.addEventListener("x", undefined), undefined);
  same(target.removeEventListener("x", null), undefined);
  throws(TypeError, () => target.addEventListener("x"));
  throws(TypeError, () => target.addEventListener("x", 5));
  throws(TypeError, () => target.addEventListener("x", "f"));
  throws(TypeError, () => target.dispatchEvent(null));
  throws(TypeError, () => target.dispatchEvent({ type: "x" }));
  throws(TypeError, () => EventTarget.prototype.addEventListener.call({}, "x", null));
  throws(TypeError, () => EventTarget());
});

test("an object's handleEvent is looked up at each event, and is called on the object", () => {
  const target = new EventTarget();
  const calls = [];
  let looked = 0;
  const listener = {
    get handleEvent() {
      looked++;
      return function (event) {
        calls.push(this === listener, event.type);
      };
    },
  };
  target.addEventListener("x", listener);
  same(looked, 0);
  target.dispatchEvent(new Event("x"));
  target.dispatchEvent(new Event("x"));
  same(looked, 2);
  alike(calls, [true, "x", true, "x"]);
  // A function's is not.
  const f = Object.assign(() => calls.push("function"), { handleEvent: () => calls.push("never") });
  target.addEventListener("y", f);
  target.dispatchEvent(new Event("y"));
  same(calls.at(-1), "function");
});

test("what a listener adds is not called, and what it removes is not either", () => {
  const target = new EventTarget();
  const calls = [];
  const second = () => calls.push("second");
  target.addEventListener("x", () => {
    calls.push("first");
    target.removeEventListener("x", second);
    target.addEventListener("x", () => calls.push("added"), { once: true });
  }, { once: true });
  target.addEventListener("x", second);
  target.dispatchEvent(new Event("x"));
  alike(calls, ["first"]);
  target.dispatchEvent(new Event("x"));
  alike(calls, ["first", "added"]);
});

test("a listener with once is removed before it is called", () => {
  const target = new EventTarget();
  let count = 0;
  const listener = () => {
    count++;
    target.dispatchEvent(new Event("x"));
  };
  target.addEventListener("x", listener, { once: true });
  target.dispatchEvent(new Event("x"));
  same(count, 1);
  target.addEventListener("x", listener, { once: true });
  target.dispatchEvent(new Event("x"));
  same(count, 2);
});

test("preventDefault cancels what can be cancelled, outside of passive listeners", () => {
  const target = new EventTarget();
  const cancel = (event) => event.preventDefault();
  target.addEventListener("x", cancel);
  same(target.dispatchEvent(new Event("x")), true);
  const event = new Event("x", { cancelable: true });
  same(target.dispatchEvent(event), false);
  alike([event.defaultPrevented, event.returnValue], [true, false]);
  same(target.dispatchEvent(event), false);
  target.removeEventListener("x", cancel);
  target.addEventListener("x", cancel, { passive: true });
  same(target.dispatchEvent(new Event("x", { cancelable: true })), true);
  target.addEventListener("y", (event) => (event.returnValue = false));
  const other = new Event("y", { cancelable: true });
  other.returnValue = true;
  same(target.dispatchEvent(other), false);
});

test("options are read as a dictionary, whose members decide", () => {
  const target = new EventTarget();
  let read = [];
  const options = {};
  for (const name of ["signal", "passive", "once", "capture", "dummy"]) {
    Object.defineProperty(options, name, { get() { read.push(name); } });
  }
  target.addEventListener("x", () => 0, options);
  alike(read, ["capture", "once", "passive", "signal"]);
  read = [];
  target.removeEventListener("x", () => 0, options);
  alike(read, ["capture"]);
  throws(TypeError, () => target.addEventListener("x", () => 0, { signal: null }));
  throws(TypeError, () => target.addEventListener("x", () => 0, { signal: {} }));
});

test("stopImmediatePropagation keeps an event from further listeners", () => {
  const target = new EventTarget();
  const calls = [];
  target.addEventListener("x", (event) => {
    calls.push(1);
    event.stopPropagation();
    same(event.cancelBubble, true);
  });
  target.addEventListener("x", (event) => {
    calls.push(2);
    event.stopImmediatePropagation();
  });
  target.addEventListener("x", () => calls.push(3));
  const event = new Event("x");
  target.dispatchEvent(event);
  alike(calls, [1, 2]);
  same(event.cancelBubble, false);
  event.cancelBubble = true;
  same(event.cancelBubble, true);
  event.cancelBubble = false;
  same(event.cancelBubble, true);
  // One that was stopped before goes nowhere, once.
  target.dispatchEvent(event);
  alike(calls, [1, 2]);
  target.dispatchEvent(event);
  alike(calls, [1, 2, 1, 2]);
});

test("an event that is being dispatched cannot be dispatched", () => {
  const target = new EventTarget();
  let thrown;
  target.addEventListener("x", (event) => {
    try {
      new EventTarget().dispatchEvent(event);
    } catch (error) {
      thrown = error;
    }
    same(event.currentTarget, target);
  });
  target.dispatchEvent(new Event("x"));
  same(thrown instanceof DOMException, true);
  same(thrown.name, "InvalidStateError");
});

test("a signal that aborts removes the listener", () => {
  const target = new EventTarget();
  const controller = new AbortController();
  let count = 0;
  target.addEventListener("x", () => count++, { signal: controller.signal });
  target.addEventListener("x", () => count++, { signal: controller.signal, once: true });
  target.dispatchEvent(new Event("x"));
  same(count, 2);
  controller.abort();
  target.dispatchEvent(new Event("x"));
  same(count, 2);
  target.addEventListener("x", () => count++, { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  same(count, 2);
});

test("a signal that aborts during the dispatch keeps the listener from being called", () => {
  const target = new EventTarget();
  const controller = new AbortController();
  let count = 0;
  target.addEventListener("x", () => controller.abort(), { once: true });
  target.addEventListener("x", () => count++, { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  same(count, 0);
});

test("EventTarget can be subclassed", () => {
  class Emitter extends EventTarget {
    emit(type) {
      return this.dispatchEvent(new Event(type));
    }
  }
  const emitter = new Emitter();
  let seen;
  emitter.addEventListener("x", function () { seen = this; });
  emitter.emit("x");
  same(seen, emitter);
});

test("interfaces have the names and shapes of the standard", () => {
  for (const [type, name] of [[Event, "Event"], [CustomEvent, "CustomEvent"], [EventTarget, "EventTarget"],
                              [AbortController, "AbortController"], [AbortSignal, "AbortSignal"]]) {
    same(type.name, name);
    same(type.prototype[Symbol.toStringTag], name);
    const { writable, enumerable, configurable } = own(globalThis, name);
    alike([writable, enumerable, configurable], [true, false, true]);
  }
  alike([EventTarget.length, EventTarget.prototype.addEventListener.length, EventTarget.prototype.dispatchEvent.length],
        [0, 2, 1]);
  for (const name of ["EventListener", "EventHandler", "EventListeners", "EventInit"]) same(name in globalThis, false);
});
}
