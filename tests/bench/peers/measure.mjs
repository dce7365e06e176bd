// Prints "path<TAB>nanoseconds<TAB>sum" for each loop: the median of some slices of time, and what a hundred turns of it
// give. A slice is so long that what the garbage collector has to do for the loop is part of it. For Node.js and Deno.
const slice = 20e6; // nanoseconds

export function measure(cases, now, operations = {}) {
  for (const [name, loop] of Object.entries(cases)) {
    const sum = loop(100);
    let n = 1;
    while (time(loop, n, now) < slice) n *= 2;
    const times = [];
    for (let i = 0; i < 9; i++) times.push(time(loop, n, now) / n);
    times.sort((a, b) => a - b);
    console.log(`${name}\t${times[4] / (operations[name] ?? 1)}\t${sum}`);
  }
}

function time(loop, n, now) {
  const start = now();
  loop(n);
  return now() - start;
}

// The loops over functions that all of these have: what bench.js does with the same names. Each is made anew, so that none
// spoils the inline caches of another.
export function commonCases(f, text, list, step) {
  const loop = (body) =>
    new Function("f", "text", "list", "step", `return (n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) { ${body}; }
      return sum;
    }`)(f, text, list, step);
  return {
    "no argument": loop("f.nothing(); sum += i"),
    "1 double": loop("sum += f.one(i + 0.5)"),
    "2 doubles": loop("sum += f.two(i + 0.5, 2)"),
    "6 doubles": loop("sum += f.six(i + 0.5, 2, 3, 4, 5, 6)"),
    "string in, 16 B": loop("sum += f.take(text)"),
    "string out, 16 B": loop("sum += f.give().length"),
    "string out, 16 B, never the same": loop("sum += f.giveNew().length"),
    "sequence of 100 doubles in": loop("sum += f.sum(list)"),
    "Float64Array of 100 in": new Function("f", "list", `return (n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += f.total(list);
      return sum;
    }`)(f, Float64Array.from(list)),
    "callback from C": loop("sum += f.steps(step, 100)"),
  };
}
