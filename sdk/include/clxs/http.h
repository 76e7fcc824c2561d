/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.http/1: requests to hosts that are no workspace: a chat's webhook, a ticket system. They carry what
 * the plugin puts into them and nothing else, never a credential of the workspace. https only, but for
 * loopback addresses; proxies and certificates as for workspaces (https_proxy, ca_file). Redirects are not
 * followed. They change no workspace, so --read-only does not refuse them. */
#ifndef CLXS_HTTP_H
#define CLXS_HTTP_H

#include "call.h"
#include "rest.h"

#define CLXS_SERVICE_HTTP "clxs.http/1"

/* Sending it twice has the effect of sending it once, or does no harm: it is repeated after a lost reply.
 * GET, HEAD, PUT and DELETE always count so. */
#define CLXS_HTTP_IDEMPOTENT UINT32_C(1)
/* It tells of the run itself, and is sent even when that is cancelled; it has 3 seconds then. */
#define CLXS_HTTP_CLOSING UINT32_C(2)

/* Set size to sizeof. Grows at the end. */
struct clxs_http_request {
  uint32_t size;
  uint32_t flags;      /* CLXS_HTTP_ */
  const char *method;  /* "POST" */
  const char *url;     /* whole, encoded; it may be a secret: only its host is ever logged or shown */
  const char *headers; /* lines "Name: value\n", or NULL; may hold secrets */
  const char *body;    /* text, or NULL */
  const char *purpose; /* for messages: "the webhook" */
  int64_t timeout_ms;  /* for each attempt; 0: 10 seconds */
};

struct clxs_http {
  uint32_t size;
  /* [call thread] One request, repeated up to max_retries times where that is right (429, 502 to 504, no
   * connection). A status outside of 200 to 299 is an error; RESPONSE (may be NULL) is filled where an answer
   * came, at most 1 MiB of it. */
  clxs_status (*send)(struct clxs_call *call, const struct clxs_http_request *request,
                      struct clxs_response *response);
};

#endif
