/* SPDX-License-Identifier: Apache-2.0 */
/* Names as they are written: words, back-ticks, IDENTIFIER(), substitutions, and the mistakes that people
 * make with hyphens and digits. What a name means is decided elsewhere. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

struct parts {
  VEC(struct part) list;
};

static struct part *
add_part(struct parts *parts, const char *value, size_t start, size_t length)
{
  struct part *part = VEC_ADD(&parts->list);

  part->value = value;
  part->spot.start = start;
  part->spot.length = length;
  return part;
}

static struct name *
finish_name(struct parse *parse, struct parts *parts)
{
  struct name *name = arena_alloc(parse->found->arena, sizeof *name);

  name->count = parts->list.count;
  name->parts = arena_array(parse->found->arena, name->count, sizeof *name->parts);
  if (name->count > 0) memcpy(name->parts, parts->list.at, name->count * sizeof *name->parts);
  VEC_FREE(&parts->list);
  return name;
}

/* One part spelled inside a literal: TOKEN of its value, at its place in the text. */
static void
add_literal_part(struct parse *parse, struct parts *parts, const struct sql_tokens *inner, size_t index,
                 const struct literal *literal, const struct sql_token *outer)
{
  const struct sql_token *token = &inner->at[index];
  const char *quote = parse->tokens.text + outer->start;
  size_t start = literal->starts[token->start];
  size_t end = literal->ends[token->start + token->length - 1];
  struct part *part = add_part(parts, sql_token_value(parse->found->arena, inner, index),
                               parse->origin + outer->start + start, end - start);

  part->spot.quote = token->kind == SQL_NAME ? '`' : 0;
  part->spot.raw = str_is_alpha(*quote);
  part->spot.literal = part->spot.raw ? quote[1] : *quote;
}

/* PARTS of the literal at token AHEAD; false, with nothing added, where its value is no name. */
static bool
add_literal_parts(struct parse *parse, struct parts *parts, size_t ahead)
{
  const struct sql_token *outer = peek(parse, ahead);
  struct sql_tokens inner;
  struct literal literal;
  size_t before = parts->list.count, index;

  if (outer->kind != SQL_STRING) return false;
  literal_read(parse->found->arena, &parse->tokens, (size_t)(outer - parse->tokens.at), &literal);
  sql_tokens_read(parse->found->arena, literal.value, literal.length, &inner);
  index = sql_tokens_skip(&inner, 0);
  while (sql_token_is_name(&inner.at[index])) {
    add_literal_part(parse, parts, &inner, index, &literal, outer);
    index = sql_tokens_skip(&inner, index + 1);
    if (index == inner.count) return true;
    if (!sql_token_is(&inner, index, ".")) break;
    index = sql_tokens_skip(&inner, index + 1);
  }
  parts->list.count = before;
  return false;
}

/* IDENTIFIER(...): its literal's parts, or one part that is only known at run time. */
static void
read_identifier_clause(struct parse *parse, struct parts *parts)
{
  size_t start = offset_at(parse, 0);

  if (is(parse, 3, ")") && add_literal_parts(parse, parts, 2)) {
    parse->at += 4;
    return;
  }
  parse->at++;
  skip_group(parse);
  add_part(parts, NULL, start,
           parse->origin + parse->tokens.at[parse->sense[parse->at - 1]].start + 1 - start);
}

/* Words and substitutions with nothing between them are one part, known only at run time. */
static bool
read_pieces(struct parse *parse, struct parts *parts)
{
  size_t start = offset_at(parse, 0), pieces = 1;
  bool variable = peek(parse, 0)->kind == SQL_VARIABLE;
  const struct sql_token *last;

  for (; is_adjacent(parse, pieces - 1); pieces++) {
    enum sql_kind kind = peek(parse, pieces)->kind;

    if (kind != SQL_VARIABLE && kind != SQL_WORD && kind != SQL_NUMBER) break;
    if (kind == SQL_NUMBER && parse->tokens.text[peek(parse, pieces)->start] == '.') break;
    variable = variable || kind == SQL_VARIABLE;
  }
  if (!variable) return false;
  last = peek(parse, pieces - 1);
  add_part(parts, NULL, start, parse->origin + last->start + last->length - start);
  parse->at += pieces;
  return true;
}

static void
read_part(struct parse *parse, struct parts *parts)
{
  const struct sql_token *token = peek(parse, 0);
  struct part *part;

  if (is(parse, 0, "identifier") && is(parse, 1, "(")) {
    read_identifier_clause(parse, parts);
    return;
  }
  if (read_pieces(parse, parts)) return;
  part = add_part(parts, value_at(parse, 0), offset_at(parse, 0), token->length);
  if (token->kind == SQL_NAME) part->spot.quote = '`';
  parse->at++;
}

/* `s.2024`: to the lexer that is a name and a decimal, to its author a name. Not legal, so it is marked as
 * glued. */
static bool
read_number_part(struct parse *parse, struct parts *parts)
{
  const struct sql_token *token = peek(parse, 0);

  if (token->kind != SQL_NUMBER || parse->tokens.text[token->start] != '.') return false;
  add_part(parts,
           arena_strndup(parse->found->arena, parse->tokens.text + token->start + 1, token->length - 1),
           offset_at(parse, 0) + 1, token->length - 1);
  parse->at++;
  return true;
}

struct name *
read_name(struct parse *parse)
{
  struct parts parts = {0};
  size_t start = offset_at(parse, 0);
  bool variable = peek(parse, 0)->kind == SQL_VARIABLE, glued = false, star = false;
  struct name *name;

  read_part(parse, &parts);
  for (;;) {
    if (read_number_part(parse, &parts)) {
      glued = true;
    } else if (is(parse, 0, ".") && at_name(parse, 1)) {
      parse->at++;
      read_part(parse, &parts);
    } else {
      break;
    }
  }
  if (is(parse, 0, ".") && is(parse, 1, "*")) {
    star = true;
    parse->at += 2;
  }
  name = finish_name(parse, &parts);
  name->start = start;
  name->end = offset_behind(parse);
  name->variable = variable;
  name->glued = glued;
  name->star = star;
  return name;
}

struct name *
read_literal_name(struct parse *parse, size_t ahead)
{
  struct parts parts = {0};
  struct name *name;

  if (!add_literal_parts(parse, &parts, ahead)) {
    VEC_FREE(&parts.list);
    return NULL;
  }
  name = finish_name(parse, &parts);
  name->start = offset_at(parse, ahead);
  name->end = name->start + peek(parse, ahead)->length;
  return name;
}

bool
name_part_is(const struct name *name, size_t index, const char *value)
{
  return value && index < name->count && name->parts[index].value &&
         utf8_ieq(name->parts[index].value, value);
}
