/* SPDX-License-Identifier: Apache-2.0 */
/* One catalog in memory, as its owner would describe it: what the Unity Catalog API says of the catalog, its
 * schemas and their tables, views, functions and volumes (https://docs.databricks.com/api/workspace/tables).
 * Names are kept as the service stores them and compared without case. Lists are sorted by name, so that the
 * same catalog always gives the same plan. Repeated texts (types, owners) are stored once; 10,000 tables of
 * ten columns take about 20 MiB.
 *
 * A model is written by model_read and read-only afterwards, on any thread. NULL and 0 mean "the service did
 * not say". */
#ifndef CLXS_KIT_MODEL_MODEL_H
#define CLXS_KIT_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"

struct map;

struct model_property {
  const char *key, *value;
};

struct model_tag {
  const char *column; /* NULL: on the object itself */
  const char *key, *value;
};

struct model_grant {
  const char *principal; /* user name, group name, or application id of a service principal */
  const char *privilege; /* USE_SCHEMA */
};

/* What objects of every kind have. First member of each. */
struct model_item {
  const char *name, *owner, *comment;
  const struct model_tag *tags; /* by column, those of the object first, then by key; see tags.h */
  const struct model_grant
      *grants;                /* made on it, by principal and privilege; NULL while not read; see grants.h */
  const char *grants_problem; /* why they cannot be read, or NULL */
  uint32_t tag_count, grant_count;
  int64_t created_at, updated_at; /* ms since 1970 */
};

struct model_column {
  const char *name, *type_text, *comment;
  const char *type_json; /* Spark's field description, kept only where it says more than type_text: defaults,
                            identity, generation; comments and NOT NULL inside a nested type */
  const char *mask;      /* its mask as JSON {function_name, using_column_names, using_arguments}, or NULL */
  int32_t partition_index; /* from 0; -1: not a partition column */
  bool not_null;
};

struct model_table {
  struct model_item item;
  const char *type;   /* MANAGED, EXTERNAL, VIEW, STREAMING_TABLE, ...; UNKNOWN when it is not said */
  const char *format; /* DELTA, ... */
  const char *storage_location;
  const char *view_definition, *sql_path;
  const char *row_filter;   /* JSON {function_name, input_column_names, input_arguments} */
  const char *constraints;  /* JSON array; listings leave it out; see keys.h */
  const char *dependencies; /* JSON {dependencies}; listings leave it out */
  const struct model_property *properties;
  const struct model_column *columns;
  uint32_t property_count, column_count;
};

struct model_parameter {
  const char *name, *type_text, *default_value, *comment;
};

struct model_function {
  struct model_item item;
  const char *data_type, *full_data_type; /* TABLE_TYPE for a function that returns rows */
  const char *body, *definition;          /* SQL or EXTERNAL, and its text */
  const char *language;                   /* "Python"; NULL for SQL */
  const char *data_access;                /* CONTAINS_SQL, READS_SQL_DATA, NO_SQL */
  const char *sql_path;
  const struct model_parameter *parameters, *returns; /* returns: columns of a table function */
  uint32_t parameter_count, return_count;
  int8_t deterministic; /* 1, 0, -1: not said */
};

struct model_volume {
  struct model_item item;
  const char *type; /* MANAGED, EXTERNAL, UNKNOWN */
  const char *storage_location;
};

struct model_schema {
  struct model_item item;
  const char *storage_root;
  const struct model_property *properties;
  uint32_t property_count;
  VEC(struct model_table) tables; /* views of every type among them */
  VEC(struct model_function) functions;
  VEC(struct model_volume) volumes;
};

struct model_catalog {
  struct model_item item;
  const char *workspace; /* where it was read: as in struct clxs_statement */
  struct arena *arena;
  struct map *texts; /* every text stored once */
  const char *type;  /* MANAGED_CATALOG, FOREIGN_CATALOG, ... */
  const char *storage_root, *isolation_mode;
  const struct model_property *properties;
  uint32_t property_count;
  VEC(struct model_schema) schemas;
};

struct model_catalog *model_new(const char *name);
void model_free(struct model_catalog *model);
void model_cleanup(struct model_catalog **model);
#define CLEANUP_MODEL __attribute__((cleanup(model_cleanup)))

/* TEXT stored once in MODEL; NULL gives NULL. */
const char *model_text(struct model_catalog *model, const char *text);

/* Names in the order of the lists: by code point, without case. */
int model_compare(const char *a, const char *b);
/* Sort the lists of SCHEMA (and, for model_sort, the schemas), which finding needs. */
void model_sort_schema(struct model_schema *schema);
void model_sort(struct model_catalog *model);
/* The object with this name, regardless of case, or NULL. MODEL and SCHEMA may be NULL. */
const struct model_schema *model_find_schema(const struct model_catalog *model, const char *name);
const struct model_table *model_find_table(const struct model_schema *schema, const char *name);
const struct model_function *model_find_function(const struct model_schema *schema, const char *name);
const struct model_volume *model_find_volume(const struct model_schema *schema, const char *name);

/* The object of KIND ("catalog", "schema", "function", "volume"; any other is a table) as something that may
 * still be written to while its model is being read; NULL when it is not there. */
struct model_item *model_find_item(struct model_catalog *model, const char *kind, const char *schema,
                                   const char *name);

/* The value of a property, NULL when it is not set. */
const char *model_property(const struct model_table *table, const char *key);
/* The service sets KEY by itself: protocol, features, statistics, what a view remembers of its making. */
bool model_property_is_automatic(const char *key);
/* VIEW; not METRIC_VIEW or MATERIALIZED_VIEW, which are other kinds of things. */
bool model_is_view(const struct model_table *table);
/* A row filter or a mask protects it. */
bool model_is_protected(const struct model_table *table);

/* Fill in what JSON (CatalogInfo, SchemaInfo, TableInfo, FunctionInfo, VolumeInfo) says. False when it has no
 * name. */
struct json_object;
bool model_parse_catalog(struct model_catalog *model, struct json_object *json);
bool model_parse_schema(struct model_catalog *model, struct json_object *json, struct model_schema *schema);
bool model_parse_table(struct model_catalog *model, struct json_object *json, struct model_table *table);
bool model_parse_function(struct model_catalog *model, struct json_object *json,
                          struct model_function *function);
bool model_parse_volume(struct model_catalog *model, struct json_object *json, struct model_volume *volume);

#endif
