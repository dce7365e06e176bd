// The work through Node-API, or through koffi: node node.mjs napi|koffi FOLDER
import {createRequire} from "node:module";
import {commonCases, measure} from "./measure.mjs";

const [kind, folder] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const now = () => Number(process.hrtime.bigint());
const text = Buffer.from("a".repeat(16)).toString("latin1");
const list = [];
for (let i = 0; i < 100; i++) list.push(i + 0.5);

function koffiWork() {
  const koffi = require("koffi");
  const library = koffi.load(`${folder}/libwork.so`);
  const step = koffi.proto("double Step(double value)");
  const sum = library.func("double work_sum(const double*, size_t)");
  return {
    nothing: library.func("void work_nothing()"),
    one: library.func("double work_one(double)"),
    two: library.func("double work_two(double, double)"),
    six: library.func("double work_six(double, double, double, double, double, double)"),
    take: library.func("uint work_take(const char*)"),
    give: library.func("const char* work_give()"),
    giveNew: library.func("const char* work_give_new()"),
    sum: (items) => sum(items, items.length),
    total: (items) => sum(items, items.length),
    steps: library.func("work_steps", "double", [koffi.pointer(step), "uint"]),
  };
}

const f = kind === "koffi" ? koffiWork() : require("./peer.node");
const cases = commonCases(f, text, list, (x) => x + 1);
if (kind === "napi") {
  const cell = new f.Cell(1);
  const big = 2n ** 70n;
  const next = big + 1n;
  let last;
  const add = (name, turn) => {
    cases[name] = new Function("f", "cell", "big", "next", `return (n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) { ${turn}; }
      return sum;
    }`)(f, cell, big, next);
  };
  add("BigInt in and out", "if (f.next(big) === next) sum += i");
  add("dictionary of 8 in", "sum += f.eight({a: i, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8})");
  add("dictionary of 2 out", "sum += f.makePair(i, 2).b");
  add("sequence of 100 doubles out", "sum += f.values().length");
  add("Float64Array of 100 out", "sum += f.floats().length");
  add("method", "sum += cell.add(2)");
  add("attribute get", "sum += cell.value");
  add("attribute set", "cell.value = i; sum += i");
  add("static method", "sum += f.Cell.twice(i)");
  add("exception thrown and caught", "try { f.fail(); } catch (error) { sum += error.message.length; }");
  cases["new and finalize"] = (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      last = new f.Cell(i);
      sum += i;
    }
    return sum;
  };
}
measure(cases, now, {"callback from C": 100});
