/* SPDX-License-Identifier: Apache-2.0 */
/* Failed statements: the error class is in the text, in one of two shapes; see errors.h. */
#include <stdio.h>

#include "base/arena.h"
#include "base/str.h"
#include "net/errors.h"
#include "net/errors_codes.h"

#include "base/banned.h"

#define CLASS_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."

/* The word behind KEY, up to a space, comma or closing bracket; NULL when KEY is not in the bracket. */
static char *
bracket_value(struct arena *arena, const char *text, const char *key)
{
  const char *end = strchr(text, ']'), *at = strstr(text, key);

  if (!end || !at || at > end) return NULL;
  at += strlen(key);
  return arena_strndup(arena, at, strcspn(at, " ,]"));
}

/* "[CLASS.SUB] ...", also behind a prefix such as "org.apache.spark...: ". */
static char *
bracket_class(struct arena *arena, const char *text)
{
  for (const char *at = strchr(text, '['); at; at = strchr(at + 1, '[')) {
    size_t length = strspn(at + 1, CLASS_LETTERS);

    if (length > 2 && at[1 + length] == ']' && str_is_alpha(at[1]))
      return arena_strndup(arena, at + 1, length);
  }
  return NULL;
}

static char *
find_sql_state(struct arena *arena, const char *text)
{
  const char *at = strstr(text, "SQLSTATE: ");
  size_t length;

  if (!at) return NULL;
  at += strlen("SQLSTATE: ");
  length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
  return length == 5 ? arena_strndup(arena, at, 5) : NULL;
}

static clxs_status
classify(struct arena *arena, const struct errors_sql *sql, const char *error_code)
{
  const char *class = sql->error_class ? sql->error_class : "";
  size_t main_length = strcspn(class, ".");
  clxs_status status = errors_code_status(arena_strndup(arena, class, main_length));

  if (status == CLXS_OK) status = errors_sqlstate_status(sql->sql_state);
  if (status == CLXS_OK) status = errors_code_status(error_code);
  return status == CLXS_OK ? CLXS_E_INVALID : status;
}

void
errors_read_sql(struct arena *arena, const char *error_code, const char *message, const char *sql_state,
                struct errors_sql *sql)
{
  *sql = (struct errors_sql){0};
  if (message) {
    sql->error_class = bracket_value(arena, message, "ErrorClass=");
    if (sql->error_class) sql->request_id = bracket_value(arena, message, "RequestId=");
    if (!sql->error_class) sql->error_class = bracket_class(arena, message);
    sql->sql_state = find_sql_state(arena, message);
  }
  if (sql_state && *sql_state) sql->sql_state = arena_strdup(arena, sql_state);
  sql->status = classify(arena, sql, error_code);
  sql->transient = sql->error_class
                       ? errors_code_is_transient(sql->error_class) || str_eq(sql->sql_state, "2D521")
                       : errors_code_is_transient(error_code) || str_eq(sql->sql_state, "2D521");
  if (!sql->error_class) sql->error_class = arena_strdup(arena, error_code);
}

const char *
errors_hint(clxs_status status)
{
  switch (status) {
  case CLXS_E_AUTH: return "check the credentials with: clxs auth status";
  case CLXS_E_DENIED: return "ask an owner or administrator for the missing privilege";
  case CLXS_E_LIMIT: return "wait a little, or use fewer --max-workers";
  case CLXS_E_UNAVAILABLE: return "try again later; if it persists, look at the workspace's status page";
  case CLXS_E_LOST: return "look at the object before trying again";
  case CLXS_E_TIMEOUT: return "allow more time, or look at the warehouse's load";
  default: return NULL;
  }
}
