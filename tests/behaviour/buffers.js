// Buffers and views.
"use strict";

// BUFFERS

const bytes = (...values) => new Uint8Array(values);

test("BufferSource is an ArrayBuffer or any view", () => {
  same(buffers.sum(bytes(1, 2, 3).buffer), 6);
  same(buffers.sum(bytes(1, 2, 3).subarray(1)), 5);
  same(buffers.sum(new DataView(bytes(1, 2, 3, 4).buffer, 1, 2)), 5);
  same(buffers.sum(new Uint16Array([258])), 3);
  for (const wrong of [null, undefined, {}, [1], "text", new Proxy(bytes(1), {}), Object.create(bytes(1))]) {
    throws(TypeError, () => buffers.sum(wrong), "argument 1 is not an ArrayBuffer or a view of one");
  }
});

test("a typed array is its own type only", () => {
  same(buffers.sumDoubles(new Float64Array([1.5, 2])), 3.5);
  throws(TypeError, () => buffers.sumDoubles(new Float32Array(1)), "argument 1 is not a Float64Array");
  same(buffers.kind(new Int16Array(1)), "Int16Array");
  same(buffers.kind(new DataView(new ArrayBuffer(1))), "DataView");
  throws(TypeError, () => buffers.kind(new ArrayBuffer(1)), "is not an ArrayBufferView");
  same(buffers.big(new BigInt64Array([-5n]))[0], -5n);
  throws(TypeError, () => buffers.isHalf(new Float32Array(1)), "is not a Float16Array");
});

test("shared memory only where it is allowed", () => {
  const shared = new SharedArrayBuffer(4);
  throws(TypeError, () => buffers.sum(shared));
  throws(TypeError, () => buffers.sum(new Uint8Array(shared)), "SharedArrayBuffer, which is not allowed here");
  same(buffers.kind(new Int16Array(shared)), "Int16Array");
  same(buffers.shared(shared), 4);
  same(buffers.shared(new Uint8Array(shared, 1)), 3);
  same(buffers.shared(new ArrayBuffer(2)), 2);
  throws(TypeError, () => buffers.length(shared), "is not an ArrayBuffer");
  same(buffers.lengthShared(shared), 4);
  throws(TypeError, () => buffers.lengthShared(new ArrayBuffer(4)), "is not a SharedArrayBuffer");
});

test("a resizable buffer only where it is allowed", () => {
  const resizable = new ArrayBuffer(4, { maxByteLength: 8 });
  if (!resizable.resizable) return;
  throws(TypeError, () => buffers.length(resizable), "resizable");
  throws(TypeError, () => buffers.sum(new Uint8Array(resizable)), "resizable");
});

test("bytes are looked up when all arguments are converted", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
  const view = new Uint8Array(memory.buffer);
  view[0] = 9;
  same(buffers.lengthAfter(view, { valueOf: () => 1 }), 65536);
  same(buffers.lengthAfter(view, { valueOf: () => memory.grow(1) }), 0);
  same(view.length, 0);
  same(buffers.sum(view), 0);
  same(buffers.length(view.buffer), 0);
  const later = new Uint8Array(memory.buffer, 0, 4);
  same(buffers.patched({ bytes: later, view: new DataView(new ArrayBuffer(2)) }, [later], 0), 20);
  const grow = { valueOf: () => memory.grow(1) };
  same(buffers.patched({ bytes: later }, [bytes(1), later, bytes(2), bytes(3), bytes(4), bytes(5)], grow), 15);
});

test("C writes in place", () => {
  const target = bytes(1, 2, 3, 4);
  buffers.fill(target.subarray(1, 3), 7);
  alike([...target], [1, 7, 7, 4]);
  same(buffers.echo(target), target);
  same(buffers.echo(null), null);
});

test("a result is a copy, or takes the memory over", () => {
  const result = buffers.bytes(4);
  same(result instanceof Uint8Array, true);
  result[0] = 100;
  alike([...buffers.bytes(4)], [0, 1, 2, 3]);
  const squares = buffers.squares(5);
  same(squares instanceof Float64Array, true);
  alike([...squares], [0, 1, 4, 9, 16]);
  same(buffers.squares(0).length, 0);
  const before = buffers.givenBack;
  same(buffers.taken(0).byteLength, 0);
  same(buffers.givenBack, before + 1);
  const taken = new Uint8Array(buffers.taken(8));
  same(taken.length, 8);
  buffers.pokeTaken(7);
  same(taken[0], 7); // the very same memory, and no copy
  same(buffers.givenBack, before + 1);
  const half = buffers.half(new Int16Array([1, 2, 3, 4]));
  same(half instanceof Int16Array, true);
  alike([...half], [1, 2]);
  same(buffers.half(new ArrayBuffer(6)).byteLength, 3);
});

test("a callback's result", () => {
  same(buffers.pull((size) => new Uint8Array(size).fill(2), 3), 6);
  throws(TypeError, () => buffers.pull(() => 1, 3), "the result of the callback 'Source' is not a Uint8Array");
});

test("promises and other threads have copies", async () => {
  const data = bytes(1, 2, 3);
  const later = buffers.later(data);
  data[0] = 9;
  alike([...await later], [1, 2, 3]);
  const reversed = buffers.reversed(data, new ArrayBuffer(2));
  data[2] = 100;
  alike([...await reversed], [3, 2]);
  alike([...data], [9, 2, 100]);
});
