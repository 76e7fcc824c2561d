/* SPDX-License-Identifier: Apache-2.0 */
/* Running a statement to its end: submit, poll, and on the way out cancel it on the server or run it again.
 * See statement.h; the documents are in statement_reply.c, results in result.c. */
#include "net/statement.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "net/errors.h"
#include "net/gate.h"
#include "net/redact.h"
#include "net/sqllog.h"

#include "base/banned.h"

#define POLL_FIRST_MS 100
#define POLL_MOST_MS 5000
#define SETTLE_FIRST_MS 100

/* One run of a query, which may take several submissions. */
struct run {
  struct net *net;
  const struct net_query *query;
  struct arena *arena; /* of this submission */
  int64_t started, deadline;
  bool repeatable, external;
  struct statement_reply reply;
  struct errors_sql failure; /* after STATE_FAILED */
  const char *message;
};

/* "clone table a.b.c", or the beginning of the text. */
static const char *
name_of(const struct run *run)
{
  return run->query->purpose ? run->query->purpose : "the statement";
}

/* A request's failure as the statement's: the person knows "clone table a.b", not a path. */
static clxs_status
name_failure(const struct run *run, clxs_status status, struct err *err)
{
  if (status == CLXS_OK || status == CLXS_E_CANCELLED || !err->message) return status;
  err->message = arena_printf(err->arena, "%s: %s", name_of(run), err->message);
  return status;
}

/* No longer than the time there is, as far as the service lets us choose. */
static int
choose_wait(const struct run *run)
{
  int64_t left = run->deadline > 0 ? run->deadline - clock_mono_ms() : INT64_MAX;

  if (left >= STATEMENT_WAIT_S * 1000) return STATEMENT_WAIT_S;
  return left >= STATEMENT_WAIT_LEAST_S * 1000 ? STATEMENT_WAIT_LEAST_S : 0;
}

static clxs_status
submit(struct run *run, struct err *err)
{
  CLEANUP_BUF struct buf body = BUF_INIT(BUF_LARGE);
  struct http_response response;
  int wait_s = choose_wait(run);
  int64_t grace = wait_s * 1000 + STATEMENT_GRACE_MS;
  struct client_request request = {.method = "POST",
                                   .path = STATEMENT_PATH,
                                   .idempotent = run->repeatable,
                                   .deadline = run->deadline > 0 ? run->deadline + STATEMENT_GRACE_MS : 0,
                                   .abort_grace_ms = grace,
                                   .counts = CLIENT_SQL};
  clxs_status status;

  statement_body(run->query, run->external, wait_s, &body);
  if (body.overflow || strlen(run->query->text) > BUF_SQL)
    return err_set(err, CLXS_E_INVALID, "%s: the text is larger than the 16 MiB that the service takes",
                   name_of(run));
  request.body = body.data;
  request.body_length = body.len;
  status = client_send(run->net, &request, &response, err);
  if (status == CLXS_OK) status = statement_reply_read(&response.body, &run->reply, err);
  if (status == CLXS_OK && !run->reply.id) {
    statement_reply_free(&run->reply);
    status = err_set(err, CLXS_E_DATA, "the service's answer names no statement");
  }
  http_response_free(&response);
  /* It has arrived, so it may have run. */
  if (status == CLXS_E_DATA && !run->repeatable)
    return err_set(err, CLXS_E_LOST, "%s: the service took it and gave no usable answer", name_of(run));
  return name_failure(run, status, err);
}

static clxs_status
poll(struct net *net, const char *id, int64_t deadline, bool urgent, struct statement_reply *reply,
     struct err *err)
{
  char path[256];
  struct http_response response;
  struct client_request request = {.method = "GET", .path = path, .deadline = deadline, .urgent = urgent};
  struct statement_reply fresh;
  clxs_status status;

  snprintf(path, sizeof path, STATEMENT_PATH "/%s", id);
  status = client_send(net, &request, &response, err);
  if (status == CLXS_OK) status = statement_reply_read(&response.body, &fresh, err);
  http_response_free(&response);
  if (status != CLXS_OK) return status;
  statement_reply_free(reply);
  *reply = fresh;
  return CLXS_OK;
}

bool
statement_cancel(struct net *net, const char *id, struct statement_reply *reply)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err ignored = ERR_INIT(arena);
  char path[256];
  struct http_response response;
  int64_t deadline = clock_mono_ms() + STATEMENT_CANCEL_MS;
  struct client_request request = {.method = "POST",
                                   .path = path,
                                   .body = "{}",
                                   .body_length = 2,
                                   .idempotent = true,
                                   .urgent = true,
                                   .deadline = deadline};
  clxs_status status;

  snprintf(path, sizeof path, STATEMENT_PATH "/%s/cancel", id);
  status = client_send(net, &request, &response, &ignored);
  http_response_free(&response);
  /* Cancelling may come too late: what counts is how the statement ended. */
  for (int64_t wait = SETTLE_FIRST_MS; status == CLXS_OK; wait *= 2) {
    status = poll(net, id, deadline, true, reply, &ignored);
    if (status == CLXS_OK && reply->state != STATE_RUNNING) return true;
    if (clock_mono_ms() + wait >= deadline) break;
    client_wait_urgently(net, wait);
  }
  return false;
}

/* The run is cancelled or out of time: WHY, unless the statement came to an end of its own before it could be
 * stopped. */
static clxs_status
give_up(struct run *run, clxs_status why, struct err *err)
{
  const char *id = arena_strdup(err->arena, run->reply.id);
  bool settled = statement_cancel(run->net, id, &run->reply);

  err_clear(err);
  if (settled && (run->reply.state == STATE_SUCCEEDED || run->reply.state == STATE_FAILED)) return CLXS_OK;
  err->statement_id = id;
  if (settled && run->reply.state == STATE_CANCELED) err->error_class = "CANCELED";
  err_set(err, why, "%s: %s%s", name_of(run), why == CLXS_E_TIMEOUT ? "not done in time" : "cancelled",
          settled ? "" : "; the service was asked to stop it and has not said that it did");
  if (why == CLXS_E_TIMEOUT) err_hint(err, "%s", errors_hint(why));
  return why;
}

/* Polls go on failing: what became of the statement is not known. */
static clxs_status
lose_track(struct run *run, clxs_status status, struct err *err)
{
  err->statement_id = arena_strdup(err->arena, run->reply.id);
  if (run->repeatable || status == CLXS_E_CANCELLED) return status;
  err_set(err, CLXS_E_LOST, "%s: its end could not be learned; it may still run", name_of(run));
  err_hint(err, "%s", errors_hint(CLXS_E_LOST));
  return CLXS_E_LOST;
}

/* From the first answer to a terminal state. */
static clxs_status
await(struct run *run, struct err *err)
{
  struct net *net = run->net;

  for (int64_t interval = POLL_FIRST_MS; run->reply.state == STATE_RUNNING; interval += interval / 2) {
    int64_t left = run->deadline > 0 ? run->deadline - clock_mono_ms() : INT64_MAX;
    clxs_status status;

    if (interval > POLL_MOST_MS) interval = POLL_MOST_MS;
    status = left <= 0 ? CLXS_E_TIMEOUT : client_wait(net, interval < left ? interval : left, err);
    if (status == CLXS_OK && interval >= left) status = CLXS_E_TIMEOUT;
    if (status == CLXS_OK) status = poll(net, run->reply.id, run->deadline, false, &run->reply, err);
    if (status == CLXS_OK) continue;
    if (status == CLXS_E_CANCELLED || status == CLXS_E_TIMEOUT) return give_up(run, status, err);
    return lose_track(run, status, err);
  }
  return CLXS_OK;
}

/* One line, without secrets, for the error message. */
static const char *
readable(struct arena *arena, const char *text)
{
  CLEANUP_BUF struct buf safe = BUF_INIT(BUF_LARGE);
  char *line;

  redact_text(&safe, text, NULL);
  line = arena_strdup(arena, safe.data);
  for (char *c = line; *c; c++)
    if ((unsigned char)*c < 0x20) *c = ' ';
  return line;
}

static void
read_failure(struct run *run)
{
  struct json_object *status = json_get_object(run->reply.json, "status");
  struct json_object *error = json_get_object(status, "error");
  const char *message = json_get_text(error, "message");

  errors_read_sql(run->arena, json_get_text(error, "error_code"), message, json_get_text(status, "sql_state"),
                  &run->failure);
  if (!run->failure.sql_state)
    run->failure.sql_state = arena_strdup(run->arena, json_get_text(error, "sql_state"));
  run->message = readable(run->arena, message ? message : "the service gives no reason");
}

static clxs_status
report_failure(struct run *run, struct err *err)
{
  const struct errors_sql *failure = &run->failure;

  err_set(err, failure->status, "%s: %s", name_of(run), run->message);
  err->error_class = arena_strdup(err->arena, failure->error_class);
  err->sql_state = arena_strdup(err->arena, failure->sql_state);
  if (failure->request_id) err->request_id = arena_strdup(err->arena, failure->request_id);
  err->statement_id = arena_strdup(err->arena, run->reply.id);
  if (errors_hint(failure->status)) err_hint(err, "%s", errors_hint(failure->status));
  return failure->status;
}

static clxs_status
report_ended(struct run *run, struct err *err)
{
  bool closed = run->reply.state == STATE_CLOSED;

  err_set(err, CLXS_E_UNAVAILABLE, "%s: %s", name_of(run),
          closed ? "the service closed the result before it was read"
                 : "the statement was cancelled on the server");
  err->error_class = closed ? "CLOSED" : "CANCELED";
  err->statement_id = arena_strdup(err->arena, run->reply.id);
  err_hint(err, closed ? "look at the object before trying again"
                       : "somebody, or a limit of the warehouse, stopped it; look at its query history");
  return CLXS_E_UNAVAILABLE;
}

static const char *
log_event(const struct run *run, clxs_status status)
{
  if (status == CLXS_OK) return "succeeded";
  if (status == CLXS_E_CANCELLED) return "cancelled";
  if (status == CLXS_E_LOST) return "lost";
  return run->reply.state == STATE_CANCELED ? "cancelled" : "failed";
}

static void
write_log(struct run *run, clxs_status status, const struct err *err)
{
  sqllog_write(run->net->sqllog,
               &(struct sqllog_event){.event = log_event(run, status),
                                      .statement_id = run->reply.id,
                                      .state = run->reply.state_text,
                                      .error_class = status == CLXS_OK ? NULL : err->error_class,
                                      .message = status == CLXS_OK ? NULL : err->message,
                                      .duration_ms = clock_mono_ms() - run->started,
                                      .query = run->query});
}

/* One submission to its end. CLXS_OK with the reply of a statement that SUCCEEDED. */
static clxs_status
run_once(struct run *run, struct err *err)
{
  clxs_status status;

  run->started = clock_mono_ms();
  run->failure = (struct errors_sql){0};
  run->message = "";
  statement_reply_free(&run->reply);
  status = submit(run, err);
  if (status == CLXS_OK) status = await(run, err);
  if (status == CLXS_OK && run->reply.state == STATE_FAILED) {
    read_failure(run);
    status = report_failure(run, err);
  } else if (status == CLXS_OK && run->reply.state != STATE_SUCCEEDED) {
    status = report_ended(run, err);
  }
  write_log(run, status, err);
  return status;
}

/* The result did not fit into an answer: "Inline byte limit exceeded ... disposition=EXTERNAL_LINKS". */
static bool
wants_links(const struct run *run, clxs_status status, const struct err *err)
{
  const char *text = err->message;

  if (status == CLXS_OK || run->external || run->query->mutates || !text) return false;
  if (str_eq(run->net->options.external_links, "never")) return false;
  return strcasestr(text, "inline byte limit") || strcasestr(text, "disposition=INLINE") ||
         strcasestr(text, "disposition=EXTERNAL_LINKS");
}

static clxs_status
run_to_end(struct run *run, struct err *err)
{
  for (int32_t attempt = 1;; attempt++) {
    clxs_status status = run_once(run, err);
    bool links = wants_links(run, status, err);
    bool again = run->failure.transient && run->repeatable && attempt < run->net->options.attempts;

    if (status == CLXS_OK || (!links && !again)) return status;
    client_log(run->net, CLXS_LOG_INFO, "%s: %s; running it again%s", name_of(run),
               run->failure.error_class ? run->failure.error_class : "too large",
               links ? " with result links" : "");
    err_clear(err);
    atomic_fetch_add(&run->net->retries, 1);
    if (links) {
      run->external = true;
      attempt--;
      continue;
    }
    status = client_wait(run->net, retry_delay_ms(attempt, -1, retry_random()), err);
    if (status != CLXS_OK) return status;
  }
}

static int64_t
deadline_of(const struct net *net, const struct net_query *query)
{
  int64_t timeout = query->timeout_ms > 0 ? query->timeout_ms : net->options.statement_timeout_ms;

  return timeout > 0 ? clock_mono_ms() + timeout : 0;
}

clxs_status
statement_run(struct net *net, const struct net_query *query, struct net_statement **statement,
              struct err *err)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct run run = {.net = net,
                    .query = query,
                    .arena = arena,
                    .repeatable = !query->mutates || query->idempotent,
                    .external = str_eq(net->options.external_links, "always")};
  clxs_status status;

  if (!gate_enter(net->statements)) return err_set(err, CLXS_E_CANCELLED, "%s: cancelled", name_of(&run));
  run.deadline = deadline_of(net, query); /* its time begins when its turn has come */
  atomic_fetch_add(&net->sql, 1);
  status = run_to_end(&run, err);
  gate_leave(net->statements);
  if (status == CLXS_OK) *statement = result_new(net, &run.reply, run.deadline);
  statement_reply_free(&run.reply);
  return status;
}
