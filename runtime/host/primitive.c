// Values that are no objects, property keys and dates as text.

#include <math.h>
#include <string.h>

#include "host/inspect.h"

// Returns the quote that needs the fewest escapes.
static char quote_for(CleatString text) {
  if (memchr(text.data, '\'', text.length) == NULL) return '\'';
  if (memchr(text.data, '"', text.length) == NULL) return '"';
  if (memchr(text.data, '`', text.length) == NULL && strstr(text.data, "${") == NULL) return '`';
  return '\'';
}

static void add_escaped(CleatText* out, const char* start, const char* end, uint32_t code, char quote) {
  static const char kLetters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
  if (code < sizeof kLetters && kLetters[code] != 0) {
    cleat__text_print(out, "\\%c", kLetters[code]);
  } else if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
    cleat__text_print(out, "\\x%02X", code);
  } else if (code >= 0xD800 && code < 0xE000) {
    cleat__text_print(out, "\\u%04X", code);
  } else if (code == '\\' || code == (uint32_t)quote) {
    cleat__text_print(out, "\\%c", (char)code);
  } else {
    cleat__text_add(out, start, (size_t)(end - start));
  }
}

static void add_quoted(CleatText* out, const char* data, size_t length, char quote) {
  const char* end = data + length;
  cleat__text_add(out, &quote, 1);
  while (data < end) {
    const char* start = data;
    uint32_t code = cleat__text_next(&data, end);
    add_escaped(out, start, data, code, quote);
  }
  cleat__text_add(out, &quote, 1);
}

// A long text of several lines is shown line by line, as a sum.
static void add_quoted_lines(CleatText* out, CleatString text, char quote, size_t indentation) {
  const char* end = text.data + text.length;
  for (const char* line = text.data; line < end;) {
    const char* newline = memchr(line, '\n', (size_t)(end - line));
    const char* next = newline == NULL ? end : newline + 1;
    if (line != text.data) {
      cleat__text_add_c(out, " +\n");
      cleat__text_add_repeated(out, " ", indentation + 2);
    }
    add_quoted(out, line, (size_t)(next - line), quote);
    line = next;
  }
}

static void add_string(CleatEngine* engine, CleatValue* value, const CleatInspectStyle* style, CleatText* out) {
  CleatText text = {0};
  cleat__text_add_value(&text, engine, value, false);
  CleatString string = cleat__text_string(&text);
  char quote = quote_for(string);
  if (string.length > 16 && string.length + style->indentation + 4 > style->width) {
    add_quoted_lines(out, string, quote, style->indentation);
  } else {
    add_quoted(out, string.data, string.length, quote);
  }
  cleat__text_free(&text);
}

static void add_symbol(CleatEngine* engine, CleatValue* symbol, CleatText* out) {
  CleatValue* description = cleat__symbol_description(engine, symbol);
  cleat__text_add_c(out, "Symbol(");
  if (description != NULL) cleat__text_add_value(out, engine, description, true);
  cleat__text_add_c(out, ")");
}

static void add_number(CleatEngine* engine, CleatValue* value, CleatText* out) {
  double number = cleat__number_value(value);
  CleatValue* text = cleat__primitive_text(engine, value);
  if (number == 0 && signbit(number)) cleat__text_add_c(out, "-");
  if (text != NULL) cleat__text_add_value(out, engine, text, true);
}

void cleat__inspect_primitive(CleatEngine* engine, CleatValue* value, const CleatInspectStyle* style, CleatText* out) {
  CleatType type = cleat__type(value);
  if (type == CLEAT_TYPE_STRING) {
    add_string(engine, value, style, out);
  } else if (type == CLEAT_TYPE_SYMBOL) {
    add_symbol(engine, value, out);
  } else if (type == CLEAT_TYPE_NUMBER) {
    add_number(engine, value, out);
  } else {
    CleatValue* text = cleat__primitive_text(engine, value);
    if (text != NULL) cleat__text_add_value(out, engine, text, true);
    if (type == CLEAT_TYPE_BIGINT) cleat__text_add_c(out, "n");
  }
}

static bool is_identifier(CleatString text) {
  for (size_t i = 0; i < text.length; i++) {
    char c = text.data[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return text.length > 0;
}

void cleat__inspect_key(CleatEngine* engine, CleatValue* key, CleatText* out) {
  if (cleat__type(key) == CLEAT_TYPE_SYMBOL) {
    cleat__text_add_c(out, "[");
    add_symbol(engine, key, out);
    cleat__text_add_c(out, "]");
    return;
  }
  CleatText text = {0};
  cleat__text_add_value(&text, engine, key, false);
  CleatString string = cleat__text_string(&text);
  if (is_identifier(string)) {
    cleat__text_add(out, string.data, string.length);
  } else {
    add_quoted(out, string.data, string.length, quote_for(string));
  }
  cleat__text_free(&text);
}

typedef struct Day {
  int year;
  int month;
  int day;
} Day;

// The proleptic Gregorian date of a number of days since 1970, counted in years that begin in March and eras of 400
// years.
static Day day_of(int64_t days) {
  enum { kDaysOfEra = 146097, kDaysTo1970 = 719468 };
  days += kDaysTo1970;
  int64_t era = (days >= 0 ? days : days - (kDaysOfEra - 1)) / kDaysOfEra;
  int64_t day_of_era = days - era * kDaysOfEra;
  int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t month = (5 * day_of_year + 2) / 153;  // 0 is March
  int64_t year = year_of_era + era * 400 + (month >= 10);
  int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
  return (Day){(int)year, (int)(month < 10 ? month + 3 : month - 9), (int)day};
}

void cleat__inspect_date(double milliseconds, CleatText* out) {
  if (!(fabs(milliseconds) <= 8.64e15)) {
    cleat__text_add_c(out, "Invalid Date");
    return;
  }
  const int64_t kDay = 86400000;
  int64_t time = (int64_t)milliseconds;
  int64_t days = (time >= 0 ? time : time - (kDay - 1)) / kDay;
  int rest = (int)(time - days * kDay);
  Day day = day_of(days);
  if (day.year >= 0 && day.year <= 9999) {
    cleat__text_print(out, "%04d", day.year);
  } else {
    cleat__text_print(out, "%+07d", day.year);
  }
  cleat__text_print(out, "-%02d-%02dT%02d:%02d:%02d.%03dZ", day.month, day.day, rest / 3600000, rest / 60000 % 60,
                    rest / 1000 % 60, rest % 1000);
}
