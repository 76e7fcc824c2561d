/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer (or the want of one) means: for the retry policy, and for the person who reads the error. */
#ifndef CLXS_HOST_NET_CLIENT_ANSWER_H
#define CLXS_HOST_NET_CLIENT_ANSWER_H

#include "net/client.h"
#include "net/errors.h"

/* Texts in the arena given to client_answer_read, secrets already taken out. */
struct client_answer {
  struct retry_outcome outcome;
  struct errors_detail detail; /* of an answer */
  const char *message;         /* the cause in words */
  const char *short_cause;     /* for a remark: "503 TEMPORARILY_UNAVAILABLE", "connection reset" */
  bool final;                  /* not for the retry policy: aborted, too large, untrusted, out of time */
};

/* HEADERS are those that were sent; the credential in them is kept out of every text. */
void client_answer_read(struct arena *arena, const struct client_request *request,
                        const struct http_response *response, const char *headers,
                        struct client_answer *answer);
/* Report the failure; returns its status. */
clxs_status client_answer_fail(struct net *net, const struct client_request *request,
                               const struct http_response *response, const struct client_answer *answer,
                               struct err *err);
/* The same where the change may have happened: CLXS_E_LOST. */
clxs_status client_answer_lost(const struct client_request *request, const struct http_response *response,
                               const struct client_answer *answer, struct err *err);
/* The same for a presigned link, which is not named. */
clxs_status client_answer_plain(const struct http_response *response, struct err *err);

#endif
