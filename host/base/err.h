/* SPDX-License-Identifier: Apache-2.0 */
/* The detail of a failure: what, why, what next. Functions return a clxs_status and fill a struct err that
 * the caller owns; a caller that adds its own sentence keeps what was there as the cause. One err, one
 * thread. */
#ifndef CLXS_HOST_BASE_ERR_H
#define CLXS_HOST_BASE_ERR_H

#include <clxs/status.h>
#include <stdarg.h>
#include <stdint.h>

struct arena;

/* A cause, older ones behind it. */
struct err_cause {
  const char *message;
  struct err_cause *older;
};

/* Texts live in the arena. All zero but the arena means "no error". */
struct err {
  struct arena *arena;
  clxs_status status;
  const char *message, *hint;
  const char *error_class, *sql_state, *statement_id, *request_id;
  int32_t http_status, retry_after_ms;
  struct err_cause *cause;
};

/* ERR_INIT(arena): an empty error whose texts will live in ARENA. */
#define ERR_INIT(where) ((struct err){.arena = (where)})

/* Record STATUS with a message (one sentence, no full stop, names the object), and return STATUS. A message
 * recorded before becomes the cause; class, ids and hint stay unless set anew. */
clxs_status err_set(struct err *err, clxs_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
clxs_status err_vset(struct err *err, clxs_status status, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
/* The next step for a person; the last one said wins. */
void err_hint(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* errno in words, as CLXS_E_IO (CLXS_E_NOT_FOUND for ENOENT): "cannot open /x/y: Permission denied". */
clxs_status err_errno(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Forget everything. */
void err_clear(struct err *err);
/* A copy whose texts live in TO's arena; for handing an error from a worker to its parent. */
void err_copy(struct err *to, const struct err *from);

#endif
