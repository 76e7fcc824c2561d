/* SPDX-License-Identifier: Apache-2.0 */
/* The type of a column, taken apart as far as values within it can be reached: fields of structs, elements of
 * arrays, values of maps. https://docs.databricks.com/sql/language-manual/sql-ref-datatypes.html */
#ifndef CLXS_KIT_ROWS_COLUMN_TYPE_H
#define CLXS_KIT_ROWS_COLUMN_TYPE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum column_kind { COLUMN_PLAIN, COLUMN_STRUCT, COLUMN_ARRAY, COLUMN_MAP };

struct column_type {
  enum column_kind kind;
  const char *text; /* the whole type, without NOT NULL and comments: "struct<a:int>" */
  const char *name; /* of the field that it is the type of, or NULL */
  bool not_null;    /* that field's */
  /* Fields of a struct; the element of an array; key and value of a map. */
  struct column_type *parts;
  size_t part_count;
};

/* TEXT as the catalog writes it; everything lives in ARENA. NULL when it cannot be read. */
struct column_type *column_type_read(struct arena *arena, const char *text);

/* A plain type's first word in lower case: "decimal" of DECIMAL(10,2). */
const char *column_type_word(struct arena *arena, const struct column_type *type);
/* The numbers in round brackets behind it, as many as there are; the others stay as they are. */
void column_type_numbers(const struct column_type *type, int *first, int *second);

#endif
