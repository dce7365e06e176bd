// Measures Cleat beside the same work by hand and beside what no library can beat, in one process and one run.
//
//   bench [--json] [--filter TEXT] [--svg FILE] [--rounds N] [--slice MICROSECONDS]
//
// Prints a table with the aim beside each ratio, and marks what misses it. --json prints the same for programs,
// --filter takes the paths with TEXT in their names, --svg draws a chart too. Exit status 1 where a path could not be
// measured.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hooks.h"
#include "report.h"
#include "runtime_rows.h"

typedef struct Options {
  const char* filter;
  const char* svg;
  int rounds;
  int slice_us;
} Options;

static _Noreturn void usage(void) {
  fprintf(stderr, "usage: bench [--json] [--filter TEXT] [--svg FILE] [--rounds N] [--slice MICROSECONDS]\n");
  exit(2);
}

static int positive(const char* text) {
  char* end;
  long value = strtol(text, &end, 10);
  if (*end != '\0' || value < 1 || value > 1000000) usage();
  return (int)value;
}

static Options parse(int count, char** arguments) {
  Options options = {.filter = "", .rounds = 21, .slice_us = 3000};
  for (int i = 1; i < count; i++) {
    if (strcmp(arguments[i], "--json") == 0) {
      bench_json = true;
      continue;
    }
    if (i + 1 == count) usage();
    const char* value = arguments[i + 1];
    if (strcmp(arguments[i], "--filter") == 0) {
      options.filter = value;
    } else if (strcmp(arguments[i], "--svg") == 0) {
      options.svg = value;
    } else if (strcmp(arguments[i], "--rounds") == 0) {
      options.rounds = positive(value);
    } else if (strcmp(arguments[i], "--slice") == 0) {
      options.slice_us = positive(value);
    } else {
      usage();
    }
    i++;
  }
  return options;
}

// WHAT bench.js IS GIVEN

static void js_now(CleatCall* call) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  cleat_return_double(call, (double)now.tv_sec * 1e9 + (double)now.tv_nsec);
}

// flat(unit, length): a string in one piece, which `repeat` would not give.
static void js_flat(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatString unit;
  double length;
  if (!cleat_arg_dom_string(call, 0, &frame, &unit) || !cleat_arg_double(call, 1, &length)) return;
  char* text = malloc(unit.length * (size_t)length);
  for (size_t i = 0; i < (size_t)length; i++) memcpy(text + i * unit.length, unit.data, unit.length);
  cleat_return_string(call, (CleatString){text, unit.length * (size_t)length});
  free(text);
}

// record(name, ours, hand, yardstick, ratio, spread, most, sum)
static void js_record(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatString name;
  BenchRow row = {.unit = "ns", .against = "by hand", .aim = 1.05};
  if (!cleat_arg_dom_string(call, 0, &frame, &name)) return;
  double* figures[] = {&row.ours, &row.hand, &row.yardstick, &row.ratio, &row.spread, &row.most, &row.sum};
  for (int i = 0; i < 7; i++) {
    if (!cleat_arg_unrestricted_double(call, i + 1, figures[i])) return;
  }
  row.to_hand = row.ratio;
  snprintf(row.name, sizeof(row.name), "%s", name.data);
  bench_add_row(&row);
}

// MEASURING

static char* read_script(void) {
  FILE* file = fopen(BENCH_SCRIPT, "rb");
  if (file == NULL) {
    fprintf(stderr, "bench: %s: %s\n", BENCH_SCRIPT, strerror(errno));
    exit(1);
  }
  char* text = calloc(1, 65536);
  size_t length = fread(text, 1, 65535, file);
  fclose(file);
  text[length] = '\0';
  return text;
}

// Puts what a path is made from on the global object.
static void prepare(CleatEnv* env, void* runtime) {
  CleatValue* native = cleat_object(env);
  CleatValue* ours = cleat_get(env, cleat_global(env), "ours");
  cleat_set(env, ours, "Cell", cleat_get(env, cleat_global(env), "Cell"));
  cleat_set(env, native, "ours", ours);
  cleat_set(env, native, "hand", bench_hand(runtime));
  cleat_set(env, native, "yardstick", bench_yardstick(env));
  cleat_set(env, native, "now", cleat_function(env, "now", 0, js_now, NULL));
  cleat_set(env, native, "flat", cleat_function(env, "flat", 2, js_flat, NULL));
  cleat_set(env, native, "record", cleat_function(env, "record", 8, js_record, NULL));
  cleat_set(env, cleat_global(env), "native", native);
}

static int report(CleatResult* result) {
  if (result->error == NULL) return 0;
  fprintf(stderr, "bench: %s\n", cleat_error_text(result->error).data);
  return 1;
}

static int measure(CleatRuntime* runtime, const Options* options) {
  char* script = read_script();
  char* source = NULL;
  cleat_dispatch(runtime, prepare, runtime, NULL);
  if (asprintf(&source, "%s(native, '%s', %d, %d)", script, options->filter, options->rounds,
               options->slice_us * 1000) < 0) {
    return 1;
  }
  CleatEvalOptions named = CLEAT_EVAL_OPTIONS_INIT;
  named.name = "bench.js";
  CleatResult result = cleat_eval(runtime, source, &named);
  int status = report(&result);
  cleat_result_free(&result);
  free(source);
  free(script);
  bench_runtime_rows(runtime, options->filter, options->rounds);
  return status;
}

static int write_svg(const char* path) {
  FILE* file = fopen(path, "w");
  if (file == NULL) {
    fprintf(stderr, "bench: %s: %s\n", path, strerror(errno));
    return 1;
  }
  bench_print_svg(file);
  return fclose(file) != 0;
}

int main(int count, char** arguments) {
  Options options = parse(count, arguments);
  if (strchr(options.filter, '\'') != NULL || strchr(options.filter, '\\') != NULL) usage();
  const CleatBindings* bindings[] = {&bench_bindings};
  CleatOptions opening = CLEAT_OPTIONS_INIT;
  opening.bindings = bindings;
  opening.binding_count = 1;
  CleatError* error = NULL;
  CleatRuntime* runtime = cleat_open(&opening, &error);
  if (runtime == NULL) {
    fprintf(stderr, "bench: %s\n", cleat_error_text(error).data);
    cleat_error_free(error);
    return 1;
  }
  bench_make_texts();
  bench_settler_start();
  if (!bench_json) bench_print_heading();
  bench_idle_row(options.filter);
  int status = measure(runtime, &options);
  if (bench_json) {
    bench_print_json(stdout);
  } else {
    int limits_of_v8;
    int missed = bench_missed(&limits_of_v8);
    printf("\n%d of the aims above are missed; %d more are beyond V8's limit.\n", missed, limits_of_v8);
  }
  if (options.svg != NULL) status |= write_svg(options.svg);
  cleat_dispatch(runtime, bench_hand_end, NULL, NULL);
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  cleat_release(runtime);
  bench_settler_stop();
  bench_free_texts();
  return status;
}
