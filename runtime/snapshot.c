// Snapshots: runtimes that are opened to be written down, and what says which ones may be opened from that.
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "class.h"
#include "references.h"

// THE BYTES

// What stands at the beginning. After it come the names of the bindings, for messages, and what the engine gave, each
// from a multiple of ALIGNMENT on.
typedef struct Header {
  char magic[8];
  uint64_t length;    // of all
  uint64_t checksum;  // of all that follows this field
  char version[32];   // of Cleat
  char engine[64];    // V8's version
  CleatSnapshotTag tag;
  uint64_t bindings;      // cleat__bindings_hash
  uint64_t names_length;  // with its NUL
  uint64_t heap_length;
} Header;

static const char kMagic[8] = "cleat\r\n\032";

#define ALIGNMENT 16
#define CHECKED offsetof(Header, version)

static size_t aligned(size_t size) { return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

static size_t names_at(void) { return aligned(sizeof(Header)); }

static size_t heap_at(const Header* header) { return names_at() + aligned((size_t)header->names_length); }

static uint64_t checksum_of(const void* bytes, size_t length) {
  return cleat__checksum((const char*)bytes + CHECKED, length - CHECKED);
}

// Returns the names of the bindings, "'console', 'app'", owned; NULL when memory is short.
static char* names_of(const CleatOptions* options) {
  char* text = NULL;
  size_t length;
  FILE* out = open_memstream(&text, &length);
  if (out == NULL) return NULL;
  if (options->binding_count == 0) fputs("none", out);
  for (size_t i = 0; i < options->binding_count; i++) {
    fprintf(out, "%s'%s'", i == 0 ? "" : ", ", options->bindings[i]->name);
  }
  return fclose(out) == 0 ? text : NULL;
}

// Returns a snapshot of `heap`, owned; NULL when memory is short.
static CleatSnapshot* assemble(const CleatOptions* options, const void* heap, size_t heap_length) {
  char* names = names_of(options);
  if (names == NULL) return NULL;
  Header header = {
      .bindings = cleat__bindings_hash(options),
      .names_length = strlen(names) + 1,
      .heap_length = heap_length,
  };
  memcpy(header.magic, kMagic, sizeof(kMagic));
  snprintf(header.version, sizeof(header.version), "%s", cleat_version());
  snprintf(header.engine, sizeof(header.engine), "%s", cleat_engine_version());
  cleat__snapshot_tag(&header.tag);
  header.length = heap_at(&header) + heap_length;
  CleatSnapshot* snapshot = calloc(1, aligned(sizeof(CleatSnapshot)) + header.length);
  if (snapshot != NULL) {
    char* bytes = (char*)snapshot + aligned(sizeof(CleatSnapshot));
    memcpy(bytes, &header, sizeof(header));
    memcpy(bytes + names_at(), names, header.names_length);
    memcpy(bytes + heap_at(&header), heap, heap_length);
    header.checksum = checksum_of(bytes, header.length);
    memcpy(bytes, &header, sizeof(header));
    *snapshot = (CleatSnapshot){.data = bytes, .length = header.length, .intact = true};
  }
  free(names);
  return snapshot;
}

// READING

static CleatError* refuse(const char* format, ...) CLEAT_PRINTF(1, 2);

static CleatError* refuse(const char* format, ...) {
  char why[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(why, sizeof(why), format, arguments);
  va_end(arguments);
  return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option snapshot: %s", why);
}

// Checks that all bytes are there and as they were written, or said to be.
static CleatError* check_bytes(const CleatSnapshot* snapshot, Header* header) {
  if (snapshot->data == NULL || snapshot->length < sizeof(Header)) {
    return refuse("it has %zu bytes, which is no whole snapshot", snapshot->length);
  }
  memcpy(header, snapshot->data, sizeof(*header));
  if (memcmp(header->magic, kMagic, sizeof(kMagic)) != 0) return refuse("the bytes are no snapshot of Cleat");
  if (header->length != snapshot->length) {
    return refuse("it has %zu bytes instead of %llu: it was cut off, or something was added", snapshot->length,
                  (unsigned long long)header->length);
  }
  if (!snapshot->intact && header->checksum != checksum_of(snapshot->data, snapshot->length)) {
    return refuse("it is damaged: its checksum is not that of its bytes");
  }
  return NULL;
}

static CleatError* check_engine(const Header* header) {
  if (strcmp(header->version, cleat_version()) != 0) {
    return refuse("it was made by Cleat %s, and this is %s: make it anew", header->version, cleat_version());
  }
  if (strcmp(header->engine, cleat_engine_version()) != 0) {
    return refuse("it was made by V8 %s, and this is %s: make it anew", header->engine, cleat_engine_version());
  }
  if (!cleat__snapshot_tag_fits(&header->tag)) {
    return refuse("it was made by a V8 that ran with other flags: make it anew");
  }
  return NULL;
}

static CleatError* check_bindings(const Header* header, const CleatOptions* options) {
  if (header->bindings == cleat__bindings_hash(options)) return NULL;
  const char* made_with = (const char*)options->snapshot->data + names_at();
  char* names = names_of(options);
  CleatError* error =
      names != NULL && strcmp(names, made_with) == 0
          ? refuse("its bindings (%s) have other members by now, or capabilities or count_calls differ: make it anew",
                   names)
          : refuse("it was made with other bindings: %s, and not %s", made_with, names == NULL ? "these" : names);
  free(names);
  return error;
}

// Returns an error where `options` cannot be opened from their snapshot; else NULL, having stored where its heap is.
static CleatError* check(const CleatOptions* options, const void** heap) {
  Header header;
  CleatError* error = check_bytes(options->snapshot, &header);
  if (error == NULL) error = check_engine(&header);
  if (error == NULL) error = check_bindings(&header, options);
  if (error == NULL) *heap = (const char*)options->snapshot->data + heap_at(&header);
  return error;
}

void cleat__snapshot_read(CleatRuntime* runtime) {
  if (runtime->options.snapshot == NULL) return;
  const void* heap = NULL;
  CleatError* error = check(&runtime->options, &heap);
  pthread_mutex_lock(&runtime->mutex);
  runtime->heap = heap;
  runtime->snapshot_error = error;
  runtime->snapshot_read = true;
  pthread_cond_broadcast(&runtime->changed);
  pthread_mutex_unlock(&runtime->mutex);
}

CleatError* cleat__snapshot_await(CleatRuntime* runtime) {
  if (runtime->options.snapshot == NULL) return NULL;
  pthread_mutex_lock(&runtime->mutex);
  while (!runtime->snapshot_read) pthread_cond_wait(&runtime->changed, &runtime->mutex);
  CleatError* error = runtime->snapshot_error;
  runtime->snapshot_error = NULL;
  pthread_mutex_unlock(&runtime->mutex);
  return error;
}

// MAKING

static CleatError* stands_in_the_way(const char* what) {
  return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option scripts: they leave %s, which no snapshot can hold", what);
}

// Returns what is left that cannot be written down, or NULL for nothing. `text` is room for it.
static const char* find_obstacle(CleatEnv* env, char* text, size_t size) {
  if (cleat__timers_active(env)) return "a timer that is set";
  if (env->runtime->delayed_count > 0) return "a task that waits for its time";
  if (env->pendings != NULL) return "a promise that C has not settled";
  if (env->operations > 0) return "a native operation under way";
  if (cleat__wrappers_describe(env, text, size)) return text;
  if (cleat__refs_describe(env, text, size)) return text;
  return cleat__snapshot_obstacle(env->engine, text, size) ? text : NULL;
}

CleatError* cleat__snapshot_check(CleatEnv* env) {
  struct CleatSnapshotMaking* making = env->runtime->making;
  CleatTask task;
  cleat__task_begin(env, &task, 0);
  // What only Cleat holds still, or nobody, goes first.
  cleat__performance_close(env);
  cleat__collect_garbage(env->engine);
  cleat__finalize_due(env);
  const char* obstacle = find_obstacle(env, making->obstacle, sizeof(making->obstacle));
  cleat_error_free(cleat__task_end(env, &task));
  if (obstacle != NULL) return stands_in_the_way(obstacle);
  making->checked = true;
  return NULL;
}

void cleat__snapshot_take_heap(CleatEnv* env) {
  struct CleatSnapshotMaking* making = env->runtime->making;
  making->heap = cleat__snapshot_take(env->engine, &making->length, making->obstacle, sizeof(making->obstacle));
}

CleatSnapshot* cleat_snapshot_create(const CleatOptions* options, CleatError** error) {
  struct CleatSnapshotMaking making = {0};
  CleatError* failure = NULL;
  CleatSnapshot* snapshot = NULL;
  CleatRuntime* runtime = cleat__open_runtime(NULL, options, &making, &failure);
  if (runtime != NULL && making.heap == NULL) {
    failure = stands_in_the_way(making.obstacle);
  } else if (runtime != NULL) {
    snapshot = assemble(cleat__runtime_options(runtime), making.heap, making.length);
    if (snapshot == NULL) failure = cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  }
  free(making.heap);
  cleat_release(runtime);
  if (error != NULL) {
    *error = failure;
  } else {
    cleat_error_free(failure);
  }
  return snapshot;
}

void cleat_snapshot_free(CleatSnapshot* snapshot) { free(snapshot); }
