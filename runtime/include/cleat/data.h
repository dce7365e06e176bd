// CleatData: a copy of a JavaScript value that needs no runtime to read, and can be handed to another one.
//
// A copy is a tree, or, where the value has cycles or shares parts, a graph: containers hand out borrowed nodes that
// live as long as the root. Everything may be called from any thread, but one graph from one thread at a time while it
// is being built; reading is free of that.
#ifndef CLEAT_DATA_H_
#define CLEAT_DATA_H_

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum CleatDataKind {
  CLEAT_DATA_UNDEFINED,
  CLEAT_DATA_NULL,
  CLEAT_DATA_BOOLEAN,
  CLEAT_DATA_NUMBER,
  CLEAT_DATA_BIGINT,
  CLEAT_DATA_STRING,
  CLEAT_DATA_BYTES,  // an ArrayBuffer or a view of one
  CLEAT_DATA_DATE,
  CLEAT_DATA_REGEXP,
  CLEAT_DATA_ARRAY,
  CLEAT_DATA_OBJECT,  // string keys in order
  CLEAT_DATA_MAP,
  CLEAT_DATA_SET,
  CLEAT_DATA_ERROR,
  CLEAT_DATA_HOLE,            // a missing element of an array
  CLEAT_DATA_FUNCTION,        // a handle to a function, for cleat_data_call; cleat_data_free releases it
  CLEAT_DATA_ASYNC_ITERABLE,  // a handle to an object with Symbol.asyncIterator, for cleat_data_next; the same
} CleatDataKind;

// What held the bytes of a CLEAT_DATA_BYTES.
typedef enum CleatBytesKind {
  CLEAT_BYTES_ARRAY_BUFFER,
  CLEAT_BYTES_DATA_VIEW,
  CLEAT_BYTES_INT8,
  CLEAT_BYTES_UINT8,
  CLEAT_BYTES_UINT8_CLAMPED,
  CLEAT_BYTES_INT16,
  CLEAT_BYTES_UINT16,
  CLEAT_BYTES_INT32,
  CLEAT_BYTES_UINT32,
  CLEAT_BYTES_FLOAT32,
  CLEAT_BYTES_FLOAT64,
  CLEAT_BYTES_BIGINT64,
  CLEAT_BYTES_BIGUINT64,
} CleatBytesKind;

// READING. Each reader answers for any node: where the kind is another one, it returns what its comment says. NULL is
// read as undefined.

// Returns the kind.
CLEAT_EXPORT CleatDataKind cleat_data_kind(const CleatData* data);

// Returns whether it is the boolean true.
CLEAT_EXPORT bool cleat_data_boolean(const CleatData* data);

// Returns the number, or the time value of a Date in milliseconds since 1970 (NaN for an invalid one); NaN for others.
CLEAT_EXPORT double cleat_data_number(const CleatData* data);

// Stores an exact integer: a number without a fraction within +-(2^53 - 1) other than -0, or a BigInt that fits.
// Returns false, storing nothing, for anything else.
CLEAT_EXPORT bool cleat_data_int64(const CleatData* data, int64_t* out);

// Returns the 64-bit words of a BigInt, least significant first, and stores how many and the sign. NULL for others.
CLEAT_EXPORT const uint64_t* cleat_data_bigint(const CleatData* data, size_t* word_count, bool* negative);

// Returns a string, a RegExp's source, or an Error's message; {NULL, 0} for others.
CLEAT_EXPORT CleatString cleat_data_string(const CleatData* data);

// Returns a RegExp's flags, or the name of an Error or a function; {NULL, 0} for others.
CLEAT_EXPORT CleatString cleat_data_name(const CleatData* data);

// Returns an Error's stack; {NULL, 0} for others.
CLEAT_EXPORT CleatString cleat_data_stack(const CleatData* data);

// Returns the bytes of an ArrayBuffer or a view, and stores their count and what held them (either may be NULL). NULL
// for others; never NULL for no bytes.
CLEAT_EXPORT const uint8_t* cleat_data_bytes(const CleatData* data, size_t* length, CleatBytesKind* kind);

// Returns the number of elements of an array (holes counted), of properties of an object, of entries of a Map, of
// values of a Set, or of aggregated errors of an Error; 0 for others.
CLEAT_EXPORT size_t cleat_data_length(const CleatData* data);

// Returns element, property value, entry value, value or aggregated error `index`; NULL where there is none.
CLEAT_EXPORT const CleatData* cleat_data_at(const CleatData* data, size_t index);

// Returns the key of property or entry `index`; NULL where there is none.
CLEAT_EXPORT const CleatData* cleat_data_key(const CleatData* data, size_t index);

// Returns an object's property by its name, or an Error's "cause"; NULL where there is none.
CLEAT_EXPORT const CleatData* cleat_data_get(const CleatData* data, const char* key);

// BUILDING. Each returns an owned node, or NULL when memory is short, and for an argument that cannot be: NULL for what
// is not empty (but for bytes, which then are zeros), a kind that there is not. Putting a node into a container gives
// it away: the root frees it. Strings and bytes are copied.

CLEAT_EXPORT CleatData* cleat_data_new_undefined(void);
CLEAT_EXPORT CleatData* cleat_data_new_null(void);
CLEAT_EXPORT CleatData* cleat_data_new_boolean(bool value);
CLEAT_EXPORT CleatData* cleat_data_new_number(double value);
// A JavaScript number where that is exact, otherwise a BigInt.
CLEAT_EXPORT CleatData* cleat_data_new_int64(int64_t value);
CLEAT_EXPORT CleatData* cleat_data_new_bigint(bool negative, const uint64_t* words, size_t word_count);
CLEAT_EXPORT CleatData* cleat_data_new_string(const char* data, size_t length);
CLEAT_EXPORT CleatData* cleat_data_new_bytes(CleatBytesKind kind, const void* data, size_t length);
// As ECMAScript's TimeClip: without a fraction, and invalid beyond 8.64e15.
CLEAT_EXPORT CleatData* cleat_data_new_date(double milliseconds);
CLEAT_EXPORT CleatData* cleat_data_new_array(void);
CLEAT_EXPORT CleatData* cleat_data_new_object(void);
CLEAT_EXPORT CleatData* cleat_data_new_map(void);
CLEAT_EXPORT CleatData* cleat_data_new_set(void);

// Appends to an array or a set, sets a property of an object, adds an entry to a map. They take over what they are
// given, also when they fail; false when memory is short, the container is of another kind, or a key or
// node is NULL.
CLEAT_EXPORT bool cleat_data_push(CleatData* container, CleatData* value);
CLEAT_EXPORT bool cleat_data_set(CleatData* object, const char* key, CleatData* value);
CLEAT_EXPORT bool cleat_data_put(CleatData* map, CleatData* key, CleatData* value);

// Frees a root and all that hangs on it.
CLEAT_EXPORT void cleat_data_free(CleatData* data);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_DATA_H_
