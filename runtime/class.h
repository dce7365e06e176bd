// Interfaces, namespaces and global functions as they stand in an environment.
#ifndef CLEAT_RUNTIME_CLASS_H_
#define CLEAT_RUNTIME_CLASS_H_

#include "env.h"

// Returns the template of `type`, made on first use, whether its interface is a global or not. [throws]
CleatTemplate* cleat__class_template(CleatEnv* env, const CleatClass* type);

// Returns whether `type` is `wanted` or inherits from it.
static inline bool cleat__class_inherits(const CleatClass* type, const CleatClass* wanted) {
  while (type != NULL && type != wanted) type = type->parent;
  return type != NULL;
}

// Returns whether the runtime was granted `capability`; NULL is always granted.
bool cleat__env_grants(CleatEnv* env, const char* capability);

// Does to the prototype of `type` what templates cannot, once, before a script sees it. prototype.c. [throws]
bool cleat__finish_class(CleatEnv* env, const CleatClass* type, CleatTemplate* template_);

// Web IDL "create an interface prototype object", the steps for [Unscopable]; of the global object, for itself.
// prototype.c. [throws]
bool cleat__define_unscopables(CleatEnv* env, const CleatClass* type, CleatValue* prototype);

// What an installed function is, found by the data that it was made with.
typedef struct CleatOrigin {
  const char* name;           // of the member, or of the interface of a constructor; NULL for a function of others
  const char* owner;          // the name of the interface or namespace of a member; NULL for a global one
  const CleatMember* member;  // NULL for a constructor
  const CleatClass* type;     // of a constructor
} CleatOrigin;
CleatOrigin cleat__class_origin(const CleatEnv* env, const void* data);

// Stores the native functions that JavaScript calls for classes, beside those of members. class.c.
enum { CLEAT_CLASS_NATIVES = 10 };
void cleat__class_natives(CleatNative* out);

// Defines a property that `lazy`, which is static, computes at its first use. class.c. [throws]
typedef struct CleatLazy {
  CleatValue* (*compute)(CleatEnv* env);  // NULL where an exception is left
} CleatLazy;
bool cleat__define_lazily(CleatEnv* env, CleatValue* object, const char* name, const CleatLazy* lazy, int attributes);

// Builds what a lazy property is for; CleatEngineHost.compute. class.c. [js]
CleatValue* cleat__compute(void* env, int kind, const void* lazy);

// What answers for the indexed and named properties of a class, which is its `data`. properties.c.
extern const CleatInterceptor cleat__properties;

// Keeps what ECMAScript made for Maps and Sets, before scripts can change it. collection.c. [js]
bool cleat__collections_open(CleatEnv* env);

// ECMAScript's CreateIteratorResultObject; and the part of a pair that an iterator of that kind gives. iterator.c.
// [throws]
CleatValue* cleat__iterator_result(CleatEnv* env, CleatValue* value, bool done);
CleatValue* cleat__select_part(CleatEnv* env, CleatIteratorKind kind, CleatValue* key, CleatValue* value);

// Returns a new asynchronous iterator over `target` (NULL for none), which is `state`'s from then on, also where this
// fails. async_iterator.c. [throws]
CleatValue* cleat__async_iterator(CleatEnv* env, const CleatAsyncIterable* type, CleatIteratorKind kind,
                                  CleatValue* target, void* state);

// The same for what observable arrays need of Reflect. observable.c. [js]
bool cleat__observables_open(CleatEnv* env);

// Returns whether `bindings` are installed. class.c.
bool cleat__has_bindings(const CleatEnv* env, const CleatBindings* bindings);

// Returns the native object that `value` wraps, and its class; NULL for what wraps none of this runtime's. Where `env`
// is NULL, also what another runtime of the isolate has, which may be read, at once, but not used. wrapper.c.
void* cleat__unwrap_any(CleatEnv* env, CleatValue* value, const CleatClass** type);

// Returns whether `value` is a wrapper whose object was disposed, and stores the class of that. wrapper.c.
bool cleat__is_disposed(CleatEnv* env, CleatValue* value, const CleatClass** type);

// Returns whether `value` wraps an object of the class that belongs to another runtime of the isolate. wrapper.c.
bool cleat__is_of_other_runtime(CleatEnv* env, CleatValue* value, const CleatClass* type);

// What a class with CLEAT_DISPOSABLE has as its [Symbol.dispose]; the class is its data. wrapper.c. [-]
void cleat__dispose(CleatCall* call);

// Defines Symbol.dispose and Symbol.asyncDispose where there are none, for bindings that need them; and returns the one
// or the other as these are. dispose.c. [throws]
bool cleat__dispose_open(CleatEnv* env);
CleatValue* cleat__symbol_dispose(CleatEnv* env, bool async);

// Returns the wrapper that `object` has already; NULL for none. wrapper.c.
CleatValue* cleat__find_wrapper(CleatEnv* env, const CleatClass* type, const void* object);

// Gives the wrapper of a DOMException what V8 gives errors: a stack. Of other classes nothing. host/dom_exception.c.
// [throws]
bool cleat__wrap_exception(CleatEnv* env, const CleatClass* type, void* object, CleatValue* value);

// Returns whether `value` is a DOMException, and stores its name and message, borrowed from it. host/dom_exception.c.
bool cleat__read_exception(CleatValue* value, CleatString* name, CleatString* message);

// Writes which native objects are wrapped into `out` of `size` bytes; false for none. wrapper.c.
bool cleat__wrappers_describe(const CleatEnv* env, char* out, size_t size);

// Finalizes every native object that is wrapped still, and frees what wrapper.c holds.
void cleat__wrappers_close(CleatEnv* env);

#endif  // CLEAT_RUNTIME_CLASS_H_
