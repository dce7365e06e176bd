// The work through Deno's FFI: deno run --allow-ffi deno.mjs FOLDER
import {commonCases, measure} from "./measure.mjs";

const {symbols} = Deno.dlopen(`${Deno.args[0]}/libwork.so`, {
  work_nothing: {parameters: [], result: "void"},
  work_one: {parameters: ["f64"], result: "f64"},
  work_two: {parameters: ["f64", "f64"], result: "f64"},
  work_six: {parameters: ["f64", "f64", "f64", "f64", "f64", "f64"], result: "f64"},
  work_take: {parameters: ["buffer"], result: "u32"},
  work_give: {parameters: [], result: "pointer"},
  work_give_new: {parameters: [], result: "pointer"},
  work_sum: {parameters: ["buffer", "usize"], result: "f64"},
  work_steps: {parameters: ["function", "u32"], result: "f64"},
});
const now = () => performance.now() * 1e6;
const text = new TextDecoder().decode(new Uint8Array(16).fill(97));
const encoder = new TextEncoder();
const space = new Uint8Array(256);
const list = [];
for (let i = 0; i < 100; i++) list.push(i + 0.5);
const step = new Deno.UnsafeCallback({parameters: ["f64"], result: "f64"}, (x) => x + 1);
const f = {
  nothing: symbols.work_nothing,
  one: symbols.work_one,
  two: symbols.work_two,
  six: symbols.work_six,
  take: (string) => {
    space[encoder.encodeInto(string, space).written] = 0;
    return symbols.work_take(space);
  },
  give: () => Deno.UnsafePointerView.getCString(symbols.work_give()),
  giveNew: () => Deno.UnsafePointerView.getCString(symbols.work_give_new()),
  sum: (items) => symbols.work_sum(new Float64Array(items), 100n),
  total: (items) => symbols.work_sum(items, 100n),
  steps: symbols.work_steps,
};
measure(commonCases(f, text, list, step.pointer), now, {"callback from C": 100});
step.close();
