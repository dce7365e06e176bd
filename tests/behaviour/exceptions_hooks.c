// The hooks of exceptions.idl.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleat/dom_exception.h"
#include "scope.h"

struct ArchiveError {
  CleatDOMException base;
  int32_t row;
};

struct Archive {
  CleatRef* error;  // a wrapper, or NULL
  char text[256];
};

ArchiveError* archive_error_new(CleatEnv* env, CleatString message, int32_t row) {
  ArchiveError* self = calloc(1, sizeof(*self));
  if (self == NULL || !cleat_dom_exception_open(env, &self->base, message, CLEAT_STRING("ArchiveError"))) {
    free(self);
    return NULL;
  }
  self->row = row;
  return self;
}
int32_t archive_error_get_row(ArchiveError* self) { return self->row; }
void archive_error_finalize(ArchiveError* self) {
  cleat_dom_exception_close(&self->base);
  free(self);
}

Archive* archive_new(void) { return calloc(1, sizeof(Archive)); }
void archive_finalize(Archive* self) {
  cleat_ref_free(self->error);
  free(self);
}

CleatDOMException* archive_get_error(CleatEnv* env, Archive* self) {
  return cleat_unwrap(env, cleat_held(env, self->error), &cleat_dom_exception_class);
}

void archive_set_error(CleatEnv* env, Archive* self, CleatDOMException* error) {
  cleat_ref_free(self->error);
  self->error = error == NULL
                    ? NULL
                    : cleat_hold_in(env, &archive_class, self, cleat_wrap(env, &cleat_dom_exception_class, error));
}

void archive_fail(CleatEnv* env, Archive* self, int32_t row) {
  snprintf(self->text, sizeof(self->text), "row %d is gone", row);
  ArchiveError* error = archive_error_new(env, (CleatString){self->text, strlen(self->text)}, row);
  cleat_throw_value(env, cleat_wrap_required(env, &archive_error_class, error));
}

CleatString archive_describe(Archive* self, CleatDOMExceptionSequence errors) {
  size_t length = 0;
  self->text[0] = '\0';
  for (size_t i = 0; i < errors.length && length < sizeof(self->text); i++) {
    CleatDOMException* it = errors.items[i];
    length += (size_t)snprintf(self->text + length, sizeof(self->text) - length, "%s%s %d", i == 0 ? "" : ", ",
                               cleat_dom_exception_get_name(it).data, cleat_dom_exception_get_code(it));
  }
  return (CleatString){self->text, strlen(self->text)};
}

CleatDOMExceptionOrString archive_either(Archive* self, const CleatDOMExceptionOrString* value) {
  (void)self;
  return *value;
}

CleatQuotaExceededError* archive_quota(CleatEnv* env, Archive* self, const CleatQuotaExceededErrorOptions* options) {
  (void)self;
  return cleat_quota_exceeded_error_new(env, CLEAT_STRING("too much"), options);
}
