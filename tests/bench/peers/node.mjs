// The work through Node-API, or through koffi: node node.mjs napi|koffi FOLDER
import {createRequire} from "node:module";
import {measure} from "./measure.js";

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
  return {
    nothing: library.func("void work_nothing()"),
    one: library.func("double work_one(double)"),
    two: library.func("double work_two(double, double)"),
    six: library.func("double work_six(double, double, double, double, double, double)"),
    take: library.func("uint work_take(const char*)"),
    give: library.func("const char* work_give()"),
    sumOf: library.func("double work_sum(const double*, size_t)"),
    steps: library.func("work_steps", "double", [koffi.pointer(step), "uint"]),
  };
}

const f = kind === "koffi" ? koffiWork() : require("./peer.node");
f.sum ??= (items) => f.sumOf(items, items.length);
let sink = 0;
const cases = {
  "no argument": (n) => { for (let i = 0; i < n; i++) f.nothing(); },
  "1 double": (n) => { for (let i = 0; i < n; i++) sink += f.one(i + 0.5); },
  "2 doubles": (n) => { for (let i = 0; i < n; i++) sink += f.two(i + 0.5, 2); },
  "6 doubles": (n) => { for (let i = 0; i < n; i++) sink += f.six(i + 0.5, 2, 3, 4, 5, 6); },
  "string in, 16 B": (n) => { for (let i = 0; i < n; i++) sink += f.take(text); },
  "string out, 16 B": (n) => { for (let i = 0; i < n; i++) sink += f.give().length; },
  "sequence of 100 doubles in": (n) => { for (let i = 0; i < n; i++) sink += f.sum(list); },
  "callback from C": (n) => { for (let i = 0; i < n; i++) sink += f.steps((x) => x + 1, 100); },
};
if (kind === "napi") {
  const cell = new f.Cell(1);
  let last;
  Object.assign(cases, {
    "dictionary of 8 in": (n) => {
      for (let i = 0; i < n; i++) sink += f.eight({a: i, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8});
    },
    "method": (n) => { for (let i = 0; i < n; i++) sink += cell.add(2); },
    "attribute get": (n) => { for (let i = 0; i < n; i++) sink += cell.value; },
    "new and finalize": (n) => { for (let i = 0; i < n; i++) last = new f.Cell(i); },
    "exception thrown and caught": (n) => {
      for (let i = 0; i < n; i++) {
        try { f.fail(); } catch (error) { sink += error.message.length; }
      }
    },
  });
}
measure(cases, now, {"callback from C": 100});
