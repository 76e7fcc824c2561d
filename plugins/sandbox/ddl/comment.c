/* SPDX-License-Identifier: Apache-2.0 */
/* COMMENT ON. https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-comment.html */
#include "base/arena.h"
#include "base/str.h"
#include "ddl/alter.h"
#include "ddl/read.h"

#include "base/banned.h"

/* IS 'text' | NULL; "" for NULL. */
static bool
read_text(struct cursor *cursor, const char **text)
{
  *text = "";
  if (!cursor_expect(cursor, "IS")) return false;
  return (cursor_take(cursor, "NULL") || parse_string(cursor, text)) && cursor_finish(cursor);
}

/* COLUMN a.b.c.column: the last part is the column. */
static bool
comment_column(struct cursor *cursor)
{
  struct session *session = cursor->session;
  struct column *column;
  struct ast_name name;
  const char *text;
  struct name full;
  struct table table;

  if (!parse_name(cursor, 4, &name) || !read_text(cursor, &text)) return false;
  if (name.count < 2) return cursor_fail(cursor);
  if (!name_resolve(session, SEC_TABLE, name.parts, name.count - 1, &full) ||
      !table_open(session, &full, NULL, &table))
    return false;
  column = alter_find_column(session, &table, name.parts[name.count - 1]);
  return column && alter_comment(session, &table, column, text);
}

bool
ddl_comment(struct cursor *cursor, struct result *result)
{
  enum securable_kind kind;
  struct name name;
  const char *text;

  (void)result;
  if (!cursor_expect_words(cursor, "COMMENT ON")) return false;
  if (cursor_take(cursor, "COLUMN")) return comment_column(cursor);
  if (cursor_is(cursor, "FUNCTION") || cursor_is(cursor, "VIEW") || cursor_is(cursor, "MATERIALIZED") ||
      cursor_is(cursor, "METASTORE"))
    return cursor_fail(cursor);
  if (!read_object_kind(cursor, &kind, NULL) || !read_object(cursor, kind, &name) ||
      !read_text(cursor, &text))
    return false;
  return securable_update(cursor->session, kind, &name, &(struct patch){.comment = text}, NULL);
}
