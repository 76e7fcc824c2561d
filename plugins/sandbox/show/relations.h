/* SPDX-License-Identifier: Apache-2.0 */
/* The relations that the service makes up, as tables of columns with the SQLite expression behind each. Names
 * and types: https://docs.databricks.com/sql/language-manual/sql-ref-information-schema.html */
#ifndef CLXS_SANDBOX_SHOW_RELATIONS_H
#define CLXS_SANDBOX_SHOW_RELATIONS_H

#include <stdbool.h>
#include <stddef.h>

/* SQL may use: c, s, o (catalog, schema and object as rows of `securable`, as far as LEVEL goes) and what
 * FROM joins; $own is "the user owns o". */
struct info_column {
  const char *name, *type, *sql;
};

enum info_level {
  INFO_CATALOG, /* one row per catalog c; or per object c of KIND, which belongs to the metastore */
  INFO_SCHEMA,  /* s in c */
  INFO_OBJECT,  /* o in s in c, of KIND */
  INFO_EMPTY    /* no rows at all */
};

struct info_relation {
  const char *name;
  enum info_level level;
  int kind;         /* enum securable_kind of o; or of c, when that is no catalog; otherwise 0 */
  bool grants;      /* joined with grants g, their principal p and privilege v, own and inherited */
  const char *from; /* more joins, or "" */
  const struct info_column *columns;
  size_t column_count;
};

/* The relation called NAME in an information_schema; NULL for none. */
const struct info_relation *info_relation_find(const char *name);
/* Whether only system.information_schema has it: it is about what belongs to the metastore. */
bool info_of_metastore(const struct info_relation *relation);
/* The relations of an information_schema one by one, from 0; NULL after the last. */
const struct info_relation *info_relation_at(size_t index);
/* The same in system.access: lineage, of which there is none here. */
const struct info_relation *info_access_find(const char *name);

#endif
