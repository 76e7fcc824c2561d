/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows, of which version, a command is about: what the flags where, table-filter, as-of-version and
 * as-of-timestamp say, for whoever copies rows and for whoever compares them. */
#ifndef CLXS_KIT_ROWS_ROWS_H
#define CLXS_KIT_ROWS_ROWS_H

#include <clxs/call.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/vec.h"

struct buf;
struct model_catalog;

#define ROWS_NOW (-1)

/* A condition for one table, by --table-filter. */
struct rows_filter {
  const char *schema, *table, *condition;
};

/* Read-only once it is read; any thread. */
struct rows {
  struct arena *arena;
  const char *where; /* for every table without a filter of its own, or NULL */
  VEC(struct rows_filter) filters;
  int64_t version;       /* ROWS_NOW unless --as-of-version is given */
  const char *timestamp; /* --as-of-timestamp as it was written, or NULL; then MICROS since 1970 */
  int64_t micros;
};

/* [call thread] What the flags of CALL say. CLXS_E_USAGE naming the flag when a condition could reach beyond
 * its place, a table is named twice, or two flags contradict each other. Free it. */
clxs_status rows_read(struct clxs_call *call, struct rows *rows);
void rows_free(struct rows *rows);

/* [call thread] CLXS_E_USAGE when a filter is for something that is no table of MODEL, which was read with
 * the command's own choice of schemas. */
clxs_status rows_check(struct clxs_call *call, const struct rows *rows, const struct model_catalog *model);

/* The condition for a table, or NULL. */
const char *rows_condition(const struct rows *rows, const char *schema, const char *table);
/* An earlier state is asked for. */
bool rows_travel(const struct rows *rows);

/* A property in which a copy that is no clone says what it holds: VERSION of the table SOURCE, by a choice of
 * rows and columns that CHOICE is the hash of. In ARENA. */
#define ROWS_COPIED "clxs.copied"
const char *rows_copied_text(struct arena *arena, const char *const source[3], int64_t version,
                             uint64_t choice);
/* The version that such a TEXT (NULL: none) tells of SOURCE, or -1. */
int64_t rows_copied_version(const char *text, const char *const source[3]);

/* ` VERSION AS OF n`, or nothing for ROWS_NOW. */
void rows_add_version(struct buf *sql, int64_t version);
/* ` FROM name VERSION AS OF n WHERE (condition)`; CONDITION may be NULL. */
void rows_add_from(struct buf *sql, const char *const name[3], int64_t version, const char *condition);

#endif
