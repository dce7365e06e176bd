// The addon of samples/node_addon, and that of node_host/, seen from Node.js; prints TAP, and is run by
// node_addon_test.sh:
//
//   node --expose-gc node_addon.js ADDON HOST_ADDON
'use strict';

const assert = require('node:assert');
const {spawnSync} = require('node:child_process');
const {AsyncLocalStorage} = require('node:async_hooks');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {Worker} = require('node:worker_threads');

const addon = path.resolve(process.argv[2]);
const hostAddon = path.resolve(process.argv[3]);
const text = path.join(fs.mkdtempSync(path.join(process.env.TMPDIR ?? os.tmpdir(), 'addon-')), 'text');
fs.writeFileSync(text, 'some text');
const consoleBefore = globalThis.console;
const log = console.log;
const globalsBefore = new Set(Object.getOwnPropertyNames(globalThis));
require(addon);

const tests = [];
const test = (name, body) => tests.push({name, body});

test('the bindings are globals, and nothing else has changed', () => {
  const added = Object.getOwnPropertyNames(globalThis).filter((name) => !globalsBefore.has(name));
  assert.deepStrictEqual(added.sort(), ['Database', 'Statement', 'readText', 'sqliteVersion']);
  assert.strictEqual(console, consoleBefore);
  assert.strictEqual(console.log, log);
  assert.match(sqliteVersion(), /^3\./);
});

test('the same module again is the same; a second copy in the context is refused', () => {
  require(addon);
  delete require.cache[addon];
  assert.throws(() => require(addon), /the global object has a 'Database' already/);
});

test('objects of Node are not taken for native ones, nor the reverse', () => {
  const changes = Object.getOwnPropertyDescriptor(Database.prototype, 'changes').get;
  const theirs = [Buffer.alloc(8), new URL('http://x/'), new Worker('', {eval: true}), process.stdout, process, new Blob(['x']),
    new MessageChannel().port1, new AbortController(), new (require('node:crypto').createHash)('sha1'),
    process.stdin, Object.create(Database.prototype), new Proxy(new Database(':memory:'), {})];
  for (const it of theirs) {
    assert.throws(() => changes.call(it), TypeError);
    assert.throws(() => changes.call(Object.setPrototypeOf({}, it)), TypeError);
  }
  const handle = process.stdout._handle;
  if (handle) assert.throws(() => changes.call(handle), TypeError);
  const database = new Database(':memory:');
  assert.strictEqual(changes.call(database), 0);
  assert.throws(() => structuredClone(database), {name: 'DataCloneError'});
  for (const method of ['ref', 'close', 'hasRef']) {
    if (handle?.[method]) assert.throws(() => handle[method].call(database), TypeError);
  }
  assert.match(require('node:util').inspect(database), /^Database/);
});

test('promises are settled by threads of the pool, and keep Node waiting', async () => {
  assert.strictEqual(await readText(text), 'some text');
  await assert.rejects(readText('/no/such/file'), /cannot read '\/no\/such\/file'/);
  const texts = await Promise.all(Array.from({length: 200}, () => readText(text)));
  assert(texts.every((it) => it === 'some text'));
});

test('asynchronous context is kept across them', async () => {
  const storage = new AsyncLocalStorage();
  assert.strictEqual(await storage.run('context', async () => {
    await readText(text);
    return storage.getStore();
  }), 'context');
});

test('process.nextTick and microtasks run after a task, in the order of Node', async () => {
  const order = [];
  await new Promise((resolve) => {
    readText(text).then(() => {
      order.push('reaction');
      process.nextTick(() => order.push('tick'));
      Promise.resolve().then(() => order.push('microtask'));
      setImmediate(resolve);
    });
  });
  assert.deepStrictEqual(order, ['reaction', 'microtask', 'tick']);
});

test('collected objects are finalized, and kept ones are not', async () => {
  const kept = new Database(':memory:');
  const files = () => fs.readdirSync('/proc/self/fd').filter((fd) => {
    try { return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith(text); } catch { return false; }
  }).length;
  (() => {
    for (let i = 0; i < 50; i++) new Database(`${text}.db`).exec('CREATE TABLE IF NOT EXISTS t (x)');
  })();
  for (let i = 0; i < 10 && files() > 0; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.strictEqual(files(), 0);
  kept.exec('SELECT 1');
});

// Runs `code` in a worker; resolves with what it posts and its exit code.
const inWorker = (code, whenOnline = () => {}) => new Promise((resolve, reject) => {
  const worker = new Worker(`const {parentPort} = require('node:worker_threads'); require(${JSON.stringify(addon)});
    const text = ${JSON.stringify(text)}; ${code}`, {eval: true});
  const posted = [];
  worker.on('message', (message) => {
    posted.push(message);
    if (message === 'ready') whenOnline(worker);
  });
  worker.on('error', reject);
  worker.on('exit', (code) => resolve({posted, code}));
});

test('workers have runtimes of their own, and end when nothing is left to do', async () => {
  const workers = Array.from({length: 4}, (_, i) => inWorker(`
    const database = new Database(':memory:');
    database.exec('CREATE TABLE t (x)');
    readText(text).then((it) => parentPort.postMessage(it + ${i}));`));
  assert.deepStrictEqual(await Promise.all(workers),
    [0, 1, 2, 3].map((i) => ({posted: [`some text${i}`], code: 0})));
});

test('a worker may be terminated: idle, in a loop, with operations under way', async () => {
  const endless = ['setInterval(() => {}, 1000)', 'for (;;) new Database(":memory:").close()',
    'const again = () => readText(text).then(again); for (let i = 0; i < 8; i++) again();'];
  for (const code of endless) {
    const ended = await Promise.all([1, 2].map(() => inWorker(
      `parentPort.postMessage('ready'); setImmediate(() => { ${code} });`,
      (worker) => setTimeout(() => worker.terminate(), 5))));
    for (const {code} of ended) assert.strictEqual(code, 1);
  }
});

test('a worker may exit in the middle, and throw', async () => {
  assert.strictEqual((await inWorker('const d = new Database(":memory:"); readText(text); process.exit(7)')).code, 7);
  assert.strictEqual((await inWorker('readText(text).then(() => process.exit(8))')).code, 8);
  await assert.rejects(inWorker('readText("/no/such/file")'), /cannot read/);
});

test('worker after worker leaves no descriptors behind', async () => {
  const count = () => fs.readdirSync('/proc/self/fd').length;
  await inWorker('readText(text)');
  const before = count();
  for (let i = 0; i < 10; i++) await inWorker('const d = new Database(":memory:"); readText(text)');
  assert.strictEqual(count(), before);
});

// Runs `code` in a process of its own, in which nothing of the environment makes Node say something.
const inProcess = (code, it = addon) => spawnSync(process.execPath, ['-e', `require(${JSON.stringify(it)}); ${code}`, text],
  {encoding: 'utf8', timeout: 60000, env: {PATH: process.env.PATH}});

test('the process ends when nothing is left to do, by process.exit, and by what nobody catches', () => {
  const ends = (code, status, out = '', err = /^$/) => {
    const ended = inProcess(code);
    assert.strictEqual(ended.signal, null, `${code}: ${ended.stderr}`);
    assert.strictEqual(ended.status, status, `${code}: ${ended.stderr}`);
    assert.strictEqual(ended.stdout, out);
    assert.match(ended.stderr, err);
  };
  ends('', 0);
  ends('readText(process.argv[1]).then(console.log)', 0, 'some text\n');
  ends('globalThis.d = new Database(":memory:"); process.exit(3)', 3);
  ends('readText(process.argv[1]); process.exit(4)', 4);
  ends('readText(process.argv[1]).then(() => process.exit(5))', 5);
  ends('for (let i = 0; i < 20; i++) readText(process.argv[1]); setImmediate(() => process.exit(6))', 6);
  ends('readText("/no/such/file")', 1, '', /cannot read '\/no\/such\/file'/);
  ends('process.on("unhandledRejection", (e) => console.log(e.message)); readText("/no/file")', 0,
    "cannot read '/no/file': No such file or directory\n");
  ends('process.on("exit", () => console.log(sqliteVersion().length > 0)); readText(process.argv[1])', 0, 'true\n');
});

// What tasks of Cleat's throw; later(f) calls f in one.
const tasks = (code) => {
  const ended = inProcess(code, hostAddon);
  assert.strictEqual(ended.signal, null, `${code}: ${ended.stderr}`);
  return ended;
};
const listening = (code) => {
  const {status, stdout, stderr} = tasks(
    `process.on('uncaughtException', (e, origin) => console.log(e instanceof Error, e.name, e.message, origin)); ${code}`);
  assert.strictEqual(stderr, '');
  assert.strictEqual(status, 0);
  return stdout.trimEnd().split('\n');
};

test('what a task throws, and nobody catches, ends the process with its place', () => {
  const {status, stdout, stderr} = tasks('later(function broken() { throw new RangeError("no") }); later(() => console.log(1))');
  assert.strictEqual(status, 1);
  assert.strictEqual(stdout, '');
  assert.match(stderr, /^\[eval\]:1:\d+: RangeError: no$/m);
  assert.match(stderr, /^ +at broken \(\[eval\]:1:\d+\)$/m);
});

test("it is an 'uncaughtException' where there is a listener, one for each, and the tasks behind it run", () => {
  assert.deepStrictEqual(
    listening('later(() => { throw new RangeError("one") }); throwLater("two"); later(() => console.log("runs"))'),
    ['true RangeError one uncaughtException', 'true Error two uncaughtException', 'runs']);
});

test('whatever it is', () => {
  const thrown = '"text", undefined, null, 42, Symbol("s"), {}, {get message() { throw 1 }}, new Proxy({}, {get() { throw 2 }})';
  assert.deepStrictEqual(listening(`for (const it of [${thrown}]) later(() => { throw it })`),
    ['text', 'undefined', 'null', '42', 'Symbol(s)', '#<Object>', '#<Object>', '#<Object>'].map(
      (it) => `true Error ${it} uncaughtException`));
});

test('the listener may send tasks, throw, and exit', () => {
  const on = (body) => tasks(`process.on("uncaughtException", () => { ${body} }); later(() => { throw 1 })`);
  assert.strictEqual(on('later(() => console.log("task"))').stdout, 'task\n');
  assert.strictEqual(on('process.exit(3)').status, 3);
  const {status, stderr} = on('throw new Error("again")');
  assert.strictEqual(status, 7);  // Node's for this
  assert.match(stderr, /Error: again/);
});

test('promises that a task rejects are those of Node, with the very reason', () => {
  assert.deepStrictEqual(
    listening(`const reason = {}; process.on("unhandledRejection", (it) => console.log(it === reason));
      later(async () => { throw reason })`), ['true']);
});

test('in a worker it is the error of the worker; a task of one may exit, or be terminated', async () => {
  const inWorker = (code, whenOnline = () => {}) => new Promise((resolve) => {
    const worker = new Worker(`require(${JSON.stringify(hostAddon)}); ${code}`, {eval: true});
    const errors = [];
    worker.on('online', () => whenOnline(worker));
    worker.on('error', ({name, message}) => errors.push(`${name}: ${message}`));
    worker.on('exit', (code) => resolve({errors, code}));
  });
  assert.deepStrictEqual(await inWorker('later(() => { throw new TypeError("no") })'), {errors: ['TypeError: no'], code: 1});
  assert.deepStrictEqual(await inWorker('later(() => process.exit(4)); later(() => { throw 1 })'), {errors: [], code: 4});
  assert.deepStrictEqual(await inWorker('later(() => { for (;;); })', (worker) => setTimeout(() => worker.terminate(), 20)),
    {errors: [], code: 1});
});

test('tasks that come as the process exits are dropped', () => {
  const {status, stdout, stderr} = tasks('process.on("exit", () => { later(() => console.log("ran")); throwLater("threw") })');
  assert.deepStrictEqual([status, stdout, stderr], [0, '', '']);
});

(async () => {
  for (const [index, {name, body}] of tests.entries()) {
    try {
      await body();
      log(`ok ${index + 1} - ${name}`);
    } catch (error) {
      log(`# ${String(error?.stack ?? error).replace(/\n/g, '\n# ')}`);
      log(`not ok ${index + 1} - ${name}`);
      process.exitCode = 1;
    }
  }
})();
