// What the snapshot that is part of the test has run.
"use strict";

const { toLong } = fast;

class Meter extends Gauge {
  constructor() {
    super(toLong(100));
  }
}

function where() {
  return new Error("here").stack.split("\n")[1].trim();
}
