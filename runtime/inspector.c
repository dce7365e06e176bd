// Debuggers' sessions: their messages on the way to the JavaScript thread, which deals with them in a task, interrupted
// in the middle of JavaScript, or standing still.
#include "cleat/inspector.h"

#include <stdlib.h>
#include <string.h>

#include "runtime.h"

// What may wait for the JavaScript thread, of one session.
#define MOST_BYTES ((size_t)64 << 20)

typedef enum ItemKind {
  ITEM_CONNECT,
  ITEM_MESSAGE,
  ITEM_DISCONNECT,
} ItemKind;

// What the JavaScript thread is to do. A message is in memory of its own, the others are in the session's.
typedef struct Item {
  struct Item* next;
  CleatInspectorSession* session;
  ItemKind kind;
  const char* text;  // of a message, behind the item
  size_t length;
} Item;

struct CleatInspectorSession {
  CleatInspection* inspection;
  atomic_int references;  // the host's and the JavaScript thread's
  void (*receive)(void* data, CleatString message);
  void (*ended)(void* data);
  void* data;
  Item connect;
  Item disconnect;

  // Under the mutex
  bool open;     // takes messages
  size_t bytes;  // of messages that wait

  // On the JavaScript thread
  CleatInspectorSession* next;
  CleatEngineSession* engine;
  int dispatching;  // how often, one within the other
  bool over;        // `ended` has been called
};

// A timer of V8's.
typedef struct Tick {
  CleatInspection* inspection;
  struct Tick* next;
  double interval_ms;
  void (*tick)(void* timer);
  void* timer;  // NULL once it is cleared
} Tick;

struct CleatInspection {
  CleatRuntime* runtime;
  CleatInspector host;
  void* target;  // what `host.opened` returned
  pthread_mutex_t mutex;
  pthread_cond_t changed;  // there are items, or the thread is to look whether it may stand still

  // Under the mutex
  Item* first;
  Item** last;
  bool open;          // sessions are taken, and the engine may be interrupted
  bool queued;        // the runtime's queue has a run_queued
  bool interrupting;  // the engine has been asked to
  bool stop_waiting;  // is not to wait for a debugger, or not any more

  // On the JavaScript thread
  CleatInspectorSession* sessions;
  size_t live;  // sessions that are not over
  bool go_on;   // the pause is to end
  int still;    // how often it stands still, one within the other
  Tick* ticks;
};

CleatInspection* cleat__inspection_new(CleatRuntime* runtime, CleatError** error) {
  CleatInspection* inspection = calloc(1, sizeof(CleatInspection));
  char* title = runtime->options.inspector_title != NULL ? strdup(runtime->options.inspector_title) : NULL;
  if (inspection == NULL || (title == NULL && runtime->options.inspector_title != NULL)) {
    free(title);
    free(inspection);
    *error = cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
    return NULL;
  }
  runtime->options.inspector_title = title;
  inspection->runtime = runtime;
  inspection->host = *runtime->options.inspector;
  inspection->last = &inspection->first;
  pthread_mutex_init(&inspection->mutex, NULL);
  cleat__condition_init(&inspection->changed);
  return inspection;
}

void cleat__inspection_free(CleatInspection* inspection) {
  if (inspection == NULL) return;
  pthread_cond_destroy(&inspection->changed);
  pthread_mutex_destroy(&inspection->mutex);
  free((char*)inspection->runtime->options.inspector_title);
  free(inspection);
}

// SENDING, from any thread

void cleat__inspection_wake(CleatInspection* inspection) {
  if (inspection == NULL) return;
  pthread_mutex_lock(&inspection->mutex);
  pthread_cond_signal(&inspection->changed);
  pthread_mutex_unlock(&inspection->mutex);
}

static void run_queued(CleatEnv* env, void* data);

// Under the mutex, with which nobody waits for memory: where that is short, the loop looks itself. The JavaScript
// thread is told in each of the ways in which it may be reached: it sleeps, it runs JavaScript, it stands still.
static void send_item(CleatInspection* inspection, Item* item) {
  item->next = NULL;
  *inspection->last = item;
  inspection->last = &item->next;
  if (!inspection->queued) {
    CleatMessage message = {.run = run_queued, .data = inspection, .internal = true};
    inspection->queued = cleat__try_send(inspection->runtime, &message);
    if (!inspection->queued) cleat__wake(inspection->runtime);
  }
  if (!inspection->interrupting) {
    inspection->interrupting = true;
    cleat__inspector_interrupt(inspection->runtime->env.engine);
  }
  pthread_cond_signal(&inspection->changed);
}

static void release_session(CleatInspectorSession* session) {
  // Release what the other side did, acquire it before the memory goes.
  if (atomic_fetch_sub_explicit(&session->references, 1, memory_order_acq_rel) != 1) return;
  cleat__runtime_unkeep(session->inspection->runtime);
  free(session);
}

CleatInspectorSession* cleat_inspector_connect(CleatRuntime* runtime, void (*receive)(void* data, CleatString message),
                                               void (*ended)(void* data), void* data) {
  CLEAT_CHECK_RUNTIME(runtime);
  CLEAT_CHECK_GIVEN(receive, "function to receive messages");
  CleatInspection* inspection = runtime->inspection;
  CleatInspectorSession* session = inspection == NULL ? NULL : calloc(1, sizeof(CleatInspectorSession));
  if (session == NULL) return NULL;
  session->inspection = inspection;
  session->receive = receive;
  session->ended = ended;
  session->data = data;
  session->connect = (Item){.session = session, .kind = ITEM_CONNECT};
  session->disconnect = (Item){.session = session, .kind = ITEM_DISCONNECT};
  session->open = true;
  atomic_init(&session->references, 2);
  pthread_mutex_lock(&inspection->mutex);
  bool open = inspection->open;
  if (open) {
    cleat__runtime_keep(runtime);
    send_item(inspection, &session->connect);
  }
  pthread_mutex_unlock(&inspection->mutex);
  if (open) return session;
  free(session);
  return NULL;
}

bool cleat_inspector_send(CleatInspectorSession* session, const char* message, size_t length) {
  CLEAT_CHECK_GIVEN(session, "session");
  if (message == NULL && length > 0) cleat__misuse(__func__, "the message is NULL");
  CleatInspection* inspection = session->inspection;
  Item* item = length > MOST_BYTES ? NULL : malloc(sizeof(Item) + length);
  if (item == NULL) return false;
  char* text = (char*)(item + 1);
  if (length > 0) memcpy(text, message, length);
  *item = (Item){.session = session, .kind = ITEM_MESSAGE, .text = text, .length = length};
  pthread_mutex_lock(&inspection->mutex);
  bool sent = inspection->open && session->open && session->bytes <= MOST_BYTES - length;
  if (sent) {
    session->bytes += length;
    send_item(inspection, item);
  }
  pthread_mutex_unlock(&inspection->mutex);
  if (!sent) free(item);
  return sent;
}

void cleat_inspector_disconnect(CleatInspectorSession* session) {
  if (session == NULL) return;
  CleatInspection* inspection = session->inspection;
  pthread_mutex_lock(&inspection->mutex);
  session->open = false;
  if (inspection->open) send_item(inspection, &session->disconnect);
  pthread_mutex_unlock(&inspection->mutex);
  release_session(session);
}

void cleat_inspector_stop_waiting(CleatRuntime* runtime) {
  CLEAT_CHECK_RUNTIME(runtime);
  CleatInspection* inspection = runtime->inspection;
  if (inspection == NULL) return;
  pthread_mutex_lock(&inspection->mutex);
  inspection->stop_waiting = true;
  pthread_cond_signal(&inspection->changed);
  pthread_mutex_unlock(&inspection->mutex);
}

// DEALING WITH IT, on the JavaScript thread

// Called by V8 with what it has for the debugger.
static void on_message(void* data, CleatString message) {
  CleatInspectorSession* session = data;
  if (!session->over) session->receive(session->data, message);
}

static void add_session(CleatInspectorSession* session) {
  CleatInspection* inspection = session->inspection;
  session->next = inspection->sessions;
  inspection->sessions = session;
  inspection->live++;
}

// Tells the host. What is being dispatched comes to its end first.
static void end_session(CleatInspectorSession* session) {
  if (session->over) return;
  session->over = true;
  session->inspection->live--;
  if (session->ended != NULL) session->ended(session->data);
}

static void free_session(CleatInspectorSession* session) {
  CleatInspectorSession** link = &session->inspection->sessions;
  while (*link != session) link = &(*link)->next;
  *link = session->next;
  if (session->engine != NULL) cleat__session_close(session->engine);
  release_session(session);
}

static void dispatch(CleatInspectorSession* session, const Item* item) {
  if (session->over || session->engine == NULL) return;
  session->dispatching++;
  cleat__session_dispatch(session->engine, item->text, item->length);
  session->dispatching--;
  if (session->over && session->dispatching == 0) free_session(session);
}

static void deal_with(CleatEnv* env, Item* item) {
  CleatInspectorSession* session = item->session;
  switch (item->kind) {
    case ITEM_CONNECT:
      add_session(session);
      session->engine = cleat__session_open(env->engine, on_message, session);
      if (session->engine == NULL) end_session(session);
      break;
    case ITEM_MESSAGE:
      dispatch(session, item);
      free(item);
      break;
    case ITEM_DISCONNECT:
      end_session(session);
      if (session->dispatching == 0) free_session(session);
      break;
  }
}

// Takes the oldest item; NULL for none. Under the mutex.
static Item* take_item(CleatInspection* inspection) {
  Item* item = inspection->first;
  if (item == NULL) return NULL;
  inspection->first = item->next;
  if (inspection->first == NULL) inspection->last = &inspection->first;
  if (item->kind == ITEM_MESSAGE) item->session->bytes -= item->length;
  return item;
}

static void deal_with_all(CleatEnv* env) {
  CleatInspection* inspection = env->runtime->inspection;
  // What a message has run may have left something pending, of which what was interrupted must not know.
  bool pending = env->pending;
  while (true) {
    pthread_mutex_lock(&inspection->mutex);
    Item* item = take_item(inspection);
    pthread_mutex_unlock(&inspection->mutex);
    if (item == NULL) break;
    deal_with(env, item);
  }
  env->pending = pending;
}

static void run_queued(CleatEnv* env, void* data) {
  CleatInspection* inspection = data;
  pthread_mutex_lock(&inspection->mutex);
  inspection->queued = false;
  pthread_mutex_unlock(&inspection->mutex);
  deal_with_all(env);
}

void cleat__inspection_look(CleatEnv* env) {
  CleatInspection* inspection = env->runtime->inspection;
  if (inspection == NULL) return;
  pthread_mutex_lock(&inspection->mutex);
  bool look = inspection->first != NULL && !inspection->queued;
  pthread_mutex_unlock(&inspection->mutex);
  if (look) cleat__run_task(env, run_queued, inspection);
}

// CleatInspectorHost.interrupted.
static void on_interrupted(void* data) {
  CleatEnv* env = data;
  CleatInspection* inspection = env->runtime->inspection;
  pthread_mutex_lock(&inspection->mutex);
  inspection->interrupting = false;
  pthread_mutex_unlock(&inspection->mutex);
  deal_with_all(env);
}

// STANDING STILL, on the JavaScript thread

static bool may_pause(CleatEnv* env) {
  CleatInspection* inspection = env->runtime->inspection;
  return inspection->live > 0 && !inspection->go_on && !cleat__is_closing(env->runtime) && !cleat__run_is_struck(env);
}

static bool may_wait(CleatEnv* env) {
  CleatInspection* inspection = env->runtime->inspection;
  return !inspection->stop_waiting && !cleat__is_closing(env->runtime);
}

// Deals with items as they come for as long as it may.
static void stand_still(CleatEnv* env, bool (*may)(CleatEnv* env)) {
  CleatInspection* inspection = env->runtime->inspection;
  bool pending = env->pending;
  if (inspection->still++ == 0) cleat__run_clock_stop(env->runtime);
  pthread_mutex_lock(&inspection->mutex);
  while (may(env)) {
    Item* item = take_item(inspection);
    if (item == NULL) {
      pthread_cond_wait(&inspection->changed, &inspection->mutex);
      continue;
    }
    pthread_mutex_unlock(&inspection->mutex);
    deal_with(env, item);
    pthread_mutex_lock(&inspection->mutex);
  }
  pthread_mutex_unlock(&inspection->mutex);
  if (--inspection->still == 0) cleat__run_clock_start(env->runtime);
  env->pending = pending;
}

// CleatInspectorHost.pause. V8 does not pause within a pause.
static void on_pause(void* data) {
  CleatEnv* env = data;
  env->runtime->inspection->go_on = false;
  stand_still(env, may_pause);
}

// CleatInspectorHost.go_on.
static void on_go_on(void* data) {
  CleatEnv* env = data;
  env->runtime->inspection->go_on = true;
}

// CleatInspectorHost.start.
static void on_start(void* data) {
  CleatEnv* env = data;
  cleat_inspector_stop_waiting(env->runtime);
}

static void wait_in_task(CleatEnv* env, void* data) {
  (void)data;
  CleatInspection* inspection = env->runtime->inspection;
  stand_still(env, may_wait);
  if (env->runtime->options.inspector_start != CLEAT_INSPECTOR_PAUSE) return;
  for (CleatInspectorSession* session = inspection->sessions; session != NULL; session = session->next) {
    // As Node.js calls it, which clients know.
    if (session->engine != NULL) cleat__session_pause_next(session->engine, "Break on start");
  }
}

void cleat__inspection_wait(CleatEnv* env) {
  CleatInspection* inspection = env->runtime->inspection;
  if (inspection == NULL || inspection->target == NULL) return;
  if (env->runtime->options.inspector_start == CLEAT_INSPECTOR_RUN) return;
  cleat__run_task(env, wait_in_task, NULL);
}

// V8'S TIMERS, on the JavaScript thread

static void free_tick(void* data) {
  Tick* tick = data;
  Tick** link = &tick->inspection->ticks;
  while (*link != tick) link = &(*link)->next;
  *link = tick->next;
  free(tick);
}

static void run_tick(CleatEnv* env, void* data) {
  Tick* tick = data;
  if (tick->timer != NULL) tick->tick(tick->timer);
  if (tick->timer == NULL || !cleat__delay(env->runtime, tick->interval_ms, true, run_tick, tick, free_tick)) {
    free_tick(tick);
  }
}

// CleatInspectorHost.set_timer. Without memory V8 has no timer, and its statistics no samples.
static void on_set_timer(void* data, double interval_ms, void (*function)(void* timer), void* timer) {
  CleatEnv* env = data;
  Tick* tick = malloc(sizeof(Tick));
  if (tick == NULL) return;
  CleatInspection* inspection = env->runtime->inspection;
  *tick = (Tick){inspection, inspection->ticks, interval_ms, function, timer};
  inspection->ticks = tick;
  if (!cleat__delay(env->runtime, interval_ms, true, run_tick, tick, free_tick)) free_tick(tick);
}

// CleatInspectorHost.clear_timer.
static void on_clear_timer(void* data, void* timer) {
  CleatEnv* env = data;
  for (Tick* tick = env->runtime->inspection->ticks; tick != NULL; tick = tick->next) {
    if (tick->timer == timer) tick->timer = NULL;
  }
}

// OPENING AND CLOSING, on the JavaScript thread

static const char* title_of(const CleatRuntime* runtime) {
  return runtime->options.inspector_title != NULL ? runtime->options.inspector_title : runtime->name;
}

CleatError* cleat__inspection_open(CleatEnv* env) {
  CleatRuntime* runtime = env->runtime;
  CleatInspection* inspection = runtime->inspection;
  if (inspection == NULL) return NULL;
  CleatInspectorHost host = {
      .data = env,
      .pause = on_pause,
      .go_on = on_go_on,
      .start = on_start,
      .interrupted = on_interrupted,
      .set_timer = on_set_timer,
      .clear_timer = on_clear_timer,
  };
  if (!cleat__inspector_open(env->engine, &host, title_of(runtime))) {
    return cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  }
  pthread_mutex_lock(&inspection->mutex);
  inspection->open = true;
  pthread_mutex_unlock(&inspection->mutex);
  inspection->target = inspection->host.opened(inspection->host.data, runtime, title_of(runtime));
  return NULL;
}

// Ends what is there; with the engine, if that is there still.
static void close_sessions(CleatEnv* env, bool lost) {
  CleatInspection* inspection = env->runtime->inspection;
  if (inspection == NULL) return;
  pthread_mutex_lock(&inspection->mutex);
  bool open = inspection->open;
  inspection->open = false;
  pthread_mutex_unlock(&inspection->mutex);
  if (!open) return;
  Item* item;
  // Nobody else has it now. Those who have just come are connected for a moment: nothing but the ending is told.
  while ((item = take_item(inspection)) != NULL) {
    if (item->kind == ITEM_CONNECT) add_session(item->session);
    if (item->kind == ITEM_MESSAGE) free(item);
  }
  while (inspection->sessions != NULL) {
    end_session(inspection->sessions);
    if (lost) inspection->sessions->engine = NULL;
    free_session(inspection->sessions);
  }
  if (inspection->target != NULL) inspection->host.closed(inspection->target);
}

void cleat__inspection_close(CleatEnv* env) { close_sessions(env, false); }

void cleat__inspection_abandon(CleatEnv* env) { close_sessions(env, true); }
