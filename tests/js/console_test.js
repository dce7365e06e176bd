// Every console function takes every value: none throws, and none runs JavaScript of what it prints. What is printed
// exactly is in cases/. Prints a line "ok" for each test.
let count = 0;
const expect = (name, passed, ...what) => {
  console.clear();
  console.log(`${passed ? 'ok' : 'not ok'} ${++count} - ${name}`);
  if (!passed) console.log('#', ...what);
};

let ran = 0;
const run = () => {
  ran++;
  throw new Error('run');
};
const nest = (depth, outer) => {
  let value = {};
  for (let i = 0; i < depth; i++) value = outer(value);
  return value;
};
const sparse = [];
sparse[2 ** 32 - 2] = 1;
const cyclic = { list: [] };
cyclic.list.push(cyclic, new Map([[cyclic, new Set([cyclic])]]));
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const traps = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, run]));
const evil = {
  get constructor() { return run(); },
  get [Symbol.toStringTag]() { return run(); },
  toString: run,
  valueOf: run,
};
const rejected = Promise.reject(1);
rejected.catch(() => {});

const values = {
  primitives: [undefined, null, true, -0, NaN, 1e300, 10n ** 100n, 'it\'s "a" `text`\n\0\ud800', Symbol(), Symbol('s')],
  'an empty array': [],
  'a sparse array': sparse,
  'a long array': new Array(1e6).fill(0),
  'an array with getters': Object.defineProperty([1, 2], 0, { get: run }),
  'typed arrays': [new Uint8Array(4), new Float32Array(200), new BigUint64Array(3), new DataView(new ArrayBuffer(9), 1)],
  buffers: [new ArrayBuffer(0), new ArrayBuffer(100), new SharedArrayBuffer(3)],
  collections: [new Map([[{}, []]]), new Set([1]), new WeakMap(), new WeakSet(), new Map().entries(), new Set([1]).values()],
  functions: [() => {}, class {}, class A extends Array {}, async () => {}, function* () {}, Math.max, run.bind()],
  promises: [Promise.resolve(1), rejected, new Promise(() => {})],
  dates: [new Date(NaN), new Date(8.64e15), new Date(-8.64e15)],
  boxes: [Object(1), Object('text'), Object(1n), Object(Symbol()), Object(false)],
  errors: [new Error('e'), new AggregateError([new Error('in')], 'many'), new Error('c', { cause: evil })],
  'an error with a stack that runs': Object.defineProperty(new Error(), 'stack', { get: run, enumerable: true }),
  'an error with a name that runs': Object.defineProperty(new Error(), 'name', { get: run }),
  'a deep object': nest(1e5, (inner) => ({ inner })),
  'a deep array': nest(1e5, (inner) => [inner]),
  'a deep map': nest(1e4, (inner) => new Map([[inner, inner]])),
  'a deep proxy': nest(1e4, (inner) => new Proxy(inner, {})),
  'a long chain of prototypes': nest(1e4, (inner) => Object.create(inner)),
  'what is shared often': nest(64, (inner) => [inner, inner]),
  'cycles': cyclic,
  'no prototype': Object.assign(Object.create(null), { a: 1 }),
  'a proxy with traps': new Proxy({ a: 1 }, traps),
  'a proxy whose handler is one': new Proxy([], new Proxy({}, traps)),
  'a function proxy': new Proxy(class {}, traps),
  'a revoked proxy': revoked.proxy,
  'a proxy for a prototype': Object.create(new Proxy({}, traps)),
  'accessors': { get a() { return run(); }, set b(value) { run(); } },
  'what tells lies of itself': [evil, Object.create(evil)],
  'host objects': [globalThis, console, performance, Performance, Performance.prototype, setTimeout],
  'generators': [(function* () { yield 1; })(), (function () { return arguments; })(1, 2), [1].values()],
};

const functions = {
  log: (value) => console.log(value),
  'log formatted': (value) => console.log('%s %d %i %f %o %O %c', value, value, value, value, value, value, value),
  dir: (value) => console.dir(value, { depth: null }),
  table: (value) => console.table(value),
  'table of rows': (value) => console.table([value, { value }]),
  'assert and group': (value) => {
    console.assert(false, value);
    console.group(value);
    console.groupCollapsed([value]);
  },
};

for (const [name, value] of Object.entries(values)) {
  ran = 0;
  let failure;
  for (const [called, body] of Object.entries(functions)) {
    try {
      body(value);
    } catch (error) {
      failure = `${called}: ${error}`;
    }
  }
  expect(name, failure === undefined && ran === 0, failure, ran);
}
console.log(`1..${count}`);
