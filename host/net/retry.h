/* SPDX-License-Identifier: Apache-2.0 */
/* Whether and when a request is sent again: pure policy, no clock and no network. What may be repeated
 * follows from what the first sending can have done. */
#ifndef CLXS_HOST_NET_RETRY_H
#define CLXS_HOST_NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

/* What came of one attempt. */
struct retry_outcome {
  int32_t http_status;    /* 0 when no whole answer came */
  bool sent;              /* some byte of the request may have reached the server */
  bool transient;         /* the answer's code or text says "try again" */
  int64_t retry_after_ms; /* asked for by the server, negative when it was not */
};

enum retry_action {
  RETRY_NO,    /* the answer stands, or the failure will not go away */
  RETRY_AGAIN, /* send it again after retry_delay_ms */
  RETRY_SPENT, /* it could be sent again, but was often enough */
  RETRY_LOST   /* the server may have acted on it and the answer is gone: never repeated */
};

/* GET, HEAD, PUT and DELETE have the effect of one when sent twice (RFC 9110, 9.2.2); for the rest the caller
 * knows. */
bool retry_method_is_safe(const char *method);
/* What to do after attempt number ATTEMPT (from 1) of at most ATTEMPTS. REPEATABLE: twice is as good as once.
 * 429 and 503 say that the server did not act, so they may be repeated whatever was asked. */
enum retry_action retry_decide(bool repeatable, const struct retry_outcome *outcome, int32_t attempt,
                               int32_t attempts);
/* How often one request may be sent in all. CONFIGURED times to a workspace that has never ANSWERED: it is
 * not there, and waiting longer only hides that. Three times as often once it has: whatever is wrong now will
 * pass. 1 stays 1. */
int32_t retry_attempts(int32_t configured, bool answered);
/* Milliseconds to wait before attempt ATTEMPT + 1: anywhere (RANDOM, 0 to below 1) between 0 and a bound that
 * doubles from RETRY_BASE_MS to RETRY_CAP_MS, and never sooner than the server asked for. */
#define RETRY_BASE_MS 500
#define RETRY_CAP_MS 8000
int64_t retry_delay_ms(int32_t attempt, int64_t retry_after_ms, double random);
/* A Retry-After header in milliseconds from NOW_MS (since 1970): seconds or an HTTP date (RFC 9110, 10.2.3),
 * of which those gone by count 0; negative when it is neither. */
int64_t retry_after_ms(const char *header, int64_t now_ms);
/* An HTTP date in milliseconds since 1970; 0 when it is none. */
int64_t retry_date_ms(const char *header);
/* Longer than this nobody waits for one request; the failure is reported with what the server asked for. */
#define RETRY_PATIENCE_MS 300000
/* 0 to below 1, from the system's generator. Any thread. */
double retry_random(void);

#endif
