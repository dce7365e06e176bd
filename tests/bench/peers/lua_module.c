// The work as a module of Lua 5.4, as its manual shows it.
#include <lauxlib.h>
#include <lua.h>
#include <time.h>

#include "work.h"

static int nothing(lua_State* L) {
  (void)L;
  work_nothing();
  return 0;
}

static int one(lua_State* L) {
  lua_pushnumber(L, work_one(luaL_checknumber(L, 1)));
  return 1;
}

static int two(lua_State* L) {
  lua_pushnumber(L, work_two(luaL_checknumber(L, 1), luaL_checknumber(L, 2)));
  return 1;
}

static int six(lua_State* L) {
  double v[6];
  for (int i = 0; i < 6; i++) v[i] = luaL_checknumber(L, i + 1);
  lua_pushnumber(L, work_six(v[0], v[1], v[2], v[3], v[4], v[5]));
  return 1;
}

static int take(lua_State* L) {
  lua_pushinteger(L, work_take(luaL_checkstring(L, 1)));
  return 1;
}

static int give(lua_State* L) {
  lua_pushstring(L, work_give());
  return 1;
}

static int give_new(lua_State* L) {
  lua_pushstring(L, work_give_new());
  return 1;
}

static int sum(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  double items[100];
  size_t length = (size_t)luaL_len(L, 1);
  for (size_t i = 0; i < length && i < 100; i++) {
    lua_geti(L, 1, (lua_Integer)i + 1);
    items[i] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  lua_pushnumber(L, work_sum(items, length));
  return 1;
}

static int eight(lua_State* L) {
  static const char* const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  double total = 0;
  luaL_checktype(L, 1, LUA_TTABLE);
  for (int i = 0; i < 8; i++) {
    if (lua_getfield(L, 1, keys[i]) != LUA_TNIL) total += luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  lua_pushnumber(L, total);
  return 1;
}

static int make_pair(lua_State* L) {
  lua_createtable(L, 0, 2);
  lua_pushnumber(L, luaL_checknumber(L, 1));
  lua_setfield(L, -2, "a");
  lua_pushnumber(L, luaL_checknumber(L, 2));
  lua_setfield(L, -2, "b");
  return 1;
}

static int values(lua_State* L) {
  const double* items = work_values();
  lua_createtable(L, 100, 0);
  for (int i = 0; i < 100; i++) {
    lua_pushnumber(L, items[i]);
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

static int steps(lua_State* L) {
  lua_Integer count = luaL_checkinteger(L, 2);
  double value = 0;
  for (lua_Integer i = 0; i < count; i++) {
    lua_pushvalue(L, 1);
    lua_pushnumber(L, value);
    lua_call(L, 1, 1);
    value = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  lua_pushnumber(L, value);
  return 1;
}

static int fail(lua_State* L) { return luaL_error(L, "failed"); }

static int add(lua_State* L) {
  double* cell = luaL_checkudata(L, 1, "Cell");
  lua_pushnumber(L, *cell + luaL_checknumber(L, 2));
  return 1;
}

static int new_cell(lua_State* L) {
  double value = luaL_checknumber(L, 1);
  double* cell = lua_newuserdatauv(L, sizeof(*cell), 0);
  *cell = value;
  luaL_setmetatable(L, "Cell");
  return 1;
}

static int now(lua_State* L) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  lua_pushnumber(L, (double)time.tv_sec * 1e9 + (double)time.tv_nsec);
  return 1;
}

int luaopen_peer(lua_State* L) {
  static const luaL_Reg functions[] = {
      {"nothing", nothing},     {"one", one},       {"two", two},           {"six", six},
      {"take", take},           {"give", give},     {"sum", sum},           {"eight", eight},
      {"make_pair", make_pair}, {"values", values}, {"steps", steps},       {"fail", fail},
      {"new_cell", new_cell},   {"now", now},       {"give_new", give_new}, {NULL, NULL},
  };
  static const luaL_Reg methods[] = {{"add", add}, {NULL, NULL}};
  luaL_newmetatable(L, "Cell");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  luaL_newlib(L, functions);
  return 1;
}
