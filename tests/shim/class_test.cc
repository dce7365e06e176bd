// Classes made of templates, and the native objects of their instances.

#include "fixture.h"

namespace {

struct Animal {
  int legs;
};

void ReturnSelfLegs(CleatCall* call) {
  Animal* animal = static_cast<Animal*>(cleat__native(cleat__this(call)));
  if (animal == nullptr) {
    CleatEngine* engine = cleat__call_engine(call);
    cleat__throw(engine, cleat__new_error(engine, CLEAT_THROW_TYPE_ERROR, CLEAT_STRING("Illegal invocation")));
    return;
  }
  cleat__return_int32(call, animal->legs);
}

void SetLegs(CleatCall* call) {
  Animal* animal = static_cast<Animal*>(cleat__native(cleat__this(call)));
  if (animal != nullptr) animal->legs = cleat__int32_value(cleat__arg(call, 0));
}

Animal four = {4};

// The address of data is what the call is told.
const char kData[] = "data";

void Construct(CleatCall* call) {
  EXPECT_EQ(cleat__call_data(call), kData);
  if (!cleat__is_construct_call(call)) return cleat__return_null(call);
  EXPECT_EQ(cleat__native(cleat__this(call)), nullptr);
  cleat__set_native(cleat__this(call), &four);
}

class ClassTest : public ShimTest {
 protected:
  void SetUp() override {
    ShimTest::SetUp();
    animal = cleat__template(engine, "Animal", 2, Construct, kData, nullptr, true);
    cleat__template_method(animal, CLEAT_PLACE_PROTOTYPE, "count", 3, ReturnSelfLegs, nullptr, nullptr, 0);
    cleat__template_method(
        animal, CLEAT_PLACE_FUNCTION, "make", 1, [](CleatCall* call) { cleat__return_int32(call, 1); }, nullptr,
        nullptr, CLEAT_DONT_ENUM);
    cleat__template_accessor(animal, CLEAT_PLACE_PROTOTYPE, "legs", ReturnSelfLegs, SetLegs, nullptr, 0);
    cleat__template_accessor(animal, CLEAT_PLACE_PROTOTYPE, "fixed", ReturnSelfLegs, nullptr, nullptr,
                             CLEAT_DONT_DELETE);
    cleat__template_accessor(
        animal, CLEAT_PLACE_FUNCTION, "kind", [](CleatCall* call) { cleat__return_int32(call, 2); }, nullptr, nullptr,
        0);
    cleat__template_constant(animal, "MOST", cleat__number(engine, 100));
    cleat__template_constant(animal, "ALIVE", cleat__boolean(engine, true));
    dog = cleat__template(engine, "Dog", 0, Construct, kData, animal, true);
    cleat__template_method(dog, CLEAT_PLACE_PROTOTYPE, "bark", 0, ReturnSelfLegs, nullptr, nullptr, 0);
    four.legs = 4;
  }

  void Install() {
    DefineGlobal("Dog", cleat__template_function(engine, dog));
    DefineGlobal("Animal", cleat__template_function(engine, animal));
  }

  CleatTemplate* animal;
  CleatTemplate* dog;
};

TEST_F(ClassTest, TheInterfaceObjectIsAsWebIdlDemands) {
  Install();
  EXPECT_EQ(Text("[typeof Animal, Animal.name, Animal.length].join()"), "function,Animal,2");
  EXPECT_EQ(
      Text("JSON.stringify(Object.getOwnPropertyDescriptor(Animal, 'prototype'), (k, v) => k == 'value' ? 0 : v)"),
      "{\"value\":0,\"writable\":false,\"enumerable\":false,\"configurable\":false}");
  EXPECT_TRUE(True("Object.getPrototypeOf(Animal) === Function.prototype"));
  EXPECT_TRUE(True("Object.getPrototypeOf(Animal.prototype) === Object.prototype"));
  EXPECT_TRUE(True("Animal.prototype.constructor === Animal"));
  EXPECT_EQ(Text("JSON.stringify(Object.getOwnPropertyDescriptor(Animal.prototype, 'constructor'), (k, v) => k == "
                 "'value' ? 0 : v)"),
            "{\"value\":0,\"writable\":true,\"enumerable\":false,\"configurable\":true}");
  EXPECT_EQ(Text("JSON.stringify(Object.getOwnPropertyDescriptor(Animal.prototype, Symbol.toStringTag))"),
            "{\"value\":\"Animal\",\"writable\":false,\"enumerable\":false,\"configurable\":true}");
  EXPECT_EQ(Text("String(new Animal) + String(new Dog)"), "[object Animal][object Dog]");
}

TEST_F(ClassTest, InheritanceLinksPrototypesAndFunctions) {
  Install();
  EXPECT_TRUE(True("Object.getPrototypeOf(Dog) === Animal"));
  EXPECT_TRUE(True("Object.getPrototypeOf(Dog.prototype) === Animal.prototype"));
  EXPECT_TRUE(True("new Dog instanceof Animal"));
  EXPECT_EQ(Text("[new Dog().count(), new Dog().bark(), Dog.make(), Dog.kind, Dog.MOST].join()"), "4,4,1,2,100");
}

TEST_F(ClassTest, FunctionsAreMadeOnce) {
  CleatValue* first = cleat__template_function(engine, dog);
  EXPECT_TRUE(cleat__strict_equals(first, cleat__template_function(engine, dog)));
  cleat__collect_garbage(engine);
  EXPECT_TRUE(cleat__strict_equals(first, cleat__template_function(engine, dog)));
}

TEST_F(ClassTest, MethodsHaveNameLengthAndAttributesAndNoConstruct) {
  Install();
  EXPECT_EQ(Text("m = Object.getOwnPropertyDescriptor(Animal.prototype, 'count'); [m.value.name, m.value.length, "
                 "m.writable, m.enumerable, m.configurable, 'prototype' in m.value].join()"),
            "count,3,true,true,true,false");
  EXPECT_EQ(Text("m = Object.getOwnPropertyDescriptor(Animal, 'make'); [m.value.name, m.value.length, m.writable, "
                 "m.enumerable, m.configurable].join()"),
            "make,1,true,false,true");
  EXPECT_EQ(TryRun("new (new Animal).count").value.substr(0, 9), "TypeError");
  EXPECT_EQ(TryRun("new Animal.make").value.substr(0, 9), "TypeError");
}

TEST_F(ClassTest, AccessorsHaveNamesLengthsAndAttributes) {
  Install();
  EXPECT_EQ(Text("a = Object.getOwnPropertyDescriptor(Animal.prototype, 'legs'); [a.get.name, a.get.length, "
                 "a.set.name, a.set.length, a.enumerable, a.configurable].join()"),
            "get legs,0,set legs,1,true,true");
  EXPECT_EQ(Text("a = Object.getOwnPropertyDescriptor(Animal.prototype, 'fixed'); [a.get.name, a.set, a.enumerable, "
                 "a.configurable].join()"),
            "get fixed,,true,false");
  EXPECT_EQ(Text("a = Object.getOwnPropertyDescriptor(Animal, 'kind'); [a.get.name, a.set, a.enumerable, "
                 "a.configurable].join()"),
            "get kind,,true,true");
  EXPECT_EQ(Number("x = new Animal; x.legs = 6; x.fixed"), 6);
  EXPECT_EQ(Text("'use strict'; try { x.fixed = 1 } catch (e) { e.name }"), "TypeError");
  EXPECT_EQ(TryRun("new a.get").value.substr(0, 9), "TypeError");
}

TEST_F(ClassTest, ConstantsAreOnBothAndFixed) {
  Install();
  for (const char* holder : {"Animal", "Animal.prototype"}) {
    EXPECT_EQ(Text(std::string("JSON.stringify(Object.getOwnPropertyDescriptor(") + holder + ", 'MOST'))"),
              "{\"value\":100,\"writable\":false,\"enumerable\":true,\"configurable\":false}");
    EXPECT_EQ(Text(std::string("String(") + holder + ".ALIVE)"), "true");
  }
}

TEST_F(ClassTest, PlainCallsReachTheCallbackToo) {
  Install();
  EXPECT_EQ(Text("String(Animal())"), "null");
}

TEST_F(ClassTest, InstancesAreMadeWithoutTheConstructor) {
  CleatValue* instance = cleat__instantiate(engine, dog);
  EXPECT_EQ(cleat__native(instance), nullptr);
  Animal three = {3};
  cleat__set_native(instance, &three);
  EXPECT_EQ(cleat__native(instance), &three);
  DefineGlobal("it", instance);
  EXPECT_EQ(Number("it.bark()"), 3);
  Install();
  EXPECT_TRUE(True("it instanceof Dog && it instanceof Animal && Object.getPrototypeOf(Dog) === Animal"));
}

TEST_F(ClassTest, OnlyInstancesHaveANative) {
  Install();
  Define("f", [](CleatCall*) {});
  for (const char* source : {"1",
                             "1.5",
                             "'x'",
                             "null",
                             "undefined",
                             "true",
                             "Symbol()",
                             "1n",
                             "({})",
                             "[]",
                             "f",
                             "Animal",
                             "Animal.prototype",
                             "Dog.prototype",
                             "globalThis",
                             "Object.create(Animal.prototype)",
                             "Object.create(new Animal)",
                             "new Proxy(new Animal, {})",
                             "({ __proto__: new Dog })",
                             "new Map",
                             "new Error",
                             "Promise.resolve()",
                             "new Uint8Array(64)",
                             "new Date",
                             "new WebAssembly.Memory({ initial: 1 })",
                             "Object.assign({}, new Animal)",
                             "(function () { return arguments })()",
                             "Reflect.construct(Object, [], Animal)",
                             "JSON",
                             "Math",
                             "new (class extends Object {})"}) {
    EXPECT_EQ(cleat__native(Run(source)), nullptr) << source;
  }
  for (const char* method : {"count", "bark"}) {
    EXPECT_EQ(TryRun(std::string("Dog.prototype.") + method + ".call({})").value, "TypeError: Illegal invocation");
    EXPECT_EQ(TryRun(std::string("Dog.prototype.") + method + "()").value, "TypeError: Illegal invocation");
  }
}

TEST_F(ClassTest, SubclassesInJavaScriptHaveANative) {
  Install();
  EXPECT_EQ(cleat__native(
                Run("class Puppy extends Dog { constructor() { super(); this.a = this.b = this.c = 1 } }; new Puppy")),
            &four);
  EXPECT_EQ(cleat__native(Run("Reflect.construct(Animal, [], Array)")), &four);
  EXPECT_EQ(cleat__native(Run("Reflect.construct(Animal, [], Object)")), &four);
  EXPECT_EQ(Text("String(new Puppy) + new Puppy().bark()"), "[object Dog]4");
}

TEST_F(ClassTest, ANativeSurvivesWhatScriptsDoToTheObject) {
  Install();
  EXPECT_EQ(cleat__native(Run("x = new Animal; for (let i = 0; i < 2000; i++) x['p' + i] = i; x")), &four);
  EXPECT_EQ(cleat__native(Run("Object.setPrototypeOf(x, null)")), &four);
  EXPECT_EQ(cleat__native(Run("for (let i = 0; i < 2000; i++) delete x['p' + i]; Object.freeze(x)")), &four);
}

TEST_F(ClassTest, PlainTemplatesAreFunctionsWithoutConstruct) {
  CleatTemplate* plain = cleat__template(
      engine, "plain", 1, [](CleatCall* call) { cleat__return_int32(call, 3); }, nullptr, nullptr, false);
  cleat__template_method(
      plain, CLEAT_PLACE_FUNCTION, "extra", 0, [](CleatCall* call) { cleat__return_int32(call, 4); }, nullptr, nullptr,
      0);
  cleat__template_constant(plain, "ONE", cleat__number(engine, 1));
  DefineGlobal("plain", cleat__template_function(engine, plain));
  EXPECT_EQ(Text("[plain(), plain.extra(), plain.ONE, plain.name, plain.length, 'prototype' in plain].join()"),
            "3,4,1,plain,1,false");
  EXPECT_EQ(TryRun("new plain").value.substr(0, 9), "TypeError");
}

struct Wrapped {
  CleatHandle* handle;
  int* finalized;
};

TEST_F(ClassTest, InstancesAreFinalizedOnceUnderCollection) {
  static int finalized;
  finalized = 0;
  constexpr int kCount = 20000;
  std::vector<Wrapped> all(kCount);
  Install();
  Run("kept = []");
  CleatValue* kept = Run("kept");
  for (int i = 0; i < kCount; i++) {
    CleatScope scope;
    cleat__scope_open(engine, &scope);
    CleatValue* instance = cleat__instantiate(engine, i % 2 ? dog : animal);
    all[i] = {cleat__handle_new(engine, instance), &finalized};
    cleat__set_native(instance, &all[i]);
    cleat__handle_set_weak(
        all[i].handle,
        [](void* data) {
          Wrapped* wrapped = static_cast<Wrapped*>(data);
          ++*wrapped->finalized;
          cleat__handle_free(wrapped->handle);
          wrapped->handle = nullptr;
        },
        &all[i]);
    if (i % 100 == 0) {
      EXPECT_TRUE(cleat__set_index(engine, kept, i / 100, instance));
    }
    cleat__scope_close(engine, &scope);
  }
  cleat__collect_garbage(engine);
  EXPECT_EQ(finalized, kCount - kCount / 100);
  for (int i = 0; i < kCount / 100; i++) {
    EXPECT_EQ(cleat__native(cleat__get_index(engine, kept, static_cast<uint32_t>(i))),
              &all[static_cast<size_t>(i) * 100]);
  }
  Run("kept.length = 0");
  cleat__collect_garbage(engine);
  for (Wrapped& wrapped : all) cleat__handle_free(wrapped.handle);
}

}  // namespace
