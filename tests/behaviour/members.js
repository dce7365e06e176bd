// Members of interfaces, from the steps of the Web IDL standard.
"use strict";

{
const own = Object.getOwnPropertyDescriptor;

// STRINGIFIERS

test("a stringifier is toString of the prototype, with a brand check", () => {
  const { value, writable, enumerable, configurable } = own(Base.prototype, "toString");
  alike([value.name, value.length, writable, enumerable, configurable], ["toString", 0, true, true, true]);
  same(String(new Base(0)), "zero");
  same(`${new Base(1)}`, "some");
  throws(TypeError, () => value.call({}));
});

test("a stringifier attribute is both", () => {
  const further = new Further();
  further.label = "it";
  same(String(further), "it");
  same(own(Further.prototype, "toString").value.call(further), "it");
});

// toJSON

test("[Default] toJSON gives the attributes of JSON types, those of the base first", () => {
  const derived = new Derived();
  derived.anyThis = 5;
  const json = derived.toJSON();
  alike(Object.keys(json), ["x", "y", "thing", "part", "where", "replaceable", "lenient", "anyThis", "fixed", "z"]);
  same(JSON.stringify(new Base(4)), '{"x":4,"y":0,"thing":{}}');
  same(Object.getPrototypeOf(json), Object.prototype);
  same(json.part, derived.part);
  throws(TypeError, () => Base.prototype.toJSON.call({}));
});

test("an interface without [Default] toJSON of its own adds nothing", () => {
  const further = new Further();
  further.label = "no";
  same("label" in further.toJSON(), false);
});

// ATTRIBUTES

test("an inherit attribute has a setter of its own and the getter of the base, with its own brand", () => {
  const derived = new Derived();
  derived.x = 3;
  same(derived.x, 30);
  const { get, set } = own(Derived.prototype, "x");
  same(get.name, "get x");
  throws(TypeError, () => get.call(new Base(1)));
  throws(TypeError, () => set.call(new Base(1), 1));
  own(Base.prototype, "x").set.call(derived, 4);
  same(derived.x, 4);
});

test("[SameObject] gives the same object every time, and another to each", () => {
  const derived = new Derived();
  derived.part.href = "kept";
  same(derived.part, derived.part);
  same(derived.part.href, "kept");
  same(derived.part === new Derived().part, false);
  alike(Reflect.ownKeys(derived), ["fixedToo", "fixed"]);
});

test("[PutForwards] assigns to the attribute of what the property holds", () => {
  const derived = new Derived();
  derived.where = "there";
  same(derived.where.href, "there");
  const { set } = own(Derived.prototype, "where");
  throws(TypeError, () => set.call(new Base(1), ""));
  Object.defineProperty(derived, "where", { value: 3 });
  throws(TypeError, () => set.call(derived, "x"));
});

test("[Replaceable] makes what is assigned an own property", () => {
  const derived = new Derived();
  same(derived.replaceable, 1);
  derived.replaceable = "mine";
  alike(own(derived, "replaceable"), { value: "mine", writable: true, enumerable: true, configurable: true });
  const { set } = own(Derived.prototype, "replaceable");
  throws(TypeError, () => set.call({}, 1));
  throws(TypeError, () => set.call(Object.preventExtensions(new Derived()), 1));
});

test("[LegacyLenientSetter] ignores what is assigned, but not a wrong this", () => {
  const derived = new Derived();
  derived.lenient = 9;
  same(derived.lenient, 2);
  throws(TypeError, () => own(Derived.prototype, "lenient").set.call({}, 1));
});

test("[LegacyLenientThis] ignores a wrong this", () => {
  const { get, set } = own(Derived.prototype, "anyThis");
  same(get.call({}), undefined);
  same(Derived.prototype.anyThis, undefined);
  same(set.call({}, { valueOf() { throw new Error("it was converted"); } }), undefined);
  const derived = new Derived();
  derived.anyThis = 4;
  same(derived.anyThis, 4);
});

test("[LegacyUnforgeable] members are on each instance, and stay", () => {
  const derived = new Derived();
  same("fixed" in Derived.prototype, false);
  const fixed = own(derived, "fixed");
  alike([fixed.enumerable, fixed.configurable, fixed.set], [true, false, undefined]);
  same(fixed.get, own(new Derived(), "fixed").get);
  const { value, writable, enumerable, configurable } = own(derived, "fixedToo");
  alike([value.length, writable, enumerable, configurable], [1, false, true, false]);
  same(derived.fixedToo(4), 4);
  throws(TypeError, () => delete derived.fixed);
  throws(TypeError, () => fixed.get.call(new Base(1)));
  same(own(new Further(), "fixed").configurable, false);
  same(new Further().fixed, 3);
});

test("[Unscopable] members are named by @@unscopables", () => {
  const property = own(Derived.prototype, Symbol.unscopables);
  alike([property.writable, property.enumerable, property.configurable], [false, false, true]);
  same(Object.getPrototypeOf(property.value), null);
  alike(property.value, { hidden: true, either: true });
  alike(own(Base.prototype, Symbol.unscopables).value, { y: true });
  same(own(Further.prototype, Symbol.unscopables), undefined);
});

// INTERFACES

test("[LegacyNoInterfaceObject] has a prototype without constructor, and no global", () => {
  const prototype = Object.getPrototypeOf(places.secret());
  same("Secret" in globalThis, false);
  same(Object.hasOwn(prototype, "constructor"), false);
  same(prototype[Symbol.toStringTag], "Secret");
  same(places.secret().f(), 7);
});

test("[LegacyNamespace] puts the interface object into a namespace", () => {
  same("Picture" in globalThis, false);
  const { value, writable, enumerable, configurable } = own(places, "Picture");
  alike([value.name, writable, enumerable, configurable], ["Picture", true, false, true]);
  same(new places.Picture() instanceof places.Picture, true);
});

test("[LegacyWindowAlias] gives the interface object more names", () => {
  same(OldSpacing, Spacing);
  same(OlderSpacing, Spacing);
  same(own(globalThis, "OldSpacing").enumerable, false);
});

test("[LegacyFactoryFunction] is another constructor", () => {
  alike([Image.name, Image.length], ["Image", 1]);
  const prototype = own(Image, "prototype");
  same(prototype.value, places.Picture.prototype);
  alike([prototype.writable, prototype.enumerable, prototype.configurable], [false, false, false]);
  same(places.Picture.prototype.constructor, places.Picture);
  const image = new Image(3);
  same(image.area, 6);
  same(image instanceof Image, true);
  same(image instanceof places.Picture, true);
  throws(TypeError, () => Image(3));
  throws(TypeError, () => new Image(), "Failed to construct 'Image'");
  class Large extends Image {
    constructor() {
      super(10, 10);
    }
  }
  same(new Large().area, 100);
  let got = 0;
  const target = new Proxy(Image, { get: (it, key) => (got++, it[key]) });
  same(Object.getPrototypeOf(Reflect.construct(Image, [2], target)), places.Picture.prototype);
  same(got, 1);
  function Without() {}
  Without.prototype = null;
  same(Object.getPrototypeOf(Reflect.construct(Image, [2], Without)), places.Picture.prototype);
  same(Object.getPrototypeOf(new Large()), Large.prototype);
});

test("what a proxy as new.target does on the way is not the constructor's", () => {
  let asked = 0;
  const target = new Proxy(function () {}, {
    get() {
      if (asked++ === 0) return undefined;
      throws(TypeError, () => Image(3));
      return Object.prototype;
    },
  });
  const spacing = Reflect.construct(Spacing, [], target);
  same(asked, 2);
  same(Object.getOwnPropertyDescriptor(Spacing.prototype, "top-left").get.call(spacing), new Spacing()["top-left"]);
});

test("names with hyphens are their own", () => {
  const spacing = new Spacing();
  spacing["top-left"] = 1;
  spacing.topLeft = 2;
  alike([spacing["top-left"], spacing.topLeft], [1, 2]);
});

test("[Global] puts members on each instance", () => {
  const stage = stages.open();
  alike(Object.keys(stage), ["twice", "toString", "width"]);
  alike(Object.getOwnPropertyNames(Stage.prototype).sort(), ["DEPTH", "constructor"]);
  const { get, configurable, enumerable } = own(stage, "width");
  alike([get.name, configurable, enumerable], ["get width", true, true]);
  throws(TypeError, () => get.call({}));
  stage.width = 4;
  same(stage.width, 4);
  same(stages.open().width, 0);
  same(stage.twice(4), 8);
  same(String(stage), "stage");
  same(Stage.count(), 1);
});

test("the prototypes of a [Global] interface cannot be changed", () => {
  const stage = stages.open();
  for (const object of [stage, Stage.prototype]) {
    const prototype = Object.getPrototypeOf(object);
    same(Reflect.setPrototypeOf(object, {}), false);
    same(Reflect.setPrototypeOf(object, prototype), true);
  }
});

test("[NewObject] holds", () => {
  const stage = stages.open();
  throws(Error, () => stages.again(), "not new");
  same(stage instanceof Stage, true);
});
}
