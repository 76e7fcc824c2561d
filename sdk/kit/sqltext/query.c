/* SPDX-License-Identifier: Apache-2.0 */
/* Queries: WITH, SELECT and FROM in either order, set operators, pipes. Each block has a scope of its own. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

static void
read_common(struct parse *parse, struct scope *outer)
{
  struct with *with = arena_alloc(parse->found->arena, sizeof *with);

  with->name = value_at(parse, 0);
  with->parent = parse->with;
  parse->at++;
  if (is(parse, 0, "(")) skip_group(parse);
  if (skip_words(parse, "max", "recursion")) {
    skip_word(parse, "level");
    if (!is(parse, 0, "as") && !at_end(parse)) parse->at++;
  }
  skip_word(parse, "as");
  if (is(parse, 0, "(")) read_group(parse, outer);
  parse->with = with;
}

/* Each expression sees those before it; RECURSIVE ones also themselves. */
void
read_with(struct parse *parse, struct scope *outer)
{
  bool recursive;

  if (!skip_word(parse, "with")) return;
  recursive = skip_word(parse, "recursive");
  while (at_name(parse, 0)) {
    if (recursive) {
      struct with *self = arena_alloc(parse->found->arena, sizeof *self);

      *self = (struct with){.parent = parse->with, .name = value_at(parse, 0)};
      parse->with = self;
    }
    read_common(parse, outer);
    if (!skip_word(parse, ",")) return;
  }
}

/* Hints name relations as expressions do: by alias, or by the whole name of one in scope. */
void
read_hint(struct parse *parse, struct scope *scope)
{
  for (size_t i = parse->sense[parse->at - 1] + 1; i < parse->sense[parse->at]; i++) {
    const struct sql_token *token = &parse->tokens.at[i];
    struct parse hint = {.found = parse->found};

    if (token->kind != SQL_HINT) continue;
    hint.origin = parse->origin + token->start + 3;
    parse_open(&hint, parse->tokens.text + token->start + 3, token->length - 5);
    hint.hint = true;
    read_expression(&hint, scope, 0);
    VEC_EACH (&hint.pendings, pending) {
      struct pending *later = VEC_ADD(&parse->pendings);

      *later = *pending;
    }
    parse_close(&hint);
  }
}

/* FROM t INSERT INTO a SELECT ... INSERT INTO b SELECT ... */
static void
read_insert(struct parse *parse, struct scope *scope)
{
  parse->at += 2;
  if (is(parse, 0, "table") && at_name(parse, 1)) parse->at++;
  read_target(parse, scope_new(parse, scope));
}

static bool
ends_block(const struct parse *parse)
{
  return at_end(parse) || is(parse, 0, ")") || is(parse, 0, "]") || is(parse, 0, "|>") ||
         at_set_operator(parse) || (parse->stop && is(parse, 0, parse->stop));
}

/* Clauses in whatever order they come, all in one scope. */
static void
read_clauses(struct parse *parse, struct scope *scope)
{
  for (;;) {
    read_expression(parse, scope, EXPR_CLAUSE);
    if (ends_block(parse)) return;
    if (skip_word(parse, "from")) {
      read_relations(parse, scope);
    } else if (skip_word(parse, "select")) {
      read_hint(parse, scope);
    } else if (at_join(parse)) {
      read_joins(parse, scope);
    } else if (is(parse, 0, "lateral")) {
      read_lateral_view(parse, scope);
    } else if (is(parse, 0, "insert")) {
      read_insert(parse, scope);
    } else {
      parse->at++; /* WHERE and its like: more expressions */
    }
  }
}

static struct scope *read_term(struct parse *parse, struct scope *outer);

/* Behind |>: an operator on what came before. The scope that holds afterwards. */
static struct scope *
read_pipe(struct parse *parse, struct scope *scope)
{
  parse->at++;
  if (is(parse, 0, "as") && at_name(parse, 1)) {
    struct scope *renamed = scope_new(parse, scope->parent);

    scope_add(renamed, NULL, value_at(parse, 1));
    parse->at += 2;
    return renamed;
  }
  if (at_set_operator(parse)) {
    skip_set_operator(parse);
    do
      read_term(parse, scope->parent);
    while (skip_word(parse, ","));
    return scope;
  }
  read_clauses(parse, scope);
  return scope;
}

static struct scope *
read_term(struct parse *parse, struct scope *outer)
{
  struct scope *scope;

  if (is(parse, 0, "(")) {
    read_group(parse, outer);
    return scope_new(parse, outer);
  }
  scope = scope_new(parse, outer);
  if (skip_word(parse, "values")) {
    read_expression(parse, scope, EXPR_CLAUSE);
  } else if (is(parse, 0, "table")) {
    parse->at++;
    read_target(parse, scope);
  }
  read_clauses(parse, scope);
  return scope;
}

void
read_query(struct parse *parse, struct scope *outer)
{
  struct with *with = parse->with;
  struct scope *scope;

  if (++parse->depth < PARSE_DEPTH) {
    read_with(parse, outer);
    scope = read_term(parse, outer);
    for (;;) {
      if (at_set_operator(parse)) {
        skip_set_operator(parse);
        if (is(parse, 0, "with")) read_with(parse, outer);
        scope = read_term(parse, outer);
      } else if (is(parse, 0, "|>")) {
        scope = read_pipe(parse, scope);
      } else if (at_clause(parse) && !(parse->stop && is(parse, 0, parse->stop))) {
        read_clauses(parse, scope);
      } else {
        break;
      }
    }
  } else {
    parse->at++; /* too deep: the caller's loop must still move on */
  }
  parse->depth--;
  parse->with = with;
}
