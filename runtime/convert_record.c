// Records of Web IDL, 3.2.23: the own enumerable properties of an object, in order.
#include <string.h>

#include "convert.h"

bool cleat_record(const CleatInput* input, size_t entry_size, CleatRecording* recording) {
  CleatEnv* env = input->env;
  if (env->pending) return false;
  memset(recording, 0, sizeof(*recording));
  recording->input = input;
  recording->entry_size = entry_size;
  if (!cleat__is_object(input->value)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not an object");
    return false;
  }
  recording->keys = cleat__own_property_keys(env->engine, input->value);
  if (!cleat__ran(env, recording->keys != NULL)) return false;
  size_t count = cleat__array_length(recording->keys);
  if (count <= SIZE_MAX / entry_size - 1)
    recording->items = cleat_frame_allocate(input->frame, (count + 1) * entry_size);
  if (recording->items != NULL) return true;
  cleat_input_throw(input, CLEAT_THROW_RANGE_ERROR, "is too long: memory ran out");
  return false;
}

// Replacing lone surrogates may make two keys one: the later value then takes the earlier place.
static void unite(CleatRecording* recording) {
  static const char replacement[] = "\xEF\xBF\xBD";
  if (recording->length < 2) return;
  size_t size = recording->entry_size;
  char* last = recording->items + (recording->length - 1) * size;
  const CleatString* key = (const CleatString*)last;
  if (memmem(key->data, key->length, replacement, sizeof(replacement) - 1) == NULL) return;
  for (char* it = recording->items; it < last; it += size) {
    const CleatString* other = (const CleatString*)it;
    if (other->length != key->length || memcmp(other->data, key->data, key->length) != 0) continue;
    cleat__forget_borrowed(recording->input->frame, it, size);
    memcpy(it, last, size);
    cleat__move_borrowed(recording->input->frame, last, size, it);
    recording->length--;
    return;
  }
}

// A key or, once it has a name, a value.
static CleatInput part(const CleatRecording* recording, CleatValue* value) {
  CleatInput input = *recording->input;
  input.value = value;
  input.method = NULL;
  input.outer = recording->input;
  input.member = NULL;
  input.index = SIZE_MAX;
  return input;
}

static bool fail(CleatRecording* recording) {
  recording->failed = true;
  return false;
}

bool cleat_record_next(CleatRecording* recording) {
  CleatEnv* env = recording->input->env;
  if (env->pending) return fail(recording);
  unite(recording);
  while (recording->next < cleat__array_length(recording->keys)) {
    CleatValue* key = cleat__get_index(env->engine, recording->keys, recording->next++);
    bool enumerable = false;
    bool known = key != NULL && cleat__own_enumerable(env->engine, recording->input->value, key, &enumerable);
    if (!cleat__ran(env, known)) return fail(recording);
    if (!enumerable) continue;
    recording->key = part(recording, key);
    recording->slot = memset(recording->items + recording->length * recording->entry_size, 0, recording->entry_size);
    recording->length++;
    return true;
  }
  return false;
}

bool cleat_record_value(CleatRecording* recording, CleatString key) {
  CleatEnv* env = recording->input->env;
  if (env->pending) return false;
  CleatValue* value = cleat__get(env->engine, recording->input->value, recording->key.value);
  if (!cleat__ran(env, value != NULL)) return false;
  recording->value = part(recording, value);
  recording->value.member = key.data;
  return true;
}

bool cleat_record_end(CleatRecording* recording, void** items, size_t* length) {
  if (recording->failed) return false;
  *items = recording->items;
  *length = recording->length;
  return true;
}
