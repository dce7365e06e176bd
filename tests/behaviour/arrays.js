// Frozen arrays and promises as attributes, from the steps of the Web IDL standard.
"use strict";

{
// What Array.from would do, counting what is done to it.
function counted(...values) {
  const log = [];
  return {
    log,
    get [Symbol.iterator]() {
      log.push("@@iterator");
      return function* () {
        for (const value of values) {
          log.push(`next ${value}`);
          yield value;
        }
      };
    },
  };
}

test("a FrozenArray is a frozen Array", () => {
  const { sides } = new Polygon();
  same(Array.isArray(sides), true);
  same(Object.getPrototypeOf(sides), Array.prototype);
  same(Object.isFrozen(sides), true);
  alike(sides, [0.5, 1.5]);
  throws(TypeError, () => sides.push(1));
  throws(TypeError, () => { sides[0] = 1; });
  alike(sides, [0.5, 1.5]);
});

test("it is the same one until C says that it changed", () => {
  const polygon = new Polygon();
  const before = polygon.sides;
  same(polygon.sides, before);
  same(polygon.calls, 1);
  polygon.lengthen();
  same(polygon.calls, 1);
  alike(polygon.sides, [0.5, 1.5, 2.5]);
  same(polygon.sides, polygon.sides);
  same(polygon.calls, 2);
  alike(before, [0.5, 1.5]);
  same(new Polygon().sides === polygon.sides, false);
});

test("assigning converts by the iteration protocol, and the getter gives another array", () => {
  const polygon = new Polygon();
  same(polygon.tags, null);
  const given = counted("a", 1);
  polygon.tags = given;
  alike(given.log, ["@@iterator", "next a", "next 1"]);
  const { tags } = polygon;
  same(tags === given, false);
  alike(tags, ["a", "1"]);
  same(Object.isFrozen(tags), true);
  same(polygon.tags, tags);
  polygon.tags = undefined;
  same(polygon.tags, null);
  alike(tags, ["a", "1"]);
});

test("an assignment that fails leaves the array as it was", () => {
  const polygon = new Polygon();
  const one = {}, other = {};
  polygon.things = [one, other];
  const { things } = polygon;
  same(things[0], one);
  same(things[1], other);
  for (const wrong of [5, "text", null, undefined, {}]) throws(TypeError, () => { polygon.things = wrong; });
  throws(TypeError, () => { polygon.things = [{}, 1]; }, "element 1");
  throws(RangeError, () => { polygon.things = [{}, {}, {}, {}, {}]; }, "too many");
  same(polygon.things, things);
});

test("what a getter throws is not kept", () => {
  const polygon = new Polygon();
  throws(RangeError, () => polygon.things, "nothing");
  throws(RangeError, () => polygon.things, "nothing");
  same(polygon.calls, 2);
  polygon.things = [polygon];
  same(polygon.things[0], polygon);
});

test("[SameObject] of a FrozenArray", () => {
  const polygon = new Polygon();
  const { parts } = polygon;
  same(parts.length, 2);
  same(parts[0] instanceof Polygon, true);
  same(polygon.parts, parts);
  same(polygon.calls, 1);
});

test("those that are static and those of namespaces are the same whatever `this` is", () => {
  const { sizes } = Polygon;
  const { get } = Object.getOwnPropertyDescriptor(Polygon, "sizes");
  alike(sizes, [1, 2]);
  same(get.call({}), sizes);
  same(get.call(undefined), sizes);
  Polygon.resize();
  alike(Polygon.sizes, [1, 2, 3]);
  const { kinds } = polygons;
  alike(kinds, [3, "many"]);
  same(polygons.kinds, kinds);
  same(Object.getOwnPropertyDescriptor(polygons, "kinds").get.call(null), kinds);
});

test("an attribute gives one promise, until C says that there is another", async () => {
  const polygon = new Polygon();
  const { area } = polygon;
  same(polygon.area, area);
  same(await area, 1);
  same(await polygon.area, 1);
  polygon.move();
  same(polygon.area === area, false);
  same(await polygon.area, 2);
});

test("a getter of a promise with a wrong `this` gives a new rejected promise each time", async () => {
  const { get } = Object.getOwnPropertyDescriptor(Polygon.prototype, "area");
  const [first, second] = [get.call({}), get.call({})];
  await Promise.all([rejects(TypeError, first), rejects(TypeError, second)]);
  same(first === second, false);
});
}
