/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands are given: a file or standard input, languages, catalogs; and how reports are said. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "sql.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"

#include "base/banned.h"

/* How long a read may hang before cancellation is looked at. */
#define POLL_MS 200

const char *
input_name(struct clxs_call *call)
{
  const char *path = call->core->arg_text(call, "file", 0);

  return !path || str_eq(path, "-") ? "standard input" : path;
}

static clxs_status
read_failed(struct clxs_call *call, int error)
{
  return clxs_failf(call, CLXS_E_IO, "check the path, or give - to read standard input", "cannot read %s: %s",
                    input_name(call), strerror(error));
}

/* Wait until FD has something, or the run is to end. */
static clxs_status
wait_input(struct clxs_call *call, int fd)
{
  struct pollfd wait = {.fd = fd, .events = POLLIN};

  for (;;) {
    if (call->core->cancelled(call))
      return call->core->fail(call, CLXS_E_CANCELLED, "interrupted while reading", NULL);
    if (poll(&wait, 1, POLL_MS) > 0) return CLXS_OK;
  }
}

static clxs_status
read_all(struct clxs_call *call, int fd, struct buf *text)
{
  CLEANUP_FREE char *block = xmalloc(1 << 16);

  for (;;) {
    clxs_status status = wait_input(call, fd);
    ssize_t size;

    if (status != CLXS_OK) return status;
    size = read(fd, block, 1 << 16);
    if (size == 0) return CLXS_OK;
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return read_failed(call, errno);
    buf_add(text, block, (size_t)size);
    if (text->overflow)
      return clxs_failf(call, CLXS_E_IO, "split it into several files", "%s is larger than 1 GiB",
                        input_name(call));
  }
}

clxs_status
input_read(struct clxs_call *call, struct buf *text)
{
  const char *path = call->core->arg_text(call, "file", 0);
  CLEANUP_FD int opened = -1;

  if (!path || str_eq(path, "-")) return read_all(call, STDIN_FILENO, text);
  opened = open(path, O_RDONLY | O_CLOEXEC);
  if (opened < 0) return read_failed(call, errno);
  return read_all(call, opened, text);
}

bool
language_read(const char *name, enum sqltext_language *language)
{
  if (!name || str_eq(name, "sql"))
    *language = SQLTEXT_SQL;
  else if (str_eq(name, "yaml"))
    *language = SQLTEXT_YAML;
  else if (str_eq(name, "python"))
    *language = SQLTEXT_PYTHON;
  else
    return false;
  return true;
}

/* TEXT on one line, and as UTF-8. */
static void
add_snippet(struct buf *line, const char *text)
{
  while (*text) {
    uint32_t point;
    size_t step = utf8_decode(text, &point);

    if (step == 0)
      buf_add_text(line, "\xef\xbf\xbd");
    else if (point < 0x20 || point == 0x7f)
      buf_add_char(line, ' ');
    else
      buf_add(line, text, step);
    text += step ? step : 1;
  }
}

void
reports_log(struct clxs_call *call, const char *file, const struct sqltext_report *reports, size_t count)
{
  CLEANUP_BUF struct buf line = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < count; i++) {
    buf_reset(&line);
    buf_addf(&line, "%s:%u:%u: %s: ", file, reports[i].line, reports[i].column, reports[i].reason);
    add_snippet(&line, reports[i].text);
    call->core->log(call, CLXS_LOG_WARN, line.data);
  }
}

clxs_status
catalog_check(struct clxs_call *call, const char *flag, const char *name)
{
  const char *problem;

  if (!name)
    return clxs_failf(call, CLXS_E_USAGE, "say which catalogs: --from OLD --to NEW", "--%s is missing", flag);
  problem = sqltext_catalog_problem(name);
  if (!problem) return CLXS_OK;
  return clxs_failf(call, CLXS_E_USAGE, "give a catalog's name, without quotes", "--%s \"%s\" %s", flag, name,
                    problem);
}
