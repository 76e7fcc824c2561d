/* SPDX-License-Identifier: Apache-2.0 */
/* What the SQLite functions of this folder share: reading arguments, raising the service's errors from inside
 * SQLite, values in JSON. Names start with x_ in SQL. All but a few are deterministic. */
#ifndef CLXS_SANDBOX_QUERY_FN_H
#define CLXS_SANDBOX_QUERY_FN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "query/raw.h"
#include "query/type.h"
#include "query/value.h"

/* Error texts that carry a class start with this byte: \1CLASS\1SQLSTATE\1message. */
#define FN_MARK '\1'

struct fn {
  const char *name;
  int args; /* -1: any number */
  void (*call)(sqlite3_context *context, int count, sqlite3_value **args);
  bool random; /* not deterministic */
};

struct fn_aggregate {
  const char *name;
  int args;
  void (*step)(sqlite3_context *context, int count, sqlite3_value **args);
  void (*finish)(sqlite3_context *context);
  void (*value)(sqlite3_context *context); /* of a window; NULL: no windows */
  void (*inverse)(sqlite3_context *context, int count, sqlite3_value **args);
};

struct fn_table {
  const struct fn *at;
  size_t count;
};
struct fn_table fns_cast(void);
struct fn_table fns_number(void);
struct fn_table fns_string(void);
struct fn_table fns_text(void);
struct fn_table fns_code(void);
struct fn_table fns_pattern(void);
struct fn_table fns_time(void);
struct fn_table fns_hash(void);
struct fn_table fns_json(void);
struct fn_table fns_array(void);
struct fn_table fns_variant(void);
const struct fn_aggregate *fns_aggregate(size_t *count);
const struct fn_aggregate *fns_frequent(size_t *count);
/* x_each and x_range. */
bool fns_modules(sqlite3 *db);
/* x_python, with the child process that serves DB until it closes. */
bool fns_python(sqlite3 *db);

/* Fail with an error of the service. */
void fn_fail(sqlite3_context *context, const char *error_class, const char *sql_state, const char *format,
             ...) __attribute__((format(printf, 4, 5)));
/* One of the arguments is NULL: the result is NULL. */
bool fn_null(sqlite3_context *context, int count, sqlite3_value **args);
bool fn_is_null(sqlite3_value *value);
const char *fn_text(sqlite3_value *value);
size_t fn_length(sqlite3_value *value);
void fn_return(sqlite3_context *context, const struct buf *buf);
void fn_return_text(sqlite3_context *context, const char *text);
/* The type that the constant argument INDEX names; parsed once per statement. NULL with an error set. */
const struct sql_type *fn_type(sqlite3_context *context, sqlite3_value **args, int index);

/* VALUE as JSON, by the letter of its type (tx_letter). */
void fn_add_json(struct buf *buf, char letter, sqlite3_value *value);
/* A JSON value as result, by the letter of its type. */
void fn_return_raw(sqlite3_context *context, struct raw raw, char letter);
struct raw fn_raw(sqlite3_value *value);
void fn_add_base64(struct buf *buf, const unsigned char *bytes, size_t length);
/* False when TEXT is not base64. */
bool fn_undo_base64(struct buf *buf, const char *text, size_t length);

#endif
