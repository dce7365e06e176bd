// Measures the paths that JavaScript takes. Each is a loop over one expression, compiled anew for each side so that none
// spoils the other's inline caches; the sides take turns in short rounds, so that noise hits all of them, and what counts
// is the median of each round's ratio. Where a loop happens to lie in memory decides about several percent of a short one:
// so all is compiled a few times, by turns one side first and the other.
//
// C gives `native`: ours (generated bindings), hand (the same by hand), yardstick, now() in nanoseconds, and
// record(name, ours, hand, yardstick, ratio, spread, most, sum), in nanoseconds per operation; `spread` is how far the
// median of the ratios may be off, `most` how many times the yardstick the path may take, or 0, and `sum` what both sides
// came to in a hundred turns.
(async function measure(native, filter, rounds, slice) {
  "use strict";

  // What a path is: its name; the loop's body, in which `s` is a side, `f` its function, `i` the round of the loop; what is
  // made before the loop; the operations that one body does; the yardstick with the same work, and how many times that it
  // may take; whether the body awaits something; how many slices a round has, where some see the collector and others do
  // not; and whether garbage is collected before each of them, so that no side has that of the other.
  const cases = [];
  const add = (name, body,
    {setup = "", operations = 1, yardstick, most = 0, waits = false, slices = 1, collects = false} = {}) =>
    cases.push({name, body, setup, operations, yardstick, most, waits, slices, collects});

  for (const fast of [false, true]) {
    const kind = fast ? "fast call" : "slow path";
    const end = fast ? "Fast" : "";
    const path = (name, member, body) =>
      add(`${kind}: ${name}`, body, {setup: `const call = f.${member}${end}`, yardstick: member, most: fast ? 3 : 0});
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
  add("string out, one-byte, 16 B, always the same", "sum += f.giveSame().length");
  add("string out, one-byte, 16 B, never the same", "sum += f.giveNew().length");
  add("enum in", "sum += f.shade('light')");
  add("BigInt in and out", "if (f.next(big) === next) sum += i", {setup: "const big = 2n ** 70n, next = big + 1n"});
  add("dictionary of 2 in", "sum += f.sumPair({a: i, b: 2})");
  add("dictionary of 8 in", "sum += f.sumEight({a: i, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8})");
  add("dictionary of 2 out", "sum += f.makePair(i, 2).b");
  add("sequence of 100 doubles in", "sum += f.sum(list)",
    {setup: "const list = []; for (let k = 0; k < 100; k++) list.push(k + 0.5)", yardstick: "total"});
  add("sequence of 100 doubles in, holey", "sum += f.sum(list)",
    {setup: "const list = Array.from({length: 100}, (_, k) => k + 0.5)", yardstick: "total"});
  add("sequence of 100 doubles out", "sum += f.values(100).length");
  add("Float64Array of 100 in", "sum += f.total(list)",
    {setup: "const list = Float64Array.from({length: 100}, (_, k) => k + 0.5)", yardstick: "total"});
  add("Float64Array of 100 out", "sum += f.floats(100).length", {yardstick: "copy800", slices: 8});
  const three = {setup: "const cell = new f.Cell(3)", operations: 3};
  add("union of three types", "sum += f.weigh(i) + f.weigh('text') + f.weigh(cell)", three);
  add("overload of three", "sum += f.size(i) + f.size('text') + f.size(cell)", three);
  add("method", "sum += cell.add(2)", {setup: "const cell = new f.Cell(1)", yardstick: "add"});
  add("method, fast call", "sum += cell.addFast(2)", {setup: "const cell = new f.Cell(1)", yardstick: "add", most: 3});
  add("attribute get", "sum += cell.value", {setup: "const cell = new f.Cell(1)", yardstick: "get"});
  add("attribute set", "cell.value = i; sum += i", {setup: "const cell = new f.Cell(1)", yardstick: "set"});
  add("static method", "sum += f.Cell.twice(i)", {yardstick: "twice"});
  add("interface arguments", "sum += f.sumCells(a, b)", {setup: "const a = new f.Cell(1), b = new f.Cell(2)"});
  add("callback from C", "sum += f.steps(step, 100)",
    {setup: "const step = (x) => x + 1", operations: 100, yardstick: "hundred"});
  add("exception thrown and caught", "try { f.fail(); } catch (error) { sum += error.message.length; }");
  // A hundred at a time, or what is measured is how threads take turns.
  add("promise settled by another thread",
    "for (let k = 0; k < 100; k++) list[k] = f.later(k); for (const value of await Promise.all(list)) sum += value",
    {setup: "const list = []", operations: 100, waits: true, slices: 8});
  // Last, because its garbage is collected in what follows.
  add("new and finalize", "last = new f.Cell(i); sum += i", {setup: "let last", yardstick: "allocate", slices: 16, collects: true});

  // V8 would take text that it knows for the function that it knows, with what that has learned.
  let compiled = 0;
  const compile = (one, side) =>
    new Function("native", "f", `${one.setup}; return ${one.waits ? "async" : ""} function loop${++compiled}(n) {
      let sum = 0;
      for (let i = 0; i < n; i++) { ${one.body}; }
      return sum;
    }`)(native, side);

  // Only what waits is waited for: the microtask would be measured too.
  const time = async (run, n) => {
    const start = native.now();
    const result = run(n);
    if (typeof result === "object") await result;
    return (native.now() - start) / n;
  };

  // How often a loop must turn to take `slice` nanoseconds, found while it warms up.
  const calibrate = async (run) => {
    let n = 1;
    for (;;) {
      const taken = await time(run, n) * n;
      if (taken >= slice) return Math.max(1, Math.round(n * slice / taken));
      n *= taken > slice / 8 ? Math.max(2, Math.ceil(slice / taken)) : 8;
    }
  };

  const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  };

  // Half of the interval in which the true median is with 95 % certainty.
  const spreadOf = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const low = Math.max(0, Math.floor((sorted.length - 1.96 * Math.sqrt(sorted.length)) / 2));
    return (sorted[sorted.length - 1 - low] - sorted[low]) / 2;
  };

  const loopOf = (one, name) => {
    if (name !== "yardstick") return compile(one, native[name]);
    return one.yardstick === undefined ? undefined : native.yardstick[one.yardstick];
  };

  // How often all is compiled; and what takes less than this, in nanoseconds, is measured as many times as often.
  const compilations = 3;
  const short = 15;

  const check = async (one, ours, hand) => {
    let sum;
    for (const n of [1, 10, 100]) {
      sum = await ours(n);
      const other = await hand(n);
      if (sum !== other) throw new Error(`${one.name}: the two sides differ: ${sum} and ${other}`);
    }
    return sum;
  };

  // Adds the times of one compilation to `times`, which has a list for each side.
  const measureOnce = async (one, turn, times) => {
    const names = turn % 2 === 0 ? ["ours", "hand", "yardstick"] : ["hand", "ours", "yardstick"];
    const loops = {};
    for (const name of names) loops[name] = loopOf(one, name);
    const {ours, hand, yardstick} = loops;
    const sum = await check(one, ours, hand);
    const n = Math.min(await calibrate(ours), await calibrate(hand)) * one.slices;
    const many = yardstick && await calibrate(yardstick);
    for (const run of [ours, hand, ours, hand]) await time(run, n);
    const isShort = slice * one.slices / n < short;
    for (let round = 0; round < (isShort ? rounds : Math.ceil(rounds / compilations)); round++) {
      // The sides begin in turns.
      for (const side of (round + turn) % 2 === 0 ? [0, 1] : [1, 0]) {
        if (one.collects) native.hand.collectGarbage();
        times[side].push(await time([ours, hand][side], n));
      }
      if (yardstick) times[2].push(await time(yardstick, many));
    }
    return sum;
  };

  for (const one of cases) {
    if (!one.name.includes(filter)) continue;
    const times = [[], [], []];
    let sum;
    for (let turn = 0; turn < compilations; turn++) sum = await measureOnce(one, turn, times);
    const ratios = times[0].map((taken, round) => taken / times[1][round]);
    const [a, b, c] = times.map((list) => (list.length === 0 ? 0 : median(list) / one.operations));
    native.record(one.name, a, b, c, median(ratios), spreadOf(ratios), one.most, sum);
  }
})
