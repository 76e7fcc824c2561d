/* SPDX-License-Identifier: Apache-2.0 */
/* Informational constraints: primary keys, foreign keys, UNIQUE. CHECK lives in table properties and NOT NULL
 * in columns. */
#ifndef CLXS_SANDBOX_STORE_CONSTRAINT_H
#define CLXS_SANDBOX_STORE_CONSTRAINT_H

#include "engine.h"
#include "store/securable.h"

struct table;

enum constraint_kind { CONSTRAINT_PRIMARY_KEY, CONSTRAINT_FOREIGN_KEY, CONSTRAINT_UNIQUE };

struct constraint {
  enum constraint_kind kind;
  const char *name;
  const char **columns;
  size_t column_count;
  const char *parent_table; /* c.s.t, foreign keys */
  const char **parent_columns;
  size_t parent_count;
  const char *timeseries; /* the TIMESERIES column of a primary key, or NULL */
  bool rely;
};

/* Add to TABLE, which the caller must manage: columns exist and, for a primary key, are NOT NULL; one primary
 * key per table; names are unique in the schema; a foreign key matches its parent's primary key (whose
 * columns it takes when none are named). NAME NULL gets a generated one. */
bool constraint_add(struct session *session, struct table *table, struct constraint *constraint);
/* Drop NAME; false without a fault when there is none. A primary key that foreign keys refer to needs
 * CASCADE. */
bool constraint_drop(struct session *session, const struct table *table, const char *name, bool cascade);
bool constraint_load(struct session *session, int64_t table_id, struct constraint **out, size_t *count);

#endif
