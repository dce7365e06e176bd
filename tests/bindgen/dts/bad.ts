// Scripts that must not type-check: tsc reports every line below an "expect-error" that it takes for right.
declare const wrong: unknown;

// interface
declare const aCounter: Counter;
// @ts-expect-error: a string is no number
new Counter("5");
// @ts-expect-error: interfaces are called with new
Counter(5);
// @ts-expect-error: readonly
aCounter.value = 5;
// @ts-expect-error: constant
Counter.MAX = 5;
// @ts-expect-error: may be null
aCounter.next.value;
// @ts-expect-error: static
aCounter.of(1);
// @ts-expect-error: an argument is missing
Counter.of();
// @ts-expect-error: there is no such member
aCounter.incremental();
// @ts-expect-error: cannot be constructed
new Lock();
// @ts-expect-error: cannot be extended, as its constructor throws
class MyLock extends Lock {}
// @ts-expect-error: what looks like a Lock is none
const lock: Lock = {};
// @ts-expect-error: nor is an object of another interface
const otherLock: Lock = aCounter;
// @ts-expect-error: null is not for every string
aCounter.label = null;

// inheritance
declare const aShape: Shape;
// @ts-expect-error: not every shape is a circle
const aCircle: Circle = aShape;
// @ts-expect-error: cannot be constructed
new Shape();
// @ts-expect-error: does not inherit the constructor
new Disc(1);

// mixin
// @ts-expect-error: a mixin is no object
Named.ANONYMOUS;

// namespace
// @ts-expect-error: a number is no bigint
Arithmetic.power(2, 3);
// @ts-expect-error: readonly
Arithmetic.last = 5;
// @ts-expect-error: in the namespace only
new Fraction(1);

// global
// @ts-expect-error: an argument is missing
hypot();
// @ts-expect-error: strings are not called
later("code");
// @ts-expect-error: readonly
screen.width = 5;

// dictionary
// @ts-expect-error: path is required
openFile({ create: true });
// @ts-expect-error: there is no such member
openFile({ path: "a", mode: 5 });
// @ts-expect-error: a string is no sequence
openFile({ path: "a", tags: "abc" });
// @ts-expect-error: the parent's required members are required, too
openSecret({ key: new ArrayBuffer(1) });
// @ts-expect-error: may be absent
openFile({ path: "a" }).names.length;

// enum
// @ts-expect-error: no value of Speed
new Car("fast");

// callback
declare const aMessage: Message;
// @ts-expect-error: not a boolean
aMessage.visit((name) => name);
// @ts-expect-error: depth may be missing
aMessage.visit((name, depth) => depth > 5);
// @ts-expect-error: the operation is called handle
aMessage.listener = { handel() {} };
// @ts-expect-error: not null
aMessage.load(null);
// @ts-expect-error: a constant
Filter.ACCEPT = 2;

// union
declare const aTable: Table;
// @ts-expect-error: not in the union
aTable.get(true);
// @ts-expect-error: may be a string, or null
aTable.get("a") + 1;
// @ts-expect-error: a primitive is no object
aTable.anything(1, 2, Symbol(), 5n);
// @ts-expect-error: may be undefined
aTable.find(1).find(2);

// sequence
declare const someLists: Lists;
// @ts-expect-error: no sequence
new Lists(5);
// @ts-expect-error: a string is no sequence
someLists.reversed("abc");
// @ts-expect-error: a sequence of something else
someLists.reversed([1]);
// @ts-expect-error: frozen
someLists.frozen.push("a");
// @ts-expect-error: readonly
someLists.frozen = ["a"];
// @ts-expect-error: no record of sequences
someLists.counts({ a: 1 });

// promise
declare const someJobs: Jobs;
// @ts-expect-error: a promise of something else
someJobs.wait(Promise.resolve("5"));
// @ts-expect-error: a promise
someJobs.list().length;

// iteration
declare const someValues: Values;
// @ts-expect-error: readonly
someValues[0] = "a";
// @ts-expect-error: not asynchronous
for (const text of null as unknown as Stream) text;
// @ts-expect-error: of another type
new Bag().set("a", "b");
declare const aView: View;
// @ts-expect-error: readonly
aView.set(1, "a");
// @ts-expect-error: hidden by the interface's own
new Tags().add("x");

// special
declare const aLine: Line;
// @ts-expect-error: numbers only
aLine[0] = "a";
declare const aStore: Store;
// @ts-expect-error: strings only
aStore.x = 5;
declare const aPlace: Place;
// @ts-expect-error: forwards to a string
aPlace.address = 5;

// overload
declare const aPainter: Painter;
// @ts-expect-error: no overload has two arguments
aPainter.paint(1, 2);
// @ts-expect-error: the overload for strings
const parts_: number = aPainter.paint("red");

// buffer
declare const someBuffers: Buffers;
// @ts-expect-error: shared memory
someBuffers.digest(new Uint8Array(new SharedArrayBuffer(8)));
// @ts-expect-error: no view
someBuffers.digest([1, 2]);
// @ts-expect-error: another view
someBuffers.shared(new Int8Array(1), new ArrayBuffer(1), new Int8Array(1));

// legacy
// @ts-expect-error: has no interface object
wrong instanceof Extension;
// @ts-expect-error: what looks like an extension is none
host.install({ FLAG: 7, extend() {} });
// @ts-expect-error: nor is anything else
host.install(5);
// @ts-expect-error: an object of the interface that it inherits from is none
const flagged: FlaggedExtension = host.extension("x")!;
// @ts-expect-error: constructed under another name
new PictureElement(5);

// dispose
// @ts-expect-error: only [Symbol.dispose]
const surface: AsyncDisposable = new Surface();
