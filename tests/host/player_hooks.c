// The C side of player.idl.
#include "player_hooks.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "env.h"

static atomic_int finalized;
static char notes[4096];

int players_finalized(void) { return atomic_exchange(&finalized, 0); }

static void note(const char* what, const char* name) {
  size_t length = strlen(notes);
  snprintf(notes + length, sizeof(notes) - length, "%s%s %s", length > 0 ? ", " : "", what, name);
}

char* take_notes(void) {
  char* taken = strdup(notes);
  notes[0] = '\0';
  return taken;
}

void collect_garbage(CleatEnv* env) { cleat__collect_garbage(env->engine); }

static CleatValue* get_parent(CleatEnv* env, CleatEventTarget* self, CleatEvent* event) {
  (void)event;
  Player* player = (Player*)self;
  return player->parent == NULL ? NULL : cleat_wrap(env, &player_class, player->parent);
}

static void observed(CleatEnv* env, CleatEventTarget* self, CleatString type, bool is_observed) {
  (void)self;
  note(is_observed ? "begin" : "end", type.data);
  if (strcmp(type.data, "forbidden") == 0 && is_observed) cleat_throw_type(env, "not here");
}

Player* player_new(void) {
  Player* player = calloc(1, sizeof(*player));
  if (player == NULL) return NULL;
  player->base.get_parent = get_parent;
  player->base.observed = observed;
  return player;
}

void player_finalize(Player* self) {
  finalized++;
  cleat_ref_free(self->kept);
  free(self);
}

void player_adopt(CleatEnv* env, Player* self, Player* child) {
  child->kept = cleat_hold_in(env, &player_class, child, cleat_wrap(env, &player_class, self));
  child->parent = self;
}

static _Atomic(CleatLongPromise*) last_promise;
static atomic_int begun, cancelled, running;
static atomic_bool goes;

CleatLongPromise* take_promise(void) { return atomic_exchange(&last_promise, NULL); }
int operations_begun(void) { return atomic_exchange(&begun, 0); }
int operations_cancelled(void) { return atomic_exchange(&cancelled, 0); }
int operations_running(void) { return running; }
void let_work_go(bool let_go) { goes = let_go; }

static void note_cancelled(void* data) {
  (void)data;
  cancelled++;
}

static void settle_cancelled(void* data) {
  cancelled++;
  cleat_long_promise_resolve(data, -1);
}

void player_load(Player* self, const LoadOptions* options, bool settles, CleatLongPromise* promise) {
  (void)self;
  (void)options;
  begun++;
  cleat_long_promise_on_cancel(promise, settles ? settle_cancelled : note_cancelled, promise);
  if (!settles) last_promise = promise;
}

int32_t player_work(CleatThrower* thrower, Player* self, CleatAbortSignal* signal) {
  begun++;
  running++;
  while (!goes && !cleat_thrower_is_cancelled(thrower)) usleep(1000);
  if (cleat_thrower_is_cancelled(thrower)) cancelled++;
  if (signal != NULL && cleat_abort_signal_get_aborted(signal)) cleat_thrower_throw(thrower, CLEAT_THROW_ERROR, "late");
  running--;
  // The receiver is there still.
  return self->parent == NULL ? 7 : 8;
}

struct PlayerEvent {
  CleatEvent base;
  double position;
};

PlayerEvent* player_event_new(CleatEnv* env, CleatString type, const PlayerEventInit* init) {
  PlayerEvent* event = calloc(1, sizeof(*event));
  if (event == NULL || !cleat_event_open(env, &event->base, type, &init->base)) {
    free(event);
    return NULL;
  }
  event->position = init->position;
  return event;
}

void player_event_finalize(PlayerEvent* self) {
  cleat_event_close(&self->base);
  free(self);
}

double player_event_get_position(PlayerEvent* self) { return self->position; }

static void run_algorithm(CleatEnv* env, void* data) {
  note("run", data);
  if (strcmp(data, "thrower") == 0) cleat_throw_error(env, "thrown by C");
  free(data);
}

static void drop_algorithm(void* data) {
  note("drop", data);
  free(data);
}

bool player_on_abort(CleatEnv* env, CleatAbortSignal* signal, CleatString name) {
  char* copy = strdup(name.data);
  if (cleat_abort_signal_add(env, signal, run_algorithm, copy, drop_algorithm) != NULL) return true;
  free(copy);
  return false;
}

static atomic_int pauses;

int take_pauses(void) { return atomic_exchange(&pauses, 0); }

static void sleep_2_ms(void) {
  atomic_fetch_add(&pauses, 1);
  nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

void player_pause(void) { sleep_2_ms(); }
int32_t player_get_pauses(void) {
  sleep_2_ms();
  return 1;
}
CleatString player_name_of_pause(void) {
  sleep_2_ms();
  return CLEAT_STRING("pause");
}
