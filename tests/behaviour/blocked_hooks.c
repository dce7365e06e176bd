// The hooks of the namespace `blocked` of promises.idl: they say what they see, after JavaScript has gone on.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "members.h"

// The text under construction; `close` gives its memory away.
typedef struct Said {
  char* text;
  size_t length;
  FILE* file;
} Said;

static void open_said(Said* it) {
  usleep(20000);
  it->file = open_memstream(&it->text, &it->length);
}

static char* close_said(Said* it) {
  fclose(it->file);
  return it->text;
}

static void say(Said* it, CleatString text) {
  if (text.data == NULL) {
    fputs("null;", it->file);
  } else {
    fprintf(it->file, "%zu:%.*s;", text.length, (int)text.length, text.data);
  }
}

static void say_bytes(Said* it, const void* data, size_t length) {
  const uint8_t* bytes = data;
  if (data == NULL) fputs("null", it->file);
  for (size_t i = 0; i < length; i++) fprintf(it->file, "%s%d", i > 0 ? "," : "", bytes[i]);
  fputs(";", it->file);
}

void blocked_nothing(CleatThrower* thrower, bool ok) {
  if (!ok) cleat_thrower_throw(thrower, CLEAT_THROW_ERROR, "it is not true");
}

void blocked_refuse(CleatThrower* thrower, CleatString why) {
  cleat_thrower_throw(thrower, CLEAT_THROW_RANGE_ERROR, "%s", why.data);
}

char* blocked_numbers(bool a, int8_t b, uint8_t c, int16_t d, uint16_t e, int32_t f, uint32_t g, int64_t h, uint64_t i,
                      float j, double k) {
  Said it;
  open_said(&it);
  fprintf(it.file, "%d %d %d %d %d %" PRId32 " %" PRIu32 " %" PRId64 " %" PRIu64 " %g %g", a, b, c, d, e, f, g, h, i,
          (double)j, k);
  return close_said(&it);
}

char* blocked_strings(CleatString a, CleatString b, CleatString c, const char* d, CleatString16 e, CleatString f,
                      CleatString g) {
  Said it;
  open_said(&it);
  say(&it, a);
  say(&it, b);
  say_bytes(&it, c.data, c.length);
  fprintf(it.file, "%s;", d);
  for (size_t i = 0; i < e.length; i++) fprintf(it.file, "%x ", e.data[i]);
  say(&it, f);
  say(&it, g);
  return close_said(&it);
}

static void say_inner(Said* it, const BlockedInner* inner) {
  say(it, inner->text);
  for (size_t i = 0; i < inner->buffers.length; i++) {
    say(it, inner->buffers.items[i].key);
    say_bytes(it, inner->buffers.items[i].value.data, inner->buffers.items[i].value.length);
  }
}

char* blocked_others(BlockedKind kind, const Blocked* all, CleatOptionalOptionalLong number, CleatLongSequence rest) {
  Said it;
  open_said(&it);
  fprintf(it.file, "%d %d;", kind, all->kind);
  say(&it, all->name);
  for (size_t i = 0; i < all->list.length; i++) fprintf(it.file, "%" PRId32 " ", all->list.items[i]);
  say_bytes(&it, all->bytes.data, all->bytes.length);
  if (all->has_inner) say_inner(&it, &all->inner);
  fprintf(it.file, "%s;", all->plain == NULL ? "null" : all->plain);
  if (all->has_big) fprintf(it.file, "%" PRIx64 " of %zu;", all->big.count > 0 ? all->big.words[0] : 0, all->big.count);
  if (all->either.tag == CLEAT_LONG_OR_STRING_SEQUENCE_LONG) {
    fprintf(it.file, "%" PRId32 ";", all->either.long_);
  } else {
    for (size_t i = 0; i < all->either.string_sequence.length; i++) say(&it, all->either.string_sequence.items[i]);
  }
  fprintf(it.file, "%d %d %" PRId32 ";", number.has, number.value.has, number.value.value);
  for (size_t i = 0; i < rest.length; i++) fprintf(it.file, "%" PRId32 " ", rest.items[i]);
  return close_said(&it);
}

char* blocked_buffers(CleatArrayBuffer a, CleatDataView b, CleatFloat64Array c, uint8_t* d, size_t d_length,
                      CleatUint8Array e, CleatUint8Array f) {
  Said it;
  open_said(&it);
  say_bytes(&it, a.data, a.length);
  say_bytes(&it, b.data, b.length);
  for (size_t i = 0; i < c.length; i++) fprintf(it.file, "%g ", c.data[i]);
  say_bytes(&it, d, d_length);
  say_bytes(&it, e.data, e.length);
  say_bytes(&it, f.data, f.length);
  return close_said(&it);
}
