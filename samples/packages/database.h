// A connection and its statements, as the hooks of packages.idl see them.
#ifndef DATABASE_H_
#define DATABASE_H_

#include <sqlite3.h>

// `handle` is NULL once closed.
typedef struct Database {
  sqlite3* handle;
} Database;

// `handle` is NULL once finalized. SQLite itself keeps a closed connection until its last statement is finalized
// (sqlite3_close_v2), so a statement never outlives what it needs.
typedef struct Statement {
  sqlite3_stmt* handle;
} Statement;

#endif  // DATABASE_H_
