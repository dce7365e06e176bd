// Runs random.js, each time in a process and a runtime of its own, and prints TAP:
//
//   random FILE [FIRST_SEED LAST_SEED [STEPS]]
//
// The seed also tells what the runtime is like: see `settings`. RANDOM_LOG=1 prints each call, RANDOM_SKIP is a regular
// expression of members to leave alone.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleat/cleat.h"
#include "tests/behaviour/run.h"

typedef struct Settings {
  const char* name;
  bool snapshot;       // opened from one in which the file has run
  size_t heap_limit;   // 0 for the default
  size_t stack_size;   // 0 for the default
  uint32_t slice_ms;   // the time limit of each of many evaluations; 0 for one without a limit
  bool dropped;        // closed with CLEAT_CLOSE_DROP
  bool counts;         // calls, so that none is fast
  uint32_t closed_ms;  // after which another thread closes it; 0 for never
  unsigned may_be;     // kinds of errors that an evaluation may have, besides the heap limit
} Settings;

#define KIND(kind) (1u << (kind))

static const Settings settings[] = {
    {.name = "plain"},
    {.name = "from a snapshot", .snapshot = true},
    {.name = "time limits", .slice_ms = 1, .may_be = KIND(CLEAT_ERROR_TIMEOUT)},
    {.name = "a small heap", .heap_limit = 12 << 20, .dropped = true},
    {.name = "a small stack", .stack_size = 256 << 10},
    {.name = "closed from elsewhere", .closed_ms = 30, .dropped = true, .may_be = KIND(CLEAT_ERROR_CLOSED)},
    {.name = "time limits, then dropped", .slice_ms = 7, .dropped = true, .may_be = KIND(CLEAT_ERROR_TIMEOUT)},
    {.name = "finished from elsewhere", .closed_ms = 30, .may_be = KIND(CLEAT_ERROR_CLOSED)},
    {.name = "counted calls", .counts = true},
};

static void ignore_error(void* data, const CleatError* error) {
  (void)data;
  (void)error;
}

static void ignore_text(void* data, CleatConsoleLevel level, CleatString text) {
  (void)data;
  (void)level;
  (void)text;
}

// Returns whether it has done what it should: everything, or what its limits let it.
static bool evaluate(CleatRuntime* runtime, const Settings* with, uint32_t seed, uint32_t steps, uint32_t limit_ms) {
  char source[128];
  snprintf(source, sizeof(source), "randomCalls(%u, %u)", seed, steps);
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = limit_ms;
  CleatResult result = cleat_eval(runtime, source, &options);
  // Some iterators have no end: their values fill a heap of any size.
  unsigned may_be = with->may_be | KIND(CLEAT_ERROR_HEAP_LIMIT);
  bool good = result.error == NULL || (may_be & KIND(cleat_error_kind(result.error))) != 0;
  if (!good) printf("# %s\n", cleat_error_text(result.error).data);
  cleat_result_free(&result);
  return good;
}

// Says to the script what the environment says.
static void tell(CleatRuntime* runtime) {
  char source[1024];
  const char* skip = getenv("RANDOM_SKIP");
  snprintf(source, sizeof(source), "randomLog = %d; randomSkip = String.raw`%s`;", getenv("RANDOM_LOG") != NULL,
           skip == NULL ? "" : skip);
  CleatResult result = cleat_eval(runtime, source, NULL);
  cleat_result_free(&result);
}

static void* close_it(void* data) {
  const Settings* with = ((void**)data)[1];
  usleep(with->closed_ms * 1000);
  cleat_close(((void**)data)[0], with->dropped ? CLEAT_CLOSE_DROP : CLEAT_CLOSE_FINISH);
  return NULL;
}

static bool run(CleatRuntime* runtime, const Settings* with, uint32_t seed, uint32_t steps) {
  bool good = true;
  tell(runtime);
  pthread_t closer;
  void* data[] = {runtime, (void*)with};
  bool closing = with->closed_ms > 0 && pthread_create(&closer, NULL, close_it, data) == 0;
  if (with->slice_ms == 0) {
    good = evaluate(runtime, with, seed, steps, 0);
  } else {
    for (uint32_t i = 0; i < 20; i++) good &= evaluate(runtime, with, seed + i, steps / 20, with->slice_ms + i);
  }
  if (closing) pthread_join(closer, NULL);
  cleat_close(runtime, with->dropped ? CLEAT_CLOSE_DROP : CLEAT_CLOSE_FINISH);
  return good;
}

static int one(char* file, const Settings* with, uint32_t seed, uint32_t steps) {
  CleatError* error = NULL;
  CleatSnapshot* snapshot = NULL;
  CleatOptions options = *behaviour_options(1, &file);
  if (with->snapshot) {
    snapshot = cleat_snapshot_create(&options, &error);
    if (snapshot == NULL) return behaviour_not_open(error);
    options.scripts = NULL;
    options.script_count = 0;
    options.snapshot = snapshot;
  }
  options.heap_limit = with->heap_limit;
  options.external_limit = with->heap_limit;
  options.stack_size = with->stack_size;
  options.count_calls = with->counts;
  options.uncaught = ignore_error;
  options.handled = ignore_error;
  options.console = ignore_text;
  CleatRuntime* runtime = cleat_open(&options, &error);
  if (runtime == NULL) {
    cleat_snapshot_free(snapshot);
    return behaviour_not_open(error);
  }
  bool good = run(runtime, with, seed, steps);
  cleat_release(runtime);
  cleat_snapshot_free(snapshot);
  return good ? 0 : 1;
}

// In a process of its own, since what the hooks keep in static places is of one runtime; and a crash of one is told
// beside the others.
static bool passes(char* file, const Settings* with, uint32_t seed, uint32_t steps) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) exit(one(file, with, seed, steps));
  int status = 1;
  if (child < 0 || waitpid(child, &status, 0) != child) perror("random");
  if (WIFSIGNALED(status)) printf("# signal %d\n", WTERMSIG(status));
  return status == 0;
}

int main(int count, char** arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: random FILE [FIRST_SEED LAST_SEED [STEPS]]\n");
    return 1;
  }
  uint32_t first = count > 3 ? (uint32_t)strtoul(arguments[2], NULL, 10) : 1;
  uint32_t last = count > 3 ? (uint32_t)strtoul(arguments[3], NULL, 10) : 9;
  uint32_t steps = count > 4 ? (uint32_t)strtoul(arguments[4], NULL, 10) : 500;
  int failures = 0;
  for (uint32_t seed = first; seed <= last; seed++) {
    const Settings* with = &settings[seed % (sizeof(settings) / sizeof(settings[0]))];
    bool good = passes(arguments[1], with, seed, steps);
    if (!good) failures++;
    printf("%s %u - random calls, seed %u, %s\n", good ? "ok" : "not ok", seed - first + 1, seed, with->name);
  }
  return failures == 0 ? 0 : 1;
}
