// The server as its own files see it: what runtimes' threads and the server's share.
#ifndef CLEAT_RUNTIME_INSPECTOR_SERVER_H_
#define CLEAT_RUNTIME_INSPECTOR_SERVER_H_

#include <libwebsockets.h>
#include <pthread.h>
#include <stdbool.h>

#include "cleat/cleat.h"
#include "cleat/inspector_server.h"

enum {
  CLEAT_TARGET_ID = 37,   // "0f2c936f-b1cd-4ac9-aab3-f63b0f33d55e" with its NUL
  CLEAT_AUTHORITY = 300,  // the longest "HOST:PORT" that is accepted
};

// A runtime that is listed.
typedef struct CleatTarget {
  CleatInspectorServer* server;
  struct CleatTarget* next;
  CleatRuntime* runtime;
  char* title;
  char id[CLEAT_TARGET_ID];
} CleatTarget;

// A debugger that is connected. connection.c.
typedef struct CleatConnection CleatConnection;

// What is kept for each request, by libwebsockets.
typedef struct CleatRequest {
  CleatConnection* connection;  // once it has become a WebSocket
  char* body;                   // of the answer, owned, until it is written
  size_t length;
} CleatRequest;

struct CleatInspectorServer {
  CleatInspector inspector;
  CleatInspectorServerOptions options;
  char address[INET6_ADDRSTRLEN];
  bool ipv6;
  uint16_t port;
  pthread_t thread;
  pthread_mutex_t mutex;  // guards what follows

  size_t references;            // the host's, and one for each target
  struct lws_context* context;  // NULL once the thread has ended
  CleatTarget* targets;
  CleatConnection* connections;
  bool stopping;
  bool woken;  // the thread has been, and has not looked yet
};

// Writes the address that the server listens on as a URL has it, "[::1]:9229". server.c.
void cleat__server_authority(const CleatInspectorServer* server, char out[CLEAT_AUTHORITY]);

// Returns the target with that id; NULL for none. Under the mutex. server.c.
CleatTarget* cleat__server_find(CleatInspectorServer* server, const char* id);

// Tells the host. Without the mutex. server.c.
void cleat__server_notice(const CleatInspectorServer* server, const char* format, ...) CLEAT_PRINTF(2, 3);

// Has the server's thread look at its connections. Under the mutex, any thread. server.c.
void cleat__server_wake(CleatInspectorServer* server);

// What libwebsockets calls for requests and for WebSockets, on the server's thread; 0, or what the call is to return.
// http.c, connection.c.
int cleat__http_begin(CleatInspectorServer* server, struct lws* wsi, CleatRequest* request, const char* path);
int cleat__http_write(struct lws* wsi, CleatRequest* request);
int cleat__http_upgrade(CleatInspectorServer* server, struct lws* wsi);

int cleat__connection_open(CleatInspectorServer* server, struct lws* wsi, CleatRequest* request);
int cleat__connection_receive(CleatConnection* connection, struct lws* wsi, const char* data, size_t length);
int cleat__connection_write(CleatConnection* connection, struct lws* wsi);
void cleat__connection_close(CleatInspectorServer* server, CleatConnection* connection);

// Looks at all connections for what is to be written. On the server's thread, under the mutex. connection.c.
void cleat__connections_look(CleatInspectorServer* server);

// Reads the path of a request that is to become a WebSocket, without its "/"; false when it is too long. http.c.
bool cleat__request_id(struct lws* wsi, char out[CLEAT_TARGET_ID]);

#endif  // CLEAT_RUNTIME_INSPECTOR_SERVER_H_
