// What is not to be done, and what comes of it: NULL, values out of range, a runtime that is closing or closed, and
// calls from inside. Each is a row of a table.
#include <cstring>

#include "cleat/attach.h"
#include "cleat/bind.h"
#include "cleat/event.h"
#include "core_test.h"

namespace {

// NULL

struct NullCase {
  const char* says;  // the line that the process ends with
  void (*call)();
};

const NullCase kNullCases[] = {
    {"cleat_retain: the runtime is NULL", [] { cleat_retain(nullptr); }},
    {"cleat_data_of: the runtime is NULL", [] { cleat_data_of(nullptr); }},
    {"cleat_dispatch: the runtime is NULL",
     [] {
       cleat_dispatch(
           nullptr, [](CleatEnv*, void*) {}, nullptr, nullptr);
     }},
    {"cleat_dispatch_after: the runtime is NULL",
     [] {
       cleat_dispatch_after(
           nullptr, 1, [](CleatEnv*, void*) {}, nullptr, nullptr);
     }},
    {"cleat_terminate: the runtime is NULL", [] { cleat_terminate(nullptr, "why"); }},
    {"cleat_wait: the runtime is NULL", [] { cleat_wait(nullptr, 1); }},
    {"cleat_statistics: the runtime is NULL",
     [] {
       CleatStatistics statistics = CLEAT_STATISTICS_INIT;
       cleat_statistics(nullptr, &statistics);
     }},
    {"cleat_call_counts: the runtime is NULL", [] { cleat_call_counts(nullptr, nullptr, 0); }},
    {"cleat_suspend: the runtime is NULL", [] { cleat_suspend(nullptr); }},
    {"cleat_resume: the runtime is NULL", [] { cleat_resume(nullptr); }},
    {"cleat_run: the runtime is NULL", [] { cleat_run(nullptr, CLEAT_RUN_NOWAIT); }},
    {"cleat_poll_fd: the runtime is NULL", [] { cleat_poll_fd(nullptr); }},
    {"cleat_poll_timeout: the runtime is NULL", [] { cleat_poll_timeout(nullptr); }},
    {"cleat_close: the runtime is NULL", [] { cleat_close(nullptr, CLEAT_CLOSE_DROP); }},
    {"cleat_close_within: the runtime is NULL", [] { cleat_close_within(nullptr, CLEAT_CLOSE_DROP, 1); }},
    {"cleat_feed_open: the runtime is NULL", [] { cleat_feed_open(nullptr, nullptr); }},
    {"cleat_dispatch: the function to run is NULL",
     [] { cleat_dispatch(cleat_open(nullptr, nullptr), nullptr, nullptr, nullptr); }},
    {"cleat_dispatch_after: the function to run is NULL",
     [] { cleat_dispatch_after(cleat_open(nullptr, nullptr), 1, nullptr, nullptr, nullptr); }},
    {"cleat_close: 7 is no CleatCloseMode",
     [] { cleat_close(cleat_open(nullptr, nullptr), static_cast<CleatCloseMode>(7)); }},
    {"cleat_close_within: 7 is no CleatCloseMode",
     [] { cleat_close_within(cleat_open(nullptr, nullptr), static_cast<CleatCloseMode>(7), 1); }},
    {"cleat_run: the runtime has a thread of its own",
     [] { cleat_run(cleat_open(nullptr, nullptr), CLEAT_RUN_NOWAIT); }},
    {"cleat_run: 7 is no CleatRunMode",
     [] {
       CleatOptions options = CLEAT_OPTIONS_INIT;
       options.pumped = true;
       cleat_run(cleat_open(&options, nullptr), static_cast<CleatRunMode>(7));
     }},
    {"cleat_error_kind: the error is NULL", [] { cleat_error_kind(nullptr); }},
    {"cleat_error_name: the error is NULL", [] { cleat_error_name(nullptr); }},
    {"cleat_error_message: the error is NULL", [] { cleat_error_message(nullptr); }},
    {"cleat_error_text: the error is NULL", [] { cleat_error_text(nullptr); }},
    {"cleat_error_frame: the error is NULL", [] { cleat_error_frame(nullptr, 0); }},
    {"cleat_error_cause: the error is NULL", [] { cleat_error_cause(nullptr); }},
    {"cleat_error_aggregated: the error is NULL", [] { cleat_error_aggregated(nullptr, 0); }},
    {"cleat_error_aggregated_count: the error is NULL", [] { cleat_error_aggregated_count(nullptr); }},
    {"cleat_error_frame_count: the error is NULL", [] { cleat_error_frame_count(nullptr); }},
    {"cleat_error_stack: the error is NULL", [] { cleat_error_stack(nullptr); }},
    {"cleat_error_script: the error is NULL", [] { cleat_error_script(nullptr); }},
    {"cleat_error_line: the error is NULL", [] { cleat_error_line(nullptr); }},
    {"cleat_error_column: the error is NULL", [] { cleat_error_column(nullptr); }},
    {"cleat_error_source_line: the error is NULL", [] { cleat_error_source_line(nullptr); }},
    {"cleat_error_rejection: the error is NULL", [] { cleat_error_rejection(nullptr); }},
    {"cleat_feed_put: the feed is NULL", [] { cleat_feed_put(nullptr, nullptr); }},
    {"cleat_feed_put_wait: the feed is NULL", [] { cleat_feed_put_wait(nullptr, nullptr, 1); }},
    {"cleat_feed_end: the feed is NULL", [] { cleat_feed_end(nullptr); }},
    {"cleat_feed_fail: the feed is NULL", [] { cleat_feed_fail(nullptr, CLEAT_THROW_ERROR, "why"); }},
    {"cleat_load_answer: the load is NULL", [] { cleat_load_answer(nullptr, "", 0); }},
    {"cleat_load_fail: the load is NULL", [] { cleat_load_fail(nullptr, "why"); }},
    {"cleat_resolve_to: the resolve is NULL", [] { cleat_resolve_to(nullptr, "name"); }},
    {"cleat_resolve_fail: the resolve is NULL", [] { cleat_resolve_fail(nullptr, "why"); }},
    {"cleat_inspector_connect: the runtime is NULL",
     [] {
       cleat_inspector_connect(
           nullptr, [](void*, CleatString) {}, nullptr, nullptr);
     }},
    {"cleat_inspector_connect: the function to receive messages is NULL",
     [] { cleat_inspector_connect(cleat_open(nullptr, nullptr), nullptr, nullptr, nullptr); }},
    {"cleat_inspector_send: the session is NULL", [] { cleat_inspector_send(nullptr, "{}", 2); }},
    {"cleat_inspector_stop_waiting: the runtime is NULL", [] { cleat_inspector_stop_waiting(nullptr); }},
    {"cleat_turn_run: the turn is NULL", [] { cleat_turn_run(nullptr); }},
};

// On the JavaScript thread.
struct InsideCase {
  const char* says;
  void (*call)(CleatEnv* env, void* data);
};

const InsideCase kInsideCases[] = {
    {"cleat_feed_value: the feed is NULL", [](CleatEnv* env, void*) { cleat_feed_value(env, nullptr); }},
    {"cleat_module_code_cache: the name is NULL",
     [](CleatEnv* env, void*) {
       CleatCodeCache cache = {};
       cleat_module_code_cache(env, nullptr, &cache);
     }},
    {"cleat_module_code_cache: the code cache is NULL",
     [](CleatEnv* env, void*) { cleat_module_code_cache(env, "a.js", nullptr); }},
    {"cleat_throw_value: the value is NULL", [](CleatEnv* env, void*) { cleat_throw_value(env, nullptr); }},
    {"cleat_try: the function to call is NULL", [](CleatEnv* env, void*) { cleat_try(env, nullptr, nullptr); }},
    {"cleat_function: the function to call is NULL",
     [](CleatEnv* env, void*) { cleat_function(env, "f", 0, nullptr, nullptr); }},
    {"cleat_promise_then: the function to call is NULL",
     [](CleatEnv* env, void*) { cleat_promise_then(env, cleat_object(env), nullptr, nullptr); }},
    {"cleat_abort_signal_add: the signal is NULL",
     [](CleatEnv* env, void*) {
       cleat_abort_signal_add(
           env, nullptr, [](CleatEnv*, void*) {}, nullptr, nullptr);
     }},
    {"cleat_promise_resolve_here: the promise is NULL",
     [](CleatEnv* env, void*) { cleat_promise_reject_value(env, nullptr, cleat_null(env)); }},
};

TEST(BadInputDeathTest, OnTheJavaScriptThreadToo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const InsideCase& it : kInsideCases) {
    EXPECT_DEATH(
        {
          CleatRuntime* runtime = cleat_open(nullptr, nullptr);
          cleat_dispatch(runtime, it.call, nullptr, nullptr);
          cleat_wait(runtime, 0);
        },
        std::string("^cleat: ") + it.says);
  }
}

TEST(BadInputDeathTest, EndsTheProcessWithALineThatNamesFunctionAndArgument) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const NullCase& it : kNullCases) EXPECT_DEATH(it.call(), std::string("^cleat: ") + it.says);
}

TEST(BadInput, IsAnErrorWhereThereIsOneToGive) {
  CleatEvalOptions far = CLEAT_EVAL_OPTIONS_INIT;
  far.line = 1u << 31;
  CleatEvalOptions sizeless = {};
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  const struct {
    const char* says;
    CleatResult result;
  } cases[] = {
      {"argument runtime: NULL", cleat_eval(nullptr, "1", nullptr)},
      {"argument source: NULL", cleat_eval(runtime, nullptr, nullptr)},
      {"option line: more than 2147483647", cleat_eval(runtime, "1", &far)},
      {"option size: not set, or of a newer version whose options are set", cleat_eval(runtime, "1", &sizeless)},
      {"argument source: NULL", cleat_eval_once(nullptr, nullptr)},
      {"argument function: not a function", cleat_data_call(nullptr, nullptr, nullptr, nullptr)},
      {"argument runtime: NULL", cleat_import(nullptr, "a.js", nullptr)},
      {"argument specifier: NULL", cleat_import(runtime, nullptr, nullptr)},
  };
  for (const auto& it : cases) {
    Result result(it.result);
    EXPECT_EQ(result.kind(), CLEAT_ERROR_BAD_ARGUMENT) << it.says;
    EXPECT_EQ(result.message(), it.says);
  }
  EXPECT_FALSE(cleat_eval_async(nullptr, "1", nullptr, nullptr, nullptr));
  EXPECT_FALSE(cleat_eval_async(runtime, nullptr, nullptr, nullptr, nullptr));
  EXPECT_FALSE(cleat_eval_async(runtime, "1", &far, nullptr, nullptr));
  EXPECT_FALSE(cleat_data_call_async(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
  EXPECT_FALSE(cleat_import_async(nullptr, "a.js", nullptr, nullptr, nullptr));
  EXPECT_FALSE(cleat_import_async(runtime, nullptr, nullptr, nullptr, nullptr));
  EXPECT_FALSE(cleat_data_next_async(nullptr, nullptr, nullptr, nullptr));
  EXPECT_FALSE(cleat_data_return_async(nullptr, nullptr, nullptr, nullptr));
  CleatFeedOptions unfit = CLEAT_FEED_OPTIONS_INIT;
  unfit.capacity = SIZE_MAX;
  EXPECT_EQ(cleat_feed_open(runtime, &unfit), nullptr);
  unfit.size = 0;
  EXPECT_EQ(cleat_feed_open(runtime, &unfit), nullptr);
  EXPECT_FALSE(cleat_statistics(runtime, nullptr));
  cleat_release(runtime);
}

TEST(BadInput, WhatFreesAcceptsNull) {
  cleat_release(nullptr);
  cleat_result_free(nullptr);
  cleat_error_free(nullptr);
  cleat_data_free(nullptr);
  cleat_ref_free(nullptr);
  cleat_feed_release(nullptr);
  cleat_snapshot_free(nullptr);
  cleat_code_cache_free(nullptr);
  cleat_inspector_disconnect(nullptr);
  cleat_turn_drop(nullptr);
}

// Those that return false for other reasons too.
TEST(BadInput, NullIsNotAValue) {
  Runtime runtime;
  runtime.OnThread([](CleatEnv* env) {
    void (*const cases[])(CleatEnv * env, void* data) = {
        [](CleatEnv* env, void*) { EXPECT_FALSE(cleat_set(env, cleat_object(env), "a", nullptr)); },
        [](CleatEnv* env, void*) { EXPECT_FALSE(cleat_define(env, cleat_object(env), "a", nullptr)); },
        [](CleatEnv* env, void*) { EXPECT_FALSE(cleat_define_entry(env, nullptr, cleat_null(env), cleat_null(env))); },
        [](CleatEnv* env, void*) { EXPECT_FALSE(cleat_dispatch_event(env, nullptr, cleat_object(env))); },
        [](CleatEnv* env, void*) { EXPECT_EQ(cleat_next_value(env, nullptr, nullptr), nullptr); },
        [](CleatEnv* env, void*) {
          EXPECT_FALSE(cleat_promise_then(
              env, nullptr, [](CleatEnv*, void*, bool, CleatValue*) {}, nullptr));
        },
    };
    for (auto body : cases) {
      CleatError* error = cleat_try(env, body, nullptr);
      EXPECT_TRUE(error != nullptr && Text(cleat_error_message(error)) == "NULL is not a value");
      cleat_error_free(error);
    }
  });
}

TEST(BadInput, ARefThatIsNullHoldsNothing) {
  Runtime runtime;
  runtime.OnThread([](CleatEnv* env) { EXPECT_EQ(cleat_held(env, nullptr), nullptr); });
}

TEST(BadInput, DataTakesNoNullAndNoUnknownKind) {
  EXPECT_EQ(cleat_data_get(nullptr, "a"), nullptr);
  CleatData* object = cleat_data_new_object();
  EXPECT_EQ(cleat_data_get(object, nullptr), nullptr);
  EXPECT_FALSE(cleat_data_set(object, nullptr, cleat_data_new_null()));
  EXPECT_FALSE(cleat_data_set(nullptr, "a", cleat_data_new_null()));
  EXPECT_FALSE(cleat_data_set(object, "a", nullptr));
  EXPECT_EQ(cleat_data_length(object), 0u);
  cleat_data_free(object);
  EXPECT_EQ(cleat_data_new_bytes(static_cast<CleatBytesKind>(99), "abc", 3), nullptr);
  EXPECT_EQ(cleat_data_new_string(nullptr, 3), nullptr);
  CleatData* empty = cleat_data_new_string(nullptr, 0);
  EXPECT_EQ(Text(cleat_data_string(empty)), "");
  cleat_data_free(empty);
  EXPECT_EQ(cleat_data_new_bigint(false, nullptr, 1), nullptr);
  CleatData* zero = cleat_data_new_bigint(true, nullptr, 0);
  int64_t out = 7;
  EXPECT_TRUE(cleat_data_int64(zero, &out));
  EXPECT_EQ(out, 0);
  cleat_data_free(zero);
}

TEST(BadInput, BytesThatAreNoWholeElementsAreARangeError) {
  Runtime runtime;
  runtime.OnThread([](CleatEnv* env) {
    CleatData* bytes = cleat_data_new_bytes(CLEAT_BYTES_FLOAT64, "123456789", 9);
    EXPECT_EQ(cleat_from_data(env, bytes), nullptr);
    cleat_data_free(bytes);
  });
  ASSERT_EQ(runtime.Uncaught().size(), 1u);
  EXPECT_EQ(runtime.Uncaught()[0].find("RangeError"), 0u);
}

// OPTIONS OUT OF RANGE

TEST(BadInput, OptionsOutOfRangeAreNamed) {
  static const CleatScript no_source = {"a.js", nullptr, 0};
  static const char* const no_capability[] = {nullptr};
  static const CleatBindings* const no_bindings[] = {nullptr};
  static const CleatModule no_name[] = {{nullptr, "1", 0, false, nullptr}};
  static const CleatModule no_source_at_all[] = {{"a", nullptr, 0, false, nullptr}};
  static const CleatModule twice[] = {{"a", "1", 0, false, nullptr}, {"a", "2", 0, false, nullptr}};
  static const CleatInspector no_inspector = {};
  static const CleatSnapshot no_snapshot = {nullptr, 0, false};
  const struct {
    const char* says;
    void (*set)(CleatOptions* options);
  } cases[] = {
      {"option size", [](CleatOptions* o) { o->size = 0; }},
      {"option size", [](CleatOptions* o) { o->size = 3; }},
      {"option bindings", [](CleatOptions* o) { o->binding_count = 1; }},
      {"option bindings", [](CleatOptions* o) { o->bindings = no_bindings; }},
      {"option bindings", [](CleatOptions* o) { o->bindings = no_bindings, o->binding_count = 1; }},
      {"option capabilities", [](CleatOptions* o) { o->capability_count = 1; }},
      {"option capabilities", [](CleatOptions* o) { o->capabilities = no_capability, o->capability_count = 1; }},
      {"option scripts", [](CleatOptions* o) { o->script_count = 1; }},
      {"option scripts", [](CleatOptions* o) { o->scripts = &no_source, o->script_count = 1; }},
      {"option heap_limit", [](CleatOptions* o) { o->heap_limit = 1; }},
      {"option heap_limit", [](CleatOptions* o) { o->heap_limit = SIZE_MAX; }},
      {"option heap_initial", [](CleatOptions* o) { o->heap_initial = SIZE_MAX; }},
      {"option heap_initial", [](CleatOptions* o) { o->heap_initial = 4 << 20, o->heap_limit = 2 << 20; }},
      {"option stack_size", [](CleatOptions* o) { o->stack_size = 1; }},
      {"option stack_size", [](CleatOptions* o) { o->stack_size = SIZE_MAX; }},
      {"option stack_size", [](CleatOptions* o) { o->stack_size = SIZE_MAX, o->pumped = true; }},
      {"option modules", [](CleatOptions* o) { o->module_count = 1; }},
      {"option modules", [](CleatOptions* o) { o->modules = no_name, o->module_count = 1; }},
      {"option modules", [](CleatOptions* o) { o->modules = no_source_at_all, o->module_count = 1; }},
      {"option modules", [](CleatOptions* o) { o->modules = twice, o->module_count = 2; }},
      {"option inspector", [](CleatOptions* o) { o->inspector = &no_inspector; }},
      {"option inspector_start", [](CleatOptions* o) { o->inspector_start = static_cast<CleatInspectorStart>(9); }},
      {"option inspector_start", [](CleatOptions* o) { o->inspector_start = CLEAT_INSPECTOR_WAIT; }},
      {"option snapshot", [](CleatOptions* o) { o->snapshot = &no_snapshot; }},
  };
  for (const auto& it : cases) {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    it.set(&options);
    CleatError* error = nullptr;
    EXPECT_EQ(cleat_open(&options, &error), nullptr) << it.says;
    ASSERT_NE(error, nullptr) << it.says;
    EXPECT_EQ(cleat_error_kind(error), CLEAT_ERROR_BAD_ARGUMENT) << it.says;
    EXPECT_EQ(Text(cleat_error_message(error)).find(it.says), 0u) << Text(cleat_error_message(error));
    cleat_error_free(error);
    EXPECT_EQ(cleat_open(&options, nullptr), nullptr) << "without a place for the error";
  }
}

TEST(BadInput, OptionsAtTheirEndsWork) {
  const struct {
    const char* what;
    void (*set)(CleatOptions* options);
  } cases[] = {
      {"timeout_ms", [](CleatOptions* o) { o->timeout_ms = UINT32_MAX; }},
      {"external_limit", [](CleatOptions* o) { o->external_limit = SIZE_MAX; }},
      {"external_limit of 1", [](CleatOptions* o) { o->external_limit = 1; }},
      {"copy_depth", [](CleatOptions* o) { o->copy_depth = SIZE_MAX; }},
      {"copy_bytes", [](CleatOptions* o) { o->copy_bytes = SIZE_MAX; }},
      {"stack_size", [](CleatOptions* o) { o->stack_size = 256 << 10; }},
      {"stack_size of no whole page", [](CleatOptions* o) { o->stack_size = (256 << 10) + 1; }},
      {"name of no character", [](CleatOptions* o) { o->name = ""; }},
      {"name of many characters", [](CleatOptions* o) { o->name = "a name that is longer than threads may have"; }},
  };
  for (const auto& it : cases) {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    it.set(&options);
    Result result(cleat_eval_once("6 * 7", &options));
    EXPECT_EQ(result.number(), 42) << it.what << ": " << result.text();
  }
}

// CLOSED, CLOSING, AND FROM INSIDE

// Calls every function of cleat.h that takes a runtime which does not accept work any more, and checks its answer.
void ExpectRefusals(CleatRuntime* runtime, const CleatData* function) {
  auto run = [](CleatEnv*, void*) { ADD_FAILURE() << "a task ran"; };
  auto drop = [](void*) { ADD_FAILURE() << "what was refused was dropped as well"; };
  auto done = [](void*, CleatResult) { ADD_FAILURE() << "what was refused was done"; };
  EXPECT_FALSE(cleat_dispatch(runtime, run, nullptr, drop));
  EXPECT_FALSE(cleat_dispatch_after(runtime, 1, run, nullptr, drop));
  EXPECT_EQ(Result(cleat_eval(runtime, "1", nullptr)).kind(), CLEAT_ERROR_CLOSED);
  EXPECT_FALSE(cleat_eval_async(runtime, "1", nullptr, done, nullptr));
  EXPECT_EQ(Result(cleat_data_call(function, nullptr, nullptr, nullptr)).kind(), CLEAT_ERROR_CLOSED);
  EXPECT_FALSE(cleat_data_call_async(function, nullptr, nullptr, nullptr, done, nullptr));
  EXPECT_EQ(Result(cleat_import(runtime, "a.js", nullptr)).kind(), CLEAT_ERROR_CLOSED);
  EXPECT_FALSE(cleat_import_async(runtime, "a.js", nullptr, done, nullptr));
  EXPECT_EQ(cleat_feed_open(runtime, nullptr), nullptr);
  EXPECT_EQ(cleat_inspector_connect(
                runtime, [](void*, CleatString) { ADD_FAILURE() << "a message came"; }, nullptr, nullptr),
            nullptr);
  EXPECT_FALSE(cleat_wait(runtime, 1));
  cleat_terminate(runtime, "nothing runs");
  CleatStatistics statistics = CLEAT_STATISTICS_INIT;
  EXPECT_TRUE(cleat_statistics(runtime, &statistics));
  EXPECT_EQ(cleat_call_counts(runtime, nullptr, 0), 0u);
  cleat_suspend(runtime);
  EXPECT_TRUE(cleat_resume(runtime));
  EXPECT_FALSE(cleat_resume(runtime));
  EXPECT_EQ(cleat_poll_fd(runtime), -1);
  EXPECT_EQ(cleat_data_of(runtime), nullptr);
  cleat_release(cleat_retain(runtime));
}

TEST(AfterClose, EveryFunctionHasItsAnswer) {
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  Result function(cleat_eval(runtime, "() => 1", nullptr));
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  for (CleatCloseMode mode : {CLEAT_CLOSE_DROP, CLEAT_CLOSE_FINISH}) {
    ExpectRefusals(runtime, function.value());
    cleat_close(runtime, mode);
    EXPECT_TRUE(cleat_close_within(runtime, mode, 0));
  }
  cleat_release(runtime);
}

TEST(DuringClose, EveryFunctionHasItsAnswerOnAnyThread) {
  struct Data {
    CleatRuntime* runtime;
    const CleatData* function;
    std::promise<void> started, go_on;
  } data;
  data.runtime = cleat_open(nullptr, nullptr);
  Result function(cleat_eval(data.runtime, "() => 1", nullptr));
  data.function = function.value();
  cleat_dispatch(
      data.runtime,
      [](CleatEnv*, void* pointer) {
        static_cast<Data*>(pointer)->started.set_value();
        static_cast<Data*>(pointer)->go_on.get_future().wait();
      },
      &data, nullptr);
  cleat_dispatch(
      data.runtime, [](CleatEnv*, void*) { ADD_FAILURE() << "it was to be dropped"; }, &data,
      [](void* pointer) {  // on the JavaScript thread, with no task under way
        Data* data = static_cast<Data*>(pointer);
        ExpectRefusals(data->runtime, data->function);
        cleat_close(data->runtime, CLEAT_CLOSE_FINISH);
        EXPECT_FALSE(cleat_close_within(data->runtime, CLEAT_CLOSE_DROP, 1));
      });
  data.started.get_future().wait();
  EXPECT_FALSE(cleat_close_within(data.runtime, CLEAT_CLOSE_DROP, 0));
  ExpectRefusals(data.runtime, data.function);
  data.go_on.set_value();
  cleat_close(data.runtime, CLEAT_CLOSE_DROP);
  cleat_release(data.runtime);
}

// A feed, an async iterable and a session that were there before.
TEST(AfterClose, WhatWasOpenedBeforeHasItsAnswer) {
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  Result iterable(cleat_eval(runtime, "(async function* () { yield 1 })()", nullptr));
  CleatFeed* feed = cleat_feed_open(runtime, nullptr);
  ASSERT_NE(feed, nullptr);
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(Result(cleat_data_next(iterable.value(), nullptr)).kind(), CLEAT_ERROR_CLOSED);
  EXPECT_EQ(Result(cleat_data_return(iterable.value(), nullptr)).kind(), CLEAT_ERROR_CLOSED);
  CleatData* value = cleat_data_new_number(1);
  EXPECT_EQ(cleat_feed_put(feed, value), CLEAT_FEED_OVER);
  EXPECT_EQ(cleat_feed_put_wait(feed, value, 0), CLEAT_FEED_OVER);
  cleat_data_free(value);
  cleat_feed_end(feed);
  cleat_feed_fail(feed, CLEAT_THROW_ERROR, "too late");
  cleat_feed_release(feed);
  cleat_release(runtime);
}

TEST(FromInside, EveryFunctionHasItsAnswer) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv* env) {
    CleatRuntime* inside = cleat_runtime(env);
    EXPECT_EQ(Result(cleat_eval(inside, "6 * 7", nullptr)).number(), 42);
    EXPECT_FALSE(cleat_wait(inside, 1)) << "it would wait for itself";
    CleatStatistics statistics = CLEAT_STATISTICS_INIT;
    EXPECT_TRUE(cleat_statistics(inside, &statistics));
    cleat_suspend(inside);
    EXPECT_EQ(Result(cleat_eval(inside, "6 * 7", nullptr)).number(), 42) << "what runs goes on";
    EXPECT_TRUE(cleat_resume(inside));
    cleat_release(cleat_retain(inside));
    EXPECT_FALSE(cleat_close_within(inside, CLEAT_CLOSE_FINISH, 1)) << "it only begins";
    EXPECT_EQ(Result(cleat_eval(inside, "6 * 7", nullptr)).number(), 42) << "its own task goes on";
  });
}

TEST(Close, FromTheConsoleFunctionALeakReportAndTheHandledFunction) {
  static const CleatBindings* const bindings[] = {&cleat_console_bindings};
  static CleatRuntime* runtime;
  static std::atomic<int> leaked;
  leaked = 0;
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  options.console = [](void*, CleatConsoleLevel, CleatString) { cleat_close(runtime, CLEAT_CLOSE_DROP); };
  options.leaked = [](void*, CleatString) {
    leaked++;
    cleat_close(runtime, CLEAT_CLOSE_DROP);
  };
  runtime = cleat_open(&options, nullptr);
  CleatResult kept = cleat_eval(runtime, "() => 1", nullptr);
  EXPECT_EQ(Result(cleat_eval(runtime, "console.log('closes'); 'goes on'", nullptr)).string(), "goes on");
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(leaked, 1);
  cleat_result_free(&kept);
  cleat_release(runtime);
}

}  // namespace
