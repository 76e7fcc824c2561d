/* SPDX-License-Identifier: Apache-2.0 */
/* Metadata as SQL: SHOW and DESCRIBE statements, and the relations of information_schema. */
#ifndef CLXS_SANDBOX_SHOW_SHOW_H
#define CLXS_SANDBOX_SHOW_SHOW_H

#include <stdbool.h>

struct cursor;
struct name;
struct query_plan;
struct result;
struct session;

/* Run the SHOW or DESCRIBE statement at CURSOR, which stands on its first word. False with session->fault. */
bool show_run(struct session *session, struct cursor *cursor, struct result *result);

/* The relation called NAME (resolved, lower case), when it is one that the service makes up:
 * <catalog>.information_schema.x, system.information_schema.x, system.access.x. *FOUND says whether it is;
 * then PLAN gets a SQLite SELECT over the store's tables whose columns are k0, k1, ..., filtered to what
 * session->user may see, with the columns' names and types. False with session->fault when NAME lies in such
 * a schema but does not exist (TABLE_OR_VIEW_NOT_FOUND), or its catalog does not, or may not be used. */
bool infoschema_relation(struct session *session, const struct name *name, struct query_plan *plan,
                         bool *found);

#endif
