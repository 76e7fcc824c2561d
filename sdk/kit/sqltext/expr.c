/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions, as far as names go: functions, columns under their relation's whole name, subqueries, lambdas,
 * and the paths behind a colon that are no names at all. Operators and precedence do not matter here. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

/* Words in front of '(' that are no functions. */
static const char *const no_functions[] = {"in",
                                           "and",
                                           "or",
                                           "not",
                                           "exists",
                                           "over",
                                           "as",
                                           "when",
                                           "then",
                                           "else",
                                           "case",
                                           "between",
                                           "like",
                                           "ilike",
                                           "rlike",
                                           "on",
                                           "using",
                                           "by",
                                           "filter",
                                           "group",
                                           "values",
                                           "select",
                                           "from",
                                           "where",
                                           "having",
                                           "any",
                                           "some",
                                           "all",
                                           "is",
                                           "distinct",
                                           "except",
                                           "rollup",
                                           "cube",
                                           "sets",
                                           "with",
                                           "columns",
                                           "check",
                                           "key",
                                           "generated",
                                           "always",
                                           "default",
                                           "set",
                                           "return",
                                           "returns",
                                           "partitioned",
                                           "options",
                                           "tblproperties",
                                           "unique",
                                           "include",
                                           "exclude",
                                           "nulls",
                                           "pivot",
                                           "unpivot",
                                           "for",
                                           "struct",
                                           "map",
                                           "array",
                                           "decimal",
                                           "char",
                                           "varchar",
                                           "numeric",
                                           "dec",
                                           "interval",
                                           "order",
                                           "sort",
                                           "limit",
                                           "insert",
                                           "update",
                                           "union",
                                           "intersect",
                                           "minus",
                                           "qualify",
                                           "window",
                                           "escape",
                                           "do",
                                           "if",
                                           "while",
                                           "until",
                                           "call",
                                           "name",
                                           "type",
                                           "collate",
                                           NULL};

static void
read_parameters(struct parse *parse, struct scope *scope)
{
  bool list = skip_word(parse, "(");

  while (at_name(parse, 0)) {
    *VEC_ADD(&scope->lambda) = value_at(parse, 0);
    parse->at++;
    if (!list || !skip_word(parse, ",")) break;
  }
  if (list) skip_word(parse, ")");
}

/* x -> ... or (x, y) -> ...: how many tokens stand before the arrow, 0 where this is no lambda. */
static size_t
lambda_length(const struct parse *parse)
{
  size_t ahead = 1;

  if (at_name(parse, 0)) return is(parse, 1, "->") ? 1 : 0;
  if (!is(parse, 0, "(")) return 0;
  while (at_name(parse, ahead) && is(parse, ahead + 1, ","))
    ahead += 2;
  return at_name(parse, ahead) && is(parse, ahead + 1, ")") && is(parse, ahead + 2, "->") ? ahead + 2 : 0;
}

static void
read_lambda(struct parse *parse, struct scope *scope)
{
  struct scope *inner = scope_new(parse, scope);

  read_parameters(parse, inner);
  skip_word(parse, "->");
  if (++parse->depth < PARSE_DEPTH) read_expression(parse, inner, EXPR_COMMA);
  parse->depth--;
}

/* Behind a colon: name.name[0].*['key'], none of which are names of objects. */
static void
read_path(struct parse *parse)
{
  parse->at++;
  for (bool first = true;; first = false) {
    if (is(parse, 0, "[")) {
      skip_group(parse);
    } else if (first && (at_name(parse, 0) || is(parse, 0, "*"))) {
      parse->at++;
    } else if (is(parse, 0, ".") && (at_name(parse, 1) || is(parse, 1, "*"))) {
      parse->at += 2;
    } else if (peek(parse, 0)->kind == SQL_NUMBER && parse->tokens.text[peek(parse, 0)->start] == '.') {
      parse->at++;
    } else {
      return;
    }
  }
}

/* TABLE(t), TABLE t: a relation as an argument. */
static bool
read_table_argument(struct parse *parse, struct scope *scope)
{
  if (!is(parse, 0, "table")) return false;
  if (is(parse, 1, "(")) {
    parse->at++;
    read_relation(parse, scope_new(parse, scope));
    return true;
  }
  if (!at_name(parse, 1) || !is(parse, 2, ".")) return false;
  parse->at++;
  read_target(parse, scope_new(parse, scope));
  return true;
}

static void
read_name_or_call(struct parse *parse, struct scope *scope)
{
  bool keyword = is_any(parse, 0, no_functions) && !is(parse, 1, ".");
  struct name *name = read_name(parse);

  if (!is(parse, 0, "(") || name->star || keyword) {
    note_pending(parse, name, scope);
    return;
  }
  if (!parse->hint) note_name(parse, SQLTEXT_FUNCTION, name);
  read_arguments(parse, name, scope);
}

/* Behind AS stands an alias or a type: neither is a reference. */
static void
read_alias(struct parse *parse)
{
  parse->at++;
  if (at_name(parse, 0) && !starts_query(parse, 0)) parse->at++;
}

static void
read_word(struct parse *parse, struct scope *scope)
{
  bool plain = peek(parse, 0)->kind == SQL_WORD && !is(parse, 1, ".");

  if (lambda_length(parse) > 0) {
    read_lambda(parse, scope);
  } else if (plain && is(parse, 0, "as") && !is(parse, 1, "(")) {
    read_alias(parse);
  } else if (plain && is(parse, 0, "select") && starts_query(parse, 0)) {
    read_query(parse, scope);
  } else if (plain && at_set_operator(parse)) {
    skip_set_operator(parse);
    read_query(parse, scope);
  } else if (!(plain && read_table_argument(parse, scope))) {
    note_string(parse, 0);
    read_name_or_call(parse, scope);
  }
}

/* One token, or what it opens. Always moves on. */
static void
read_step(struct parse *parse, struct scope *scope)
{
  if (at_name(parse, 0)) {
    read_word(parse, scope);
  } else if (is(parse, 0, "(")) {
    if (lambda_length(parse) > 0)
      read_lambda(parse, scope);
    else
      read_group(parse, scope);
  } else if (is(parse, 0, "[")) {
    parse->at++;
    if (++parse->depth < PARSE_DEPTH) read_expression(parse, scope, 0);
    parse->depth--;
    skip_word(parse, "]");
  } else if (is(parse, 0, ":")) {
    read_path(parse);
  } else if (is(parse, 0, ".") && at_name(parse, 1)) {
    parse->at += 2;
  } else {
    note_string(parse, 0);
    parse->at++;
  }
}

/* The word that the caller waits for, outside of any CASE; END and THEN also belong to those. */
static bool
at_stop(const struct parse *parse, size_t cases)
{
  return cases == 0 && parse->stop && is(parse, 0, parse->stop) && !is(parse, 1, ".");
}

void
read_expression(struct parse *parse, struct scope *scope, unsigned how)
{
  size_t cases = 0;

  while (!at_end(parse) && !is(parse, 0, ")") && !is(parse, 0, "]")) {
    if ((how & EXPR_COMMA) && is(parse, 0, ",")) return;
    if (at_stop(parse, cases)) return;
    if ((how & EXPR_CLAUSE) && at_clause(parse)) return;
    if (is(parse, 0, "case") && !is(parse, 1, ".")) cases++;
    if (is(parse, 0, "end") && !is(parse, 1, ".") && cases > 0) cases--;
    read_step(parse, scope);
  }
}

static void
read_primary(struct parse *parse, struct scope *scope)
{
  static const char *const units[] = {"year",         "years",       "month",        "months",  "week",
                                      "weeks",        "day",         "days",         "hour",    "hours",
                                      "minute",       "minutes",     "second",       "seconds", "millisecond",
                                      "milliseconds", "microsecond", "microseconds", "to",      NULL};

  if (is(parse, 0, "interval") && !is(parse, 1, "(")) {
    parse->at++;
    skip_word(parse, "-");
    if (!at_end(parse)) parse->at++;
    while (is_any(parse, 0, units))
      parse->at++;
  } else if (at_name(parse, 0) && peek(parse, 1)->kind == SQL_STRING) {
    parse->at += 2;
  } else {
    read_step(parse, scope);
  }
}

void
read_operand(struct parse *parse, struct scope *scope)
{
  static const char *const before[] = {"-", "+", "~", NULL};
  static const char *const between[] = {"+", "-", "*", "/", "%", "||", "::", NULL};

  for (;;) {
    while (is_any(parse, 0, before))
      parse->at++;
    if (at_end(parse) || is(parse, 0, ")")) return;
    read_primary(parse, scope);
    while (is(parse, 0, "[") || is(parse, 0, ":") || (is(parse, 0, ".") && at_name(parse, 1)))
      read_step(parse, scope);
    if (!is_any(parse, 0, between)) return;
    parse->at++;
  }
}

void
read_group(struct parse *parse, struct scope *scope)
{
  const char *stop = parse->stop;

  if (parse->depth >= PARSE_DEPTH) {
    size_t start = offset_at(parse, 0), end;

    skip_group(parse);
    end = offset_at(parse, 0);
    if (mentions(parse->found->arena, parse->found->text + start, end - start, parse->found->from))
      note_doubt(parse->found, start, end - start, "brackets are nested too deep here to tell what is named");
    return;
  }
  parse->depth++;
  parse->stop = NULL;
  parse->at++;
  if (opens_query(parse, 0)) read_query(parse, scope);
  read_expression(parse, scope, 0);
  while (skip_word(parse, "]"))
    read_expression(parse, scope, 0);
  skip_word(parse, ")");
  parse->stop = stop;
  parse->depth--;
}

/* Functions whose first or named argument is an object's name in a string. */
static const struct naming {
  const char *function, *argument;
} naming[] = {{"table_changes", "table_str"}, {"vector_search", "index"}};

static void
read_named_argument(struct parse *parse, const struct naming *known)
{
  static const char *const ends[] = {",", ")", NULL};
  size_t ahead = 1;
  struct name *name;

  for (size_t depth = 0, i = 1; parse->at + i < parse->count; i++) {
    if (is(parse, i, "(")) depth++;
    if (is(parse, i, ")") && depth-- == 0) break;
    if (depth == 0 && is(parse, i, known->argument) && is(parse, i + 1, "=>")) ahead = i + 2;
  }
  if (peek(parse, ahead)->kind == SQL_STRING && is_any(parse, ahead + 1, ends)) {
    name = read_literal_name(parse, ahead);
    if (name) {
      note_name(parse, SQLTEXT_RELATION, name);
      return;
    }
  }
  if (!is(parse, ahead, ")"))
    doubt_token(parse, ahead, "the name in this argument is put together at run time");
}

void
read_arguments(struct parse *parse, const struct name *name, struct scope *scope)
{
  for (size_t i = 0; name && i < ARRAY_SIZE(naming); i++)
    if (name->count == 1 && name_part_is(name, 0, naming[i].function)) read_named_argument(parse, &naming[i]);
  read_group(parse, scope);
}
