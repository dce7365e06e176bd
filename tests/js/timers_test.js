// Timers and microtasks: https://html.spec.whatwg.org, "Timers". Prints a line "ok" for each test.
let count = 0;
const expect = (name, passed, ...what) => {
  console.log(`${passed ? 'ok' : 'not ok'} ${++count} - ${name}`);
  if (!passed) console.log('#', ...what);
};
const equal = (name, actual, expected) => expect(name, `${actual}` === `${expected}`, actual, 'is not', expected);
const throws = (name, type, body) => {
  try {
    body();
    expect(name, false, 'nothing thrown');
  } catch (error) {
    expect(name, error instanceof type, error);
  }
};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const tests = [];
const test = (name, body) => tests.push([name, body]);

test('timers of one deadline fire in the order of their making', async (name) => {
  const order = [];
  for (let i = 0; i < 20; i++) setTimeout(() => order.push(i), 5);
  await sleep(6);
  await sleep(6);
  equal(name, order, Array.from({ length: 20 }, (_, i) => i));
});

test('a shorter timer fires first', async (name) => {
  const order = [];
  setTimeout(() => order.push('long'), 30);
  setTimeout(() => order.push('short'), 1);
  setTimeout(() => order.push('none'));
  setTimeout(() => order.push('negative'), -5);
  await sleep(40);
  equal(name, order, 'none,negative,short,long');
});

test('no timer is early', async (name) => {
  const early = [];
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    const ms = i % 7;
    await sleep(ms);
    if (performance.now() - start < ms) early.push(ms);
  }
  equal(name, early, []);
});

test('arguments are passed on, and this is the global object', async (name) => {
  const given = await new Promise((resolve) => {
    setTimeout(function (...rest) { resolve([this === globalThis, ...rest]); }, 1, 1, 'two', undefined);
  });
  equal(name, given, [true, 1, 'two', undefined]);
});

test('arguments are passed on to each turn of an interval', async (name) => {
  const seen = [];
  const object = {};
  await new Promise((resolve) => {
    const id = setInterval((a, b) => {
      seen.push(a === object && b === 'x');
      if (seen.length === 3) {
        clearInterval(id);
        resolve();
      }
    }, 1, object, 'x');
  });
  equal(name, seen, 'true,true,true');
});

test('an interval that is cleared by its handler does not come again', async (name) => {
  let calls = 0;
  const id = setInterval(() => {
    calls++;
    clearInterval(id);
  }, 1);
  await sleep(20);
  equal(name, calls, 1);
});

test('clearTimeout and clearInterval clear either', async (name) => {
  const fired = [];
  clearInterval(setTimeout(() => fired.push('timeout'), 1));
  clearTimeout(setInterval(() => fired.push('interval'), 1));
  await sleep(15);
  equal(name, fired, []);
});

test('a timer can clear another of the same deadline', async (name) => {
  const fired = [];
  let second;
  setTimeout(() => {
    fired.push(1);
    clearTimeout(second);
  }, 3);
  second = setTimeout(() => fired.push(2), 3);
  await sleep(15);
  equal(name, fired, [1]);
});

test('unknown ids are ignored', async (name) => {
  clearTimeout();
  clearTimeout(0);
  clearTimeout(-1);
  clearTimeout(123456789);
  clearTimeout('text');
  clearInterval({});
  const id = setTimeout(() => {});
  clearTimeout(id);
  clearTimeout(id);
  expect(name, true);
});

test('ids are positive integers, each for one timer', async (name) => {
  const ids = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? setTimeout : setInterval)(() => {}, 1e6));
  expect(name, new Set(ids).size === 100 && ids.every((id) => Number.isInteger(id) && id > 0), ids);
  ids.forEach(clearTimeout);
});

test('a handler that is no function is a TypeError', async (name) => {
  throws(`${name}: a string`, TypeError, () => setTimeout('expect(name, false)', 0));
  throws(`${name}: nothing`, TypeError, () => setTimeout());
  throws(`${name}: an object`, TypeError, () => setInterval({}, 1));
  throws(`${name}: a microtask`, TypeError, () => queueMicrotask(undefined));
  throws(`${name}: a timeout that throws`, RangeError, () => setTimeout(() => {}, { valueOf() { throw new RangeError(); } }));
  throws(`${name}: a BigInt`, TypeError, () => setTimeout(() => {}, 1n));
});

// Begun here, since what a test does is nested in timers already.
const nested = new Promise((resolve) => {
  const times = [performance.now()];
  const again = () => {
    times.push(performance.now());
    if (times.length === 14) resolve(times.slice(1).map((time, i) => time - times[i]));
    else setTimeout(again, 0);
  };
  setTimeout(again, 0);
});
test('timers that set timers wait 4 ms from the sixth on', async (name) => {
  const waits = await nested;
  expect(`${name}: late ones`, waits.slice(6).every((wait) => wait >= 4), waits);
  expect(`${name}: early ones`, Math.min(...waits.slice(0, 5)) < 3, waits);
});

test('intervals wait 4 ms too, and do not drift', async (name) => {
  const times = [];
  await new Promise((resolve) => {
    const id = setInterval(() => {
      times.push(performance.now());
      if (times.length < 30) return;
      clearInterval(id);
      resolve();
    });
  });
  const spent = times[29] - times[9];
  expect(name, spent > 75 && spent < 200, spent);
});

test('ten thousand timers fire in order, and each once', async (name) => {
  const order = [];
  const kept = [];
  const delay = (i) => 1 + (i % 3) * 150;
  for (let i = 0; i < 10000; i++) {
    kept.push(setTimeout(() => order.push(i), delay(i)));
    if (i % 10 === 9) clearTimeout(kept[i]);
  }
  const start = performance.now();
  while (order.length < 9000 && performance.now() - start < 5000) await sleep(5);
  // Of two timers the one set first fires first, unless it was to wait longer; how long setting them took is the machine's.
  const place = new Map(order.map((i, at) => [i, at]));
  const inOrder = (i, j) => !place.has(i) || !place.has(j) || delay(i) > delay(j) || place.get(i) < place.get(j);
  const ordered = kept.every((_, i) => inOrder(i, i + 1) && inOrder(i, i + 2) && inOrder(i, i + 3) && inOrder(i, i + 30));
  expect(name, order.length === 9000 && place.size === 9000 && ordered, order.length);
});

test('microtasks run after each timer, in order, before the next', async (name) => {
  const order = [];
  setTimeout(() => {
    order.push('first');
    queueMicrotask(() => order.push('microtask'));
    Promise.resolve().then(() => order.push('promise')).then(() => order.push('then'));
    queueMicrotask(() => queueMicrotask(() => order.push('nested')));
  }, 2);
  setTimeout(() => order.push('second'), 2);
  await sleep(15);
  equal(name, order, 'first,microtask,promise,then,nested,second');
});

test('queueMicrotask calls with undefined and no arguments', async (name) => {
  const given = await new Promise(function (resolve) {
    'use strict';
    queueMicrotask(function (...rest) { resolve([this === undefined, rest.length]); });
  });
  equal(name, given, [true, 0]);
});

test('clearing many timers out of order leaves the others', async (name) => {
  const fired = [];
  const ids = Array.from({ length: 1000 }, (_, i) => setTimeout(() => fired.push(i), 2));
  for (let i = 0; i < 1000; i++) if ((i * 7) % 10 !== 3) clearTimeout(ids[(i * 7) % 1000]);
  await sleep(20);
  expect(name, fired.length === 100 && fired.every((i) => i % 10 === 3), fired.length);
});

test('the functions stand on the global object as Web IDL has it', async (name) => {
  const wanted = { setTimeout: 1, setInterval: 1, clearTimeout: 0, clearInterval: 0, queueMicrotask: 1 };
  for (const [key, length] of Object.entries(wanted)) {
    const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, key);
    equal(`${name}: ${key}`, [value.name, value.length, writable, enumerable, configurable], [key, length, true, true, true]);
  }
});

(async () => {
  for (const [name, body] of tests) await body(name);
  console.log(`1..${count}`);
})();
