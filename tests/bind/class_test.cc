// Interfaces, namespaces and functions as JavaScript finds them, and the wrappers of native objects.
#include <vector>

#include "bind_test.h"

namespace {

const char kDescribe[] =
    "function describe(object, key) {"
    "  const it = Object.getOwnPropertyDescriptor(object, key);"
    "  if (!it) return 'none';"
    "  return ('value' in it ? (it.writable ? 'w' : '-') : (it.get ? 'g' : '-') + (it.set ? 's' : '-'))"
    "    + (it.enumerable ? 'e' : '-') + (it.configurable ? 'c' : '-');"
    "}";

class ClassTest : public BindTest {
 protected:
  void SetUp() override {
    BindTest::SetUp();
    Eval(kDescribe);
  }
};

TEST_F(ClassTest, GlobalsHaveTheAttributesOfWebIdl) {
  EXPECT_EQ(Eval("describe(globalThis, 'Counter')"), "w-c");
  EXPECT_EQ(Eval("describe(globalThis, 'Maths')"), "w-c");
  EXPECT_EQ(Eval("describe(globalThis, 'dom')"), "wec");
  EXPECT_EQ(Eval("describe(globalThis, 'answer')"), "-e-");
  EXPECT_EQ(Eval("describe(globalThis, 'madeSoFar')"), "g-ec");
  EXPECT_EQ(Eval("madeSoFar + answer"), "42");
}

TEST_F(ClassTest, GlobalsCanBeReplacedAndDeletedBeforeAndAfterTheirFirstUse) {
  EXPECT_EQ(Eval("dom = 1; dom"), "1");
  EXPECT_EQ(Eval("usv('x'); usv = 2; usv"), "2");
  EXPECT_EQ(Eval("delete globalThis.Plain; typeof Plain"), "undefined");
  EXPECT_EQ(Eval("const first = Counter; first === Counter"), "true");
}

TEST_F(ClassTest, MembersHaveTheAttributesOfWebIdl) {
  EXPECT_EQ(Eval("describe(Counter.prototype, 'increment')"), "wec");
  EXPECT_EQ(Eval("describe(Counter.prototype, 'value')"), "gsec");
  EXPECT_EQ(Eval("describe(Thing.prototype, 'id')"), "g-ec");
  EXPECT_EQ(Eval("describe(Counter, 'created')"), "wec");
  EXPECT_EQ(Eval("describe(Counter, 'MAX') + describe(Counter.prototype, 'MAX')"), "-e--e-");
  EXPECT_EQ(Eval("describe(Counter, 'prototype')"), "---");
  EXPECT_EQ(Eval("describe(Counter.prototype, 'constructor')"), "w-c");
  EXPECT_EQ(Eval("describe(Counter.prototype, Symbol.toStringTag)"), "--c");
  EXPECT_EQ(Eval("Counter.MAX + ',' + Counter.prototype.FAST + ',' + new Counter().MAX"), "100,true,100");
  EXPECT_EQ(Eval("Object.prototype.toString.call(new Counter())"), "[object Counter]");
}

TEST_F(ClassTest, FunctionsHaveNamesAndLengths) {
  EXPECT_EQ(Eval("Counter.name + Counter.length"), "Counter0");
  EXPECT_EQ(Eval("const d = Object.getOwnPropertyDescriptor(Counter.prototype, 'value'); d.get.name + d.set.name"),
            "get valueset value");
  EXPECT_EQ(Eval("d.get.length + ',' + d.set.length"), "0,1");
  EXPECT_EQ(Eval("Counter.prototype.later.name + Counter.prototype.later.length"), "later1");
  EXPECT_EQ(Eval("twice.name + twice.length"), "twice2");
  EXPECT_EQ(Eval("const g = Object.getOwnPropertyDescriptor(globalThis, 'madeSoFar').get; g.name + g.length"),
            "get madeSoFar0");
  EXPECT_EQ(Eval("try { new dom('x'); 'made' } catch (e) { e.name }"), "TypeError");
  EXPECT_EQ(Eval("try { new Counter.prototype.increment(); 'made' } catch (e) { e.name }"), "TypeError");
  EXPECT_EQ(Eval("'prototype' in dom || 'prototype' in Counter.prototype.increment"), "false");
}

TEST_F(ClassTest, NamespacesArePlainObjects) {
  EXPECT_EQ(Eval("String(Maths)"), "[object Maths]");
  EXPECT_EQ(Eval("Object.getPrototypeOf(Maths) === Object.prototype"), "true");
  EXPECT_EQ(Eval("describe(Maths, 'hypot') + describe(Maths, 'tau') + describe(Maths, 'ZERO')"), "wecg-ec-e-");
  EXPECT_EQ(Eval("describe(Maths, Symbol.toStringTag)"), "--c");
  EXPECT_EQ(Eval("Object.keys(Maths).join()"), "tau,hypot,ZERO");
  EXPECT_EQ(Eval("Maths.hypot(3, 4) + Maths.tau + Maths.ZERO"), "11.25");
  EXPECT_EQ(Eval("typeof Maths"), "object");
}

TEST_F(ClassTest, InheritanceIsMirrored) {
  EXPECT_EQ(Eval("Object.getPrototypeOf(Counter) === Thing"), "true");
  EXPECT_EQ(Eval("Object.getPrototypeOf(Counter.prototype) === Thing.prototype"), "true");
  EXPECT_EQ(Eval("const c = new Counter(); c instanceof Thing && c.id"), "1");
  EXPECT_EQ(Eval("Counter.prototype.hasOwnProperty('id')"), "false");
}

TEST_F(ClassTest, ConstructorsAreCalledWithNewOnly) {
  EXPECT_EQ(
      Eval("Counter()"),
      "TypeError: Failed to construct 'Counter': Please use the 'new' operator, this object constructor cannot be "
      "called as a function.");
  EXPECT_EQ(Eval("new Plain()"), "TypeError: Failed to construct 'Plain': Illegal constructor");
  EXPECT_EQ(Eval("Plain()"), "TypeError: Failed to construct 'Plain': Illegal constructor");
  EXPECT_EQ(Eval("new Counter(NaN)"), "TypeError: Failed to construct 'Counter': argument 1 is not a finite number.");
  EXPECT_EQ(Eval("new Counter(-1)"), "RangeError: negative");
  EXPECT_EQ(Eval("new Counter(1e9)"), "Error: Failed to construct 'Counter': it gave no Counter.");
  EXPECT_EQ(fixture_made(), 0);
}

TEST_F(ClassTest, SubclassesAndOddNewTargetsWork) {
  EXPECT_EQ(Eval("class X extends Counter { twice() { return this.value * 2 } }; const x = new X(4); x.twice()"), "8");
  EXPECT_EQ(Eval("x instanceof Counter && x.constructor === X && x.increment()"), "5");
  EXPECT_EQ(Eval("function F() {}; const f = Reflect.construct(Counter, [7], F);"
                 "Object.getPrototypeOf(f) === F.prototype && Counter.prototype.increment.call(f)"),
            "8");
  EXPECT_EQ(Eval("const g = Reflect.construct(Counter, [1], new Proxy(F, {}));"
                 "Counter.prototype.increment.call(g)"),
            "2");
  EXPECT_EQ(Eval("try { Reflect.construct(Object, [], Counter).increment() } catch (e) { e.name }"), "TypeError");
  EXPECT_EQ(Eval("class Late extends Counter { constructor() { super(-1) } };"
                 "try { new Late() } catch (e) { e.name }"),
            "RangeError");
}

TEST_F(ClassTest, ANewTargetWhosePrototypeIsNoObjectGivesTheInterfaces) {
  EXPECT_EQ(Eval("{ const T = function() {}; T.prototype = 1; const c = Reflect.construct(Counter, [7], T);"
                 "[Object.getPrototypeOf(c) === Counter.prototype, c.value, c instanceof Counter].join() }"),
            "true,7,true");
  EXPECT_EQ(Eval("{ const T = function() {}; T.prototype = Object.prototype;"
                 "Object.getPrototypeOf(Reflect.construct(Counter, [7], T)) === Object.prototype }"),
            "true");
  EXPECT_EQ(
      Eval("{ let n = 0; const T = new Proxy(function() {}, { get(t, k) { if (n++ > 0) throw new Error('second'); } });"
           "try { Reflect.construct(Counter, [7], T) } catch (e) { e.message } }"),
      "second");
  EXPECT_EQ(Eval("class Sub extends Counter {}; Object.getPrototypeOf(new Sub(1)) === Sub.prototype"), "true");
}

TEST_F(ClassTest, AFailedConstructorLeavesNothingThatCanBeUsed) {
  EXPECT_EQ(Eval("let leaked; class Leak extends Counter {"
                 "  constructor() { try { super({ valueOf() { throw 1 } }) } catch { leaked = 'caught' } }"
                 "}; try { new Leak() } catch (e) { leaked + e.name }"),
            "caughtReferenceError");
}

TEST_F(ClassTest, AnObjectWithoutANativeOneCannotBeUsed) {
  EXPECT_EQ(Eval("new Empty().use()"),
            "TypeError: Illegal invocation: 'use' was called on an object that is not a Empty");
  CollectGarbage();
  Close();
  EXPECT_EQ(fixture_finalized(), 0);
}

TEST_F(ClassTest, ReceiversAreChecked) {
  const char* const expected =
      "TypeError: Illegal invocation: 'increment' was called on an object that is not a Counter";
  for (const char* receiver :
       {"{}", "undefined", "1", "new Thing()", "Object.create(new Counter())", "new Proxy(new Counter(), {})",
        "Counter.prototype", "[]", "globalThis", "null", "'s'"}) {
    EXPECT_EQ(Eval(std::string("Counter.prototype.increment.call(") + receiver + ")"), expected) << receiver;
  }
  EXPECT_EQ(Eval("Counter.prototype.value"),
            "TypeError: Illegal invocation: 'value' was called on an object that is not a Counter");
  EXPECT_EQ(Eval("Thing.prototype.self.call(new Counter()) instanceof Counter"), "true");
}

TEST_F(ClassTest, MessagesNameInterfaceAndMember) {
  EXPECT_EQ(Eval("new Counter().value = NaN"),
            "TypeError: Failed to set the 'value' property on 'Counter': the value is not a finite number.");
  EXPECT_EQ(Eval("new Thing().befriend()"),
            "TypeError: Failed to execute 'befriend' on 'Thing': 1 argument required, but only 0 present.");
  EXPECT_EQ(Eval("new Thing().befriend({})"),
            "TypeError: Failed to execute 'befriend' on 'Thing': argument 1 is not a Thing.");
  EXPECT_EQ(Eval("twice(x => x)"), "TypeError: Failed to execute 'twice': 2 arguments required, but only 1 present.");
  EXPECT_EQ(Eval("Maths.hypot(1, Infinity)"),
            "TypeError: Failed to execute 'hypot' on 'Maths': argument 2 is not a finite number.");
  EXPECT_EQ(Eval("new Thing().required()"), "Error: Failed to execute 'required' on 'Thing': it gave no Thing.");
}

TEST_F(ClassTest, CapabilitiesDecideWhatIsThere) {
  EXPECT_EQ(Eval("typeof Secret + typeof Thing.prototype.secret"), "undefinedundefined");
  cleat_release(runtime_);
  Open(1);
  EXPECT_EQ(Eval("typeof Secret + typeof Thing.prototype.secret"), "functionfunction");
}

TEST_F(ClassTest, AnObjectHasOneWrapper) {
  EXPECT_EQ(Eval("const a = new Counter(); a.self() === a && a.self().self() === a"), "true");
  EXPECT_EQ(Eval("const b = new Thing(); b.befriend(a); b.friend() === a"), "true");
  EXPECT_EQ(Eval("String(new Thing().friend())"), "null");
}

TEST_F(ClassTest, FinalizersRunOnceWhenCollected) {
  Eval("{ for (let i = 0; i < 1000; i++) new Counter(i); } let kept = new Counter(5); undefined");
  CollectGarbage();
  EXPECT_EQ(fixture_made(), 1001);
  EXPECT_GE(fixture_finalized(), 990);
  EXPECT_LE(fixture_finalized(), 1000);
  EXPECT_EQ(Eval("kept.value"), "5");
  Close();
  EXPECT_EQ(fixture_finalized(), 1001);
}

TEST_F(ClassTest, FinalizersRunDuringOneLongScript) {
  // What was collected is finalized when more objects are made, not at the end of the script only.
  Eval("for (let i = 0; i < 300000; i++) new Thing(); undefined");
  EXPECT_GT(fixture_finalized(), 0);
  Close();
  EXPECT_EQ(fixture_finalized(), 300000);
}

// Runs a script that has no end, until its time is up.
void EndOften(CleatRuntime* runtime, const char* source) {
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = 2;
  for (int i = 0; i < 50; i++) {
    CleatResult result = cleat_eval(runtime, source, &options);
    ASSERT_NE(result.error, nullptr);
    cleat_result_free(&result);
  }
}

TEST_F(ClassTest, WhatIsEndedWhileItMakesObjectsLosesNone) {
  EndOften(runtime_, "for (;;) new Counter()");
  cleat_close(runtime_, CLEAT_CLOSE_DROP);
  EXPECT_EQ(fixture_made(), fixture_finalized());
}

// A function that looks for nothing when it begins: the limit strikes before it gives back what it made.
TEST_F(ClassTest, WhatIsEndedWhileAFunctionMakesObjectsLosesNone) {
  static int made;
  static int finalized;
  static CleatClass type;
  made = finalized = 0;
  type.name = "Made";
  type.finalize = [](void* object) {
    finalized++;
    free(object);
  };
  Run([](CleatEnv* env) {
    auto make = [](CleatCall* call) {
      made++;
      cleat_return_object(call, &type, malloc(1));
    };
    cleat_set(env, cleat_global(env), "make", cleat_function(env, "make", 0, make, nullptr));
  });
  EndOften(runtime_, "for (;;) make()");
  cleat_close(runtime_, CLEAT_CLOSE_DROP);
  EXPECT_EQ(made, finalized);
}

TEST_F(ClassTest, FinalizersRunOnceWhenClosed) {
  Eval("globalThis.all = Array.from({ length: 500 }, () => new Counter()); undefined");
  EXPECT_EQ(fixture_finalized(), 0);
  Close();
  EXPECT_EQ(fixture_finalized(), 500);
  EXPECT_EQ(fixture_made(), 500);
}

// Its finalizer is due already when it comes back.
TEST_F(ClassTest, AnObjectThatIsWrappedAnewIsNotFinalized) {
  static int finalized;
  finalized = 0;
  static CleatClass type;
  type.name = "Late";
  type.finalize = [](void*) { finalized++; };
  int object = 0;
  CleatRef* ref = nullptr;
  Run([&](CleatEnv* env) {
    CleatScope scope;
    cleat_scope_open(env, &scope);
    EXPECT_NE(cleat_wrap(env, &type, &object), nullptr);
    cleat_scope_close(env, &scope);
    fixture_collect_garbage(env);
    CleatValue* wrapper = cleat_wrap(env, &type, &object);
    EXPECT_EQ(cleat_unwrap(env, wrapper, &type), &object);
    ref = cleat_hold(env, wrapper);
  });
  CollectGarbage();
  EXPECT_EQ(finalized, 0);
  cleat_ref_free(ref);
  CollectGarbage();
  EXPECT_EQ(finalized, 1);
  Close();
  EXPECT_EQ(finalized, 1);
}

TEST_F(ClassTest, EnumerationsAreStrings) {
  EXPECT_EQ(Eval("const e = new Counter(); e.color"), "red");
  EXPECT_EQ(Eval("e.color = 'light-green'; e.color"), "light-green");
  EXPECT_EQ(Eval("e.color = 'pink'; e.color"), "light-green");
  EXPECT_EQ(Eval("e.color = ''; '<' + e.color + '>'"), "<>");
  EXPECT_EQ(Eval("e.paint({ toString() { return 'red' } }); e.color"), "red");
  EXPECT_EQ(Eval("e.paint('pink')"),
            "TypeError: Failed to execute 'paint' on 'Counter': argument 1 is 'pink', which is not a value of the "
            "enumeration 'Color'.");
  EXPECT_EQ(Eval("e.paint(Symbol())"),
            "TypeError: Failed to execute 'paint' on 'Counter': argument 1 is a Symbol, which cannot be converted to a "
            "string.");
  EXPECT_EQ(Eval("e.color = Symbol()"),
            "TypeError: Failed to set the 'color' property on 'Counter': the value is a Symbol, which cannot be "
            "converted to a string.");
  EXPECT_EQ(Eval("e.breakColor(); e.color"), "TypeError: 99 is not a value of the enumeration 'Color'");
}

// What a finalizer could do otherwise would come between two steps of whatever collects or makes objects.
TEST_F(ClassTest, FinalizersCannotRunJavaScript) {
  static CleatRuntime* runtime;
  static std::vector<CleatErrorKind> kinds;
  static CleatClass type;
  runtime = runtime_;
  kinds.clear();
  type.name = "Late";
  type.finalize = [](void*) {
    CleatResult result = cleat_eval(runtime, "globalThis.ran = true", nullptr);
    kinds.push_back(result.error == nullptr ? CLEAT_ERROR_EXCEPTION : cleat_error_kind(result.error));
    cleat_result_free(&result);
    CleatPromise* promise = fixture_take_promise();
    if (promise != nullptr) cleat_promise_resolve_undefined(promise);
  };
  int objects[3];
  Eval("var state = 'pending', ran = false; neverSettled().then(() => state = 'settled'); undefined");
  Run([&](CleatEnv* env) {
    for (int i = 0; i < 2; i++) cleat_wrap(env, &type, &objects[i]);
  });
  CollectGarbage();
  EXPECT_EQ(Eval("state + ran"), "settledfalse");
  Run([&](CleatEnv* env) { cleat_set(env, cleat_global(env), "kept", cleat_wrap(env, &type, &objects[2])); });
  Close();
  EXPECT_EQ(kinds,
            (std::vector<CleatErrorKind>{CLEAT_ERROR_BAD_ARGUMENT, CLEAT_ERROR_BAD_ARGUMENT, CLEAT_ERROR_CLOSED}));
}

}  // namespace
