/* SPDX-License-Identifier: Apache-2.0 */
/* Which rule is for which column, and the way to values inside of structs, arrays and maps. It must not know
 * what a strategy does to a value. */
#include "kit/rows/mask.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/model/model.h"
#include "kit/rows/column_type.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

/* Where in a column we are. */
struct walk {
  const struct masks *masks;
  struct arena *arena;
  const char *schema, *table;
  const struct mask_rule *inherited; /* matched the array around this, or NULL */
  const char *path, *leaf;           /* "address.street", "street" */
  unsigned depth;                    /* of lambdas, for the names of their parameters */
  const char **problem;
};

static bool
rule_is_for(const struct mask_rule *rule, const char *schema, const char *table)
{
  return (!rule->schema || utf8_ieq(rule->schema, schema)) && (!rule->table || utf8_ieq(rule->table, table));
}

/* A rule without dots is also for a field of that name, however deep it lies. */
static bool
rule_names(const struct mask_rule *rule, const char *path, const char *leaf)
{
  if (rule->regex) return regexec(rule->regex, path, 0, NULL, 0) == 0;
  return utf8_ieq(rule->column, path) || utf8_ieq(rule->column, leaf);
}

static const struct mask_rule *
find_rule(const struct walk *walk)
{
  if (walk->inherited) return walk->inherited;
  VEC_EACH (&walk->masks->rules, rule)
    if (rule_is_for(rule, walk->schema, walk->table) && rule_names(rule, walk->path, walk->leaf)) return rule;
  return NULL;
}

static const char *walk_value(const struct walk *walk, const struct column_type *type, const char *value);

/* The parameters of a lambda stand in front of columns of the same name, so theirs is an unlikely one. */
static const char *
parameter(const struct walk *walk)
{
  return arena_printf(walk->arena, "clxs_%u", walk->depth);
}

static const char *
walk_struct(const struct walk *walk, const struct column_type *type, const char *value)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  bool masked = false;

  for (size_t i = 0; i < type->part_count; i++) {
    const struct column_type *field = &type->parts[i];
    CLEANUP_BUF struct buf name = BUF_INIT(BUF_SQL);
    struct walk inner = *walk;
    const char *hidden;

    inner.path = arena_printf(walk->arena, "%s.%s", walk->path, field->name);
    inner.leaf = field->name;
    sql_add_name(&name, field->name);
    hidden = walk_value(&inner, field, arena_printf(walk->arena, "%s.%s", value, name.data));
    if (*walk->problem) return NULL;
    masked = masked || hidden;
    if (i) buf_add_text(&text, ", ");
    sql_add_literal(&text, field->name);
    if (hidden)
      buf_addf(&text, ", %s", hidden);
    else
      buf_addf(&text, ", %s.%s", value, name.data);
  }
  if (!masked) return NULL;
  return arena_printf(walk->arena, "CASE WHEN %s IS NULL THEN NULL ELSE named_struct(%s) END", value,
                      text.data);
}

static const char *
walk_elements(const struct walk *walk, const struct column_type *type, const char *value)
{
  struct walk inner = *walk;
  const char *name = parameter(walk), *hidden;
  bool map = type->kind == COLUMN_MAP;

  inner.depth++;
  hidden = walk_value(&inner, &type->parts[map ? 1 : 0], name);
  if (!hidden) return NULL;
  if (map)
    return arena_printf(walk->arena, "transform_values(%s, (%s_key, %s) -> %s)", value, name, name, hidden);
  return arena_printf(walk->arena, "transform(%s, %s -> %s)", value, name, hidden);
}

/* VALUE with what is masked in it hidden; NULL when nothing is, or there is a problem. */
static const char *
walk_value(const struct walk *walk, const struct column_type *type, const char *value)
{
  const struct mask_rule *rule = find_rule(walk);
  const char *why = NULL, *text;
  bool whole = rule && (rule->strategy == MASK_NULL || rule->strategy == MASK_EXPRESSION);

  if (rule && (type->kind == COLUMN_PLAIN || whole)) {
    text = mask_sql(walk->arena, rule, type, value, &why);
    if (why)
      *walk->problem = arena_printf(walk->arena, "%s cannot hide %s: %s", rule->origin, walk->path, why);
    return text;
  }
  if (rule && type->kind == COLUMN_ARRAY) {
    struct walk inner = *walk;

    inner.inherited = rule;
    return walk_elements(&inner, type, value);
  }
  if (rule) {
    *walk->problem = arena_printf(walk->arena,
                                  "%s cannot hide %s, which is a %s: name its fields instead, or use null "
                                  "or an expression",
                                  rule->origin, walk->path, type->kind == COLUMN_MAP ? "map" : "struct");
    return NULL;
  }
  if (type->kind == COLUMN_STRUCT) return walk_struct(walk, type, value);
  return type->kind == COLUMN_PLAIN ? NULL : walk_elements(walk, type, value);
}

void
masks_column(const struct masks *masks, struct arena *arena, const char *schema,
             const struct model_table *table, const struct model_column *column, const char **text,
             const char **problem)
{
  struct walk walk = {.masks = masks,
                      .arena = arena,
                      .schema = schema,
                      .table = table->item.name,
                      .path = column->name,
                      .leaf = column->name,
                      .problem = problem};
  CLEANUP_BUF struct buf name = BUF_INIT(BUF_SQL);
  struct column_type *type;

  *text = *problem = NULL;
  if (!masks->rules.count) return;
  type = column_type_read(arena, column->type_text);
  if (!type) {
    if (find_rule(&walk) || (column->type_text && strchr(column->type_text, '<')))
      *problem = arena_printf(arena,
                              "its column %s has a type that cannot be read (%s), so nobody can tell how to "
                              "hide what is in it",
                              column->name, column->type_text ? column->type_text : "none is told");
    return;
  }
  type->not_null = column->not_null;
  sql_add_name(&name, column->name);
  *text = walk_value(&walk, type, arena_strdup(arena, name.data));
  /* Fields keep their names and their types only if somebody says so. */
  if (*text && type->kind != COLUMN_PLAIN) *text = arena_printf(arena, "CAST(%s AS %s)", *text, type->text);
}

bool
masks_touch(const struct masks *masks, const char *schema, const struct model_table *table)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  bool touched = false;

  for (uint32_t i = 0; masks->rules.count && i < table->column_count && !touched; i++) {
    const char *text, *problem;

    masks_column(masks, arena, schema, table, &table->columns[i], &text, &problem);
    touched = text || problem;
  }
  return touched;
}

bool
mask_rule_matches(const struct mask_rule *rule, const char *schema, const struct model_table *table)
{
  struct masks alone = {.rules = {.at = (struct mask_rule *)rule, .count = 1}};

  return masks_touch(&alone, schema, table);
}
