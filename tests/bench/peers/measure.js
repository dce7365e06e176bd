// Prints "path<TAB>nanoseconds" for each loop, the median of some slices of time. For Node.js and Deno.
export function measure(cases, now, operations = {}) {
  for (const [name, loop] of Object.entries(cases)) {
    let n = 1;
    while (time(loop, n, now) < 2e6) n *= 2;
    const times = [];
    for (let i = 0; i < 9; i++) times.push(time(loop, n, now) / n);
    times.sort((a, b) => a - b);
    console.log(`${name}\t${times[4] / (operations[name] ?? 1)}`);
  }
}

function time(loop, n, now) {
  const start = now();
  loop(n);
  return now() - start;
}
