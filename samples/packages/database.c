// The hooks of Database and Statement: SQLite's functions, with errors thrown as exceptions.
#include "database.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "packages.h"

static const sqlite3_int64 kMaxSafeInteger = 9007199254740991;

static void throw_sqlite(CleatEnv* env, sqlite3* handle) {
  cleat_throw_error(env, "SQLite: %s", sqlite3_errmsg(handle));
}

// Returns the connection, or throws and returns NULL where it has been closed.
static sqlite3* open_handle(CleatEnv* env, const Database* self) {
  if (self->handle == NULL) cleat_throw_error(env, "the database is closed");
  return self->handle;
}

// Returns the statement, or throws and returns NULL where it has been finalized.
static sqlite3_stmt* live_handle(CleatEnv* env, const Statement* self) {
  if (self->handle == NULL) cleat_throw_error(env, "the statement is finalized");
  return self->handle;
}

Database* database_new(CleatEnv* env, const char* path) {
  sqlite3* handle = NULL;
  if (sqlite3_open(path, &handle) != SQLITE_OK) {
    cleat_throw_error(env, "cannot open '%s': %s", path, sqlite3_errmsg(handle));
    sqlite3_close_v2(handle);
    return NULL;
  }
  Database* self = malloc(sizeof(*self));
  if (self == NULL) {
    sqlite3_close_v2(handle);
    return NULL;
  }
  self->handle = handle;
  return self;
}

void database_finalize(Database* self) {
  sqlite3_close_v2(self->handle);
  free(self);
}

void database_close(Database* self) {
  sqlite3_close_v2(self->handle);
  self->handle = NULL;
}

void database_exec(CleatEnv* env, Database* self, const char* sql) {
  sqlite3* handle = open_handle(env, self);
  if (handle != NULL && sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK) throw_sqlite(env, handle);
}

int32_t database_get_changes(Database* self) { return self->handle == NULL ? 0 : sqlite3_changes(self->handle); }

Statement* database_prepare(CleatEnv* env, Database* self, CleatString sql) {
  sqlite3* handle = open_handle(env, self);
  if (handle == NULL) return NULL;
  Statement* statement = calloc(1, sizeof(*statement));
  if (statement == NULL) return NULL;
  if (sqlite3_prepare_v2(handle, sql.data, (int)sql.length, &statement->handle, NULL) != SQLITE_OK) {
    throw_sqlite(env, handle);
  } else if (statement->handle == NULL) {
    cleat_throw_type(env, "the SQL holds no statement");
  } else {
    return statement;
  }
  free(statement);
  return NULL;
}

void statement_close(Statement* self) {
  sqlite3_finalize(self->handle);
  self->handle = NULL;
}

void statement_finalize(Statement* self) {
  statement_close(self);
  free(self);
}

// Binds a number as an integer where it is one exactly, as SQLite's own shell reads numbers.
static int bind_number(sqlite3_stmt* handle, int parameter, double value) {
  if (fabs(value) <= (double)kMaxSafeInteger && value == floor(value)) {
    return sqlite3_bind_int64(handle, parameter, (sqlite3_int64)value);
  }
  return sqlite3_bind_double(handle, parameter, value);
}

// Binds the bytes of a buffer or a view; false for other values.
static bool bind_bytes(CleatEnv* env, sqlite3_stmt* handle, int parameter, CleatValue* value, int* status) {
  uint8_t* data;
  size_t length;
  if (!cleat_bytes(env, value, &data, &length)) return false;
  *status = sqlite3_bind_blob64(handle, parameter, length == 0 ? "" : (const void*)data, length, SQLITE_TRANSIENT);
  return true;
}

void statement_bind(CleatEnv* env, Statement* self, uint32_t parameter, CleatValue* value) {
  sqlite3_stmt* handle = live_handle(env, self);
  if (handle == NULL) return;
  int index = parameter > INT_MAX ? INT_MAX : (int)parameter;
  int status = SQLITE_OK;
  double number;
  int64_t integer;
  bool exact;
  CleatString text;
  switch (cleat_type(env, value)) {
    case CLEAT_TYPE_UNDEFINED:
    case CLEAT_TYPE_NULL:
      status = sqlite3_bind_null(handle, index);
      break;
    case CLEAT_TYPE_BOOLEAN:
      status = sqlite3_bind_int(handle, index, cleat_to_boolean(env, value));
      break;
    case CLEAT_TYPE_NUMBER:
      if (!cleat_to_number(env, value, &number)) return;
      status = bind_number(handle, index, number);
      break;
    case CLEAT_TYPE_BIGINT:
      cleat_to_int64(env, value, &integer, &exact);
      if (!exact) {
        cleat_throw_range(env, "parameter %u: the BigInt does not fit in 64 bits", parameter);
        return;
      }
      status = sqlite3_bind_int64(handle, index, integer);
      break;
    case CLEAT_TYPE_STRING:
      if (!cleat_to_string(env, value, &text)) return;
      status = sqlite3_bind_text64(handle, index, text.data, text.length, SQLITE_TRANSIENT, SQLITE_UTF8);
      break;
    case CLEAT_TYPE_SYMBOL:
    case CLEAT_TYPE_OBJECT:
      if (bind_bytes(env, handle, index, value, &status)) break;
      cleat_throw_type(env, "parameter %u: SQLite has no type for this value", parameter);
      return;
  }
  if (status != SQLITE_OK) throw_sqlite(env, sqlite3_db_handle(handle));
}

bool statement_step(CleatEnv* env, Statement* self) {
  sqlite3_stmt* handle = live_handle(env, self);
  if (handle == NULL) return false;
  int status = sqlite3_step(handle);
  if (status != SQLITE_ROW && status != SQLITE_DONE) throw_sqlite(env, sqlite3_db_handle(handle));
  return status == SQLITE_ROW;
}

void statement_reset(CleatEnv* env, Statement* self) {
  sqlite3_stmt* handle = live_handle(env, self);
  if (handle == NULL) return;
  sqlite3_reset(handle);  // its result is the error of the last step, which has been thrown
  sqlite3_clear_bindings(handle);
}

uint32_t statement_get_column_count(CleatEnv* env, Statement* self) {
  sqlite3_stmt* handle = live_handle(env, self);
  return handle == NULL ? 0 : (uint32_t)sqlite3_column_count(handle);
}

// Returns the statement, or throws and returns NULL where it has been finalized or has no such column. `count` is
// sqlite3_column_count, or sqlite3_data_count for what only a current row has.
static sqlite3_stmt* handle_with_column(CleatEnv* env, const Statement* self, uint32_t column,
                                        int (*count)(sqlite3_stmt*)) {
  sqlite3_stmt* handle = live_handle(env, self);
  if (handle != NULL && column >= (uint32_t)count(handle)) {
    cleat_throw_range(env, "there is no column %u here", column);
    return NULL;
  }
  return handle;
}

CleatString statement_column_name(CleatEnv* env, Statement* self, uint32_t column) {
  sqlite3_stmt* handle = handle_with_column(env, self, column, sqlite3_column_count);
  const char* name = handle == NULL ? "" : sqlite3_column_name(handle, (int)column);
  return (CleatString){name, name == NULL ? 0 : strlen(name)};
}

ColumnType statement_column_type(CleatEnv* env, Statement* self, uint32_t column) {
  sqlite3_stmt* handle = handle_with_column(env, self, column, sqlite3_data_count);
  if (handle == NULL) return COLUMN_TYPE_NULL;
  switch (sqlite3_column_type(handle, (int)column)) {
    case SQLITE_INTEGER:
      return COLUMN_TYPE_INTEGER;
    case SQLITE_FLOAT:
      return COLUMN_TYPE_FLOAT;
    case SQLITE_TEXT:
      return COLUMN_TYPE_TEXT;
    case SQLITE_BLOB:
      return COLUMN_TYPE_BLOB;
    default:
      return COLUMN_TYPE_NULL;
  }
}

static CleatValue* integer_value(CleatEnv* env, sqlite3_int64 integer) {
  bool safe = integer >= -kMaxSafeInteger && integer <= kMaxSafeInteger;
  return safe ? cleat_number(env, (double)integer) : cleat_bigint_int64(env, integer);
}

CleatValue* statement_column(CleatEnv* env, Statement* self, uint32_t column) {
  sqlite3_stmt* handle = handle_with_column(env, self, column, sqlite3_data_count);
  if (handle == NULL) return NULL;
  int index = (int)column;
  switch (sqlite3_column_type(handle, index)) {
    case SQLITE_INTEGER:
      return integer_value(env, sqlite3_column_int64(handle, index));
    case SQLITE_FLOAT:
      return cleat_number(env, sqlite3_column_double(handle, index));
    case SQLITE_TEXT: {
      const char* text = (const char*)sqlite3_column_text(handle, index);
      return cleat_string(env, (CleatString){text, (size_t)sqlite3_column_bytes(handle, index)});
    }
    case SQLITE_BLOB: {
      const void* bytes = sqlite3_column_blob(handle, index);
      return cleat_uint8_array(env, bytes, (size_t)sqlite3_column_bytes(handle, index));
    }
    default:
      return cleat_null(env);
  }
}
