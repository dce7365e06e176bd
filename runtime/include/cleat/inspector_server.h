// The server through which debuggers find runtimes and attach to them: Chrome's DevTools (chrome://inspect), "node
// inspect HOST:PORT", editors, and whatever else speaks the Chrome DevTools Protocol over WebSocket. It is a library of
// its own, libcleat-inspector, on top of inspector.h; pkg-config knows it as cleat-inspector.
//
//   CleatInspectorServer* server = cleat_inspector_server_open(NULL, NULL);
//   CleatOptions options = CLEAT_OPTIONS_INIT;
//   options.inspector = cleat_inspector_server_inspector(server);
//   CleatRuntime* runtime = cleat_open(&options, NULL);  // "Debugger listening on ws://127.0.0.1:40123/0f2c936f-..."
//   ...
//   cleat_release(runtime);
//   cleat_inspector_server_close(server);
//
// npm's chrome-remote-interface attaches with its option `local`: the server has no description of the protocol to
// give.
//
// WHO MAY ATTACH can do whatever the runtime can. The server listens on this machine's own address unless told
// otherwise. Each runtime has a path that cannot be guessed, of 122 random bits, which /json/list tells to whoever asks
// on this machine, as clients need it; a page in a browser cannot ask: requests whose Host is neither an IP address nor
// "localhost" are refused, since they may be a name that was bent to point here, and so are those that a page of
// another origin than DevTools' own makes.
#ifndef CLEAT_INSPECTOR_SERVER_H_
#define CLEAT_INSPECTOR_SERVER_H_

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// A server, with a thread of its own.
typedef struct CleatInspectorServer CleatInspectorServer;

// Start from CLEAT_INSPECTOR_SERVER_OPTIONS_INIT; zero means the default everywhere.
typedef struct CleatInspectorServerOptions {
  size_t size;  // sizeof(CleatInspectorServerOptions)

  // An IPv4 or IPv6 address of this machine, or "localhost"; NULL for 127.0.0.1. With another than the loopback
  // addresses everybody who reaches it may attach, and nothing is encrypted: better tunnel to the loopback address with
  // ssh.
  const char* host;
  uint16_t port;  // 0 for any that is free

  // Told of what somebody may want to see: "Debugger listening on ws://...", for each runtime, on its JavaScript
  // thread, and "Debugger attached.", on the server's; each is one line, without a newline, borrowed. NULL prints to
  // stderr.
  void (*notice)(void* data, CleatString text);
  void* data;
} CleatInspectorServerOptions;

#ifdef __cplusplus
static inline CleatInspectorServerOptions cleat_inspector_server_options_init(void) {
  CleatInspectorServerOptions options = {};
  options.size = sizeof(options);
  return options;
}
#define CLEAT_INSPECTOR_SERVER_OPTIONS_INIT (cleat_inspector_server_options_init())
#else
#define CLEAT_INSPECTOR_SERVER_OPTIONS_INIT ((CleatInspectorServerOptions){.size = sizeof(CleatInspectorServerOptions)})
#endif

// Starts a server. `options` may be NULL. Owned: it is given back by cleat_inspector_server_close. On failure it
// returns NULL and, unless `error` is NULL, stores an owned error there (kinds: bad argument, system, out of memory).
// Where the program has not set libwebsockets' log level itself, its log is turned off. Any thread.
CLEAT_EXPORT CleatInspectorServer* cleat_inspector_server_open(const CleatInspectorServerOptions* options,
                                                               CleatError** error);

// Returns what goes into CleatOptions.inspector of each runtime that is to be listed. The server's. Any thread.
CLEAT_EXPORT const CleatInspector* cleat_inspector_server_inspector(CleatInspectorServer* server);

// Returns the port that it listens on. Any thread.
CLEAT_EXPORT uint16_t cleat_inspector_server_port(const CleatInspectorServer* server);

// Returns the WebSocket URL that a debugger of `runtime` connects to, "ws://127.0.0.1:9229/0f2c936f-...". Owned: it is
// given back by free(). NULL when memory is short, and for a runtime that was not opened with this server, or has
// closed. Any thread.
CLEAT_EXPORT char* cleat_inspector_server_url(CleatInspectorServer* server, const CleatRuntime* runtime);

// Stops it: those who are connected are sent what there is for them, within a second, and then disconnected; runtimes
// that wait for a debugger do so no more, and all go on without one. It may be called before the runtimes close, and
// then none may be opened with it any more. NULL does nothing. Any thread but that of `notice`.
CLEAT_EXPORT void cleat_inspector_server_close(CleatInspectorServer* server);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_INSPECTOR_SERVER_H_
