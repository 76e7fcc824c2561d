/* SPDX-License-Identifier: Apache-2.0 */
/* Tags: one SET TAGS per object and one per column, with what is missing or has another value; functions take
 * them one by one. Tags that only the destination has stay. Those of the system (their keys hold a dot) and
 * governed ones are left alone, and reported.
 * https://docs.databricks.com/database-objects/tags.html
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-set-tag.html */
#include "kit/model/tags.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/model/function_tags.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

/* What people's keys may not hold. */
#define FORBIDDEN ".,-=/:"

/* A tag that is left alone. */
struct left {
  const char *key;
  size_t objects;
  bool governed;
};

struct tagging {
  struct clone *clone;
  VEC(struct left) left; /* governed ones first: those that the service names, on however many objects */
};

/* ALTER TABLE `t` [ALTER COLUMN `c`] WORDS; columns of views are altered as those of tables. */
static void
add_alter(struct clone *clone, struct buf *text, const struct clone_copy *copy, const char *column,
          const char *words)
{
  const char *word = str_eq(copy->kind, "catalog")           ? "CATALOG"
                     : str_eq(copy->kind, "schema")          ? "SCHEMA"
                     : str_eq(copy->kind, "volume")          ? "VOLUME"
                     : str_eq(copy->kind, "view") && !column ? "VIEW"
                                                             : "TABLE";

  buf_addf(text, "ALTER %s ", word);
  clone_add_copy_name(clone, text, copy);
  if (column) {
    buf_add_text(text, " ALTER COLUMN ");
    sql_add_name(text, column);
  }
  buf_addf(text, " %s", words);
}

/* 'key' or 'key' = 'value' as one more of a list. */
static void
add_tag(struct buf *list, const char *key, const char *value)
{
  buf_add_text(list, list->len ? ", " : "");
  sql_add_literal(list, key);
  if (!value) return;
  buf_add_text(list, " = ");
  sql_add_literal(list, value);
}

/* KEY is not for us to set. */
static bool
is_left(struct tagging *tagging, const char *key)
{
  VEC_EACH (&tagging->left, left)
    if (str_eq(left->key, key)) return left->objects++, true;
  if (!strpbrk(key, FORBIDDEN)) return false;
  *VEC_ADD(&tagging->left) = (struct left){key, 1, false};
  return true;
}

static bool
is_wanted(struct tagging *tagging, const struct model_tag *tag, const char *there)
{
  return !str_eq(there, tag->value) && !is_left(tagging, tag->key);
}

/* Undoing takes two statements where some tags were absent and others different. */
static void
set_undo(struct clone *clone, const struct clone_copy *copy, const char *column, size_t step,
         const char *absent, const char *changed)
{
  CLEANUP_BUF struct buf unset = BUF_INIT(BUF_SQL), set = BUF_INIT(BUF_SQL);

  add_alter(clone, &unset, copy, column, "UNSET TAGS (");
  buf_addf(&unset, "%s)", absent);
  add_alter(clone, &set, copy, column, "SET TAGS (");
  buf_addf(&set, "%s)", changed);
  clone_set_undo(clone, step, *changed ? set.data : unset.data, *changed && *absent ? unset.data : NULL);
}

/* The tags from FROM on that are on one column (or all on the object); the first behind them. */
static uint32_t
add_group(struct tagging *tagging, struct clone_copy *copy, uint32_t from)
{
  struct clone *clone = tagging->clone;
  const struct model_tag *tags = copy->from->tags;
  const char *column = tags[from].column;
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_SQL), absent = BUF_INIT(BUF_SQL), changed = BUF_INIT(BUF_SQL),
                         text = BUF_INIT(BUF_SQL);
  uint32_t i;

  for (i = from; i < copy->from->tag_count && str_eq(tags[i].column, column); i++) {
    const char *there = model_tag(copy->to, column, tags[i].key);

    if (!is_wanted(tagging, &tags[i], there)) continue;
    add_tag(&list, tags[i].key, tags[i].value);
    add_tag(there ? &changed : &absent, tags[i].key, there);
  }
  if (!list.len) return i;
  add_alter(clone, &text, copy, column, "SET TAGS (");
  buf_addf(&text, "%s)", list.data);
  set_undo(clone, copy, column, clone_add_detail(clone, copy, column ? "tag column" : "tag", text.data, NULL),
           absent.data, changed.data);
  return i;
}

/* VERB TAG ON FUNCTION `f` `key` [= `value`]: keys and values are identifiers here. */
static const char *
function_text(struct clone *clone, const struct clone_copy *copy, const char *verb, const char *key,
              const char *value)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_addf(&text, "%s TAG ON FUNCTION ", verb);
  clone_add_copy_name(clone, &text, copy);
  buf_add_char(&text, ' ');
  sql_add_name(&text, key);
  if (value && *value) {
    buf_add_text(&text, " = ");
    sql_add_name(&text, value);
  }
  return arena_strdup(clone->plan->arena, text.data);
}

/* A function's tag can be set only where there is none of its key. */
static void
add_function_tag(struct clone *clone, struct clone_copy *copy, const struct model_tag *tag, const char *there)
{
  const char *unset = function_text(clone, copy, "UNSET", tag->key, NULL);
  size_t removed = CLONE_NO_STEP, step;

  if (there) {
    removed = clone_add_detail(clone, copy, "untag", unset, NULL);
    /* What takes the new value back sets the old one. */
    plan_step(clone->plan, removed)->undo = (struct plan_undo){PLAN_PRIOR_KNOWN, "{}"};
  }
  step = clone_add_detail(clone, copy, "tag", function_text(clone, copy, "SET", tag->key, tag->value), NULL);
  plan_step(clone->plan, step)->flags |= PLAN_EXISTS_IS_DONE;
  clone_set_undo(clone, step, unset, there ? function_text(clone, copy, "SET", tag->key, there) : NULL);
  if (removed != CLONE_NO_STEP) plan_add_order(clone->plan, step, removed);
}

static void
add_function_tags(struct tagging *tagging, struct clone_copy *copy)
{
  for (uint32_t i = 0; i < copy->from->tag_count; i++) {
    const struct model_tag *tag = &copy->from->tags[i];
    const char *there = model_tag(copy->to, NULL, tag->key);

    if (is_wanted(tagging, tag, there)) add_function_tag(tagging->clone, copy, tag, there);
  }
}

static void
report_left(struct tagging *tagging)
{
  struct clone *clone = tagging->clone;

  VEC_EACH (&tagging->left, left)
    if (left->objects)
      plan_add_warning(clone->plan,
                       clxs_textf(clone->call, "tag %s %s, so it is left alone on %zu object%s", left->key,
                                  left->governed ? "is governed" : "belongs to the system", left->objects,
                                  left->objects == 1 ? "" : "s"));
}

void
clone_add_tags(struct clone *clone)
{
  struct tagging tagging = {.clone = clone};

  for (size_t i = 0; i < clone->governed_count; i++)
    *VEC_ADD(&tagging.left) = (struct left){clone->governed[i], 0, true};
  VEC_EACH (&clone->copies, copy) {
    if (str_eq(copy->kind, "function"))
      add_function_tags(&tagging, copy);
    else
      for (uint32_t i = 0; i < copy->from->tag_count;)
        i = add_group(&tagging, copy, i);
  }
  report_left(&tagging);
  VEC_FREE(&tagging.left);
}
