/* SPDX-License-Identifier: Apache-2.0 */
/* Strings: paths into volumes, which name a catalog for certain, and texts that only the run will read, of
 * which one can say no more than that they mention it. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

#define MENTION_DEPTH 3

static bool mentions_at(struct arena *arena, const char *text, size_t length, const char *from, int depth);

/* Behind the name that starts at INDEX: how many parts it has, and whether it breaks off after a dot. */
static size_t
chain_length(const struct sql_tokens *tokens, size_t index, bool *broken)
{
  size_t parts = 1;

  *broken = false;
  for (;;) {
    index = sql_tokens_skip(tokens, index + 1);
    if (tokens->at[index].kind == SQL_NUMBER && tokens->text[tokens->at[index].start] == '.') {
      parts++;
      continue;
    }
    if (!sql_token_is(tokens, index, ".")) return parts;
    index = sql_tokens_skip(tokens, index + 1);
    if (!sql_token_is_name(&tokens->at[index])) {
      *broken = !sql_token_is(tokens, index, "*");
      return parts;
    }
    parts++;
  }
}

/* A word before a shorter name makes that a schema or a catalog. */
static bool
word_asks_for(const struct sql_tokens *tokens, size_t before, size_t parts)
{
  static const char *const catalogs[] = {"catalog", "schemas", "databases"};
  static const char *const schemas[] = {"schema", "database", "in", "use", "from"};
  bool found = false;

  if (before == SIZE_MAX) return false;
  for (size_t i = 0; parts == 1 && i < ARRAY_SIZE(catalogs); i++)
    found = found || sql_token_is(tokens, before, catalogs[i]);
  for (size_t i = 0; parts == 2 && i < ARRAY_SIZE(schemas); i++)
    found = found || sql_token_is(tokens, before, schemas[i]);
  return found;
}

static bool
name_mentions(struct arena *arena, const struct sql_tokens *tokens, size_t index, size_t before,
              const char *from)
{
  bool broken;
  size_t parts;

  if (before != SIZE_MAX && sql_token_is(tokens, before, ".")) return false;
  if (!utf8_ieq(sql_token_value(arena, tokens, index), from)) return false;
  parts = chain_length(tokens, index, &broken);
  return parts >= 3 || broken || word_asks_for(tokens, before, parts);
}

/* Where /Volumes/FROM stands in TEXT, as the offset of the name; SIZE_MAX where it does not. */
static size_t
find_volume(const char *text, size_t length, size_t start, size_t *name_length)
{
  static const char prefix[] = "/volumes/";
  size_t size = sizeof prefix - 1;

  for (size_t i = start; i + size < length; i++) {
    size_t end = i + size;

    if (text[i] != '/' || !str_ieqn(text + i, prefix, size)) continue;
    while (end < length && text[end] != '/' && (unsigned char)text[end] > ' ' &&
           !strchr("'\"`,;)", text[end]))
      end++;
    *name_length = end - i - size;
    if (*name_length > 0) return i + size;
  }
  return SIZE_MAX;
}

static bool
volume_is(struct arena *arena, const char *text, size_t length, const char *from)
{
  return utf8_ieq(arena_strndup(arena, text, length), from);
}

static bool
volumes_mention(struct arena *arena, const char *text, size_t length, const char *from)
{
  size_t size = 0;

  for (size_t at = find_volume(text, length, 0, &size); at != SIZE_MAX;
       at = find_volume(text, length, at, &size))
    if (volume_is(arena, text + at, size, from)) return true;
  return false;
}

static bool
token_mentions(struct arena *arena, const struct sql_tokens *tokens, size_t index, size_t before,
               const char *from, int depth)
{
  const struct sql_token *token = &tokens->at[index];

  if (sql_token_is_name(token)) return name_mentions(arena, tokens, index, before, from);
  if (depth >= MENTION_DEPTH) return false;
  if (token->kind == SQL_STRING || token->kind == SQL_BODY) {
    const char *value = sql_token_value(arena, tokens, index);

    return mentions_at(arena, value, strlen(value), from, depth + 1);
  }
  if (token->kind == SQL_ERROR && token->length > 1)
    return mentions_at(arena, tokens->text + token->start + 1, token->length - 1, from, depth + 1);
  return false;
}

static bool
mentions_at(struct arena *arena, const char *text, size_t length, const char *from, int depth)
{
  struct sql_tokens tokens;
  size_t before = SIZE_MAX;

  if (volumes_mention(arena, text, length, from)) return true;
  sql_tokens_read(arena, text, length, &tokens);
  for (size_t i = sql_tokens_skip(&tokens, 0); i < tokens.count; i = sql_tokens_skip(&tokens, i + 1)) {
    if (token_mentions(arena, &tokens, i, before, from, depth)) return true;
    before = i;
  }
  return false;
}

bool
mentions(struct arena *arena, const char *text, size_t length, const char *from)
{
  uint64_t mark;
  bool found;

  if (!from || length == 0) return false;
  mark = arena_mark(arena);
  found = mentions_at(arena, text, length, from, 0);
  arena_release(arena, mark);
  return found;
}

/* The path's catalog, schema and volume, as far as it has them. */
static size_t
path_parts(struct arena *arena, const char *text, size_t length, const char **parts)
{
  size_t count = 0;

  while (count < 3 && length > 0) {
    const char *slash = memchr(text, '/', length);
    size_t size = slash ? (size_t)(slash - text) : length;

    if (size == 0) break;
    parts[count++] = arena_strndup(arena, text, size);
    if (!slash) break;
    text += size + 1;
    length -= size + 1;
  }
  return count;
}

static void
note_volume(struct parse *parse, const struct sql_token *token, const struct literal *literal, size_t at,
            size_t length)
{
  struct findings *found = parse->found;
  const char **parts = arena_array(found->arena, 3, sizeof *parts);
  const char *open = parse->tokens.text + token->start;
  size_t base = parse->origin + token->start;
  struct sqltext_reference *reference = VEC_ADD(&found->references);

  reference->kind = SQLTEXT_PATH;
  reference->parts = parts;
  reference->count = path_parts(found->arena, literal->value + at, literal->length - at, parts);
  reference->qualified = true;
  reference->start = base;
  reference->length = token->length;
  reference->catalog = (struct sqltext_spot){.start = base + literal->starts[at],
                                             .length = literal->ends[at + length - 1] - literal->starts[at],
                                             .raw = str_is_alpha(*open),
                                             .literal = str_is_alpha(*open) ? open[1] : *open};
}

/* The path's catalog is filled in later: '/Volumes/' || c, '/Volumes/${c}/...'. */
static bool
is_open_path(const struct literal *literal, size_t at, size_t length)
{
  static const char prefix[] = "/volumes/";
  size_t size = sizeof prefix - 1;

  if (at != SIZE_MAX) return length > 1 && (literal->value[at] == '$' || literal->value[at] == '{');
  return literal->length >= size && str_ieqn(literal->value + literal->length - size, prefix, size);
}

void
note_string(struct parse *parse, size_t ahead)
{
  const struct sql_token *token = peek(parse, ahead);
  struct literal literal;
  size_t length = 0, at;

  if (token->kind != SQL_STRING && token->kind != SQL_NAME) return;
  if (token->length < sizeof "/Volumes/" || !memchr(parse->tokens.text + token->start, '/', token->length))
    return;
  literal_read(parse->found->arena, &parse->tokens, (size_t)(token - parse->tokens.at), &literal);
  at = find_volume(literal.value, literal.length, 0, &length);
  if (is_open_path(&literal, at, length)) {
    doubt_token(parse, ahead, "which catalog this path is in is only known at run time");
    return;
  }
  for (; at != SIZE_MAX; at = find_volume(literal.value, literal.length, at, &length))
    note_volume(parse, token, &literal, at, length);
}
