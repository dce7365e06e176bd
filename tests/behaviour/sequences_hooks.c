// What async.idl names for async sequences.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "async.h"

struct Reader {
  AsyncOctetEnforceRangeAsyncIteration* iteration;  // or NULL
  int users;                                        // JavaScript, and steps that have not come
  char log[2048];
};

Reader* reader_new(void) {
  Reader* self = calloc(1, sizeof(Reader));
  if (self != NULL) self->users = 1;
  return self;
}

static void leave(Reader* self) {
  if (--self->users == 0) free(self);
}

void reader_finalize(Reader* self) {
  reader_release(self);
  leave(self);
}

CleatString reader_get_log(Reader* self) { return (CleatString){self->log, strlen(self->log)}; }

// JOIN: the example of the standard

typedef struct Joining {
  AsyncDomStringAsyncIteration* iteration;
  CleatStringPromise* promise;
  uint32_t left;
  size_t length;
  char text[256];
} Joining;

static void joined(Joining* joining) {
  cleat_string_promise_resolve(joining->promise, (CleatString){joining->text, joining->length});
  async_dom_string_async_iteration_release(joining->iteration);
  free(joining);
}

static void join_failed(CleatEnv* env, Joining* joining, CleatValue* reason) {
  if (env == NULL) {
    cleat_string_promise_reject(joining->promise, CLEAT_THROW_ERROR, "gone");
  } else {
    cleat_promise_reject_value(env, (CleatPromise*)joining->promise, reason);
  }
  async_dom_string_async_iteration_release(joining->iteration);
  free(joining);
}

static void join_left(CleatEnv* env, void* data, CleatStep step, CleatValue* reason) {
  if (step == CLEAT_STEP_END) {
    joined(data);
  } else {
    join_failed(env, data, reason);
  }
}

static void join_step(CleatEnv* env, void* data, CleatStep step, CleatString value, CleatValue* reason) {
  Joining* joining = data;
  switch (step) {
    case CLEAT_STEP_VALUE:
      snprintf(joining->text + joining->length, sizeof(joining->text) - joining->length, "%s", value.data);
      joining->length += strlen(joining->text + joining->length);
      if (joining->left > 0) joining->left--;
      if (joining->left == 0) {
        async_dom_string_async_iteration_return(env, joining->iteration, NULL, join_left, joining);
      } else {
        async_dom_string_async_iteration_next(env, joining->iteration, join_step, joining);
      }
      break;
    case CLEAT_STEP_END:
      joined(joining);
      break;
    case CLEAT_STEP_ERROR:
    case CLEAT_STEP_CLOSED:
      join_failed(env, joining, reason);
      break;
  }
}

void reader_join(CleatEnv* env, Reader* self, AsyncDomStringAsyncSequence strings, uint32_t most,
                 CleatStringPromise* promise) {
  (void)self;
  Joining* joining = calloc(1, sizeof(*joining));
  if (joining == NULL) abort();
  joining->iteration = async_dom_string_async_sequence_open(env, strings);
  joining->promise = promise;
  joining->left = most;
  if (joining->iteration == NULL) {
    free(joining);
    return;
  }
  async_dom_string_async_iteration_next(env, joining->iteration, join_step, joining);
}

// STEP BY STEP

static void note(Reader* self, const char* what) {
  strncat(self->log, what, sizeof(self->log) - strlen(self->log) - 1);
}

static void note_reason(CleatEnv* env, Reader* self, CleatValue* reason) {
  CleatString text = {"", 0};
  note(self, "error ");
  if (cleat_to_string(env, reason, &text)) note(self, text.data);
  note(self, ";");
}

void reader_begin(CleatEnv* env, Reader* self, AsyncOctetEnforceRangeAsyncSequence numbers) {
  AsyncOctetEnforceRangeAsyncIteration* iteration = async_octet_enforce_range_async_sequence_open(env, numbers);
  reader_release(self);
  self->iteration = iteration;
}

static void next_step(CleatEnv* env, void* data, CleatStep step, uint8_t value, CleatValue* reason) {
  Reader* self = data;
  char text[32];
  switch (step) {
    case CLEAT_STEP_VALUE:
      snprintf(text, sizeof(text), "value %d;", value);
      note(self, text);
      break;
    case CLEAT_STEP_END:
      note(self, "end;");
      break;
    case CLEAT_STEP_ERROR:
      note_reason(env, self, reason);
      break;
    case CLEAT_STEP_CLOSED:
      break;
  }
  leave(self);
}

// Returns whether there is an iteration, and throws where there is none.
static bool has_begun(CleatEnv* env, const Reader* self) {
  if (self->iteration == NULL) cleat_throw_range(env, "it has not begun");
  return self->iteration != NULL;
}

void reader_next(CleatEnv* env, Reader* self) {
  if (!has_begun(env, self)) return;
  self->users++;
  if (!async_octet_enforce_range_async_iteration_next(env, self->iteration, next_step, self)) leave(self);
}

static void left(CleatEnv* env, void* data, CleatStep step, CleatValue* reason) {
  Reader* self = data;
  if (step == CLEAT_STEP_END) note(self, "left;");
  if (step == CLEAT_STEP_ERROR) note_reason(env, self, reason);
  leave(self);
}

void reader_leave(CleatEnv* env, Reader* self, CleatValue* reason) {
  if (!has_begun(env, self)) return;
  self->users++;
  if (!async_octet_enforce_range_async_iteration_return(env, self->iteration, reason, left, self)) leave(self);
}

void reader_release(Reader* self) {
  async_octet_enforce_range_async_iteration_release(self->iteration);
  self->iteration = NULL;
}

// WHICH TYPE

static CleatString told(bool sync) { return sync ? CLEAT_STRING("sync") : CLEAT_STRING("async"); }

CleatString reader_kind(Reader* self, const AsyncDoubleAsyncSequenceOrString* source) {
  (void)self;
  return source->tag == ASYNC_DOUBLE_ASYNC_SEQUENCE_OR_STRING_STRING ? CLEAT_STRING("string")
                                                                     : told(source->async_double_async_sequence.sync);
}

CleatString reader_which__async_double_async_sequence(Reader* self, AsyncDoubleAsyncSequence source) {
  (void)self;
  return told(source.sync);
}

CleatString reader_which__string(Reader* self, CleatString source) {
  (void)self;
  (void)source;
  return CLEAT_STRING("string");
}

CleatString reader_either(Reader* self, const AsyncDomStringAsyncSequenceOrLines* source) {
  (void)self;
  return source->tag == ASYNC_DOM_STRING_ASYNC_SEQUENCE_OR_LINES_LINES
             ? CLEAT_STRING("dictionary")
             : told(source->async_dom_string_async_sequence.sync);
}

CleatString reader_within(Reader* self, const Lines* lines) {
  (void)self;
  return lines->has_lines ? told(lines->lines.sync) : CLEAT_STRING("missing");
}

CleatString reader_maybe(CleatEnv* env, Reader* self, OptionalOptionalAsyncAnyAsyncSequence source) {
  (void)env;
  (void)self;
  if (!source.has) return CLEAT_STRING("missing");
  return source.value.has ? told(source.value.value.sync) : CLEAT_STRING("null");
}

AsyncDomStringAsyncSequence reader_same(Reader* self, AsyncDomStringAsyncSequence strings) {
  (void)self;
  return strings;
}

void reader_same_later(CleatEnv* env, Reader* self, AsyncDomStringAsyncSequence strings,
                       AsyncDomStringAsyncSequencePromise* promise) {
  (void)self;
  async_dom_string_async_sequence_promise_resolve(env, promise, strings);
}
