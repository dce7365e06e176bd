// What the tests are written with: test(name, body), and the assertions.
"use strict";

const tests = [];

function test(name, body) {
  tests.push({ name, body });
}

async function runTests() {
  let failures = 0;
  for (const [index, { name, body }] of tests.entries()) {
    try {
      await body();
      print(`ok ${index + 1} - ${name}`);
    } catch (error) {
      failures++;
      print(`# ${String(error && error.stack || error).replace(/\n/g, "\n# ")}`);
      print(`not ok ${index + 1} - ${name}`);
    }
  }
  return failures;
}

function show(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return String(value);
}

// Asserts that two values are the same, as by Object.is.
function same(actual, expected) {
  if (!Object.is(actual, expected)) throw new Error(`${show(actual)} is not ${show(expected)}`);
}

// Asserts that two values are the same as JSON, with undefined properties left out.
function alike(actual, expected) {
  same(JSON.stringify(actual), JSON.stringify(expected));
}

function check(error, type, text) {
  if (!(error instanceof type)) throw new Error(`threw ${show(error)}, which is no ${type.name}`);
  if (text !== undefined && !String(error.message).includes(text)) {
    throw new Error(`${show(error.message)} does not say ${show(text)}`);
  }
}

// Asserts that `body` throws an object of `type` whose message contains `text`.
function throws(type, body, text) {
  try {
    body();
  } catch (error) {
    check(error, type, text);
    return;
  }
  throw new Error("nothing was thrown");
}

// The same for a promise that is rejected.
async function rejects(type, promise, text) {
  try {
    await promise;
  } catch (error) {
    check(error, type, text);
    return;
  }
  throw new Error("it was not rejected");
}
