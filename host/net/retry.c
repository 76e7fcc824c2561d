/* SPDX-License-Identifier: Apache-2.0 */
/* See retry.h. */
#include "net/retry.h"

#include <sys/random.h>
#include <time.h>

#include "base/str.h"

#include "base/banned.h"

bool
retry_method_is_safe(const char *method)
{
  return str_eq(method, "GET") || str_eq(method, "HEAD") || str_eq(method, "PUT") || str_eq(method, "DELETE");
}

enum retry_action
retry_decide(bool repeatable, const struct retry_outcome *outcome, int32_t attempt, int32_t attempts)
{
  bool refused = outcome->http_status == 429 || outcome->http_status == 503;
  bool no_answer = outcome->http_status == 0;
  bool gateway_lost = outcome->http_status == 502 || outcome->http_status == 504;

  if (!repeatable && ((no_answer && outcome->sent) || gateway_lost)) return RETRY_LOST;
  if (!refused && !no_answer && !(outcome->transient && repeatable)) return RETRY_NO;
  if (attempt >= attempts || outcome->retry_after_ms > RETRY_PATIENCE_MS) return RETRY_SPENT;
  return RETRY_AGAIN;
}

int32_t
retry_attempts(int32_t configured, bool answered)
{
  return answered && configured > 1 && configured <= INT32_MAX / 3 ? configured * 3 : configured;
}

int64_t
retry_delay_ms(int32_t attempt, int64_t retry_after, double random)
{
  int64_t bound = RETRY_BASE_MS, delay;

  for (int32_t i = 1; i < attempt && bound < RETRY_CAP_MS; i++)
    bound *= 2;
  if (bound > RETRY_CAP_MS) bound = RETRY_CAP_MS;
  delay = (int64_t)(random * (double)bound);
  return retry_after > 0 ? retry_after + delay / 4 : delay;
}

static int64_t
parse_date(const char *text)
{
  /* RFC 9110, 5.6.7: the preferred form, and the two obsolete ones that a recipient must still accept. */
  static const char *const forms[] = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                      "%a %b %d %H:%M:%S %Y"};

  for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
    struct tm tm = {0};
    const char *end = strptime(text, forms[i], &tm);

    if (end && *end == '\0') return (int64_t)timegm(&tm) * 1000;
  }
  return -1;
}

int64_t
retry_date_ms(const char *header)
{
  int64_t date = parse_date(header);

  return date > 0 ? date : 0;
}

int64_t
retry_after_ms(const char *header, int64_t now_ms)
{
  int64_t seconds, date;
  double fraction;

  if (!header || !*header) return -1;
  if (str_to_int64(header, &seconds)) return seconds < 0 || seconds > INT64_MAX / 1000 ? -1 : seconds * 1000;
  if (str_is_digit(*header) && str_to_double(header, &fraction) && fraction < 1e9)
    return (int64_t)(fraction * 1000.0 + 0.5);
  date = parse_date(header);
  if (date < 0) return -1;
  return date > now_ms ? date - now_ms : 0;
}

double
retry_random(void)
{
  uint32_t bits = 0;

  if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != (ssize_t)sizeof bits) return 0.5;
  return (double)bits / 4294967296.0;
}
