// The clock: https://w3c.github.io/hr-time. Prints a line "ok" for each test.
let count = 0;
const expect = (name, passed, ...what) => {
  console.log(`${passed ? 'ok' : 'not ok'} ${++count} - ${name}`);
  if (!passed) console.log('#', ...what);
};

const times = Array.from({ length: 10000 }, () => performance.now());
expect('now never goes back', times.every((time, i) => i === 0 || time >= times[i - 1]));
expect('now counts from the opening of the runtime', times[0] > 0 && times[0] < 60000, times[0]);
expect('now sees less than a millisecond', times.some((time) => time % 1 !== 0));
expect('now goes on', (() => {
  const start = performance.now();
  while (performance.now() === start);
  return performance.now() - start < 1000;
})());
const drift = performance.timeOrigin + performance.now() - Date.now();
expect('timeOrigin and now make the time of day', Math.abs(drift) < 5000, drift);
expect('toJSON has the time origin', JSON.stringify(performance) === JSON.stringify({ timeOrigin: performance.timeOrigin }));
expect('there is one object', performance === performance && performance instanceof Performance);
performance.kept = 1;
expect('which keeps what is added to it', performance.kept === 1);
expect('it has a tag', Object.prototype.toString.call(performance) === '[object Performance]');
const { now } = performance;
for (const receiver of [undefined, {}, Performance.prototype, Object.create(performance), new Proxy(performance, {})]) {
  let error;
  try {
    now.call(receiver);
  } catch (caught) {
    error = caught;
  }
  expect('now refuses other objects', error instanceof TypeError, error);
}
let error;
try {
  new Performance();
} catch (caught) {
  error = caught;
}
expect('there is no constructor', error instanceof TypeError, error);
console.log(`1..${count}`);
