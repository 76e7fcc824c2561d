/* SPDX-License-Identifier: Apache-2.0 */
/* Statements, told apart by their first words. Here are the queries and what changes rows; DDL and the rest
 * are next door. What no one knows is read as an expression, and reported where it mentions the catalog. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

/* Clauses up to the statement's end, query by query, all in SCOPE. */
static void
read_body(struct parse *parse, struct scope *scope)
{
  while (!at_end(parse)) {
    if (starts_query(parse, 0) && !is(parse, 0, "from")) {
      read_query(parse, scope);
    } else if (is(parse, 0, "from") && starts_query(parse, 0)) {
      read_query(parse, NULL);
    } else if (parse->stop && is(parse, 0, parse->stop)) {
      return;
    } else if (is(parse, 0, "(") && opens_query(parse, 0)) {
      read_query(parse, scope);
    } else {
      size_t before = parse->at;

      read_operand(parse, scope);
      if (parse->at == before) parse->at++;
    }
  }
}

static void
skip_evolution(struct parse *parse)
{
  if (is(parse, 0, "with") && is(parse, 1, "schema") && is(parse, 2, "evolution")) parse->at += 3;
}

static bool
read_insert(struct parse *parse)
{
  struct scope *scope = scope_new(parse, NULL);

  if (!skip_word(parse, "insert")) return false;
  skip_evolution(parse);
  if (!skip_word(parse, "into")) skip_word(parse, "overwrite");
  if (is(parse, 0, "local") && is(parse, 1, "directory")) parse->at++;
  if (skip_word(parse, "directory")) {
    note_string(parse, 0);
    if (peek(parse, 0)->kind == SQL_STRING) parse->at++;
    if (skip_word(parse, "using") && at_name(parse, 0)) read_name(parse);
    if (skip_word(parse, "options") && is(parse, 0, "(")) skip_group(parse);
  } else {
    if (is(parse, 0, "table") && at_name(parse, 1)) parse->at++;
    read_target(parse, scope);
  }
  if (is(parse, 0, "(") && !opens_query(parse, 0)) read_group(parse, scope);
  if (skip_words(parse, "by", "name")) skip_word(parse, "(");
  read_body(parse, scope);
  return true;
}

static bool
read_change(struct parse *parse)
{
  struct scope *scope = scope_new(parse, NULL);

  if (skip_word(parse, "delete"))
    skip_word(parse, "from");
  else if (!skip_word(parse, "update"))
    return false;
  read_target(parse, scope);
  read_expression(parse, scope, 0);
  return true;
}

static bool
read_merge(struct parse *parse)
{
  struct scope *scope = scope_new(parse, NULL);

  if (!skip_word(parse, "merge")) return false;
  skip_evolution(parse);
  skip_word(parse, "into");
  read_target(parse, scope);
  if (skip_word(parse, "using")) read_relation(parse, scope);
  read_expression(parse, scope, 0);
  return true;
}

/* COPY INTO t FROM 'path' | (SELECT ... FROM 'path'). */
static bool
read_copy(struct parse *parse)
{
  struct scope *scope = scope_new(parse, NULL);

  if (!skip_words(parse, "copy", "into")) return false;
  read_target(parse, scope);
  if (is(parse, 0, "(") && !opens_query(parse, 0)) read_group(parse, scope);
  if (skip_words(parse, "by", "position") || !skip_word(parse, "from")) skip_word(parse, "from");
  read_relation(parse, scope_new(parse, NULL));
  while (!at_end(parse)) {
    if (is(parse, 0, "(")) {
      skip_group(parse);
    } else {
      note_string(parse, 0);
      parse->at++;
    }
  }
  return true;
}

/* CHANGES INTO t FROM STREAM(s) KEYS (...) ...: behind APPLY or AUTO CDC. */
static bool
read_changes(struct parse *parse)
{
  struct scope *scope = scope_new(parse, NULL);

  if (!skip_words(parse, "apply", "changes") && !skip_words(parse, "auto", "cdc")) return false;
  skip_word(parse, "once");
  skip_word(parse, "into");
  read_target(parse, scope);
  if (skip_words(parse, "from", "snapshot") || skip_word(parse, "from")) read_relation(parse, scope);
  read_expression(parse, scope, 0);
  return true;
}

bool
read_dml(struct parse *parse)
{
  return read_insert(parse) || read_change(parse) || read_merge(parse) || read_copy(parse) ||
         read_changes(parse);
}

static bool
read_query_statement(struct parse *parse)
{
  struct with *with = parse->with;

  if (!opens_query(parse, 0)) return false;
  if (is(parse, 0, "with")) {
    read_with(parse, NULL);
    if (read_dml(parse)) {
      parse->with = with;
      return true;
    }
  }
  read_query(parse, NULL);
  parse->with = with;
  return true;
}

/* The text of EXECUTE IMMEDIATE is SQL, but which text it is shows only at run time. */
static bool
read_execute(struct parse *parse)
{
  size_t text;
  bool literal;

  if (!skip_words(parse, "execute", "immediate")) return false;
  text = parse->at;
  literal = peek(parse, 0)->kind == SQL_STRING && (parse->at + 1 >= parse->count || is(parse, 1, "into") ||
                                                   is(parse, 1, "using") || is(parse, 1, ";"));
  if (!literal) doubt_token(parse, 0, "the statement is only known at run time");
  for (; !at_end(parse); parse->at++) {
    const struct sql_token *token = peek(parse, 0);
    const char *value = value_at(parse, 0);

    if (token->kind == SQL_STRING && (literal || parse->at > text) &&
        mentions(parse->found->arena, value, strlen(value), parse->found->from))
      doubt_token(parse, 0, "a statement run by EXECUTE IMMEDIATE mentions the catalog");
    else
      note_string(parse, 0);
    if (is(parse, 0, "(") && opens_query(parse, 1)) {
      read_group(parse, NULL);
      parse->at--;
    }
  }
  return true;
}

/* No statement that anyone knows: nothing in it is taken for a reference. */
static void
read_unknown(struct parse *parse)
{
  size_t start = offset_at(parse, 0), end;

  while (!at_end(parse))
    parse->at++;
  end = offset_at(parse, 0);
  if (mentions(parse->found->arena, parse->found->text + start, end - start, parse->found->from))
    note_doubt(parse->found, start, end - start,
               "not a statement that is known here, but it mentions the catalog");
}

void
read_statement(struct parse *parse)
{
  struct with *with = parse->with;

  if (!read_query_statement(parse) && !read_dml(parse) && !read_ddl(parse) && !read_utility(parse) &&
      !read_execute(parse))
    read_unknown(parse);
  parse->with = with;
}

void
read_statements(struct parse *parse)
{
  while (parse->at < parse->count) {
    size_t before = parse->at;

    if (skip_word(parse, ";")) continue;
    if (!read_script(parse)) read_statement(parse);
    /* A closing bracket too many, or words that no clause takes: go on behind them. */
    if (parse->at == before) parse->at++;
  }
}
