// Special operations with plain strings of C, and with results that are freed.
"use strict";

{
test("names and values are plain strings of C", () => {
  const labels = new Labels();
  labels.one = "first";
  labels["zwei \u20ac"] = "second";
  alike(Object.entries(labels), [["one", "first"], ["zwei \u20ac", "second"]]);
  same(delete labels.one, true);
  alike(Object.keys(labels), ["zwei \u20ac"]);
  same(String(labels), "1 label");
});

test("a name with a NUL is no property, and cannot be set", () => {
  const labels = new Labels();
  labels.one = "first";
  same(labels["one\0"], undefined);
  same("one\0two" in labels, false);
  throws(TypeError, () => { labels["one\0"] = "x"; });
  throws(TypeError, () => { labels.one = "x\0y"; });
  same(delete labels["one\0"], true);
  alike(Object.entries(labels), [["one", "first"]]);
});

test("what special operations give is freed, once", () => {
  const copies = new Copies();
  alike([copies[0], copies[1], copies.length], [[0], [0, 1], 2]);
  alike([copies.name, copies.item("other"), copies.none], ["name", "other", undefined]);
  copies.name = "value";
  delete copies.name;
  same(`${copies}`, "copies");
  throws(Error, () => copies.throws);
  throws(Error, () => copies.item("throws"));
  same(Copies.unreleased, 0);
});

test("operations may be called as the functions that C has for an interface itself", () => {
  const machine = new Machine(1);
  alike([machine.new(2), machine.finalize(3), Machine.class(4)], [3, 4, 4]);
});
}
