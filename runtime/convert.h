// What the files of conversions share.
#ifndef CLEAT_RUNTIME_CONVERT_H_
#define CLEAT_RUNTIME_CONVERT_H_

#include "env.h"

// Throws a TypeError that tells the way to the value, and returns false, where it is of one of `types` (1 <<
// CLEAT_TYPE_x, or-ed), whose conversion to `wanted` V8 would refuse, telling nothing of the kind. [throws]
bool cleat__refuse_types(const CleatInput* input, unsigned types, const char* wanted);

// ToNumber. [js]
bool cleat__input_number(const CleatInput* input, double* out);

// Stores `string`, a string value, as WTF-8 in memory of `frame`. False when memory is short, and nothing is thrown.
// [-]
bool cleat__copy_string(CleatEngine* engine, CleatValue* string, CleatFrame* frame, bool replace_lone_surrogates,
                        CleatString* out);

// Keeps the value of `input`, whose native object was taken, as long as the blocking operation whose argument it is
// part of; only while env->converting is not NULL. blocking.c. [throws]
bool cleat__job_keep(const CleatInput* input);

// What the structs of buffers have in common.
typedef struct __attribute__((may_alias)) CleatBuffer {
  void* data;
  size_t length;
  CleatValue* value;
} CleatBuffer;

// Tells `frame` that memory it gave, with buffers in it perhaps, has moved, or holds them no more. [-]
void cleat__move_borrowed(CleatFrame* frame, const void* from, size_t size, const void* to);
void cleat__forget_borrowed(CleatFrame* frame, const void* from, size_t size);

// Notes how arrays are iterated, unless a script has changed that, and forgets it. In an isolate of others it is called
// as bindings are installed; elsewhere when the first array is iterated, as V8 can tell then. [throws]
bool cleat__arrays_open(CleatEnv* env);
void cleat__arrays_close(CleatEnv* env);

#endif  // CLEAT_RUNTIME_CONVERT_H_
