/* SPDX-License-Identifier: Apache-2.0 */
/* See client_answer.h. */
#include "net/client_answer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "net/redact.h"

#include "base/banned.h"

/* Shorter ones cannot be told from ordinary words. */
#define CREDENTIAL_LEAST 8

/* The credential in HEADERS: what stands behind "Authorization: " and the scheme. NULL when there is none. */
static char *
credential_of(struct arena *arena, const char *headers)
{
  const char *at = strstr(headers, "Authorization: ");
  size_t length;

  if (!at) return NULL;
  at += strlen("Authorization: ");
  at += strcspn(at, " \r\n");
  at += *at == ' ';
  length = strcspn(at, "\r\n");
  return length >= CREDENTIAL_LEAST ? arena_strndup(arena, at, length) : NULL;
}

static const char *
without_secrets(struct arena *arena, const char *text, const char *secret)
{
  CLEANUP_BUF struct buf safe = BUF_INIT(BUF_LARGE);

  redact_text(&safe, text, secret);
  return arena_strdup(arena, safe.data);
}

/* A browser's login page in place of an answer; the address says why. */
static bool
is_private_link(const struct http_response *response)
{
  return strstr(response->location, "/login.html") &&
         strstr(response->location, "error=private-link-validation-error");
}

static void
read_redirect(struct arena *arena, const struct http_response *response, struct client_answer *answer)
{
  size_t length = strcspn(response->location, "?#");

  answer->final = true;
  if (is_private_link(response)) {
    answer->detail.code = "PRIVATE_LINK_VALIDATION_ERROR";
    answer->detail.message = "the workspace is reachable by its private link only";
    answer->outcome.http_status = 403;
    return;
  }
  answer->detail.code = "UNEXPECTED_REDIRECT";
  answer->detail.message = arena_printf(arena, "the answer is a redirect to %.*s, which is not followed",
                                        (int)length, response->location);
}

static void
read_answered(struct arena *arena, const struct http_response *response, struct client_answer *answer)
{
  int64_t header = retry_after_ms(response->retry_after, clock_now_ms());

  answer->outcome.http_status = response->status;
  if (response->status >= 300 && response->status < 400) {
    answer->detail.retry_after_ms = -1;
    read_redirect(arena, response, answer);
  } else {
    errors_read(arena, response->status, response->body.data, response->body.len, &answer->detail);
    answer->outcome.transient = errors_is_transient(response->status, &answer->detail);
  }
  answer->outcome.retry_after_ms = header >= 0 ? header : answer->detail.retry_after_ms;
}

void
client_answer_read(struct arena *arena, const struct client_request *request,
                   const struct http_response *response, const char *headers, struct client_answer *answer)
{
  const char *secret = credential_of(arena, headers);

  *answer = (struct client_answer){.outcome = {.sent = response->sent, .retry_after_ms = -1}};
  if (response->result == HTTP_ANSWERED) {
    read_answered(arena, response, answer);
    answer->message = without_secrets(arena, answer->detail.message, secret);
    answer->short_cause = arena_printf(arena, "%d%s%s", (int)response->status, answer->detail.code ? " " : "",
                                       answer->detail.code ? answer->detail.code : "");
    return;
  }
  answer->message = answer->short_cause = without_secrets(arena, response->why, secret);
  answer->final = response->result == HTTP_ABORTED || response->result == HTTP_TOO_LARGE ||
                  response->result == HTTP_IMPOSSIBLE;
  /* Out of time altogether; a request that may have had its effect is still reported as lost. */
  if (response->result == HTTP_TIMEOUT && request->deadline > 0 && clock_mono_ms() >= request->deadline)
    answer->final = request->idempotent || retry_method_is_safe(request->method) || !response->sent;
}

static void
add_ids(struct err *err, const struct http_response *response, const struct client_answer *answer)
{
  const char *request_id = response->request_id[0] ? response->request_id : answer->detail.request_id;

  err->http_status = response->result == HTTP_ANSWERED ? answer->outcome.http_status : 0;
  if (request_id) err->request_id = arena_strdup(err->arena, request_id);
  if (answer->detail.code) err->error_class = arena_strdup(err->arena, answer->detail.code);
  if (answer->outcome.retry_after_ms > 0)
    err->retry_after_ms =
        answer->outcome.retry_after_ms < INT32_MAX ? (int32_t)answer->outcome.retry_after_ms : INT32_MAX;
}

static clxs_status
fail_answered(struct net *net, const struct client_request *request, const struct http_response *response,
              const struct client_answer *answer, struct err *err)
{
  clxs_status status = errors_classify(answer->outcome.http_status, &answer->detail);

  if (answer->detail.code && str_eq(answer->detail.code, "UNEXPECTED_REDIRECT")) status = CLXS_E_UNAVAILABLE;
  if (status == CLXS_E_AUTH)
    err_set(err, status, "%s does not accept the credentials: %s", net->options.host, answer->message);
  else
    err_set(err, status, "%s %s: %s", request->method, request->path, answer->message);
  add_ids(err, response, answer);
  if (str_eq(answer->detail.code, "UNEXPECTED_REDIRECT") || (answer->detail.html && response->status == 404))
    err_hint(err, "check that %s is the address of a workspace", net->options.host);
  else if (errors_hint(status))
    err_hint(err, "%s", errors_hint(status));
  return status;
}

clxs_status
client_answer_fail(struct net *net, const struct client_request *request,
                   const struct http_response *response, const struct client_answer *answer, struct err *err)
{
  clxs_status status = CLXS_E_UNAVAILABLE;

  switch (response->result) {
  case HTTP_ANSWERED: return fail_answered(net, request, response, answer, err);
  case HTTP_ABORTED:
    return err_set(err, CLXS_E_CANCELLED, "%s %s: cancelled", request->method, request->path);
  case HTTP_TOO_LARGE:
    status = err_set(err, CLXS_E_DATA, "%s %s: the answer is larger than %zu MiB", request->method,
                     request->path, CLIENT_BODY_MAX >> 20);
    break;
  case HTTP_TIMEOUT:
    status = err_set(err, CLXS_E_TIMEOUT, "%s %s: no answer in time (%s)", request->method, request->path,
                     answer->message);
    err_hint(err, "%s", errors_hint(CLXS_E_TIMEOUT));
    break;
  case HTTP_IMPOSSIBLE:
  case HTTP_UNREACHED:
    err_set(err, status, "cannot reach %s: %s", net->options.host, answer->message);
    err_hint(err,
             response->result == HTTP_IMPOSSIBLE
                 ? "check the host's certificate, or set ca_file to the file of the authority that signed it"
                 : "check --host, the network and the proxy settings (https_proxy, no_proxy)");
    break;
  case HTTP_LOST:
    err_set(err, status, "%s %s: %s", request->method, request->path, answer->message);
    err_hint(err, "%s", errors_hint(status));
    break;
  }
  add_ids(err, response, answer);
  return status;
}

clxs_status
client_answer_lost(const struct client_request *request, const struct http_response *response,
                   const struct client_answer *answer, struct err *err)
{
  err_set(err, CLXS_E_LOST, "%s %s: the answer was lost (%s); the change may or may not have happened",
          request->method, request->path, answer->message);
  err_hint(err, "%s", errors_hint(CLXS_E_LOST));
  add_ids(err, response, answer);
  return CLXS_E_LOST;
}

clxs_status
client_answer_plain(const struct http_response *response, struct err *err)
{
  clxs_status status = response->result == HTTP_TOO_LARGE ? CLXS_E_DATA : CLXS_E_UNAVAILABLE;

  /* Neither the address nor the body: both can carry the signature. */
  if (response->result == HTTP_ANSWERED)
    err_set(err, status, "a result link was refused with status %d", (int)response->status);
  else
    err_set(err, status, "a result link could not be read: %s",
            response->result == HTTP_TOO_LARGE ? response->why : "the connection failed");
  err->http_status = response->result == HTTP_ANSWERED ? response->status : 0;
  err_hint(err, "%s", errors_hint(CLXS_E_UNAVAILABLE));
  return status;
}
