/* SPDX-License-Identifier: Apache-2.0 */
/* How authentication reaches token endpoints without knowing the HTTP client: whoever owns one lends a fetch.
 * Retries, timeouts and logging are the lender's. */
#ifndef CLXS_HOST_AUTH_FETCH_H
#define CLXS_HOST_AUTH_FETCH_H

#include <clxs/status.h>
#include <stddef.h>

struct arena;
struct err;

struct fetch_request {
  const char *method, *url;
  const char *const *headers; /* "Name: value", NULL-terminated, or NULL */
  const char *body;           /* or NULL */
};

struct fetch_response {
  int http_status;
  const char *body; /* NUL-terminated, in the arena */
  size_t length;
};

struct fetch {
  /* One unauthenticated exchange. CLXS_OK for any HTTP status; an error only when no answer came. */
  clxs_status (*send)(void *state, struct arena *arena, const struct fetch_request *request,
                      struct fetch_response *response, struct err *err);
  void *state;
};

#endif
