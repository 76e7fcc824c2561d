/* SPDX-License-Identifier: Apache-2.0 */
/* User-defined functions: SQL scalar and table functions, Python functions. */
#ifndef CLXS_SANDBOX_STORE_FUNCTION_H
#define CLXS_SANDBOX_STORE_FUNCTION_H

#include "engine.h"
#include "store/securable.h"

struct parameter {
  const char *name, *comment, *default_sql;
  const char *type_text, *type_name, *type_json; /* as in struct column */
  int precision, scale, position;
};

struct function {
  struct securable object;
  const char *data_type;      /* STRING, ..., or TABLE_TYPE */
  const char *full_data_type; /* printable: bigint; for a table function its columns as text */
  const char *return_json;    /* data type JSON of a scalar result, else NULL */
  struct parameter *inputs;
  size_t input_count;
  struct parameter *returns; /* columns of a table function */
  size_t return_count;
  const char *language;                 /* "SQL" or "PYTHON" */
  const char *definition;               /* body text; NULL in gets and lists for callers who may not see it */
  const char *sql_data_access;          /* CONTAINS_SQL, READS_SQL_DATA, NO_SQL */
  const char *dependencies;             /* JSON {"dependencies":[...]} or NULL */
  const char *environment;              /* text of ENVIRONMENT (...) or NULL */
  const char *sql_catalog, *sql_schema; /* what unqualified names in the body mean */
  bool deterministic;
};

bool function_get(struct session *session, const struct name *name, struct function *out);
bool function_list(struct session *session, const char *catalog, const char *schema, struct page *page,
                   struct function **out, size_t *count);
/* Everything, nothing checked; false WITHOUT a fault when there is none. */
bool function_find(struct session *session, const struct name *name, struct function *out);
/* Store; OBJECT as for table_insert. With REPLACE a function of that name goes first, with its grants. Checks
 * CREATE FUNCTION on the schema. ROUTINE_ALREADY_EXISTS. */
bool function_create(struct session *session, struct function *function, bool replace);
bool function_drop(struct session *session, const struct name *name);

#endif
