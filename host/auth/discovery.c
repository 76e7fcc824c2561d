/* SPDX-License-Identifier: Apache-2.0 */
/* See discovery.h. */
#include "auth/discovery.h"

#include <string.h>

#include "auth/host.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

#include "base/banned.h"

#define SERVER_METADATA "/.well-known/oauth-authorization-server"

/* GET URL as a JSON object. *OBJECT NULL, without an error, when the answer is none. */
static clxs_status
get_json(struct arena *arena, const struct fetch *fetch, const char *url, struct json_object **object,
         int *http_status, struct err *err)
{
  static const char *const headers[] = {"Accept: application/json", NULL};
  const struct fetch_request request = {.method = "GET", .url = url, .headers = headers};
  struct fetch_response response = {0};
  clxs_status status = fetch->send(fetch->state, arena, &request, &response, err);

  *object = NULL;
  if (status != CLXS_OK) return status;
  *http_status = response.http_status;
  if (response.http_status != 200) return CLXS_OK;
  *object = json_parse(response.body, response.length, NULL, NULL);
  return CLXS_OK;
}

/* PATTERN with {account_id} filled in and without trailing slashes; NULL when the id is not known. */
static const char *
fill_account(struct arena *arena, const char *pattern, const char *account)
{
  const char *hole = strstr(pattern, "{account_id}");
  char *filled = arena_strdup(arena, pattern);
  size_t length;

  if (hole && !account) return NULL;
  if (hole) {
    filled = arena_printf(arena, "%.*s%s%s", (int)(hole - pattern), pattern, account,
                          hole + strlen("{account_id}"));
  }
  for (length = strlen(filled); length > 0 && filled[length - 1] == '/'; length--)
    filled[length - 1] = '\0';
  return filled;
}

/* What the host says of itself. Anything that goes wrong here only means that it says nothing. */
static void
read_host_metadata(struct arena *arena, const struct settings *settings, const struct fetch *fetch,
                   struct discovery *discovery, const char **server)
{
  CLEANUP_JSON struct json_object *object = NULL;
  struct err ignored = ERR_INIT(arena);
  const char *account = settings->value[SET_ACCOUNT_ID], *endpoint;
  const char *url = arena_printf(arena, "%s/.well-known/databricks-config", settings->value[SET_HOST]);
  int http_status;

  if (get_json(arena, fetch, url, &object, &http_status, &ignored) != CLXS_OK) return;
  discovery->workspace_id = arena_strdup(arena, json_get_text(object, "workspace_id"));
  endpoint = json_get_text(object, "oidc_endpoint");
  if (!account) account = json_get_text(object, "account_id");
  if (endpoint && host_is_safe(endpoint)) *server = fill_account(arena, endpoint, account);
}

static clxs_status
read_server_metadata(struct arena *arena, const struct fetch *fetch, const char *url,
                     struct discovery *discovery, struct err *err)
{
  CLEANUP_JSON struct json_object *object = NULL;
  int http_status = 0;
  clxs_status status = get_json(arena, fetch, url, &object, &http_status, err);
  const char *endpoint = json_get_text(object, "token_endpoint");

  if (status != CLXS_OK) return err_set(err, status, "cannot ask %s where to log in", url);
  if (!endpoint) {
    err_set(err, CLXS_E_AUTH, "%s does not say where to get a token (HTTP status %d)", url, http_status);
    err_hint(err, "check the host: this may be no Databricks workspace, or one without OAuth");
    return CLXS_E_AUTH;
  }
  if (!host_is_safe(endpoint))
    return err_set(err, CLXS_E_AUTH, "%s sends logins to %s, which is not protected by TLS", url, endpoint);
  discovery->token_endpoint = arena_strdup(arena, endpoint);
  return CLXS_OK;
}

clxs_status
discovery_run(struct arena *arena, const struct settings *settings, const struct fetch *fetch,
              struct discovery *discovery, struct err *err)
{
  const char *host = settings->value[SET_HOST], *account = settings->value[SET_ACCOUNT_ID], *server = NULL;

  *discovery = (struct discovery){0};
  if (settings->value[SET_DISCOVERY_URL])
    return read_server_metadata(arena, fetch, settings->value[SET_DISCOVERY_URL], discovery, err);
  read_host_metadata(arena, settings, fetch, discovery, &server);
  if (!server && host_is_account(host) && account) {
    discovery->token_endpoint = arena_printf(arena, "%s/oidc/accounts/%s/v1/token", host, account);
    return CLXS_OK;
  }
  if (!server) server = arena_printf(arena, "%s/oidc", host);
  return read_server_metadata(arena, fetch, arena_printf(arena, "%s" SERVER_METADATA, server), discovery,
                              err);
}
