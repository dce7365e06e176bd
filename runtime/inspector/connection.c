// WebSockets: a debugger on one side, a runtime's session on the other. Messages for the debugger come from the
// JavaScript thread and wait until its socket takes them.
#include <stdlib.h>
#include <string.h>

#include "cleat/inspector.h"
#include "server.h"

// What a message may be, and what may wait for a debugger that does not read: a heap snapshot is as large as the heap.
#define MOST_RECEIVED ((size_t)64 << 20)
#define MOST_WAITING ((size_t)1 << 30)

// A message for the debugger.
typedef struct Output {
  struct Output* next;
  size_t length;
  unsigned char bytes[];  // behind LWS_PRE bytes for libwebsockets
} Output;

struct CleatConnection {
  CleatInspectorServer* server;
  CleatInspectorSession* session;

  // On the server's thread: a message that is being received
  char* input;
  size_t input_length;
  size_t input_capacity;

  // Under the server's mutex
  CleatConnection* next;
  struct lws* wsi;  // NULL once it is closed
  bool ended;       // the session is over, and will not touch this any more
  bool overflown;   // more waited than may, and is lost
  Output* first;
  Output** last;
  size_t waiting;  // bytes
};

static void free_connection(CleatConnection* connection) {
  while (connection->first != NULL) {
    Output* output = connection->first;
    connection->first = output->next;
    free(output);
  }
  free(connection->input);
  free(connection);
}

// FROM THE RUNTIME, on its JavaScript thread

static void on_message(void* data, CleatString message) {
  CleatConnection* connection = data;
  Output* output = malloc(sizeof(Output) + LWS_PRE + message.length);
  if (output != NULL) {
    output->next = NULL;
    output->length = message.length;
    memcpy(output->bytes + LWS_PRE, message.data, message.length);
  }
  pthread_mutex_lock(&connection->server->mutex);
  if (output == NULL || connection->waiting + message.length > MOST_WAITING) connection->overflown = true;
  if (connection->overflown || connection->wsi == NULL) {
    free(output);
  } else {
    *connection->last = output;
    connection->last = &output->next;
    connection->waiting += output->length;
  }
  cleat__server_wake(connection->server);
  pthread_mutex_unlock(&connection->server->mutex);
}

// The last that the session does.
static void on_ended(void* data) {
  CleatConnection* connection = data;
  CleatInspectorServer* server = connection->server;
  pthread_mutex_lock(&server->mutex);
  connection->ended = true;
  bool closed = connection->wsi == NULL;
  if (!closed) cleat__server_wake(server);
  pthread_mutex_unlock(&server->mutex);
  if (closed) free_connection(connection);
}

// FROM THE DEBUGGER, on the server's thread

static int refuse(struct lws* wsi, enum lws_close_status status, const char* reason) {
  lws_close_reason(wsi, status, (unsigned char*)reason, strlen(reason));
  return -1;
}

int cleat__connection_open(CleatInspectorServer* server, struct lws* wsi, CleatRequest* request) {
  char id[CLEAT_TARGET_ID];
  CleatConnection* connection = calloc(1, sizeof(CleatConnection));
  if (connection == NULL || !cleat__request_id(wsi, id)) {
    free(connection);
    return -1;
  }
  connection->server = server;
  connection->wsi = wsi;
  connection->last = &connection->first;
  pthread_mutex_lock(&server->mutex);
  CleatTarget* target = server->stopping ? NULL : cleat__server_find(server, id);
  // While it is listed, the runtime is there.
  if (target != NULL) {
    connection->session = cleat_inspector_connect(target->runtime, on_message, on_ended, connection);
  }
  if (connection->session != NULL) {
    connection->next = server->connections;
    server->connections = connection;
  }
  pthread_mutex_unlock(&server->mutex);
  if (connection->session == NULL) {
    free(connection);
    return refuse(wsi, LWS_CLOSE_STATUS_GOINGAWAY, "the runtime is closing");
  }
  request->connection = connection;
  cleat__server_notice(server, "Debugger attached.");
  return 0;
}

// Makes room for `length` bytes more, at least for those that the frame still has.
static bool grow(CleatConnection* connection, size_t length) {
  size_t needed = connection->input_length + length;
  if (needed <= connection->input_capacity) return true;
  size_t capacity = connection->input_capacity * 2;
  if (capacity < needed) capacity = needed;
  char* grown = realloc(connection->input, capacity);
  if (grown == NULL) return false;
  connection->input = grown;
  connection->input_capacity = capacity;
  return true;
}

int cleat__connection_receive(CleatConnection* connection, struct lws* wsi, const char* data, size_t length) {
  if (connection == NULL) return -1;
  if (lws_frame_is_binary(wsi)) return refuse(wsi, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE, "messages are JSON, as text");
  size_t rest = lws_remaining_packet_payload(wsi);
  if (length > MOST_RECEIVED - connection->input_length || rest > MOST_RECEIVED - connection->input_length - length) {
    return refuse(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "messages may be of 64 MiB at most");
  }
  if (!grow(connection, length)) return refuse(wsi, LWS_CLOSE_STATUS_UNEXPECTED_CONDITION, "out of memory");
  memcpy(connection->input + connection->input_length, data, length);
  connection->input_length += length;
  if (rest > 0 || !lws_is_final_fragment(wsi)) return 0;
  bool sent = cleat_inspector_send(connection->session, connection->input, connection->input_length);
  free(connection->input);
  connection->input = NULL;
  connection->input_length = connection->input_capacity = 0;
  if (sent) return 0;
  // Where the session is over, what is left for the debugger is written yet.
  pthread_mutex_lock(&connection->server->mutex);
  bool ended = connection->ended;
  pthread_mutex_unlock(&connection->server->mutex);
  return ended ? 0 : refuse(wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, "too many messages wait for the runtime");
}

// TO THE DEBUGGER, on the server's thread

// Takes the oldest message; NULL for none. Under the mutex.
static Output* take_output(CleatConnection* connection) {
  Output* output = connection->first;
  if (output == NULL) return NULL;
  connection->first = output->next;
  if (connection->first == NULL) connection->last = &connection->first;
  connection->waiting -= output->length;
  return output;
}

static bool is_finished(const CleatConnection* connection) {
  return connection->first == NULL && (connection->ended || connection->server->stopping);
}

int cleat__connection_write(CleatConnection* connection, struct lws* wsi) {
  if (connection == NULL) return -1;
  pthread_mutex_lock(&connection->server->mutex);
  Output* output = take_output(connection);
  bool overflown = connection->overflown;
  bool finished = output == NULL && is_finished(connection);
  bool more = connection->first != NULL || (output != NULL && is_finished(connection));
  pthread_mutex_unlock(&connection->server->mutex);
  if (overflown) {
    free(output);
    return refuse(wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, "too much waits to be read");
  }
  if (finished) return refuse(wsi, LWS_CLOSE_STATUS_GOINGAWAY, "the runtime has closed");
  if (output == NULL) return 0;
  // In one frame, as "node inspect" knows no others; libwebsockets keeps what the socket does not take.
  int written = lws_write(wsi, output->bytes + LWS_PRE, output->length, LWS_WRITE_TEXT);
  bool failed = written < 0 || (size_t)written < output->length;
  free(output);
  if (failed) return -1;
  if (more) lws_callback_on_writable(wsi);
  return 0;
}

void cleat__connections_look(CleatInspectorServer* server) {
  for (CleatConnection* connection = server->connections; connection != NULL; connection = connection->next) {
    if (connection->first != NULL || connection->overflown || is_finished(connection)) {
      lws_callback_on_writable(connection->wsi);
    }
  }
}

void cleat__connection_close(CleatInspectorServer* server, CleatConnection* connection) {
  if (connection == NULL) return;
  pthread_mutex_lock(&server->mutex);
  CleatConnection** link = &server->connections;
  while (*link != connection) link = &(*link)->next;
  *link = connection->next;
  connection->wsi = NULL;
  CleatInspectorSession* session = connection->session;
  bool ended = connection->ended;
  pthread_mutex_unlock(&server->mutex);
  // Where it has not ended, that frees the connection, at once or later.
  cleat_inspector_disconnect(session);
  if (ended) free_connection(connection);
}
