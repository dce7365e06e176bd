// Requests: who may make them, and the lists that clients find runtimes by.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server.h"

enum { UPGRADE_REQUIRED = 426 };  // libwebsockets has no name for it

// WHO MAY

// Copies a header; false where there is none, or a longer one than can be right.
static bool header(struct lws* wsi, enum lws_token_indexes token, char* out, int size) {
  return lws_hdr_total_length(wsi, token) > 0 && lws_hdr_copy(wsi, out, size, token) > 0;
}

// Returns whether `authority`, "HOST:PORT", names the machine by its address: another name may be one that somebody
// lets point here, so that pages from there would be of the same origin as this server.
static bool is_address(const char* authority) {
  char host[CLEAT_AUTHORITY];
  unsigned char address[sizeof(struct in6_addr)];
  snprintf(host, sizeof(host), "%s", authority);
  bool ipv6 = host[0] == '[';
  char* end = host + strcspn(host, ipv6 ? "]" : ":");
  const char* port = end;
  if (ipv6 && *port++ != ']') return false;
  if (*port != 0 && (*port != ':' || strspn(port + 1, "0123456789") != strlen(port + 1))) return false;
  *end = 0;
  if (ipv6) return inet_pton(AF_INET6, host + 1, address) == 1;
  return strcasecmp(host, "localhost") == 0 || inet_pton(AF_INET, host, address) == 1;
}

// Pages have an origin, which they cannot hide; DevTools' own are trusted, and clients that are no pages have none.
static bool is_trusted_origin(const char* origin) { return strncmp(origin, "devtools://", 11) == 0; }

// Returns why a request is refused, and sets the status; NULL for one that is not. Copies its Host.
static const char* refusal(struct lws* wsi, unsigned* status, char host[CLEAT_AUTHORITY]) {
  char origin[CLEAT_AUTHORITY];
  *status = HTTP_STATUS_BAD_REQUEST;
  if (!header(wsi, WSI_TOKEN_HOST, host, CLEAT_AUTHORITY)) return "a Host header is needed";
  if (!is_address(host)) return "the Host header is neither an IP address nor localhost";
  *status = HTTP_STATUS_FORBIDDEN;
  if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) == 0) return NULL;
  bool trusted = header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof(origin)) && is_trusted_origin(origin);
  return trusted ? NULL : "pages of other origins than devtools:// may not connect";
}

// ANSWERS

// Begins to answer with `body`, which is taken over; NULL when memory was short.
static int answer(struct lws* wsi, CleatRequest* request, unsigned status, const char* type, char* body) {
  unsigned char headers[LWS_PRE + 1024];
  unsigned char* next = headers + LWS_PRE;
  unsigned char* end = headers + sizeof(headers) - 1;
  if (body == NULL) return -1;
  request->body = body;
  request->length = strlen(body);
  static const char kNoCache[] = "no-cache";
  if (lws_add_http_common_headers(wsi, status, type, request->length, &next, end) != 0 ||
      lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CACHE_CONTROL, (const unsigned char*)kNoCache,
                                   sizeof(kNoCache) - 1, &next, end) != 0 ||
      lws_finalize_write_http_header(wsi, headers + LWS_PRE, &next, end) != 0) {
    return -1;
  }
  lws_callback_on_writable(wsi);
  return 0;
}

static int answer_text(struct lws* wsi, CleatRequest* request, unsigned status, const char* text) {
  char* body = NULL;
  if (asprintf(&body, "%s\n", text) < 0) body = NULL;
  return answer(wsi, request, status, "text/plain; charset=UTF-8", body);
}

int cleat__http_write(struct lws* wsi, CleatRequest* request) {
  if (request == NULL || request->body == NULL) return 0;
  size_t length = request->length;
  unsigned char* bytes = malloc(LWS_PRE + length);
  if (bytes == NULL) return -1;
  memcpy(bytes + LWS_PRE, request->body, length);
  free(request->body);
  request->body = NULL;
  int written = lws_write(wsi, bytes + LWS_PRE, length, LWS_WRITE_HTTP_FINAL);
  free(bytes);
  if (written < 0 || (size_t)written < length) return -1;
  return lws_http_transaction_completed(wsi) != 0 ? -1 : 0;
}

// THE LISTS

// Returns how many bytes the character at `at` has, which ends with a NUL at the latest; 0 where there is no UTF-8.
static size_t utf8_length(const unsigned char* at) {
  if (at[0] < 0x80) return 1;
  size_t length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
  if (at[0] < 0xC2 || at[0] > 0xF4) return 0;
  if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F)) return 0;
  if ((at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F)) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((at[i] & 0xC0) != 0x80) return 0;
  }
  return length;
}

// Writes text within a string of JSON. What is no UTF-8 becomes U+FFFD.
static void write_json(FILE* out, const char* text) {
  const unsigned char* at = (const unsigned char*)text;
  while (*at != 0) {
    size_t length = utf8_length(at);
    if (length == 0) {
      fputs("\\ufffd", out);
    } else if (*at < 0x20 || *at == 0x7F) {
      fprintf(out, "\\u%04x", *at);
    } else {
      if (*at == '"' || *at == '\\') putc('\\', out);
      fwrite(at, 1, length, out);
    }
    at += length != 0 ? length : 1;
  }
}

// Writes a path as the rest of a URL.
static void write_path(FILE* out, const char* path) {
  static const char kPlain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._~";
  for (const unsigned char* at = (const unsigned char*)path; *at != 0; at++) {
    fprintf(out, strchr(kPlain, *at) != NULL ? "%c" : "%%%02X", *at);
  }
}

static void write_target(FILE* out, const CleatTarget* target, const char* host) {
  fprintf(out, "{\n  \"description\": \"Cleat\",\n");
  fprintf(
      out,
      "  \"devtoolsFrontendUrl\": \"devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws=%s/%s\",\n",
      host, target->id);
  fprintf(out,
          "  \"devtoolsFrontendUrlCompat\": "
          "\"devtools://devtools/bundled/inspector.html?experiments=true&v8only=true&ws=%s/%s\",\n",
          host, target->id);
  fprintf(out, "  \"id\": \"%s\",\n  \"title\": \"", target->id);
  write_json(out, target->title);
  // As Node.js, which is what clients know to have no page.
  fprintf(out, "\",\n  \"type\": \"node\",\n  \"url\": \"");
  if (target->title[0] == '/') {
    fprintf(out, "file://");
    write_path(out, target->title);
  }
  fprintf(out, "\",\n  \"webSocketDebuggerUrl\": \"ws://%s/%s\"\n}", host, target->id);
}

// `host` is what the client calls this server, which may be at the other end of a tunnel.
static char* list(CleatInspectorServer* server, const char* host) {
  char* text = NULL;
  size_t length = 0;
  FILE* out = open_memstream(&text, &length);
  if (out == NULL) return NULL;
  fputs("[ ", out);
  pthread_mutex_lock(&server->mutex);
  for (CleatTarget* target = server->targets; target != NULL; target = target->next) {
    write_target(out, target, host);
    if (target->next != NULL) fputs(", ", out);
  }
  pthread_mutex_unlock(&server->mutex);
  fputs(" ]\n", out);
  return fclose(out) == 0 ? text : NULL;
}

static char* version(void) {
  char* text = NULL;
  int length = asprintf(
      &text, "{\n  \"Browser\": \"Cleat/%s\",\n  \"Protocol-Version\": \"1.3\",\n  \"V8-Version\": \"%s\"\n}\n",
      cleat_version(), cleat_engine_version());
  return length < 0 ? NULL : text;
}

// REQUESTS

static bool is_known(CleatInspectorServer* server, const char* id) {
  pthread_mutex_lock(&server->mutex);
  bool known = cleat__server_find(server, id) != NULL;
  pthread_mutex_unlock(&server->mutex);
  return known;
}

int cleat__http_begin(CleatInspectorServer* server, struct lws* wsi, CleatRequest* request, const char* path) {
  static const char kJson[] = "application/json; charset=UTF-8";
  static const char kActivate[] = "/json/activate/";
  unsigned status;
  char host[CLEAT_AUTHORITY];
  const char* problem = refusal(wsi, &status, host);
  if (problem != NULL) return answer_text(wsi, request, status, problem);
  if (lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) == 0) {
    return answer_text(wsi, request, HTTP_STATUS_METHOD_NOT_ALLOWED, "only GET is known");
  }
  if (strcmp(path, "/json") == 0 || strcmp(path, "/json/list") == 0) {
    return answer(wsi, request, HTTP_STATUS_OK, kJson, list(server, host));
  }
  if (strcmp(path, "/json/version") == 0) return answer(wsi, request, HTTP_STATUS_OK, kJson, version());
  if (strncmp(path, kActivate, sizeof(kActivate) - 1) == 0 && is_known(server, path + sizeof(kActivate) - 1)) {
    return answer_text(wsi, request, HTTP_STATUS_OK, "Target activated");
  }
  if (is_known(server, path + 1)) {
    return answer_text(wsi, request, UPGRADE_REQUIRED, "WebSockets connect here");
  }
  return answer_text(wsi, request, HTTP_STATUS_NOT_FOUND,
                     "there are /json/list, /json/version and the paths of runtimes");
}

bool cleat__request_id(struct lws* wsi, char out[CLEAT_TARGET_ID]) {
  char path[CLEAT_TARGET_ID + 1];
  if (!header(wsi, WSI_TOKEN_GET_URI, path, sizeof(path)) || path[0] != '/') return false;
  snprintf(out, CLEAT_TARGET_ID, "%s", path + 1);
  return true;
}

int cleat__http_upgrade(CleatInspectorServer* server, struct lws* wsi) {
  unsigned status;
  char host[CLEAT_AUTHORITY];
  char id[CLEAT_TARGET_ID];
  const char* problem = refusal(wsi, &status, host);
  if (problem == NULL && (!cleat__request_id(wsi, id) || !is_known(server, id))) {
    status = HTTP_STATUS_NOT_FOUND;
    problem = "no runtime has this path: see /json/list";
  }
  if (problem == NULL) return 0;
  return lws_return_http_status(wsi, status, problem) != 0 ? -1 : 1;
}
