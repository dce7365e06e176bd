// What the C side of player.idl tells the tests.
#ifndef CLEAT_TESTS_HOST_PLAYER_HOOKS_H_
#define CLEAT_TESTS_HOST_PLAYER_HOOKS_H_

#include "player.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct Player {
  CleatEventTarget base;
  struct Player* parent;
  CleatRef* kept;  // the parent's wrapper, in this one
} Player;

int players_finalized(void);

// The promise of the last load().
CleatLongPromise* take_promise(void);

// How often load() and work() were called, were told of being cancelled, and how many of work() are under way.
int operations_begun(void);
int operations_cancelled(void);
int operations_running(void);
void let_work_go(bool let_go);

// Returns how many times scripts have paused since the last call.
int take_pauses(void);

// What has been noted since it was last asked for, in one line; owned.
char* take_notes(void);

void collect_garbage(CleatEnv* env);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_TESTS_HOST_PLAYER_HOOKS_H_
