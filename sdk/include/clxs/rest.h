/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.rest/1: authenticated requests to the workspace. The plugin never sees a credential. Paths are
 * absolute ("/api/2.1/unity-catalog/catalogs/main") with every segment already percent-encoded (buf_add_url
 * in the kit). Under --read-only every method but GET and HEAD is refused with CLXS_E_DENIED. */
#ifndef CLXS_REST_H
#define CLXS_REST_H

#include "call.h"

#define CLXS_SERVICE_REST "clxs.rest/1"

/* Sending it twice has the effect of sending it once (GET, PUT and DELETE always count so; a PATCH that sets
 * state may be marked). Others are not repeated after a lost reply, and end in CLXS_E_LOST. */
#define CLXS_REST_IDEMPOTENT UINT32_C(1)

/* Set size to sizeof. Grows at the end. */
struct clxs_request {
  uint32_t size;
  uint32_t flags;     /* CLXS_REST_ */
  const char *method; /* "GET" */
  const char *path;
  const char *query;     /* "a=b&c=d", already encoded, or NULL */
  const char *body;      /* JSON text, or NULL */
  const char *purpose;   /* for logs, or NULL */
  const char *workspace; /* NULL: the one in use; "destination": the one of --dest-host */
  int64_t timeout_ms;    /* 0: the configured one */
};

/* Set size to sizeof. Grows at the end. */
struct clxs_response {
  uint32_t size;
  int32_t http_status;
  const char *body; /* NUL-terminated, LENGTH bytes; lives with the scope */
  size_t length;
  const char *request_id;
};

/* Traffic of this process so far, all workspaces together: statements submitted, REST requests (polls,
 * chunks, tokens and discovery not counted in either), and repeats of both. Set size to sizeof. Grows at the
 * end. */
struct clxs_traffic {
  uint32_t size;
  uint32_t zero;
  uint64_t sql, rest, retries;
};

struct clxs_rest {
  uint32_t size;
  /* [call thread] One request, retried as its kind allows. A status of 400 and above is an error whose detail
   * is on the call (http_status, error_class); RESPONSE is filled all the same where an answer came. */
  clxs_status (*send)(struct clxs_call *call, const struct clxs_request *request,
                      struct clxs_response *response);
  /* [call thread] Follow next_page_token to the end, over empty pages too, and hand ITEM every element of the
   * list member LIST as JSON text. A negative status from ITEM ends the walk with it. */
  clxs_status (*each)(struct clxs_call *call, const struct clxs_request *request, const char *list,
                      clxs_status (*item)(void *data, const char *json, size_t length), void *data);
  /* [any thread] What was sent so far. */
  void (*traffic)(struct clxs_call *call, struct clxs_traffic *traffic);
};

#endif
