/* SPDX-License-Identifier: Apache-2.0 */
/* Inside show/: statements by their second word. Each reads its statement from the cursor to the end and
 * fills RESULT; false with session->fault. */
#ifndef CLXS_SANDBOX_SHOW_INTERNAL_H
#define CLXS_SANDBOX_SHOW_INTERNAL_H

#include "query/parse.h"
#include "store/store.h"

/* list.c: SHOW CATALOGS, SCHEMAS, TABLES, TABLE EXTENDED, VIEWS, VOLUMES, FUNCTIONS. */
bool show_catalogs(struct cursor *cursor, struct result *result);
bool show_schemas(struct cursor *cursor, struct result *result);
bool show_tables(struct cursor *cursor, struct result *result);
bool show_table_extended(struct cursor *cursor, struct result *result);
bool show_views(struct cursor *cursor, struct result *result);
bool show_volumes(struct cursor *cursor, struct result *result);
bool show_functions(struct cursor *cursor, struct result *result);

/* table.c: of one object. */
bool show_columns(struct cursor *cursor, struct result *result);
bool show_tblproperties(struct cursor *cursor, struct result *result);
bool show_grants(struct cursor *cursor, struct result *result);
bool list_files(struct cursor *cursor, struct result *result);

/* create.c: SHOW CREATE TABLE. */
bool show_create(struct cursor *cursor, struct result *result);

/* describe.c, history.c, other.c */
bool describe_table(struct cursor *cursor, struct result *result);
bool describe_json(struct session *session, const struct table *table, struct result *result);
bool describe_detail(struct cursor *cursor, struct result *result);
bool describe_history(struct cursor *cursor, struct result *result);
bool describe_schema(struct cursor *cursor, struct result *result);
bool describe_catalog(struct cursor *cursor, struct result *result);
bool describe_volume(struct cursor *cursor, struct result *result);
bool describe_function(struct cursor *cursor, struct result *result);

/* A row of COUNT texts. */
void show_row(struct session *session, struct result *result, const char *const *cells, size_t count);
#define SHOW_ROW(session, result, ...)                          \
  show_row(session, result, (const char *const[]){__VA_ARGS__}, \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
/* COUNT columns of type string. */
void show_columns_named(struct session *session, struct result *result, const char *const *names,
                        size_t count);
#define SHOW_STRINGS(session, result, ...)                                \
  show_columns_named(session, result, (const char *const[]){__VA_ARGS__}, \
                     sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
/* An existing table or view that the user may see. */
bool show_read_table(struct cursor *cursor, struct table *table);
/* NAME of KIND, completed from the session. */
bool show_read_name(struct cursor *cursor, enum securable_kind kind, struct name *name);
/* Epoch milliseconds as results have timestamps (2024-01-01T00:00:00.000Z), and as DESCRIBE prints them. */
const char *show_time(struct session *session, int64_t ms);
const char *show_date(struct session *session, int64_t ms);

#endif
