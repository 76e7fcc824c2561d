/* SPDX-License-Identifier: Apache-2.0 */
/* Comments that are not said where the object is made: CLONE leaves the table's own out (those of columns
 * come with it), and what was there before may say something else. A comment that only the destination has
 * stays. https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-comment.html */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

/* Functions have no COMMENT ON: theirs is in CREATE FUNCTION, as with everything that is made by a CREATE. */
static bool
needs_comment(const struct clone_copy *copy)
{
  bool table = copy->table && !model_is_view(copy->table);

  if (!copy->from->comment || str_eq(copy->kind, "function")) return false;
  if (copy->created) return false; /* its CREATE says it each time */
  if (!copy->to) return table;
  return !str_eq(copy->from->comment, copy->to->comment);
}

static const char *
comment_text(struct clone *clone, const struct clone_copy *copy, const char *comment)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_addf(&text, "COMMENT ON %s ",
           str_eq(copy->kind, "catalog")  ? "CATALOG"
           : str_eq(copy->kind, "schema") ? "SCHEMA"
           : str_eq(copy->kind, "volume") ? "VOLUME"
                                          : "TABLE");
  clone_add_copy_name(clone, &text, copy);
  buf_add_text(&text, " IS ");
  sql_add_literal(&text, comment);
  return arena_strdup(clone->plan->arena, text.data);
}

void
clone_add_comments(struct clone *clone)
{
  VEC_EACH (&clone->copies, copy) {
    const char *before = copy->to ? copy->to->comment : NULL;

    if (needs_comment(copy))
      clone_add_detail(clone, copy, "comment", comment_text(clone, copy, copy->from->comment),
                       comment_text(clone, copy, before));
  }
}
