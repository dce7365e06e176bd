// The global object as something to iterate over, from the Web IDL standard: "iterable", "maplike", "setlike" and
// "asynchronously iterable declarations" of a [Global] interface; and what becomes of several sets of bindings.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cleat/bind.h"
#include "cleat/cleat.h"
#include "scope_entries.h"
#include "scope_items.h"
#include "scope_names.h"
#include "scope_pairs.h"
#include "scope_steps.h"

namespace {

class Runtime {
 public:
  explicit Runtime(std::vector<const CleatBindings*> bindings, std::vector<const char*> capabilities = {}) {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.bindings = bindings.data();
    options.binding_count = bindings.size();
    options.capabilities = capabilities.data();
    options.capability_count = capabilities.size();
    runtime_ = cleat_open(&options, &error_);
  }
  ~Runtime() {
    cleat_release(runtime_);
    cleat_error_free(error_);
  }

  // Why it did not open.
  std::string problem() const { return error_ == nullptr ? "" : cleat_error_text(error_).data; }

  // What `code` gives as JSON, or its error.
  std::string Json(const std::string& code) {
    CleatResult result =
        cleat_eval(runtime_, ("(async () => JSON.stringify(await (" + code + ")))()").c_str(), nullptr);
    std::string text =
        result.error != nullptr ? cleat_error_text(result.error).data : cleat_data_string(result.value).data;
    cleat_result_free(&result);
    return text;
  }

 private:
  CleatRuntime* runtime_ = nullptr;
  CleatError* error_ = nullptr;
};

TEST(Scope, HasPairs) {
  Runtime runtime({&scope_pairs_bindings});
  EXPECT_EQ(runtime.Json("[...globalThis]"), "[[\"first\",1],[\"second\",2]]");
  EXPECT_EQ(runtime.Json("[[...keys()], [...globalThis.values()], [...entries.call(undefined)].length]"),
            "[[\"first\",\"second\"],[1,2],2]");
  EXPECT_EQ(
      runtime.Json("(() => { const seen = []; forEach(function (value, key, scope) { seen.push(value, key, scope === "
                   "globalThis, this.x) }, {x: 3}); return seen })()"),
      "[1,\"first\",true,3,2,\"second\",true,3]");
  EXPECT_EQ(runtime.Json("[entries === globalThis[Symbol.iterator], "
                         "Object.getOwnPropertyDescriptor(globalThis, Symbol.iterator).enumerable, "
                         "Object.getOwnPropertyDescriptor(globalThis, 'keys').enumerable, forEach.length, "
                         "Object.prototype.toString.call(entries())]"),
            "[true,false,true,1,\"[object CleatGlobalScope Iterator]\"]");
  for (const char* wrong : {"{}", "Object.create(globalThis)", "new Proxy(globalThis, {})", "1"}) {
    EXPECT_EQ(
        runtime.Json("(() => { try { entries.call(" + std::string(wrong) + ") } catch (e) { return e.message } })()"),
        "\"Illegal invocation: 'entries' was called on an object that is not a CleatGlobalScope\"")
        << wrong;
  }
}

TEST(Scope, HasEntries) {
  Runtime runtime({&scope_entries_bindings});
  EXPECT_EQ(runtime.Json("[set('a', '1') === globalThis, put('b', 2), get('b'), size, has('c'), [...globalThis]]"),
            "[true,null,2,2,false,[[\"a\",1],[\"b\",2]]]");
  EXPECT_EQ(runtime.Json("[drop('a'), drop('a'), globalThis.delete('b'), size, put('c', 3), dropAll(), size]"),
            "[true,false,true,0,null,null,0]");
  EXPECT_EQ(runtime.Json("globalThis[Symbol.iterator] === entries"), "true");
  EXPECT_EQ(runtime.Json("(() => { try { get.call({}, 'a') } catch (e) { return e instanceof TypeError } })()"),
            "true");
}

TEST(Scope, HasItems) {
  Runtime runtime({&scope_items_bindings});
  EXPECT_EQ(runtime.Json("[include(3), include(5), include(3), size, has(3), [...globalThis], [...keys()]]"),
            "[null,null,null,2,true,[3,5],[3,5]]");
  EXPECT_EQ(runtime.Json("[typeof globalThis.add, globalThis[Symbol.iterator] === globalThis.values]"),
            "[\"undefined\",true]");
}

TEST(Scope, HasSteps) {
  Runtime runtime({&scope_steps_bindings});
  EXPECT_EQ(runtime.Json(
                "(async () => { const seen = []; for await (const it of globalThis) seen.push(it); return seen })()"),
            "[0,1,2]");
  EXPECT_EQ(runtime.Json("(async () => { for await (const it of values(1)) break; return left() })()"), "\"left\"");
  EXPECT_EQ(runtime.Json("globalThis[Symbol.asyncIterator] === values"), "true");
}

// V8 calls native functions without looking whether what runs is to end, and so does the conversion of sequences, as
// long as it takes: an iterator of promises has no end.
TEST(Scope, LimitsHoldWhereAMethodOfAsynchronousIteratorsIsThatOfOthers) {
  const CleatBindings* bindings[] = {&scope_steps_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  options.heap_limit = 64 << 20;
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  ASSERT_NE(runtime, nullptr);
  cleat_dispatch(
      runtime,
      [](CleatEnv* env, void*) {
        auto count = [](CleatCall* call) {
          CLEAT_FRAME(frame);
          CleatInput input = cleat_arg(call, 0, &frame);
          CleatIteration iteration;
          if (!cleat_iterate(&input, 1, &iteration)) return;
          while (cleat_iterate_next(&iteration)) continue;
        };
        cleat_set(env, cleat_global(env), "count", cleat_function(env, "count", 1, count, nullptr));
      },
      nullptr, nullptr);
  for (const char* method : {"next", "return"}) {
    const std::string source =
        "(({ " + std::string(method) +
        ": next }) => count({ [Symbol.iterator]: () => ({ next }) }))(Object.getPrototypeOf(values()))";
    CleatEvalOptions limited = CLEAT_EVAL_OPTIONS_INIT;
    limited.timeout_ms = 50;
    CleatResult result = cleat_eval(runtime, source.c_str(), &limited);
    EXPECT_EQ(cleat_error_kind(result.error), CLEAT_ERROR_TIMEOUT) << method;
    cleat_result_free(&result);
    result = cleat_eval(runtime, source.c_str(), nullptr);
    EXPECT_EQ(cleat_error_kind(result.error), CLEAT_ERROR_HEAP_LIMIT) << method;
    cleat_result_free(&result);
  }
  cleat_release(runtime);
}

// An imported set leaves the global object alone.
TEST(Scope, IsLeftAloneByAModule) {
  CleatModule module = {};
  module.name = "host:pairs";
  module.bindings = &scope_pairs_bindings;
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.modules = &module;
  options.module_count = 1;
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  CleatResult result =
      cleat_eval(runtime,
                 "import('host:pairs').then(({ entries, ...all }) => [Object.keys(all), [...entries()].length, "
                 "typeof globalThis.entries, Symbol.iterator in globalThis, typeof mine].join())",
                 nullptr);
  EXPECT_EQ(result.error, nullptr) << cleat_error_text(result.error).data;
  EXPECT_STREQ(cleat_data_string(result.value).data,
               "default,forEach,hiddenToo,keys,values,2,undefined,false,undefined");
  cleat_result_free(&result);
  cleat_release(runtime);
}

// What is kept of the global object is kept for each of them.
TEST(Scope, HasTheEntriesOfSeveralModules) {
  CleatModule modules[2] = {};
  modules[0].name = "host:entries";
  modules[0].bindings = &scope_entries_bindings;
  modules[1].name = "host:items";
  modules[1].bindings = &scope_items_bindings;
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.modules = modules;
  options.module_count = 2;
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  CleatResult result =
      cleat_eval(runtime,
                 "Promise.all([import('host:entries'), import('host:items')]).then(([map, set]) => { map.put('a', 1); "
                 "set.include(7); const { entries } = map, { values } = set; "
                 "return JSON.stringify([[...entries()], [...values()]]) })",
                 nullptr);
  EXPECT_EQ(result.error, nullptr) << cleat_error_text(result.error).data;
  EXPECT_STREQ(cleat_data_string(result.value).data, "[[[\"a\",1]],[7]]");
  cleat_result_free(&result);
  cleat_release(runtime);
}

TEST(Scope, HasNothingTwice) {
  Runtime runtime({&scope_pairs_bindings, &scope_items_bindings});
  EXPECT_EQ(runtime.problem(), "bad argument: option bindings: 'entries' is in both 'scope_pairs' and 'scope_items'");
}

// The names of a set are found before those of the sets behind it.
TEST(Scope, HasTheNamesOfSeveralSets) {
  const char* const code = "[mine, theirs, both, typeof nobodys]";
  EXPECT_EQ(Runtime({&scope_pairs_bindings, &scope_names_bindings}, {"names"}).Json(code),
            "[\"of pairs\",\"of names\",\"of pairs\",\"undefined\"]");
  EXPECT_EQ(Runtime({&scope_names_bindings, &scope_pairs_bindings}, {"names"}).Json(code),
            "[\"of pairs\",\"of names\",\"of names\",\"undefined\"]");
}

TEST(Scope, HidesMembersOfSeveralSets) {
  Runtime runtime({&scope_pairs_bindings, &scope_names_bindings});
  EXPECT_EQ(runtime.Json("[typeof hidden, typeof hiddenToo, Object.keys(globalThis[Symbol.unscopables]).sort()]"),
            "[\"function\",\"function\",[\"hidden\",\"hiddenToo\"]]");
}

TEST(Scope, HasNoNamesWithoutTheirCapability) {
  Runtime runtime({&scope_names_bindings});
  EXPECT_EQ(runtime.Json("[typeof theirs, 'theirs' in globalThis, "
                         "String(Object.getPrototypeOf(Object.getPrototypeOf(globalThis)))]"),
            "[\"undefined\",false,\"[object Object]\"]");
}

}  // namespace
