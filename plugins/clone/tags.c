/* SPDX-License-Identifier: Apache-2.0 */
/* Tags: one SET TAGS per object and one per column, with what is missing or has another value. Tags that only
 * the destination has stay. Keys that nobody can set (those of the system hold a dot) are left alone.
 * https://docs.databricks.com/database-objects/tags.html */
#include "kit/model/tags.h"
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

/* What people's keys may not hold. */
#define FORBIDDEN ".,-=/:"

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

/* Undoing takes two statements where some tags were absent and others different. */
static void
set_undo(struct clone *clone, const struct clone_copy *copy, const char *column, struct plan_step *step,
         const char *absent, const char *changed)
{
  CLEANUP_BUF struct buf unset = BUF_INIT(BUF_SQL), set = BUF_INIT(BUF_SQL), data = BUF_INIT(BUF_SQL);

  add_alter(clone, &unset, copy, column, "UNSET TAGS (");
  buf_addf(&unset, "%s)", absent);
  add_alter(clone, &set, copy, column, "SET TAGS (");
  buf_addf(&set, "%s)", changed);
  buf_add_text(&data, "{\"statement\":");
  buf_add_json(&data, *changed ? set.data : unset.data);
  if (*changed && *absent) {
    buf_add_text(&data, ",\"then\":");
    buf_add_json(&data, unset.data);
  }
  buf_add_char(&data, '}');
  step->undo.prior = PLAN_PRIOR_KNOWN;
  step->undo.data = arena_strdup(clone->plan->arena, data.data);
}

/* The tags from FROM on that are on one column (or all on the object); the first behind them. */
static uint32_t
add_group(struct clone *clone, struct clone_copy *copy, uint32_t from)
{
  const struct model_tag *tags = copy->from->tags;
  const char *column = tags[from].column;
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_SQL), absent = BUF_INIT(BUF_SQL), changed = BUF_INIT(BUF_SQL),
                         text = BUF_INIT(BUF_SQL);
  uint32_t i;

  for (i = from; i < copy->from->tag_count && str_eq(tags[i].column, column); i++) {
    const char *there = model_tag(copy->to, column, tags[i].key);

    if (str_eq(there, tags[i].value) || strpbrk(tags[i].key, FORBIDDEN)) continue;
    add_tag(&list, tags[i].key, tags[i].value);
    if (there)
      add_tag(&changed, tags[i].key, there);
    else
      add_tag(&absent, tags[i].key, NULL);
  }
  if (!list.len) return i;
  add_alter(clone, &text, copy, column, "SET TAGS (");
  buf_addf(&text, "%s)", list.data);
  set_undo(
      clone, copy, column,
      plan_step(clone->plan, clone_add_detail(clone, copy, column ? "tag column" : "tag", text.data, NULL)),
      absent.data, changed.data);
  return i;
}

void
clone_add_tags(struct clone *clone)
{
  VEC_EACH (&clone->copies, copy)
    for (uint32_t i = 0; i < copy->from->tag_count;)
      i = add_group(clone, copy, i);
}
