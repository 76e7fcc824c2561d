/* SPDX-License-Identifier: Apache-2.0 */
/* A table as Unity Catalog's REST shows it, and columns as it takes them.
 * https://docs.databricks.com/api/workspace/tables/get */
#ifndef CLXS_SANDBOX_HTTP_TABLE_JSON_H
#define CLXS_SANDBOX_HTTP_TABLE_JSON_H

#include <stdbool.h>

#include "base/json.h"
#include "store/store.h"

struct request;
struct sql_type;

/* What a list or a get leaves out. */
struct table_view {
  bool columns, properties, usernames; /* shown when true */
  bool single;                         /* a get: constraints and view dependencies too */
};

struct json_object *table_render(struct request *request, const struct table *table,
                                 const struct table_view *view);
/* A constraint as table_constraints has it, and as POST /constraints answers. */
struct json_object *constraint_render(const struct constraint *constraint);
/* The type alone in Spark's JSON ("long" with its quotes, {"type":"struct",...}), as the store wants it. */
const char *type_alone_json(struct request *request, const struct sql_type *type);
/* Read `columns` of a CREATE body into TABLE. False with the request failed or a fault. */
bool table_read_columns(struct request *request, struct json_object *body, struct table *table);

#endif
