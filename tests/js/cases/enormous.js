// What is deep, cyclic, wide or sparse is printed in little time and space.
let deep = {};
for (let i = 0, inner = deep; i < 1e6; i++) inner = inner.x = {};
console.log(deep);
let array = [];
for (let i = 0; i < 1e6; i++) array = [array];
console.log(array);
let proxies = {};
for (let i = 0; i < 1e5; i++) proxies = new Proxy(proxies, {});
console.log(proxies);
let chain = {};
for (let i = 0; i < 1e5; i++) chain = Object.create(chain);
console.log(chain);
let causes = new Error('root');
causes.stack = 'Error: root';
for (let i = 0; i < 1e5; i++) {
  causes = new Error('e', { cause: causes });
  causes.stack = 'Error: e';
}
console.log(causes);

const sparse = [];
sparse[4e9] = 1;
sparse[5] = 2;
console.log(sparse);
console.log(new Array(2 ** 32 - 1));
console.log(new Array(1e7));
console.log(new Array(3e6).fill('x'));
console.log(new Uint8Array(1e8));
console.log(new Map(Array.from({ length: 1e5 }, (_, i) => [i, i])).size, new Set(Array.from({ length: 102 }, (_, i) => i)));
console.log('x'.repeat(1e6).length, ['x'.repeat(1e6)].toString().length);
console.log((1n << 4000n) > 0n);

const cyclic = { name: 'c', list: [] };
cyclic.list.push(cyclic, { cyclic });
cyclic.map = new Map([[cyclic, cyclic]]);
console.log(cyclic);
const self = [];
self.push(self, self);
console.log(self, { self });

for (let i = 0; i < 1e5; i++) console.group();
console.clear();
for (let i = 0; i < 1e5; i++) console.time(`label ${i}`);
console.log('done');
