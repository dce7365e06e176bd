// Measures the paths that JavaScript takes. Each is a loop over one expression, compiled anew for each side so that none
// spoils the other's inline caches; the sides take turns in short rounds, so that noise hits all of them, and what counts
// is the median of each round's ratio.
//
// C gives `native`: ours (generated bindings), hand (the same by hand), yardstick, now() in nanoseconds, and
// record(name, ours, hand, yardstick, ratio), all but the first in nanoseconds per operation.
(function measure(native, filter, rounds, slice) {
  "use strict";

  // What a path is: its name; the loop's body, in which `s` is a side, `f` its function, `i` the round of the loop; what is
  // made before the loop; the operations that one body does; and the yardstick with the same work.
  const text = (unit, length) => unit.repeat(length);
  const cases = [];
  const add = (name, body, {setup = "", operations = 1, yardstick, fast = false} = {}) =>
    cases.push({name, body, setup, operations, yardstick, fast});

  for (const fast of [false, true]) {
    const kind = fast ? "fast call" : "slow path";
    const end = fast ? "Fast" : "";
    const path = (name, member, body) =>
      add(`${kind}: ${name}`, body, {setup: `const call = f.${member}${end}`, yardstick: member, fast});
    path("no argument", "nothing", "call(); sum += i");
    path("1 double", "one", "sum += call(i + 0.5)");
    path("2 doubles", "two", "sum += call(i + 0.5, 2)");
    path("6 doubles", "six", "sum += call(i + 0.5, 2, 3, 4, 5, 6)");
    path("2 longs", "integers", "sum += call(i, 2)");
    path("boolean", "not", "if (call((i & 1) === 0)) sum++");
  }
  for (const [kind, unit] of [["one-byte", "a"], ["two-byte", "\u20AC"]]) {
    [[16, "16 B"], [1024, "1 KB"], [1024 * 1024, "1 MB"]].forEach(([length, size], which) => {
      const work = kind === "one-byte" ? `copy${length}` : undefined;
      add(`string in, ${kind}, ${size}`, "sum += f.take(text)",
        {setup: `const text = native.flat(${JSON.stringify(unit)}, ${length})`, yardstick: work});
      add(`string out, ${kind}, ${size}`, `sum += f.give(${which + (unit === "a" ? 0 : 3)}).length`, {yardstick: work});
    });
  }
  add("enum in", "sum += f.shade('light')");
  add("dictionary of 2 in", "sum += f.sumPair({a: i, b: 2})");
  add("dictionary of 8 in", "sum += f.sumEight({a: i, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8})");
  add("dictionary of 2 out", "sum += f.makePair(i, 2).b");
  add("sequence of 100 doubles in", "sum += f.sum(list)",
    {setup: "const list = []; for (let k = 0; k < 100; k++) list.push(k + 0.5)"});
  add("sequence of 100 doubles in, holey", "sum += f.sum(list)",
    {setup: "const list = Array.from({length: 100}, (_, k) => k + 0.5)"});
  add("sequence of 100 doubles out", "sum += f.values(100).length");
  add("method", "sum += cell.add(2)", {setup: "const cell = new f.Cell(1)"});
  add("method, fast call", "sum += cell.addFast(2)", {setup: "const cell = new f.Cell(1)", fast: true});
  add("attribute get", "sum += cell.value", {setup: "const cell = new f.Cell(1)"});
  add("attribute set", "cell.value = i; sum += i", {setup: "const cell = new f.Cell(1)"});
  add("static method", "sum += f.Cell.twice(i)");
  add("interface arguments", "sum += f.sumCells(a, b)", {setup: "const a = new f.Cell(1), b = new f.Cell(2)"});
  add("callback from C", "sum += f.steps(step, 100)", {setup: "const step = (x) => x + 1", operations: 100});
  add("exception thrown and caught", "try { f.fail(); } catch (error) { sum += error.message.length; }");
  // Last, because its garbage is collected in what follows.
  add("new and finalize", "last = new f.Cell(i); sum += i", {setup: "let last"});

  const compile = (one, side) =>
    new Function("native", "f", `${one.setup}; return function loop(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) { ${one.body}; }
      return sum;
    }`)(native, side);

  const time = (run, n) => {
    const start = native.now();
    run(n);
    return (native.now() - start) / n;
  };

  // How often a loop must turn to take `slice` nanoseconds, found while it warms up.
  const calibrate = (run) => {
    let n = 1;
    for (;;) {
      const taken = time(run, n) * n;
      if (taken >= slice) return Math.max(1, Math.round(n * slice / taken));
      n *= taken > slice / 8 ? Math.max(2, Math.ceil(slice / taken)) : 8;
    }
  };

  const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  };

  const loopOf = (one, name) => {
    if (name !== "yardstick") return compile(one, native[name]);
    return one.yardstick === undefined ? undefined : native.yardstick[one.yardstick];
  };

  for (const one of cases) {
    if (!one.name.includes(filter)) continue;
    const [ours, hand, yardstick] = ["ours", "hand", "yardstick"].map((name) => loopOf(one, name));
    for (const n of [1, 10, 100]) {
      if (ours(n) !== hand(n)) throw new Error(`${one.name}: the two sides differ: ${ours(n)} and ${hand(n)}`);
    }
    const n = Math.min(calibrate(ours), calibrate(hand));
    const many = yardstick && calibrate(yardstick);
    for (const run of [ours, hand, ours, hand]) time(run, n);
    const times = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      const turn = [() => times[0].push(time(ours, n)), () => times[1].push(time(hand, n))];
      if (round % 2 === 1) turn.reverse();
      turn.forEach((measured) => measured());
      if (yardstick) times[2].push(time(yardstick, many));
    }
    const ratio = median(times[0].map((taken, round) => taken / times[1][round]));
    const [a, b, c] = times.map((list) => (list.length === 0 ? 0 : median(list) / one.operations));
    native.record(one.name, a, b, c, ratio);
  }
})
