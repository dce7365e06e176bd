// The console standard's Formatter (https://console.spec.whatwg.org/#formatter), except that it runs no JavaScript:
// where the standard asks for String(x) or parseInt(x) of an object, that is inspected, or is NaN. What is put in is
// not searched for specifiers again.

#include "host/format.h"

#include <math.h>
#include <string.h>

static void add_inspected(CleatEngine* engine, CleatValue* value, int depth, CleatText* out) {
  CleatInspectStyle style = CLEAT_INSPECT_STYLE;
  style.depth = depth;
  cleat__inspect(engine, value, &style, out);
}

// Adds a string as it is, anything else inspected.
static void add_plain(CleatEngine* engine, CleatValue* value, int depth, CleatText* out) {
  if (cleat__type(value) == CLEAT_TYPE_STRING) {
    cleat__text_add_value(out, engine, value, true);
  } else {
    add_inspected(engine, value, depth, out);
  }
}

static const char* skip_digits(const char* text) {
  while (*text >= '0' && *text <= '9') text++;
  return text;
}

// Returns where the number ends that `text` begins with, as parseInt and parseFloat see it; `text` where there is none.
static const char* end_of_number(const char* text, bool fraction) {
  const char* start = text + (*text == '+' || *text == '-');
  if (fraction && strncmp(start, "Infinity", 8) == 0) return start + 8;
  const char* end = skip_digits(start);
  bool digits = end > start;
  if (!fraction) return digits ? end : text;
  if (*end == '.') {
    const char* decimals = skip_digits(end + 1);
    digits = digits || decimals > end + 1;
    end = decimals;
  }
  if (!digits) return text;
  if (*end == 'e' || *end == 'E') {
    const char* exponent = end + 1 + (end[1] == '+' || end[1] == '-');
    if (skip_digits(exponent) > exponent) end = skip_digits(exponent);
  }
  return end;
}

// Returns parseInt(string, 10) or parseFloat(string), by V8's own conversion of the part that is a number.
static double parse(CleatEngine* engine, CleatValue* string, bool fraction) {
  CleatText text = {0};
  double number = NAN;
  cleat__text_add_value(&text, engine, string, true);
  const char* start = cleat__text_string(&text).data;
  start += strspn(start, " \t\n\v\f\r");
  const char* end = end_of_number(start, fraction);
  CleatValue* part = end == start ? NULL : cleat__string_wtf8(engine, start, (size_t)(end - start));
  if (part != NULL) cleat__to_number(engine, part, &number);
  cleat__text_free(&text);
  return number;
}

static void add_number(CleatEngine* engine, CleatValue* value, bool fraction, CleatText* out) {
  CleatType type = cleat__type(value);
  double number = NAN;
  if (type == CLEAT_TYPE_BIGINT) {
    add_inspected(engine, value, 0, out);
    return;
  }
  if (type == CLEAT_TYPE_NUMBER) number = cleat__number_value(value);
  if (type == CLEAT_TYPE_STRING) number = parse(engine, value, fraction);
  if (!fraction) number = isfinite(number) ? trunc(number) + 0.0 : NAN;
  add_inspected(engine, cleat__number(engine, number), 0, out);
}

// Adds what stands for specifier `letter`.
static void add_specified(CleatEngine* engine, char letter, CleatValue* value, CleatText* out) {
  switch (letter) {
    case 's':
      add_plain(engine, value, 0, out);
      break;
    case 'd':
    case 'i':
    case 'f':
      add_number(engine, value, letter == 'f', out);
      break;
    case 'o':
      add_inspected(engine, value, 4, out);
      break;
    case 'O':
      add_inspected(engine, value, CLEAT_INSPECT_STYLE.depth, out);
      break;
    default:  // %c: a style, which a text cannot show
      break;
  }
}

// Adds `target` with its specifiers replaced by the values; returns how many of them that took.
static size_t add_target(CleatEngine* engine, CleatString target, CleatValue* const* values, size_t count,
                         CleatText* out) {
  size_t used = 0;
  size_t copied = 0;
  for (size_t i = 0; i + 1 < target.length; i++) {
    if (target.data[i] != '%') continue;
    char letter = target.data[i + 1];
    if (letter != '%' && (used == count || strchr("sdifoOc", letter) == NULL || letter == 0)) continue;
    cleat__text_add(out, target.data + copied, i - copied);
    if (letter == '%') {
      cleat__text_add_c(out, "%");
    } else {
      add_specified(engine, letter, values[used++], out);
    }
    copied = i + 2;
    i++;
  }
  cleat__text_add(out, target.data + copied, target.length - copied);
  return used;
}

void cleat__format(CleatEngine* engine, CleatValue* const* values, size_t count, CleatText* out) {
  size_t done = 0;
  if (count > 1 && cleat__type(values[0]) == CLEAT_TYPE_STRING) {
    CleatText target = {0};
    cleat__text_add_value(&target, engine, values[0], true);
    done = 1 + add_target(engine, cleat__text_string(&target), values + 1, count - 1, out);
    cleat__text_free(&target);
  }
  for (size_t i = done; i < count; i++) {
    if (i > 0) cleat__text_add_c(out, " ");
    add_plain(engine, values[i], CLEAT_INSPECT_STYLE.depth, out);
  }
}
