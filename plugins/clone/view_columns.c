/* SPDX-License-Identifier: Apache-2.0 */
/* A view may name its columns itself: CREATE VIEW v (a, b) AS SELECT x, y. The service records the names but
 * not who gave them. Where the names that the query gives can be read from its text (or from what Spark
 * recorded beside it), they are compared; a star or an unnamed expression leaves it open. */
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

/* Spark's own record of the query's output, where the service passes it on. */
static enum clone_columns
compare_recorded(struct arena *arena, const struct model_table *view)
{
  const char *count = model_property(view, "view.query.out.numCols");
  int64_t columns;

  if (!count || !str_to_int64(count, &columns) || columns != (int64_t)view->column_count)
    return CLONE_COLUMNS_UNKNOWN;
  for (uint32_t i = 0; i < view->column_count; i++) {
    const char *name = model_property(view, arena_printf(arena, "view.query.out.col.%u", i));

    if (!name) return CLONE_COLUMNS_UNKNOWN;
    if (!utf8_ieq(name, view->columns[i].name)) return CLONE_COLUMNS_DIFFER;
  }
  return CLONE_COLUMNS_EQUAL;
}

struct reader {
  struct arena *arena;
  struct sql_tokens tokens;
  size_t at;
};

static bool
is_at(struct reader *reader, const char *word)
{
  return sql_token_is(&reader->tokens, reader->at, word);
}

static void
step_on(struct reader *reader)
{
  if (reader->at < reader->tokens.count) reader->at = sql_tokens_skip(&reader->tokens, reader->at + 1);
}

static bool
ends_select_list(struct reader *reader)
{
  static const char *const words[] = {"FROM",  "WHERE",  "UNION", "EXCEPT", "INTERSECT", "ORDER",  "LIMIT",
                                      "GROUP", "HAVING", ";",     "MINUS",  "LATERAL",   "WINDOW", "QUALIFY"};

  if (reader->at >= reader->tokens.count) return true;
  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (is_at(reader, words[i])) return true;
  return false;
}

/* One item up to its comma, or the list's end: the name it gives its column, NULL when the text does not say.
 */
static const char *
read_item(struct reader *reader)
{
  size_t before = SIZE_MAX, last = SIZE_MAX, depth = 0;
  bool path = true, name_next = true;

  while (reader->at < reader->tokens.count && (depth || (!is_at(reader, ",") && !ends_select_list(reader)))) {
    bool name = sql_token_is_name(&reader->tokens.at[reader->at]);

    if (is_at(reader, "(") || is_at(reader, "[")) depth++;
    if ((is_at(reader, ")") || is_at(reader, "]")) && depth) depth--;
    if (name != name_next || (!name && !is_at(reader, "."))) path = false;
    name_next = !name_next;
    before = last;
    last = reader->at;
    step_on(reader);
  }
  if (last == SIZE_MAX || !sql_token_is_name(&reader->tokens.at[last])) return NULL;
  if (path || (before != SIZE_MAX && sql_token_is(&reader->tokens, before, "AS")))
    return sql_token_value(reader->arena, &reader->tokens, last);
  return NULL;
}

enum clone_columns
clone_compare_columns(struct arena *arena, const struct model_table *view)
{
  struct reader reader = {.arena = arena};
  enum clone_columns recorded = compare_recorded(arena, view);
  bool all_known = true;

  if (recorded != CLONE_COLUMNS_UNKNOWN || !view->view_definition || !view->column_count) return recorded;
  sql_tokens_read(arena, view->view_definition, strlen(view->view_definition), &reader.tokens);
  reader.at = sql_tokens_skip(&reader.tokens, 0);
  if (!is_at(&reader, "SELECT")) return CLONE_COLUMNS_UNKNOWN;
  step_on(&reader);
  if (is_at(&reader, "DISTINCT") || is_at(&reader, "ALL")) step_on(&reader);
  for (uint32_t i = 0; i < view->column_count; i++) {
    bool star = is_at(&reader, "*");
    const char *name = read_item(&reader);

    /* A star stands for any number of columns, so what follows it cannot be placed. */
    if (star || (!name && sql_token_is(&reader.tokens, reader.at ? reader.at - 1 : 0, "*")))
      return CLONE_COLUMNS_UNKNOWN;
    if (name && !utf8_ieq(name, view->columns[i].name)) return CLONE_COLUMNS_DIFFER;
    if (!name) all_known = false;
    if (i + 1 < view->column_count && !is_at(&reader, ",")) return CLONE_COLUMNS_UNKNOWN;
    if (is_at(&reader, ",")) step_on(&reader);
  }
  return all_known && ends_select_list(&reader) ? CLONE_COLUMNS_EQUAL : CLONE_COLUMNS_UNKNOWN;
}
