// What the files of conversions share.
#ifndef CLEAT_RUNTIME_CONVERT_H_
#define CLEAT_RUNTIME_CONVERT_H_

#include "env.h"

// Returns whether all bytes are below 128.
bool cleat__is_ascii(const char* data, size_t length);

// ToNumber. [js]
bool cleat__input_number(const CleatInput* input, double* out);

// Stores `string`, a string value, as WTF-8 in memory of `frame`. False when memory is short, and nothing is thrown.
// [-]
bool cleat__copy_string(CleatEngine* engine, CleatValue* string, CleatFrame* frame, bool replace_lone_surrogates,
                        CleatString* out);

// Keeps the value of `input`, whose native object was taken, as long as the blocking operation whose argument it is part
// of; only while env->converting is not NULL. blocking.c. [throws]
bool cleat__job_keep(const CleatInput* input);

// Notes how arrays are iterated before any script could change that, and forgets it. [throws]
bool cleat__arrays_open(CleatEnv* env);
void cleat__arrays_close(CleatEnv* env);

#endif  // CLEAT_RUNTIME_CONVERT_H_
