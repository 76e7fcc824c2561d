/* SPDX-License-Identifier: Apache-2.0 */
/* Checking a target and putting a table where a name is, new or in place of another; shared by CREATE TABLE
 * and CLONE. */
#ifndef CLXS_SANDBOX_DDL_CREATE_TABLE_H
#define CLXS_SANDBOX_DDL_CREATE_TABLE_H

#include "ddl/ddl.h"

/* The place where a table is to be made. */
struct target {
  struct name name;
  struct securable schema;
  bool exists;        /* a table that is to be replaced */
  bool leave;         /* IF NOT EXISTS, and there is one */
  struct table table; /* what is there, when exists */
};
/* Look at NAME: SCHEMA_NOT_FOUND, TABLE_OR_VIEW_ALREADY_EXISTS, DELTA_CANNOT_REPLACE_MISSING_TABLE, a view in
 * the way; CREATE TABLE for a new one, MODIFY or ownership of one to replace. */
bool target_check(struct session *session, const struct name *name, const struct create *create,
                  struct target *out);
/* LOCATION's url cleaned and allowed: CREATE EXTERNAL TABLE on it, nothing else there but TARGET itself. */
bool target_location(struct session *session, const struct target *target, const char *url, const char **out);
/* Make MADE at TARGET, or put it in place of what is there: id, history, grants, tags, row filter and masks
 * of same-named columns stay, the rest is MADE's. Changing between managed, external and shallow clone is
 * INVALID_PARAMETER_VALUE.UPDATE_TABLE_TYPE. MADE is ready for its first or next version_commit. */
bool target_fill(struct session *session, const struct target *target, struct table *made);
/* Cluster by these columns, spelled as the table spells them (DELTA_COLUMN_NOT_FOUND, at most four). */
bool table_set_clustering(struct session *session, struct table *table, const char *const *names,
                          size_t count);
/* Nothing among PROPERTIES belongs to a statement of its own (delta.constraints.*) or to nobody. */
bool check_properties_settable(struct session *session, const char *properties);
/* One more CHECK, as a property of TABLE; its condition has to resolve. DELTA_CONSTRAINT_ALREADY_EXISTS. */
bool check_condition_add(struct session *session, struct table *table, const char *name,
                         const char *condition);

#endif
