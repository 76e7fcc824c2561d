/* SPDX-License-Identifier: Apache-2.0 */
/* Relations: tables of every table_type, views of every kind, and their columns. Rows are data.h's, history
 * version.h's. */
#ifndef CLXS_SANDBOX_STORE_TABLE_H
#define CLXS_SANDBOX_STORE_TABLE_H

#include "engine.h"
#include "store/constraint.h"
#include "store/securable.h"

enum identity_kind { IDENTITY_NONE, IDENTITY_ALWAYS, IDENTITY_BY_DEFAULT };

/* A function bound to columns: a row filter or a column mask. */
struct policy_argument {
  const char *column;   /* or */
  const char *constant; /* SQL literal text */
};
struct policy {
  const char *function_name;         /* c.s.f */
  struct policy_argument *arguments; /* for a mask: those behind the masked column */
  size_t argument_count;
};

struct column {
  int64_t id;   /* stable within the table: rows keep the value in c<id> */
  int position; /* from 0 */
  const char *name, *comment;
  const char *type_text; /* canonical: bigint, decimal(10,2), struct<a:int,b:array<string>> */
  const char *type_name; /* LONG, DECIMAL, STRUCT, ... */
  const char *type_json; /* the data type in Spark's JSON: "long" with its quotes, {"type":"struct",...} */
  int precision, scale;  /* decimals */
  bool nullable;
  const char *default_sql;   /* DEFAULT expression, or NULL */
  const char *generated_sql; /* GENERATED ALWAYS AS, or NULL */
  enum identity_kind identity;
  int64_t identity_start, identity_step,
      identity_high; /* identity_high: last value handed out; see identity_used */
  bool identity_used;
  int partition_index; /* -1: none */
  struct policy *mask; /* or NULL */
};

struct table {
  struct securable object;
  const char *table_type; /* MANAGED EXTERNAL VIEW MATERIALIZED_VIEW STREAMING_TABLE METRIC_VIEW FOREIGN
                             MANAGED_SHALLOW_CLONE EXTERNAL_SHALLOW_CLONE */
  const char *data_source_format; /* DELTA, CSV, UNITY_CATALOG, ...; NULL for plain views */
  const char *storage_location;   /* NULL for views */
  const char *storage_credential_name;
  struct column *columns;
  size_t column_count;
  const char *properties; /* JSON object; CHECK constraints are delta.constraints.NAME in it */
  const char *clustering; /* JSON array of column names, "auto", or NULL */
  struct policy *row_filter;
  /* Views */
  const char *view_definition; /* text as stored; NULL in gets and lists for callers who may not see it */
  const char *view_catalog, *view_schema; /* what unqualified names in it mean */
  const char *view_binding;               /* "BINDING", "COMPENSATION", "TYPE EVOLUTION", "EVOLUTION" */
  const char *view_dependencies;          /* JSON: {"dependencies":[...]} or NULL when not recorded */
  const char *pipeline_id;                /* materialized views and streaming tables */
  /* Versioned tables: the version this struct describes, and where its rows are (data.h). */
  int64_t version, data_id, data_version;
  int64_t data_width; /* physical columns there are: c1 to c<width> */
  int64_t next_column_id;
  struct constraint *constraints; /* only from table_get and table_load */
  size_t constraint_count;
};

/* VERSION AS OF or TIMESTAMP AS OF. */
struct time_travel {
  enum { TRAVEL_NONE, TRAVEL_VERSION, TRAVEL_TIMESTAMP } by;
  int64_t value; /* version, or epoch milliseconds */
};

bool table_is_view(const struct table *table); /* VIEW or METRIC_VIEW: text without rows of its own */
/* Has versions and can be written by SQL: Delta tables, shallow clones. */
bool table_is_delta(const struct table *table);
/* Streaming tables, materialized views and foreign tables have rows too, put there by seeds. */
bool table_has_rows(const struct table *table);

/* For http/: visibility checked, view text hidden from those who may not see it. */
bool table_get(struct session *session, const struct name *name, struct table *out);
/* Columns and properties, no constraints and no view dependencies. */
bool table_list(struct session *session, const char *catalog, const char *schema, struct page *page,
                struct table **out, size_t *count);
/* Tables of all schemas of CATALOG whose names are LIKE the patterns (NULL: all); AFTER is "schema.table"; no
 * columns. */
bool table_summaries(struct session *session, const char *catalog, const char *schema_like,
                     const char *table_like, struct page *page, struct table **out, size_t *count);
/* For query/ and ddl/: everything, nothing checked, but the object must exist (TABLE_OR_VIEW_NOT_FOUND) and
 * the version too (DELTA_VERSION_NOT_FOUND, DELTA_TIMESTAMP_*). With TRAVEL columns and properties are those
 * of that version. */
bool table_open(struct session *session, const struct name *name, const struct time_travel *travel,
                struct table *out);
bool table_load(struct session *session, int64_t id, struct table *out);
/* A column by name, without case; NULL when there is none. */
struct column *table_column(const struct table *table, const char *name);
/* The Spark field JSON of a column as REST's type_json has it: name, type, nullable, metadata with comment
 * and default. */
const char *column_field_json(struct arena *arena, const struct column *column);

/* Store a new relation as described (object.name and parents, owner = the session's user; ids, dates and
 * missing storage are filled in) or, with table->object.id set, write back changed columns, properties and
 * texts. Privileges and legality are the caller's business. */
bool table_insert(struct session *session, struct table *table);
bool table_save(struct session *session, struct table *table);
/* Drop as the user: tables can come back by table_undrop for seven days, views are gone. */
bool table_drop(struct session *session, const struct name *name);
bool table_undrop(struct session *session, const struct name *name);

/* Create an external Delta table from REST's columns. Checks CREATE TABLE and the location. */
bool table_create_external(struct session *session, struct table *table);

#endif
