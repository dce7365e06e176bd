// The string types of Web IDL, 3.2.9 to 3.2.11, and enumerations, 3.2.18.
#include <endian.h>
#include <string.h>

#include "convert.h"

enum { SHORT = 1024 };  // UTF-16 code units

#define HIGH_BITS UINT64_C(0x8080808080808080)

static inline uint64_t word_at(const char* data) {
  uint64_t word;
  memcpy(&word, data, sizeof(word));
  return word;
}

// Copies eight bytes, and returns them.
static inline uint64_t copy_word(char* to, const char* from) {
  uint64_t word = word_at(from);
  memcpy(to, &word, sizeof(word));
  return word;
}

// As memcpy, and returns whether all are ASCII: of short strings, which most are, by one look at each.
static inline bool copy_bytes(char* to, const char* from, size_t length) {
  if (length > 64) {
    memcpy(to, from, length);
    return cleat__is_ascii(to, length);
  }
  uint64_t all = 0;
  if (length >= 8) {
    for (size_t i = 0; i + 8 < length; i += 8) all |= copy_word(to + i, from + i);
    all |= copy_word(to + length - 8, from + length - 8);
  } else {
    for (size_t i = 0; i < length; i++) all |= (uint8_t)(to[i] = from[i]);
  }
  return (all & HIGH_BITS) == 0;
}

// Stores the UTF-8 of Latin-1 characters.
static bool widen(CleatFrame* frame, const char* latin1, size_t length, CleatString* out) {
  size_t size = length;
  for (size_t i = 0; i < length; i++) size += (uint8_t)latin1[i] >> 7;
  char* data = cleat_frame_allocate(frame, size + 1);
  if (data == NULL) return false;
  char* to = data;
  for (size_t i = 0; i < length; i++) {
    uint8_t unit = (uint8_t)latin1[i];
    if (unit < 0x80) {
      *to++ = (char)unit;
    } else {
      *to++ = (char)(0xC0 | unit >> 6);
      *to++ = (char)(0x80 | (unit & 0x3F));
    }
  }
  *to = '\0';
  *out = (CleatString){data, size};
  return true;
}

// Stores the units of a string that are all known to be below 256.
static bool copy_latin1(CleatEngine* engine, CleatValue* string, CleatFrame* frame, CleatString* out) {
  size_t length = cleat__string_length(string);
  char* data = cleat_frame_allocate(frame, length + 1);
  if (data == NULL) return false;
  cleat__string_write_latin1(engine, string, (uint8_t*)data);
  data[length] = '\0';
  *out = (CleatString){data, length};
  return true;
}

static bool is_lead(uint16_t unit) { return (unit & 0xFC00) == 0xD800; }

static bool is_trail(uint16_t unit) { return (unit & 0xFC00) == 0xDC00; }

// Whether a pair of surrogates begins at units[i].
static bool is_pair(const uint16_t* units, size_t i, size_t length) {
  return is_lead(units[i]) && i + 1 < length && is_trail(units[i + 1]);
}

static bool is_surrogate(uint16_t unit) { return (unit & 0xF800) == 0xD800; }

enum { LANES = 8 };

typedef uint16_t Units __attribute__((vector_size(LANES * sizeof(uint16_t))));

static inline Units units_at(const uint16_t* data) {
  Units units;
  memcpy(&units, data, sizeof(units));
  return units;
}

// Returns what `count` times LANES units add to the size, but for one byte each, where that can be told without the
// units around them: the first may be the trail of the unit before it, which is there.
static size_t added_by(const uint16_t* units, size_t count) {
  Units added = {0};
  for (size_t i = 0; i < count; i++, units += LANES) {
    Units unit = units_at(units);
    Units pairs = ((units_at(units - 1) & 0xFC00) == 0xD800) & ((unit & 0xFC00) == 0xDC00);
    // What is true is -1 in a lane.
    added += 2 * pairs - (unit >= 0x80) - (unit >= 0x800);
  }
  int64_t sum = 0;
  for (int i = 0; i < LANES; i++) sum += (int16_t)added[i];
  return (size_t)sum;
}

static size_t more_than_one(uint16_t unit) { return (size_t)(unit >= 0x80) + (unit >= 0x800); }

// Returns how many bytes the WTF-8 of UTF-16 has: up to three for each unit, and four for a pair.
static size_t encoded_size(const uint16_t* units, size_t length) {
  enum { MOST = INT16_MAX / 2 };  // of vectors, whose lanes then are large enough for the sum
  if (length == 0) return 0;
  size_t size = length + more_than_one(units[0]);
  size_t i = 1;
  for (size_t count; (count = (length - i) / LANES) > 0; i += count * LANES) {
    if (count > MOST) count = MOST;
    size += added_by(units + i, count);
  }
  for (; i < length; i++) {
    size += more_than_one(units[i]);
    if (is_lead(units[i - 1]) && is_trail(units[i])) size -= 2;
  }
  return size;
}

// Stores one byte more, over which is put what follows: there is always something, at least a NUL.
static char* put_three(char* to, uint32_t unit) {
  uint32_t word = htole32(0x8080E0 | unit >> 12 | (unit & 0xFC0) << 2 | (unit & 0x3F) << 16);
  memcpy(to, &word, sizeof(word));
  return to + 3;
}

static char* put_pair(char* to, uint16_t lead, uint16_t trail) {
  uint32_t value = 0x10000 + ((uint32_t)(lead & 0x3FF) << 10) + (trail & 0x3FF);
  to[0] = (char)(0xF0 | value >> 18);
  to[1] = (char)(0x80 | (value >> 12 & 0x3F));
  to[2] = (char)(0x80 | (value >> 6 & 0x3F));
  to[3] = (char)(0x80 | (value & 0x3F));
  return to + 4;
}

// Stores the WTF-8 of UTF-16 and a NUL; returns how many bytes that is without the NUL.
static __attribute__((noinline)) size_t encode(const uint16_t* units, size_t length, bool replace_lone_surrogates,
                                               char* out) {
  char* to = out;
  for (size_t i = 0; i < length; i++) {
    uint16_t unit = units[i];
    if (unit < 0x80) {
      *to++ = (char)unit;
    } else if (unit < 0x800) {
      *to++ = (char)(0xC0 | unit >> 6);
      *to++ = (char)(0x80 | (unit & 0x3F));
    } else if (!is_surrogate(unit)) {
      to = put_three(to, unit);
    } else if (is_pair(units, i, length)) {
      to = put_pair(to, unit, units[++i]);
    } else {
      to = put_three(to, replace_lone_surrogates ? 0xFFFD : unit);
    }
  }
  *to = '\0';
  return (size_t)(to - out);
}

// Stores the WTF-8 of a string that is in place; nothing here allocates from V8, which could move it. Room for a short
// one is not worth counting.
static bool copy_wide(const uint16_t* units, size_t length, CleatFrame* frame, bool replace_lone_surrogates,
                      CleatString* out) {
  char* data = cleat_frame_allocate(frame, (length <= SHORT ? length * 3 : encoded_size(units, length)) + 1);
  if (data == NULL) return false;
  *out = (CleatString){data, encode(units, length, replace_lone_surrogates, data)};
  return true;
}

// The short way first: most strings are ASCII, and their bytes are those of UTF-8.
bool cleat__copy_string(CleatEngine* engine, CleatValue* string, CleatFrame* frame, bool replace_lone_surrogates,
                        CleatString* out) {
  size_t length;
  const uint8_t* units = cleat__string_in_place(string, &length);
  if (units != NULL) {
    char* data = cleat_frame_allocate(frame, length + 1);
    if (data == NULL) return false;
    bool ascii = copy_bytes(data, (const char*)units, length);
    data[length] = '\0';
    *out = (CleatString){data, length};
    return ascii || widen(frame, data, length, out);
  }
  const uint16_t* wide = cleat__string_in_place_wide(string, &length);
  if (wide != NULL) return copy_wide(wide, length, frame, replace_lone_surrogates, out);
  if (cleat__string_is_one_byte(string)) {
    if (!copy_latin1(engine, string, frame, out)) return false;
    return cleat__is_ascii(out->data, out->length) || widen(frame, out->data, out->length, out);
  }
  length = cleat__string_wtf8_length(engine, string);
  char* data = cleat_frame_allocate(frame, length + 1);
  if (data == NULL) return false;
  cleat__string_write_wtf8(engine, string, data, replace_lone_surrogates);
  data[length] = '\0';
  *out = (CleatString){data, length};
  return true;
}

static bool is_string(CleatValue* value) { return cleat__is_string(value); }

// ToString. [js]
static CleatValue* to_string(const CleatInput* input) {
  if (is_string(input->value)) return input->value;
  CleatEnv* env = input->env;
  if (env->pending || !cleat__refuse_types(input, 1u << CLEAT_TYPE_SYMBOL, "a string")) return NULL;
  CleatValue* string = cleat__to_string(env->engine, input->value);
  cleat__ran(env, string != NULL);
  return string;
}

static bool throw_memory(const CleatInput* input) {
  cleat_input_throw(input, CLEAT_THROW_RANGE_ERROR, "is too long: memory ran out");
  return false;
}

static bool convert(const CleatInput* input, bool replace_lone_surrogates, CleatString* out) {
  CleatValue* string = to_string(input);
  if (string == NULL) return false;
  return cleat__copy_string(input->env->engine, string, input->frame, replace_lone_surrogates, out) ||
         throw_memory(input);
}

bool cleat_input_dom_string(const CleatInput* input, CleatString* out) { return convert(input, false, out); }

bool cleat_input_usv_string(const CleatInput* input, CleatString* out) { return convert(input, true, out); }

bool cleat_input_byte_string(const CleatInput* input, CleatString* out) {
  CleatValue* string = to_string(input);
  if (string == NULL) return false;
  if (!cleat__string_is_one_byte(string) && !cleat__string_contains_only_one_byte(string)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "has a character above U+00FF");
    return false;
  }
  return copy_latin1(input->env->engine, string, input->frame, out) || throw_memory(input);
}

// [CString=utf16]

static void replace_surrogates(uint16_t* units, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (is_pair(units, i, length)) {
      i++;
    } else if (is_lead(units[i]) || is_trail(units[i])) {
      units[i] = 0xFFFD;
    }
  }
}

static bool convert16(const CleatInput* input, bool replace_lone_surrogates, CleatString16* out) {
  CleatValue* string = to_string(input);
  if (string == NULL) return false;
  size_t length = cleat__string_length(string);
  uint16_t* units = cleat_frame_allocate(input->frame, (length + 1) * sizeof(uint16_t));
  if (units == NULL) return throw_memory(input);
  cleat__string_write_utf16(input->env->engine, string, units);
  units[length] = 0;
  if (replace_lone_surrogates) replace_surrogates(units, length);
  *out = (CleatString16){units, length};
  return true;
}

bool cleat_input_dom_string16(const CleatInput* input, CleatString16* out) { return convert16(input, false, out); }

bool cleat_input_usv_string16(const CleatInput* input, CleatString16* out) { return convert16(input, true, out); }

CleatValue* cleat_string16(CleatEnv* env, CleatString16 value) {
  return value.data == NULL ? cleat_null(env) : cleat_string_utf16(env, value.data, value.length);
}

CleatInput cleat_null_to_empty(const CleatInput* input) {
  CleatInput text = *input;
  if (cleat__type(input->value) == CLEAT_TYPE_NULL) text.value = cleat__interned(input->env->engine, "");
  return text;
}

static bool convert_arg(CleatCall* call, int index, CleatFrame* frame, bool replace_lone_surrogates, CleatString* out) {
  CleatValue* value = cleat__arg(call, index);
  if (is_string(value) && cleat__copy_string(cleat__call_engine(call), value, frame, replace_lone_surrogates, out)) {
    return true;
  }
  CleatInput input = cleat_arg(call, index, frame);
  return convert(&input, replace_lone_surrogates, out);
}

bool cleat_arg_dom_string(CleatCall* call, int index, CleatFrame* frame, CleatString* out) {
  return convert_arg(call, index, frame, false, out);
}

bool cleat_arg_usv_string(CleatCall* call, int index, CleatFrame* frame, CleatString* out) {
  return convert_arg(call, index, frame, true, out);
}

bool cleat_arg_byte_string(CleatCall* call, int index, CleatFrame* frame, CleatString* out) {
  CleatInput input = cleat_arg(call, index, frame);
  return cleat_input_byte_string(&input, out);
}

bool cleat_check_c_string(const CleatInput* input, CleatString string) {
  if (string.data == NULL || memchr(string.data, '\0', string.length) == NULL) return true;
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "has a NUL character");
  return false;
}

// ENUMERATIONS

// Returns the number of the enumerator, or -1.
static int find_enumerator(const CleatEnum* type, CleatString string) {
  for (size_t i = 0; i < type->value_count; i++) {
    const char* value = type->values[i];
    if (strlen(value) == string.length && memcmp(value, string.data, string.length) == 0) return (int)i;
  }
  return -1;
}

bool cleat_input_enum(const CleatInput* input, const CleatEnum* type, int* out) {
  CLEAT_FRAME(frame);
  CleatInput local = *input;
  local.frame = &frame;
  CleatString string;
  if (!cleat_input_dom_string(&local, &string)) return false;
  *out = find_enumerator(type, string);
  if (*out >= 0) return true;
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is '%.*s', which is not a value of the enumeration '%s'",
                    string.length < 100 ? (int)string.length : 100, string.data, type->name);
  return false;
}

bool cleat_assigned_enum(const CleatInput* input, const CleatEnum* type, int* out) {
  CLEAT_FRAME(frame);
  CleatInput local = *input;
  local.frame = &frame;
  CleatString string;
  if (!cleat_input_dom_string(&local, &string)) return false;
  int value = find_enumerator(type, string);
  if (value >= 0) *out = value;
  return value >= 0;
}
