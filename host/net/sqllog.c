/* SPDX-License-Identifier: Apache-2.0 */
/* See sqllog.h. */
#include "net/sqllog.h"

#include <clxs/sql.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "net/net.h"
#include "net/redact.h"

#include "base/banned.h"

struct sqllog {
  int fd;
};

clxs_status
sqllog_open(const char *file, struct sqllog **out, struct err *err)
{
  int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
  struct sqllog *log;

  if (fd < 0) {
    clxs_status status = err_errno(err, "cannot open the SQL log %s", file);

    err_hint(err, "name a file that can be written with --sql-log");
    return status;
  }
  log = xcalloc(1, sizeof *log);
  log->fd = fd;
  *out = log;
  return CLXS_OK;
}

void
sqllog_close(struct sqllog *log)
{
  if (!log) return;
  close(log->fd);
  free(log);
}

static void
add_field(struct buf *line, const char *key, const char *value)
{
  CLEANUP_BUF struct buf safe = BUF_INIT(BUF_LARGE);

  if (!value || !*value) return;
  redact_text(&safe, value, NULL);
  buf_addf(line, ",\"%s\":", key);
  buf_add_json(line, safe.data);
}

static void
add_parameters(struct buf *line, const struct net_query *query)
{
  if (query->bind_count == 0) return;
  buf_add_text(line, ",\"parameters\":{");
  for (uint32_t i = 0; i < query->bind_count; i++) {
    const struct clxs_bind *bind = &query->binds[i];
    CLEANUP_BUF struct buf pair = BUF_INIT(BUF_LARGE), safe = BUF_INIT(BUF_LARGE);

    /* As an assignment, so that a parameter called password hides its value. */
    buf_addf(&pair, "%s='%s'", bind->name, bind->value ? bind->value : "");
    redact_text(&safe, pair.data, NULL);
    if (i > 0) buf_add_char(line, ',');
    buf_add_json(line, bind->name);
    buf_add_char(line, ':');
    if (!bind->value) {
      buf_add_text(line, "null");
    } else {
      size_t prefix = strlen(bind->name) + 2;

      if (safe.len > prefix) safe.data[safe.len - 1] = '\0';
      buf_add_json(line, safe.len > prefix ? safe.data + prefix : "***");
    }
  }
  buf_add_char(line, '}');
}

void
sqllog_write(struct sqllog *log, const struct sqllog_event *event)
{
  CLEANUP_BUF struct buf line = BUF_INIT(BUF_LARGE);
  char time[32];
  ssize_t written;

  if (!log) return;
  buf_addf(&line, "{\"time\":\"%s\"", clock_iso(clock_now_ms(), time, sizeof time));
  add_field(&line, "event", event->event);
  add_field(&line, "statement_id", event->statement_id);
  if (event->query) {
    add_field(&line, "purpose", event->query->purpose);
    add_field(&line, "warehouse_id", event->query->warehouse);
    add_field(&line, "catalog", event->query->catalog);
    add_field(&line, "schema", event->query->schema);
    add_field(&line, "statement", event->query->text);
    add_parameters(&line, event->query);
  }
  add_field(&line, "state", event->state);
  if (event->duration_ms >= 0) buf_addf(&line, ",\"duration_ms\":%lld", (long long)event->duration_ms);
  add_field(&line, "error_class", event->error_class);
  add_field(&line, "message", event->message);
  buf_add_text(&line, "}\n");
  do
    written = write(log->fd, line.data, line.len);
  while (written < 0 && errno == EINTR);
}
