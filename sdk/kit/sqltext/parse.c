/* SPDX-License-Identifier: Apache-2.0 */
/* A piece of SQL, opened and read: the tokens with meaning are picked out, the piece is read as what it is,
 * names in its expressions are looked up at the end. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

void
parse_open(struct parse *parse, const char *text, size_t length)
{
  struct arena *arena = parse->found->arena;
  size_t count = 0;

  sql_tokens_read(arena, text, length, &parse->tokens);
  parse->sense = arena_array(arena, parse->tokens.count + 1, sizeof *parse->sense);
  for (size_t i = sql_tokens_skip(&parse->tokens, 0); i < parse->tokens.count;
       i = sql_tokens_skip(&parse->tokens, i + 1))
    parse->sense[count++] = i;
  parse->sense[count] = parse->tokens.count;
  parse->count = count;
}

void
parse_close(struct parse *parse)
{
  VEC_FREE(&parse->pendings);
}

/* Cells of other languages live in the comments of exported notebooks. */
static void
note_comment(struct parse *parse, const struct sql_token *token)
{
  static const char magic[] = "-- MAGIC ";
  const char *text = parse->tokens.text + token->start;
  size_t skip = sizeof magic - 1;

  if (token->length <= skip || memcmp(text, magic, skip) != 0) return;
  if (mentions(parse->found->arena, text + skip, token->length - skip, parse->found->from))
    note_doubt(parse->found, parse->origin + token->start, token->length - (text[token->length - 1] == '\n'),
               "a notebook cell in another language mentions the catalog");
}

/* What the lexer could not read, and comments that are more than that. */
static void
note_oddities(struct parse *parse)
{
  for (size_t i = 0; i < parse->tokens.count; i++) {
    const struct sql_token *token = &parse->tokens.at[i];

    if (token->kind == SQL_COMMENT) note_comment(parse, token);
    if (token->kind == SQL_ERROR && token->length > 1 &&
        strchr("'\"`$/rRxX", parse->tokens.text[token->start]))
      note_doubt(parse->found, parse->origin + token->start, token->length,
                 "not closed: the text from here on could not be read and stays as it is");
  }
}

static void
read_relation_text(struct parse *parse)
{
  struct scope *scope = scope_new(parse, NULL);

  if (opens_query(parse, 0))
    read_query(parse, NULL);
  else
    read_relations(parse, scope);
}

void
parse_text(struct findings *found, size_t origin, size_t length, enum parse_what what)
{
  parse_piece(found, found->text + origin, origin, length, what);
}

void
parse_piece(struct findings *found, const char *text, size_t origin, size_t length, enum parse_what what)
{
  struct parse parse = {.found = found, .origin = origin};

  parse_open(&parse, text, length);
  if (what == PARSE_STATEMENTS) {
    read_statements(&parse);
  } else if (what == PARSE_RELATION) {
    read_relation_text(&parse);
  } else {
    read_expression(&parse, scope_new(&parse, NULL), 0);
  }
  note_oddities(&parse);
  scope_resolve(&parse);
  parse_close(&parse);
}
