/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite for store/: prepared statements kept by text, values bound by a letter each, results in the
 * session's arena. A failing statement marks the whole transaction as broken, so that callers read values
 * without checking each step: store_leave then refuses to keep anything. */
#ifndef CLXS_SANDBOX_STORE_DB_H
#define CLXS_SANDBOX_STORE_DB_H

#include "base/arena.h"
#include "base/cleanup.h"
#include "engine.h"

struct db_stmt;

/* A statement with its parameters bound: one letter per value in TYPES (i int64_t, t const char * with NULL
 * as NULL, b const void * and size_t). SQL stays the caller's and is the key of the statement cache, so keep
 * it constant. */
struct db_stmt *db_query(struct session *session, const char *sql, const char *types, ...);
/* The next row. False at the end or when something broke. */
bool db_next(struct db_stmt *stmt);
int64_t db_int(struct db_stmt *stmt, int column);
/* Text in the session's arena; NULL for NULL. */
const char *db_text(struct db_stmt *stmt, int column);
/* Bytes in the session's arena. */
const void *db_blob(struct db_stmt *stmt, int column, size_t *length);
/* Give the statement back. */
void db_done(struct db_stmt **stmt);
#define CLEANUP_STMT CLEANUP(db_done)

/* Run to the end; the number of rows changed. */
int64_t db_exec(struct session *session, const char *sql, const char *types, ...);
/* The first column of the first row, or ABSENT. */
int64_t db_exec_int(struct session *session, int64_t absent, const char *sql, const char *types, ...);
/* The same for text; NULL when there is no row. */
const char *db_exec_text(struct session *session, const char *sql, const char *types, ...);
/* Run SQL text made at run time, outside the cache. */
bool db_run(struct session *session, const char *sql);
/* The rowid of the last INSERT. */
int64_t db_last_id(struct session *session);

/* COUNT elements of SIZE at AT copied into ARENA; NULL for none. */
void *db_copy(struct arena *arena, const void *at, size_t count, size_t size);
/* For the end of a list: hand VEC's elements out as *OUT and *COUNT in the arena, and free it. */
#define DB_TAKE(arena, vec, out_at, out_count)                              \
  do {                                                                      \
    *(out_at) = db_copy(arena, (vec)->at, (vec)->count, sizeof *(vec)->at); \
    *(out_count) = (vec)->count;                                            \
    VEC_FREE(vec);                                                          \
  } while (0)

#endif
