// A program with plug-ins, which are ES modules: it brings some along, loads others by threads of its own, gives them
// its functions as a module, and lets them import nothing else.
#include <cleat/cleat.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"

// WHAT "host:app" HAS

struct Counter {
  int32_t value;
};

Counter* counter_new(int32_t start) {
  Counter* self = malloc(sizeof(Counter));
  if (self != NULL) self->value = start;
  return self;
}

void counter_finalize(Counter* self) { free(self); }

int32_t counter_get_value(Counter* self) { return self->value; }

int32_t counter_add(Counter* self, int32_t by) { return self->value += by; }

CleatString app_password(void) { return CLEAT_STRING("swordfish"); }

// MODULES

static const CleatModule kModules[] = {
    {.name = "host:app", .bindings = &app_bindings},
    {.name = "app:settings", .source = "{ \"greeting\": \"Hello\" }", .json = true},
};

// What a server would have.
static const char* const kFiles[][2] = {
    {"plugins/triangle.js",
     "import { hypot } from 'host:app';\n"
     "import { round } from './lib/round.js';\n"
     "export const side = round(hypot(1, 1));\n"},
    {"plugins/lib/round.js", "export const round = x => Math.round(x * 1000) / 1000;\n"},
    {"plugins/counting.js",
     "import { Counter } from 'host:app';\n"
     "const counter = new Counter(40);\n"
     "export function count(by) { return counter.add(by); }\n"},
    {"plugins/greeting.js",
     "import settings from 'app:settings' assert { type: 'json' };\n"
     "const name = await Promise.resolve('modules');\n"
     "export default `${settings.greeting}, ${name}, from ${import.meta.url}`;\n"},
    {"plugins/broken.js",
     "\n"
     "import './lib/missing.js';\n"},
    {"plugins/curious.js", "import { password } from 'host:app';\n"},
};

// A load that is under way: the answer comes from a thread of its own, as that of a server would.
typedef struct Fetch {
  CleatLoad* load;
  char* name;
} Fetch;

static void* fetch(void* data) {
  Fetch* it = data;
  const char* source = NULL;
  for (size_t i = 0; i < sizeof kFiles / sizeof *kFiles; i++) {
    if (strcmp(kFiles[i][0], it->name) == 0) source = kFiles[i][1];
  }
  if (source != NULL) {
    cleat_load_answer(it->load, source, strlen(source));
  } else {
    cleat_load_fail(it->load, "the server does not have it");
  }
  free(it->name);
  free(it);
  return NULL;
}

// CleatOptions.load.
static void load(void* data, const CleatImport* import, CleatLoad* load) {
  (void)data;
  Fetch* it = malloc(sizeof(Fetch));
  char* name = strdup(import->specifier.data);
  pthread_t thread;
  if (it == NULL || name == NULL || (*it = (Fetch){load, name}, pthread_create(&thread, NULL, fetch, it)) != 0) {
    cleat_load_fail(load, "no thread can be started");
    free(it);
    free(name);
    return;
  }
  pthread_detach(thread);
}

// RUNNING

// Imports a plug-in and prints an export of it, or why there is none.
static void show(CleatRuntime* runtime, const char* name, const char* export_name) {
  CleatResult result = cleat_import(runtime, name, NULL);
  if (result.error != NULL) {
    printf("%s: %s\n", cleat_error_name(result.error).data, cleat_error_message(result.error).data);
  } else {
    const CleatData* value = cleat_data_get(result.value, export_name);
    if (cleat_data_kind(value) == CLEAT_DATA_NUMBER) {
      printf("%s: %s is %g\n", name, export_name, cleat_data_number(value));
    } else {
      printf("%s: %s is '%s'\n", name, export_name, cleat_data_string(value).data);
    }
  }
  cleat_result_free(&result);
}

// Calls a function that a plug-in exports.
static void count(CleatRuntime* runtime) {
  CleatResult plugin = cleat_import(runtime, "plugins/counting.js", NULL);
  CleatData* arguments = cleat_data_new_array();
  cleat_data_push(arguments, cleat_data_new_number(2));
  CleatResult result = cleat_data_call(cleat_data_get(plugin.value, "count"), NULL, arguments, NULL);
  printf("plugins/counting.js: count(2) is %g\n", cleat_data_number(result.value));
  cleat_data_free(arguments);
  cleat_result_free(&result);
  cleat_result_free(&plugin);
}

int main(void) {
  CleatError* error = NULL;
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.modules = kModules;
  options.module_count = sizeof kModules / sizeof *kModules;
  options.load = load;
  options.timeout_ms = 5000;
  CleatRuntime* runtime = cleat_open(&options, &error);
  if (runtime == NULL) {
    fprintf(stderr, "%s\n", cleat_error_text(error).data);
    cleat_error_free(error);
    return 1;
  }
  show(runtime, "plugins/triangle.js", "side");
  count(runtime);
  show(runtime, "plugins/greeting.js", "default");
  show(runtime, "plugins/broken.js", "default");
  show(runtime, "plugins/curious.js", "default");
  cleat_release(runtime);
  return 0;
}
