/* SPDX-License-Identifier: Apache-2.0 */
/* Tags in SQL: ALTER ... SET TAGS and UNSET TAGS, SET TAG ON and UNSET TAG ON.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-set-tag.html */
#include "base/arena.h"
#include "base/str.h"
#include "ddl/read.h"

#include "base/banned.h"

/* ('k' = 'v', 'k') or ('k', 'k'): each is done as it is read, for the statement is one transaction. */
bool
alter_tags(struct cursor *cursor, const struct securable *object, const char *column, bool set)
{
  const char *key, *value;

  if (!cursor_expect(cursor, "(")) return false;
  do {
    if (!parse_string(cursor, &key)) return false;
    value = "";
    if (set && cursor_take(cursor, "=") && !parse_string(cursor, &value)) return false;
    if (set ? !tag_set(cursor->session, object, column, key, value, false)
            : !tag_unset(cursor->session, object, column, key, false))
      return false;
  } while (cursor_take(cursor, ","));
  return cursor_expect(cursor, ")") && cursor_finish(cursor);
}

/* CATALOG c | ... | COLUMN c.s.t.col */
static bool
read_tagged(struct cursor *cursor, struct securable *object, const char **column)
{
  struct session *session = cursor->session;
  enum securable_kind kind = SEC_TABLE;
  struct ast_name parts;
  struct name name;

  *column = NULL;
  if (cursor_take(cursor, "COLUMN")) {
    if (!parse_name(cursor, 4, &parts)) return false;
    if (parts.count < 2) return cursor_fail(cursor);
    *column = parts.parts[--parts.count];
    if (!name_resolve(session, SEC_TABLE, parts.parts, parts.count, &name)) return false;
  } else if (!read_object_kind(cursor, &kind, NULL) || !read_object(cursor, kind, &name)) {
    return false;
  }
  return securable_need(session, kind, &name, object);
}

static bool
read_word_or_text(struct cursor *cursor, const char **text)
{
  return cursor_kind(cursor) == SQL_STRING ? parse_string(cursor, text) : parse_word(cursor, text);
}

bool
ddl_set(struct cursor *cursor, struct result *result)
{
  const char *column, *key, *value = "";
  struct securable object;

  (void)result;
  if (!cursor_take_words(cursor, "SET TAG ON")) {
    /* Settings, variables, time zone: nothing outlives the statement. */
    while (cursor_kind(cursor) != SQL_END && !cursor_is(cursor, ";"))
      cursor_next(cursor);
    return cursor_finish(cursor);
  }
  if (!read_tagged(cursor, &object, &column) || !read_word_or_text(cursor, &key)) return false;
  if (cursor_take(cursor, "=") && !read_word_or_text(cursor, &value)) return false;
  return cursor_finish(cursor) && tag_set(cursor->session, &object, column, key, value, true);
}

bool
ddl_unset(struct cursor *cursor, struct result *result)
{
  struct securable object;
  const char *column, *key;

  (void)result;
  if (!cursor_expect_words(cursor, "UNSET TAG ON") || !read_tagged(cursor, &object, &column)) return false;
  return read_word_or_text(cursor, &key) && cursor_finish(cursor) &&
         tag_unset(cursor->session, &object, column, key, true);
}
