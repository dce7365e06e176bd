// [Dispose] and [ExternalMemory].
"use strict";

// Runs body and returns how many resources were finalized meanwhile.
function finalizedBy(body) {
  const before = Resource.finalized;
  body();
  return Resource.finalized - before;
}

// Waits until tasks that the runtime has sent itself have run.
const settled = () => promises.fromThread("").then(() => promises.fromThread(""));

test("Symbol.dispose and Symbol.asyncDispose are as ECMAScript defines them", () => {
  for (const name of ["dispose", "asyncDispose"]) {
    const descriptor = Object.getOwnPropertyDescriptor(Symbol, name);
    same(typeof descriptor.value, "symbol");
    same(descriptor.value.description, `Symbol.${name}`);
    alike([descriptor.writable, descriptor.enumerable, descriptor.configurable], [false, false, false]);
    same(Symbol.keyFor(descriptor.value), undefined);
  }
});

test("[Dispose] interfaces have a method [Symbol.dispose] that is not enumerable", () => {
  const descriptor = Object.getOwnPropertyDescriptor(Resource.prototype, Symbol.dispose);
  alike([descriptor.writable, descriptor.enumerable, descriptor.configurable], [true, false, true]);
  same(descriptor.value.name, "[Symbol.dispose]");
  same(descriptor.value.length, 0);
  throws(TypeError, () => new descriptor.value());
  same(Object.hasOwn(Plain.prototype, Symbol.dispose), false);
});

test("disposing runs the finalizer at once, and once", () => {
  const resource = new Resource(3);
  const live = Resource.live;
  same(resource.size, 3);
  same(finalizedBy(() => same(resource[Symbol.dispose](), undefined)), 1);
  same(Resource.live, live - 1);
  same(finalizedBy(() => resource[Symbol.dispose]()), 0);
});

test("every member of a disposed object is a TypeError that says so", async () => {
  const resource = new Resource(1);
  const iterator = resource.entries();
  iterator.next();
  resource[Symbol.dispose]();
  const says = "a Resource that was disposed";
  throws(TypeError, () => resource.size, "'size' was called on " + says);
  throws(TypeError, () => resource.mark, says);
  throws(TypeError, () => { resource.mark = 1; }, says);
  throws(TypeError, () => resource.lenient, says);
  throws(TypeError, () => { resource.lenient = 1; }, says);
  throws(TypeError, () => resource.same, says);
  throws(TypeError, () => resource.times(2), says);
  throws(TypeError, () => resource.combine({}), says);
  throws(TypeError, () => resource.add(new Resource(), 1), says);
  throws(TypeError, () => resource.say(""), says);
  throws(TypeError, () => resource.visit(() => 0), says);
  throws(TypeError, () => resource.grow(1), says);
  throws(TypeError, () => resource.entries(), says);
  throws(TypeError, () => resource.forEach(() => 0), says);
  throws(TypeError, () => [...resource], says);
  throws(TypeError, () => iterator.next(), "The Resource that is iterated over was disposed");
  await rejects(TypeError, resource.later(), says);
  await rejects(TypeError, resource.work(0), says);
  const other = new Resource();
  throws(TypeError, () => other.add(resource, 1), "argument 1 is a Resource that was disposed");
  throws(TypeError, () => other.combine({ other: resource }), "member 'other' of argument 1 is a Resource that was disposed");
  await rejects(TypeError, other.later(resource), "argument 1 is a Resource that was disposed");
});

test("a disposed object is an object of its interface still", () => {
  const resource = new Resource();
  resource.own = 1;
  resource[Symbol.dispose]();
  same(resource instanceof Resource, true);
  same(resource.own, 1);
  same(Object.prototype.toString.call(resource), "[object Resource]");
});

test("only objects of the interface can be disposed", () => {
  const dispose = Resource.prototype[Symbol.dispose];
  const says = "'[Symbol.dispose]' was called on an object that is not a Resource";
  for (const other of [undefined, null, 1, {}, new Plain(), Resource.prototype, Object.create(new Resource()),
                       new Proxy(new Resource(), {}), new Channel()]) {
    throws(TypeError, () => dispose.call(other), says);
  }
  throws(TypeError, () => Disposable.prototype[Symbol.dispose].call(new Resource()), "not a Disposable");
});

test("interfaces that inherit [Dispose] are disposed whole, by their own finalizer", () => {
  const file = new File("name");
  same(Object.hasOwn(File.prototype, Symbol.dispose), false);
  same(finalizedBy(() => file[Symbol.dispose]()), 1);
  throws(TypeError, () => file.name, "a File that was disposed");
  throws(TypeError, () => file.size, "a File that was disposed");
});

test("subclasses of scripts are disposed, too, and may override how", () => {
  let closed = 0;
  class Own extends Resource {
    [Symbol.dispose]() {
      closed++;
      super[Symbol.dispose]();
    }
  }
  const own = new Own(2);
  same(finalizedBy(() => own[Symbol.dispose]()), 1);
  same(closed, 1);
  throws(TypeError, () => own.size, "a Resource that was disposed");
});

test("members of an interface that a disposable one inherits from are none of fast calls", () => {
  const disposable = new Disposable();
  const plain = new Plain();
  const twice = (object, value) => object.twice(value);
  let sum = 0;
  for (let i = 0; i < 100000; i++) sum += twice(i % 2 ? disposable : plain, 1);
  same(sum, 200000);
  disposable[Symbol.dispose]();
  throws(TypeError, () => twice(disposable, 1), "a Disposable that was disposed");
  same(twice(plain, 4), 8);
});

test("an object that is disposed while its arguments are converted lives until the call is over", async () => {
  const calls = [
    (resource, dispose) => resource.times({ valueOf: () => (dispose(), 2) }),
    (resource, dispose) => resource.say({ toString: () => (dispose(), "x") }),
    (resource, dispose) => resource.combine({ get factor() { dispose(); return 1; } }),
    (resource, dispose) => resource.combine({ get other() { dispose(); return undefined; } }),
    (resource, dispose) => new Resource(1).add(resource, { valueOf: () => (dispose(), 2) }),
    (resource, dispose) => new Resource(1).combine({ other: resource, get factor() { dispose(); return 1; } }),
    (resource, dispose) => new Resource(1).combine(new Proxy({ other: resource }, { get: (target, key) => (dispose(), target[key]) })),
    (resource, dispose) => resource.visit(dispose),
    (resource, dispose) => resource.visit(() => { dispose(); throw 1; }),
    (resource, dispose) => resource.forEach(dispose),
    (resource, dispose) => Resource.prototype.times.call(resource, { [Symbol.toPrimitive]: () => (dispose(), 2) }),
    (resource, dispose) => { resource.mark = { valueOf: () => (dispose(), 2) }; },
    (resource, dispose) => [1].map(() => resource.visit(() => [2].map(dispose))),
    (resource, dispose) => resource.visit(() => new Resource(1).visit(dispose)),
    (resource, dispose) => resource.visit(() => resource.times({ valueOf: dispose })),
  ];
  for (const call of calls) {
    const resource = new Resource(5);
    let disposed = 0;
    const before = Resource.finalized;
    const finalized = () => Resource.finalized - before;
    const dispose = () => {
      resource[Symbol.dispose]();
      if (disposed++ === 0) same(finalized(), 0);
      throws(TypeError, () => resource.size, "was disposed");
    };
    try {
      call(resource, dispose);
    } catch (error) {
      if (error !== 1 && !(error instanceof TypeError)) throw error;
    }
    if (disposed === 0) throw new Error(`not disposed by ${call}`);
    await settled();
    same(finalized() >= 1, true);
    resource[Symbol.dispose]();
    throws(TypeError, () => resource.size, "was disposed");
  }
});

test("one that was left over is finalized by the next that is disposed", () => {
  const one = new Resource();
  const other = new Resource();
  other.visit(() => one[Symbol.dispose]());
  same(finalizedBy(() => other[Symbol.dispose]()), 2);
});

test("in reactions to promises and in finally blocks it is finalized at once", async () => {
  const resource = new Resource();
  await null;
  same(finalizedBy(() => resource[Symbol.dispose]()), 1);
  let finalized;
  await Promise.resolve(new Resource()).then((it) => { finalized = finalizedBy(() => it[Symbol.dispose]()); });
  same(finalized, 1);
});

test("a promise that C owes keeps the receiver and the arguments", async () => {
  for (const elsewhere of [false, true]) {
    const resource = new Resource(3);
    const other = new Resource(4);
    const promise = resource.later(other);
    same(finalizedBy(() => (resource[Symbol.dispose](), other[Symbol.dispose]())), 0);
    throws(TypeError, () => other.size, "was disposed");
    const before = Resource.finalized;
    Resource.settle(elsewhere);
    same(await promise, 7);
    await settled();
    same(Resource.finalized - before, 2);
  }
});

test("a blocking operation keeps the receiver and the arguments", async () => {
  const resource = new Resource(3);
  const other = new Resource(4);
  const promise = resource.work(20, { other });
  same(finalizedBy(() => (resource[Symbol.dispose](), other[Symbol.dispose]())), 0);
  const before = Resource.finalized;
  same(await promise, 7);
  await settled();
  same(Resource.finalized - before, 2);
});

test("a blocking operation keeps what is disposed as its arguments are converted", async () => {
  const resource = new Resource(3);
  const promise = resource.work({ valueOf: () => (resource[Symbol.dispose](), 10) });
  same(await promise, 3);
  await settled();
});

test("a native object that C holds the wrapper of lives until that is let go", async () => {
  for (const hold of ["hold", "holdIn"]) {
    const resource = new Resource(6);
    const keeper = new Keeper();
    keeper[hold](resource);
    same(finalizedBy(() => resource[Symbol.dispose]()), 0);
    throws(TypeError, () => resource.size, "was disposed");
    same(keeper.finds(), false);
    same(keeper.peek(), 6);
    await settled();
    same(keeper.peek(), 6);
    const before = Resource.finalized;
    keeper.letGo();
    await settled();
    same(Resource.finalized - before, 1);
  }
});

test("a weak ref keeps nothing, and finds nothing any more", () => {
  const resource = new Resource();
  const keeper = new Keeper();
  keeper.holdWeak(resource);
  same(keeper.finds(), true);
  same(finalizedBy(() => resource[Symbol.dispose]()), 1);
  same(keeper.finds(), false);
});

test("event targets: listeners may dispose the target", async () => {
  const channel = new Channel();
  const before = Channel.finalized;
  let event;
  channel.onmessage = (it) => {
    event = it;
    channel[Symbol.dispose]();
    same(Channel.finalized, before);
  };
  channel.post("message");
  await settled();
  same(Channel.finalized, before + 1);
  same(event.target, null);
  same(event.srcElement, null);
  throws(TypeError, () => channel.addEventListener("message", () => 0), "a Channel that was disposed");
  throws(TypeError, () => channel.onmessage, "a Channel that was disposed");
  throws(TypeError, () => channel.dispatchEvent(new Event("x")), "was disposed");
});

test("event targets: the target is disposed as the options of a listener are read", async () => {
  const channel = new Channel();
  const before = Channel.finalized;
  channel.addEventListener("x", () => 0, { get once() { channel[Symbol.dispose](); return true; } });
  await settled();
  same(Channel.finalized, before + 1);
});

test("observable arrays of a disposed object can be read, and not changed", () => {
  const channel = new Channel();
  const { numbers } = channel;
  numbers.push(1);
  channel[Symbol.dispose]();
  same(numbers[0], 1);
  throws(TypeError, () => numbers.push(2), "The Channel was disposed");
  throws(TypeError, () => { numbers.length = 0; }, "The Channel was disposed");
  throws(TypeError, () => channel.numbers, "was disposed");
});

test("indexed properties of a disposed object are not there any more", () => {
  const cells = new Cells();
  same(cells[2], 6);
  cells[Symbol.dispose]();
  same(cells[2], undefined);
  same(2 in cells, false);
  throws(TypeError, () => cells.length, "a Cells that was disposed");
});

test("a maplike object that was disposed has no entries any more", () => {
  const names = new Lexicon();
  names.set("a", 1);
  const iterator = names.keys();
  names[Symbol.dispose]();
  throws(TypeError, () => names.get("a"), "a Lexicon that was disposed");
  throws(TypeError, () => names.size, "was disposed");
  same(iterator.next().value, "a");
});

test("asynchronous iteration: what is iterated over lives until its value has come, and then is a TypeError", async () => {
  const ticker = new Ticker();
  const before = Ticker.finalized;
  const iterator = ticker[Symbol.asyncIterator]();
  const first = iterator.next();
  ticker[Symbol.dispose]();
  same(Ticker.finalized, before);
  const second = iterator.next();
  Ticker.tick();
  same((await first).value, 7);
  await rejects(TypeError, second, "The Ticker that is iterated over was disposed");
  await settled();
  same(Ticker.finalized, before + 1);
  same((await iterator.next()).done, true);
});

test("asynchronous iteration over what was disposed can be left", async () => {
  const ticker = new Ticker();
  let seen = 0;
  const loop = (async () => {
    for await (const value of ticker) {
      seen = value;
      ticker[Symbol.dispose]();
      break;
    }
  })();
  await null;
  Ticker.tick();
  await loop;
  same(seen, 7);
});

test("[Dispose] operations are the same function under Symbol.dispose and Symbol.asyncDispose", async () => {
  same(Door.prototype[Symbol.dispose], Door.prototype.close);
  same(Door.prototype[Symbol.asyncDispose], Door.prototype.closeLater);
  const descriptor = Object.getOwnPropertyDescriptor(Door.prototype, Symbol.dispose);
  alike([descriptor.writable, descriptor.enumerable, descriptor.configurable], [true, false, true]);
  same(Door.prototype[Symbol.dispose].name, "close");
  const door = new Door();
  same(door[Symbol.dispose](), false);
  same(door[Symbol.dispose](true), true);
  same(door.closed, true);
  const other = new Door();
  same(await other[Symbol.asyncDispose](), "closed");
  same(other.closed, true);
});

test("[Dispose] operations of mixins are those of the interfaces that include them", () => {
  const it = new Window2();
  it[Symbol.dispose]();
  same(it.shuts, 1);
  same(Window2.prototype[Symbol.dispose], Window2.prototype.shut);
});

test("external memory: growing is counted by asking again", () => {
  const resource = new Resource(10);
  same(resource.grow(1 << 20), 1 << 20);
  same(resource.grow(5), 5);
  resource[Symbol.dispose]();
});

test("external memory: large native objects with small wrappers are collected soon", () => {
  const before = Resource.live;
  let most = 0;
  for (let i = 0; i < 2000; i++) {
    new Resource(8 << 20);
    most = Math.max(most, Resource.live - before);
  }
  // 16 GB in all. V8 begins to collect when some ten megabytes have been added.
  if (most > 400) throw new Error(`${most} were alive at once`);
});
