/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the delta share: where the comparison stands, and how a difference is noted. */
#ifndef CLXS_KIT_DELTA_INTERNAL_H
#define CLXS_KIT_DELTA_INTERNAL_H

#include "base/json.h"
#include "base/str.h"
#include "kit/delta/delta.h"
#include "kit/model/model.h"

enum { SOURCE, DEST };

/* Where the comparison is. One object at a time. */
struct comparing {
  struct arena *arena;
  struct delta *delta;
  const struct delta_options *options;
  const char *catalogs[2];
  bool same_catalog; /* the same name: an earlier and a later state of one catalog */
  enum delta_kind kind;
  const char *schema, *object, *column;
};

/* delta.c: note a difference of FIELD when the two are not the same text. */
void compare_text(struct comparing *at, enum delta_field field, const char *old_value, const char *new_value);
/* Does FIELD count? */
bool counts(const struct comparing *at, enum delta_field field);

/* delta_item.c: owner, comment, tags on the object, grants. */
void compare_item(struct comparing *at, const struct model_item *source, const struct model_item *dest);
/* Tags on the current column of both. */
void compare_column_tags(struct comparing *at, const struct model_item *source,
                         const struct model_item *dest);
struct properties {
  const struct model_property *at;
  uint32_t count;
};
void compare_properties(struct comparing *at, struct properties source, struct properties dest);
/* The storage of external things, modulo catalog. */
void compare_location(struct comparing *at, const char *source, const char *dest);

/* delta_table.c */
void compare_tables(struct comparing *at, const struct model_table *source, const struct model_table *dest);
/* delta_column.c */
void compare_columns(struct comparing *at, const struct model_table *source, const struct model_table *dest);
/* delta_key.c: primary, foreign and unique keys, CHECKs. */
void compare_keys(struct comparing *at, const struct model_table *source, const struct model_table *dest);
/* delta_policy.c: FIELD is the row filter or a mask; values as JSON. */
void compare_policy(struct comparing *at, enum delta_field field, const char *source, const char *dest);
/* delta_function.c */
void compare_functions(struct comparing *at, const struct model_function *source,
                       const struct model_function *dest);

/* delta_text.c: the same statement, modulo catalog. NULL equals NULL only. */
bool same_query(struct comparing *at, const char *source, const char *dest);
/* The same expression. */
bool same_expression(struct comparing *at, const char *source, const char *dest);
/* The same body of an SQL function. */
bool same_body(struct comparing *at, const char *source, const char *dest);
/* Definitions in YAML: the same but for the catalog and white space at line ends. */
bool same_yaml(struct comparing *at, const char *source, const char *dest);
/* NAME without its first part where that is the catalog of SIDE: "sales.f" of "demo.sales.f". */
const char *local_name(const struct comparing *at, int side, const char *name);

#endif
