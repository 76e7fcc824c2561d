/* SPDX-License-Identifier: Apache-2.0 */
/* Where a query's next clause begins. Databricks reserves almost no word, so each is looked at together with
 * what follows it: `SELECT from FROM t` and `SELECT * EXCEPT (a)` are fine SQL. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

bool
at_join(const struct parse *parse)
{
  static const char *const words[] = {"inner", "cross", "left",    "right", "full", "outer",
                                      "semi",  "anti",  "natural", "asof",  NULL};
  size_t ahead = 0;

  while (ahead < 4 && is_any(parse, ahead, words))
    ahead++;
  return is(parse, ahead, "join") && (at_name(parse, ahead + 1) || is(parse, ahead + 1, "(") ||
                                      peek(parse, ahead + 1)->kind == SQL_STRING);
}

static size_t
set_operator_length(const struct parse *parse)
{
  static const char *const words[] = {"union", "except", "intersect", "minus", NULL};
  size_t ahead = 1;

  if (!is_any(parse, 0, words)) return 0;
  if (is(parse, ahead, "all") || is(parse, ahead, "distinct")) ahead++;
  if (is(parse, ahead, "by") && is(parse, ahead + 1, "name")) ahead += 2;
  return opens_query(parse, ahead) ? ahead : 0;
}

bool
at_set_operator(const struct parse *parse)
{
  return set_operator_length(parse) > 0;
}

void
skip_set_operator(struct parse *parse)
{
  parse->at += set_operator_length(parse);
}

/* FROM begins a clause, and is neither a column's name nor part of IS DISTINCT FROM. */
static bool
at_from(const struct parse *parse)
{
  const struct sql_token *next = peek(parse, 1);

  if (!is(parse, 0, "from")) return false;
  if (!at_name(parse, 1) && !is(parse, 1, "(") && next->kind != SQL_STRING) return false;
  if (is(parse, 1, "from") && (at_name(parse, 2) || is(parse, 2, "("))) return false;
  if (parse->at < 2) return true;
  if (!sql_token_is(&parse->tokens, parse->sense[parse->at - 1], "distinct")) return true;
  return !sql_token_is(&parse->tokens, parse->sense[parse->at - 2], "is") &&
         !sql_token_is(&parse->tokens, parse->sense[parse->at - 2], "not");
}

static bool
at_filter(const struct parse *parse)
{
  static const char *const words[] = {"where", "having", "qualify", "window", "limit", "offset", NULL};
  static const char *const sorted[] = {"group", "order", "sort", "cluster", "distribute", NULL};
  static const char *const ends[] = {",", ")", ".", "=", "<", ">", "+", "as", "from", NULL};

  if (is_any(parse, 0, sorted)) return is(parse, 1, "by");
  return is_any(parse, 0, words) && !is_any(parse, 1, ends) && peek(parse, 1)->kind != SQL_END;
}

bool
at_clause(const struct parse *parse)
{
  enum sql_kind kind = peek(parse, 0)->kind;

  if (kind == SQL_OPERATOR) return is(parse, 0, "|>");
  if (kind != SQL_WORD || is(parse, 1, ".")) return false;
  if (at_from(parse) || at_filter(parse) || at_join(parse) || at_set_operator(parse)) return true;
  if (is(parse, 0, "lateral")) return is(parse, 1, "view");
  if (is(parse, 0, "pivot")) return is(parse, 1, "(");
  if (is(parse, 0, "unpivot")) return is(parse, 1, "(") || is(parse, 2, "nulls");
  if (is(parse, 0, "insert")) return is(parse, 1, "into") || is(parse, 1, "overwrite");
  return is(parse, 0, "select") && starts_query(parse, 0);
}
