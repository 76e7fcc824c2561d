/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that change something. One function per first word (or two); each reads its statement from the
 * cursor to the end before it does anything, and returns false with session->fault. Privileges are checked
 * here or in store/. */
#ifndef CLXS_SANDBOX_DDL_DDL_H
#define CLXS_SANDBOX_DDL_DDL_H

#include "query/parse.h"
#include "query/query.h"
#include "store/store.h"

bool ddl_create(struct cursor *cursor, struct result *result);
bool ddl_alter(struct cursor *cursor, struct result *result);
bool ddl_drop(struct cursor *cursor, struct result *result);
bool ddl_undrop(struct cursor *cursor, struct result *result);
bool ddl_comment(struct cursor *cursor, struct result *result);
bool ddl_grant(struct cursor *cursor, struct result *result);
bool ddl_revoke(struct cursor *cursor, struct result *result);
bool ddl_set(struct cursor *cursor, struct result *result);   /* SET TAG ON, and settings */
bool ddl_unset(struct cursor *cursor, struct result *result); /* UNSET TAG ON */
bool ddl_use(struct cursor *cursor, struct result *result);
bool ddl_insert(struct cursor *cursor, struct result *result);
bool ddl_update(struct cursor *cursor, struct result *result);
bool ddl_delete(struct cursor *cursor, struct result *result);
bool ddl_merge(struct cursor *cursor, struct result *result);
bool ddl_truncate(struct cursor *cursor, struct result *result);
bool ddl_restore(struct cursor *cursor, struct result *result);
bool ddl_optimize(struct cursor *cursor, struct result *result);
bool ddl_vacuum(struct cursor *cursor, struct result *result);
bool ddl_analyze(struct cursor *cursor, struct result *result);
bool ddl_repair(struct cursor *cursor, struct result *result);
bool ddl_refresh(struct cursor *cursor, struct result *result);

/* What follows CREATE [OR REPLACE]. */
struct create {
  bool replace;    /* OR REPLACE, or REPLACE alone */
  bool must_exist; /* REPLACE TABLE: without CREATE */
  bool external;
  bool if_not_exists;
};
bool create_catalog(struct cursor *cursor, const struct create *create, bool foreign);
bool create_schema(struct cursor *cursor, const struct create *create);
bool create_volume(struct cursor *cursor, const struct create *create);
bool create_connection(struct cursor *cursor);
bool create_external_location(struct cursor *cursor);
bool create_table(struct cursor *cursor, struct create *create, struct result *result);
bool create_view(struct cursor *cursor, struct create *create);
/* TEMPORARY VIEW ...: checked and forgotten, for no later statement shares the session. */
bool create_temporary(struct cursor *cursor);
bool create_materialized(struct cursor *cursor, struct create *create, const char *table_type);
bool create_function(struct cursor *cursor, struct create *create);
/* Behind the target's name: [SHALLOW | DEEP] CLONE ... */
bool create_clone(struct cursor *cursor, const struct create *create, const struct name *target,
                  struct result *result);

bool alter_table(struct cursor *cursor, bool view);
/* Owner, name, tags: *DONE says whether the statement was about these. */
bool alter_common(struct cursor *cursor, enum securable_kind kind, const struct name *name, bool *done);
/* ALTER TABLE t ALTER COLUMN ... and the other clauses about columns; the cursor is behind the verb. */
bool alter_column(struct cursor *cursor, struct table *table);
bool add_columns(struct cursor *cursor, struct table *table);
bool drop_columns(struct cursor *cursor, struct table *table);
bool rename_column(struct cursor *cursor, struct table *table);
/* ADD CONSTRAINT, DROP CONSTRAINT, DROP PRIMARY KEY, ... */
bool alter_add_constraint(struct cursor *cursor, struct table *table);
bool alter_drop_constraint(struct cursor *cursor, struct table *table);
/* SET TAGS (...), UNSET TAGS (...) behind those words; COLUMN may be NULL. */
bool alter_tags(struct cursor *cursor, const struct securable *object, const char *column, bool set);

#endif
