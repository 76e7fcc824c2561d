/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are to be hidden in a copy: rules by the name of the column, and the SQL that stands in the
 * column's place in the query that fills the copy, so that what is hidden never reaches it. A rule that
 * applies and cannot be followed is a problem of that table, never passed over. */
#ifndef CLXS_KIT_ROWS_MASK_H
#define CLXS_KIT_ROWS_MASK_H

#include <clxs/call.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct arena;
struct model_column;
struct model_table;

enum mask_strategy {
  MASK_HASH,      /* a digest: equal values stay equal */
  MASK_REDACT,    /* the same text or 0 everywhere */
  MASK_NULL,      /* NULL */
  MASK_PARTIAL,   /* first and last character of a long text */
  MASK_EMAIL,     /* first character and the domain */
  MASK_EXPRESSION /* the person's own SQL */
};

struct mask_rule {
  const char *column;         /* a name, a path into a struct, or an expression to be searched for */
  const char *schema, *table; /* NULL: any */
  enum mask_strategy strategy;
  const char *expression; /* MASK_EXPRESSION: its text, {column} standing for the value */
  regex_t *regex;         /* NULL: the name has to be equal */
  const char *origin;     /* "--mask email=hash", for messages */
  bool by_flag;           /* somebody asks for it here and now */
};

/* Read-only once read; any thread. The first rule that matches counts. */
struct masks {
  struct arena *arena;
  VEC(struct mask_rule) rules;
};

/* [call thread] The flag mask of CALL, then the setting masking_rules. CLXS_E_USAGE or CLXS_E_CONFIG naming
 * the rule that cannot be read. Free it. */
clxs_status masks_read(struct clxs_call *call, struct masks *masks);
void masks_free(struct masks *masks);

/* What stands for COLUMN of TABLE in a query: *TEXT, an expression of the column's type, NULL when no rule
 * matches it. *PROBLEM, one sentence, when one does that cannot be followed; then there is no text. Both live
 * in ARENA. */
void masks_column(const struct masks *masks, struct arena *arena, const char *schema,
                  const struct model_table *table, const struct model_column *column, const char **text,
                  const char **problem);
/* Some column of TABLE is masked, or cannot be. */
bool masks_touch(const struct masks *masks, const char *schema, const struct model_table *table);
/* RULE matches a column of TABLE or something within one, whether or not an earlier rule does. */
bool mask_rule_matches(const struct mask_rule *rule, const char *schema, const struct model_table *table);

/* mask_sql.c: STRATEGY for VALUE (SQL) of the plain type TYPE. NULL and *PROBLEM when it cannot be. */
struct column_type;
const char *mask_sql(struct arena *arena, const struct mask_rule *rule, const struct column_type *type,
                     const char *value, const char **problem);

/* EXPRESSION with VALUE in place of {column}, but for what stands in strings and names. */
const char *mask_expand(struct arena *arena, const char *expression, const char *value);

#endif
