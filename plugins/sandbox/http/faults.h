/* SPDX-License-Identifier: Apache-2.0 */
/* Trouble on purpose: at a rate (--fault KIND:RATE, reproducible by seed) or scripted through POST
 * /api/sandbox/faults. [any thread] */
#ifndef CLXS_SANDBOX_HTTP_FAULTS_H
#define CLXS_SANDBOX_HTTP_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

struct arena;
struct faults;
struct request;

/* What is to go wrong with one request; all zero: nothing. */
struct trouble {
  int64_t delay_ms;
  int status;            /* answer with this instead */
  const char *body;      /* in the request's arena; NULL: the service's usual body for STATUS */
  int64_t retry_after_s; /* -1: no such header */
  bool reset;            /* close the connection instead of answering */
  bool after;            /* do the work first: the effect is kept, the answer lost */
  bool expire;           /* the OAuth token ends now */
};

/* Parse COUNT texts "KIND:RATE[:N]": KIND 429, 503 (N: Retry-After in seconds, 1), slow (N: milliseconds,
 * 2000), reset, reset-after, expired-token; RATE from 0 to 1. NULL with *WHY (xmalloc'ed) naming the wrong
 * one. */
struct faults *faults_new(const char *const *texts, size_t count, uint64_t seed, char **why);
void faults_free(struct faults *faults);
/* Decide about REQUEST. */
struct trouble faults_pick(struct faults *faults, struct request *request);
/* Prepare the answer that TROUBLE asks for. */
void faults_answer(struct request *request, const struct trouble *trouble);

/* Script one: {"pattern": "POST /api/2.0/sql/statements*", "status_code", "body", "retry_after", "reset",
 * "delay_ms", "after_handler", "expire_token", "offset" (matches let through first, 0), "times" (then how
 * often, 1; 0 for ever)}. False with the request's answer prepared. */
bool faults_script(struct faults *faults, struct request *request, struct json_object *object);
void faults_clear(struct faults *faults);
/* What is scripted, with how often each was hit, as a new JSON array. */
struct json_object *faults_list(struct faults *faults);

#endif
