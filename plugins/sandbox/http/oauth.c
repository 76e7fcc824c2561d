/* SPDX-License-Identifier: Apache-2.0 */
/* How clients find out where to log in, and OAuth client credentials (RFC 6749, 4.4; discovery by RFC 8414).
 * Answers here have OAuth's shapes, not those of the APIs.
 * https://docs.databricks.com/en/dev-tools/auth/oauth-m2m.html */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/auth.h"
#include "http/request.h"
#include "http/route.h"

#include "base/banned.h"

#define ACCOUNT_ID "5a2db0c5-0000-4000-8000-000000000001"

static void
get_config(struct request *request)
{
  struct json_object *body = json_object_new_object();

  json_add_text(body, "oidc_endpoint", arena_printf(request->arena, "%s/oidc", request->sandbox->url));
  json_add_text(body, "account_id", ACCOUNT_ID);
  json_add_text(body, "workspace_id", request->sandbox->workspace_id);
  json_add_text(body, "cloud", "AWS");
  json_add_text(body, "host_type", "workspace");
  reply_json(request, 200, body);
}

static void
add_list(struct json_object *object, const char *key, const char *const *items, size_t count)
{
  struct json_object *list = json_object_new_array();

  for (size_t i = 0; i < count; i++)
    json_object_array_add(list, json_object_new_string(items[i]));
  json_object_object_add(object, key, list);
}

static void
get_discovery(struct request *request)
{
  static const char *const grants[] = {"client_credentials"}, *const scopes[] = {"all-apis"},
                           *const methods[] = {"client_secret_basic", "client_secret_post"},
                           *const types[] = {"code"};
  struct json_object *body = json_object_new_object();
  const char *base = arena_printf(request->arena, "%s/oidc", request->sandbox->url);

  json_add_text(body, "issuer", base);
  json_add_text(body, "authorization_endpoint", arena_printf(request->arena, "%s/v1/authorize", base));
  json_add_text(body, "token_endpoint", arena_printf(request->arena, "%s/v1/token", base));
  add_list(body, "grant_types_supported", grants, ARRAY_SIZE(grants));
  add_list(body, "response_types_supported", types, ARRAY_SIZE(types));
  add_list(body, "scopes_supported", scopes, ARRAY_SIZE(scopes));
  add_list(body, "token_endpoint_auth_methods_supported", methods, ARRAY_SIZE(methods));
  reply_json(request, 200, body);
}

static void
oauth_error(struct request *request, int status, const char *error, const char *description)
{
  struct json_object *body = json_object_new_object();

  json_add_text(body, "error", error);
  json_add_text(body, "error_description", description);
  reply_json(request, status, body);
  reply_header(request, "Cache-Control", "no-store");
  if (status == 401) reply_header(request, "WWW-Authenticate", "Basic realm=\"oidc\"");
}

/* Credentials of an Authorization: Basic header, as they are. */
static bool
basic_credentials(struct request *request, const char **id, const char **secret)
{
  const char *header = request_header(request, "Authorization");
  unsigned char *plain;
  char *colon;
  size_t length;

  if (!header || !str_ieqn(header, "Basic ", 6)) return false;
  header += 6;
  length = strlen(header);
  if (length == 0 || length % 4 != 0 || length > 8192) return false;
  plain = arena_alloc(request->arena, length + 1);
  if (EVP_DecodeBlock(plain, (const unsigned char *)header, (int)length) < 0) return false;
  colon = strchr((char *)plain, ':');
  if (!colon) return false;
  *colon = '\0';
  *id = (char *)plain;
  *secret = colon + 1;
  return true;
}

/* Who holds these credentials. RFC 6749, 2.3.1 has both parts form-encoded, most clients send them as they
 * are; a form's syntax is that of a query, whose parser decodes them. */
static const struct identity *
basic_client(struct request *request, const char *id, const char *secret)
{
  const struct identity *who = auth_client(request->sandbox->auth, id, secret);
  struct request form = {.arena = request->arena, .sandbox = request->sandbox};

  if (who || strpbrk(id, "&?#") || strpbrk(secret, "&?#")) return who;
  if (request_parse_uri(&form, arena_printf(request->arena, "/?i=%s&s=%s", id, secret)))
    who = auth_client(request->sandbox->auth, form.query[0].value, form.query[1].value);
  reply_reset(&form.reply);
  return who;
}

static void
post_token(struct request *request)
{
  struct sandbox *sandbox = request->sandbox;
  const char *type = request_header(request, "Content-Type"), *id = NULL, *secret = NULL, *grant;
  const struct identity *who;
  struct json_object *body;
  char token[80];

  /* The form has the syntax of a query. */
  request->query_count = 0;
  if (!type || !str_ieqn(type, "application/x-www-form-urlencoded", 33) ||
      memchr(request->body.data, '\0', request->body.len) ||
      !request_parse_uri(request, arena_printf(request->arena, "/?%s", request->body.data))) {
    oauth_error(request, 400, "invalid_request", "The body must be application/x-www-form-urlencoded");
    return;
  }
  grant = query_text(request, "grant_type");
  if (!grant) {
    oauth_error(request, 400, "invalid_request", "grant_type is missing");
    return;
  }
  if (strcmp(grant, "client_credentials") != 0) {
    oauth_error(request, 400, "unsupported_grant_type",
                "Only client_credentials is supported by the sandbox");
    return;
  }
  if (basic_credentials(request, &id, &secret)) {
    who = basic_client(request, id, secret);
  } else {
    id = query_text(request, "client_id");
    secret = query_text(request, "client_secret");
    who = id && secret ? auth_client(sandbox->auth, id, secret) : NULL;
  }
  if (!who) {
    oauth_error(request, 401, "invalid_client", "Client authentication failed");
    return;
  }
  auth_issue(sandbox->auth, who, sandbox_now(sandbox),
             sandbox_now(sandbox) + sandbox->options.token_ttl_s * 1000, token);
  body = json_object_new_object();
  json_add_text(body, "access_token", token);
  json_add_text(body, "token_type", "Bearer");
  json_add_int(body, "expires_in", sandbox->options.token_ttl_s);
  json_add_text(body, "scope", query_text(request, "scope") ? query_text(request, "scope") : "all-apis");
  reply_json(request, 200, body);
  reply_header(request, "Cache-Control", "no-store");
}

const struct route auth_routes[] = {
    ROUTE_FLAGGED("GET", "/.well-known/databricks-config", get_config, ROUTE_OPEN),
    ROUTE_FLAGGED("GET", "/oidc/.well-known/oauth-authorization-server", get_discovery, ROUTE_OPEN),
    ROUTE_FLAGGED("GET", "/oidc/.well-known/openid-configuration", get_discovery, ROUTE_OPEN),
    ROUTE_FLAGGED("POST", "/oidc/v1/token", post_token, ROUTE_OPEN),
    ROUTE_END,
};
