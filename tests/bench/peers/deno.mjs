// The work through Deno's FFI: deno run --allow-ffi deno.mjs FOLDER
import {measure} from "./measure.js";

const {symbols: f} = Deno.dlopen(`${Deno.args[0]}/libwork.so`, {
  work_nothing: {parameters: [], result: "void"},
  work_one: {parameters: ["f64"], result: "f64"},
  work_two: {parameters: ["f64", "f64"], result: "f64"},
  work_six: {parameters: ["f64", "f64", "f64", "f64", "f64", "f64"], result: "f64"},
  work_take: {parameters: ["buffer"], result: "u32"},
  work_give: {parameters: [], result: "pointer"},
  work_sum: {parameters: ["buffer", "usize"], result: "f64"},
  work_steps: {parameters: ["function", "u32"], result: "f64"},
});
const now = () => performance.now() * 1e6;
const text = new TextDecoder().decode(new Uint8Array(16).fill(97));
const encoder = new TextEncoder();
const space = new Uint8Array(256);
const take = (string) => {
  space[encoder.encodeInto(string, space).written] = 0;
  return f.work_take(space);
};
const list = [];
for (let i = 0; i < 100; i++) list.push(i + 0.5);
const step = new Deno.UnsafeCallback({parameters: ["f64"], result: "f64"}, (x) => x + 1);
let sink = 0;
measure({
  "no argument": (n) => { for (let i = 0; i < n; i++) f.work_nothing(); },
  "1 double": (n) => { for (let i = 0; i < n; i++) sink += f.work_one(i + 0.5); },
  "2 doubles": (n) => { for (let i = 0; i < n; i++) sink += f.work_two(i + 0.5, 2); },
  "6 doubles": (n) => { for (let i = 0; i < n; i++) sink += f.work_six(i + 0.5, 2, 3, 4, 5, 6); },
  "string in, 16 B": (n) => { for (let i = 0; i < n; i++) sink += take(text); },
  "string out, 16 B": (n) => {
    for (let i = 0; i < n; i++) sink += Deno.UnsafePointerView.getCString(f.work_give()).length;
  },
  "sequence of 100 doubles in": (n) => {
    for (let i = 0; i < n; i++) sink += f.work_sum(new Float64Array(list), 100n);
  },
  "callback from C": (n) => { for (let i = 0; i < n; i++) sink += f.work_steps(step.pointer, 100); },
}, now, {"callback from C": 100});
step.close();
