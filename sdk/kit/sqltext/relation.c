/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand in FROM: names, functions, subqueries, VALUES, joins, and the modifiers and aliases behind
 * them. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

/* Words behind a relation that go on with the statement and so are no alias. */
static const char *const no_aliases[] = {
    "where",       "group",     "having",    "order",   "limit",      "offset", "window",          "qualify",
    "union",       "except",    "intersect", "minus",   "join",       "inner",  "cross",           "left",
    "right",       "full",      "semi",      "anti",    "natural",    "on",     "using",           "lateral",
    "tablesample", "pivot",     "unpivot",   "cluster", "distribute", "sort",   "select",          "insert",
    "when",        "set",       "as",        "then",    "do",         "with",   "values",          "by",
    "from",        "partition", "update",    "delete",  "keys",       "asof",   "match_recognize", NULL};

/* What follows a hyphen becomes part of the name before it. */
static void
glue_name(struct parse *parse, struct name *name, const struct name *rest)
{
  struct part *parts = arena_array(parse->found->arena, name->count + rest->count, sizeof *parts);
  struct part *last = &parts[name->count - 1];

  memcpy(parts, name->parts, name->count * sizeof *parts);
  memcpy(parts + name->count, rest->parts + 1, (rest->count - 1) * sizeof *parts);
  last->value = last->value && rest->parts[0].value
                    ? arena_printf(parse->found->arena, "%s-%s", last->value, rest->parts[0].value)
                    : NULL;
  name->parts = parts;
  name->count += rest->count - 1;
  name->end = rest->end;
  name->glued = true;
}

struct name *
read_object_name(struct parse *parse)
{
  struct name *name = read_name(parse);

  while (!name->star && is(parse, 0, "-") && is_adjacent(parse, 0) && at_name(parse, 1) &&
         offset_behind(parse) == offset_at(parse, 0)) {
    parse->at++;
    glue_name(parse, name, read_name(parse));
  }
  return name;
}

/* `FOR VERSION AS OF 1`, `TIMESTAMP AS OF '...'`, `@v1`. */
static bool
read_travel(struct parse *parse, struct scope *scope)
{
  static const char *const what[] = {"version", "timestamp", "system_version", "system_time", NULL};
  size_t ahead = is(parse, 0, "for") ? 1 : 0;

  if (is(parse, 0, "@")) {
    parse->at++;
    if (at_name(parse, 0) || peek(parse, 0)->kind == SQL_NUMBER) parse->at++;
    return true;
  }
  if (!is_any(parse, ahead, what) || !is(parse, ahead + 1, "as") || !is(parse, ahead + 2, "of")) return false;
  parse->at += ahead + 3;
  read_operand(parse, scope);
  return true;
}

static bool
read_sample(struct parse *parse, struct scope *scope)
{
  if (!is(parse, 0, "tablesample")) return false;
  parse->at++;
  while (is(parse, 0, "system") || is(parse, 0, "bernoulli"))
    parse->at++;
  if (is(parse, 0, "(")) read_group(parse, scope);
  if (skip_word(parse, "repeatable") && is(parse, 0, "(")) read_group(parse, scope);
  return true;
}

static bool
read_pivot(struct parse *parse, struct scope *scope)
{
  size_t ahead = 1;

  if (!is(parse, 0, "pivot") && !is(parse, 0, "unpivot")) return false;
  if (is(parse, 2, "nulls")) ahead = 3;
  if (!is(parse, ahead, "(")) return false;
  parse->at += ahead;
  read_group(parse, scope);
  return true;
}

static bool
read_watermark(struct parse *parse)
{
  if (!is(parse, 0, "watermark") || !at_name(parse, 1) || !is(parse, 2, "delay")) return false;
  parse->at += 3;
  skip_word(parse, "of");
  while (is(parse, 0, "interval") || peek(parse, 0)->kind == SQL_STRING || peek(parse, 0)->kind == SQL_NUMBER)
    parse->at++;
  if (at_name(parse, 0) && peek(parse, 0)->kind == SQL_WORD && !is_any(parse, 0, no_aliases) &&
      !is(parse, 0, "as"))
    parse->at++;
  return true;
}

static bool
read_modifier(struct parse *parse, struct scope *scope)
{
  if (read_travel(parse, scope) || read_sample(parse, scope) || read_pivot(parse, scope) ||
      read_watermark(parse))
    return true;
  if (is(parse, 0, "with") && is(parse, 1, "(")) {
    parse->at++;
    skip_group(parse);
    return true;
  }
  return false;
}

static const char *
read_alias(struct parse *parse)
{
  const char *alias;
  bool as = is(parse, 0, "as");

  if (as) parse->at++;
  if (!at_name(parse, 0)) {
    if (as && is(parse, 0, "(")) skip_group(parse);
    return NULL;
  }
  if (!as && parse->stop && is(parse, 0, parse->stop)) return NULL;
  if (!as && (is_any(parse, 0, no_aliases) || starts_query(parse, 0))) return NULL;
  if (!as && is(parse, 0, "replace") &&
      (is(parse, 1, "where") || is(parse, 1, "using") || is(parse, 1, "on")))
    return NULL;
  alias = value_at(parse, 0);
  parse->at++;
  if (is(parse, 0, "(")) skip_group(parse);
  return alias;
}

/* Modifiers, the alias, and modifiers again (a sample or pivot may follow it); the last alias counts. */
static const char *
read_rest(struct parse *parse, struct scope *scope)
{
  const char *alias = NULL, *more;

  for (;;) {
    if (read_modifier(parse, scope)) continue;
    more = read_alias(parse);
    if (!more) return alias;
    alias = more;
  }
}

/* A common table expression in sight goes before a table of that name. */
static bool
is_common(const struct parse *parse, const struct name *name)
{
  if (name->count != 1) return false;
  for (const struct with *with = parse->with; with; with = with->parent)
    if (name_part_is(name, 0, with->name)) return true;
  return false;
}

static void
add_named(struct parse *parse, struct scope *scope, const struct name *name)
{
  bool common = is_common(parse, name);
  const char *alias;

  if (!common) note_name(parse, SQLTEXT_RELATION, name);
  alias = read_rest(parse, scope);
  if (common && !alias) alias = name->parts[0].value;
  scope_add(scope, name, alias);
}

bool
read_target(struct parse *parse, struct scope *scope)
{
  if (!at_name(parse, 0)) return false;
  note_string(parse, 0);
  add_named(parse, scope, read_object_name(parse));
  return true;
}

static void
read_function_or_name(struct parse *parse, struct scope *scope)
{
  struct name *name;

  for (size_t ahead = 0; at_name(parse, ahead) && is(parse, ahead + 1, "."); ahead += 2)
    note_string(parse, ahead + 2);
  name = read_object_name(parse);
  if (!is(parse, 0, "(")) {
    add_named(parse, scope, name);
    return;
  }
  note_name(parse, SQLTEXT_FUNCTION, name);
  read_arguments(parse, name, scope);
  scope_add(scope, NULL, read_rest(parse, scope));
}

/* What is left in the brackets, set operators first. */
static void
close_relations(struct parse *parse, struct scope *scope)
{
  if (at_set_operator(parse)) {
    skip_set_operator(parse);
    read_query(parse, scope->parent);
  }
  read_expression(parse, scope, 0);
  while (skip_word(parse, "]"))
    read_expression(parse, scope, 0);
  skip_word(parse, ")");
}

/* '(' in FROM: a query, or relations and joins. An alias behind the latter hides their names. */
static void
read_bracket(struct parse *parse, struct scope *scope, struct scope *outer)
{
  const char *stop = parse->stop, *alias;
  size_t before = scope->sources.count;

  if (parse->depth >= PARSE_DEPTH) {
    read_group(parse, scope);
    return;
  }
  parse->depth++;
  parse->stop = NULL;
  parse->at++;
  if (starts_query(parse, 0))
    read_query(parse, outer);
  else
    read_relations(parse, scope);
  close_relations(parse, scope);
  parse->depth--;
  parse->stop = stop;
  alias = read_rest(parse, scope);
  if (alias) scope->sources.count = before;
  scope_add(scope, NULL, alias);
}

/* A path in quotes; or a name in the wrong quotes, of which the parser on the other side makes a string. */
static void
read_path_or_mistake(struct parse *parse)
{
  const char *from = parse->found->from;

  note_string(parse, 0);
  if (is(parse, 1, ".") && from && utf8_ieq(value_at(parse, 0), from))
    doubt_token(parse, 0, "these quotes make a string: a name needs back-ticks");
  parse->at++;
  while (is(parse, 0, ".") && at_name(parse, 1))
    parse->at += 2;
}

static bool
at_wrapper(const struct parse *parse)
{
  return (is(parse, 0, "stream") || is(parse, 0, "table")) && is(parse, 1, "(");
}

void
read_relation(struct parse *parse, struct scope *scope)
{
  struct scope *outer = scope->parent;

  if (is(parse, 0, "lateral") && (is(parse, 1, "(") || at_name(parse, 1))) {
    outer = scope;
    parse->at++;
  }
  if (at_wrapper(parse) || (is(parse, 0, "stream") && at_name(parse, 1) && !is_any(parse, 1, no_aliases)))
    parse->at++;
  if (is(parse, 0, "(")) {
    read_bracket(parse, scope, outer);
  } else if (is(parse, 0, "values") && starts_query(parse, 0)) {
    parse->at++;
    read_expression(parse, scope, EXPR_CLAUSE);
  } else if (at_name(parse, 0)) {
    read_function_or_name(parse, scope);
  } else if (peek(parse, 0)->kind == SQL_STRING) {
    read_path_or_mistake(parse);
    scope_add(scope, NULL, read_rest(parse, scope));
  }
}

static void
read_join_condition(struct parse *parse, struct scope *scope)
{
  for (;;) {
    if (skip_word(parse, "on")) {
      read_expression(parse, scope, EXPR_CLAUSE | EXPR_COMMA);
    } else if (is(parse, 0, "using") && is(parse, 1, "(")) {
      parse->at++;
      skip_group(parse);
      read_rest(parse, scope);
    } else {
      return;
    }
  }
}

void
read_joins(struct parse *parse, struct scope *scope)
{
  for (;;) {
    if (at_join(parse)) {
      while (!skip_word(parse, "join"))
        parse->at++;
      read_relation(parse, scope);
      read_join_condition(parse, scope);
    } else if (!read_pivot(parse, scope)) {
      return;
    }
  }
}

void
read_relations(struct parse *parse, struct scope *scope)
{
  do {
    size_t before = parse->at;

    read_relation(parse, scope);
    read_joins(parse, scope);
    while (is(parse, 0, "lateral") && is(parse, 1, "view"))
      read_lateral_view(parse, scope);
    if (parse->at == before) return;
  } while (skip_word(parse, ","));
}

void
read_lateral_view(struct parse *parse, struct scope *scope)
{
  const char *alias = NULL;

  parse->at += 2;
  skip_word(parse, "outer");
  if (at_name(parse, 0)) {
    struct name *name = read_name(parse);

    note_name(parse, SQLTEXT_FUNCTION, name);
    if (is(parse, 0, "(")) read_arguments(parse, name, scope);
  }
  if (!is(parse, 0, "as")) alias = read_alias(parse);
  if (skip_word(parse, "as"))
    while (at_name(parse, 0)) {
      parse->at++;
      if (!is(parse, 0, ",") || !at_name(parse, 1) || is(parse, 2, ".")) break;
      parse->at++;
    }
  scope_add(scope, NULL, alias);
}
