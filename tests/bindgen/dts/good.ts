// Scripts that must type-check against the declarations beside this file. `same` pins a type exactly.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(yes: Same<A, B>): void;
declare const unknown_: unknown;

// interface
const counter = new Counter(5, "apples");
new Counter();
new Counter(counter);
counter.label = counter.label.toUpperCase();
counter.note = null;
same<typeof counter.note, string>(true);
same<typeof counter.next, Counter | null>(true);
same<typeof Counter.MAX, 0x10>(true);
same<typeof counter.YES, true>(true);
counter.scale = "replaced";
const sum: number = counter.increment() + counter.increment(2) + Counter.made + counter.LIMIT;
Counter.of(1, 2, 3).reset();
if (unknown_ instanceof Lock) same<typeof unknown_, Lock>(true);
class BigCounter extends Counter {
  constructor() {
    super(1000);
  }
}
same<BigCounter["value"], number>(true);

// inheritance
const circle = new Circle(1);
const shape: Shape = circle;
same<ReturnType<(typeof shape)["join"]>, Shape>(true);
const joined: Circle = circle.join(circle, 2);
circle.join(shape);
shape.tag.anything.goes;

// mixin
const person = new Person("Ada");
person.name = "Grace";
person.rename("Joan");
const named: Named = person;
same<typeof Person.ANONYMOUS, 1>(true);
same<typeof named.ANONYMOUS, 1>(true);
const age: number = person.age;

// namespace
same<typeof Arithmetic.E, 2.5>(true);
same<ReturnType<typeof Arithmetic.power>, bigint>(true);
Arithmetic.add(1, 2, 3, Arithmetic.last);
Arithmetic.delete("x");
const half: Arithmetic.Fraction = new Arithmetic.Fraction(1, 2).times(new Arithmetic.Fraction(1));

// global
title = globalThis.title + hypot(3) + hypot(3, globalThis.screen.width);
later((a, b) => a + b, 1, "2");
scope().hypot(1);

// dictionary
const stat = openFile({ path: "a", tags: new Set(["x"]) });
same<typeof stat.hidden, boolean>(true);
same<typeof stat.names, string[] | undefined>(true);
openFile({ path: "a", create: true, tags: ["x"] });
openSecret();
openSecret({ path: "a", key: new Uint8Array(16) });

// enum
const car = new Car("very-fast");
car.speed = "";
switch (car.color) {
  case "red":
  case "green":
    break;
  default:
    same<typeof car.color, never>(true);
}

// callback
declare const message: Message;
message.listener = (m) => m.call(() => {});
message.listener = { handle: (m) => same<typeof m, Message>(true) };
message.listener = null;
message.visit((name, depth) => name.length > (depth ?? 0));
message.visit(() => true, (value) => Filter.ACCEPT);
message.visit(() => true, { accept: () => 1 });
message.load(async (ids) => ids.join());
message.load((ids) => `${ids[0]}`);

// union
declare const table: Table;
same<ReturnType<typeof table.get>, number | string | null>(true);
table.get("a") ?? table.get(5) ?? table.get(["a", "b"]);
table.put(["a", 1, true], table);
same<ReturnType<typeof table.find>, Table | undefined>(true);
const anything: Date = table.anything(undefined, {}, Symbol(), 5n);

// sequence
const lists = new Lists(new Set([1, 2]));
new Lists([1, 2].values());
const last: number | undefined = lists.reversed(["a"]).pop();
lists.nested([[1], new Set([2])])?.[0]?.map((x) => (typeof x === "number" ? x : x.length));
lists.thawed = new Set([1]);
same<typeof lists.thawed, readonly number[]>(true);
lists.observed.push(lists);
lists.observed = [lists];
same<ReturnType<typeof lists.counts>, Record<string, number>>(true);
lists.counts({ a: [1, "2"], b: new Set() });
lists.read(["a", Promise.resolve("b")]);
lists.read((async function* () { yield "a"; })());

// promise
declare const jobs: Jobs;
jobs.wait(5).then(() => jobs.wait(Promise.resolve(5)));
jobs.list().then((names) => names?.length);
const ready: Promise<Jobs> = jobs.ready;

// iteration
declare const values: Values;
for (const value of values) value.length;
values.forEach((value, index, parent) => parent.item(index) === value);
const [entry] = [...values.entries()];
same<typeof entry, [number, string]>(true);
values[0].length + values.length;
for (const [key, value] of new Pairs()) key.length + value;
declare const stream: Stream;
declare const rows: Rows;
async function read() {
  for await (const text of stream) text.length;
  for await (const text of stream.values(5)) text.length;
  for await (const [number, text] of rows) number + text.length;
}
const bag = new Bag().set("a", new Bag());
const sameBag: Bag = bag;
bag.get("a")?.delete("b");
for (const [key, inner] of bag) inner.has(key) && bag.size;
declare const view: View;
same<ReturnType<typeof view.get>, string | undefined>(true);
new Tags().add("x", true);
for (const mark of (null as unknown as Marks).values()) mark + 1;

// special
declare const line: Line;
line[0] = line[1] + line.length;
for (const cell of line) cell + 1;
declare const store: Store;
store.anything = "x";
same<Store["x"], string | undefined>(true);
delete store.anything;
declare const form: Form;
same<typeof form.method, string>(true);
form.field.length;
declare const place: Place;
place.address = "https://example.org";
same<typeof place.address.href, string>(true);
place.toString() + place.address + place.toJSON().href;

// overload
declare const painter: Painter;
const named_: boolean = painter.paint("red");
const parts: number = painter.paint(1, 2, 3) + painter.paint(1, 2, 3, 0.5);
painter.fill(1, null, true, false);

// buffer
declare const buffers: Buffers;
same<ReturnType<typeof buffers.digest>, Uint8Array<ArrayBuffer>>(true);
buffers.digest(new ArrayBuffer(8));
buffers.digest(new DataView(new ArrayBuffer(8)));
buffers.shared(new Uint8Array(new SharedArrayBuffer(8)), new SharedArrayBuffer(8), new Int8Array(1));
const pixels: Uint8ClampedArray | Float16Array = buffers.pixels;

// legacy
declare const host: Host;
host.extension("x")?.extend();
same<Extension["FLAG"], 7>(true);
host.install(host.flagged());
const old: OldHost = new OlderHost();
old.install(host.extension("x")!);
const picture: PictureElement = new Picture(5);
if (unknown_ instanceof Picture) unknown_.width;

// dispose
const disposables: Disposable[] = [new Surface(), new Layer(), new Session()];
for (const one of disposables) one[Symbol.dispose]();
const session: AsyncDisposable = new Session();
session[Symbol.asyncDispose]().then(() => 0);
