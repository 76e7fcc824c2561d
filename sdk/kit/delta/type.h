/* SPDX-License-Identifier: Apache-2.0 */
/* A column's type as a tree: arrays, maps and structs with what is in them, down to simple types in one
 * spelling. https://docs.databricks.com/sql/language-manual/sql-ref-datatypes.html */
#ifndef CLXS_KIT_DELTA_TYPE_H
#define CLXS_KIT_DELTA_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum delta_shape { DELTA_SIMPLE, DELTA_ARRAY, DELTA_MAP, DELTA_STRUCT };

struct delta_type;

struct delta_type_field {
  const char *name; /* of a struct's field; "element" in an array, "key" and "value" in a map */
  const char *comment;
  const struct delta_type *type;
  bool not_null;
};

struct delta_type {
  enum delta_shape shape;
  const char *text; /* all of it in one spelling: lower case but for field names, no needless blanks */
  const struct delta_type_field *fields;
  uint32_t count;
};

/* Read TEXT ("decimal(10, 2)", "struct<a:int,`b c`:map<string,date>>"); what cannot be read is a simple type
 * that is spelled as it is. JSON is Spark's description of the column or of its type, which alone knows of
 * nullability and comments inside; NULL when there is none. Never NULL; lives in ARENA, texts may be TEXT's.
 */
const struct delta_type *delta_type_read(struct arena *arena, const char *text, const char *json);

#endif
