// Every function of the public headers, called as it is not to be: with NULL, on the wrong thread, outside of a task,
// while an exception is pending. The list is made of the headers (public_functions.py), so that it has what is added to
// them. Each call is made in a process of its own, and either returns or ends with a line that names the function.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <type_traits>

#include "cleat/attach.h"
#include "cleat/bind.h"
#include "cleat/event.h"
#include "cleat/events.h"
#include "cleat/prelude.h"
#include "core_test.h"

namespace {

// THE LIST

enum class Takes {
  kNothing,
  kNumber,  // or a string
  kRuntime,
  kEnv,
  kCall,     // checked in debug builds only
  kStruct,   // a struct that the caller has declared, which is not checked; or, of fast calls, a value
  kPointer,  // another one
};

struct Function {
  const char* name;
  Takes takes;      // as its first argument
  bool needs_more;  // than nothing as the others, since it is one of glue's, or a promise that is to be settled
  void (*function)();
  void (*call)(void (*function)(), void* first, bool null);

  // Calls it with NULL for all other arguments; or with as little as there can be.
  void WithNull(void* first) const { call(function, first, true); }
  void WithNothing(void* first) const { call(function, first, false); }
};

// A va_list has attributes.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wattributes"
#pragma GCC diagnostic ignored "-Wignored-attributes"

template <class Type, class... Types>
constexpr bool IsOneOf = (std::is_same_v<Type, Types> || ...);

template <class First>
constexpr Takes TakesFirst() {
  using Type = std::remove_cv_t<std::remove_pointer_t<First>>;
  if (!std::is_pointer_v<First>) return Takes::kNumber;
  if (std::is_same_v<Type, CleatRuntime>) return Takes::kRuntime;
  if (std::is_same_v<Type, CleatEnv>) return Takes::kEnv;
  if (std::is_same_v<Type, CleatCall>) return Takes::kCall;
  if (IsOneOf<Type, CleatInput, CleatFrame, CleatIteration, CleatRecording, CleatEvent, CleatValue>) {
    return Takes::kStruct;
  }
  return Takes::kPointer;
}

template <class Argument>
constexpr bool NeedsMore() {
  using Type = std::remove_cv_t<std::remove_pointer_t<Argument>>;
  return IsOneOf<Type, CleatClass, CleatCollection, CleatObservable, CleatPromise, CleatScope, CleatAsyncSequence,
                 CleatAsyncIteration, CleatFeed, CleatFrame> ||
         (std::is_pointer_v<Argument> && std::is_function_v<std::remove_pointer_t<Argument>>);
}

template <class First>
First AsFirst(void* pointer) {
  if constexpr (std::is_pointer_v<First>) {
    return static_cast<First>(pointer);
  } else {
    return First{};
  }
}

// What the other arguments are: NULL for values and functions, for strings and counts nothing, and for all that is read
// or stored by a pointer zeros.
template <class Argument>
Argument Nothing() {
  if constexpr (std::is_pointer_v<Argument> && !std::is_function_v<std::remove_pointer_t<Argument>>) {
    static std::aligned_storage_t<4096> zeros;
    zeros = {};
    return IsOneOf<std::remove_pointer_t<Argument>, CleatValue, const CleatRef> ? nullptr : (Argument)&zeros;
  } else {
    return Argument{};
  }
}

using Any = void (*)();

template <class Result>
Function Of(const char* name, Result (*function)()) {
  auto call = [](Any any, void*, bool) { reinterpret_cast<Result (*)()>(any)(); };
  return {name, Takes::kNothing, false, reinterpret_cast<Any>(function), call};
}

template <class Result, class First, class... Rest>
Function Of(const char* name, Result (*function)(First, Rest...)) {
  auto call = [](Any any, void* first, bool null) {
    auto function = reinterpret_cast<Result (*)(First, Rest...)>(any);
    null ? function(AsFirst<First>(first), Rest{}...) : function(AsFirst<First>(first), Nothing<Rest>()...);
  };
  return {name, TakesFirst<First>(), strstr(name, "_promise_") != nullptr || (NeedsMore<Rest>() || ...),
          reinterpret_cast<Any>(function), call};
}

template <class Result, class First, class... Rest>
Function Of(const char* name, Result (*function)(First, Rest..., ...)) {
  auto call = [](Any any, void* first, bool null) {
    auto function = reinterpret_cast<Result (*)(First, Rest..., ...)>(any);
    null ? function(AsFirst<First>(first), Rest{}...) : function(AsFirst<First>(first), Nothing<Rest>()...);
  };
  return {name, TakesFirst<First>(), strstr(name, "_promise_") != nullptr || (NeedsMore<Rest>() || ...),
          reinterpret_cast<Any>(function), call};
}

#undef cleat_hold
#undef cleat_hold_in
#undef cleat_hold_weak
const Function kFunctions[] = {
#define FUNCTION(name) Of(#name, name),
#include "public_functions.inc"
#undef FUNCTION
};
#pragma GCC diagnostic pop

// IN A PROCESS OF ITS OWN

// Returns what `call` ends with: "" where it returns, the line that it writes before it aborts, or the signal.
std::string Ending(const std::function<void()>& call) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  pid_t child = fork();
  if (child == 0) {
    const rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    dup2(ends[1], STDERR_FILENO);
    for (int signal : {SIGABRT, SIGSEGV, SIGBUS}) std::signal(signal, SIG_DFL);
    alarm(30);
    call();
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) > 0;) text.append(buffer, got);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) return text.substr(0, text.find('\n'));
  return (WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "an exit status") + std::string(": ") + text;
}

template <class Holds>
void ForEach(Takes takes, void* pointer, Holds expect) {
  int count = 0;
  for (const Function& it : kFunctions) {
    // For these NULL is the default.
    if (it.takes != takes || it.name == std::string("cleat_open") || it.name == std::string("cleat_snapshot_create")) {
      continue;
    }
    count++;
    expect(it, Ending([&] { takes == Takes::kCall ? it.WithNothing(pointer) : it.WithNull(pointer); }));
  }
  EXPECT_GT(count, 3);
}

// The function, or the one that it calls, says why.
void ExpectRefused(const Function& it, const std::string& ending, const std::string& why) {
  EXPECT_EQ(ending.find("cleat: cleat_"), 0u) << it.name << " ends with: " << ending;
  EXPECT_EQ(ending.substr(ending.rfind(": ")), ": " + why) << it.name << " ends with: " << ending;
}

TEST(PublicFunctionsDeathTest, RefuseAnEnvThatIsNull) {
  ForEach(Takes::kEnv, nullptr,
          [](const Function& it, const std::string& ending) { ExpectRefused(it, ending, "the CleatEnv is NULL"); });
}

TEST(PublicFunctionsDeathTest, RefuseAnEnvOnAnotherThread) {
  Runtime runtime;
  std::promise<CleatEnv*> here;
  std::promise<void> over;
  runtime.Dispatch([&](CleatEnv* env) {
    here.set_value(env);
    over.get_future().wait();
  });
  ForEach(Takes::kEnv, here.get_future().get(), [](const Function& it, const std::string& ending) {
    ExpectRefused(it, ending, "called on another thread than JavaScript's");
  });
  over.set_value();
}

TEST(PublicFunctionsDeathTest, RefuseAnEnvOutsideOfATask) {
  static CleatEnv* env;
  env = nullptr;
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  auto keep = [](CleatEnv* it, void*) { env = it; };
  auto use = [](void*) {  // on the JavaScript thread, with no task under way
    ForEach(Takes::kEnv, env, [](const Function& it, const std::string& ending) {
      ExpectRefused(it, ending, "called outside of a task or a call");
    });
    env = nullptr;
  };
  cleat_dispatch(runtime, keep, nullptr, nullptr);
  Result(cleat_eval(runtime, "1", nullptr));
  cleat_dispatch_after(runtime, 100000, keep, nullptr, use);
  cleat_release(runtime);
  EXPECT_EQ(env, nullptr) << "it was not dropped";
}

TEST(PublicFunctionsDeathTest, TakeANullPointerOrNameIt) {
  for (Takes takes : {Takes::kPointer, Takes::kRuntime}) {
    ForEach(takes, nullptr, [](const Function& it, const std::string& ending) {
      if (!ending.empty()) ExpectRefused(it, ending, ending.substr(ending.rfind(": ") + 2));
    });
  }
}

#ifdef CLEAT_DEBUG  // others do not look
void ExpectCallsRefused(CleatCall* call) {
  int refused = 0;
  ForEach(Takes::kCall, call, [&](const Function& it, const std::string& ending) {
    // It had no need of the call, or looked at its job first.
    if (ending.empty() || it.name == std::string("cleat_job_start")) return;
    EXPECT_EQ(ending, "cleat: the CleatCall is NULL, or used on another thread than JavaScript's") << it.name;
    refused++;
  });
  EXPECT_GT(refused, 50);
}

TEST(PublicFunctionsDeathTest, RefuseACallThatIsNullOrOnAnotherThread) {
  ExpectCallsRefused(nullptr);
  Runtime runtime;
  static CleatCall* call;
  static std::promise<void>*started, *over;
  std::promise<void> promises[2];
  started = &promises[0];
  over = &promises[1];
  runtime.Dispatch([](CleatEnv* env) {
    auto native = [](CleatCall* it) {
      call = it;
      started->set_value();
      over->get_future().wait();
    };
    cleat_call(env, cleat_function(env, "f", 0, native, nullptr), nullptr, 0, nullptr);
  });
  started->get_future().wait();
  ExpectCallsRefused(call);
  over->set_value();
}
#endif

TEST(PublicFunctionsDeathTest, TakeARuntimeThatIsClosed) {
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  ForEach(Takes::kRuntime, runtime, [](const Function& it, const std::string& ending) {
    if (!ending.empty()) ExpectRefused(it, ending, ending.substr(ending.rfind(": ") + 2));
  });
  cleat_release(runtime);
}

// base.h: all accept NULL where they take a value then.
TEST(PublicFunctions, DoNothingWhileAnExceptionIsPending) {
  Runtime runtime;
  runtime.OnThread([](CleatEnv* env) {
    cleat_throw_error(env, "what is pending");
    for (const Function& it : kFunctions) {
      if (it.takes != Takes::kEnv || it.needs_more) continue;
      SCOPED_TRACE(it.name);
      it.WithNothing(env);
      EXPECT_TRUE(cleat_failed(env));
    }
  });
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"Error: what is pending"});
}

}  // namespace
