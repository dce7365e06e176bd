// The interface that generated glue is written against: descriptors, calls, and the conversions of Web IDL. A host's
// author meets it in these places: CleatCallback, the promises, CleatThrower, CleatCall (of cleat_function), and, for
// the JavaScript side of a native object, cleat_wrap and cleat_unwrap with the x_class of a generated header.
#ifndef CLEAT_BIND_H_
#define CLEAT_BIND_H_

#include <stdarg.h>

#include "base.h"
#include "data.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

// DESCRIPTORS. Static and constant; their addresses are their identity.

// One call of a native function by JavaScript: its arguments, its `this`, its result. It lives until it returns, and is
// for the thread that it is on; debug builds of Cleat abort where it is used on another one, or is NULL, for which
// others do not look, since every call would pay for it.
typedef struct CleatCall CleatCall;

// A native function, as JavaScript calls it. It begins with cleat_this, cleat_require_args, cleat_env or cleat_ends,
// which see to it that what runs ends where it is to end: V8 itself may look for that after thousands of calls only.
typedef void (*CleatNative)(CleatCall* call);

typedef enum CleatMemberKind {
  CLEAT_OPERATION,         // `call`
  CLEAT_ATTRIBUTE,         // `call` gets, `set` sets; read-only without `set`
  CLEAT_CONSTANT,          // `value`
  CLEAT_CONSTANT_BOOLEAN,  // `value`, 0 or 1
  CLEAT_CONSTANT_BIGINT,   // `bigint`
} CleatMemberKind;

enum {
  CLEAT_STATIC = 1 << 0,          // on the interface object rather than its prototype
  CLEAT_PROMISING = 1 << 1,       // returns a promise: what it throws becomes a rejection (Web IDL "operation steps")
  CLEAT_UNFORGEABLE = 1 << 2,     // on every instance, and not to be changed: [LegacyUnforgeable]
  CLEAT_UNSCOPABLE = 1 << 3,      // hidden from `with`: [Unscopable]
  CLEAT_JSON = 1 << 4,            // an attribute that [Default] toJSON gives
  CLEAT_ITERATES = 1 << 5,        // a method that is also there, the same function, under @@iterator
  CLEAT_ITERATES_ASYNC = 1 << 6,  // or under @@asyncIterator
  CLEAT_DISPOSES = 1 << 7,        // the same under @@dispose: [Dispose]
  CLEAT_DISPOSES_ASYNC = 1 << 8,  // or under @@asyncDispose
};

// FAST CALLS. What optimised code calls in the place of `call`, where the arguments are as they should be: a C function
// that takes the receiver first and then numbers and booleans, with no CleatCall and no way to throw.
typedef enum CleatFastType {
  CLEAT_FAST_VOID,
  CLEAT_FAST_BOOLEAN,
  CLEAT_FAST_INT32,   // of an argument: any Number, modulo 2^32
  CLEAT_FAST_UINT32,  // the same
  CLEAT_FAST_FLOAT,
  CLEAT_FAST_DOUBLE,
} CleatFastType;

enum { CLEAT_FAST_ARGUMENTS = 8 };  // at most

typedef struct CleatFast {
  void (*function)(void);
  CleatFastType result;
  int argument_count;
  CleatFastType arguments[CLEAT_FAST_ARGUMENTS];
} CleatFast;

typedef struct CleatMember {
  const char* name;
  CleatMemberKind kind;
  unsigned flags;
  CleatNative call;
  CleatNative set;
  int length;  // of the function: the number of arguments that must be given
  double value;
  const char* capability;  // absent from a runtime that was not granted it; NULL for always there
  const CleatFast* fast;   // of an operation; NULL for none
  const struct CleatBigInt* bigint;
} CleatMember;

// The flags of a class.
enum {
  CLEAT_NO_INTERFACE_OBJECT = 1 << 0,  // no global, no `constructor`: [LegacyNoInterfaceObject]
  CLEAT_ITERATOR_PROTOTYPE = 1 << 1,   // a class of iterators: the prototype inherits from %IteratorPrototype%
  CLEAT_ERROR_PROTOTYPE = 1 << 2,      // DOMException: the prototype inherits from %Error.prototype%
  CLEAT_INDEXED = 1 << 3,              // @@iterator is that of arrays
  CLEAT_VALUE_ITERABLE = 1 << 4,       // and so are entries, forEach, keys and values: iterable<V>
  CLEAT_MAPLIKE = 1 << 5,
  CLEAT_SETLIKE = 1 << 6,                   // its entries are kept in a Set
  CLEAT_ASYNC_ITERATOR_PROTOTYPE = 1 << 7,  // of asynchronous iterators: it inherits from %AsyncIteratorPrototype%
  CLEAT_OBSERVES = 1 << 8,                  // it has attributes of type ObservableArray<T>
  CLEAT_GLOBAL = 1 << 9,                    // members are on each instance: [Global]
  CLEAT_IMMUTABLE_PROTOTYPE = 1 << 10,      // nor can the prototype of the prototype be changed
  CLEAT_DISPOSABLE = 1 << 11,               // a method @@dispose gives the native object back: [Dispose]
};

struct CleatInput;

// The indexed and named properties of an interface: Web IDL "legacy platform objects". Those that an interface does not
// have are NULL. All are on the JavaScript thread. Of the global object: has_name and get_name of its "named properties
// object", where a script finds what nothing else has the name of.
typedef struct CleatProperties {
  uint32_t (*length)(CleatEnv* env, void* object);
  CleatValue* (*get_index)(CleatEnv* env, void* object, uint32_t index);
  bool (*set_index)(CleatEnv* env, void* object, uint32_t index, const struct CleatInput* value);
  bool (*has_name)(CleatEnv* env, void* object, CleatString name);
  bool (*name_at)(CleatEnv* env, void* object, size_t index, CleatString* name);
  CleatValue* (*get_name)(CleatEnv* env, void* object, CleatString name);
  bool (*set_name)(CleatEnv* env, void* object, CleatString name, const struct CleatInput* value);
  bool (*delete_name)(CleatEnv* env, void* object, CleatString name);
  bool overrides;     // [LegacyOverrideBuiltIns]
  bool unenumerable;  // [LegacyUnenumerableNamedProperties]
} CleatProperties;

// An interface. Its wrapped objects belong to JavaScript: `finalize` is called once for each, when nothing can reach it
// any more or when its runtime closes, on the JavaScript thread; it cannot touch JavaScript. NULL for nothing to do.
//
// An object of a class with CLEAT_DISPOSABLE is given back sooner where a script calls its [Symbol.dispose](): from
// then on its members are TypeErrors, cleat_unwrap finds no object, and it is finalized as soon as no C can have it in
// its hands: at once, or, where one of these has it, when that is over: a native function under way that called
// JavaScript, a function that was dispatched and is under way, a promise that is to be settled or a [Blocking]
// operation of a call that was of the object or was given it, and a CleatRef of its wrapper, but for weak ones. So C
// that keeps a native object keeps such a CleatRef, and no pointer alone; and an object that holds its own wrapper is
// not given back before it lets go of that.
typedef struct CleatClass {
  const char* name;
  const struct CleatClass* parent;  // NULL for none
  CleatNative construct;            // NULL: `new` is a TypeError
  int length;                       // of the constructor
  void (*finalize)(void* object);
  const CleatMember* members;
  size_t member_count;
  const char* capability;
  unsigned flags;
  const char* namespace_name;  // where the interface object is instead of the global object: [LegacyNamespace]
  const char* const* aliases;  // more names of the global: [LegacyWindowAlias]
  size_t alias_count;
  const CleatMember* factories;  // `name`, `call` and `length` of more constructors: [LegacyFactoryFunction]
  size_t factory_count;
  const CleatProperties* properties;

  // Returns how many bytes `object` has outside of JavaScript's heap, for [ExternalMemory]: asked when it is wrapped,
  // and by cleat_external_memory_changed. NULL: what the parent says, or, where no ancestor has one, nothing.
  size_t (*external_memory)(void* object);
} CleatClass;

// The flags of a namespace.
enum {
  CLEAT_CALLBACK_INTERFACE = 1 << 0,  // a callback interface with constants: a function that throws, and has them
};

typedef struct CleatNamespace {
  const char* name;
  const CleatMember* members;
  size_t member_count;
  const char* capability;
  unsigned flags;
} CleatNamespace;

typedef struct CleatEnum {
  const char* name;
  const char* const* values;  // the strings, by the number of the C enumerator
  size_t value_count;
} CleatEnum;

// A dictionary as it is made for JavaScript: what it has of those it inherits from comes first.
typedef struct CleatDictionary {
  const char* const* members;  // the names
  size_t member_count;
} CleatDictionary;

struct CleatBindings {
  size_t size;  // sizeof(CleatBindings)
  const char* name;
  const CleatClass* const* classes;  // a parent stands before its children
  size_t class_count;
  const CleatNamespace* const* namespaces;
  size_t namespace_count;
  const CleatMember* globals;
  size_t global_count;
  // Where `globals` or properties of the global object need one; its `capability` is that of the properties. NULL for
  // none.
  const CleatClass* global_scope;
};

// The interface of the global object, of which those of `global_scope` are. Its native object is the runtime, a
// CleatRuntime*: cleat_unwrap of the global object gives that, and cleat_wrap of that the global object.
CLEAT_EXPORT extern const CleatClass cleat_global_scope_class;

// THE MEMORY OF A CALL

// Holds what the arguments of one call are converted into. Declared only by glue that needs it, and then freed when the
// block it is declared in is left: `CLEAT_FRAME(frame);`. Fields are Cleat's own.
typedef struct CleatFrame {
  void* blocks;                    // what did not fit below
  size_t used;                     // of `space`
  struct CleatBorrowed* borrowed;  // the buffers that arguments were converted into
  CleatEnv* env;                   // whose current frame this is, or NULL
  struct CleatFrame* outer;        // its frame before
  char space[256] __attribute__((aligned(16)));
} CleatFrame;

#define CLEAT_FRAME(name)                                      \
  __attribute__((cleanup(cleat_frame_leave))) CleatFrame name; \
  cleat_frame_init(&name)

// What CLEAT_FRAME begins with; `space` needs no zeros. [-]
static inline void cleat_frame_init(CleatFrame* frame) {
  frame->blocks = NULL;
  frame->used = 0;
  frame->borrowed = NULL;
  frame->env = NULL;
  frame->outer = NULL;
}

// Returns `size` bytes aligned for any type, or NULL when memory is short, or all calls together would have more than
// the runtime's limit of external memory, where blocks of a megabyte and more are counted (nothing is thrown). [-]
CLEAT_EXPORT void* cleat_frame_allocate(CleatFrame* frame, size_t size);

// What CLEAT_FRAME calls at the end of the block. [-]
CLEAT_EXPORT void cleat_frame_free(CleatFrame* frame);
static inline void cleat_frame_leave(CleatFrame* frame) {
  if (frame->blocks != NULL || frame->env != NULL) cleat_frame_free(frame);
}

// How many runtimes of the process are to end what they run: for cleat_ends, and not to be written.
CLEAT_EXPORT extern int cleat_ending_count;

// Returns whether what runs is to end, since its time is up for instance, and then has that happen as `call` returns.
// cleat_ends looks first whether there is such a runtime at all. [throws]
CLEAT_EXPORT bool cleat_end(CleatCall* call);
static inline bool cleat_may_end(void) {
  return __builtin_expect(__atomic_load_n(&cleat_ending_count, __ATOMIC_RELAXED) != 0, 0);
}
static inline bool cleat_ends(CleatCall* call) { return cleat_may_end() && cleat_end(call); }

// Returns the environment of `call`, with no exception pending. [-]
CLEAT_EXPORT CleatEnv* cleat_env(CleatCall* call);

// The same, and `frame` is where cleat_allocate takes memory from until the call ends: what a hook that takes a
// CleatEnv is called with. It does not look whether what runs is to end: a hook is called next, and what it makes would
// be lost. [-]
CLEAT_EXPORT CleatEnv* cleat_enter(CleatCall* call, CleatFrame* frame);

// ARGUMENTS

// Returns whether argument `index` was given and is not undefined. [-]
CLEAT_EXPORT bool cleat_has_arg(CleatCall* call, int index);

// Returns the number of arguments given. [-]
CLEAT_EXPORT int cleat_arg_count(CleatCall* call);

// Throws a TypeError and returns false where fewer than `count` arguments were given. [throws]
CLEAT_EXPORT bool cleat_require_args(CleatCall* call, int count);

// Throws the TypeError that no overload takes so many arguments. [throws]
CLEAT_EXPORT void cleat_throw_overload(CleatCall* call);

// Returns the `data` that the function called was made with by cleat_function. [-]
CLEAT_EXPORT void* cleat_call_data(CleatCall* call);

// Returns argument `index`; undefined where it was not given. [-]
CLEAT_EXPORT CleatValue* cleat_arg_any(CleatCall* call, int index);

// Returns the native object that `this` wraps, or throws a TypeError and returns NULL where it is not one of `type` or
// of an interface that inherits from it. [throws]
CLEAT_EXPORT void* cleat_this(CleatCall* call, const CleatClass* type);

// The same, but where it is not one nothing is thrown: [LegacyLenientThis]. [-]
CLEAT_EXPORT void* cleat_lenient_this(CleatCall* call, const CleatClass* type);

// A value on its way into C, with the path to it for messages. Every conversion of Web IDL takes one. `frame` may be
// NULL where nothing is allocated. Fields are filled by the functions below.
typedef struct CleatInput {
  CleatEnv* env;
  CleatFrame* frame;
  CleatValue* value;
  CleatValue* method;              // what its @@iterator was found to be, where that is known; else NULL
  bool async;                      // `method` is its @@asyncIterator
  CleatCall* call;                 // whose argument it is part of, or NULL
  const struct CleatInput* outer;  // the value it is part of, or NULL
  const char* member;  // the dictionary member it is; without `outer` and `call`, what it is called; or NULL
  size_t index;        // the element or, without `outer`, the argument it is (SIZE_MAX: what is assigned)
} CleatInput;

// Returns argument `index` as an input. [-]
CLEAT_EXPORT CleatInput cleat_arg(CleatCall* call, int index, CleatFrame* frame);

// Returns the value given to an attribute's setter as an input. [-]
CLEAT_EXPORT CleatInput cleat_assigned(CleatCall* call, CleatFrame* frame);

// CONVERSIONS of Web IDL section 3.2, JavaScript to C. cleat_to_x(input, out) and, for an argument, cleat_arg_x(call,
// index, out), which is the same, sooner. What an attribute is set to is argument 0.

// 3.2.3 boolean [-]
CLEAT_EXPORT bool cleat_arg_boolean(CleatCall* call, int index, bool* out);
CLEAT_EXPORT bool cleat_input_boolean(const CleatInput* input, bool* out);

// 3.2.4 integer types: modulo 2^n, with [Clamp], with [EnforceRange] [js]
#define CLEAT_INTEGER_CONVERSIONS(name, type)                                                \
  CLEAT_EXPORT bool cleat_arg_##name(CleatCall* call, int index, type* out);                 \
  CLEAT_EXPORT bool cleat_arg_##name##_clamp(CleatCall* call, int index, type* out);         \
  CLEAT_EXPORT bool cleat_arg_##name##_enforce_range(CleatCall* call, int index, type* out); \
  CLEAT_EXPORT bool cleat_input_##name(const CleatInput* input, type* out);                  \
  CLEAT_EXPORT bool cleat_input_##name##_clamp(const CleatInput* input, type* out);          \
  CLEAT_EXPORT bool cleat_input_##name##_enforce_range(const CleatInput* input, type* out)
CLEAT_INTEGER_CONVERSIONS(byte, int8_t);
CLEAT_INTEGER_CONVERSIONS(octet, uint8_t);
CLEAT_INTEGER_CONVERSIONS(short, int16_t);
CLEAT_INTEGER_CONVERSIONS(unsigned_short, uint16_t);
CLEAT_INTEGER_CONVERSIONS(long, int32_t);
CLEAT_INTEGER_CONVERSIONS(unsigned_long, uint32_t);
CLEAT_INTEGER_CONVERSIONS(long_long, int64_t);
CLEAT_INTEGER_CONVERSIONS(unsigned_long_long, uint64_t);
#undef CLEAT_INTEGER_CONVERSIONS

// 3.2.5 to 3.2.8 float, unrestricted float, double, unrestricted double [js]
CLEAT_EXPORT bool cleat_arg_float(CleatCall* call, int index, float* out);
CLEAT_EXPORT bool cleat_arg_unrestricted_float(CleatCall* call, int index, float* out);
CLEAT_EXPORT bool cleat_arg_double(CleatCall* call, int index, double* out);
CLEAT_EXPORT bool cleat_arg_unrestricted_double(CleatCall* call, int index, double* out);
CLEAT_EXPORT bool cleat_input_float(const CleatInput* input, float* out);
CLEAT_EXPORT bool cleat_input_unrestricted_float(const CleatInput* input, float* out);
CLEAT_EXPORT bool cleat_input_double(const CleatInput* input, double* out);
CLEAT_EXPORT bool cleat_input_unrestricted_double(const CleatInput* input, double* out);

// 3.2.9 to 3.2.11 DOMString (WTF-8), USVString (lone surrogates replaced), ByteString (bytes). The memory is the
// frame's. [js]
CLEAT_EXPORT bool cleat_arg_dom_string(CleatCall* call, int index, CleatFrame* frame, CleatString* out);
CLEAT_EXPORT bool cleat_arg_usv_string(CleatCall* call, int index, CleatFrame* frame, CleatString* out);
CLEAT_EXPORT bool cleat_arg_byte_string(CleatCall* call, int index, CleatFrame* frame, CleatString* out);
CLEAT_EXPORT bool cleat_input_dom_string(const CleatInput* input, CleatString* out);
CLEAT_EXPORT bool cleat_input_usv_string(const CleatInput* input, CleatString* out);
CLEAT_EXPORT bool cleat_input_byte_string(const CleatInput* input, CleatString* out);

// [CString=utf16]: the same two as UTF-16 code units, with a zero behind them. [js]
typedef struct CleatString16 {
  const uint16_t* data;
  size_t length;  // in units
} CleatString16;
CLEAT_EXPORT bool cleat_input_dom_string16(const CleatInput* input, CleatString16* out);
CLEAT_EXPORT bool cleat_input_usv_string16(const CleatInput* input, CleatString16* out);

// [LegacyNullToEmptyString]: returns the input with "" for null. [-]
CLEAT_EXPORT CleatInput cleat_null_to_empty(const CleatInput* input);

// [CString]: throws a TypeError and returns false where `string` holds a NUL, which a `const char*` would end at.
// [throws]
CLEAT_EXPORT bool cleat_check_c_string(const CleatInput* input, CleatString string);

// The same for the name of a property that is assigned to. [throws]
CLEAT_EXPORT bool cleat_check_property_name(CleatEnv* env, CleatString name);

// 3.2.9 bigint: ToBigInt, which makes a number a TypeError. The words are 64 bits each, the least significant first, in
// memory of the frame; 0 has none. [js]
typedef struct CleatBigInt {
  bool negative;
  const uint64_t* words;
  size_t count;
} CleatBigInt;
CLEAT_EXPORT bool cleat_arg_bigint(CleatCall* call, int index, CleatFrame* frame, CleatBigInt* out);
CLEAT_EXPORT bool cleat_input_bigint(const CleatInput* input, CleatBigInt* out);

// 3.2.13 object and 3.2.14 symbol: throw a TypeError for anything else. [throws]
CLEAT_EXPORT bool cleat_input_object(const CleatInput* input, CleatValue** out);
CLEAT_EXPORT bool cleat_input_symbol(const CleatInput* input, CleatValue** out);

// 3.2.15 interface types: the native object, or a TypeError. [throws]
CLEAT_EXPORT void* cleat_arg_object(CleatCall* call, int index, const CleatClass* type);
CLEAT_EXPORT void* cleat_input_interface(const CleatInput* input, const CleatClass* type);

// 3.2.18 enumerations: stores the number of the enumerator. [js]
CLEAT_EXPORT bool cleat_input_enum(const CleatInput* input, const CleatEnum* type, int* out);

// The same for a setter, which ignores a string that is no value: returns false with nothing thrown. [js]
CLEAT_EXPORT bool cleat_assigned_enum(const CleatInput* input, const CleatEnum* type, int* out);

// What the value is, for the types of a union and for overloads: they are tried in the order of the standard. [-]
CLEAT_EXPORT bool cleat_input_is_undefined(const CleatInput* input);
CLEAT_EXPORT bool cleat_input_is_boolean(const CleatInput* input);
CLEAT_EXPORT bool cleat_input_is_number(const CleatInput* input);
CLEAT_EXPORT bool cleat_input_is_bigint(const CleatInput* input);
CLEAT_EXPORT bool cleat_input_is_symbol(const CleatInput* input);
CLEAT_EXPORT bool cleat_input_is_object(const CleatInput* input);
CLEAT_EXPORT bool cleat_input_is_function(const CleatInput* input);
CLEAT_EXPORT bool cleat_input_is_interface(const CleatInput* input, const CleatClass* type);

// Gets the method @@iterator of an object: `found.method` is it, or NULL where there is none. The conversion to a
// sequence that follows, of `found`, does not get it again. [js]
CLEAT_EXPORT bool cleat_input_find_iterator(const CleatInput* input, CleatInput* found);

// The same of the method @@asyncIterator, or, where there is none, @@iterator, for the conversion to an async sequence.
// `no_strings` leaves String objects out, since there is a string type beside it. [js]
CLEAT_EXPORT bool cleat_input_find_async_iterator(const CleatInput* input, bool no_strings, CleatInput* found);

// ToNumeric, for what is to be a number or a bigint. [js]
CLEAT_EXPORT bool cleat_input_to_numeric(const CleatInput* input, CleatInput* numeric);

// 3.2.20 nullable types: whether the value is null or undefined. [-]
CLEAT_EXPORT bool cleat_input_is_null(const CleatInput* input);

// The same, where undefined is a value of a union. [-]
CLEAT_EXPORT bool cleat_input_is_exactly_null(const CleatInput* input);

// 3.2.17 dictionary types. cleat_input_dictionary throws a TypeError for what is neither undefined, null nor an object.
// cleat_input_member makes `member`, from cleat_member_of, the member of that name, in the order of the standard, and
// stores in `present` whether it is there; `required` makes a missing one a TypeError. `name` is static, and found by
// its address. [js]
CLEAT_EXPORT bool cleat_input_dictionary(const CleatInput* input);

// For one that contains others of its type: a RangeError where they are nested deeper than the stack can take. [throws]
CLEAT_EXPORT bool cleat_input_check_depth(const CleatInput* input);
CLEAT_EXPORT bool cleat_input_member(CleatInput* member, const char* name, bool required, bool* present);

// Returns an input for the members of `dictionary`, one after the other. [-]
static inline CleatInput cleat_member_of(const CleatInput* dictionary) {
  CleatInput member = *dictionary;
  member.method = NULL;
  member.outer = dictionary;
  return member;
}

// 3.2.21 sequences: the iteration protocol, into memory of the frame.
//
//   CleatIteration iteration;
//   if (!cleat_iterate(input, sizeof(double), &iteration)) return false;
//   while (cleat_iterate_next(&iteration)) {
//     if (!cleat_input_double(&iteration.element, iteration.slot)) return false;
//   }
//   return cleat_iterate_end(&iteration, (void**)&out->items, &out->length);
typedef struct CleatIteration {
  CleatInput element;  // the value to be converted
  void* slot;          // where to put what it is converted into
  const CleatInput* input;
  CleatValue* iterator;
  CleatValue* next;
  char* items;
  size_t element_size;
  size_t length;
  size_t capacity;
  bool failed;
} CleatIteration;
CLEAT_EXPORT bool cleat_iterate(const CleatInput* input, size_t element_size, CleatIteration* iteration);  // [js]
CLEAT_EXPORT bool cleat_iterate_next(CleatIteration* iteration);                                           // [js]
CLEAT_EXPORT bool cleat_iterate_end(CleatIteration* iteration, void** items, size_t* length);              // [-]

// 3.2.23 records: the own enumerable properties in order, into memory of the frame. An entry is a struct that begins
// with its key, a CleatString.
//
//   CleatRecording recording;
//   if (!cleat_record(input, sizeof(CleatLongRecordEntry), &recording)) return false;
//   while (cleat_record_next(&recording)) {
//     CleatLongRecordEntry* entry = recording.slot;
//     if (!cleat_input_dom_string(&recording.key, &entry->key)) return false;
//     if (!cleat_record_value(&recording, entry->key)) return false;
//     if (!cleat_input_long(&recording.value, &entry->value)) return false;
//   }
//   return cleat_record_end(&recording, (void**)&out->items, &out->length);
typedef struct CleatRecording {
  CleatInput key;
  CleatInput value;
  void* slot;
  const CleatInput* input;
  CleatValue* keys;
  uint32_t next;
  char* items;
  size_t entry_size;
  size_t length;
  bool failed;
} CleatRecording;
CLEAT_EXPORT bool cleat_record(const CleatInput* input, size_t entry_size, CleatRecording* recording);  // [js]
CLEAT_EXPORT bool cleat_record_next(CleatRecording* recording);                                         // [js]
CLEAT_EXPORT bool cleat_record_value(CleatRecording* recording, CleatString key);                       // [js]
CLEAT_EXPORT bool cleat_record_end(CleatRecording* recording, void** items, size_t* length);            // [-]

// Throws a TypeError or RangeError whose message names the member called, the argument and the path to the value:
// "Failed to execute 'resize' on 'Canvas': member 'width' of argument 1 <text>." [throws]
CLEAT_EXPORT void cleat_input_throw(const CleatInput* input, CleatThrowKind kind, const char* format, ...)
    CLEAT_PRINTF(3, 4);

// The numbers, strings and booleans of a sequence, borrowed as arguments are.
#define CLEAT_SEQUENCE(name, type) \
  typedef struct name {            \
    type const* items;             \
    size_t length;                 \
  } name
CLEAT_SEQUENCE(CleatBooleanSequence, bool);
CLEAT_SEQUENCE(CleatByteSequence, int8_t);
CLEAT_SEQUENCE(CleatOctetSequence, uint8_t);
CLEAT_SEQUENCE(CleatShortSequence, int16_t);
CLEAT_SEQUENCE(CleatUnsignedShortSequence, uint16_t);
CLEAT_SEQUENCE(CleatLongSequence, int32_t);
CLEAT_SEQUENCE(CleatUnsignedLongSequence, uint32_t);
CLEAT_SEQUENCE(CleatLongLongSequence, int64_t);
CLEAT_SEQUENCE(CleatUnsignedLongLongSequence, uint64_t);
CLEAT_SEQUENCE(CleatFloatSequence, float);
CLEAT_SEQUENCE(CleatDoubleSequence, double);
CLEAT_SEQUENCE(CleatStringSequence, CleatString);
CLEAT_SEQUENCE(CleatValueSequence, CleatValue*);

// sequence<double> and sequence<unrestricted double>, in one go where a script could not tell. The memory is the
// frame's. [js]
CLEAT_EXPORT bool cleat_input_double_sequence(const CleatInput* input, CleatDoubleSequence* out);
CLEAT_EXPORT bool cleat_input_unrestricted_double_sequence(const CleatInput* input, CleatDoubleSequence* out);

// The entries of a record, each key once.
#define CLEAT_RECORD(name, type) \
  typedef struct name##Entry {   \
    CleatString key;             \
    type value;                  \
  } name##Entry;                 \
  CLEAT_SEQUENCE(name, name##Entry)

// What may be absent: an optional argument without a default, or a nullable number, boolean or enum.
#define CLEAT_OPTIONAL(name, type) \
  typedef struct name {            \
    bool has;                      \
    type value;                    \
  } name
CLEAT_OPTIONAL(CleatOptionalBoolean, bool);
CLEAT_OPTIONAL(CleatOptionalByte, int8_t);
CLEAT_OPTIONAL(CleatOptionalOctet, uint8_t);
CLEAT_OPTIONAL(CleatOptionalShort, int16_t);
CLEAT_OPTIONAL(CleatOptionalUnsignedShort, uint16_t);
CLEAT_OPTIONAL(CleatOptionalLong, int32_t);
CLEAT_OPTIONAL(CleatOptionalUnsignedLong, uint32_t);
CLEAT_OPTIONAL(CleatOptionalLongLong, int64_t);
CLEAT_OPTIONAL(CleatOptionalUnsignedLongLong, uint64_t);
CLEAT_OPTIONAL(CleatOptionalFloat, float);
CLEAT_OPTIONAL(CleatOptionalDouble, double);
CLEAT_OPTIONAL(CleatOptionalString, CleatString);

// BUFFERS, 3.2.25: the bytes of an ArrayBuffer or a view of one, in place. `length` counts elements, and is 0 for a
// buffer that was detached. As an argument, `data` is valid until JavaScript runs again, and so for the whole of a call
// that calls nothing back. As a result, one with a `value` is that object; without, a new one with a copy of the bytes;
// and where `data` is NULL too, null. In a [Blocking] operation the bytes are copies.
#define CLEAT_BUFFER(name, type) \
  typedef struct name {          \
    type* data;                  \
    size_t length;               \
    CleatValue* value;           \
  } name

// [AllowShared] and [AllowResizable]. The bytes of a SharedArrayBuffer may change at any time.
enum {
  CLEAT_ALLOW_SHARED = 1 << 0,
  CLEAT_ALLOW_RESIZABLE = 1 << 1,
};

// cleat_input_x and cleat_arg_x convert, and throw a TypeError for other objects [throws]; cleat_from_x makes the
// result, cleat_take_x one that takes the memory over, without a copy where the engine can, and has `release` called
// with it, on any thread. [throws]
#define CLEAT_BUFFER_CONVERSIONS(name, type)                                                                      \
  CLEAT_EXPORT bool cleat_arg_##name(CleatCall* call, int index, CleatFrame* frame, unsigned allowed, type* out); \
  CLEAT_EXPORT bool cleat_input_##name(const CleatInput* input, unsigned allowed, type* out);                     \
  CLEAT_EXPORT CleatValue* cleat_from_##name(CleatEnv* env, type value);                                          \
  CLEAT_EXPORT CleatValue* cleat_take_##name(CleatEnv* env, type value, void (*release)(void* data))
CLEAT_BUFFER(CleatArrayBuffer, uint8_t);
CLEAT_BUFFER(CleatSharedArrayBuffer, uint8_t);
CLEAT_BUFFER(CleatDataView, uint8_t);
CLEAT_BUFFER(CleatInt8Array, int8_t);
CLEAT_BUFFER(CleatUint8Array, uint8_t);
CLEAT_BUFFER(CleatUint8ClampedArray, uint8_t);
CLEAT_BUFFER(CleatInt16Array, int16_t);
CLEAT_BUFFER(CleatUint16Array, uint16_t);
CLEAT_BUFFER(CleatInt32Array, int32_t);
CLEAT_BUFFER(CleatUint32Array, uint32_t);
CLEAT_BUFFER(CleatFloat16Array, uint16_t);  // of an engine that has them; elsewhere nothing is one, and a result throws
CLEAT_BUFFER(CleatFloat32Array, float);
CLEAT_BUFFER(CleatFloat64Array, double);
CLEAT_BUFFER(CleatBigInt64Array, int64_t);
CLEAT_BUFFER(CleatBigUint64Array, uint64_t);
CLEAT_BUFFER_CONVERSIONS(array_buffer, CleatArrayBuffer);
CLEAT_BUFFER_CONVERSIONS(shared_array_buffer, CleatSharedArrayBuffer);
CLEAT_BUFFER_CONVERSIONS(data_view, CleatDataView);
CLEAT_BUFFER_CONVERSIONS(int8_array, CleatInt8Array);
CLEAT_BUFFER_CONVERSIONS(uint8_array, CleatUint8Array);
CLEAT_BUFFER_CONVERSIONS(uint8_clamped_array, CleatUint8ClampedArray);
CLEAT_BUFFER_CONVERSIONS(int16_array, CleatInt16Array);
CLEAT_BUFFER_CONVERSIONS(uint16_array, CleatUint16Array);
CLEAT_BUFFER_CONVERSIONS(int32_array, CleatInt32Array);
CLEAT_BUFFER_CONVERSIONS(uint32_array, CleatUint32Array);
CLEAT_BUFFER_CONVERSIONS(float16_array, CleatFloat16Array);
CLEAT_BUFFER_CONVERSIONS(float32_array, CleatFloat32Array);
CLEAT_BUFFER_CONVERSIONS(float64_array, CleatFloat64Array);
CLEAT_BUFFER_CONVERSIONS(big_int64_array, CleatBigInt64Array);
CLEAT_BUFFER_CONVERSIONS(big_uint64_array, CleatBigUint64Array);

// ArrayBufferView, and BufferSource with AllowSharedBufferSource: `kind` says which it is, and `length` counts bytes.
typedef struct CleatArrayBufferView {
  uint8_t* data;
  size_t length;
  CleatValue* value;
  CleatBytesKind kind;
} CleatArrayBufferView;
typedef CleatArrayBufferView CleatBufferSource;
CLEAT_BUFFER_CONVERSIONS(array_buffer_view, CleatArrayBufferView);
CLEAT_EXPORT bool cleat_arg_buffer_source(CleatCall* call, int index, CleatFrame* frame, unsigned allowed,
                                          CleatBufferSource* out);
CLEAT_EXPORT bool cleat_input_buffer_source(const CleatInput* input, unsigned allowed, CleatBufferSource* out);

// Whether the value is of one of `kinds`: CLEAT_IS_x or 1 << CLEAT_BYTES_x, or-ed. [-]
enum {
  CLEAT_IS_SHARED_ARRAY_BUFFER = 1 << 16,
  CLEAT_IS_FLOAT16_ARRAY = 1 << 17,
  CLEAT_IS_ARRAY_BUFFER_VIEW = (1 << (CLEAT_BYTES_BIGUINT64 + 1)) - (1 << CLEAT_BYTES_DATA_VIEW),
  CLEAT_IS_BUFFER_SOURCE = CLEAT_IS_ARRAY_BUFFER_VIEW | 1 << CLEAT_BYTES_ARRAY_BUFFER,
};
CLEAT_EXPORT bool cleat_input_is_buffer(const CleatInput* input, unsigned kinds);

// Looks up again where the bytes of all buffers among the arguments are: right before a hook is called. [-]
CLEAT_EXPORT void cleat_find_buffers(CleatEnv* env, CleatFrame* frame);

// Throws a RangeError and returns false where the `length` of argument `index` is more than an int holds, which is what
// functions of libraries may take it for. [throws]
CLEAT_EXPORT bool cleat_require_int_length(CleatCall* call, int index, size_t length);

// Copies them into memory of the frame instead: before another thread gets them. [throws]
CLEAT_EXPORT bool cleat_copy_buffers(CleatEnv* env, CleatFrame* frame);

// Gives a buffer bytes of its own out of `frame`; false when memory is short. [-]
CLEAT_EXPORT bool cleat_copy_buffer(CleatFrame* frame, void* buffer, size_t element_size);

// RESULTS. Each is the result of the call; without one it is undefined.

CLEAT_EXPORT void cleat_return_boolean(CleatCall* call, bool value);                 // [-]
CLEAT_EXPORT void cleat_return_long(CleatCall* call, int32_t value);                 // [-] and smaller signed types
CLEAT_EXPORT void cleat_return_unsigned_long(CleatCall* call, uint32_t value);       // [-] and smaller unsigned types
CLEAT_EXPORT void cleat_return_long_long(CleatCall* call, int64_t value);            // [-] the nearest Number
CLEAT_EXPORT void cleat_return_unsigned_long_long(CleatCall* call, uint64_t value);  // [-] the nearest Number
CLEAT_EXPORT void cleat_return_double(CleatCall* call, double value);                // [-] and every float type
CLEAT_EXPORT void cleat_return_null(CleatCall* call);                                // [-]

// WTF-8 (of a ByteString: bytes). NULL `data` is null. [throws: too long]
CLEAT_EXPORT void cleat_return_string(CleatCall* call, CleatString value);
CLEAT_EXPORT void cleat_return_bigint(CleatCall* call, CleatBigInt value);
CLEAT_EXPORT void cleat_return_byte_string(CleatCall* call, CleatString value);
CLEAT_EXPORT void cleat_return_c_string(CleatCall* call, const char* value);

// The string of enumerator `value`; a TypeError when it is none. [throws]
CLEAT_EXPORT void cleat_return_enum(CleatCall* call, const CleatEnum* type, int value);

// The wrapper of `object`, which is made on first use and then stays the same for as long as either lives. NULL is
// null; where the IDL type is not nullable, glue calls cleat_return_object_required: NULL throws. [throws]
CLEAT_EXPORT void cleat_return_object(CleatCall* call, const CleatClass* type, void* object);
CLEAT_EXPORT void cleat_return_object_required(CleatCall* call, const CleatClass* type, void* object);

// [NewObject]: throws an Error and returns false where `object` has a wrapper already. [throws]
CLEAT_EXPORT bool cleat_require_new(CleatCall* call, const CleatClass* type, const void* object);

// Any value; NULL (a failure) returns nothing, and what is pending is thrown. [-]
CLEAT_EXPORT void cleat_return(CleatCall* call, CleatValue* value);

// Parts of fast calls. The native object of the receiver, or NULL; a Number modulo 2^64, for the 64-bit integer types,
// and [Clamp]. [-]
CLEAT_EXPORT void* cleat_fast_this(CleatValue* receiver);
CLEAT_EXPORT uint64_t cleat_fast_modulo(double number);
CLEAT_EXPORT double cleat_fast_clamp(double number, double lower, double upper);

// Makes `object` the native object of the wrapper that `new` has made. NULL throws, where nothing is pending yet.
// [throws]
CLEAT_EXPORT void cleat_return_new(CleatCall* call, const CleatClass* type, void* object);

// ITERABLES

// iterable<K, V> of an interface.
typedef struct CleatPairs {
  const CleatClass* type;      // of what is iterated over
  const CleatClass* iterator;  // of the iterators; its one member is `next`
  // Makes pair `index` of `object` into values; false behind the last one, and where an exception is pending.
  bool (*at)(CleatEnv* env, void* object, size_t index, CleatValue** key, CleatValue** value);
} CleatPairs;

typedef enum CleatIteratorKind {
  CLEAT_KEYS,
  CLEAT_VALUES,
  CLEAT_ENTRIES,
} CleatIteratorKind;

// Returns a new iterator over `this`; the call of `forEach`; and what an iterator class has as the call of `next` and
// to finalize its objects. [js]
CLEAT_EXPORT void cleat_return_iterator(CleatCall* call, const CleatPairs* pairs, CleatIteratorKind kind);
CLEAT_EXPORT void cleat_for_each_pair(CleatCall* call, const CleatPairs* pairs);
CLEAT_EXPORT void cleat_iterator_next(CleatCall* call);
CLEAT_EXPORT void cleat_iterator_finalize(void* iterator);

// MAPLIKE AND SETLIKE

// maplike<K, V> or setlike<V> of an interface. The entries are the wrapper's.
typedef struct CleatCollection {
  const CleatClass* type;
  // Convert a value to its type in the IDL and back; NULL, and an exception. `value` is NULL for a setlike.
  CleatValue* (*key)(CleatEnv* env, const CleatInput* input);
  CleatValue* (*value)(CleatEnv* env, const CleatInput* input);
  // The name that the global object keeps the entries by, which has those of several sets of bindings; NULL for others.
  const char* slot;
} CleatCollection;

// The calls of the members: `size`, `get`, `has`, `set` or `add`, `delete`, `clear`, `forEach`, and the iterators. [js]
CLEAT_EXPORT void cleat_collection_size(CleatCall* call, const CleatCollection* type);
CLEAT_EXPORT void cleat_collection_get(CleatCall* call, const CleatCollection* type);
CLEAT_EXPORT void cleat_collection_has(CleatCall* call, const CleatCollection* type);
CLEAT_EXPORT void cleat_collection_put(CleatCall* call, const CleatCollection* type);
CLEAT_EXPORT void cleat_collection_delete(CleatCall* call, const CleatCollection* type);
CLEAT_EXPORT void cleat_collection_clear(CleatCall* call, const CleatCollection* type);
CLEAT_EXPORT void cleat_collection_for_each(CleatCall* call, const CleatCollection* type);
CLEAT_EXPORT void cleat_collection_iterate(CleatCall* call, const CleatCollection* type, CleatIteratorKind kind);

// Change the entries of `object` from C: the typed functions of generated headers call these. `value` is NULL for a
// setlike. cleat_entry_delete returns whether it was there. False where an exception is pending. [throws]
CLEAT_EXPORT bool cleat_entry_put(CleatEnv* env, const CleatCollection* type, void* object, CleatValue* key,
                                  CleatValue* value);
CLEAT_EXPORT bool cleat_entry_delete(CleatEnv* env, const CleatCollection* type, void* object, CleatValue* key);
CLEAT_EXPORT bool cleat_entries_clear(CleatEnv* env, const CleatCollection* type, void* object);

// OBSERVABLE ARRAYS, 3.10: attributes of type ObservableArray<T>.

typedef struct CleatObservable {
  const CleatClass* type;  // whose attribute it is
  const char* key;         // "Interface.attribute"
  // Converts a value to T and back; NULL, and an exception.
  CleatValue* (*convert)(CleatEnv* env, const CleatInput* input);
  // Call the hooks, with a converted value: one that is about to be put at `index`, or to be taken from there. False,
  // and an exception, leave the array as it is.
  bool (*set)(CleatEnv* env, void* object, size_t index, const CleatInput* value);
  bool (*remove)(CleatEnv* env, void* object, size_t index, const CleatInput* value);
  const char* slot;  // as of a collection; NULL for `key`
} CleatObservable;

// The getter and the setter. [js]
CLEAT_EXPORT void cleat_return_observable(CleatCall* call, const CleatObservable* type);
CLEAT_EXPORT void cleat_assign_observable(CleatCall* call, const CleatObservable* type);

// Change the array of `object` from C, and call no hook: the typed functions of generated headers call these. False
// where an exception is pending. [throws]
CLEAT_EXPORT bool cleat_observable_append(CleatEnv* env, const CleatObservable* type, void* object, CleatValue* value);
CLEAT_EXPORT bool cleat_observable_clear(CleatEnv* env, const CleatObservable* type, void* object);

// SPECIAL ATTRIBUTES

// [SameObject], FrozenArray<T>, Promise<T>: what was given once is given again. cleat_return_cached returns whether a
// result is kept under `key`, which then is the result of the call; cleat_cache_result keeps the result of the call,
// unless something is pending; cleat_forget_result gives it up, so that the getter's hook is called anew. It is kept by
// `this`, a wrapper of `type`, or, where `type` is NULL, by the global object. [throws]
CLEAT_EXPORT bool cleat_return_cached(CleatCall* call, const CleatClass* type, const char* key);
CLEAT_EXPORT void cleat_cache_result(CleatCall* call, const CleatClass* type, const char* key);
CLEAT_EXPORT void cleat_forget_result(CleatEnv* env, const CleatClass* type, void* object, const char* key);

// [PutForwards]: assigns to property `forward` of the object that is property `name` of `this`. [js]
CLEAT_EXPORT void cleat_put_forwards(CleatCall* call, const char* name, const char* forward);

// [Replaceable]: makes what is assigned an own property of `this`. [js]
CLEAT_EXPORT void cleat_replace(CleatCall* call, const char* name);

// [Default] toJSON: gives an object with the attributes of `type` that are flagged CLEAT_JSON, and before them those of
// the interfaces it inherits from. [js]
CLEAT_EXPORT void cleat_return_json(CleatCall* call, const CleatClass* type);

// The same values, as parts of greater ones.
CLEAT_EXPORT CleatValue* cleat_long_long(CleatEnv* env, int64_t value);                 // [-]
CLEAT_EXPORT CleatValue* cleat_unsigned_long_long(CleatEnv* env, uint64_t value);       // [-]
CLEAT_EXPORT CleatValue* cleat_double_array(CleatEnv* env, CleatDoubleSequence value);  // [throws]
CLEAT_EXPORT CleatValue* cleat_freeze(CleatEnv* env, CleatValue* array);  // returns it; NULL for NULL         [throws]
CLEAT_EXPORT CleatValue* cleat_byte_string(CleatEnv* env, CleatString value);                       // [throws]
CLEAT_EXPORT CleatValue* cleat_string16(CleatEnv* env, CleatString16 value);                        // [throws]
CLEAT_EXPORT CleatValue* cleat_bigint(CleatEnv* env, CleatBigInt value);                            // [throws]
CLEAT_EXPORT CleatValue* cleat_enum(CleatEnv* env, const CleatEnum* type, int value);               // [throws]
CLEAT_EXPORT CleatValue* cleat_wrap(CleatEnv* env, const CleatClass* type, void* object);           // [throws]
CLEAT_EXPORT CleatValue* cleat_wrap_required(CleatEnv* env, const CleatClass* type, void* object);  // an Error for NULL
// An object without the members that are NULL; and a property of an object. [throws]
CLEAT_EXPORT CleatValue* cleat_dictionary(CleatEnv* env, const CleatDictionary* type, CleatValue* const* members);
CLEAT_EXPORT bool cleat_define_entry(CleatEnv* env, CleatValue* object, CleatValue* key, CleatValue* value);
CLEAT_EXPORT bool cleat_define(CleatEnv* env, CleatValue* object, const char* key, CleatValue* value);

// Returns the native object that `value` wraps, or NULL, with nothing thrown, when it is not one of `type`, or was
// disposed.
// [-]
CLEAT_EXPORT void* cleat_unwrap(CleatEnv* env, CleatValue* value, const CleatClass* type);

// Asks [ExternalMemory] of `object` again, and counts what it says: the function foo_external_memory_changed of
// generated headers calls this. Throws a RangeError, and counts what it did before, where the limit of external memory
// does not allow it. True, too, for an object that has no wrapper, which is asked when it gets one. [throws]
CLEAT_EXPORT bool cleat_external_memory_changed(CleatEnv* env, const CleatClass* type, void* object);

// Keeps `value` as long as JavaScript keeps `owner`, a native object of `type`, and until cleat_ref_free; owned. Where
// the value refers to the owner again, as a listener does that uses what it listens to, both are collected together,
// which they never are with cleat_hold. NULL for NULL. The owner's finalizer frees the ref. [throws]
CLEAT_EXPORT CleatRef* cleat_hold_in(CleatEnv* env, const CleatClass* type, void* owner, CleatValue* value);
#ifndef NDEBUG
#define cleat_hold_in(env, type, owner, value) \
  cleat_ref_place(cleat_hold_in(env, type, owner, value), __FILE__, __LINE__)
#endif

// CALLBACKS. A callback type of the IDL is a struct of its own around this one, so that the compiler tells them apart.
// As an argument it is borrowed and costs nothing; x_retain gives one that is kept, x_release gives it back. What a
// kept one refers to is not collected until then: also the object that keeps it, where the function refers to that,
// so that a release in its finalizer would never come; cleat_hold_in of its cleat_callback_value is for that. To call a
// kept one from another thread, take the runtime (cleat_runtime) and a reference to it (cleat_retain) where the
// callback is kept, and have it called on the JavaScript thread:
//
//   static void tell(CleatEnv* env, void* data) { listener_call(env, data); }
//   cleat_dispatch(runtime, tell, listener, NULL);
typedef struct CleatCallback {
  CleatValue* value;  // while borrowed
  CleatRef* ref;      // once retained
} CleatCallback;

// 3.2.19 callback function types: a TypeError for what cannot be called. [throws]
CLEAT_EXPORT bool cleat_input_callback(const CleatInput* input, CleatCallback* out);

// Returns a kept copy, owned; NULL for NULL. [throws]
CLEAT_EXPORT CleatCallback* cleat_callback_retain(CleatEnv* env, const CleatCallback* callback);

// Frees a kept copy. Any thread, also after the runtime closed. [-]
CLEAT_EXPORT void cleat_callback_release(CleatCallback* callback);

// Web IDL "invoke a callback function": calls it with `receiver` as `this` (NULL: undefined) and stores its result as
// an input, for the conversion that follows. [js]
CLEAT_EXPORT bool cleat_callback_call(CleatEnv* env, const CleatCallback* callback, CleatValue* receiver, size_t count,
                                      CleatValue* const* arguments, CleatInput* result);

// What the number that a callback gives is converted by, and what messages call it.
typedef struct CleatNumberResult {
  bool (*convert)(const CleatInput* input, double* out);
  const char* member;
} CleatNumberResult;

// The same of a callback whose arguments are numbers, at most eight, and whose result is one, too, or, where `type` is
// NULL, nothing: then `result` may be NULL as well. It leaves no handle behind, so that a loop over it needs no scope.
// [js]
CLEAT_EXPORT bool cleat_callback_call_numbers(CleatEnv* env, const CleatCallback* callback, size_t count,
                                              const double* numbers, const CleatNumberResult* type, double* result);

// 3.2.16 callback interface types: a TypeError for what is no object. [throws]
CLEAT_EXPORT bool cleat_input_callback_interface(const CleatInput* input, CleatCallback* out);

// Web IDL "call a user object's operation": the same, of an object that has a method `operation`, whose `this` it then
// is. [js]
CLEAT_EXPORT bool cleat_callback_call_operation(CleatEnv* env, const CleatCallback* callback, const char* operation,
                                                CleatValue* receiver, size_t count, CleatValue* const* arguments,
                                                CleatInput* result);

// The same where the result is a promise: what is thrown becomes a rejection of it. `operation` is NULL for a callback
// function. False only where the run is terminated, or memory is short. [js]
CLEAT_EXPORT bool cleat_callback_call_promise(CleatEnv* env, const CleatCallback* callback, const char* operation,
                                              CleatValue* receiver, size_t count, CleatValue* const* arguments,
                                              CleatValue** promise);

// The function itself; an Error for NULL. [throws]
CLEAT_EXPORT CleatValue* cleat_callback_value(CleatEnv* env, const CleatCallback* callback);

// PROMISES. A promise that C settles: once, from any thread, at any time. When the runtime closes first, it is rejected
// with an Error named "AbortError", and settling it does nothing any more; it must be settled all the same, since that
// is what frees it. Settling twice aborts, where the first settlement has not reached JavaScript yet; later it is
// undefined, as of any pointer that was freed.
//
// Until it is settled, or the runtime closes, the receiver and the arguments of the call are kept from being collected,
// and so the native objects they wrap. Not kept are what a sequence or a dictionary contained, once a script has taken
// it out, and the memory that arguments were converted into, which is the call's.
typedef struct CleatPromise CleatPromise;

// Returns a new promise, whose JavaScript side is the result of `call`. NULL when it cannot be made. [throws]
CLEAT_EXPORT CleatPromise* cleat_return_promise(CleatCall* call);

// The same of a property of `object`, a native object of `type`, that is read or written: stores the promise's
// JavaScript side in `value`. [throws]
CLEAT_EXPORT CleatPromise* cleat_property_promise(CleatEnv* env, const CleatClass* type, void* object,
                                                  CleatValue** value);

// What glue calls before and after a hook that may throw. Where it threw, what it threw is the result of the call, and
// the promise is settled if the hook has not done so. [-]
CLEAT_EXPORT void cleat_promise_enter(CleatPromise* promise);
CLEAT_EXPORT void cleat_promise_leave(CleatEnv* env, CleatPromise* promise);

// CANCELLATION. Where an argument is an AbortSignal, or a dictionary with a member `signal` that is one, glue has the
// promise follow it: when it aborts, the promise is rejected with its reason, at once, and settling it does nothing any
// more; it must be settled all the same. Where it has aborted before, the hook is not called. The JavaScript thread.

// Returns false where the promise is settled already, or an exception is pending; it is freed then. NULL is no signal.
// [throws]
typedef struct CleatAbortSignal CleatAbortSignal;
CLEAT_EXPORT bool cleat_promise_follow(CleatPromise* promise, CleatAbortSignal* signal);

// Has cancelled(data) called, once, when nobody waits for `promise` any more: a signal has aborted, or the runtime
// closes. It is called on the JavaScript thread, or here, where that has happened already; it uses no JavaScript, and
// may settle the promise. It is not called once that is settled: settling it on another thread waits while it is being
// called, so that what `data` points to may be freed afterwards. Any thread; once, before the promise is settled.
CLEAT_EXPORT void cleat_promise_on_cancel(CleatPromise* promise, void (*cancelled)(void* data), void* data);

// Returns whether that has happened. Any thread, until the promise is settled. [-]
CLEAT_EXPORT bool cleat_promise_is_cancelled(const CleatPromise* promise);

// What is made into the value of the promise, on the JavaScript thread, from a copy of `size` bytes that was taken when
// the promise was resolved. It then frees what those bytes own.
typedef CleatValue* (*CleatResolution)(CleatEnv* env, void* copy);

// Resolves `promise`: `make` is given a copy of the `size` bytes at `value`; `discard` is called with it instead, where
// the runtime closed first (may be NULL). Any thread. The typed functions of generated headers call this.
CLEAT_EXPORT void cleat_promise_resolve(CleatPromise* promise, CleatResolution make, const void* value, size_t size,
                                        void (*discard)(void* copy));

// The same at once, on the JavaScript thread of the promise's runtime, with what belongs to that: `value` is only
// borrowed. Where an exception is pending, the promise is rejected with an Error instead. [js]
CLEAT_EXPORT void cleat_promise_resolve_here(CleatEnv* env, CleatPromise* promise, CleatResolution make,
                                             const void* value);

// Resolve with undefined, a number or a boolean. Any thread.
CLEAT_EXPORT void cleat_promise_resolve_undefined(CleatPromise* promise);
CLEAT_EXPORT void cleat_promise_resolve_number(CleatPromise* promise, double value);
CLEAT_EXPORT void cleat_promise_resolve_boolean(CleatPromise* promise, bool value);

// Rejects with a new Error. Any thread.
CLEAT_EXPORT void cleat_promise_reject(CleatPromise* promise, CleatThrowKind kind, const char* format, ...)
    CLEAT_PRINTF(3, 4);
CLEAT_EXPORT void cleat_promise_reject_v(CleatPromise* promise, CleatThrowKind kind, const char* format,
                                         va_list arguments);

// Rejects with a value, such as what a step of an iteration was rejected with: a typed promise is cast to its
// CleatPromise. On the JavaScript thread.
CLEAT_EXPORT void cleat_promise_reject_value(CleatEnv* env, CleatPromise* promise, CleatValue* reason);

// ASYNCHRONOUS ITERABLES

// async_iterable<V> or async_iterable<K, V> of an interface. What the program has of one iteration, its iterator, is
// finalized once, when JavaScript has no use for it any more or the runtime closes. Calls of `next` and `return` wait
// for each other, as the standard says.
typedef struct CleatAsyncIterable {
  const CleatClass* type;      // of what is iterated over
  const CleatClass* iterator;  // of the iterators; its members are `next` and, where `leave` is not NULL, `return`
  // Gives the next value: resolves `promise`, now or later, with what cleat_next_value makes, or with undefined at the
  // end.
  void (*next)(CleatEnv* env, void* object, void* iterator, CleatPromise* promise);
  // JavaScript leaves the iteration before its end: "asynchronous iterator return". NULL for nothing to do.
  void (*leave)(CleatEnv* env, void* object, void* iterator, CleatValue* value, CleatPromise* promise);
  void (*finalize)(void* iterator);
} CleatAsyncIterable;

// Makes `iterator` an iteration over `this`, the result of the call; NULL throws, where nothing is pending yet.
// [throws]
CLEAT_EXPORT void cleat_return_async_iterator(CleatCall* call, const CleatAsyncIterable* type, CleatIteratorKind kind,
                                              void* iterator);

// What an iterator class has as the calls of `next` and `return`, and to finalize its objects. [js]
CLEAT_EXPORT void cleat_async_iterator_next(CleatCall* call);
CLEAT_EXPORT void cleat_async_iterator_return(CleatCall* call);
CLEAT_EXPORT void cleat_async_iterator_finalize(void* iterator);

// One value of an iteration; `key` is NULL where it has none. [throws]
CLEAT_EXPORT CleatValue* cleat_next_value(CleatEnv* env, CleatValue* key, CleatValue* value);

// ASYNC SEQUENCES

// 3.2.22 async_sequence<T>: what a script gives to be iterated over asynchronously. It is borrowed, and nothing has
// been asked of it yet but its method. As a result, `object` alone counts. Each async sequence type of the IDL is a
// struct of its own.
#define CLEAT_ASYNC_SEQUENCE(name)                                   \
  typedef struct name {                                              \
    CleatValue* object; /* NULL for none */                          \
    CleatValue* method; /* its @@asyncIterator, or its @@iterator */ \
    bool sync;          /* whether `method` is its @@iterator */     \
  } name
CLEAT_ASYNC_SEQUENCE(CleatAsyncSequence);

// Looks the method up, unless `input` has it; a TypeError where there is none. [js]
CLEAT_EXPORT bool cleat_input_async_sequence(const CleatInput* input, CleatAsyncSequence* out);

// An iteration over an async sequence that has been opened: the typed functions of generated headers call what follows.
typedef struct CleatAsyncIteration CleatAsyncIteration;

// What came of a step of an iteration.
typedef enum CleatStep {
  CLEAT_STEP_VALUE,
  CLEAT_STEP_END,     // there are no more values
  CLEAT_STEP_ERROR,   // it was rejected, with a reason, or the value is not of the type
  CLEAT_STEP_CLOSED,  // nothing will come: the runtime closes, or what was waited for is gone; there is no CleatEnv
} CleatStep;

// A type of values: how one is read into `size` bytes, and how a function of the program's is called with it.
typedef struct CleatStepType {
  size_t size;
  bool (*read)(const CleatInput* input, void* value);
  // `value` has zeros where the step is no CLEAT_STEP_VALUE; `reason` is NULL where it is no CLEAT_STEP_ERROR.
  void (*call)(void (*stepped)(void), CleatEnv* env, void* data, CleatStep step, const void* value, CleatValue* reason);
} CleatStepType;

// Calls the method of `sequence`, and returns the iteration, owned, for as long as one likes: it is given back by
// cleat_async_iteration_release, on any thread, also after the runtime closed. That tells the script nothing:
// cleat_async_iteration_return does. [js]
CLEAT_EXPORT CleatAsyncIteration* cleat_async_sequence_open(CleatEnv* env, const CleatAsyncSequence* sequence);
CLEAT_EXPORT void cleat_async_iteration_release(CleatAsyncIteration* iteration);

// Asks for the next value: has `stepped` called once, on the JavaScript thread, after this has returned. The iteration
// may be released meanwhile. What `stepped` throws is reported as uncaught. False, and `stepped` not called, when it
// throws. [js]
CLEAT_EXPORT bool cleat_async_iteration_next(CleatEnv* env, CleatAsyncIteration* iteration, const CleatStepType* type,
                                             void (*stepped)(void), void* data);

// Leaves the iteration before its end: calls the script's `return`, where there is one, with `reason` (NULL:
// undefined), and has `returned` (may be NULL) called once, with CLEAT_STEP_END when that is done. [js]
typedef void CleatReturned(CleatEnv* env, void* data, CleatStep step, CleatValue* reason);
CLEAT_EXPORT bool cleat_async_iteration_return(CleatEnv* env, CleatAsyncIteration* iteration, CleatValue* reason,
                                               CleatReturned* returned, void* data);

// PROMISES OF JAVASCRIPT, as arguments and results of callbacks: a new promise that is resolved with the value, which
// may be a promise itself. [js]
CLEAT_EXPORT bool cleat_input_promise(const CleatInput* input, CleatValue** out);

// Has `settled` called once: on the JavaScript thread, with no JavaScript under way, when `promise` has settled, with
// the value it was fulfilled with or the reason it was rejected for; or with `env` and `result` NULL when it never
// will: it was collected, or the runtime closes. What `settled` throws is reported as uncaught. False, and `settled`
// not called, when it throws. [js]
CLEAT_EXPORT bool cleat_promise_then(CleatEnv* env, CleatValue* promise,
                                     void (*settled)(CleatEnv* env, void* data, bool fulfilled, CleatValue* result),
                                     void* data);

// BLOCKING OPERATIONS. The hook of a [Blocking] operation runs on a thread of the pool with converted copies of its
// arguments. One that may fail is given a CleatThrower.
typedef struct CleatThrower CleatThrower;

// Makes the operation fail with a new Error; the first call counts. On the thread of the hook, until it returns.
CLEAT_EXPORT void cleat_thrower_throw(CleatThrower* thrower, CleatThrowKind kind, const char* format, ...)
    CLEAT_PRINTF(3, 4);

// Returns whether nobody waits for the operation any more: an AbortSignal among its arguments has aborted, which has
// rejected its promise, or the runtime closes, which waits for the hook. On the thread of the hook, which does well to
// look from time to time.
CLEAT_EXPORT bool cleat_thrower_is_cancelled(const CleatThrower* thrower);

// One blocking operation. Glue embeds it first in a struct with the arguments and the result. Until it has ended, the
// receiver and the arguments of the call are kept from being collected, and so the native objects they wrap. When the
// runtime closes first, its promise is rejected with an Error named "AbortError"; a job that no thread has begun is
// then cancelled, and another one is waited for.
typedef struct CleatJob {
  CleatFrame* frame;  // what the arguments are converted into; lives as long as the job
  CleatThrower* thrower;
} CleatJob;

typedef struct CleatJobType {
  size_t size;                                        // of the struct that embeds the job
  void (*run)(CleatJob* job);                         // on a thread of the pool: calls the hook
  CleatValue* (*make)(CleatEnv* env, CleatJob* job);  // on the JavaScript thread: makes the value
  void (*free)(CleatJob* job);                        // frees what the result owns, after `make` or instead, unless the
                                                      // hook threw or never ran; NULL for nothing
} CleatJobType;

// Returns a zeroed job to convert the arguments into, or throws and returns NULL. It is started by cleat_job_start,
// which makes its promise the result of the call, or thrown away by cleat_job_free. [throws]
CLEAT_EXPORT CleatJob* cleat_job(CleatCall* call, const CleatJobType* type);
CLEAT_EXPORT void cleat_job_start(CleatCall* call, CleatJob* job);
CLEAT_EXPORT void cleat_job_free(CleatJob* job);

// Has the job aborted with `signal` (NULL for none), before it is started. A job that no thread has begun then never
// runs; one whose signal has aborted already is not started. [throws]
CLEAT_EXPORT bool cleat_job_follow(CleatJob* job, CleatAbortSignal* signal);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_BIND_H_
