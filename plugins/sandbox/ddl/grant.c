/* SPDX-License-Identifier: Apache-2.0 */
/* GRANT and REVOKE. https://docs.databricks.com/sql/language-manual/security-grant.html */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "ddl/read.h"

#include "base/banned.h"

/* One privilege: words up to a comma, ON, or the end. */
static bool
read_privilege(struct cursor *cursor, uint64_t *set)
{
  struct buf words CLEANUP_BUF = BUF_INIT(BUF_SQL);
  enum privilege privilege;

  while (cursor_kind(cursor) == SQL_WORD && !cursor_is(cursor, "ON")) {
    size_t start = cursor_start(cursor);

    cursor_next(cursor);
    if (words.len > 0) buf_add_char(&words, ' ');
    buf_add_text(&words, cursor_text(cursor, start, cursor_end(cursor)));
  }
  if (words.len == 0) return cursor_fail(cursor);
  if (!privilege_from_text(words.data, &privilege))
    return fault_raise(cursor->session, "INVALID_PARAMETER_VALUE", "Privilege '%s' does not exist.",
                       words.data);
  *set |= PRIV_BIT(privilege);
  return true;
}

/* p, q ON kind name */
static bool
read_grant(struct cursor *cursor, uint64_t *set, struct securable *object)
{
  struct session *session = cursor->session;
  enum securable_kind kind = SEC_TABLE;
  struct name name;

  *set = 0;
  do
    if (!read_privilege(cursor, set)) return false;
  while (cursor_take(cursor, ","));
  if (!cursor_expect(cursor, "ON")) return false;
  if (cursor_take(cursor, "METASTORE")) {
    struct metastore metastore;

    metastore_load(session, &metastore);
    return securable_need(session, SEC_METASTORE, &(struct name){.catalog = metastore.id}, object);
  }
  if (cursor_is(cursor, "SHARE")) return refuse_feature(session, "SANDBOX", "grants on shares");
  /* The kind may be left out for relations. */
  if (cursor_kind(cursor) == SQL_NAME || cursor_is_at(cursor, 1, ".") || cursor_is_at(cursor, 1, "TO") ||
      cursor_is_at(cursor, 1, "FROM")) {
    if (!read_object(cursor, kind, &name)) return false;
  } else if (!read_object_kind(cursor, &kind, NULL) || !read_object(cursor, kind, &name)) {
    return false;
  }
  return securable_need(session, kind, &name, object);
}

bool
ddl_grant(struct cursor *cursor, struct result *result)
{
  struct securable object;
  const char *principal;
  uint64_t set;

  (void)result;
  if (!cursor_expect(cursor, "GRANT") || !read_grant(cursor, &set, &object)) return false;
  if (!cursor_expect(cursor, "TO") || !read_principal(cursor, &principal) || !cursor_finish(cursor))
    return false;
  return grant_change(cursor->session, &object, principal, set, 0);
}

bool
ddl_revoke(struct cursor *cursor, struct result *result)
{
  struct securable object;
  const char *principal;
  uint64_t set;

  (void)result;
  if (!cursor_expect(cursor, "REVOKE") || !read_grant(cursor, &set, &object)) return false;
  if (!cursor_expect(cursor, "FROM") || !read_principal(cursor, &principal) || !cursor_finish(cursor))
    return false;
  return grant_change(cursor->session, &object, principal, 0, set);
}
