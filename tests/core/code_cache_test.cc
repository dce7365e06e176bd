// Code caches of scripts and modules: made, taken, and refused with the reason, never with a crash.
#include <random>

#include "cleat/cache.h"
#include "core_test.h"

namespace {

const char kSource[] = "function f(x) { return x * 2 } function unused() { return [1, 2, 3].map(f) } f(21)";
const char kModule[] = "export function f(x) { return x * 2 } export const n = f(21)";

// A cache, kept as bytes.
struct Made {
  std::string bytes;
  CleatCacheUse use;
  double number = 0;
};

// Evaluates in a runtime of its own.
Made Evaluate(const std::string& source, bool module, const std::string* given, bool create) {
  Runtime runtime;
  CleatCodeCache cache = {};
  if (given != nullptr) {
    cache.data = given->data();
    cache.length = given->size();
  }
  cache.create = create;
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.name = "cached.js";
  options.module = module;
  options.code_cache = &cache;
  Result result(cleat_eval(runtime, source.c_str(), &options));
  EXPECT_EQ(result.text(), "");
  Made made = {std::string(static_cast<char*>(cache.made), cache.made_length), cache.use};
  made.number = module ? cleat_data_number(cleat_data_get(result.value(), "n")) : result.number();
  cleat_code_cache_free(&cache);
  EXPECT_EQ(cache.made, nullptr);
  return made;
}

class CodeCache : public testing::TestWithParam<bool> {
 protected:
  bool module() const { return GetParam(); }
  std::string source() const { return module() ? kModule : kSource; }
};

TEST_P(CodeCache, IsTakenWhereTheSourceIsTheSame) {
  Made made = Evaluate(source(), module(), nullptr, true);
  EXPECT_EQ(made.use, CLEAT_CACHE_NONE);
  ASSERT_GT(made.bytes.size(), 100u);
  Made used = Evaluate(source(), module(), &made.bytes, false);
  EXPECT_EQ(used.use, CLEAT_CACHE_TAKEN);
  EXPECT_EQ(used.number, 42);
  EXPECT_EQ(used.bytes.size(), 0u);
}

TEST_P(CodeCache, CanBeMadeAgainOfOneThatWasTaken) {
  Made made = Evaluate(source(), module(), nullptr, true);
  Made again = Evaluate(source(), module(), &made.bytes, true);
  EXPECT_EQ(again.use, CLEAT_CACHE_TAKEN);
  EXPECT_EQ(Evaluate(source(), module(), &again.bytes, false).use, CLEAT_CACHE_TAKEN);
}

TEST_P(CodeCache, OfAnotherSourceIsRefused) {
  Made made = Evaluate(source(), module(), nullptr, true);
  std::string other = source();
  other[other.find("* 2")] = '+';  // V8 itself would not see it: the length is the same
  Made used = Evaluate(other, module(), &made.bytes, false);
  EXPECT_EQ(used.use, CLEAT_CACHE_OTHER_SOURCE);
  EXPECT_EQ(used.number, 23);
  const char both[] = "0";
  Made wrong = Evaluate(both, !module(), nullptr, true);
  EXPECT_EQ(Evaluate(both, module(), &wrong.bytes, false).use, CLEAT_CACHE_OTHER_SOURCE);
}

TEST_P(CodeCache, CutShortIsRefused) {
  Made made = Evaluate(source(), module(), nullptr, true);
  for (size_t length :
       {size_t(0), size_t(1), size_t(20), size_t(63), size_t(64), made.bytes.size() / 2, made.bytes.size() - 1}) {
    std::string cut = made.bytes.substr(0, length);
    Made used = Evaluate(source(), module(), &cut, false);
    EXPECT_EQ(used.use, CLEAT_CACHE_DAMAGED) << length;
    EXPECT_EQ(used.number, 42);
  }
  std::string longer = made.bytes + "x";
  EXPECT_EQ(Evaluate(source(), module(), &longer, false).use, CLEAT_CACHE_DAMAGED);
}

TEST_P(CodeCache, ThatWasChangedIsRefused) {
  Made made = Evaluate(source(), module(), nullptr, true);
  std::mt19937 random(1);
  for (int i = 0; i < 60; i++) {
    std::string changed = made.bytes;
    changed[random() % changed.size()] ^= static_cast<char>(1 << random() % 8);
    Made used = Evaluate(source(), module(), &changed, false);
    EXPECT_NE(used.use, CLEAT_CACHE_NONE);
    EXPECT_NE(used.use, CLEAT_CACHE_TAKEN);
    EXPECT_EQ(used.number, 42);
  }
}

TEST_P(CodeCache, OfAnotherVersionIsRefused) {
  Made made = Evaluate(source(), module(), nullptr, true);
  for (size_t at : {size_t(12), size_t(16)}) {  // V8's tag; the versions
    std::string other = made.bytes;
    other[at] ^= 1;
    EXPECT_EQ(Evaluate(source(), module(), &other, false).use, CLEAT_CACHE_OTHER_VERSION) << at;
  }
}

INSTANTIATE_TEST_SUITE_P(OfBoth, CodeCache, testing::Bool(),
                         [](const auto& info) { return info.param ? "Module" : "Script"; });

TEST(CodeCacheEval, IsNotMadeOfWhatCannotBeCompiled) {
  Runtime runtime;
  CleatCodeCache cache = {};
  cache.create = true;
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.code_cache = &cache;
  for (bool module : {false, true}) {
    options.module = module;
    EXPECT_EQ(Result(cleat_eval(runtime, "let let", &options)).kind(), CLEAT_ERROR_SYNTAX);
    EXPECT_EQ(cache.made, nullptr);
    EXPECT_EQ(cache.use, CLEAT_CACHE_NONE);
  }
  EXPECT_EQ(Result(cleat_import(runtime, "x", &options)).kind(), CLEAT_ERROR_BAD_ARGUMENT);
}

TEST(CodeCacheEval, IsMadeByAnAsynchronousOne) {
  Runtime runtime;
  CleatCodeCache cache = {};
  cache.create = true;
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.code_cache = &cache;
  std::promise<void> done;
  ASSERT_TRUE(cleat_eval_async(
      runtime, kSource, &options,
      [](void* data, CleatResult result) {
        cleat_result_free(&result);
        static_cast<std::promise<void>*>(data)->set_value();
      },
      &done));
  done.get_future().wait();
  EXPECT_NE(cache.made, nullptr);
  cleat_code_cache_free(&cache);
}

// Loads "m.js", with a cache where there is one.
struct Loader {
  std::string cache;
  static void Load(void* data, const CleatImport*, CleatLoad* load) {
    auto* self = static_cast<Loader*>(data);
    cleat_load_answer_cached(load, kModule, sizeof(kModule) - 1, self->cache.empty() ? nullptr : self->cache.data(),
                             self->cache.size());
  }
};

Made LoadWith(const std::string& given) {
  Loader loader = {given};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.data = &loader;
  options.load = Loader::Load;
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  EXPECT_EQ(cleat_data_number(cleat_data_get(Result(cleat_import(runtime, "m.js", nullptr)).value(), "n")), 42);
  struct Asked {
    Made made;
    std::promise<void> done;
  } asked;
  cleat_dispatch(
      runtime,
      [](CleatEnv* env, void* data) {
        auto* asked = static_cast<Asked*>(data);
        CleatCodeCache cache = {};
        EXPECT_FALSE(cleat_module_code_cache(env, "other.js", &cache));
        cache.create = true;
        EXPECT_TRUE(cleat_module_code_cache(env, "m.js", &cache));
        asked->made = {std::string(static_cast<char*>(cache.made), cache.made_length), cache.use};
        cleat_code_cache_free(&cache);
        asked->done.set_value();
      },
      &asked, nullptr);
  asked.done.get_future().wait();
  cleat_release(runtime);
  return asked.made;
}

TEST(CodeCacheLoad, IsGivenWithTheSource) {
  Made first = LoadWith("");
  EXPECT_EQ(first.use, CLEAT_CACHE_NONE);
  ASSERT_GT(first.bytes.size(), 100u);
  EXPECT_EQ(LoadWith(first.bytes).use, CLEAT_CACHE_TAKEN);
  EXPECT_EQ(LoadWith("rubbish").use, CLEAT_CACHE_DAMAGED);
}

}  // namespace
