/* SPDX-License-Identifier: Apache-2.0 */
/* Recording failures: see err.h. Nothing here prints; how an error looks is the business of out/. */
#include "base/err.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/banned.h"

static void
push_cause(struct err *err, const char *message)
{
  struct err_cause *cause = arena_alloc(err->arena, sizeof *cause);

  cause->message = message;
  cause->older = err->cause;
  err->cause = cause;
}

clxs_status
err_vset(struct err *err, clxs_status status, const char *format, va_list args)
{
  if (err->message) push_cause(err, err->message);
  err->status = status;
  err->message = arena_vprintf(err->arena, format, args);
  return status;
}

clxs_status
err_set(struct err *err, clxs_status status, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  err_vset(err, status, format, args);
  va_end(args);
  return status;
}

void
err_hint(struct err *err, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  err->hint = arena_vprintf(err->arena, format, args);
  va_end(args);
}

clxs_status
err_errno(struct err *err, const char *format, ...)
{
  int number = errno;
  va_list args;
  char words[128];
  const char *what;

  va_start(args, format);
  what = arena_vprintf(err->arena, format, args);
  va_end(args);
  return err_set(err, number == ENOENT ? CLXS_E_NOT_FOUND : CLXS_E_IO, "%s: %s", what,
                 strerror_r(number, words, sizeof words));
}

void
err_clear(struct err *err)
{
  *err = ERR_INIT(err->arena);
}

void
err_copy(struct err *to, const struct err *from)
{
  struct arena *arena = to->arena;
  struct err_cause **end = &to->cause;

  *to = ERR_INIT(arena);
  to->status = from->status;
  to->message = arena_strdup(arena, from->message);
  to->hint = arena_strdup(arena, from->hint);
  to->error_class = arena_strdup(arena, from->error_class);
  to->sql_state = arena_strdup(arena, from->sql_state);
  to->statement_id = arena_strdup(arena, from->statement_id);
  to->request_id = arena_strdup(arena, from->request_id);
  to->http_status = from->http_status;
  to->retry_after_ms = from->retry_after_ms;
  for (const struct err_cause *cause = from->cause; cause; cause = cause->older) {
    *end = arena_alloc(arena, sizeof **end);
    (*end)->message = arena_strdup(arena, cause->message);
    end = &(*end)->older;
  }
}
