// DOMException and QuotaExceededError, of the Web IDL standard (https://webidl.spec.whatwg.org/#idl-DOMException), for
// C. To throw one takes no more than cleat_throw_dom (value.h). This is for IDL that mentions them: functions that are
// given one, attributes that give one, and interfaces of a program's own that inherit from DOMException. Scripts have
// the constructors where cleat_dom_exception_bindings is installed. dom_exception.h, which is generated and includes
// this one, has the rest: every member of the interfaces as a function.
//
//   // store.idl
//   interface StoreError : DOMException {
//     [Throws] constructor(optional DOMString message = "", optional long row = 0);
//     readonly attribute long row;
//   };
//
//   // store.c
//   struct StoreError { CleatDOMException base; int32_t row; };
//
//   StoreError* store_error_new(CleatEnv* env, CleatString message, int32_t row) {
//     StoreError* self = calloc(1, sizeof(*self));
//     if (self == NULL) return NULL;
//     if (!cleat_dom_exception_open(env, &self->base, message, CLEAT_STRING("StoreError"))) return free(self), NULL;
//     self->row = row;
//     return self;
//   }
//   void store_error_finalize(StoreError* self) {
//     cleat_dom_exception_close(&self->base);
//     free(self);
//   }
//
// C throws one by cleat_throw_value(env, cleat_wrap_required(env, &store_error_class, store_error_new(...))): like
// every DOMException it gets a `stack` then, and a CleatError of it has its name and message. Everything here is for
// the JavaScript thread.
#ifndef CLEAT_EXCEPTION_H_
#define CLEAT_EXCEPTION_H_

#include "bind.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CleatDOMException CleatDOMException;
typedef struct CleatQuotaExceededError CleatQuotaExceededError;
typedef struct CleatQuotaExceededErrorOptions CleatQuotaExceededErrorOptions;

CLEAT_EXPORT extern const CleatClass cleat_dom_exception_class;
CLEAT_EXPORT extern const CleatClass cleat_quota_exceeded_error_class;

// What the struct of an interface that inherits from DOMException begins with. Its fields are Cleat's own.
struct CleatDOMException {
  CleatString name;
  CleatString message;
};

// And of one that inherits from QuotaExceededError: cleat_dom_exception_open gives its `base` the name
// "QuotaExceededError", and the program sets the other two, which are null where they are zeros.
struct CleatQuotaExceededError {
  CleatDOMException base;
  CleatOptionalDouble quota;
  CleatOptionalDouble requested;
};

// Makes an exception of zeros one with copies of `message` and `name`, as its constructor does. What it has is freed by
// cleat_dom_exception_close, by the finalizer of whatever begins with it. False where an exception is pending: then
// there is nothing to close. [throws]
CLEAT_EXPORT bool cleat_dom_exception_open(CleatEnv* env, CleatDOMException* exception, CleatString message,
                                           CleatString name);
CLEAT_EXPORT void cleat_dom_exception_close(CleatDOMException* exception);  // [-]

// Return new ones, owned until they are wrapped, or are the result of a function. `options`, a dictionary of
// dom_exception.h, must be given. [throws]
CLEAT_EXPORT CleatDOMException* cleat_dom_exception_new(CleatEnv* env, CleatString message, CleatString name);
CLEAT_EXPORT CleatQuotaExceededError* cleat_quota_exceeded_error_new(CleatEnv* env, CleatString message,
                                                                     const CleatQuotaExceededErrorOptions* options);

// The attributes of the same names. The strings live as long as the exception, which lives as long as its wrapper. [-]
CLEAT_EXPORT CleatString cleat_dom_exception_get_name(CleatDOMException* self);
CLEAT_EXPORT CleatString cleat_dom_exception_get_message(CleatDOMException* self);
CLEAT_EXPORT uint16_t cleat_dom_exception_get_code(CleatDOMException* self);
CLEAT_EXPORT CleatOptionalDouble cleat_quota_exceeded_error_get_quota(CleatQuotaExceededError* self);
CLEAT_EXPORT CleatOptionalDouble cleat_quota_exceeded_error_get_requested(CleatQuotaExceededError* self);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_EXCEPTION_H_
