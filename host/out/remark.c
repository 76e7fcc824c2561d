/* SPDX-License-Identifier: Apache-2.0 */
/* What is said beside the result, on stderr: log lines, progress, the final error, and questions. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <clxs/call.h>

#include "base/err.h"
#include "base/str.h"
#include "base/threads.h"
#include "out/tty.h"
#include "out/writer.h"

#include "base/banned.h"

/* How often a question looks whether the run is cancelled. */
#define ANSWER_POLL_MS 100

static void
put_remark(struct out *out, const struct buf *text)
{
  LOCK_SCOPE(&out->mutex);
  progress_hide(&out->progress);
  fwrite(text->data, 1, text->len, out->options.remarks);
  fflush(out->options.remarks);
}

static bool
is_wanted(const struct out *out, int32_t level)
{
  switch (level) {
  case CLXS_LOG_ERROR: return true;
  case CLXS_LOG_WARN: return !out->options.quiet;
  case CLXS_LOG_INFO: return out->options.verbose || out->options.debug;
  default: return out->options.debug;
  }
}

/* A heading word, coloured where stderr shows colours. */
static void
add_word(struct out *out, struct buf *buf, const char *word, const char *sgr)
{
  if (tty_colour(out->options.remarks) && out->options.colour != 0) {
    buf_addf(buf, "\x1b[%sm%s\x1b[0m", sgr, word);
  } else {
    buf_add_text(buf, word);
  }
}

void
out_log(struct out *out, int32_t level, const char *line)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  if (!is_wanted(out, level)) return;
  buf_add_text(&text, "clxs: ");
  if (level == CLXS_LOG_ERROR) add_word(out, &text, "error: ", "1;31");
  if (level == CLXS_LOG_WARN) add_word(out, &text, "warning: ", "1;33");
  if (level >= CLXS_LOG_DEBUG) add_word(out, &text, "debug: ", "2");
  tty_add_safe(&text, line, strlen(line), 0);
  buf_add_char(&text, '\n');
  put_remark(out, &text);
}

void
out_progress(struct out *out, const char *what, uint64_t done, uint64_t total)
{
  if (!out->options.progress || out->options.quiet) return;
  LOCK_SCOPE(&out->mutex);
  progress_show(&out->progress, what, done, total);
}

void
out_progress_end(struct out *out)
{
  LOCK_SCOPE(&out->mutex);
  progress_stop(&out->progress);
}

static void
add_fact(struct buf *text, const char *title, const char *fact)
{
  if (!fact || !*fact) return;
  buf_addf(text, "  %s: ", title);
  tty_add_safe(text, fact, strlen(fact), TTY_LINES);
  buf_add_char(text, '\n');
}

static void
add_error_text(struct out *out, struct buf *text, const struct err *err)
{
  const char *message = err->message ? err->message : "the command failed without saying why";

  buf_add_text(text, "clxs: ");
  add_word(out, text, "error: ", "1;31");
  tty_add_safe(text, message, strlen(message), TTY_LINES);
  buf_add_char(text, '\n');
  for (const struct err_cause *cause = err->cause; cause; cause = cause->older)
    add_fact(text, "cause", cause->message);
  add_fact(text, "error class", err->error_class);
  add_fact(text, "SQL state", err->sql_state);
  add_fact(text, "statement id", err->statement_id);
  add_fact(text, "request id", err->request_id);
  add_fact(text, "next step", err->hint);
}

static void
add_member(struct buf *text, const char *key, const char *value)
{
  buf_addf(text, ",\"%s\":", key);
  buf_add_json(text, value);
}

static void
add_error_json(struct buf *text, const struct err *err)
{
  buf_addf(text, "{\"error\":{\"status\":%d,\"exit_code\":%d", (int)err->status, clxs_exit_code(err->status));
  add_member(text, "message", err->message);
  buf_add_text(text, ",\"causes\":[");
  for (const struct err_cause *cause = err->cause; cause; cause = cause->older) {
    buf_add_json(text, cause->message);
    if (cause->older) buf_add_char(text, ',');
  }
  buf_add_char(text, ']');
  add_member(text, "hint", err->hint);
  add_member(text, "error_class", err->error_class);
  add_member(text, "sql_state", err->sql_state);
  add_member(text, "statement_id", err->statement_id);
  add_member(text, "request_id", err->request_id);
  buf_addf(text, ",\"http_status\":%d}}\n", (int)err->http_status);
}

void
out_error(struct out *out, const struct err *err)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  add_error_text(out, &text, err);
  if (out->options.format == CLXS_FORMAT_JSON) add_error_json(&text, err);
  put_remark(out, &text);
}

/* One line, read byte by byte so that an interruption is noticed. False at the end of input or when
 * cancelled. */
static bool
read_answer(struct out *out, int fd, struct buf *answer)
{
  const atomic_int *cancelled = out->options.cancelled;

  for (;;) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int ready = poll(&wait, 1, ANSWER_POLL_MS);
    char c;
    ssize_t got;

    if (cancelled && atomic_load(cancelled)) return false;
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    got = read(fd, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    if (c == '\n') return true;
    buf_add_char(answer, c);
  }
}

static void
ask(struct out *out, const char *question)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  tty_add_safe(&text, question, strlen(question), TTY_LINES);
  buf_add_text(&text, " [y/N] ");
  put_remark(out, &text);
}

clxs_status
out_confirm(struct out *out, const char *question, struct err *err)
{
  CLEANUP_BUF struct buf answer = BUF_INIT(4096);
  FILE *answers = out->options.answers;

  if (out->options.yes) return CLXS_OK;
  if (!answers && tty_is(stdin) && tty_is(out->options.remarks)) answers = stdin;
  if (!answers) {
    err_set(err, CLXS_E_USAGE, "this needs a yes, and there is no terminal to ask on: %s", question);
    err_hint(err, "give --yes to answer it beforehand");
    return CLXS_E_USAGE;
  }
  ask(out, question);
  if (read_answer(out, fileno(answers), &answer) &&
      (str_ieq(answer.data, "y") || str_ieq(answer.data, "yes")))
    return CLXS_OK;
  return err_set(err, CLXS_E_CANCELLED, "not done: the question was not answered with yes");
}
