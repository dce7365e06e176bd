// A text that grows, and a list of texts.

#include "host/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Makes room for `more` bytes and a NUL.
static bool reserve(CleatText* text, size_t more) {
  if (more < text->capacity - text->length) return true;
  size_t capacity = text->capacity + text->capacity / 2 + more + 64;
  if (capacity < more) return false;
  char* data = realloc(text->data, capacity);
  if (data == NULL) return false;
  text->data = data;
  text->capacity = capacity;
  return true;
}

void cleat__text_add(CleatText* text, const char* data, size_t length) {
  if (length == 0 || !reserve(text, length)) return;
  memcpy(text->data + text->length, data, length);
  text->length += length;
  text->data[text->length] = 0;
}

void cleat__text_add_c(CleatText* text, const char* string) { cleat__text_add(text, string, strlen(string)); }

void cleat__text_add_repeated(CleatText* text, const char* string, size_t count) {
  for (size_t i = 0; i < count; i++) cleat__text_add_c(text, string);
}

void cleat__text_print(CleatText* text, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length > 0 && reserve(text, (size_t)length)) {
    vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
    text->length += (size_t)length;
  }
  va_end(again);
}

void cleat__text_add_value(CleatText* text, CleatEngine* engine, CleatValue* string, bool replace_lone_surrogates) {
  size_t length = cleat__string_wtf8_length(engine, string);
  if (length == 0 || !reserve(text, length)) return;
  cleat__string_write_wtf8(engine, string, text->data + text->length, replace_lone_surrogates);
  text->length += length;
  text->data[text->length] = 0;
}

void cleat__text_free(CleatText* text) {
  free(text->data);
  *text = (CleatText){0};
}

CleatString cleat__text_string(const CleatText* text) {
  return text->length == 0 ? CLEAT_STRING("") : (CleatString){text->data, text->length};
}

uint32_t cleat__text_next(const char** data, const char* end) {
  static const uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char* bytes = (const unsigned char*)*data;
  size_t length = bytes[0] < 0x80 ? 1 : bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : bytes[0] >= 0xC0 ? 2 : 0;
  if (length == 0 || length > (size_t)(end - *data)) {
    *data += 1;
    return 0xFFFD;
  }
  uint32_t code = length == 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) {
    if ((bytes[i] & 0xC0) != 0x80) {
      *data += i;
      return 0xFFFD;
    }
    code = code << 6 | (bytes[i] & 0x3F);
  }
  *data += length;
  return code < kSmallest[length] || code > 0x10FFFF ? 0xFFFD : code;
}

typedef struct Range {
  uint32_t first;
  uint32_t last;
} Range;

static bool is_in(uint32_t code, const Range* ranges, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (code >= ranges[i].first && code <= ranges[i].last) return true;
  }
  return false;
}

size_t cleat__text_width(const char* data, size_t length) {
  static const Range kNone[] = {{0, 0x1F},        {0x7F, 0x9F},       {0x300, 0x36F},
                                {0x200B, 0x200F}, {0x20D0, 0x20FF},   {0xFE00, 0xFE0F},
                                {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};
  static const Range kWide[] = {{0x1100, 0x115F},  {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97C},
                                {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},
                                {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
                                {0x20000, 0x3FFFD}};
  size_t width = 0;
  const char* end = data + length;
  while (data < end) {
    uint32_t code = cleat__text_next(&data, end);
    if (code >= 0x20 && code < 0x7F) {
      width++;
    } else if (!is_in(code, kNone, sizeof kNone / sizeof *kNone)) {
      width += is_in(code, kWide, sizeof kWide / sizeof *kWide) ? 2 : 1;
    }
  }
  return width;
}

void cleat__texts_end(CleatTexts* texts) {
  if (texts->count == texts->capacity) {
    size_t capacity = texts->capacity * 2 + 16;
    size_t* ends = realloc(texts->ends, capacity * sizeof *ends);
    if (ends == NULL) return;
    texts->ends = ends;
    texts->capacity = capacity;
  }
  texts->ends[texts->count++] = texts->all.length;
}

CleatString cleat__texts_at(const CleatTexts* texts, size_t index) {
  size_t start = index == 0 ? 0 : texts->ends[index - 1];
  if (texts->ends[index] == start) return CLEAT_STRING("");
  return (CleatString){texts->all.data + start, texts->ends[index] - start};
}

void cleat__texts_free(CleatTexts* texts) {
  cleat__text_free(&texts->all);
  free(texts->ends);
  *texts = (CleatTexts){0};
}
