// Buffer source types of Web IDL, 3.2.25: the bytes of ArrayBuffers and views, in place, and new ones out of bytes.
//
// What a conversion after it runs may detach or move the bytes of an argument. So a frame remembers where those structs
// are, and the bytes are looked up again right before the hook is called.
#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "convert.h"

struct CleatBorrowed {
  CleatBuffer* place;
  size_t element_size;
  struct CleatBorrowed* next;
};

static const size_t element_sizes[] = {
    [CLEAT_BYTES_ARRAY_BUFFER] = 1, [CLEAT_BYTES_DATA_VIEW] = 1, [CLEAT_BYTES_INT8] = 1,
    [CLEAT_BYTES_UINT8] = 1,        [CLEAT_BYTES_INT16] = 2,     [CLEAT_BYTES_UINT8_CLAMPED] = 1,
    [CLEAT_BYTES_UINT16] = 2,       [CLEAT_BYTES_INT32] = 4,     [CLEAT_BYTES_UINT32] = 4,
    [CLEAT_BYTES_FLOAT32] = 4,      [CLEAT_BYTES_FLOAT64] = 8,   [CLEAT_BYTES_BIGINT64] = 8,
    [CLEAT_BYTES_BIGUINT64] = 8,
};

// READING

// Returns the CLEAT_IS_ bit of a value; 0 for what is no buffer and no view.
static unsigned bit_of(CleatValue* value, CleatBytesKind* kind) {
  if (!cleat__is_object(value)) return 0;
  if (cleat__is_shared_array_buffer(value)) {
    *kind = CLEAT_BYTES_ARRAY_BUFFER;
    return CLEAT_IS_SHARED_ARRAY_BUFFER;
  }
  if (!cleat__is_array_buffer(value) && !cleat__is_view(value)) return 0;
  *kind = cleat__bytes_kind(value);
  return 1u << *kind;
}

bool cleat_input_is_buffer(const CleatInput* input, unsigned kinds) {
  CleatBytesKind kind;
  return (bit_of(input->value, &kind) & kinds) != 0;
}

// Stores where the bytes are, both words at once. Hooks are given buffers by value, which are three words: the glue
// copies the first two at once, and would wait for those that were stored one by one.
static void store(CleatBuffer* out, void* data, size_t length) {
  typedef uintptr_t Pair __attribute__((vector_size(2 * sizeof(uintptr_t))));
  Pair pair = {(uintptr_t)data, length};
  _Static_assert(sizeof(pair) == offsetof(CleatBuffer, value), "data and length");
  memcpy(out, &pair, sizeof(pair));
}

// Stores where the bytes of `it->value` are now; a detached one has none, at an address that is no NULL.
static void look_up(CleatEngine* engine, CleatBuffer* it, size_t element_size) {
  CleatBytesKind kind;
  size_t length;
  void* data = cleat__bytes(engine, it->value, &length, &kind);
  store(it, data, length / element_size);
}

static bool remember(CleatFrame* frame, CleatBuffer* place, size_t element_size) {
  struct CleatBorrowed* it = cleat_frame_allocate(frame, sizeof(*it));
  if (it == NULL) return false;
  *it = (struct CleatBorrowed){place, element_size, frame->borrowed};
  frame->borrowed = it;
  return true;
}

// Throws unless a buffer of that nature is allowed.
static bool check_nature(const CleatInput* input, unsigned allowed, bool shared, bool resizable) {
  if (shared && (allowed & CLEAT_ALLOW_SHARED) == 0) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is of a SharedArrayBuffer, which is not allowed here");
    return false;
  }
  if (resizable && (allowed & CLEAT_ALLOW_RESIZABLE) == 0) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is of a resizable buffer, which is not allowed here");
    return false;
  }
  return true;
}

static void throw_not(const CleatInput* input, const char* name) {
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not %s %s", strchr("AEIO", name[0]) ? "an" : "a", name);
}

static bool remembered(const CleatInput* input, CleatBuffer* out, size_t element_size) {
  if (remember(input->frame, out, element_size)) return true;
  cleat_throw_range(input->env, "out of memory");
  return false;
}

static bool convert(const CleatInput* input, unsigned kinds, unsigned allowed, const char* name, CleatBuffer* out,
                    CleatBytesKind* kind, size_t element_size) {
  CleatValue* value = input->value;
  if ((bit_of(value, kind) & kinds) == 0) {
    throw_not(input, name);
    return false;
  }
  bool shared;
  bool resizable;
  cleat__buffer_nature(value, &shared, &resizable);
  // A SharedArrayBuffer itself is not in question: its own type asks for it.
  if (!check_nature(input, allowed, shared && !cleat__is_shared_array_buffer(value), resizable)) return false;
  out->value = value;
  look_up(input->env->engine, out, element_size);
  return remembered(input, out, element_size);
}

// The same of one kind of view, for which V8 is asked little.
static CLEAT_APART bool convert_view(const CleatInput* input, CleatBytesKind kind, unsigned allowed, const char* name,
                                     CleatBuffer* out) {
  if (!cleat__is_view_of(input->value, kind)) {
    throw_not(input, name);
    return false;
  }
  bool shared;
  bool resizable;
  size_t length;
  void* data = cleat__view_bytes(input->value, &length, &shared, &resizable);
  if (!check_nature(input, allowed, shared, resizable)) return false;
  store(out, data, length / element_sizes[kind]);
  out->value = input->value;
  return remembered(input, out, element_sizes[kind]);
}

// The same of an argument, which is looked at twice only where it is not what is most often given.
static bool convert_view_argument(CleatCall* call, int index, CleatFrame* frame, CleatBytesKind kind, unsigned allowed,
                                  const char* name, CleatBuffer* out) {
  CleatValue* value = cleat__arg(call, index);
  if (cleat__is_view_of(value, kind)) {
    bool shared;
    bool resizable;
    size_t length;
    void* data = cleat__view_bytes(value, &length, &shared, &resizable);
    store(out, data, length / element_sizes[kind]);
    out->value = value;
    if (!shared && !resizable && remember(frame, out, element_sizes[kind])) return true;
  }
  CleatInput input = cleat_arg(call, index, frame);
  return convert_view(&input, kind, allowed, name, out);
}

void cleat_find_buffers(CleatEnv* env, CleatFrame* frame) {
  CLEAT_CHECK_ENV(env);
  for (struct CleatBorrowed* it = frame->borrowed; it != NULL; it = it->next) {
    look_up(env->engine, it->place, it->element_size);
  }
  frame->borrowed = NULL;
}

bool cleat_require_int_length(CleatCall* call, int index, size_t length) {
  if (length <= INT_MAX) return true;
  CleatInput input = cleat_arg(call, index, NULL);
  cleat_input_throw(&input, CLEAT_THROW_RANGE_ERROR, "is longer than %d", INT_MAX);
  return false;
}

bool cleat_copy_buffers(CleatEnv* env, CleatFrame* frame) {
  CLEAT_CHECK_ENV(env);
  for (struct CleatBorrowed* it = frame->borrowed; it != NULL; it = it->next) {
    look_up(env->engine, it->place, it->element_size);
    if (!cleat_copy_buffer(frame, it->place, it->element_size)) {
      cleat_throw_range(env, "out of memory");
      return false;
    }
  }
  frame->borrowed = NULL;
  return true;
}

bool cleat_copy_buffer(CleatFrame* frame, void* buffer, size_t element_size) {
  CleatBuffer* it = buffer;
  it->value = NULL;
  if (it->data == NULL) return true;
  size_t size = it->length * element_size;
  void* copy = cleat_frame_allocate(frame, size + 1);
  if (copy == NULL) return false;
  it->data = memcpy(copy, it->data, size);
  return true;
}

void cleat__move_borrowed(CleatFrame* frame, const void* from, size_t size, const void* to) {
  for (struct CleatBorrowed* it = frame->borrowed; it != NULL; it = it->next) {
    uintptr_t offset = (uintptr_t)it->place - (uintptr_t)from;
    if (offset < size) it->place = (CleatBuffer*)((uintptr_t)to + offset);
  }
}

void cleat__forget_borrowed(CleatFrame* frame, const void* from, size_t size) {
  struct CleatBorrowed** link = &frame->borrowed;
  while (*link != NULL) {
    if ((uintptr_t)(*link)->place - (uintptr_t)from < size) {
      *link = (*link)->next;
    } else {
      link = &(*link)->next;
    }
  }
}

// MAKING

static CleatValue* make(CleatEnv* env, CleatBytesKind kind, CleatBuffer it) {
  if (env->pending) return NULL;
  if (it.value != NULL) return it.value;
  if (it.data == NULL) return cleat__null(env->engine);
  size_t size = it.length * element_sizes[kind];
  if (it.length > SIZE_MAX / 8) {
    cleat_throw_range(env, "Array buffer allocation failed");
    return NULL;
  }
  CleatValue* value = cleat__array_buffer(env->engine, it.data, size);
  if (value != NULL) value = cleat__view(env->engine, kind, value, 0, size);
  return value == NULL ? cleat__fail(env) : value;
}

static CleatValue* take(CleatEnv* env, CleatBytesKind kind, CleatBuffer it, void (*release)(void* data)) {
  if (it.data == NULL) return env->pending ? NULL : cleat__null(env->engine);
  if (env->pending || it.length > SIZE_MAX / 8) {
    release(it.data);
    cleat_throw_range(env, "Array buffer allocation failed");
    return NULL;
  }
  size_t size = it.length * element_sizes[kind];
  CleatValue* value = cleat__array_buffer_over(env->engine, it.data, size, release);
  if (value != NULL) value = cleat__view(env->engine, kind, value, 0, size);
  return value == NULL ? cleat__fail(env) : value;
}

static void throw_no_float16(CleatEnv* env) { cleat_throw_type(env, "This engine has no Float16Array"); }

// THE TYPES

#define ARGUMENT(name, type)                                                                          \
  bool cleat_arg_##name(CleatCall* call, int index, CleatFrame* frame, unsigned allowed, type* out) { \
    CleatInput input = cleat_arg(call, index, frame);                                                 \
    return cleat_input_##name(&input, allowed, out);                                                  \
  }

#define MAKING(name, type, kind)                                                          \
  CleatValue* cleat_from_##name(CleatEnv* env, type value) {                              \
    CLEAT_CHECK_ENV(env);                                                                 \
    return make(env, kind, (CleatBuffer){value.data, value.length, value.value});         \
  }                                                                                       \
  CleatValue* cleat_take_##name(CleatEnv* env, type value, void (*release)(void* data)) { \
    CLEAT_CHECK_ENV(env);                                                                 \
    return take(env, kind, (CleatBuffer){value.data, value.length, NULL}, release);       \
  }

#define VIEW(name, type, kind, idl)                                                                             \
  CLEAT_HOT bool cleat_arg_##name(CleatCall* call, int index, CleatFrame* frame, unsigned allowed, type* out) { \
    return convert_view_argument(call, index, frame, kind, allowed, idl, (CleatBuffer*)out);                    \
  }                                                                                                             \
  bool cleat_input_##name(const CleatInput* input, unsigned allowed, type* out) {                               \
    return convert_view(input, kind, allowed, idl, (CleatBuffer*)out);                                          \
  }                                                                                                             \
  MAKING(name, type, kind)

VIEW(data_view, CleatDataView, CLEAT_BYTES_DATA_VIEW, "DataView")
VIEW(int8_array, CleatInt8Array, CLEAT_BYTES_INT8, "Int8Array")
VIEW(uint8_array, CleatUint8Array, CLEAT_BYTES_UINT8, "Uint8Array")
VIEW(uint8_clamped_array, CleatUint8ClampedArray, CLEAT_BYTES_UINT8_CLAMPED, "Uint8ClampedArray")
VIEW(int16_array, CleatInt16Array, CLEAT_BYTES_INT16, "Int16Array")
VIEW(uint16_array, CleatUint16Array, CLEAT_BYTES_UINT16, "Uint16Array")
VIEW(int32_array, CleatInt32Array, CLEAT_BYTES_INT32, "Int32Array")
VIEW(uint32_array, CleatUint32Array, CLEAT_BYTES_UINT32, "Uint32Array")
VIEW(float32_array, CleatFloat32Array, CLEAT_BYTES_FLOAT32, "Float32Array")
VIEW(float64_array, CleatFloat64Array, CLEAT_BYTES_FLOAT64, "Float64Array")
VIEW(big_int64_array, CleatBigInt64Array, CLEAT_BYTES_BIGINT64, "BigInt64Array")
VIEW(big_uint64_array, CleatBigUint64Array, CLEAT_BYTES_BIGUINT64, "BigUint64Array")

bool cleat_input_array_buffer(const CleatInput* input, unsigned allowed, CleatArrayBuffer* out) {
  CleatBytesKind found;
  return convert(input, 1u << CLEAT_BYTES_ARRAY_BUFFER, allowed, "ArrayBuffer", (CleatBuffer*)out, &found, 1);
}
ARGUMENT(array_buffer, CleatArrayBuffer)
MAKING(array_buffer, CleatArrayBuffer, CLEAT_BYTES_ARRAY_BUFFER)

bool cleat_input_shared_array_buffer(const CleatInput* input, unsigned allowed, CleatSharedArrayBuffer* out) {
  CleatBytesKind found;
  return convert(input, CLEAT_IS_SHARED_ARRAY_BUFFER, allowed, "SharedArrayBuffer", (CleatBuffer*)out, &found, 1);
}
ARGUMENT(shared_array_buffer, CleatSharedArrayBuffer)

CleatValue* cleat_from_shared_array_buffer(CleatEnv* env, CleatSharedArrayBuffer value) {
  CLEAT_CHECK_ENV(env);
  if (env->pending || value.value != NULL) return value.value;
  if (value.data == NULL) return cleat__null(env->engine);
  CleatValue* made = cleat__shared_array_buffer(env->engine, value.data, value.length);
  return made == NULL ? cleat__fail(env) : made;
}

CleatValue* cleat_take_shared_array_buffer(CleatEnv* env, CleatSharedArrayBuffer value, void (*release)(void* data)) {
  CLEAT_CHECK_ENV(env);
  CleatValue* made = cleat_from_shared_array_buffer(env, value);
  if (value.data != NULL) release(value.data);
  return made;
}

bool cleat_input_float16_array(const CleatInput* input, unsigned allowed, CleatFloat16Array* out) {
  (void)allowed;
  (void)out;
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not a Float16Array, which this engine does not have");
  return false;
}
ARGUMENT(float16_array, CleatFloat16Array)

CleatValue* cleat_from_float16_array(CleatEnv* env, CleatFloat16Array value) {
  CLEAT_CHECK_ENV(env);
  if (value.data == NULL && !env->pending) return cleat__null(env->engine);
  throw_no_float16(env);
  return NULL;
}

CleatValue* cleat_take_float16_array(CleatEnv* env, CleatFloat16Array value, void (*release)(void* data)) {
  CLEAT_CHECK_ENV(env);
  if (value.data != NULL) release(value.data);
  return cleat_from_float16_array(env, value);
}

bool cleat_input_array_buffer_view(const CleatInput* input, unsigned allowed, CleatArrayBufferView* out) {
  return convert(input, CLEAT_IS_ARRAY_BUFFER_VIEW, allowed, "ArrayBufferView", (CleatBuffer*)out, &out->kind, 1);
}
ARGUMENT(array_buffer_view, CleatArrayBufferView)

bool cleat_input_buffer_source(const CleatInput* input, unsigned allowed, CleatBufferSource* out) {
  unsigned kinds = CLEAT_IS_BUFFER_SOURCE | ((allowed & CLEAT_ALLOW_SHARED) != 0 ? CLEAT_IS_SHARED_ARRAY_BUFFER : 0);
  return convert(input, kinds, allowed, "ArrayBuffer or a view of one", (CleatBuffer*)out, &out->kind, 1);
}
ARGUMENT(buffer_source, CleatBufferSource)

// Bytes of a kind with larger elements: as many as there are whole ones.
static CleatBuffer elements_of(CleatArrayBufferView value) {
  size_t size = (size_t)value.kind < sizeof(element_sizes) / sizeof(size_t) ? element_sizes[value.kind] : 1;
  return (CleatBuffer){value.data, value.length / size, value.value};
}

CleatValue* cleat_from_array_buffer_view(CleatEnv* env, CleatArrayBufferView value) {
  CLEAT_CHECK_ENV(env);
  return make(env, value.kind, elements_of(value));
}

CleatValue* cleat_take_array_buffer_view(CleatEnv* env, CleatArrayBufferView value, void (*release)(void* data)) {
  CLEAT_CHECK_ENV(env);
  return take(env, value.kind, elements_of(value), release);
}
