// The life of the server: its thread, and the runtimes that come and go.
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cleat/inspector.h"

enum {
  FLUSH_MS = 1000,      // what closing waits at most for clients to take what is left
  REQUEST_SECONDS = 5,  // what a client has to send its request
  PROBE_SECONDS = 30,   // after which a silent connection is asked whether its other end is there, by TCP
  MOST_SOCKETS = 128,
};

void cleat__server_authority(const CleatInspectorServer* server, char out[CLEAT_AUTHORITY]) {
  snprintf(out, CLEAT_AUTHORITY, server->ipv6 ? "[%s]:%u" : "%s:%u", server->address, server->port);
}

void cleat__server_notice(const CleatInspectorServer* server, const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  if (length < 0) return;
  if (server->options.notice == NULL) {
    fprintf(stderr, "%s\n", text);
    return;
  }
  size_t most = sizeof(text) - 1;
  server->options.notice(server->options.data, (CleatString){text, (size_t)length < most ? (size_t)length : most});
}

void cleat__server_wake(CleatInspectorServer* server) {
  if (server->woken || server->context == NULL) return;
  server->woken = true;
  lws_cancel_service(server->context);
}

// TARGETS

// A UUID of version 4; false when the system has no randomness.
static bool make_id(char out[CLEAT_TARGET_ID]) {
  unsigned char bytes[16];
  if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) return false;
  bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
  bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
  char* next = out;
  for (size_t i = 0; i < sizeof(bytes); i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *next++ = '-';
    next += sprintf(next, "%02x", bytes[i]);
  }
  return true;
}

CleatTarget* cleat__server_find(CleatInspectorServer* server, const char* id) {
  CleatTarget* target = server->targets;
  while (target != NULL && strcmp(target->id, id) != 0) target = target->next;
  return target;
}

// Frees the server with its last reference. Takes the mutex, and gives it back.
static void release(CleatInspectorServer* server) {
  pthread_mutex_lock(&server->mutex);
  bool last = --server->references == 0;
  pthread_mutex_unlock(&server->mutex);
  if (!last) return;
  pthread_mutex_destroy(&server->mutex);
  free(server);
}

// CleatInspector.opened.
static void* on_opened(void* data, CleatRuntime* runtime, const char* title) {
  CleatInspectorServer* server = data;
  CleatTarget* target = calloc(1, sizeof(CleatTarget));
  char* copy = strdup(title);
  if (target == NULL || copy == NULL || !make_id(target->id)) {
    free(target);
    free(copy);
    cleat__server_notice(server, "cleat: the debugger cannot be offered for '%s': out of memory", title);
    return NULL;
  }
  target->server = server;
  target->runtime = runtime;
  target->title = copy;
  pthread_mutex_lock(&server->mutex);
  bool stopping = server->stopping;
  if (!stopping) {
    server->references++;
    // Listed in the order of their opening.
    CleatTarget** last = &server->targets;
    while (*last != NULL) last = &(*last)->next;
    *last = target;
  }
  pthread_mutex_unlock(&server->mutex);
  if (stopping) {
    free(copy);
    free(target);
    return NULL;
  }
  char authority[CLEAT_AUTHORITY];
  cleat__server_authority(server, authority);
  cleat__server_notice(server, "Debugger listening on ws://%s/%s", authority, target->id);
  return target;
}

// CleatInspector.closed.
static void on_closed(void* data) {
  CleatTarget* target = data;
  CleatInspectorServer* server = target->server;
  pthread_mutex_lock(&server->mutex);
  CleatTarget** link = &server->targets;
  while (*link != target) link = &(*link)->next;
  *link = target->next;
  pthread_mutex_unlock(&server->mutex);
  free(target->title);
  free(target);
  release(server);
}

char* cleat_inspector_server_url(CleatInspectorServer* server, const CleatRuntime* runtime) {
  char authority[CLEAT_AUTHORITY];
  char* url = NULL;
  cleat__server_authority(server, authority);
  pthread_mutex_lock(&server->mutex);
  for (CleatTarget* target = server->targets; target != NULL && url == NULL; target = target->next) {
    if (target->runtime == runtime && asprintf(&url, "ws://%s/%s", authority, target->id) < 0) url = NULL;
  }
  pthread_mutex_unlock(&server->mutex);
  return url;
}

const CleatInspector* cleat_inspector_server_inspector(CleatInspectorServer* server) { return &server->inspector; }

uint16_t cleat_inspector_server_port(const CleatInspectorServer* server) { return server->port; }

// THE THREAD

static int on_event(struct lws* wsi, enum lws_callback_reasons reason, void* user, void* in, size_t length) {
  CleatInspectorServer* server = lws_context_user(lws_get_context(wsi));
  CleatRequest* request = user;
  switch (reason) {
    case LWS_CALLBACK_HTTP:
      return cleat__http_begin(server, wsi, request, in);
    case LWS_CALLBACK_HTTP_WRITEABLE:
      return cleat__http_write(wsi, request);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
      return cleat__http_upgrade(server, wsi);
    case LWS_CALLBACK_CLOSED_HTTP:
      if (request != NULL) free(request->body);
      if (request != NULL) request->body = NULL;
      return 0;
    case LWS_CALLBACK_ESTABLISHED:
      return cleat__connection_open(server, wsi, request);
    case LWS_CALLBACK_RECEIVE:
      return cleat__connection_receive(request->connection, wsi, in, length);
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return cleat__connection_write(request->connection, wsi);
    case LWS_CALLBACK_CLOSED:
      cleat__connection_close(server, request->connection);
      request->connection = NULL;
      return 0;
    default:
      return 0;
  }
}

static const struct lws_protocols kProtocols[] = {
    {.name = "cleat-inspector", .callback = on_event, .per_session_data_size = sizeof(CleatRequest)},
    {0},
};

static uint64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

// Returns whether the thread may end: told to, and those connected have what there is for them, or have not taken it in
// time. Has what is to be written be written.
static bool look(CleatInspectorServer* server, uint64_t* deadline) {
  pthread_mutex_lock(&server->mutex);
  server->woken = false;
  cleat__connections_look(server);
  bool stopping = server->stopping;
  bool idle = server->connections == NULL;
  pthread_mutex_unlock(&server->mutex);
  if (!stopping) return false;
  if (*deadline == 0) *deadline = now_ms() + FLUSH_MS;
  return idle || now_ms() >= *deadline;
}

static void* thread_main(void* data) {
  CleatInspectorServer* server = data;
  pthread_setname_np(pthread_self(), "cleat-inspector");
  uint64_t deadline = 0;
  while (!look(server, &deadline)) {
    // libwebsockets returns by itself for its own work, and where it is woken.
    if (lws_service(server->context, deadline == 0 ? 0 : -1) < 0) break;
    if (deadline != 0) usleep(1000);
  }
  pthread_mutex_lock(&server->mutex);
  struct lws_context* context = server->context;
  server->context = NULL;
  pthread_mutex_unlock(&server->mutex);
  lws_context_destroy(context);
  return NULL;
}

// Starts the thread with all signals blocked, so that the host's handlers run on the host's threads.
static int start_thread(CleatInspectorServer* server) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failure = pthread_create(&server->thread, NULL, thread_main, server);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return failure;
}

// OPENING

static CleatError* failure(CleatErrorKind kind, const char* format, ...) CLEAT_PRINTF(2, 3);
static CleatError* failure(CleatErrorKind kind, const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  return cleat_error_new(kind, text);
}

static CleatError* read_options(CleatInspectorServer* server, const CleatInspectorServerOptions* given) {
  server->options = CLEAT_INSPECTOR_SERVER_OPTIONS_INIT;
  if (given == NULL) return NULL;
  size_t known = sizeof(CleatInspectorServerOptions);
  if (given->size <= offsetof(CleatInspectorServerOptions, host)) {
    return failure(CLEAT_ERROR_BAD_ARGUMENT, "option size: not set; start from CLEAT_INSPECTOR_SERVER_OPTIONS_INIT");
  }
  for (size_t i = known; i < given->size; i++) {
    if (((const char*)given)[i] == 0) continue;
    return failure(CLEAT_ERROR_BAD_ARGUMENT,
                   "option size: of another version, with options that this one does not know");
  }
  memcpy(&server->options, given, given->size < known ? given->size : known);
  return NULL;
}

static CleatError* read_host(CleatInspectorServer* server) {
  unsigned char address[sizeof(struct in6_addr)];
  const char* host = server->options.host;
  server->options.host = NULL;  // the caller's
  if (host == NULL || strcmp(host, "localhost") == 0) host = "127.0.0.1";
  if (inet_pton(AF_INET6, host, address) == 1) {
    server->ipv6 = true;
    inet_ntop(AF_INET6, address, server->address, sizeof(server->address));
  } else if (inet_pton(AF_INET, host, address) == 1) {
    inet_ntop(AF_INET, address, server->address, sizeof(server->address));
  } else {
    return failure(CLEAT_ERROR_BAD_ARGUMENT,
                   "option host: '%s' is no IP address; give one of this machine's, or \"localhost\"", host);
  }
  return NULL;
}

// Tries to listen, and tells why that cannot be done: libwebsockets only tells its log.
static int try_to_listen(const CleatInspectorServer* server) {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } address;
  memset(&address, 0, sizeof(address));
  socklen_t length = server->ipv6 ? sizeof(address.v6) : sizeof(address.v4);
  if (server->ipv6) {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(server->port);
    inet_pton(AF_INET6, server->address, &address.v6.sin6_addr);
  } else {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(server->port);
    inet_pton(AF_INET, server->address, &address.v4.sin_addr);
  }
  int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int on = 1;
  int problem = 0;
  if (fd < 0) return errno;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(fd, &address.any, length) != 0 || listen(fd, 1) != 0) problem = errno;
  close(fd);
  return problem;
}

static CleatError* cannot_listen(const CleatInspectorServer* server, int problem) {
  char authority[CLEAT_AUTHORITY];
  cleat__server_authority(server, authority);
  return failure(CLEAT_ERROR_SYSTEM, "the inspector cannot listen on %s: %s", authority,
                 problem != 0 ? strerror(problem) : "libwebsockets cannot be started");
}

// Silences libwebsockets, unless the program has chosen what it is to log.
static void silence(void) {
  bool untouched = lwsl_visible(LLL_ERR) && lwsl_visible(LLL_WARN) && lwsl_visible(LLL_NOTICE) &&
                   !lwsl_visible(LLL_INFO) && !lwsl_visible(LLL_USER);
  if (untouched) lws_set_log_level(0, NULL);
}

static CleatError* start_listening(CleatInspectorServer* server) {
  // No pings: "node inspect" does not know them.
  static const lws_retry_bo_t kNoPings = {0};
  struct lws_context_creation_info info = {
      .port = server->port,
      .iface = server->address,
      .protocols = kProtocols,
      .options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_VALIDATE_UTF8 |
                 LWS_SERVER_OPTION_EXPLICIT_VHOSTS | (server->ipv6 ? 0 : LWS_SERVER_OPTION_DISABLE_IPV6),
      .gid = (gid_t)-1,
      .uid = (uid_t)-1,
      .user = server,
      .ka_time = PROBE_SECONDS,
      .ka_probes = 3,
      .ka_interval = PROBE_SECONDS / 3,
      .timeout_secs = REQUEST_SECONDS,
      .timeout_secs_ah_idle = REQUEST_SECONDS,
      .keepalive_timeout = REQUEST_SECONDS,
      .fd_limit_per_thread = MOST_SOCKETS,
      .retry_and_idle_policy = &kNoPings,
      .server_string = "cleat",
  };
  // libwebsockets sets it for the whole process; its thread here has all signals blocked.
  struct sigaction pipe;
  sigaction(SIGPIPE, NULL, &pipe);
  server->context = lws_create_context(&info);
  sigaction(SIGPIPE, &pipe, NULL);
  struct lws_vhost* host = server->context == NULL ? NULL : lws_create_vhost(server->context, &info);
  if (host == NULL) return cannot_listen(server, try_to_listen(server));
  server->port = (uint16_t)lws_get_vhost_listen_port(host);
  return NULL;
}

static CleatError* start(CleatInspectorServer* server, const CleatInspectorServerOptions* options) {
  CleatError* error = read_options(server, options);
  if (error == NULL) error = read_host(server);
  if (error != NULL) return error;
  server->port = server->options.port;
  int problem = try_to_listen(server);
  if (problem != 0) return cannot_listen(server, problem);
  silence();
  error = start_listening(server);
  if (error != NULL) return error;
  problem = start_thread(server);
  return problem == 0 ? NULL : failure(CLEAT_ERROR_SYSTEM, "a thread cannot be started: %s", strerror(problem));
}

CleatInspectorServer* cleat_inspector_server_open(const CleatInspectorServerOptions* options, CleatError** error) {
  CleatInspectorServer* server = calloc(1, sizeof(CleatInspectorServer));
  CleatError* problem = NULL;
  if (server == NULL) {
    problem = failure(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  } else {
    pthread_mutex_init(&server->mutex, NULL);
    server->references = 1;
    server->inspector = (CleatInspector){sizeof(CleatInspector), server, on_opened, on_closed};
    problem = start(server, options);
    if (problem == NULL) return server;
    if (server->context != NULL) lws_context_destroy(server->context);
    release(server);
  }
  if (error != NULL) {
    *error = problem;
  } else {
    cleat_error_free(problem);
  }
  return NULL;
}

void cleat_inspector_server_close(CleatInspectorServer* server) {
  if (server == NULL) return;
  pthread_mutex_lock(&server->mutex);
  server->stopping = true;
  // While it is listed, a runtime is there.
  for (CleatTarget* target = server->targets; target != NULL; target = target->next) {
    cleat_inspector_stop_waiting(target->runtime);
  }
  cleat__server_wake(server);
  pthread_mutex_unlock(&server->mutex);
  pthread_join(server->thread, NULL);
  release(server);
}
