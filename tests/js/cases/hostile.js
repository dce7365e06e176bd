// Printing runs no JavaScript of what is printed: "RAN" is never printed. It ends, and it does not overflow the stack.
const ran = (what) => console.log('RAN', what);

console.log({ get a() { ran('get'); }, set b(_) { ran('set'); }, get c() { ran('get'); }, set c(_) { ran('set'); } });
const evil = { get constructor() { ran('constructor'); }, get [Symbol.toStringTag]() { ran('tag'); } };
console.log(evil, Object.create(evil), [Object.create(evil)]);
console.log('%s %d %i %f', ...Array(4).fill({ toString() { ran('toString'); }, valueOf() { ran('valueOf'); } }));
console.log({ toJSON() { ran('toJSON'); }, inspect() { ran('inspect'); }, then() { ran('then'); } });

const traps = {};
for (const name of Object.getOwnPropertyNames(Reflect)) traps[name] = () => ran(name);
const proxy = new Proxy({ a: 1 }, new Proxy(traps, {}));
console.log(proxy);
console.log([proxy], Object.create(proxy), new Map([[proxy, proxy]]));
console.log('%s %o', proxy, new Proxy(function f() {}, {}));
console.dir(proxy, proxy);
console.table(proxy);
console.table([proxy]);
console.dir({ a: { b: 1 } }, { get depth() { ran('depth'); } });
const revoked = Proxy.revocable({}, {});
revoked.revoke();
console.log(revoked.proxy, [revoked.proxy], Object.create(revoked.proxy));

class EvilName extends Error { get name() { ran('name'); return 'x'; } }
class EvilMessage extends Error { get message() { ran('message'); return 'x'; } }
Error.stackTraceLimit = 0;
console.log(new EvilName('a'), new EvilMessage());
console.log(Object.defineProperty(new Error('b'), 'stack', { get() { ran('stack'); } }));
console.log(Object.assign(new Error('c'), { name: { toString() { ran('name.toString'); } } }));
Error.prepareStackTrace = () => ran('prepareStackTrace');
console.log(new Error('prepared'));
delete Error.prepareStackTrace;

Object.prototype.value = 'polluted';
Object.prototype.enumerable = true;
Object.prototype.get = () => ran('Object.prototype.get');
console.log({ a: 1, get b() { return ran('b'); } });
delete Object.prototype.value;
delete Object.prototype.enumerable;
delete Object.prototype.get;

Array.prototype[0] = 'polluted';
Object.defineProperty(Array.prototype, 1, { get() { ran('element'); }, configurable: true });
console.log([, , 3], [,]);
delete Array.prototype[0];
delete Array.prototype[1];
Array.prototype[Symbol.iterator] = () => ran('iterator');
console.log([1, 2], { a: [] });
