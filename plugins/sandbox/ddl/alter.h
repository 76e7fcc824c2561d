/* SPDX-License-Identifier: Apache-2.0 */
/* Changes to a table that more than one statement makes. */
#ifndef CLXS_SANDBOX_DDL_ALTER_H
#define CLXS_SANDBOX_DDL_ALTER_H

#include "ddl/ddl.h"

/* A column of TABLE, or NULL with UNRESOLVED_COLUMN. */
struct column *alter_find_column(struct session *session, const struct table *table, const char *name);
/* Write TABLE back as a version of its own (OPERATION with PARAMETERS), or just back when it has no versions.
 */
bool alter_commit(struct session *session, struct table *table, const char *operation,
                  const char *parameters);
/* COLUMN's comment, "" for none. The caller needs MODIFY or must manage the table. */
bool alter_comment(struct session *session, struct table *table, struct column *column, const char *text);
/* MODIFY on the table, or the right to manage it. */
bool alter_allowed(struct session *session, const struct table *table);

#endif
