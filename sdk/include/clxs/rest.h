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

/* The head of a download. Set size to sizeof. Grows at the end. */
struct clxs_content {
  uint32_t size;
  int32_t http_status;
  int64_t length;      /* bytes that will come, of HEAD those that would; -1 when the answer does not say */
  int64_t modified_ms; /* Last-Modified, since 1970 UTC, in full seconds; 0 when the answer does not say */
  const char *request_id; /* lives with the scope */
};

/* A download that is open. Opaque; belongs to the call that it was asked on, and closes with the scope. */
struct clxs_download;

/* Where the bytes of an upload come from: exactly LENGTH of them. Both functions run on the call thread and
 * may use the call, also to read a download from. A negative status ends the upload with it; the failure is
 * theirs to record. Set size to sizeof. Grows at the end. */
struct clxs_source {
  uint32_t size;
  uint32_t zero;
  int64_t length;
  /* Up to ROOM bytes into BUFFER, and at least one; GOT 0 says that there are no more. */
  clxs_status (*read)(void *data, char *buffer, size_t room, size_t *got);
  /* The upload is repeated: the next byte to be read is the first one again. */
  clxs_status (*restart)(void *data);
  void *data;
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

  /* Content of any size, in pieces through a buffer of bounded size, as the Files API has it
   * ("/api/2.0/fs/files/Volumes/..."). Ask CLXS_HAS(rest, download) before the first use of these four.
   *
   * [call thread] Begin to read what GET gives, or look at its head with HEAD. Returns when the head of the
   * answer is there; errors are those of send. CONTENT may be NULL. */
  clxs_status (*download)(struct clxs_call *call, const struct clxs_request *request,
                          struct clxs_download **download, struct clxs_content *content);
  /* [call thread] The next bytes, ROOM at most and one at least; GOT 0 says that it is all there. Where the
   * connection breaks it is taken up again behind the last byte, as long as the content is still the same;
   * CLXS_E_CONFLICT when it was changed meanwhile. */
  clxs_status (*read)(struct clxs_call *call, struct clxs_download *download, char *buffer, size_t room,
                      size_t *got);
  /* [call thread] Before the end, too. NULL is fine. */
  void (*close)(struct clxs_call *call, struct clxs_download *download);
  /* [call thread] Send REQUEST with SOURCE's bytes as its body, in place of its own. Repeated as send does,
   * with the source restarted each time; PUT counts as idempotent, so let it overwrite. Errors are those of
   * send, and CLXS_E_DATA when the source ends before its length. RESPONSE may be NULL. */
  clxs_status (*upload)(struct clxs_call *call, const struct clxs_request *request,
                        const struct clxs_source *source, struct clxs_response *response);
};

#endif
