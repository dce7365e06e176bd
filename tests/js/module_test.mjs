// Modules of ECMAScript, as the shell has them. Prints a line "ok" for each test.
import * as counter from './modules/counter.mjs';
import { increment, increment as again } from './modules/deep/../counter.mjs';
import { both, order } from './modules/cycle_a.mjs';
import url, { value } from './modules/awaits.mjs';
import data from './modules/data.json' assert { type: 'json' };
import later, { increment as deep } from './modules/deep/script.mjs';

let count = 0;
const expect = (name, passed, ...what) => {
  console.log(`${passed ? 'ok' : 'not ok'} ${++count} - ${name}`);
  if (!passed) console.log('#', ...what);
};
const equal = (name, actual, expected) => expect(name, `${actual}` === `${expected}`, actual, 'is not', expected);
const rejects = async (name, promise, type, text) => {
  try {
    await promise;
    expect(name, false, 'not rejected');
  } catch (error) {
    expect(name, error instanceof type && error.message.includes(text), error);
  }
};

increment();
equal('imports are live bindings', counter.count, 1);
expect('one file is one module, whatever the path', increment === again && increment === deep);
expect('and for import()', (await import('./modules/counter.mjs')) === counter && (await later()) === counter);
expect('a namespace cannot be written', (() => {
  try {
    counter.count = 2;
  } catch (error) {
    return error instanceof TypeError;
  }
})());
equal('a namespace has its names in order', Object.keys(counter), 'count,increment');
equal('a namespace is a Module', Object.prototype.toString.call(counter), '[object Module]');
equal('cycles are evaluated in order', order, 'b,a');
equal('cycles see each other', both(), 'ab sees a');
equal('top-level await is awaited', value, 'awaited');
expect('import.meta.url is the path', url.endsWith('/tests/js/modules/awaits.mjs') && url.startsWith('/'), url);
expect('import.meta has no prototype and is one', Object.getPrototypeOf(import.meta) === null);
equal('this is undefined', this, undefined);
equal('JSON modules have a default export', data.list.length, 3);
equal('import() of JSON', (await import('./modules/data.json', { assert: { type: 'json' } })).default === data, true);
equal('a namespace with `then` is a promise to import()', await import('./modules/then.mjs'), 'taken for a promise');
await rejects('JSON without its type is no JavaScript', import('./modules/data.json'), SyntaxError, '(imported by');
await rejects('bad JSON names its file', import('./modules/bad.json', { assert: { type: 'json' } }), SyntaxError,
  'bad.json: ');
await rejects('another type', import('./modules/data.json', { assert: { type: 'css' } }), TypeError, "type 'css'");
await rejects('another assertion', import('./modules/data.json', { assert: { kind: 'x' } }), TypeError, "'kind'");
await rejects('a bare specifier', import('counter'), TypeError, "Cannot import 'counter': only paths");
await rejects('a missing file tells who imports it', import('./modules/deep/missing.mjs'), TypeError,
  'modules/deep/missing.mjs:3');
await rejects('and who imports that', import('./modules/deep/missing.mjs'), TypeError, 'js/module_test.mjs:');
await rejects('what is no JavaScript', import('./modules/syntax.mjs'), SyntaxError, '(imported by');
await rejects('a folder', import('./modules/deep'), TypeError, 'it is a folder');
await rejects('a module outside of the folder', import('../../README.md'), TypeError, 'outside of');
await rejects('a specifier that throws', import({ toString() { throw new RangeError('thrown'); } }), RangeError, 'thrown');
await rejects('a symbol', import(Symbol()), TypeError, '');
await rejects('a NUL', import('./x\0y'), TypeError, 'NUL');
const errors = [];
for (let i = 0; i < 2; i++) await import('./modules/throws.mjs').catch((error) => errors.push(error));
expect('what throws is evaluated once, and throws the same again',
  thrown === 1 && errors[0] instanceof RangeError && errors[0] === errors[1]);
equal('import() from eval is relative to this file', (await eval("import('./modules/counter.mjs')")) === counter, true);
equal('import() from Function too', (await new Function("return import('./modules/counter.mjs')")()) === counter, true);
const sequence = [];
const promise = import('./modules/counter.mjs').then(() => sequence.push('import'));
sequence.push('sync');
await promise;
equal('import() is asynchronous', sequence, 'sync,import');
equal('many imports at once are one', new Set(await Promise.all(
  Array.from({ length: 100 }, () => import('./modules/counter.mjs')))).size, 1);
