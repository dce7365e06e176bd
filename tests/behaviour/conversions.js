// Numbers, against the standard's own steps: 3.2.4.9 ConvertToInt, 3.2.5 float to 3.2.8 unrestricted double.
"use strict";

{
const INTEGERS = {
  Byte: [8, true], Octet: [8, false], Short: [16, true], UnsignedShort: [16, false],
  Long: [32, true], UnsignedLong: [32, false], LongLong: [64, true], UnsignedLongLong: [64, false],
};

// Numbers at the edges of every type, and between them; halves, where rounding to even shows; and what is made a number.
function edges() {
  const numbers = [0, -0, 0.5, 1.5, 2.5, 0.49999999999999994, 5e-324, 1e20, 1e300, Number.MAX_VALUE, Infinity, NaN];
  for (const bits of [7, 8, 15, 16, 31, 32, 52, 53, 63, 64, 65]) {
    const edge = 2 ** bits;
    numbers.push(edge, edge - 1, edge + 1, edge - 0.5, edge + 0.5, edge - 1.5, edge - 1024, edge + 2048);
  }
  return [...numbers, ...numbers.map((number) => -number), "12", " 0x1f ", "", "text", null, undefined, true, [7], {}];
}

function bounds(bits, signed) {
  if (bits === 64) return [signed ? -(2 ** 53) + 1 : 0, 2 ** 53 - 1];
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

function roundToEven(number) {
  const floor = Math.floor(number);
  const rest = number - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

// The standard's ConvertToInt; "TypeError" where it throws.
function convertToInt(value, bits, signed, way) {
  const [lower, upper] = bounds(bits, signed);
  const number = Number(value) + 0;
  if (way === "enforce") {
    const whole = Math.trunc(number) + 0;
    return Number.isFinite(number) && whole >= lower && whole <= upper ? whole : "TypeError";
  }
  if (way === "clamp" && !Number.isNaN(number)) return roundToEven(Math.min(Math.max(number, lower), upper)) + 0;
  if (!Number.isFinite(number)) return 0;
  const whole = BigInt(Math.trunc(number));
  return Number(signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole));
}

function outcome(body) {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return "TypeError";
  }
}

for (const way of ["as", "clamp", "enforce"]) {
  test(`integers of every type, converted by the steps for "${way}"`, () => {
    for (const [type, [bits, signed]] of Object.entries(INTEGERS)) {
      const convertOne = convert[way + type];
      for (const value of edges()) {
        const got = outcome(() => convertOne(value));
        const wanted = convertToInt(value, bits, signed, way);
        if (!Object.is(got, wanted)) throw new Error(`${way}${type}(${String(value)}) is ${got}, not ${wanted}`);
      }
    }
  });
}

test("floating-point numbers: the restricted types refuse what is not finite, of their own precision", () => {
  // The halves between the greatest float and 2^128, between neighbours, and around the least one.
  const floats = [3.4028234663852886e38, 3.4028235677973362e38, 3.4028235677973366e38, 16777217, 16777219, 0.1, 1e-45,
                  7.006492321624084e-46, 7.006492321624085e-46, 7.006492321624087e-46, 1e-50];
  for (const value of [...edges(), ...floats, ...floats.map((float) => -float)]) {
    const number = Number(value);
    const single = Math.fround(number);
    const wanted = {
      asFloat: Number.isFinite(single) ? single : "TypeError",
      asUnrestrictedFloat: single,
      asDouble: Number.isFinite(number) ? number : "TypeError",
      asUnrestrictedDouble: number,
    };
    for (const [name, result] of Object.entries(wanted)) same(outcome(() => convert[name](value)), result);
  }
});

test("a value is made a number once, and what that throws comes through", () => {
  for (const name of Object.keys(convert).filter((it) => /^(as|clamp|enforce)/.test(it))) {
    let calls = 0;
    convert[name]({ valueOf: () => ++calls });
    same(calls, 1);
    throws(RangeError, () => convert[name]({ valueOf() { throw new RangeError("mine"); } }), "mine");
    throws(TypeError, () => convert[name](1n));
    throws(TypeError, () => convert[name](Symbol()));
  }
});

test("a dictionary is of any object, and each member is got and converted before the next is got", () => {
  const log = [];
  const bag = {
    get weight() { log.push("weight"); return 2; },
    get label() { log.push("label"); return { toString: () => log.push("label as text") && "it" }; },
    get count() { log.push("count"); return { valueOf: () => log.push("count as number") && 1 }; },
    get extra() { log.push("extra"); return undefined; },
  };
  alike(convert.heavy(bag), { count: 1, label: "it", weight: 2 });
  same(log.join(), "count,count as number,label,label as text,extra,weight");
  for (const object of [() => 1, [], new Date(0), /x/, Object.create({ weight: 3 })]) {
    if (!("weight" in object)) object.weight = 3;
    alike(convert.heavy(object), { weight: 3 });
  }
  for (const wrong of [5, "text", true, 1n, Symbol()]) throws(TypeError, () => convert.heavy(wrong), "is not an object");
  for (const lacking of [null, undefined, {}, { weight: undefined }]) {
    throws(TypeError, () => convert.heavy(lacking), "'weight' of argument 1 is required");
  }
});

test("a nullable type that includes undefined tells it from null", () => {
  same(convert.maybe(0), null);
  same(convert.maybe(1), undefined);
  same(convert.maybe(2), "text");
});
}
