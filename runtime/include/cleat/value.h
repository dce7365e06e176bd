// Values on the JavaScript thread: make them, read them, call them, keep them. base.h has the general rules.
#ifndef CLEAT_VALUE_H_
#define CLEAT_VALUE_H_

#include "base.h"
#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

// THE ENVIRONMENT

// Returns the runtime that `env` is of, borrowed: as long as the host has it. What keeps it longer, or gives it to
// another thread, takes a reference (cleat_retain). [-]
CLEAT_EXPORT CleatRuntime* cleat_runtime(CleatEnv* env);

// Returns the global object. [-]
CLEAT_EXPORT CleatValue* cleat_global(CleatEnv* env);

// Returns `size` bytes, aligned for any type, that are freed when the current task or call ends. [throws]
CLEAT_EXPORT void* cleat_allocate(CleatEnv* env, size_t size);

// A part of a task or call whose values are given up at its end, for loops that make many. Fields are Cleat's own.
typedef struct CleatScope {
  void* reserved[4];
} CleatScope;

// Opens and closes a scope. Scopes close in the reverse order of their opening, in the same task or call. [-]
CLEAT_EXPORT void cleat_scope_open(CleatEnv* env, CleatScope* scope);
CLEAT_EXPORT void cleat_scope_close(CleatEnv* env, CleatScope* scope);

// Declares that native memory which JavaScript keeps alive, beside that of ArrayBuffers, has changed by `change` bytes:
// it counts against the runtime's external_limit, and V8 collects garbage in good time. Where the limit does not allow
// it, even after a collection, it throws a RangeError, counts nothing and returns false. A negative change never fails.
// [throws]
CLEAT_EXPORT bool cleat_adjust_memory(CleatEnv* env, int64_t change);

// C TO JAVASCRIPT. Each returns a value of the kind it is named by.

CLEAT_EXPORT CleatValue* cleat_undefined(CleatEnv* env);                      // [-]
CLEAT_EXPORT CleatValue* cleat_null(CleatEnv* env);                           // [-]
CLEAT_EXPORT CleatValue* cleat_boolean(CleatEnv* env, bool value);            // [-]
CLEAT_EXPORT CleatValue* cleat_number(CleatEnv* env, double value);           // [-]
CLEAT_EXPORT CleatValue* cleat_bigint_int64(CleatEnv* env, int64_t value);    // [-]
CLEAT_EXPORT CleatValue* cleat_bigint_uint64(CleatEnv* env, uint64_t value);  // [-]

// A string of WTF-8; bytes that are not are replaced by U+FFFD. NULL `data` gives null. [throws: too long]
CLEAT_EXPORT CleatValue* cleat_string(CleatEnv* env, CleatString value);

// The same for a C string. [throws: too long]
CLEAT_EXPORT CleatValue* cleat_c_string(CleatEnv* env, const char* value);

// A string of UTF-16 code units. [throws: too long]
CLEAT_EXPORT CleatValue* cleat_string_utf16(CleatEnv* env, const uint16_t* units, size_t length);

CLEAT_EXPORT CleatValue* cleat_object(CleatEnv* env);                                                // [-]
CLEAT_EXPORT CleatValue* cleat_array(CleatEnv* env);                                                 // [-]
CLEAT_EXPORT CleatValue* cleat_array_of(CleatEnv* env, CleatValue* const* elements, size_t length);  // [throws]

// An ArrayBuffer with a copy of `length` bytes (zeros when `data` is NULL). [throws: RangeError]
CLEAT_EXPORT CleatValue* cleat_array_buffer(CleatEnv* env, const void* data, size_t length);

// A Uint8Array with a copy of `length` bytes (zeros when `data` is NULL). [throws: RangeError]
CLEAT_EXPORT CleatValue* cleat_uint8_array(CleatEnv* env, const void* data, size_t length);

// A function that calls `call` with `data`, which must outlive the runtime. `name` is its name, `length` its
// length. CleatCall is for <cleat/bind.h>, which has to be included to read arguments and give a result. [throws]
typedef struct CleatCall CleatCall;
CLEAT_EXPORT CleatValue* cleat_function(CleatEnv* env, const char* name, int length, void (*call)(CleatCall* call),
                                        void* data);

// WHAT A VALUE IS

typedef enum CleatType {
  CLEAT_TYPE_UNDEFINED,
  CLEAT_TYPE_NULL,
  CLEAT_TYPE_BOOLEAN,
  CLEAT_TYPE_NUMBER,
  CLEAT_TYPE_BIGINT,
  CLEAT_TYPE_STRING,
  CLEAT_TYPE_SYMBOL,
  CLEAT_TYPE_OBJECT,  // functions are objects too: ask cleat_is_function
} CleatType;

// Returns the ECMAScript type (the standard's "Type(v)"); undefined for NULL. [-]
CLEAT_EXPORT CleatType cleat_type(CleatEnv* env, CleatValue* value);

// Each returns whether `value` is one; false for NULL. [-]
CLEAT_EXPORT bool cleat_is_function(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_array(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_error(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_promise(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_array_buffer(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_array_buffer_view(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_date(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_map(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_set(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_regexp(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT bool cleat_is_proxy(CleatEnv* env, CleatValue* value);

// Returns whether a === b. False for NULL. [-]
CLEAT_EXPORT bool cleat_is_same(CleatEnv* env, CleatValue* a, CleatValue* b);

// JAVASCRIPT TO C, by the conversions of ECMAScript. They store into `out` and return true, or fail.

CLEAT_EXPORT bool cleat_to_boolean(CleatEnv* env, CleatValue* value);              // [-] ToBoolean; NULL: false
CLEAT_EXPORT bool cleat_to_number(CleatEnv* env, CleatValue* value, double* out);  // [js] ToNumber
CLEAT_EXPORT bool cleat_to_int32(CleatEnv* env, CleatValue* value, int32_t* out);  // [js] ToInt32

// The BigInt `value` modulo 2^64; stores in `exact` (may be NULL) whether nothing was lost. False, without an
// exception, for other values. [-]
CLEAT_EXPORT bool cleat_to_int64(CleatEnv* env, CleatValue* value, int64_t* out, bool* exact);

// ToString, as WTF-8. The memory lives until the current task or call ends. [js]
CLEAT_EXPORT bool cleat_to_string(CleatEnv* env, CleatValue* value, CleatString* out);

// The bytes of an ArrayBuffer or a view, in place: valid until JavaScript runs again. False, without an exception, for
// other values; a detached buffer has no bytes. [-]
CLEAT_EXPORT bool cleat_bytes(CleatEnv* env, CleatValue* value, uint8_t** data, size_t* length);

// OBJECTS

CLEAT_EXPORT CleatValue* cleat_get(CleatEnv* env, CleatValue* object, const char* key);                    // [js]
CLEAT_EXPORT bool cleat_set(CleatEnv* env, CleatValue* object, const char* key, CleatValue* value);        // [js]
CLEAT_EXPORT CleatValue* cleat_get_value(CleatEnv* env, CleatValue* object, CleatValue* key);              // [js]
CLEAT_EXPORT bool cleat_set_value(CleatEnv* env, CleatValue* object, CleatValue* key, CleatValue* value);  // [js]
CLEAT_EXPORT CleatValue* cleat_get_index(CleatEnv* env, CleatValue* object, uint32_t index);               // [js]
CLEAT_EXPORT bool cleat_set_index(CleatEnv* env, CleatValue* object, uint32_t index, CleatValue* value);   // [js]

// Stores whether `object` has the property, its own or inherited. [js]
CLEAT_EXPORT bool cleat_has(CleatEnv* env, CleatValue* object, const char* key, bool* out);

// Returns an array of the enumerable own string keys, in order, as Object.keys does. [js]
CLEAT_EXPORT CleatValue* cleat_keys(CleatEnv* env, CleatValue* object);

// Returns the length of an Array; 0 for other values. [-]
CLEAT_EXPORT uint32_t cleat_array_length(CleatEnv* env, CleatValue* array);

// CALLING

// Calls `function` with `receiver` as `this` (NULL: undefined). `arguments` may be NULL when `count` is 0. [js]
CLEAT_EXPORT CleatValue* cleat_call(CleatEnv* env, CleatValue* function, CleatValue* receiver, size_t count,
                                    CleatValue* const* arguments);

// Calls `constructor` as by `new`. [js]
CLEAT_EXPORT CleatValue* cleat_construct(CleatEnv* env, CleatValue* constructor, size_t count,
                                         CleatValue* const* arguments);

// Runs a classic script of `length` bytes and returns its completion value. `name` is what stack traces call it; its
// first line is numbered `line` (0 for 1). [js]
CLEAT_EXPORT CleatValue* cleat_run_script(CleatEnv* env, const char* source, size_t length, const char* name,
                                          uint32_t line);

// THROWING

// The constructors of ECMAScript that an exception can be made with.
typedef enum CleatThrowKind {
  CLEAT_THROW_ERROR,
  CLEAT_THROW_TYPE_ERROR,
  CLEAT_THROW_RANGE_ERROR,
  CLEAT_THROW_SYNTAX_ERROR,
  CLEAT_THROW_REFERENCE_ERROR,
} CleatThrowKind;

// Makes an Error object, without throwing it. [-]
CLEAT_EXPORT CleatValue* cleat_new_error(CleatEnv* env, CleatThrowKind kind, CleatString message);

// Throws any value, or a new Error with a message as by printf. They do nothing while an exception is pending already.
CLEAT_EXPORT void cleat_throw_value(CleatEnv* env, CleatValue* value);
CLEAT_EXPORT void cleat_throw(CleatEnv* env, CleatThrowKind kind, const char* format, ...) CLEAT_PRINTF(3, 4);
CLEAT_EXPORT void cleat_throw_error(CleatEnv* env, const char* format, ...) CLEAT_PRINTF(2, 3);
CLEAT_EXPORT void cleat_throw_type(CleatEnv* env, const char* format, ...) CLEAT_PRINTF(2, 3);
CLEAT_EXPORT void cleat_throw_range(CleatEnv* env, const char* format, ...) CLEAT_PRINTF(2, 3);

// The same with a DOMException of the standard's names, "NotFoundError" and its like, or of a name of the program's
// own. It can be thrown in every runtime; its constructor is a global where cleat_dom_exception_bindings is installed.
// cleat/exception.h has more of them.
CLEAT_EXPORT CleatValue* cleat_new_dom_exception(CleatEnv* env, const char* name, CleatString message);  // [throws]
CLEAT_EXPORT void cleat_throw_dom(CleatEnv* env, const char* name, const char* format, ...) CLEAT_PRINTF(3, 4);

// Returns whether an exception is pending. [-]
CLEAT_EXPORT bool cleat_failed(CleatEnv* env);

// Calls `body` and returns NULL, or, where it leaves an exception pending, takes that as a value and returns it, owned
// (cleat_error_free). Values made in `body` are given up when it returns. What ends the whole run (a time limit,
// cleat_terminate) is told so too, but stays pending. While an exception is pending, `body` is not called. [-]
CLEAT_EXPORT CleatError* cleat_try(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data);

// KEEPING

// Keeps `value` until cleat_ref_free; owned. NULL for NULL. What a native object keeps so is never collected while it
// refers to that object: bind.h has cleat_hold_in for it. [throws]
CLEAT_EXPORT CleatRef* cleat_hold(CleatEnv* env, CleatValue* value);

// Refers to `value`, an object, without keeping it from being collected; owned. NULL for NULL. [throws]
CLEAT_EXPORT CleatRef* cleat_hold_weak(CleatEnv* env, CleatValue* value);

// Notes the place in C that made `ref`, and returns it; NULL for NULL. `file` must outlive the runtime. Programs
// compiled without NDEBUG do this with every ref, and are told what they have not freed when the runtime closes
// (CleatOptions.leaked). [-]
CLEAT_EXPORT CleatRef* cleat_ref_place(CleatRef* ref, const char* file, int line);
#ifndef NDEBUG
#define cleat_hold(env, value) cleat_ref_place(cleat_hold(env, value), __FILE__, __LINE__)
#define cleat_hold_weak(env, value) cleat_ref_place(cleat_hold_weak(env, value), __FILE__, __LINE__)
#endif

// Returns the value that `ref` keeps or refers to; NULL for NULL, when its runtime has closed, and when that value, or
// the native object which kept it, was collected. [-]
CLEAT_EXPORT CleatValue* cleat_held(CleatEnv* env, const CleatRef* ref);

// Gives it up. Any thread, also after the runtime closed; NULL is accepted. [-]
CLEAT_EXPORT void cleat_ref_free(CleatRef* ref);

// COPYING. data.h has CleatData.

// Returns an owned copy of `value`. What cannot be copied is a TypeError that names the path to it. [js]
CLEAT_EXPORT CleatData* cleat_to_data(CleatEnv* env, CleatValue* value);

// Makes a value of `data`. [throws]
CLEAT_EXPORT CleatValue* cleat_from_data(CleatEnv* env, const CleatData* data);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_VALUE_H_
