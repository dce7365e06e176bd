// A runtime whose isolate, context and loop are a host's, as the other files see it.
#ifndef CLEAT_RUNTIME_ATTACH_H_
#define CLEAT_RUNTIME_ATTACH_H_

#include "cleat/attach.h"
#include "runtime.h"

// Returns the state of a runtime that is to be attached to `host`, owned; NULL when memory is short.
CleatAttachment* cleat__attachment_new(const CleatHost* host);
void cleat__attachment_free(CleatAttachment* attachment);

// Adopts the isolate, and starts what watches the loop. NULL, or the error. On the host's thread.
CleatError* cleat__attachment_open(CleatRuntime* runtime);

// Notes that the property `key` of an object of the host's is about to be defined, or its prototype, where that is
// NULL, to be set; to be called first. Until the runtime is open all can be undone, for which CLEAT_DONT_DELETE is
// taken from `attributes`, which may be NULL. Nothing where it is open, or not attached. [throws]
bool cleat__attachment_changes(CleatEnv* env, CleatValue* object, CleatValue* key, int* attributes);

// Once nothing can fail any more: has what was defined stay. NULL, or the error. On the host's thread.
CleatError* cleat__attachment_seal(CleatRuntime* runtime);

// Puts the host's objects back as they were, as opening has failed. On the host's thread.
void cleat__attachment_undo(CleatRuntime* runtime);

// Lets the host be called, as the runtime is open. On the host's thread.
void cleat__attachment_start(CleatRuntime* runtime);

// Sees to it that the host is called no more. On the host's thread.
void cleat__attachment_close(CleatRuntime* runtime);

// Has a turn dispatched. Any thread.
void cleat__attachment_wake(CleatRuntime* runtime);

// Calls body(env, data) with what the host wants around a task.
void cleat__attachment_task(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data);

// Runs the microtasks, where that is not the host's affair.
void cleat__attachment_checkpoint(CleatEnv* env);

// Looks what the loop waits for now, and has that watched and told. On the host's thread, outside of turns and calls.
void cleat__attachment_settle(CleatRuntime* runtime);

// Returns why an option cannot be honoured where V8 is a host's; NULL.
CleatError* cleat__attachment_check(const CleatOptions* options);

#endif  // CLEAT_RUNTIME_ATTACH_H_
