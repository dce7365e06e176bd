// Reading objects for printing: nothing runs JavaScript or leaves an exception.

#include "fixture.h"

namespace {

class InspectTest : public ShimTest {
 public:
  void TearDown() override {
    EXPECT_EQ(Text("typeof ran"), "undefined");
    ShimTest::TearDown();
  }
};

TEST_F(InspectTest, ShapesAreToldApart) {
  const struct {
    const char* source;
    CleatShape shape;
  } cases[] = {{"({})", CLEAT_SHAPE_OBJECT},
               {"[]", CLEAT_SHAPE_ARRAY},
               {"(function () { return arguments })()", CLEAT_SHAPE_ARGUMENTS},
               {"() => 1", CLEAT_SHAPE_FUNCTION},
               {"new Error", CLEAT_SHAPE_ERROR},
               {"new Date", CLEAT_SHAPE_DATE},
               {"/x/", CLEAT_SHAPE_REGEXP},
               {"new Map", CLEAT_SHAPE_MAP},
               {"new Set", CLEAT_SHAPE_SET},
               {"new WeakMap", CLEAT_SHAPE_WEAK_COLLECTION},
               {"new Map().keys()", CLEAT_SHAPE_MAP_ITERATOR},
               {"new Set().values()", CLEAT_SHAPE_SET_ITERATOR},
               {"Promise.resolve()", CLEAT_SHAPE_PROMISE},
               {"new Proxy([], {})", CLEAT_SHAPE_PROXY},
               {"new ArrayBuffer(1)", CLEAT_SHAPE_ARRAY_BUFFER},
               {"new Int8Array(1)", CLEAT_SHAPE_TYPED_ARRAY},
               {"new DataView(new ArrayBuffer(1))", CLEAT_SHAPE_DATA_VIEW},
               {"Object('x')", CLEAT_SHAPE_BOXED}};
  for (const auto& one : cases) EXPECT_EQ(cleat__shape(Run(one.source)), one.shape) << one.source;
}

TEST_F(InspectTest, OwnPropertiesAreDescribed) {
  CleatValue* object =
      Run("({ a: 1, get b() { ran = 1 }, set b(v) {}, 5: 'five', [Symbol.iterator]: 0, __proto__: { c: 3 } })");
  CleatProperty property;
  ASSERT_TRUE(cleat__own_property(engine, object, Key("a"), &property));
  EXPECT_EQ(TextOf(property.value), "1");
  EXPECT_TRUE(property.enumerable && !property.has_get && !property.has_set);
  ASSERT_TRUE(cleat__own_property(engine, object, Key("b"), &property));
  EXPECT_TRUE(property.value == nullptr && property.has_get && property.has_set);
  ASSERT_TRUE(cleat__own_property(engine, object, cleat__number(engine, 5), &property));
  EXPECT_EQ(TextOf(property.value), "five");
  EXPECT_FALSE(cleat__own_property(engine, object, Key("c"), &property));
  EXPECT_FALSE(cleat__own_property(engine, Run("new Proxy({ a: 1 }, {})"), Key("a"), &property));
  EXPECT_EQ(TextOf(cleat__own_indices(engine, object)), "5,a,b");
  EXPECT_EQ(cleat__array_length(cleat__own_names(engine, object, true)), 4u);
  EXPECT_EQ(cleat__array_length(cleat__own_names(engine, object, false)), 3u);
  EXPECT_EQ(TextOf(cleat__lookup_data(engine, object, Key("c"))), "3");
  EXPECT_EQ(cleat__lookup_data(engine, object, Key("b")), nullptr);
}

TEST_F(InspectTest, ProxiesAreNotAsked) {
  CleatValue* proxy =
      Run("target = { a: 1 }; handler = new Proxy({}, { get() { ran = 1 } }); new Proxy(target, handler)");
  EXPECT_EQ(cleat__own_names(engine, proxy, true), nullptr);
  EXPECT_EQ(cleat__own_indices(engine, proxy), nullptr);
  EXPECT_TRUE(cleat__strict_equals(cleat__proxy_target(proxy), Run("target")));
  EXPECT_TRUE(cleat__strict_equals(cleat__proxy_handler(proxy), Run("handler")));
  CleatValue* revoked = Run("r = Proxy.revocable({}, {}); r.revoke(); r.proxy");
  EXPECT_EQ(cleat__proxy_target(revoked), nullptr);
  EXPECT_EQ(cleat__proxy_handler(revoked), nullptr);
}

TEST_F(InspectTest, CollectionsArePreviewedWithoutAdvancing) {
  bool pairs = false;
  EXPECT_EQ(TextOf(cleat__preview(engine, Run("new Map([['a', 1], ['b', 2]])"), &pairs)), "a,1,b,2");
  EXPECT_TRUE(pairs);
  CleatValue* iterator = Run("i = new Set([7, 8]).values(); i.next(); i");
  EXPECT_EQ(TextOf(cleat__preview(engine, iterator, &pairs)), "8");
  EXPECT_FALSE(pairs);
  EXPECT_EQ(Number("i.next().value"), 8);
  EXPECT_EQ(cleat__preview(engine, Run("({})"), &pairs), nullptr);
}

TEST_F(InspectTest, TextsAreMadeWithoutJavaScript) {
  EXPECT_EQ(TextOf(cleat__symbol_description(engine, Run("Symbol('why')"))), "why");
  EXPECT_EQ(cleat__symbol_description(engine, Run("Symbol()")), nullptr);
  for (const char* source : {"1.5", "true", "10", "undefined", "null"}) {
    EXPECT_EQ(TextOf(cleat__primitive_text(engine, Run(source))), source);
  }
  EXPECT_EQ(TextOf(cleat__primitive_text(engine, Run("12n"))), "12");
  EXPECT_EQ(TextOf(cleat__function_source(engine, Run("(a => a + 1)"))), "a => a + 1");
  EXPECT_EQ(TextOf(cleat__unboxed(engine, Run("b = Object('text'); b.toString = () => { ran = 1 }; b"))), "text");
  EXPECT_EQ(cleat__type(cleat__unboxed(engine, Run("Object(1n)"))), CLEAT_TYPE_BIGINT);
}

TEST_F(InspectTest, StacksAreReadOnlyWhereThatRunsNothing) {
  EXPECT_EQ(TextOf(cleat__safe_stack(engine, Run("new Error('plain')"))).substr(0, 12), "Error: plain");
  EXPECT_EQ(cleat__safe_stack(engine, Run("e = new Error; Object.defineProperty(e, 'name', { get() { ran = 1 } }); e")),
            nullptr);
  Run("Error.prepareStackTrace = () => { ran = 1 }");
  EXPECT_EQ(cleat__safe_stack(engine, Run("new Error('prepared')")), nullptr);
}

TEST_F(InspectTest, ViewsTellTheirExtent) {
  size_t byte_length, byte_offset;
  CleatValue* buffer;
  EXPECT_EQ(cleat__view_extent(engine, Run("w = new ArrayBuffer(16); new Int16Array(w, 4, 3)"), &byte_length,
                               &byte_offset, &buffer),
            3u);
  EXPECT_EQ(byte_length, 6u);
  EXPECT_EQ(byte_offset, 4u);
  EXPECT_TRUE(cleat__strict_equals(buffer, Run("w")));
  EXPECT_EQ(cleat__view_extent(engine, Run("new DataView(w, 2)"), &byte_length, &byte_offset, &buffer), 0u);
  EXPECT_EQ(byte_length, 14u);
}

TEST_F(InspectTest, FunctionKindsAreTold) {
  EXPECT_EQ(cleat__function_kind(Run("() => 1")), CLEAT_FUNCTION_PLAIN);
  EXPECT_EQ(cleat__function_kind(Run("(async () => 1)")), CLEAT_FUNCTION_ASYNC);
  EXPECT_EQ(cleat__function_kind(Run("(function* () {})")), CLEAT_FUNCTION_GENERATOR);
  EXPECT_EQ(cleat__function_kind(Run("(async function* () {})")), CLEAT_FUNCTION_ASYNC_GENERATOR);
}

}  // namespace
