/* SPDX-License-Identifier: Apache-2.0 */
/* A service principal's OAuth client credentials: https://docs.databricks.com/dev-tools/auth/oauth-m2m.html
 * (RFC 6749 section 4.4). */
#include <stdlib.h>
#include <string.h>

#include "auth/discovery.h"
#include "auth/method.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

#include "base/banned.h"

#define SCOPE_COUNT 32

static bool
is_configured(const struct settings *settings)
{
  return settings->value[SET_CLIENT_ID] && settings->value[SET_CLIENT_SECRET];
}

static int
by_text(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The scopes in one text: split at commas and spaces, sorted, each once. */
static const char *
scope_text(struct arena *arena, const char *configured)
{
  const char *scopes[SCOPE_COUNT], *list = "";
  size_t count = 0;

  if (!configured) return "all-apis";
  while (*configured && count < SCOPE_COUNT) {
    size_t length = strcspn(configured, ", ");

    if (length > 0) scopes[count++] = arena_strndup(arena, configured, length);
    configured += length;
    configured += strspn(configured, ", ");
  }
  qsort(scopes, count, sizeof scopes[0], by_text);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || !str_eq(scopes[i], scopes[i - 1]))
      list = arena_printf(arena, "%s%s%s", list, *list ? " " : "", scopes[i]);
  return *list ? list : "all-apis";
}

/* Why the server gave none: "error" and "error_description", or "errorCode" and "errorSummary". */
static clxs_status
report_refusal(const char *endpoint, const struct fetch_response *response, struct json_object *answer,
               struct err *err)
{
  const char *code = json_get_text(answer, "error"), *words = json_get_text(answer, "error_description");
  clxs_status status = response->http_status >= 500   ? CLXS_E_UNAVAILABLE
                       : response->http_status == 429 ? CLXS_E_LIMIT
                                                      : CLXS_E_AUTH;

  if (!code) code = json_get_text(answer, "errorCode");
  if (!words) words = json_get_text(answer, "errorSummary");
  err->http_status = response->http_status;
  err_set(err, status, "%s gave no token (HTTP status %d)%s%s%s%s", endpoint, response->http_status,
          code ? ": " : "", code ? code : "", words ? ": " : "", words ? words : "");
  if (status == CLXS_E_AUTH) err_hint(err, "check client_id and client_secret; the secret may have expired");
  return status;
}

static clxs_status
read_answer(const char *endpoint, const struct fetch_response *response, struct credential *credential,
            struct err *err)
{
  CLEANUP_JSON struct json_object *answer = json_parse(response->body, response->length, NULL, NULL);
  const char *token = json_get_text(answer, "access_token");
  int64_t seconds = json_get_int(answer, "expires_in", 0);

  if (response->http_status != 200) return report_refusal(endpoint, response, answer, err);
  if (!token || !*token) return err_set(err, CLXS_E_DATA, "the answer of %s holds no access token", endpoint);
  credential->scheme = "Bearer";
  credential->value = xstrdup(token);
  /* RFC 6749 section 5.1: without a lifetime it is the server's habit, here an hour. */
  credential->lifetime_ms = (seconds > 0 && seconds < 31536000 ? seconds : 3600) * 1000;
  return CLXS_OK;
}

static clxs_status
request_token(struct arena *arena, const struct settings *settings, const struct fetch *fetch,
              const char *endpoint, struct credential *credential, struct err *err)
{
  CLEANUP_BUF struct buf body = BUF_INIT(BUF_SQL);
  char *basic = secret_basic(settings->value[SET_CLIENT_ID], settings->value[SET_CLIENT_SECRET]);
  char *authorization = arena_printf(arena, "Authorization: Basic %s", basic);
  const char *const headers[] = {authorization, "Content-Type: application/x-www-form-urlencoded",
                                 "Accept: application/json", NULL};
  struct fetch_request request = {.method = "POST", .url = endpoint, .headers = headers};
  struct fetch_response response = {0};
  clxs_status status;

  buf_add_text(&body, "grant_type=client_credentials&scope=");
  buf_add_url(&body, scope_text(arena, settings->value[SET_SCOPES]));
  request.body = body.data;
  status = fetch->send(fetch->state, arena, &request, &response, err);
  secret_free(basic);
  explicit_bzero(authorization, strlen(authorization));
  if (status != CLXS_OK) return err_set(err, status, "cannot get a token from %s", endpoint);
  status = read_answer(endpoint, &response, credential, err);
  explicit_bzero((char *)(uintptr_t)response.body, response.length); /* in our own arena */
  return status;
}

static clxs_status
obtain(const struct settings *settings, const struct fetch *fetch, struct credential *credential,
       struct err *err)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct discovery discovery;
  clxs_status status = discovery_run(arena, settings, fetch, &discovery, err);

  if (status != CLXS_OK) return status;
  status = request_token(arena, settings, fetch, discovery.token_endpoint, credential, err);
  if (status == CLXS_OK) credential->workspace_id = xstrdup(discovery.workspace_id);
  return status;
}

const struct auth_method auth_oauth_m2m = {.name = "oauth-m2m",
                                           .shown = SET_CLIENT_ID,
                                           .is_configured = is_configured,
                                           .obtain = obtain,
                                           .renewable = true};
