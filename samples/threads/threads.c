// Four runtimes and a pool of C threads that send each other work: each worker has numbers factored by one of the
// runtimes, through a function handle, while scripts that misbehave reach their limits, which the runtimes survive.
#include <cleat/cleat.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { RUNTIMES = 4, WORKERS = 4, NUMBERS = 200 };

static const char factors[] =
    "(function factors(n) {\n"
    "  const found = [];\n"
    "  for (let p = 2; n > 1; p++) while (n % p === 0) { found.push(p); n /= p; }\n"
    "  return found;\n"
    "})";

typedef struct Office {
  CleatRuntime* runtimes[RUNTIMES];
  CleatResult factors[RUNTIMES];  // each runtime's function, called from any thread
  atomic_int next;                // the next number to be factored
  atomic_int right;               // whose factors multiply to them again
  atomic_int told;                // what the runtimes have sent back
} Office;

// Calls function `which` with `n`, and returns the product of what it gives; 0 where that failed.
static double product_of_factors(Office* office, int which, double n) {
  CleatData* arguments = cleat_data_new_array();
  cleat_data_push(arguments, cleat_data_new_number(n));
  CleatResult result = cleat_data_call(office->factors[which].value, NULL, arguments, NULL);
  double product = result.error == NULL ? 1 : 0;
  for (size_t i = 0; i < cleat_data_length(result.value); i++) {
    product *= cleat_data_number(cleat_data_at(result.value, i));
  }
  cleat_result_free(&result);
  cleat_data_free(arguments);
  return product;
}

// A task on a JavaScript thread, sent by another thread or by another runtime.
static void count(CleatEnv* env, void* office) {
  (void)env;
  atomic_fetch_add(&((Office*)office)->told, 1);
}

// Sends the next runtime a task of its own.
static void pass_on(CleatEnv* env, void* data) {
  Office* office = data;
  for (int i = 0; i < RUNTIMES; i++) {
    if (office->runtimes[i] != cleat_runtime(env)) continue;
    cleat_dispatch(office->runtimes[(i + 1) % RUNTIMES], count, office, NULL);
  }
}

static void* work(void* data) {
  Office* office = data;
  int n;
  while ((n = atomic_fetch_add(&office->next, 1)) < NUMBERS) {
    int which = n % RUNTIMES;
    if (product_of_factors(office, which, n + 2) == n + 2) atomic_fetch_add(&office->right, 1);
    cleat_dispatch(office->runtimes[which], pass_on, office, NULL);
  }
  return NULL;
}

// Runs a script that reaches a limit, prints which, and that the runtime works still.
static int misbehave(CleatRuntime* runtime, const char* what, const char* source, CleatErrorKind expected) {
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = expected == CLEAT_ERROR_TIMEOUT ? 500 : 60000;
  CleatResult result = cleat_eval(runtime, source, &options);
  CleatResult after = cleat_eval(runtime, "6 * 7", NULL);
  bool right =
      result.error != NULL && cleat_error_kind(result.error) == expected && cleat_data_number(after.value) == 42;
  printf("%s: %s; then 6 * 7 is %g\n", what, result.error != NULL ? cleat_error_message(result.error).data : "no error",
         cleat_data_number(after.value));
  cleat_result_free(&result);
  cleat_result_free(&after);
  return right ? 0 : 1;
}

static int open_all(Office* office) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.heap_limit = 32 << 20;
  options.external_limit = 32 << 20;
  for (int i = 0; i < RUNTIMES; i++) {
    CleatError* error = NULL;
    office->runtimes[i] = cleat_open(&options, &error);
    if (office->runtimes[i] == NULL) {
      fprintf(stderr, "%s\n", cleat_error_text(error).data);
      cleat_error_free(error);
      return 1;
    }
    office->factors[i] = cleat_eval(office->runtimes[i], factors, NULL);
  }
  return 0;
}

static int run_all(Office* office) {
  pthread_t workers[WORKERS];
  int started = 0;
  while (started < WORKERS && pthread_create(&workers[started], NULL, work, office) == 0) started++;
  int failures = misbehave(office->runtimes[0], "an endless loop", "for (;;);", CLEAT_ERROR_TIMEOUT);
  failures +=
      misbehave(office->runtimes[1], "a promise that never settles", "new Promise(() => {})", CLEAT_ERROR_TIMEOUT);
  failures += misbehave(office->runtimes[2], "endless recursion", "(function f() { f() })()", CLEAT_ERROR_EXCEPTION);
  failures += misbehave(office->runtimes[3], "a heap that fills", "for (const all = [];;) all.push({ n: all.length })",
                        CLEAT_ERROR_HEAP_LIMIT);
  failures +=
      misbehave(office->runtimes[0], "a buffer that is too large", "new ArrayBuffer(64 << 20)", CLEAT_ERROR_EXCEPTION);
  failures += misbehave(office->runtimes[1], "a loop after an await", "(async () => { await null; for (;;); })()",
                        CLEAT_ERROR_TIMEOUT);
  for (int i = 0; i < started; i++) pthread_join(workers[i], NULL);
  // Once for those that the runtimes pass on, and once for what they are passed.
  for (int i = 0; i < 2 * RUNTIMES; i++) cleat_wait(office->runtimes[i % RUNTIMES], 0);
  printf("%d of %d numbers factored, %d tasks passed on\n", atomic_load(&office->right), NUMBERS,
         atomic_load(&office->told));
  return failures + (started < WORKERS) + (atomic_load(&office->right) != NUMBERS) +
         (atomic_load(&office->told) != NUMBERS);
}

static void close_all(Office* office) {
  for (int i = 0; i < RUNTIMES; i++) {
    cleat_result_free(&office->factors[i]);
    cleat_release(office->runtimes[i]);
  }
}

int main(void) {
  Office office = {0};
  int failures = open_all(&office);
  if (failures == 0) failures = run_all(&office);
  close_all(&office);
  return failures != 0;
}
