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

// What has been noted since it was last asked for, in one line; owned.
char* take_notes(void);

void collect_garbage(CleatEnv* env);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_TESTS_HOST_PLAYER_HOOKS_H_
