/* SPDX-License-Identifier: Apache-2.0 */
/* The other statements: SHOW, DESCRIBE, USE, SET, and what maintains tables. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

static bool
read_use(struct parse *parse)
{
  if (is(parse, 0, "set") && is(parse, 1, "catalog") &&
      (at_name(parse, 2) || peek(parse, 2)->kind == SQL_STRING)) {
    parse->at += 2;
    return read_named(parse, SQLTEXT_CATALOG, NULL);
  }
  if (!skip_word(parse, "use")) return false;
  if (is(parse, 0, "catalog") && !is(parse, 1, ".") && !is(parse, 1, ";") &&
      peek(parse, 1)->kind != SQL_END) {
    parse->at++;
    read_named(parse, SQLTEXT_CATALOG, NULL);
  } else {
    struct name *name;

    bool schema = at_name(parse, 1) && (skip_word(parse, "schema") || skip_word(parse, "database"));

    if (read_named(parse, SQLTEXT_SCHEMA, &name) && !schema && name->count == 1 &&
        name_part_is(name, 0, parse->found->from))
      doubt_name(parse, name, "names a schema, or the catalog where there is no such schema");
  }
  return true;
}

/* SET: variables take expressions; configuration keys take anything. */
static bool
read_set(struct parse *parse)
{
  size_t start = offset_at(parse, 0), end;
  bool variable;

  if ((is(parse, 0, "set") || is(parse, 0, "unset")) && is(parse, 1, "tag") && is(parse, 2, "on")) {
    parse->at += 2;
    read_on(parse);
    skip_rest(parse);
    return true;
  }
  if (!skip_word(parse, "set")) return false;
  variable = skip_word(parse, "variable") || skip_word(parse, "var") || is(parse, 0, "(") ||
             is(parse, 1, "=") || (is(parse, 1, ",") && at_name(parse, 0));
  if (variable) {
    read_expression(parse, scope_new(parse, NULL), 0);
    return true;
  }
  skip_rest(parse);
  end = offset_at(parse, 0);
  if (mentions(parse->found->arena, parse->found->text + start, end - start, parse->found->from))
    note_doubt(parse->found, start, end - start, "a configuration value mentions the catalog");
  return true;
}

static bool
is_in(const struct parse *parse, size_t ahead)
{
  return is(parse, ahead, "in") || is(parse, ahead, "from");
}

static void
read_show_in(struct parse *parse, enum sqltext_kind kind)
{
  while (!at_end(parse) && !is(parse, 0, ")")) {
    if (is_in(parse, 0) && (at_name(parse, 1) || peek(parse, 1)->kind == SQL_STRING)) {
      parse->at++;
      if (is(parse, 0, "catalog") && at_name(parse, 1)) {
        parse->at++;
        kind = SQLTEXT_CATALOG;
      } else if ((is(parse, 0, "schema") || is(parse, 0, "database")) && at_name(parse, 1) &&
                 !is(parse, 1, "like")) {
        parse->at++;
      } else if (is(parse, 0, "share")) {
        kind = SQLTEXT_OTHER;
        parse->at++;
      }
      read_named(parse, kind, NULL);
    } else if (at_name(parse, 0) && is(parse, 1, ".")) {
      read_named(parse, SQLTEXT_FUNCTION, NULL); /* SHOW FUNCTIONS a.b.c */
    } else {
      parse->at++;
    }
  }
}

/* SHOW COLUMNS IN t IN s */
static void
read_show_columns(struct parse *parse)
{
  parse->at++;
  if (is_in(parse, 0)) parse->at++;
  read_named(parse, SQLTEXT_RELATION, NULL);
  if (is_in(parse, 0)) parse->at++;
  read_named(parse, SQLTEXT_SCHEMA, NULL);
}

static bool
read_show(struct parse *parse)
{
  enum sqltext_kind kind = SQLTEXT_RELATION;

  if (!skip_word(parse, "show")) return false;
  if (is(parse, 0, "grants") || is(parse, 0, "grant") || is(parse, 0, "policies") ||
      is(parse, 1, "policies")) {
    read_on(parse);
  } else if (is(parse, 0, "schemas") || is(parse, 0, "databases")) {
    read_show_in(parse, SQLTEXT_CATALOG);
  } else if (is(parse, 0, "columns")) {
    read_show_columns(parse);
  } else if (is(parse, 0, "partitions") || is(parse, 0, "tblproperties")) {
    parse->at++;
    read_named(parse, SQLTEXT_RELATION, NULL);
  } else if (skip_word(parse, "create")) {
    if (at_name(parse, 1)) read_kind(parse, &kind);
    read_named(parse, kind, NULL);
  } else {
    read_show_in(parse, SQLTEXT_SCHEMA);
  }
  skip_rest(parse);
  return true;
}

static bool
read_describe(struct parse *parse)
{
  static const char *const before[] = {"detail", "history", "extended", "formatted", NULL};
  enum sqltext_kind kind = SQLTEXT_RELATION;

  if (!skip_word(parse, "describe") && !skip_word(parse, "desc")) return false;
  if ((skip_word(parse, "query") && opens_query(parse, 0)) || opens_query(parse, 0)) {
    if (!is(parse, 0, "table")) {
      read_query(parse, NULL);
      return true;
    }
  }
  if (is(parse, 0, "policy")) {
    read_on(parse);
    return true;
  }
  if (at_name(parse, 1)) read_kind(parse, &kind);
  while (is_any(parse, 0, before) && (at_name(parse, 1) || peek(parse, 1)->kind == SQL_STRING))
    parse->at++;
  read_named(parse, kind, NULL);
  skip_rest(parse);
  return true;
}

static bool
read_explain(struct parse *parse)
{
  static const char *const how[] = {"extended", "codegen", "cost", "formatted", "logical", "analyze", NULL};

  if (!is(parse, 0, "explain")) return false;
  while (skip_word(parse, "explain"))
    if (is_any(parse, 0, how)) parse->at++;
  read_statement(parse);
  return true;
}

/* SYNC SCHEMA a.b AS EXTERNAL FROM c.d */
static bool
read_sync(struct parse *parse)
{
  enum sqltext_kind kind = SQLTEXT_RELATION;

  if (!skip_word(parse, "sync")) return false;
  read_kind(parse, &kind);
  read_named(parse, kind, NULL);
  if (skip_word(parse, "as")) skip_word(parse, "external");
  if (skip_word(parse, "from")) read_named(parse, kind, NULL);
  skip_rest(parse);
  return true;
}

static bool
read_refresh(struct parse *parse)
{
  enum sqltext_kind kind = SQLTEXT_RELATION;

  if (!skip_word(parse, "refresh")) return false;
  read_kind(parse, &kind);
  read_named(parse, kind, NULL);
  skip_rest(parse);
  return true;
}

/* Verbs with a table behind them; longer ones first. */
static bool
read_maintenance(struct parse *parse)
{
  static const char *const verbs[][3] = {
      {"truncate", "table"}, {"optimize"},       {"vacuum"}, {"restore", "table"},       {"restore"},
      {"reorg", "table"},    {"msck", "repair"}, {"repair"}, {"fsck", "repair"},         {"analyze", "table"},
      {"uncache", "table"},  {"cache", "lazy"},  {"cache"},  {"convert", "to", "delta"},
  };
  struct scope *scope;
  struct name *name;

  for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
    size_t words = verbs[i][2] ? 3 : verbs[i][1] ? 2 : 1;
    bool here = true;

    for (size_t w = 0; w < words; w++)
      here = here && is(parse, w, verbs[i][w]);
    if (!here) continue;
    parse->at += words;
    if (opens_query(parse, 0) && !is(parse, 0, "table")) {
      read_query(parse, NULL); /* CACHE SELECT */
      return true;
    }
    if (at_name(parse, 1) && !is(parse, 1, "as")) skip_word(parse, "table");
    skip_words(parse, "if", "exists");
    scope = scope_new(parse, NULL);
    if (read_named(parse, SQLTEXT_RELATION, &name)) scope_add(scope, name, NULL);
    read_tail(parse, scope, SQLTEXT_RELATION);
    return true;
  }
  return false;
}

/* GENERATE ... FOR TABLE t, LOAD DATA ... INTO TABLE t, ANALYZE TABLES IN s */
static bool
read_far_table(struct parse *parse)
{
  if (is(parse, 0, "analyze") && is(parse, 1, "tables")) {
    read_show_in(parse, SQLTEXT_SCHEMA);
    return true;
  }
  if (!is(parse, 0, "generate") && !(is(parse, 0, "load") && is(parse, 1, "data"))) return false;
  while (!at_end(parse) && !is(parse, 0, "table")) {
    note_string(parse, 0);
    parse->at++;
  }
  if (skip_word(parse, "table")) read_named(parse, SQLTEXT_RELATION, NULL);
  skip_rest(parse);
  return true;
}

/* Statements that name no object of a catalog but in strings. */
static bool
read_plain(struct parse *parse)
{
  static const char *const verbs[] = {"list",  "ls",     "put",      "get",    "remove",   "reset", "clear",
                                      "add",   "leave",  "iterate",  "signal", "resignal", "open",  "close",
                                      "fetch", "commit", "rollback", "kill",   "archive",  NULL};

  if (!is_any(parse, 0, verbs)) return false;
  skip_rest(parse);
  return true;
}

static bool
read_call(struct parse *parse)
{
  if (!skip_word(parse, "call") && !skip_word(parse, "return")) return false;
  read_expression(parse, scope_new(parse, NULL), 0);
  return true;
}

bool
read_utility(struct parse *parse)
{
  return read_use(parse) || read_set(parse) || read_show(parse) || read_describe(parse) ||
         read_explain(parse) || read_sync(parse) || read_refresh(parse) || read_maintenance(parse) ||
         read_far_table(parse) || read_plain(parse) || read_call(parse);
}
