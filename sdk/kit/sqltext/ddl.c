/* SPDX-License-Identifier: Apache-2.0 */
/* CREATE, ALTER, DROP: a kind, a name, and clauses that may hold queries, functions, other relations, and
 * source code of other languages. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

/* What a clause list needs to know about the statement it belongs to. */
struct tail {
  enum sqltext_kind kind; /* for RENAME TO */
  struct scope *scope;    /* the table, for its constraints */
  bool yaml, foreign;     /* the language of a body: foreign is Python and its like */
  bool ended;             /* a block begins: the script goes on */
};

static void
read_body(struct parse *parse, const struct tail *tail)
{
  const struct sql_token *token = peek(parse, 0);
  const char *text = parse->tokens.text + token->start;
  size_t tag = (size_t)((const char *)memchr(text + 1, '$', token->length - 1) - text) + 1;
  size_t start = offset_at(parse, 0) + tag, length = token->length - 2 * tag;

  if (tail->yaml)
    read_yaml(parse->found, start, length);
  else if (tail->foreign)
    read_python(parse->found, start, length);
  else if (mentions(parse->found->arena, parse->found->text + start, length, parse->found->from))
    doubt_token(parse, 0, "a body in an unknown language mentions the catalog");
  parse->at++;
}

/* The clause is COLUMN mask ..., a column that happens to have this name. */
static bool
is_column_name(const struct parse *parse)
{
  static const char *const before[] = {"alter", "add", "drop", "rename", "change", NULL};
  struct parse back = *parse;

  if (parse->at == 0) return false;
  back.at--;
  if (is(&back, 0, "(") || is(&back, 0, ",")) return true;
  if (!is(&back, 0, "column") || back.at == 0) return false;
  back.at--;
  return is_any(&back, 0, before);
}

/* Clauses that may stand in a column's definition as well as behind a name. */
static bool
read_shared_clause(struct parse *parse)
{
  static const char *const opaque[] = {
      "tblproperties", "options", "dbproperties", "serdeproperties", "properties", "tags", NULL};

  if (is_any(parse, 0, opaque) && is(parse, 1, "(")) {
    parse->at++;
    skip_group(parse);
  } else if (is(parse, 0, "comment") && peek(parse, 1)->kind == SQL_STRING) {
    parse->at += 2;
  } else if (is(parse, 0, "mask") && at_name(parse, 1) && !is_column_name(parse)) {
    parse->at++;
    read_named(parse, SQLTEXT_FUNCTION, NULL);
  } else if (is(parse, 0, "row") && is(parse, 1, "filter") && at_name(parse, 2)) {
    parse->at += 2;
    read_named(parse, SQLTEXT_FUNCTION, NULL);
  } else if (is(parse, 0, "references") && at_name(parse, 1) && !is_column_name(parse)) {
    parse->at++;
    read_named(parse, SQLTEXT_RELATION, NULL);
    if (is(parse, 0, "(")) skip_group(parse);
  } else if (is(parse, 0, "using") && is(parse, 1, "columns") && is(parse, 2, "(")) {
    parse->at += 2;
    skip_group(parse);
  } else {
    return false;
  }
  return true;
}

/* '(' with columns and constraints in it, or anything else. */
static void
read_definitions(struct parse *parse, struct tail *tail)
{
  const char *stop = parse->stop;

  if (opens_query(parse, 1) || parse->depth >= PARSE_DEPTH) {
    read_group(parse, tail->scope);
    return;
  }
  parse->depth++;
  parse->stop = NULL;
  parse->at++;
  while (parse->at < parse->count && !is(parse, 0, ")") && !is(parse, 0, ";")) {
    size_t before = parse->at;

    if (read_shared_clause(parse)) continue;
    read_operand(parse, tail->scope);
    if (parse->at == before) parse->at++;
  }
  skip_word(parse, ")");
  parse->stop = stop;
  parse->depth--;
}

/* Behind AS: a query, a body, a pipeline's flow, a block, or another name. */
static void
read_as(struct parse *parse, struct tail *tail)
{
  parse->at++;
  if (opens_query(parse, 0)) {
    read_query(parse, NULL);
  } else if (is(parse, 0, "begin")) {
    tail->ended = true;
  } else if (read_dml(parse)) {
    return;
  } else if (at_name(parse, 0)) {
    read_name(parse);
  }
}

static void
read_return(struct parse *parse, struct tail *tail)
{
  parse->at++;
  if (opens_query(parse, 0)) read_query(parse, tail->scope);
  read_expression(parse, tail->scope, 0);
}

static void
read_language(struct parse *parse, struct tail *tail)
{
  tail->yaml = is(parse, 1, "yaml");
  tail->foreign = !tail->yaml && !is(parse, 1, "sql");
  parse->at += 2;
}

static bool
read_clause(struct parse *parse, struct tail *tail)
{
  if (read_shared_clause(parse)) return true;
  if (is(parse, 0, "as") && !is(parse, 1, "identity")) {
    read_as(parse, tail);
  } else if (is(parse, 0, "return")) {
    read_return(parse, tail);
  } else if (is(parse, 0, "language") && at_name(parse, 1)) {
    read_language(parse, tail);
  } else if (peek(parse, 0)->kind == SQL_BODY) {
    read_body(parse, tail);
  } else if (is(parse, 0, "(")) {
    read_definitions(parse, tail);
  } else if ((is(parse, 0, "like") || is(parse, 0, "clone")) && at_name(parse, 1)) {
    parse->at++;
    read_named(parse, SQLTEXT_RELATION, NULL);
  } else if (is(parse, 0, "rename") && is(parse, 1, "to")) {
    parse->at += 2;
    read_named(parse, tail->kind, NULL);
  } else if (is(parse, 0, "using") && at_name(parse, 1)) {
    parse->at++; /* the name of a format, share or connection */
    read_name(parse);
  } else if (is(parse, 0, "from") && (at_name(parse, 1) || is(parse, 1, "("))) {
    parse->at++; /* FLOW AUTO CDC FROM a stream */
    read_relation(parse, scope_new(parse, NULL));
  } else if (is(parse, 0, "begin")) {
    tail->ended = true;
  } else {
    return false;
  }
  return true;
}

void
read_tail(struct parse *parse, struct scope *scope, enum sqltext_kind kind)
{
  struct tail tail = {.kind = kind, .scope = scope, .yaml = kind == SQLTEXT_RELATION}; /* metric views */

  while (!at_end(parse) && !tail.ended) {
    size_t before = parse->at;

    if (read_clause(parse, &tail)) continue;
    if (is(parse, 0, "select") && starts_query(parse, 0))
      read_query(parse, scope);
    else
      read_operand(parse, scope);
    if (parse->at == before) parse->at++;
  }
}

static void
skip_exists(struct parse *parse)
{
  if (!is(parse, 0, "if")) return;
  if (is(parse, 1, "not") && is(parse, 2, "exists")) parse->at += 3;
  if (is(parse, 1, "exists")) parse->at += 2;
}

static bool
read_create(struct parse *parse)
{
  static const char *const qualities[] = {"or",        "replace",   "refresh", "temp",    "temporary",
                                          "global",    "external",  "managed", "private", "unique",
                                          "transient", "streaming", "live",    NULL};
  enum sqltext_kind kind = SQLTEXT_OTHER;
  struct scope *scope;
  struct name *name;

  if (!is(parse, 0, "create") && !(is(parse, 0, "replace") && is(parse, 1, "table"))) return false;
  if (skip_word(parse, "create") && skip_words(parse, "bloomfilter", "index")) {
    read_on(parse);
    return true;
  }
  while (!read_kind(parse, &kind) && is_any(parse, 0, qualities))
    parse->at++;
  skip_exists(parse);
  scope = scope_new(parse, NULL);
  if (read_named(parse, kind, &name) && kind == SQLTEXT_RELATION) scope_add(scope, name, NULL);
  if (kind == SQLTEXT_OTHER && is(parse, 0, "on")) read_on(parse); /* a policy */
  read_tail(parse, scope, kind);
  return true;
}

/* ALTER SHARE x ADD TABLE a.b.c AS d.e, REMOVE SCHEMA f.g */
static void
read_share(struct parse *parse)
{
  static const char *const changes[] = {"add", "remove", "alter", NULL};

  while (!at_end(parse)) {
    enum sqltext_kind kind = SQLTEXT_RELATION;

    if (is_any(parse, 0, changes) && at_name(parse, 1)) {
      parse->at++;
      if (read_kind(parse, &kind)) read_named(parse, kind, NULL);
    } else if (is(parse, 0, "as") && at_name(parse, 1)) {
      parse->at++;
      read_name(parse);
    } else if (is(parse, 0, "(")) {
      skip_group(parse);
    } else {
      parse->at++;
    }
  }
}

static bool
read_alter(struct parse *parse)
{
  enum sqltext_kind kind = SQLTEXT_OTHER;
  struct scope *scope;
  struct name *name;
  bool share;

  if (!skip_word(parse, "alter")) return false;
  share = is(parse, 0, "share");
  if (!read_kind(parse, &kind) && at_name(parse, 0)) parse->at++;
  skip_exists(parse);
  scope = scope_new(parse, NULL);
  if (read_named(parse, kind, &name) && kind == SQLTEXT_RELATION) scope_add(scope, name, NULL);
  if (share)
    read_share(parse);
  else
    read_tail(parse, scope, kind);
  return true;
}

static bool
read_drop(struct parse *parse)
{
  enum sqltext_kind kind = SQLTEXT_OTHER;

  if (!skip_word(parse, "drop") && !skip_word(parse, "undrop")) return false;
  if (!skip_word(parse, "temporary")) skip_word(parse, "temp");
  if (skip_words(parse, "bloomfilter", "index")) {
    read_on(parse);
    return true;
  }
  read_kind(parse, &kind);
  skip_exists(parse);
  if (is(parse, 0, "with") && is(parse, 1, "id")) return true;
  read_named(parse, kind, NULL);
  if (kind == SQLTEXT_OTHER && is(parse, 0, "on")) read_on(parse);
  skip_rest(parse);
  return true;
}

static bool
read_comment(struct parse *parse)
{
  if (!skip_word(parse, "comment")) return false;
  read_on(parse);
  while (!at_end(parse))
    parse->at++; /* what is said there is for people */
  return true;
}

static bool
read_grant(struct parse *parse)
{
  if (!skip_word(parse, "grant") && !skip_word(parse, "revoke") && !skip_word(parse, "deny")) return false;
  read_on(parse);
  skip_rest(parse);
  return true;
}

bool
read_ddl(struct parse *parse)
{
  return read_create(parse) || read_alter(parse) || read_drop(parse) || read_comment(parse) ||
         read_grant(parse);
}
