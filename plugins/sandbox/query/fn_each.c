/* SPDX-License-Identifier: Apache-2.0 */
/* Table-valued functions: x_each(json, value letter, key letter) walks an array or a map, x_range(start, end,
 * step) counts. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "query/fn.h"

#include "base/banned.h"

struct cursor_base {
  sqlite3_vtab_cursor base;
  struct raw whole, key, value; /* x_each */
  char *text;
  char value_letter, key_letter;
  size_t position;
  int64_t row, at, end, step; /* x_range: at, end, step */
  bool done;
};

static int
connect_each(sqlite3 *db, void *data, int count, const char *const *args, sqlite3_vtab **table, char **why)
{
  int rc = sqlite3_declare_vtab(db, data ? "CREATE TABLE x(value, start HIDDEN, stop HIDDEN, step HIDDEN)"
                                         : "CREATE TABLE x(pos, key, value, json HIDDEN, letter HIDDEN, "
                                           "key_letter HIDDEN)");

  (void)count;
  (void)args;
  (void)why;
  if (rc != SQLITE_OK) return rc;
  *table = sqlite3_malloc(sizeof **table);
  if (!*table) return SQLITE_NOMEM;
  memset(*table, 0, sizeof **table);
  sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
  return SQLITE_OK;
}

static int
disconnect(sqlite3_vtab *table)
{
  sqlite3_free(table);
  return SQLITE_OK;
}

/* All hidden columns have to be given, by equality; FIRST is the first of them. */
static int
best_index(sqlite3_index_info *info, int first)
{
  int found[3] = {-1, -1, -1};

  for (int i = 0; i < info->nConstraint; i++) {
    int column = info->aConstraint[i].iColumn - first;

    if (column < 0 || column > 2 || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (!info->aConstraint[i].usable) return SQLITE_CONSTRAINT;
    found[column] = i;
  }
  for (int i = 0; i < 3; i++) {
    if (found[i] < 0) return SQLITE_CONSTRAINT;
    info->aConstraintUsage[found[i]].argvIndex = i + 1;
    info->aConstraintUsage[found[i]].omit = 1;
  }
  info->estimatedCost = 10;
  info->estimatedRows = 10;
  return SQLITE_OK;
}

static int
best_each(sqlite3_vtab *table, sqlite3_index_info *info)
{
  (void)table;
  return best_index(info, 3);
}

static int
best_range(sqlite3_vtab *table, sqlite3_index_info *info)
{
  (void)table;
  return best_index(info, 1);
}

static int
open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
  struct cursor_base *made = xcalloc(1, sizeof *made);

  (void)table;
  *cursor = &made->base;
  return SQLITE_OK;
}

static int
close_cursor(sqlite3_vtab_cursor *base)
{
  struct cursor_base *cursor = (struct cursor_base *)base;

  free(cursor->text);
  free(cursor);
  return SQLITE_OK;
}

static int
next_each(sqlite3_vtab_cursor *base)
{
  struct cursor_base *cursor = (struct cursor_base *)base;

  cursor->row++;
  cursor->done = !raw_next(cursor->whole, &cursor->position, &cursor->key, &cursor->value);
  return SQLITE_OK;
}

static int
filter_each(sqlite3_vtab_cursor *base, int number, const char *name, int count, sqlite3_value **args)
{
  struct cursor_base *cursor = (struct cursor_base *)base;

  (void)number;
  (void)name;
  (void)count;
  free(cursor->text);
  cursor->text = xstrndup(fn_text(args[0]), fn_length(args[0]));
  cursor->whole = raw_of(cursor->text, fn_length(args[0]));
  cursor->value_letter = *fn_text(args[1]);
  cursor->key_letter = *fn_text(args[2]);
  cursor->position = 0;
  cursor->row = -1;
  return next_each(base);
}

static int
column_each(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
  const struct cursor_base *cursor = (const struct cursor_base *)base;

  if (column == 0)
    sqlite3_result_int64(context, cursor->row);
  else if (column == 1)
    fn_return_raw(context, cursor->key, cursor->key_letter);
  else if (column == 2)
    fn_return_raw(context, cursor->value, cursor->value_letter);
  return SQLITE_OK;
}

static int
row_id(sqlite3_vtab_cursor *base, sqlite3_int64 *row)
{
  *row = ((struct cursor_base *)base)->row;
  return SQLITE_OK;
}

static int
at_end(sqlite3_vtab_cursor *base)
{
  return ((struct cursor_base *)base)->done;
}

static void
check_range(struct cursor_base *cursor)
{
  cursor->done = cursor->step > 0 ? cursor->at >= cursor->end : cursor->at <= cursor->end;
}

static int
next_range(sqlite3_vtab_cursor *base)
{
  struct cursor_base *cursor = (struct cursor_base *)base;

  cursor->row++;
  if (__builtin_add_overflow(cursor->at, cursor->step, &cursor->at))
    cursor->done = true;
  else
    check_range(cursor);
  return SQLITE_OK;
}

static int
filter_range(sqlite3_vtab_cursor *base, int number, const char *name, int count, sqlite3_value **args)
{
  struct cursor_base *cursor = (struct cursor_base *)base;

  (void)number;
  (void)name;
  (void)count;
  cursor->at = sqlite3_value_int64(args[0]);
  cursor->end = sqlite3_value_int64(args[1]);
  cursor->step = sqlite3_value_int64(args[2]);
  cursor->row = 0;
  check_range(cursor);
  if (cursor->step == 0) cursor->done = true;
  return SQLITE_OK;
}

static int
column_range(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
  if (column == 0) sqlite3_result_int64(context, ((struct cursor_base *)base)->at);
  return SQLITE_OK;
}

bool
fns_modules(sqlite3 *db)
{
  static const sqlite3_module each = {.xConnect = connect_each,
                                      .xBestIndex = best_each,
                                      .xDisconnect = disconnect,
                                      .xOpen = open_cursor,
                                      .xClose = close_cursor,
                                      .xFilter = filter_each,
                                      .xNext = next_each,
                                      .xEof = at_end,
                                      .xColumn = column_each,
                                      .xRowid = row_id};
  static const sqlite3_module range = {.xConnect = connect_each,
                                       .xBestIndex = best_range,
                                       .xDisconnect = disconnect,
                                       .xOpen = open_cursor,
                                       .xClose = close_cursor,
                                       .xFilter = filter_range,
                                       .xNext = next_range,
                                       .xEof = at_end,
                                       .xColumn = column_range,
                                       .xRowid = row_id};

  return sqlite3_create_module(db, "x_each", &each, NULL) == SQLITE_OK &&
         sqlite3_create_module(db, "x_range", &range, (void *)(uintptr_t)&range) == SQLITE_OK;
}
