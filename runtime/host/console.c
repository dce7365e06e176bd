// The console namespace: https://console.spec.whatwg.org, section 1. Printing itself is format.c.

#include "console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "env.h"
#include "host/format.h"
#include "host/labels.h"

// What a runtime's console remembers. Made on first use.
struct CleatConsoleState {
  size_t groups;       // that are open
  CleatLabels counts;  // how often
  CleatLabels timers;  // when they were started, in milliseconds
};

static CleatConsoleState* state_of(CleatEnv* env) {
  if (env->console == NULL) env->console = calloc(1, sizeof *env->console);
  return env->console;
}

void cleat__console_close(CleatEnv* env) {
  if (env->console == NULL) return;
  cleat__labels_free(&env->console->counts);
  cleat__labels_free(&env->console->timers);
  free(env->console);
  env->console = NULL;
}

// PRINTING

static void write_out(CleatEnv* env, CleatConsoleLevel level, CleatText* text) {
  const CleatOptions* options = cleat__runtime_options(env->runtime);
  if (options->console != NULL) {
    options->console(options->data, level, cleat__text_string(text));
    return;
  }
  cleat__text_add_c(text, "\n");
  fwrite(text->data, 1, text->length, stderr);
}

// Prints `message`, indented by the groups that are open, and frees it.
static void print(CleatEnv* env, CleatConsoleLevel level, CleatText* message) {
  enum { kMostIndented = 100 };
  size_t groups = env->console == NULL ? 0 : env->console->groups;
  if (groups > kMostIndented) groups = kMostIndented;
  CleatText text = {0};
  CleatString rest = cleat__text_string(message);
  while (true) {
    const char* newline = memchr(rest.data, '\n', rest.length);
    size_t line = newline == NULL ? rest.length : (size_t)(newline + 1 - rest.data);
    cleat__text_add_repeated(&text, "  ", groups);
    cleat__text_add(&text, rest.data, line);
    if (newline == NULL) break;
    rest = (CleatString){rest.data + line, rest.length - line};
  }
  cleat__text_free(message);
  write_out(env, level, &text);
  cleat__text_free(&text);
}

// Shows a call of the console to debuggers: the method `name` with `first`, where that is not NULL, and `rest`.
static void show(CleatEnv* env, const char* name, CleatValue* first, CleatValueSequence rest) {
  if (!cleat__inspector_is_open(env->engine)) return;
  CleatValue** values = malloc((rest.length + 1) * sizeof *values);
  if (values == NULL) return;
  size_t count = 0;
  if (first != NULL) values[count++] = first;
  for (size_t i = 0; i < rest.length; i++) values[count++] = rest.items[i];
  cleat__inspector_console(env->engine, name, values, count);
  free(values);
}

static void show_label(CleatEnv* env, const char* name, CleatString label, CleatValueSequence rest) {
  if (!cleat__inspector_is_open(env->engine)) return;
  show(env, name, cleat__string_wtf8(env->engine, label.data, label.length), rest);
}

// The standard's Logger.
static void log_values(CleatEnv* env, CleatConsoleLevel level, CleatValueSequence data) {
  if (data.length == 0) return;
  CleatText message = {0};
  cleat__format(env->engine, data.items, data.length, &message);
  print(env, level, &message);
}

void cleat_console_debug(CleatEnv* env, CleatValueSequence data) {
  show(env, "debug", NULL, data);
  log_values(env, CLEAT_CONSOLE_DEBUG, data);
}

void cleat_console_error(CleatEnv* env, CleatValueSequence data) {
  show(env, "error", NULL, data);
  log_values(env, CLEAT_CONSOLE_ERROR, data);
}

void cleat_console_info(CleatEnv* env, CleatValueSequence data) {
  show(env, "info", NULL, data);
  log_values(env, CLEAT_CONSOLE_INFO, data);
}

void cleat_console_log(CleatEnv* env, CleatValueSequence data) {
  show(env, "log", NULL, data);
  log_values(env, CLEAT_CONSOLE_LOG, data);
}

void cleat_console_warn(CleatEnv* env, CleatValueSequence data) {
  show(env, "warn", NULL, data);
  log_values(env, CLEAT_CONSOLE_WARN, data);
}

// The standard puts the message into the first argument where that is a string, so that its specifiers work.
void cleat_console_assert(CleatEnv* env, bool condition, CleatValueSequence data) {
  show(env, "assert", cleat__boolean(env->engine, condition), data);
  if (condition) return;
  CleatText message = {0};
  cleat__text_add_c(&message, "Assertion failed");
  if (data.length > 0) {
    cleat__text_add_c(&message, cleat__type(data.items[0]) == CLEAT_TYPE_STRING ? ": " : " ");
    cleat__format(env->engine, data.items, data.length, &message);
  }
  print(env, CLEAT_CONSOLE_ERROR, &message);
}

void cleat_console_clear(CleatEnv* env) {
  show(env, "clear", NULL, (CleatValueSequence){0});
  if (env->console != NULL) env->console->groups = 0;
}

static void show_table(CleatEnv* env, CleatValue* data, CleatOptionalStringSequence properties) {
  if (!cleat__inspector_is_open(env->engine)) return;
  CleatValue* list = properties.has ? cleat_array(env) : NULL;
  for (size_t i = 0; list != NULL && i < properties.value.length; i++) {
    CleatString name = properties.value.items[i];
    cleat_set_index(env, list, (uint32_t)i, cleat__string_wtf8(env->engine, name.data, name.length));
  }
  show(env, "table", data, (CleatValueSequence){&list, list != NULL});
}

void cleat_console_table(CleatEnv* env, CleatValue* data, CleatOptionalStringSequence properties) {
  show_table(env, data, properties);
  CleatText message = {0};
  if (!cleat__table(env->engine, data, properties.has ? &properties.value : NULL, &message))
    cleat__format(env->engine, &data, 1, &message);
  print(env, CLEAT_CONSOLE_LOG, &message);
}

void cleat_console_trace(CleatEnv* env, CleatValueSequence data) {
  show(env, "trace", NULL, data);
  CleatText message = {0};
  cleat__text_add_c(&message, data.length > 0 ? "Trace: " : "Trace");
  cleat__format(env->engine, data.items, data.length, &message);
  CleatValue* stack = cleat__current_stack(env->engine);
  if (stack != NULL && cleat__string_length(stack) > 0) {
    cleat__text_add_c(&message, "\n");
    cleat__text_add_value(&message, env->engine, stack, true);
  }
  print(env, CLEAT_CONSOLE_LOG, &message);
}

// Returns `options.depth`, of a data property only: reading options runs no getter either.
static int depth_of(CleatEnv* env, CleatValue* options) {
  if (options == NULL || !cleat__is_object(options)) return CLEAT_INSPECT_STYLE.depth;
  CleatValue* depth = cleat__lookup_data(env->engine, options, cleat__interned(env->engine, "depth"));
  if (depth == NULL || cleat__is_undefined(depth)) return CLEAT_INSPECT_STYLE.depth;
  if (!cleat__is_number(depth)) return INT_MAX;
  double number = cleat__number_value(depth);
  return number < 0 ? -1 : number < INT_MAX ? (int)number : INT_MAX;
}

void cleat_console_dir(CleatEnv* env, CleatValue* item, CleatOptionalValue options) {
  show(env, "dir", item, (CleatValueSequence){0});
  CleatText message = {0};
  CleatInspectStyle style = CLEAT_INSPECT_STYLE;
  style.depth = depth_of(env, options.has ? options.value : NULL);
  cleat__inspect(env->engine, item, &style, &message);
  print(env, CLEAT_CONSOLE_LOG, &message);
}

void cleat_console_dirxml(CleatEnv* env, CleatValueSequence data) {
  show(env, "dirxml", NULL, data);
  if (data.length == 0) return;
  CleatText message = {0};
  CleatInspectStyle style = CLEAT_INSPECT_STYLE;
  for (size_t i = 0; i < data.length; i++) {
    if (i > 0) cleat__text_add_c(&message, " ");
    cleat__inspect(env->engine, data.items[i], &style, &message);
  }
  print(env, CLEAT_CONSOLE_LOG, &message);
}

// COUNTING

static void add_label(CleatText* text, CleatString label) { cleat__text_add(text, label.data, label.length); }

// Warns that there is something wrong with a label: `before` 'label' `after`.
static void warn_label(CleatEnv* env, const char* before, CleatString label, const char* after) {
  CleatText message = {0};
  cleat__text_print(&message, "%s '", before);
  add_label(&message, label);
  cleat__text_print(&message, "' %s", after);
  print(env, CLEAT_CONSOLE_WARN, &message);
}

// Labels count as external memory, until they are removed.
static bool add(CleatEnv* env, CleatLabels* labels, CleatString label, double value) {
  int64_t size = (int64_t)(sizeof(CleatLabel) + label.length);
  if (!cleat_adjust_memory(env, size)) return false;
  if (cleat__labels_add(labels, label, value)) return true;
  cleat_adjust_memory(env, -size);
  return false;
}

void cleat_console_count(CleatEnv* env, CleatString label) {
  show_label(env, "count", label, (CleatValueSequence){0});
  CleatConsoleState* state = state_of(env);
  if (state == NULL) return;
  double* count = cleat__labels_find(&state->counts, label);
  if (count == NULL && add(env, &state->counts, label, 0)) count = cleat__labels_find(&state->counts, label);
  if (count == NULL) return;
  *count += 1;
  CleatText message = {0};
  add_label(&message, label);
  cleat__text_print(&message, ": %.0f", *count);
  print(env, CLEAT_CONSOLE_INFO, &message);
}

void cleat_console_count_reset(CleatEnv* env, CleatString label) {
  show_label(env, "countReset", label, (CleatValueSequence){0});
  double* count = env->console == NULL ? NULL : cleat__labels_find(&env->console->counts, label);
  if (count == NULL) {
    warn_label(env, "Count for", label, "does not exist");
  } else {
    *count = 0;
  }
}

// GROUPING

static void open_group(CleatEnv* env, CleatValueSequence data) {
  log_values(env, CLEAT_CONSOLE_LOG, data);
  CleatConsoleState* state = state_of(env);
  if (state != NULL) state->groups++;
}

void cleat_console_group(CleatEnv* env, CleatValueSequence data) {
  show(env, "group", NULL, data);
  open_group(env, data);
}

void cleat_console_group_collapsed(CleatEnv* env, CleatValueSequence data) {
  show(env, "groupCollapsed", NULL, data);
  open_group(env, data);
}

void cleat_console_group_end(CleatEnv* env) {
  show(env, "groupEnd", NULL, (CleatValueSequence){0});
  if (env->console != NULL && env->console->groups > 0) env->console->groups--;
}

// TIMING

static double now(void) { return (double)uv_hrtime() / 1e6; }

void cleat_console_time(CleatEnv* env, CleatString label) {
  show_label(env, "time", label, (CleatValueSequence){0});
  CleatConsoleState* state = state_of(env);
  if (state == NULL) return;
  if (cleat__labels_find(&state->timers, label) != NULL) {
    warn_label(env, "Timer", label, "already exists");
  } else {
    add(env, &state->timers, label, now());
  }
}

// Prints the time of a stopwatch and `data`; false where there is no such one.
static bool print_time(CleatEnv* env, CleatConsoleLevel level, CleatString label, CleatValueSequence data) {
  const double* start = env->console == NULL ? NULL : cleat__labels_find(&env->console->timers, label);
  if (start == NULL) {
    warn_label(env, "Timer", label, "does not exist");
    return false;
  }
  CleatText message = {0};
  int64_t microseconds = (int64_t)((now() - *start) * 1000);
  add_label(&message, label);
  cleat__text_print(&message, ": %d.%03dms", (int)(microseconds / 1000), (int)(microseconds % 1000));
  for (size_t i = 0; i < data.length; i++) {
    cleat__text_add_c(&message, " ");
    cleat__format(env->engine, &data.items[i], 1, &message);
  }
  print(env, level, &message);
  return true;
}

void cleat_console_time_log(CleatEnv* env, CleatString label, CleatValueSequence data) {
  show_label(env, "timeLog", label, data);
  print_time(env, CLEAT_CONSOLE_LOG, label, data);
}

void cleat_console_time_end(CleatEnv* env, CleatString label) {
  show_label(env, "timeEnd", label, (CleatValueSequence){0});
  if (print_time(env, CLEAT_CONSOLE_INFO, label, (CleatValueSequence){0})) {
    cleat__labels_remove(&env->console->timers, label);
    cleat_adjust_memory(env, -(int64_t)(sizeof(CleatLabel) + label.length));
  }
}
