/* SPDX-License-Identifier: Apache-2.0 */
/* Column definitions and table constraints as CREATE TABLE and ALTER TABLE read them. */
#ifndef CLXS_SANDBOX_DDL_COLUMN_H
#define CLXS_SANDBOX_DDL_COLUMN_H

#include "base/vec.h"
#include "ddl/ddl.h"

/* What a list of definitions holds. Free with definitions_free. */
struct check {
  const char *name; /* NULL: generated */
  const char *text; /* the condition */
};
struct definitions {
  VEC(struct column) columns;
  VEC(struct constraint) constraints; /* PRIMARY KEY, FOREIGN KEY, UNIQUE */
  VEC(struct check) checks;
};
void definitions_free(struct definitions *definitions);
#define CLEANUP_DEFINITIONS __attribute__((cleanup(definitions_free)))

/* name type [options], ... up to the closing parenthesis, which is passed over. Table constraints may stand
 * between them. */
bool read_definitions(struct cursor *cursor, struct definitions *out);
/* One column definition. */
bool read_definition(struct cursor *cursor, struct definitions *out);
/* [CONSTRAINT name] CHECK | PRIMARY KEY | FOREIGN KEY | UNIQUE ... */
bool read_constraint(struct cursor *cursor, struct definitions *out);
/* The next tokens begin a table constraint. */
bool constraint_starts(const struct cursor *cursor);

/* COLUMN has TYPE. */
void column_set_type(struct arena *arena, struct column *column, const struct sql_type *type);
const struct sql_type *column_type(struct session *session, const struct column *column);
/* TABLE's columns are what Delta takes: no name twice (DELTA_DUPLICATE_COLUMNS_FOUND), no forbidden
 * characters without column mapping, DEFAULT only with its feature, generated and identity columns
 * well-formed, expressions that resolve. */
bool check_columns(struct session *session, struct table *table);
/* The features that TABLE's columns and properties switch on, as delta.feature.* properties. */
void add_features(struct session *session, struct table *table);
/* What a workspace sets for new tables; a clone takes its source's properties instead. */
void add_defaults(struct session *session, struct table *table);

#endif
