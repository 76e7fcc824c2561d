/* SPDX-License-Identifier: Apache-2.0 */
/* Signing links and serving what they point at. Answers look like object storage (XML errors), not like the
 * APIs: a client that sends its token here would send it to a stranger, so that is refused. */
#include "http/link.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/executor.h"
#include "http/request.h"
#include "http/route.h"

#include "base/banned.h"

struct links {
  unsigned char key[32];
};

struct links *
links_new(void)
{
  struct links *links = xcalloc(1, sizeof *links);
  char hex[65];

  sandbox_hex(hex, 32);
  memcpy(links->key, hex, sizeof links->key);
  return links;
}

void
links_free(struct links *links)
{
  if (!links) return;
  OPENSSL_cleanse(links, sizeof *links);
  free(links);
}

static const char *
signature(struct sandbox *sandbox, struct arena *arena, const char *id, const char *index,
          const char *expires)
{
  const char *text = arena_printf(arena, "%s/%s/%s", id, index, expires);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  char *hex;

  HMAC(EVP_sha256(), sandbox->links->key, sizeof sandbox->links->key, (const unsigned char *)text,
       strlen(text), digest, &length);
  hex = arena_alloc(arena, 2 * (size_t)length + 1);
  for (unsigned i = 0; i < length; i++)
    snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
  return hex;
}

const char *
link_sign(struct sandbox *sandbox, struct arena *arena, const char *id, size_t index, int64_t expires_ms)
{
  const char *number = arena_printf(arena, "%zu", index);
  const char *expires = arena_printf(arena, "%lld", (long long)expires_ms);

  return arena_printf(arena, "%s/sandbox-results/%s/%s?X-Sandbox-Expires=%s&X-Sandbox-Signature=%s",
                      sandbox->url, id, number, expires, signature(sandbox, arena, id, number, expires));
}

static void
refuse(struct request *request, int status, const char *code, const char *message)
{
  struct buf body = BUF_INIT(4096);

  buf_addf(&body,
           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message>"
           "<RequestId>%s</RequestId></Error>\n",
           code, message, request->id);
  reply_reset(&request->reply);
  request->reply.status = status;
  request->reply.content_type = "application/xml";
  request->reply.length = body.len;
  request->reply.body = buf_take(&body);
}

static void
serve(struct request *request, struct statement *statement, int64_t index)
{
  struct executor *executor = request->sandbox->executor;
  struct reply *reply = &request->reply;
  const struct chunk *chunk;

  executor_lock(executor);
  if (statement->state == STATEMENT_SUCCEEDED && index >= 0 &&
      (size_t)index < statement->outcome.chunks.count) {
    chunk = &statement->outcome.chunks.at[index];
    reply->status = 200;
    reply->content_type = statement->spec.csv ? "text/csv" : "application/json";
    reply->body = xstrndup(chunk->text, chunk->length);
    reply->length = chunk->length;
  } else {
    refuse(request, 404, "NoSuchKey", "The specified key does not exist.");
  }
  executor_unlock(executor);
}

static void
get_chunk(struct request *request)
{
  const char *id = request->params[0], *number = request->params[1], *signed_as, *wanted;
  const char *expires = query_text(request, "X-Sandbox-Expires");
  struct statement *statement;
  int64_t until, index;

  if (request_header(request, "Authorization")) {
    refuse(request, 400, "InvalidArgument",
           "Only one auth mechanism allowed: the link is signed, so send no Authorization header.");
    return;
  }
  signed_as = query_text(request, "X-Sandbox-Signature");
  if (!expires || !signed_as || !str_to_int64(expires, &until) || !str_to_int64(number, &index)) {
    refuse(request, 403, "AccessDenied", "Access Denied");
    return;
  }
  wanted = signature(request->sandbox, request->arena, id, number, expires);
  if (strlen(wanted) != strlen(signed_as) || CRYPTO_memcmp(wanted, signed_as, strlen(wanted)) != 0) {
    refuse(request, 403, "SignatureDoesNotMatch", "The signature does not match the link.");
    return;
  }
  if (until <= sandbox_now(request->sandbox)) {
    refuse(request, 403, "AccessDenied", "Request has expired");
    return;
  }
  statement = statement_find_any(request->sandbox->executor, id);
  if (!statement) {
    refuse(request, 404, "NoSuchKey", "The specified key does not exist.");
    return;
  }
  serve(request, statement, index);
  statement_release(request->sandbox->executor, statement);
}

const struct route link_routes[] = {
    ROUTE_FLAGGED("GET", "/sandbox-results/{}/{}", get_chunk, ROUTE_OPEN),
    ROUTE_END,
};
