// ES modules: evaluated and imported from any thread, loaded by the host at once, later, or never.
#include <map>

#include "cleat/bind.h"
#include "core_test.h"

namespace {

// A host whose modules are a map, which it answers at once or from another thread, or keeps.
class Host {
 public:
  explicit Host(std::map<std::string, std::string> files) : files(std::move(files)) {}
  ~Host() {
    for (std::thread& thread : threads_) thread.join();
  }

  CleatOptions Options() {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.load = Load;
    return options;
  }

  // Answers what was kept.
  void Answer(CleatLoad* load, const std::string& name) {
    auto found = files.find(name);
    if (found == files.end()) {
      cleat_load_fail(load, "there is no file of that name");
    } else {
      cleat_load_answer(load, found->second.data(), found->second.size());
    }
  }

  std::map<std::string, std::string> files;
  bool from_threads = false;
  bool keeps = false;
  std::vector<std::string> asked;
  std::vector<std::pair<CleatLoad*, std::string>> kept;

  static Host* current;

 private:
  // `data` is the Runtime's: tests have one host at a time.
  static void Load(void*, const CleatImport* import, CleatLoad* load) {
    Host* self = current;
    std::string name = Text(import->specifier);
    self->asked.push_back(name + (import->json ? " as JSON" : ""));
    if (self->keeps) {
      self->kept.emplace_back(load, name);
    } else if (self->from_threads) {
      self->threads_.emplace_back([self, load, name] { self->Answer(load, name); });
    } else {
      self->Answer(load, name);
    }
  }

  std::vector<std::thread> threads_;
};
Host* Host::current = nullptr;

class Module : public testing::Test {
 protected:
  // Opens a runtime with these files.
  void Open(std::map<std::string, std::string> files) { Open(std::move(files), CLEAT_OPTIONS_INIT); }
  void Open(std::map<std::string, std::string> files, CleatOptions options) {
    host_ = std::make_unique<Host>(std::move(files));
    Host::current = host_.get();
    options.load = host_->Options().load;
    runtime_ = std::make_unique<Runtime>(options);
  }
  void TearDown() override { runtime_.reset(); }

  CleatResult Eval(const char* source, uint32_t timeout_ms = 0) {
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.name = "main.js";
    options.module = true;
    options.timeout_ms = timeout_ms;
    return cleat_eval(*runtime_, source, &options);
  }
  CleatResult Import(const char* specifier, uint32_t timeout_ms = 0) {
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.timeout_ms = timeout_ms;
    return cleat_import(*runtime_, specifier, &options);
  }

  static double Number(const Result& result, const char* name) {
    EXPECT_EQ(result.text(), "");
    return cleat_data_number(cleat_data_get(result.value(), name));
  }

  std::unique_ptr<Host> host_;
  std::unique_ptr<Runtime> runtime_;
};

TEST_F(Module, ResultIsACopyOfItsNamespace) {
  Open({});
  Result result(Eval("export const a = 1; export function f(x) { return x + a } export default 'd';"));
  EXPECT_EQ(Number(result, "a"), 1);
  EXPECT_EQ(Text(cleat_data_string(cleat_data_get(result.value(), "default"))), "d");
  const CleatData* function = cleat_data_get(result.value(), "f");
  ASSERT_EQ(cleat_data_kind(function), CLEAT_DATA_FUNCTION);
  CleatData* arguments = cleat_data_new_array();
  cleat_data_push(arguments, cleat_data_new_number(41));
  EXPECT_EQ(Result(cleat_data_call(function, nullptr, arguments, nullptr)).number(), 42);
  cleat_data_free(arguments);
}

TEST_F(Module, WithoutAnyNothingCanBeImported) {
  Runtime runtime;
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.module = true;
  options.name = "main.js";
  Result result(cleat_eval(runtime, "\nimport 'x'", &options));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION);
  EXPECT_EQ(result.message(), "Cannot import 'x': this runtime has no modules (imported by main.js:2)");
  EXPECT_EQ(Result(runtime.Eval("import('/etc/passwd').catch(e => e.message)")).string(),
            "Cannot import '/etc/passwd': this runtime has no modules (imported by test.js:1)");
}

TEST_F(Module, ImportsAreLoadedOnceAndShared) {
  Open({{"a.js", "import {list} from './lib/b.js'; import './c.js'; list.push('a'); export {list}"},
        {"c.js", "import {list} from './lib/b.js'; list.push('c');"},
        {"lib/b.js", "import {x} from '../d.js'; export const list = [x];"},
        {"d.js", "export const x = 'd';"}});
  Result result(Import("a.js"));
  ASSERT_EQ(result.text(), "");
  const CleatData* list = cleat_data_get(result.value(), "list");
  EXPECT_EQ(cleat_data_length(list), 3u);
  EXPECT_EQ(Text(cleat_data_string(cleat_data_at(list, 0))), "d");
  EXPECT_EQ(Text(cleat_data_string(cleat_data_at(list, 1))), "c");
  EXPECT_EQ(host_->asked, (std::vector<std::string>{"a.js", "lib/b.js", "c.js", "d.js"}));
  EXPECT_EQ(Number(Result(Eval("import {list} from './a.js'; export const n = list.length")), "n"), 3);
  EXPECT_EQ(host_->asked.size(), 4u);
}

TEST_F(Module, LoadsAreAnsweredFromAnyThread) {
  Open({{"a.js", "import {b} from './b.js'; import {c} from './c.js'; export const a = b + c"},
        {"b.js", "import {d} from './d.js'; export const b = d + 1"},
        {"c.js", "import {d} from './d.js'; export const c = d + 2"},
        {"d.js", "export const d = 10"}});
  host_->from_threads = true;
  EXPECT_EQ(Number(Result(Import("a.js")), "a"), 23);
}

TEST_F(Module, LoadsAreAnsweredAtOnceAfterOthersWereLater) {
  Open({{"a.js", "export {c} from './b.js'"}, {"b.js", "export {c} from './c.js'"}, {"c.js", "export const c = 9"}});
  host_->keeps = true;
  std::promise<double> got;
  ASSERT_TRUE(cleat_import_async(
      *runtime_, "a.js", nullptr,
      [](void* data, CleatResult result) {
        Result owned(result);
        static_cast<std::promise<double>*>(data)->set_value(cleat_data_number(cleat_data_get(owned.value(), "c")));
      },
      &got));
  runtime_->OnThread([](CleatEnv*) {});
  host_->keeps = false;
  ASSERT_EQ(host_->kept.size(), 1u);
  host_->Answer(host_->kept[0].first, "a.js");
  EXPECT_EQ(got.get_future().get(), 9);
}

TEST_F(Module, CyclesAreEvaluatedOnce) {
  Open({{"a.js", "import {b} from './b.js'; export let a = 1; export function get() { return b() }"},
        {"b.js", "import {a} from './a.js'; import './b.js'; export function b() { return a + 1 }"}});
  EXPECT_EQ(Number(Result(Eval("import {get} from './a.js'; export const n = get()")), "n"), 2);
}

TEST_F(Module, TopLevelAwaitIsWaitedFor) {
  Open({{"slow.js", "export const v = await new Promise(r => { globalThis.go = r });"}});
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  std::promise<double> got;
  ASSERT_TRUE(cleat_import_async(
      *runtime_, "slow.js", &options,
      [](void* data, CleatResult result) {
        Result owned(result);
        static_cast<std::promise<double>*>(data)->set_value(cleat_data_number(cleat_data_get(owned.value(), "v")));
      },
      &got));
  while (Result(runtime_->Eval("typeof go")).string() != "function") Sleep(1);
  Result(runtime_->Eval("go(7)"));
  EXPECT_EQ(got.get_future().get(), 7);
}

TEST_F(Module, ScriptsImportDynamically) {
  Open({{"a.js", "export const a = 1"}, {"lib/a.js", "export const a = 2"}});
  EXPECT_EQ(Result(runtime_->Eval("import('./a.js').then(m => m.a)")).number(), 1);
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.name = "lib/script.js";
  EXPECT_EQ(Result(cleat_eval(*runtime_, "import('./a.js').then(m => m.a)", &options)).number(), 2);
  EXPECT_EQ(
      Result(runtime_->Eval("Promise.all([import('./a.js'), import('./a.js')]).then(([x, y]) => x === y)")).value() !=
          nullptr,
      true);
}

TEST_F(Module, DynamicImportEvaluatesInAMicrotask) {
  Open({{"a.js", "order.push('module'); export {}"}});
  Result result(
      runtime_->Eval("globalThis.order = []; const p = import('./a.js'); order.push('script');"
                     "p.then(() => order.join())"));
  EXPECT_EQ(result.string(), "script,module");
}

TEST_F(Module, ErrorsTellTheChainOfImporters) {
  Open({{"a.js", "\n\nimport './b.js'"},
        {"b.js", "\nimport './none.js'"},
        {"bad.js", "let let"},
        {"c.js", "import './bad.js'"},
        {"d.js", "import {no} from './e.js'"},
        {"e.js", "export {}"},
        {"f.js", "\nimport './d.js'"}});
  Result result(Import("a.js"));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION);
  EXPECT_EQ(Text(cleat_error_name(result.error())), "TypeError");
  EXPECT_EQ(result.message(), "Cannot import 'none.js': there is no file of that name (imported by b.js:2, a.js:3)");
  Result bad(Import("c.js"));
  EXPECT_EQ(bad.kind(), CLEAT_ERROR_SYNTAX);
  EXPECT_EQ(bad.message(), "Unexpected strict mode reserved word (imported by c.js:1)");
  EXPECT_EQ(Text(cleat_error_script(bad.error())), "bad.js");
  EXPECT_EQ(cleat_error_line(bad.error()), 1u);
  Result missing(Import("f.js"));
  EXPECT_EQ(missing.kind(), CLEAT_ERROR_SYNTAX);
  EXPECT_EQ(missing.message(),
            "The requested module './e.js' does not provide an export named 'no' (imported by f.js:2)");
  EXPECT_EQ(Text(cleat_error_script(missing.error())), "d.js");
}

TEST_F(Module, ThatCannotBeCompiledIsASyntaxError) {
  Open({});
  Result result(Eval("\nlet ="));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_SYNTAX);
  EXPECT_EQ(cleat_error_line(result.error()), 2u);
  EXPECT_EQ(Text(cleat_error_script(result.error())), "main.js");
  EXPECT_TRUE(runtime_->Uncaught().empty());
}

TEST_F(Module, ThatThrowsGivesItsError) {
  Open({{"a.js", "\n  throw new RangeError('no')"}, {"b.js", "await null; throw new TypeError('late')"}});
  for (int i = 0; i < 2; i++) {
    Result result(Eval("import './a.js'"));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION);
    EXPECT_EQ(result.message(), "no");
    EXPECT_EQ(Text(cleat_error_script(result.error())), "a.js");
    EXPECT_EQ(cleat_error_line(result.error()), 2u);
    EXPECT_EQ(Result(Import("b.js")).message(), "late");
  }
  EXPECT_EQ(host_->asked.size(), 2u);
  EXPECT_EQ(
      Result(runtime_->Eval("import('./a.js').catch(e => import('./a.js').catch(f => e === f))")).value() != nullptr,
      true);
  EXPECT_TRUE(runtime_->Uncaught().empty());
}

TEST_F(Module, RejectedImportThatNobodyHandlesIsReported) {
  Open({{"a.js", "throw new RangeError('no')"}});
  Result(runtime_->Eval("void import('./a.js')"));
  Result(runtime_->Eval("void import('./none.js')"));
  runtime_->OnThread([](CleatEnv*) {});
  EXPECT_EQ(runtime_->Uncaught(),
            (std::vector<std::string>{"RangeError: no",
                                      "TypeError: Cannot import 'none.js': there is no file of that name (imported by "
                                      "test.js:1)"}));
}

TEST_F(Module, WhatFailedToLoadIsTriedAgain) {
  Open({{"a.js", "import {b} from './b.js'; export const a = b"}});
  EXPECT_NE(Result(Import("a.js")).error(), nullptr);
  host_->files["b.js"] = "let let";
  EXPECT_EQ(Result(Import("a.js")).kind(), CLEAT_ERROR_SYNTAX);
  host_->files["b.js"] = "export const c = 1";
  EXPECT_EQ(Result(Import("a.js")).kind(), CLEAT_ERROR_SYNTAX);
  host_->files["b.js"] = "export const b = 5";
  EXPECT_EQ(Number(Result(Import("a.js")), "a"), 5);
}

TEST_F(Module, TimeLimitAppliesToALoaderThatNeverAnswers) {
  Open({{"slow.js", "export const s = 3"}});
  host_->keeps = true;
  Result result(Eval("import './slow.js'", 50));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(result.message(), "the time limit of 50 ms has passed while the module 'slow.js' was being loaded");
  EXPECT_FALSE(cleat_wait(*runtime_, 20));
  host_->Answer(host_->kept[0].first, "slow.js");
  EXPECT_EQ(Number(Result(Import("slow.js")), "s"), 3);
  EXPECT_EQ(host_->asked.size(), 1u);
  EXPECT_TRUE(cleat_wait(*runtime_, 0));
}

TEST_F(Module, TimeLimitAppliesToEvaluation) {
  Open({{"loop.js", "if (!globalThis.ok) { globalThis.ok = true; for (;;); } export const x = 1"}});
  EXPECT_EQ(Result(Eval("import './loop.js'", 50)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Number(Result(Eval("export {x} from './loop.js'")), "x"), 1);
  EXPECT_EQ(Result(Eval("for (;;);", 50)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(Eval("await new Promise(() => {})", 50)).kind(), CLEAT_ERROR_TIMEOUT);
}

TEST_F(Module, TimeLimitAppliesToWhatIsEvaluatedAfterALoad) {
  Open({{"loop.js", "for (;;);"}, {"late.js", "await null; for (;;);"}});
  host_->from_threads = true;
  for (const char* source : {"import './loop.js'", "import './late.js'", "await import('./loop.js')"}) {
    EXPECT_EQ(Result(Eval(source, 100)).kind(), CLEAT_ERROR_TIMEOUT);
    EXPECT_EQ(Result(runtime_->Eval("6 * 7")).number(), 42);
  }
}

TEST_F(Module, ImportInterruptedByATerminationIsDoneByTheNext) {
  Open({{"a.js", "export const a = 1"}});
  EXPECT_EQ(Result(runtime_->Eval("globalThis.p = import('./a.js'); for (;;);", 50)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(runtime_->Eval("import('./a.js').then(m => m.a)")).number(), 1);
  EXPECT_EQ(Result(runtime_->Eval("p.then(m => m.a)")).number(), 1);
}

TEST_F(Module, ClosingLetsGoOfLoadsAndOfWhoWaits) {
  for (bool threads : {false, true}) {
    Open({{"a.js", "export {}"}});
    host_->keeps = true;
    std::promise<int> kind;
    ASSERT_TRUE(cleat_import_async(
        *runtime_, "a.js", nullptr,
        [](void* data, CleatResult result) { static_cast<std::promise<int>*>(data)->set_value(Result(result).kind()); },
        &kind));
    Result(runtime_->Eval("import('./a.js').catch(() => {}); 1"));
    cleat_close(*runtime_, CLEAT_CLOSE_DROP);
    EXPECT_EQ(kind.get_future().get(), CLEAT_ERROR_CLOSED);
    if (threads) runtime_->Release();
    host_->Answer(host_->kept[0].first, "a.js");
    runtime_.reset();
  }
}

TEST_F(Module, ClosingRacesWithAnswers) {
  for (int i = 0; i < 50; i++) {
    Open({{"a.js", "import './b.js'"}, {"b.js", "import './c.js'; await null"}, {"c.js", "export {}"}});
    host_->from_threads = true;
    cleat_import_async(*runtime_, "a.js", nullptr, nullptr, nullptr);
    if (i % 2 == 0) Result(runtime_->Eval("1"));
    runtime_.reset();
    host_.reset();
  }
}

TEST_F(Module, NestedEvaluationsNeedNoWaiting) {
  Open({{"a.js", "export const a = 1"}, {"b.js", "export const b = await 1"}});
  runtime_->OnThread([this](CleatEnv*) {
    EXPECT_EQ(Number(Result(Import("a.js")), "a"), 1);
    EXPECT_EQ(Number(Result(Eval("export {a} from './a.js'")), "a"), 1);
    EXPECT_EQ(Result(Eval("import './none.js'")).message(),
              "Cannot import 'none.js': there is no file of that name (imported by main.js:1)");
    EXPECT_EQ(Result(Import("b.js")).kind(), CLEAT_ERROR_BAD_ARGUMENT);
  });
  EXPECT_EQ(Number(Result(Import("b.js")), "b"), 1);
  EXPECT_TRUE(runtime_->Uncaught().empty());
}

// A native function that imports, called by a module.
CleatRuntime* importing = nullptr;
std::string import_inside(const char* specifier) {
  Result result(cleat_import(importing, specifier, nullptr));
  return result.error() != nullptr ? result.message() : "imported";
}

TEST_F(Module, WhatIsBeingEvaluatedCannotBeEvaluatedInside) {
  Open({{"a.js", "globalThis.said = inside('a.js') + '; ' + inside('b.js') + '; ' + inside('c.js')"},
        {"b.js", "import './a.js'"},
        {"c.js", "export {}"}});
  importing = *runtime_;
  runtime_->OnThread([](CleatEnv* env) {
    auto inside = [](CleatCall* call) {
      CleatEnv* env = cleat_env(call);
      CleatString specifier = {};
      if (!cleat_to_string(env, cleat_arg_any(call, 0), &specifier)) return;
      cleat_return_c_string(call, import_inside(specifier.data).c_str());
    };
    cleat_set(env, cleat_global(env), "inside", cleat_function(env, "inside", 1, inside, nullptr));
  });
  EXPECT_EQ(Result(Import("a.js")).text(), "");
  EXPECT_EQ(Result(runtime_->Eval("said")).string(),
            "Cannot import 'a.js': it is being evaluated; Cannot import 'a.js': it is being evaluated; "
            "imported");
}

TEST_F(Module, NoValueSavesTheCopy) {
  Open({});
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.module = true;
  EXPECT_NE(Result(cleat_eval(*runtime_, "export const w = new WeakMap()", &options)).error(), nullptr);
  options.no_value = true;
  Result result(cleat_eval(*runtime_, "export const w = new WeakMap()", &options));
  EXPECT_EQ(result.text(), "");
  EXPECT_EQ(cleat_data_kind(result.value()), CLEAT_DATA_UNDEFINED);
  options.module = false;
  EXPECT_EQ(cleat_data_kind(Result(cleat_eval(*runtime_, "Symbol()", &options)).value()), CLEAT_DATA_UNDEFINED);
}

TEST_F(Module, EvaluatedFromSourceIsCollected) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.heap_limit = 32 << 20;
  Open({{"a.js", "export const a = 1"}}, options);
  for (int i = 0; i < 300; i++) {
    Result result(Eval("import {a} from './a.js'; const big = new Array(50000).fill(a); export const n = big.length"));
    ASSERT_EQ(Number(result, "n"), 50000);
  }
}

TEST_F(Module, ManyThreadsImportAtOnce) {
  Open({{"a.js", "import './b.js'; globalThis.runs = (globalThis.runs ?? 0) + 1; export const a = 1"},
        {"b.js", "import './a.js'; export {}"}});
  host_->from_threads = true;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; i++) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; n++) {
        Result result(Import("a.js"));
        EXPECT_EQ(Number(result, "a"), 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Result(runtime_->Eval("runs")).number(), 1);
}

TEST_F(Module, LongChainsAreLoadedWithoutRecursion) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 2000; i++) {
    files["m" + std::to_string(i) + ".js"] =
        "import {v as w} from './m" + std::to_string(i + 1) + ".js'; export const v = w + 1";
  }
  files["m2000.js"] = "export const v = 0";
  // V8 links and evaluates by recursion.
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.stack_size = 4 << 20;
  Open(std::move(files), options);
  EXPECT_EQ(Number(Result(Import("m0.js")), "v"), 2000);
}

// RESOLVING

struct Resolved {
  const char* specifier;
  const char* importer;
  const char* name;
};

TEST_F(Module, SpecifiersArePathsBesideTheImporter) {
  const Resolved cases[] = {
      {"./b.js", "a.js", "b.js"},
      {"./b.js", "lib/a.js", "lib/b.js"},
      {"../b.js", "lib/a.js", "b.js"},
      {"../b.js", "a.js", "../b.js"},
      {"../../b.js", "../a.js", "../../../b.js"},
      {"../../b.js", "/x/a.js", "/b.js"},
      {"./x//./y/../b.js", "/q/a.js", "/q/x/b.js"},
      {"/b.js", "lib/a.js", "/b.js"},
      {"/b.js", "https://h/x/a.js", "https://h/b.js"},
      {"./b.js", "https://h/x/a.js", "https://h/x/b.js"},
      {"../../../b.js", "https://h/x/a.js", "https://h/b.js"},
      {"./b.js", "https://h", "https://h/b.js"},
      {"./b.js", "app:lib/a.js", "app:lib/b.js"},
      {"../b.js", "app:a.js", "app:b.js"},
      {"b.js", "lib/a.js", "b.js"},
      {"host:app", "lib/a.js", "host:app"},
      {"./", "lib/a.js", "lib/"},
      {"..x/b.js", "lib/a.js", "..x/b.js"},
  };
  Open({});
  for (const Resolved& it : cases) {
    host_->asked.clear();
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.name = it.importer;
    Result(cleat_import(*runtime_, it.specifier, &options));
    EXPECT_EQ(host_->asked, std::vector<std::string>{it.name}) << it.specifier << " beside " << it.importer;
  }
}

TEST_F(Module, ResolveAnswersFirst) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.resolve = [](void*, const CleatImport* import, CleatResolve* resolve) {
    std::string specifier = Text(import->specifier);
    if (specifier == "lib") cleat_resolve_to(resolve, "vendor/lib.js");
    if (specifier == "secret") cleat_resolve_fail(resolve, "%s may not have it", Text(import->importer).c_str());
  };
  Open({{"vendor/lib.js", "export {x} from './other.js'"}, {"vendor/other.js", "export const x = import.meta.url"}},
       options);
  Result result(Eval("export {x} from 'lib'"));
  EXPECT_EQ(Text(cleat_data_string(cleat_data_get(result.value(), "x"))), "vendor/other.js");
  EXPECT_EQ(Result(Eval("import 'secret'")).message(),
            "Cannot import 'secret': main.js may not have it (imported by main.js:1)");
}

TEST_F(Module, HostAddsToImportMeta) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.import_meta = [](void*, CleatEnv* env, CleatString name, CleatValue* meta) {
    if (Text(name) == "throws.js") return cleat_throw_error(env, "no meta");
    cleat_set(env, meta, "main", cleat_boolean(env, Text(name) == "main.js"));
  };
  Open({{"a.js", "export const m = import.meta"}, {"throws.js", "import.meta"}}, options);
  Result result(
      Eval("import {m} from './a.js'; export const t = [import.meta.main, m.main, m.url, Object.keys(m)].join()"));
  EXPECT_EQ(Text(cleat_data_string(cleat_data_get(result.value(), "t"))), "true,false,a.js,url,main");
  EXPECT_EQ(Result(Import("throws.js")).message(), "no meta");
}

// WHAT A PROGRAM BRINGS ALONG

TEST_F(Module, InMemoryModulesAreFoundFirst) {
  static const CleatModule modules[] = {
      {"app:a.js", "import j from './j.json' assert { type: 'json' }; export const n = j.n + 1", 0, false, nullptr},
      {"app:j.json", "{\"n\": 4}garbage", 8, true, nullptr},
      {"app:bad.json", "{]", 0, true, nullptr},
  };
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.modules = modules;
  options.module_count = 3;
  Open({}, options);
  EXPECT_EQ(Number(Result(Import("app:a.js")), "n"), 5);
  EXPECT_EQ(host_->asked.size(), 0u);
  EXPECT_EQ(
      Result(Eval("import 'app:j.json'")).message(),
      "Cannot import 'app:j.json': it is JSON, and is to be imported with the type \"json\" (imported by main.js:1)");
  EXPECT_EQ(Result(Eval("import 'app:a.js' assert { type: 'json' }")).message(),
            "Cannot import 'app:a.js': it is not JSON (imported by main.js:1)");
  EXPECT_EQ(Result(Eval("import 'app:a.js' assert { type: 'css' }")).message(),
            "Cannot import 'app:a.js': there is no module type 'css' (imported by main.js:1)");
  EXPECT_EQ(Result(runtime_->Eval("import('app:a.js', { assert: { kind: 'x' } }).catch(e => e.message)")).string(),
            "Cannot import 'app:a.js': there is no import assertion 'kind' (imported by test.js:1)");
  Result bad(Eval("\nimport 'app:bad.json' assert { type: 'json' }"));
  EXPECT_EQ(bad.message().find("app:bad.json: "), 0u) << bad.message();
  EXPECT_NE(bad.message().find("(imported by main.js:2)"), std::string::npos) << bad.message();
}

TEST_F(Module, JsonIsLoadedByTheHost) {
  Open({{"data.json", "\xEF\xBB\xBF[1, 2, 3]"}});
  Result result(
      Eval("import d from './data.json' assert { type: 'json' }; import e from './data.json' assert "
           "{ type: 'json' }; export const n = d.length, same = d === e"));
  EXPECT_EQ(Number(result, "n"), 3);
  EXPECT_TRUE(cleat_data_boolean(cleat_data_get(result.value(), "same")));
  EXPECT_EQ(host_->asked, std::vector<std::string>{"data.json as JSON"});
}

std::string OpenFailure(const CleatModule* modules, size_t count) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.modules = modules;
  options.module_count = count;
  CleatError* error = nullptr;
  CleatRuntime* runtime = cleat_open(&options, &error);
  EXPECT_EQ(runtime, nullptr);
  std::string text = error != nullptr ? Text(cleat_error_message(error)) : "";
  cleat_error_free(error);
  return text;
}

TEST_F(Module, OptionsAreChecked) {
  const CleatModule nameless[] = {{nullptr, "", 0, false, nullptr}};
  const CleatModule neither[] = {{"a", nullptr, 0, false, nullptr}};
  const CleatModule both[] = {{"a", "", 0, false, &cleat_console_bindings}};
  const CleatModule twice[] = {{"a", "", 0, false, nullptr}, {"a", "", 0, false, nullptr}};
  EXPECT_EQ(OpenFailure(nameless, 1), "option modules: a name is NULL");
  EXPECT_EQ(OpenFailure(neither, 1), "option modules: 'a' has neither source nor bindings");
  EXPECT_EQ(OpenFailure(both, 1), "option modules: 'a' has both source and bindings");
  EXPECT_EQ(OpenFailure(twice, 2), "option modules: 'a' is given twice");
  EXPECT_EQ(OpenFailure(twice, 0), "option modules: not NULL, but module_count is 0");
  EXPECT_EQ(OpenFailure(nullptr, 1), "option modules: NULL, but module_count is not 0");
}

TEST_F(Module, BindingsAreModules) {
  static const CleatModule modules[] = {
      {"host:timers", nullptr, 0, false, &cleat_timers_bindings},
      {"host:performance", nullptr, 0, false, &cleat_performance_bindings},
      {"host:console", nullptr, 0, false, &cleat_console_bindings},
  };
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.modules = modules;
  options.module_count = 3;
  Open({}, options);
  Result result(
      Eval("import timers, { setTimeout } from 'host:timers';"
           "import host from 'host:performance';"
           "import * as all from 'host:console';"
           "await new Promise(r => setTimeout(r, 1));"
           "export const t = [typeof globalThis.setTimeout, typeof globalThis.console,"
           "  timers.setTimeout === setTimeout, typeof host.performance.now(), Object.keys(all)].join()"));
  EXPECT_EQ(result.text(), "");
  EXPECT_EQ(Text(cleat_data_string(cleat_data_get(result.value(), "t"))),
            "undefined,undefined,true,number,console,default");
}

TEST(ModulePumped, IsDrivenByTheHost) {
  Host host({{"a.js", "import {b} from './b.js'; export const a = await b"}, {"b.js", "export const b = 4"}});
  Host::current = &host;
  host.from_threads = true;
  CleatOptions options = host.Options();
  options.pumped = true;
  Runtime runtime(options);
  Result result(cleat_import(runtime, "a.js", nullptr));
  EXPECT_EQ(cleat_data_number(cleat_data_get(result.value(), "a")), 4) << result.text();
}

}  // namespace
