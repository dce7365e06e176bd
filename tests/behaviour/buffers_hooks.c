// The hooks of buffers.idl.
#include "buffers_hooks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

static atomic_uint given_back;

static pthread_mutex_t taken_lock = PTHREAD_MUTEX_INITIALIZER;  // memory is given back on any thread
static uint8_t* taken;                                          // what was given last, or NULL
static size_t taken_size;

void buffers_give_back(uint8_t* memory) {
  atomic_fetch_add(&given_back, 1);
  pthread_mutex_lock(&taken_lock);
  if (memory == taken) taken = NULL;
  pthread_mutex_unlock(&taken_lock);
  free(memory);
}

static uint64_t sum(const uint8_t* data, size_t length) {
  uint64_t total = 0;
  for (size_t i = 0; i < length; i++) total += data[i];
  return total;
}

uint64_t buffers_sum(CleatBufferSource data) { return sum(data.data, data.length); }
double buffers_sum_doubles(CleatFloat64Array values) {
  double total = 0;
  for (size_t i = 0; i < values.length; i++) total += values.data[i];
  return total;
}
CleatString buffers_kind(CleatArrayBufferView view) {
  if (view.kind == CLEAT_BYTES_DATA_VIEW) return CLEAT_STRING("DataView");
  return view.kind == CLEAT_BYTES_INT16 ? CLEAT_STRING("Int16Array") : CLEAT_STRING("other");
}
uint32_t buffers_shared(CleatBufferSource data) { return (uint32_t)data.length; }
uint32_t buffers_length(CleatArrayBuffer data, CleatValue* later) {
  (void)later;
  return (uint32_t)data.length;
}
uint32_t buffers_length_shared(CleatSharedArrayBuffer data) { return (uint32_t)data.length; }
uint32_t buffers_length_after(CleatUint8Array data, int32_t later) {
  (void)later;
  return (uint32_t)data.length;
}
uint32_t buffers_patched(const Patch* patch, CleatUint8ArraySequence more, int32_t later) {
  (void)later;
  uint64_t total = sum(patch->bytes.data, patch->bytes.length) + patch->view.length;
  for (size_t i = 0; i < more.length; i++) total += sum(more.items[i].data, more.items[i].length);
  return (uint32_t)total;
}
void buffers_fill(CleatUint8Array target, uint8_t value) {
  if (target.length > 0) memset(target.data, value, target.length);
}
CleatUint8Array buffers_echo(CleatUint8Array data) { return data; }
CleatUint8Array buffers_bytes(uint32_t size) {
  static uint8_t data[256];
  for (int i = 0; i < 256; i++) data[i] = (uint8_t)i;
  return (CleatUint8Array){data, size < 256 ? size : 256, NULL};
}
CleatFloat64Array buffers_squares(uint32_t count) {
  if (count > 1000000) count = 1000000;
  double* data = malloc((count + 1) * sizeof(double));
  for (uint32_t i = 0; i < count; i++) data[i] = (double)i * i;
  return (CleatFloat64Array){data, count, NULL};
}
CleatArrayBuffer buffers_taken(uint32_t size) {
  if (size > 1000000) size = 1000000;
  uint8_t* memory = calloc(size + 1, 1);
  pthread_mutex_lock(&taken_lock);
  taken = memory;
  taken_size = size;
  pthread_mutex_unlock(&taken_lock);
  return (CleatArrayBuffer){memory, size, NULL};
}
void buffers_poke_taken(uint8_t value) {
  pthread_mutex_lock(&taken_lock);
  if (taken != NULL && taken_size > 0) taken[0] = value;
  pthread_mutex_unlock(&taken_lock);
}
uint32_t buffers_get_given_back(void) { return given_back; }
CleatBufferSource buffers_half(CleatBufferSource data) {
  data.length /= 2;
  data.value = NULL;
  return data;
}
bool buffers_is_half(CleatFloat16Array data) { return data.data != NULL; }
CleatBigInt64Array buffers_big(CleatBigInt64Array data) { return (CleatBigInt64Array){data.data, data.length, NULL}; }
uint32_t buffers_pull(CleatEnv* env, const Source* source, uint32_t size) {
  CleatUint8Array bytes = {0};
  return source_call(env, source, size, &bytes) ? (uint32_t)sum(bytes.data, bytes.length) : 0;
}
void buffers_later(CleatUint8Array data, TypesUint8ArrayPromise* promise) {
  types_uint8_array_promise_resolve(promise, data);
}
CleatUint8Array buffers_reversed(CleatUint8Array data, CleatBufferSource other) {
  for (size_t i = 0; i < data.length / 2; i++) {
    uint8_t byte = data.data[i];
    data.data[i] = data.data[data.length - 1 - i];
    data.data[data.length - 1 - i] = byte;
  }
  if (other.data != NULL) data.length = other.length < data.length ? other.length : data.length;
  return data;
}
