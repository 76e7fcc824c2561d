/* SPDX-License-Identifier: Apache-2.0 */
/* The list of identities and the table of token digests. It must not know OAuth's forms; oauth.c does. */
#include "http/auth.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "http/request.h"

#include "base/banned.h"

#define EXPIRED_KEPT_MS INT64_C(3600000) /* so that an old token is told from a wrong one */

struct token {
  const struct identity *who;
  int64_t expires_ms; /* 0: never */
};

struct client {
  const struct identity *who;
  unsigned char secret[SHA256_DIGEST_LENGTH];
};

struct auth {
  pthread_mutex_t lock;
  struct arena *arena;
  struct map *tokens;  /* digest in hex -> struct token */
  struct map *clients; /* client id -> struct client */
};

struct auth *
auth_new(void)
{
  struct auth *auth = xcalloc(1, sizeof *auth);

  pthread_mutex_init(&auth->lock, NULL);
  auth->arena = arena_new();
  auth->tokens = map_new();
  auth->clients = map_new();
  return auth;
}

void
auth_free(struct auth *auth)
{
  size_t position = 0;
  void *token;

  if (!auth) return;
  while (map_next(auth->tokens, &position, NULL, &token))
    free(token);
  map_free(auth->tokens);
  map_free(auth->clients);
  arena_free(auth->arena);
  pthread_mutex_destroy(&auth->lock);
  free(auth);
}

static void
digest_hex(const char *text, size_t length, char out[2 * SHA256_DIGEST_LENGTH + 1])
{
  unsigned char digest[SHA256_DIGEST_LENGTH];

  SHA256((const unsigned char *)text, length, digest);
  for (size_t i = 0; i < sizeof digest; i++)
    snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static void
keep_token(struct auth *auth, const struct identity *who, const char *text, int64_t expires_ms)
{
  struct token *token = xcalloc(1, sizeof *token);
  char key[2 * SHA256_DIGEST_LENGTH + 1];

  token->who = who;
  token->expires_ms = expires_ms;
  digest_hex(text, strlen(text), key);
  free(map_set(auth->tokens, key, token));
}

static const struct identity *
copy_identity(struct auth *auth, const struct identity *who)
{
  struct identity *copy = arena_alloc(auth->arena, sizeof *copy);

  *copy = *who;
  copy->name = arena_strdup(auth->arena, who->name);
  return copy;
}

void
auth_add_token(struct auth *auth, const struct identity *who, const char *token)
{
  pthread_mutex_lock(&auth->lock);
  keep_token(auth, copy_identity(auth, who), token, 0);
  pthread_mutex_unlock(&auth->lock);
}

void
auth_add_client(struct auth *auth, const struct identity *who, const char *secret)
{
  struct client *client;

  pthread_mutex_lock(&auth->lock);
  client = arena_alloc(auth->arena, sizeof *client);
  client->who = copy_identity(auth, who);
  SHA256((const unsigned char *)secret, strlen(secret), client->secret);
  map_set(auth->clients, who->name, client);
  pthread_mutex_unlock(&auth->lock);
}

const struct identity *
auth_client(struct auth *auth, const char *client_id, const char *secret)
{
  unsigned char digest[SHA256_DIGEST_LENGTH];
  const struct client *client;

  SHA256((const unsigned char *)secret, strlen(secret), digest);
  pthread_mutex_lock(&auth->lock);
  client = map_get(auth->clients, client_id);
  pthread_mutex_unlock(&auth->lock);
  return client && CRYPTO_memcmp(digest, client->secret, sizeof digest) == 0 ? client->who : NULL;
}

void
auth_issue(struct auth *auth, const struct identity *who, int64_t now_ms, int64_t expires_ms, char *out)
{
  const char *key;
  void *value;
  size_t position = 0;

  memcpy(out, "dose", 4);
  sandbox_hex(out + 4, 32);
  pthread_mutex_lock(&auth->lock);
  while (map_next(auth->tokens, &position, &key, &value)) {
    struct token *token = value;

    if (token->expires_ms == 0 || token->expires_ms + EXPIRED_KEPT_MS > now_ms) continue;
    map_remove(auth->tokens, key);
    free(token);
  }
  keep_token(auth, who, out, expires_ms);
  pthread_mutex_unlock(&auth->lock);
}

/* The bearer token in the Authorization header, or NULL. */
static const char *
bearer(struct request *request, size_t *length)
{
  const char *header = request_header(request, "Authorization");

  if (!header || !str_ieqn(header, "Bearer ", 7)) return NULL;
  header += 7 + strspn(header + 7, " ");
  *length = strcspn(header, " \t");
  return *length > 0 ? header : NULL;
}

void
auth_expire(struct request *request)
{
  struct auth *auth = request->sandbox->auth;
  char key[2 * SHA256_DIGEST_LENGTH + 1];
  struct token *token;
  size_t length = 0;
  const char *text = bearer(request, &length);

  if (!text) return;
  digest_hex(text, length, key);
  pthread_mutex_lock(&auth->lock);
  token = map_get(auth->tokens, key);
  if (token && token->expires_ms) token->expires_ms = 1;
  pthread_mutex_unlock(&auth->lock);
}

/* The login layer in front of the APIs answers with the status as code: a number for 401, text for 403. */
static bool
refuse(struct request *request, int status, const char *message)
{
  struct json_object *body = json_object_new_object();

  if (status == 401)
    json_add_int(body, "error_code", status);
  else
    json_add_text(body, "error_code", "403");
  json_add_text(body, "message", arena_printf(request->arena, "%s [ReqId: %s]", message, request->id));
  reply_json(request, status, body);
  if (status == 401) reply_header(request, "WWW-Authenticate", "Bearer realm=\"DatabricksRealm\"");
  return false;
}

bool
auth_check(struct request *request)
{
  struct auth *auth = request->sandbox->auth;
  char key[2 * SHA256_DIGEST_LENGTH + 1];
  struct token found = {0};
  const struct token *token;
  size_t length = 0;
  const char *text = bearer(request, &length);

  if (!text)
    return refuse(request, 401, "Credential was not sent or was of an unsupported type for this API.");
  digest_hex(text, length, key);
  pthread_mutex_lock(&auth->lock);
  token = map_get(auth->tokens, key);
  if (token) found = *token;
  pthread_mutex_unlock(&auth->lock);
  if (!found.who) return refuse(request, 403, "Invalid access token.");
  if (found.expires_ms && found.expires_ms <= sandbox_now(request->sandbox))
    return refuse(request, 401, "Access token has expired.");
  request->caller = found.who;
  request->session.user = found.who->name;
  request->session.admin = found.who->admin;
  return true;
}
