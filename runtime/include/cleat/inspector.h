// Debugging: the connections of debuggers, which speak the Chrome DevTools Protocol. This carries its messages, for
// hosts with a way of their own to bring them to a debugger; inspector_server.h is a server on top of it, for Chrome's
// DevTools, "node inspect" and editors. Whoever sends such messages can do whatever the runtime's scripts can, and
// more: read and change every variable. https://chromedevtools.github.io/devtools-protocol has the messages, of which
// V8 knows the domains Runtime, Debugger, Console, Profiler, HeapProfiler and Schema.
#ifndef CLEAT_INSPECTOR_H_
#define CLEAT_INSPECTOR_H_

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Who is told of the runtimes that are opened with it as CleatOptions.inspector. Zero it, and set what is there.
struct CleatInspector {
  size_t size;  // sizeof(CleatInspector)
  void* data;

  // A runtime opens, and has not run anything: sessions may be connected from now on, by any thread. Called on the
  // JavaScript thread, which may wait for nothing here. What it returns, `closed` gets. NULL: the runtime cannot be
  // debugged, nor waits for it, and `closed` is not called. `title` is borrowed for the call.
  void* (*opened)(void* data, CleatRuntime* runtime, const char* title);

  // The runtime closes, its sessions have ended, and `runtime` must not be used any more by whoever does not keep a
  // reference of its own. On the JavaScript thread. An inspector must not go before this was called.
  void (*closed)(void* target);
};

// A debugger's connection with a runtime.
typedef struct CleatInspectorSession CleatInspectorSession;

// Connects a debugger with a runtime that was opened with an inspector, between its `opened` and its `closed`.
// `receive` is called with each message for the debugger, JSON in UTF-8, on the JavaScript thread, in the middle of
// anything: it may not call the runtime but with functions of this header. The text is borrowed for the call. `ended`
// (may be NULL) is called once, as the last, on the JavaScript thread, when the session is over: it was disconnected,
// or the runtime closes. Owned: it is given back by cleat_inspector_disconnect. NULL when the runtime is closing, has
// no inspector, or memory is short. Any thread.
CLEAT_EXPORT CleatInspectorSession* cleat_inspector_connect(CleatRuntime* runtime,
                                                            void (*receive)(void* data, CleatString message),
                                                            void (*ended)(void* data), void* data);

// Sends a message of the debugger's, JSON in UTF-8, `length` bytes of which a copy is taken. What is wrong with it, the
// debugger is told. JavaScript that runs is interrupted for it; a suspended runtime gets it when it is resumed, one
// that the host drives when it is driven. False, sending nothing, when the session has ended, memory is short, or 64
// MiB wait already. Any thread.
CLEAT_EXPORT bool cleat_inspector_send(CleatInspectorSession* session, const char* message, size_t length);

// Ends the session, and gives it back; a pause ends with the last one. `receive` may be called until `ended` is. Any
// thread.
CLEAT_EXPORT void cleat_inspector_disconnect(CleatInspectorSession* session);

// Has a runtime that waits for a debugger (CLEAT_INSPECTOR_WAIT, CLEAT_INSPECTOR_PAUSE), or is about to, wait no more.
// Between `opened` and `closed`. Any thread.
CLEAT_EXPORT void cleat_inspector_stop_waiting(CleatRuntime* runtime);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_INSPECTOR_H_
