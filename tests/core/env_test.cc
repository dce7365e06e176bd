// The environment: its values, its memory, and its misuse.
#include <cmath>

#include "core_test.h"

namespace {

class EnvTest : public testing::Test {
 protected:
  Runtime runtime_;
};

TEST_F(EnvTest, KnowsItsRuntime) {
  runtime_.OnThread([&](CleatEnv* env) { EXPECT_EQ(cleat_runtime(env), static_cast<CleatRuntime*>(runtime_)); });
}

TEST_F(EnvTest, AllocatesUntilTheTaskEnds) {
  runtime_.OnThread([](CleatEnv* env) {
    for (size_t size : {size_t{0}, size_t{1}, size_t{300}, size_t{1000000}}) {
      auto* memory = static_cast<char*>(cleat_allocate(env, size));
      ASSERT_NE(memory, nullptr);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % alignof(max_align_t), 0u);
      memset(memory, 1, size);
    }
  });
}

TEST_F(EnvTest, AllocatingTooMuchThrows) {
  runtime_.OnThread([](CleatEnv* env) { EXPECT_EQ(cleat_allocate(env, SIZE_MAX), nullptr); });
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"RangeError: out of memory"});
}

TEST_F(EnvTest, ScopesGiveValuesUp) {
  runtime_.OnThread([](CleatEnv* env) {
    CleatValue* array = cleat_array(env);
    for (uint32_t i = 0; i < 10000; i++) {
      CleatScope scope;
      cleat_scope_open(env, &scope);
      cleat_set_index(env, array, i, cleat_number(env, i));
      cleat_scope_close(env, &scope);
    }
    EXPECT_EQ(cleat_array_length(env, array), 10000u);
  });
}

TEST_F(EnvTest, TypesAreThoseOfTheStandard) {
  runtime_.OnThread([](CleatEnv* env) {
    EXPECT_EQ(cleat_type(env, nullptr), CLEAT_TYPE_UNDEFINED);
    EXPECT_EQ(cleat_type(env, cleat_undefined(env)), CLEAT_TYPE_UNDEFINED);
    EXPECT_EQ(cleat_type(env, cleat_null(env)), CLEAT_TYPE_NULL);
    EXPECT_EQ(cleat_type(env, cleat_boolean(env, true)), CLEAT_TYPE_BOOLEAN);
    EXPECT_EQ(cleat_type(env, cleat_number(env, 1)), CLEAT_TYPE_NUMBER);
    EXPECT_EQ(cleat_type(env, cleat_bigint_uint64(env, 1)), CLEAT_TYPE_BIGINT);
    EXPECT_EQ(cleat_type(env, cleat_c_string(env, "s")), CLEAT_TYPE_STRING);
    EXPECT_EQ(cleat_type(env, cleat_object(env)), CLEAT_TYPE_OBJECT);
    EXPECT_EQ(cleat_type(env, cleat_c_string(env, nullptr)), CLEAT_TYPE_NULL);
    EXPECT_TRUE(cleat_is_array(env, cleat_array(env)));
    EXPECT_FALSE(cleat_is_array(env, nullptr));
    EXPECT_TRUE(cleat_is_array_buffer(env, cleat_array_buffer(env, nullptr, 2)));
    EXPECT_TRUE(cleat_is_array_buffer_view(env, cleat_uint8_array(env, "ab", 2)));
    EXPECT_TRUE(cleat_is_same(env, cleat_number(env, 1), cleat_number(env, 1)));
    EXPECT_FALSE(cleat_is_same(env, cleat_number(env, NAN), cleat_number(env, NAN)));
    EXPECT_FALSE(cleat_is_same(env, nullptr, nullptr));
  });
}

TEST_F(EnvTest, ToInt32IsModuloTwoToThe32) {
  runtime_.OnThread([](CleatEnv* env) {
    auto convert = [&](double number) {
      int32_t out = 77;
      EXPECT_TRUE(cleat_to_int32(env, cleat_number(env, number), &out));
      return out;
    };
    EXPECT_EQ(convert(-1.9), -1);
    EXPECT_EQ(convert(4294967297.0), 1);
    EXPECT_EQ(convert(2147483648.0), INT32_MIN);
    EXPECT_EQ(convert(-2147483649.0), INT32_MAX);
    EXPECT_EQ(convert(NAN), 0);
    EXPECT_EQ(convert(INFINITY), 0);
    EXPECT_EQ(convert(1e300), 0);
  });
}

TEST_F(EnvTest, GetsSetsCallsAndConstructs) {
  runtime_.OnThread([](CleatEnv* env) {
    CleatValue* object = cleat_object(env);
    EXPECT_TRUE(cleat_set(env, object, "x", cleat_number(env, 3)));
    double number = 0;
    EXPECT_TRUE(cleat_to_number(env, cleat_get(env, object, "x"), &number));
    EXPECT_EQ(number, 3);
    bool has = false;
    EXPECT_TRUE(cleat_has(env, object, "x", &has) && has);
    EXPECT_EQ(cleat_array_length(env, cleat_keys(env, object)), 1u);
    CleatValue* math = cleat_get(env, cleat_global(env), "Math");
    CleatValue* arguments[] = {cleat_number(env, 2), cleat_number(env, 10)};
    EXPECT_TRUE(cleat_to_number(env, cleat_call(env, cleat_get(env, math, "pow"), math, 2, arguments), &number));
    EXPECT_EQ(number, 1024);
    EXPECT_TRUE(cleat_is_map(env, cleat_construct(env, cleat_get(env, cleat_global(env), "Map"), 0, nullptr)));
    const uint16_t units[] = {0x68, 0xE9};
    CleatString text;
    EXPECT_TRUE(cleat_to_string(env, cleat_string_utf16(env, units, 2), &text));
    EXPECT_EQ(Text(text), "h\xC3\xA9");
    uint8_t* bytes;
    size_t length;
    EXPECT_TRUE(cleat_bytes(env, cleat_uint8_array(env, "abc", 3), &bytes, &length));
    EXPECT_EQ(std::string(reinterpret_cast<char*>(bytes), length), "abc");
    EXPECT_FALSE(cleat_bytes(env, object, &bytes, &length));
    EXPECT_FALSE(cleat_failed(env));
  });
}

TEST_F(EnvTest, CallingWhatIsNoFunctionIsATypeError) {
  runtime_.OnThread([](CleatEnv* env) { EXPECT_EQ(cleat_call(env, cleat_object(env), nullptr, 0, nullptr), nullptr); });
  EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>{"TypeError: the value is not a function"});
}

TEST_F(EnvTest, HeldValuesAreTheSameLater) {
  CleatRef* ref = nullptr;
  runtime_.OnThread([&](CleatEnv* env) {
    CleatValue* object = cleat_object(env);
    cleat_set(env, cleat_global(env), "kept", object);
    ref = cleat_hold(env, object);
  });
  runtime_.OnThread([&](CleatEnv* env) {
    EXPECT_TRUE(cleat_is_same(env, cleat_held(env, ref), cleat_get(env, cleat_global(env), "kept")));
  });
  cleat_ref_free(ref);
}

TEST_F(EnvTest, TellsItsVersions) {
  EXPECT_NE(std::string(cleat_version()), "");
  EXPECT_NE(std::string(cleat_engine_version()).find('.'), std::string::npos);
}

// MISUSE

class MisuseDeathTest : public testing::Test {
 protected:
  MisuseDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(MisuseDeathTest, AnEnvironmentOnAnotherThreadNamesTheFunction) {
  auto misuse = [] {
    Runtime runtime;
    CleatEnv* env = nullptr;
    runtime.OnThread([&](CleatEnv* given) { env = given; });
    cleat_number(env, 1);
  };
  EXPECT_DEATH(misuse(), "^cleat: cleat_number: called on another thread than JavaScript's");
}

TEST_F(MisuseDeathTest, AnEnvironmentOutsideOfATaskNamesTheFunction) {
  auto misuse = [] {
    static CleatEnv* env = nullptr;
    Runtime runtime;
    std::promise<void> go;
    runtime.OnThread([&](CleatEnv* given) { env = given; });
    runtime.Dispatch([&](CleatEnv*) { go.get_future().wait(); });
    runtime.Dispatch([](CleatEnv*) {}, [] { cleat_object(env); });
    std::thread closer([&] { cleat_close(runtime, CLEAT_CLOSE_DROP); });
    runtime.WaitUntilClosing();
    go.set_value();
    closer.join();
  };
  EXPECT_DEATH(misuse(), "^cleat: cleat_object: called outside of a task or a call");
}

// Every function of value.h that takes an environment.
struct EnvCall {
  const char* name;
  void (*call)(CleatEnv* env);
};
#define ENV_CALL(function, ...)                                                        \
  {                                                                                    \
#function, [](CleatEnv * env) { static_cast<void>(function(env, ##__VA_ARGS__)); } \
  }
#undef cleat_hold
#undef cleat_hold_weak

CleatScope scope;
double number;
int32_t int32;
int64_t int64;
bool flag;
CleatString text;
uint8_t* bytes;
size_t length;

const EnvCall kEnvCalls[] = {
    ENV_CALL(cleat_runtime),
    ENV_CALL(cleat_global),
    ENV_CALL(cleat_allocate, 1),
    ENV_CALL(cleat_scope_open, &scope),
    ENV_CALL(cleat_scope_close, &scope),
    ENV_CALL(cleat_adjust_memory, 1),
    ENV_CALL(cleat_undefined),
    ENV_CALL(cleat_null),
    ENV_CALL(cleat_boolean, true),
    ENV_CALL(cleat_number, 1),
    ENV_CALL(cleat_bigint_int64, 1),
    ENV_CALL(cleat_bigint_uint64, 1),
    ENV_CALL(cleat_string, CLEAT_STRING("a")),
    ENV_CALL(cleat_c_string, "a"),
    ENV_CALL(cleat_string_utf16, nullptr, 0),
    ENV_CALL(cleat_object),
    ENV_CALL(cleat_array),
    ENV_CALL(cleat_array_of, nullptr, 0),
    ENV_CALL(cleat_array_buffer, nullptr, 0),
    ENV_CALL(cleat_uint8_array, nullptr, 0),
    ENV_CALL(cleat_function, "f", 0, nullptr, nullptr),
    ENV_CALL(cleat_type, nullptr),
    ENV_CALL(cleat_is_function, nullptr),
    ENV_CALL(cleat_is_array, nullptr),
    ENV_CALL(cleat_is_error, nullptr),
    ENV_CALL(cleat_is_promise, nullptr),
    ENV_CALL(cleat_is_array_buffer, nullptr),
    ENV_CALL(cleat_is_array_buffer_view, nullptr),
    ENV_CALL(cleat_is_date, nullptr),
    ENV_CALL(cleat_is_map, nullptr),
    ENV_CALL(cleat_is_set, nullptr),
    ENV_CALL(cleat_is_regexp, nullptr),
    ENV_CALL(cleat_is_proxy, nullptr),
    ENV_CALL(cleat_is_same, nullptr, nullptr),
    ENV_CALL(cleat_to_boolean, nullptr),
    ENV_CALL(cleat_to_number, nullptr, &number),
    ENV_CALL(cleat_to_int32, nullptr, &int32),
    ENV_CALL(cleat_to_int64, nullptr, &int64, &flag),
    ENV_CALL(cleat_to_string, nullptr, &text),
    ENV_CALL(cleat_bytes, nullptr, &bytes, &length),
    ENV_CALL(cleat_get, nullptr, "x"),
    ENV_CALL(cleat_set, nullptr, "x", nullptr),
    ENV_CALL(cleat_get_value, nullptr, nullptr),
    ENV_CALL(cleat_set_value, nullptr, nullptr, nullptr),
    ENV_CALL(cleat_get_index, nullptr, 0),
    ENV_CALL(cleat_set_index, nullptr, 0, nullptr),
    ENV_CALL(cleat_has, nullptr, "x", &flag),
    ENV_CALL(cleat_keys, nullptr),
    ENV_CALL(cleat_array_length, nullptr),
    ENV_CALL(cleat_call, nullptr, nullptr, 0, nullptr),
    ENV_CALL(cleat_construct, nullptr, 0, nullptr),
    ENV_CALL(cleat_run_script, "1", 1, "a.js", 1),
    ENV_CALL(cleat_new_error, CLEAT_THROW_ERROR, CLEAT_STRING("a")),
    ENV_CALL(cleat_throw_value, nullptr),
    ENV_CALL(cleat_throw, CLEAT_THROW_ERROR, "a"),
    ENV_CALL(cleat_throw_error, "a"),
    ENV_CALL(cleat_throw_type, "a"),
    ENV_CALL(cleat_throw_range, "a"),
    ENV_CALL(cleat_new_dom_exception, "AbortError", CLEAT_STRING("a")),
    ENV_CALL(cleat_throw_dom, "AbortError", "a"),
    ENV_CALL(cleat_failed),
    ENV_CALL(cleat_try, nullptr, nullptr),
    ENV_CALL(cleat_hold, nullptr),
    ENV_CALL(cleat_hold_weak, nullptr),
    ENV_CALL(cleat_held, nullptr),
    ENV_CALL(cleat_to_data, nullptr),
    ENV_CALL(cleat_from_data, nullptr),
    ENV_CALL(cleat_feed_value, nullptr),
    ENV_CALL(cleat_module_code_cache, nullptr, nullptr),
};

TEST_F(MisuseDeathTest, ANullEnvironmentNamesTheFunction) {
  GTEST_FLAG_SET(death_test_style, "fast");
  for (const EnvCall& it : kEnvCalls) {
    EXPECT_DEATH(it.call(nullptr), std::string("^cleat: ") + it.name + ": the CleatEnv is NULL");
  }
}

// The process is forked with another thread having been JavaScript's.
TEST_F(MisuseDeathTest, EveryFunctionOnAnotherThreadIsNamed) {
  GTEST_FLAG_SET(death_test_style, "fast");
  Runtime runtime;
  CleatEnv* env = nullptr;
  runtime.OnThread([&](CleatEnv* given) { env = given; });
  for (const EnvCall& it : kEnvCalls) {
    EXPECT_DEATH(it.call(env), std::string("cleat: ") + it.name + ": called on another thread than JavaScript's");
  }
}

TEST_F(MisuseDeathTest, ARefOfAnotherRuntime) {
  auto misuse = [] {
    Runtime a, b;
    CleatRef* ref = nullptr;
    a.OnThread([&](CleatEnv* env) { ref = cleat_hold(env, cleat_object(env)); });
    b.OnThread([&](CleatEnv* env) { cleat_held(env, ref); });
  };
  EXPECT_DEATH(misuse(), "^cleat: cleat_held: the ref is of another runtime");
}

}  // namespace
