/* SPDX-License-Identifier: Apache-2.0 */
/* Python source: which of its strings mention the catalog. A string in a program can mean anything, so
 * nothing is decided here. Knows Python's strings and comments, nothing else of it. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

struct python {
  struct findings *found;
  const char *text;
  size_t origin, length;
};

static char
at(const struct python *python, size_t position)
{
  return position < python->length ? python->text[position] : '\0';
}

static size_t
end_of_line(const struct python *python, size_t position)
{
  while (position < python->length && python->text[position] != '\n')
    position++;
  return position;
}

/* Behind the string whose quotes start at POSITION; INNER is where its text starts and LENGTH how long it is.
 */
static size_t
end_of_string(const struct python *python, size_t position, size_t *inner, size_t *length)
{
  char quote = at(python, position);
  size_t marks = at(python, position + 1) == quote && at(python, position + 2) == quote ? 3 : 1, i;

  *inner = position + marks;
  for (i = *inner; i < python->length; i++) {
    if (python->text[i] == '\\') {
      i++;
    } else if (marks == 1 && python->text[i] == '\n') {
      break;
    } else if (python->text[i] == quote &&
               (marks == 1 || (at(python, i + 1) == quote && at(python, i + 2) == quote))) {
      *length = i - *inner;
      return i + marks;
    }
  }
  if (i > python->length) i = python->length;
  *length = i - *inner;
  return i;
}

/* The string is the catalog's name and stands in a line that is about catalogs, tables or queries. */
static bool
is_catalog_setting(const struct python *python, size_t start, size_t inner, size_t length)
{
  static const char *const words[] = {"catalog", "spark", "table", "sql"};
  struct arena *arena = python->found->arena;
  size_t line = start;

  if (!python->found->from ||
      !utf8_ieq(arena_strndup(arena, python->text + inner, length), python->found->from))
    return false;
  while (line > 0 && python->text[line - 1] != '\n')
    line--;
  for (size_t i = line; i < start; i++)
    for (size_t w = 0; w < ARRAY_SIZE(words); w++)
      if (i + strlen(words[w]) <= start && str_ieqn(python->text + i, words[w], strlen(words[w])))
        return true;
  return false;
}

/* {catalog}.schema.table, or as much of it as shows that a name is put together. */
static bool
is_name_template(const char *text, size_t length)
{
  for (size_t i = 1; i + 1 < length; i++) {
    size_t end = i + 2;

    if (text[i] != '}' || text[i + 1] != '.' || !memchr(text, '{', i)) continue;
    while (end < length && text[end] && (str_is_alnum(text[end]) || strchr("_{}`", text[end])))
      end++;
    if (end > i + 2 && end + 1 < length && text[end] == '.' && text[end + 1] > ' ') return true;
  }
  return false;
}

/* FROM {catalog}...: a query that gets its catalog from the program. */
static bool
is_template(const struct python *python, size_t inner, size_t length)
{
  struct arena *arena = python->found->arena;
  static const char *const words[] = {"from", "join", "into", "table", "update", "catalog", "view"};
  struct sql_tokens tokens;
  size_t last = SIZE_MAX;

  if (!memchr(python->text + inner, '{', length) && !memchr(python->text + inner, '%', length)) return false;
  if (is_name_template(python->text + inner, length)) return true;
  sql_tokens_read(arena, python->text + inner, length, &tokens);
  for (size_t i = sql_tokens_skip(&tokens, 0); i < tokens.count; i = sql_tokens_skip(&tokens, i + 1)) {
    char c = tokens.text[tokens.at[i].start];

    for (size_t w = 0; (c == '{' || c == '%') && last != SIZE_MAX && w < ARRAY_SIZE(words); w++)
      if (sql_token_is(&tokens, last, words[w])) return true;
    last = i;
  }
  return false;
}

static void
note_text(const struct python *python, size_t start, size_t end, size_t inner, size_t length)
{
  struct findings *found = python->found;

  if (mentions(found->arena, python->text + inner, length, found->from) ||
      is_catalog_setting(python, start, inner, length))
    note_doubt(found, python->origin + start, end - start, "a string in Python mentions the catalog");
  else if (is_template(python, inner, length))
    note_doubt(found, python->origin + start, end - start, "a query in Python gets its catalog at run time");
}

/* Cells of other languages are comments in an exported notebook. */
static void
note_magic(const struct python *python, size_t start, size_t end)
{
  static const char magic[] = "# MAGIC ";
  size_t skip = sizeof magic - 1;

  if (end - start <= skip || memcmp(python->text + start, magic, skip) != 0) return;
  if (mentions(python->found->arena, python->text + start + skip, end - start - skip, python->found->from))
    note_doubt(python->found, python->origin + start, end - start,
               "a notebook cell in another language mentions the catalog");
}

void
read_python(struct findings *found, size_t origin, size_t length)
{
  struct python python = {.found = found, .text = found->text + origin, .origin = origin, .length = length};
  size_t position = 0;

  while (position < length) {
    char c = python.text[position];
    size_t end = position + 1;

    if (c == '#') {
      end = end_of_line(&python, position);
      note_magic(&python, position, end);
    } else if (c == '\'' || c == '"') {
      size_t inner, size;

      end = end_of_string(&python, position, &inner, &size);
      note_text(&python, position, end, inner, size);
    }
    position = end;
  }
}
