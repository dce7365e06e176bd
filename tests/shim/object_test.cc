// Objects: arrays, collections, properties, properties computed when first used.

#include "fixture.h"

namespace {

using ObjectTest = ShimTest;

TEST_F(ObjectTest, ArraysHaveElementsAndHoles) {
  CleatValue* elements[] = {cleat__number(engine, 1), nullptr, String("x")};
  DefineGlobal("a", cleat__array(engine, elements, 3));
  EXPECT_EQ(Text("JSON.stringify([a, a.length, 1 in a])"), "[[1,null,\"x\"],3,false]");
  CleatValue* full[] = {elements[0], elements[2]};
  EXPECT_EQ(TextOf(cleat__array(engine, full, 2)), "1,x");
  EXPECT_EQ(cleat__array_length(cleat__array(engine, nullptr, 0)), 0u);
  DefineGlobal("b", cleat__array(engine, nullptr, 4));
  EXPECT_EQ(Text("b.length + ' ' + (0 in b)"), "4 false");
}

TEST_F(ObjectTest, ManyHolesCostNothing) {
  CleatValue* array = cleat__array(engine, nullptr, UINT32_MAX);
  EXPECT_EQ(cleat__array_length(array), UINT32_MAX);
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__array(engine, nullptr, size_t{1} << 32), nullptr); }).value,
            "RangeError: Invalid array length");
}

TEST_F(ObjectTest, DoublesAreReadInPlaceWhereThereIsNoHole) {
  auto read = [&](const char* script) {
    CleatValue* array = Run(script);
    double numbers[4] = {};
    const uint32_t length = cleat__array_length(array);
    if (!cleat__array_doubles_in_place(array, numbers, length)) return std::string("no");
    CleatValue* elements[4];
    for (uint32_t i = 0; i < length; i++) elements[i] = cleat__number(engine, numbers[i]);
    return TextOf(cleat__array(engine, elements, length));
  };
  EXPECT_EQ(read("Array.from({length: 3}, (_, i) => i + 0.5)"), "0.5,1.5,2.5");
  EXPECT_EQ(read("const some = new Array(3); some[2] = 2.5; some[0] = NaN; some[1] = -1e300; some"), "NaN,-1e+300,2.5");
  EXPECT_EQ(read("[0.5, 1.5]"), "0.5,1.5");
  EXPECT_EQ(read("const shifted = [0.5, 1.5, , 3]; shifted.shift(); shifted.length = 1; shifted"), "1.5");
  // Which is read as NaN by a script.
  EXPECT_EQ(read("[0.5, , 1.5]"), "no");
  EXPECT_EQ(read("const gone = [0.5, 1.5]; delete gone[1]; gone"), "no");
  // Not of doubles.
  EXPECT_EQ(read("[1, 2]"), "no");
  EXPECT_EQ(read("[0.5, 'x']"), "no");
  EXPECT_EQ(read("[0.5, {}]"), "no");
  EXPECT_EQ(read("Object.freeze([0.5, 1.5])"), "no");
  EXPECT_EQ(read("Object.defineProperty([0.5, 1.5], 1, {get() { return 1 }})"), "no");
  EXPECT_EQ(read("const sparse = [0.5]; sparse.length = 3; sparse"), "no");
}

TEST_F(ObjectTest, MapsAndSetsKeepOrder) {
  CleatValue* map = cleat__new_map(engine);
  EXPECT_TRUE(cleat__map_put(engine, map, String("b"), cleat__number(engine, 1)));
  EXPECT_TRUE(cleat__map_put(engine, map, cleat__object(engine), cleat__null(engine)));
  EXPECT_EQ(TextOf(cleat__entries(engine, map)), "b,1,[object Object],");
  CleatValue* set = cleat__new_set(engine);
  EXPECT_TRUE(cleat__set_add(engine, set, String("y")));
  EXPECT_TRUE(cleat__set_add(engine, set, String("x")));
  EXPECT_TRUE(cleat__set_add(engine, set, String("y")));
  EXPECT_EQ(TextOf(cleat__entries(engine, set)), "y,x");
}

TEST_F(ObjectTest, MapsAndSetsDoNotUseWhatScriptsReplaced) {
  Run("Map.prototype.set = Set.prototype.add = () => { throw 1 }");
  EXPECT_TRUE(cleat__map_put(engine, cleat__new_map(engine), String("b"), String("c")));
  EXPECT_TRUE(cleat__set_add(engine, cleat__new_set(engine), String("b")));
}

TEST_F(ObjectTest, PropertiesAreGotAndSet) {
  CleatValue* object = cleat__object(engine);
  EXPECT_TRUE(cleat__set(engine, object, Key("x"), cleat__number(engine, 4)));
  EXPECT_EQ(TextOf(cleat__get(engine, object, Key("x"))), "4");
  EXPECT_EQ(TextOf(cleat__get(engine, object, Key("y"))), "undefined");
  EXPECT_TRUE(cleat__set_index(engine, object, 3, String("three")));
  EXPECT_EQ(TextOf(cleat__get_index(engine, object, 3)), "three");
  bool has = false;
  EXPECT_TRUE(cleat__has(engine, object, Key("toString"), &has) && has);
  EXPECT_TRUE(cleat__has(engine, object, Key("y"), &has) && !has);
  EXPECT_EQ(TextOf(cleat__own_keys(engine, object)), "3,x");
  EXPECT_TRUE(cleat__delete(engine, object, Key("x"), &has) && has);
  EXPECT_TRUE(cleat__has(engine, object, Key("x"), &has) && !has);
  EXPECT_TRUE(cleat__delete(engine, Run("Object.freeze({ x: 1 })"), Key("x"), &has) && !has);
}

TEST_F(ObjectTest, SettingWhatIsRefusedIsNoFailure) {
  CleatValue* frozen = Run("Object.freeze({ x: 1 })");
  EXPECT_FALSE(Try([&] { EXPECT_TRUE(cleat__set(engine, frozen, Key("x"), cleat__null(engine))); }).happened);
  EXPECT_EQ(TextOf(cleat__get(engine, frozen, Key("x"))), "1");
}

TEST_F(ObjectTest, AThrowingGetterFailsEachWay) {
  CleatValue* object = Run(
      "({ get x() { throw 'get' }, set x(v) { throw 'set' }, get 0() { throw 'get 0' }, set 0(v) { throw 'set 0' } })");
  CleatValue* one = cleat__number(engine, 1);
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__get(engine, object, Key("x")), nullptr); }).value, "get");
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__set(engine, object, Key("x"), one)); }).value, "set");
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__get_index(engine, object, 0), nullptr); }).value, "get 0");
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__set_index(engine, object, 0, one)); }).value, "set 0");
}

TEST_F(ObjectTest, AThrowingProxyTrapFailsEachWay) {
  CleatValue* proxy = Run("new Proxy({}, new Proxy({}, { get(t, name) { throw name } }))");
  CleatValue* one = cleat__number(engine, 1);
  bool out;
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__get(engine, proxy, Key("x")), nullptr); }).value, "get");
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__set(engine, proxy, Key("x"), one)); }).value, "set");
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__has(engine, proxy, Key("x"), &out)); }).value, "has");
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__delete(engine, proxy, Key("x"), &out)); }).value, "deleteProperty");
  EXPECT_EQ(Try([&] { EXPECT_EQ(cleat__own_keys(engine, proxy), nullptr); }).value, "ownKeys");
  EXPECT_EQ(Try([&] { EXPECT_FALSE(cleat__define(engine, proxy, Key("x"), one, 0)); }).value, "defineProperty");
  EXPECT_TRUE(Try([&] { EXPECT_FALSE(cleat__set_prototype(engine, proxy, Run("null"))); }).happened);
  EXPECT_EQ(TextOf(cleat__prototype(engine, proxy)), "null");
  EXPECT_NE(cleat__constructor_name(engine, proxy), nullptr);
  EXPECT_NE(cleat__identity_hash(proxy), 0);
  EXPECT_EQ(cleat__get_own_data(engine, proxy, Key("x")), nullptr);
}

TEST_F(ObjectTest, PrototypesAreReadAndSet) {
  CleatValue* object = cleat__object(engine);
  EXPECT_TRUE(cleat__strict_equals(cleat__prototype(engine, object), Run("Object.prototype")));
  EXPECT_TRUE(cleat__set_prototype(engine, object, Run("Array.prototype")));
  EXPECT_TRUE(cleat__strict_equals(cleat__prototype(engine, object), Run("Array.prototype")));
  EXPECT_TRUE(cleat__set_prototype(engine, object, cleat__null(engine)));
  EXPECT_EQ(
      Try([&] { EXPECT_FALSE(cleat__set_prototype(engine, Run("Object.freeze({})"), object)); }).value.substr(0, 9),
      "TypeError");
}

TEST_F(ObjectTest, DefinedPropertiesHaveTheAttributesGiven) {
  CleatValue* one = cleat__number(engine, 1);
  for (int attributes = 0; attributes < 8; attributes++) {
    CleatValue* object = cleat__object(engine);
    ASSERT_TRUE(cleat__define(engine, object, Key("x"), one, attributes));
    DefineGlobal("o", object);
    std::string expected = std::string("1,") + (attributes & CLEAT_READ_ONLY ? "false," : "true,") +
                           (attributes & CLEAT_DONT_ENUM ? "false," : "true,") +
                           (attributes & CLEAT_DONT_DELETE ? "false" : "true");
    EXPECT_EQ(Text("Object.values(Object.getOwnPropertyDescriptor(o, 'x')).join()"), expected);
  }
  CleatValue* object = cleat__object(engine);
  EXPECT_TRUE(cleat__define(engine, object, cleat__number(engine, 5), one, 0));
  EXPECT_TRUE(cleat__define(engine, object, cleat__symbol_to_string_tag(engine), String("Tag"), CLEAT_DONT_ENUM));
  EXPECT_EQ(TextOf(object), "[object Tag]");
  EXPECT_EQ(TextOf(cleat__get_index(engine, object, 5)), "1");
}

TEST_F(ObjectTest, DefiningDoesNotRunSettersAndFailsOnFrozenObjects) {
  Run("Object.defineProperty(Object.prototype, 'trap', { set() { throw 1 }, configurable: true })");
  CleatValue* one = cleat__number(engine, 1);
  EXPECT_TRUE(cleat__define(engine, cleat__object(engine), Key("trap"), one, 0));
  for (int attributes : {0, static_cast<int>(CLEAT_DONT_ENUM)}) {
    EXPECT_EQ(Try([&] {
                EXPECT_FALSE(cleat__define(engine, Run("Object.freeze({})"), Key("x"), one, attributes));
              }).value.substr(0, 9),
              "TypeError");
  }
}

TEST_F(ObjectTest, OwnDataIsReadWithoutRunningJavaScript) {
  CleatValue* object = Run("({ a: 1, get b() { ran = 1 }, __proto__: { c: 3 } })");
  EXPECT_EQ(TextOf(cleat__get_own_data(engine, object, Key("a"))), "1");
  EXPECT_EQ(cleat__get_own_data(engine, object, Key("b")), nullptr);
  EXPECT_EQ(cleat__get_own_data(engine, object, Key("c")), nullptr);
  EXPECT_EQ(Text("typeof ran"), "undefined");
}

TEST_F(ObjectTest, ConstructorNamesAndHashesComeWithoutJavaScript) {
  EXPECT_EQ(TextOf(cleat__constructor_name(engine, Run("new (class Mine {})"))), "Mine");
  EXPECT_EQ(TextOf(cleat__constructor_name(engine, Run("[]"))), "Array");
  EXPECT_NE(cleat__constructor_name(engine, Run("({ get constructor() { throw 1 } })")), nullptr);
  CleatValue* object = cleat__object(engine);
  int hash = cleat__identity_hash(object);
  cleat__collect_garbage(engine);
  EXPECT_NE(hash, 0);
  EXPECT_EQ(cleat__identity_hash(object), hash);
}

// LAZY PROPERTIES

struct Lazy {
  CleatEngine* engine;
  int computed = 0;
  int failures = 0;
};

// The kind is that of the property.
CleatValue* Compute(void* host_data, int kind, const void* data) {
  EXPECT_EQ(kind, 2);
  Lazy* lazy = const_cast<Lazy*>(static_cast<const Lazy*>(data));
  EXPECT_EQ(static_cast<Host*>(host_data)->engine, lazy->engine);
  lazy->computed++;
  if (lazy->failures-- > 0) {
    cleat__throw(lazy->engine, cleat__new_error(lazy->engine, CLEAT_THROW_ERROR, CLEAT_STRING("not yet")));
    return nullptr;
  }
  return cleat__number(lazy->engine, 42);
}

TEST_F(ObjectTest, LazyPropertyIsComputedAtFirstUseAndThenIsPlainData) {
  host.compute = Compute;
  Lazy lazy = {engine};
  ASSERT_TRUE(cleat__define_lazy(engine, cleat__global(engine), "Lazy", 2, &lazy, CLEAT_DONT_ENUM));
  EXPECT_TRUE(True("'Lazy' in globalThis"));
  EXPECT_EQ(Text("Object.keys(globalThis).join()"), "");
  EXPECT_EQ(lazy.computed, 0);
  EXPECT_EQ(Number("let sum = 0; for (let i = 0; i < 10; i++) sum += Lazy; sum"), 420);
  EXPECT_EQ(lazy.computed, 1);
  EXPECT_EQ(Text("JSON.stringify(Object.getOwnPropertyDescriptor(globalThis, 'Lazy'))"),
            "{\"value\":42,\"writable\":true,\"enumerable\":false,\"configurable\":true}");
  EXPECT_EQ(Number("Lazy = 7; Lazy"), 7);
}

TEST_F(ObjectTest, LazyPropertyFirstSeenByItsDescriptorHasTheSameOne) {
  host.compute = Compute;
  Lazy lazy = {engine};
  ASSERT_TRUE(cleat__define_lazy(engine, cleat__global(engine), "Lazy", 2, &lazy, CLEAT_DONT_ENUM));
  EXPECT_EQ(Text("JSON.stringify(Object.getOwnPropertyDescriptor(globalThis, 'Lazy'))"),
            "{\"value\":42,\"writable\":true,\"enumerable\":false,\"configurable\":true}");
  EXPECT_EQ(Number("Lazy"), 42);
  EXPECT_EQ(lazy.computed, 1);
}

TEST_F(ObjectTest, LazyPropertyCanBeReplacedAndDeletedUncomputed) {
  host.compute = Compute;
  Lazy lazy = {engine};
  for (const char* name : {"A", "B", "C", "D"}) {
    ASSERT_TRUE(cleat__define_lazy(engine, cleat__global(engine), name, 2, &lazy, CLEAT_DONT_ENUM));
  }
  EXPECT_EQ(Number("A = 1; A"), 1);
  EXPECT_EQ(Text("delete globalThis.B; typeof B"), "undefined");
  EXPECT_EQ(Number("var C = 3; C"), 3);
  EXPECT_EQ(Number("function D() { return 4 }; D()"), 4);
  EXPECT_EQ(lazy.computed, 0);
}

TEST_F(ObjectTest, LazyPropertyCanBeRedefined) {
  host.compute = Compute;
  Lazy lazy = {engine};
  ASSERT_TRUE(cleat__define_lazy(engine, cleat__global(engine), "Lazy", 2, &lazy, CLEAT_DONT_ENUM));
  EXPECT_EQ(Number("Object.defineProperty(globalThis, 'Lazy', { value: 2 }); Lazy"), 2);
}

TEST_F(ObjectTest, LazyPropertyThatFailedIsComputedAgain) {
  host.compute = Compute;
  Lazy lazy = {engine};
  lazy.failures = 2;
  ASSERT_TRUE(cleat__define_lazy(engine, cleat__global(engine), "Lazy", 2, &lazy, CLEAT_DONT_ENUM));
  EXPECT_EQ(TryRun("Lazy").value, "Error: not yet");
  EXPECT_EQ(Text("try { Lazy } catch (e) { e.message }"), "not yet");
  EXPECT_EQ(Number("Lazy"), 42);
  EXPECT_EQ(lazy.computed, 3);
}

TEST_F(ObjectTest, LazyPropertyIsReadThroughAnInheritingObject) {
  host.compute = Compute;
  Lazy lazy = {engine};
  ASSERT_TRUE(cleat__define_lazy(engine, cleat__global(engine), "Lazy", 2, &lazy, CLEAT_DONT_ENUM));
  EXPECT_EQ(Number("Object.create(globalThis).Lazy"), 42);
  EXPECT_EQ(Number("Lazy"), 42);
  EXPECT_EQ(lazy.computed, 1);
}

TEST_F(ObjectTest, AccessorsHaveTheirNames) {
  static int stored;
  CleatValue* object = cleat__object(engine);
  CleatNative get = [](CleatCall* call) { cleat__return_int32(call, stored); };
  CleatNative set = [](CleatCall* call) { stored = cleat__int32_value(cleat__arg(call, 0)); };
  ASSERT_TRUE(cleat__define_accessor(engine, object, "x", get, set, nullptr, CLEAT_DONT_ENUM));
  ASSERT_TRUE(cleat__define_accessor(engine, object, "r", get, nullptr, nullptr, 0));
  DefineGlobal("o", object);
  EXPECT_EQ(Number("o.x = 9; o.r"), 9);
  EXPECT_EQ(Text("d = Object.getOwnPropertyDescriptor(o, 'x'); [d.get.name, d.set.name, d.get.length, d.set.length, "
                 "d.enumerable].join()"),
            "get x,set x,0,1,false");
  EXPECT_EQ(Text("'use strict'; try { o.r = 1 } catch (e) { e.name }"), "TypeError");
}

}  // namespace
