// Two sets of bindings whose interfaces have the same names: linked into one program, and imported as two modules.

#include "left/twins.h"

#include "right/twins.h"
#include "tests/core/core_test.h"

namespace {

CleatOptions Options() {
  static const CleatModule kModules[] = {{"host:left", nullptr, 0, false, &left_twins_bindings},
                                         {"host:right", nullptr, 0, false, &right_twins_bindings}};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.modules = kModules;
  options.module_count = 2;
  return options;
}

// What a module that imports both exports as `t`, or its error.
std::string Of(const Runtime& runtime, const std::string& expression) {
  std::string source =
      "import * as left from 'host:left'; import * as right from 'host:right';\n"
      "const tried = body => { try { return body() } catch (e) { return e.message } };\n"
      "const l = new left.Twin({x: 1}), r = new right.Twin({x: 2});\n"
      "export const t = String(" +
      expression + ")";
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.module = true;
  Result result(cleat_eval(runtime, source.c_str(), &options));
  return result.error() != nullptr ? result.message() : Text(cleat_data_string(cleat_data_get(result.value(), "t")));
}

TEST(Twins, EachHasItsOwn) {
  Runtime runtime(Options());
  EXPECT_EQ(Of(runtime, "[Object.keys(left), String(Object.keys(left)) === String(Object.keys(right))]"),
            "Twin,clear,default,delete,entries,forEach,get,has,keys,set,twins,values,true");
  EXPECT_EQ(Of(runtime, "[left.Twin === right.Twin, left.Twin.name, right.Twin.name, typeof globalThis.Twin]"),
            "false,Twin,Twin,undefined");
  EXPECT_EQ(Of(runtime, "[l.x, r.x, left.twins.sum([1, 2]), right.twins.sum([1, 2])]"), "1,200,3,300");
  EXPECT_EQ(Of(runtime, "[l.plus(l), r.plus(r), l.itself() === l, r.both(r).length, r.either(r) === r, r.either('s')]"),
            "2,400,true,2,true,s");
  EXPECT_EQ(Of(runtime, "[l.visit((t, p) => t.x + p.x), r.visit((t, p) => t.x + p.x), [...l], [...r]]"),
            "2,400,x,1,x,200");
  EXPECT_EQ(Of(runtime, "[left.twins.list, right.twins.list, left.twins.list === left.twins.list]"), "1,100,true");
  EXPECT_EQ(Of(runtime, "await Promise.all([l.later(), r.doubled()]).then(([a, b]) => [a === l, b])"), "true,400");
}

// Functions of the global object are called on nothing, and attributes are those of the default export.
TEST(Twins, EachHasItsOwnEntriesAndListsOfTheGlobalObject) {
  Runtime runtime(Options());
  const std::string entries = "(({set, get, keys}) => (set(name, 1), [[...keys()], get('left')]))(set.default)";
  const std::string of_each = "[['left', left], ['right', right]].map(([name, set]) => " + entries + ").join('; ')";
  EXPECT_EQ(Of(runtime, of_each), "left,1; right,");
  const std::string list = "const list = set => Object.getOwnPropertyDescriptor(set.default, 'numbers').get.call(); ";
  const std::string pushed = "(list(left).push(1), list(right).push(2, 3), [...list(left), list(right)].join())";
  EXPECT_EQ(Of(runtime, "(() => { " + list + "return " + pushed + " })()"), "1,2,3");
  EXPECT_EQ(Of(runtime, "(() => { " + list + "return [list(left) === list(left), list(left) === list(right)] })()"),
            "true,false");
  EXPECT_EQ(Of(runtime, "(() => { " + list + "return tried(() => list(left).push('x')) })()"),
            "Failed to set element 1 of 'CleatGlobalScope.numbers': the value is not a finite number.");
}

TEST(Twins, NoneTakesTheOthersObjects) {
  Runtime runtime(Options());
  const std::string wrong = "Failed to execute 'plus' on 'Twin': argument 1 is not a Twin.";
  EXPECT_EQ(Of(runtime, "tried(() => l.plus(r))"), wrong);
  EXPECT_EQ(Of(runtime, "tried(() => r.plus(l))"), wrong);
  EXPECT_EQ(Of(runtime, "tried(() => l.plus.call(r, l))"),
            "Illegal invocation: 'plus' was called on an object that is not a Twin");
  EXPECT_EQ(Of(runtime, "tried(() => l.either(r))"), "[object Twin]");  // as a string
  EXPECT_EQ(Of(runtime, "[l instanceof left.Twin, l instanceof right.Twin]"), "true,false");
}

TEST(Twins, AreNotBothGlobals) {
  static const CleatBindings* const kBindings[] = {&left_twins_bindings, &right_twins_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = kBindings;
  options.binding_count = 2;
  CleatError* error = nullptr;
  EXPECT_EQ(cleat_open(&options, &error), nullptr);
  EXPECT_EQ(Text(cleat_error_message(error)), "option bindings: 'Twin' is in both 'twins' and 'twins'");
  cleat_error_free(error);
}

}  // namespace
