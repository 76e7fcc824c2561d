/* SPDX-License-Identifier: Apache-2.0 */
/* What was done to a Delta table, version by version.
 * https://docs.databricks.com/sql/language-manual/delta-describe-history.html */
#ifndef CLXS_KIT_ROWS_HISTORY_H
#define CLXS_KIT_ROWS_HISTORY_H

#include <clxs/call.h>
#include <stdbool.h>
#include <stddef.h>

/* One version. Texts live in the scope of the call that read it. */
struct history_entry {
  int64_t version, micros; /* since 1970; INT64_MIN: not told */
  const char *operation;   /* "CLONE", "WRITE", ... */
  const char *parameters;  /* JSON, or NULL */
};

/* Newest first. */
struct history {
  struct history_entry *at;
  size_t count;
};

/* [call thread] The last MOST versions (0: all of them) of the table CATALOG.SCHEMA.NAME; one statement.
 * WORKSPACE as in struct clxs_statement. CLXS_E_DATA when the answer has no versions in it. */
clxs_status history_read(struct clxs_call *call, const char *const name[3], uint32_t most,
                         const char *workspace, struct history *history);

/* The version that was in force at MICROS, or -1: it is older than what the history still tells, or the
 * table. */
int64_t history_version_at(const struct history *history, int64_t micros);

/* The version of the table SOURCE (three parts) that the history's table holds: its last change that matters
 * is a clone of it. -1 when it was written since, was made in another way, or from another table. */
int64_t history_cloned_version(const struct history *history, const char *const source[3]);

/* The history's table was made by CREATE TABLE and filled by one statement, or by CREATE TABLE AS SELECT, and
 * nobody has touched its rows since. */
bool history_is_as_made(const struct history *history);

#endif
