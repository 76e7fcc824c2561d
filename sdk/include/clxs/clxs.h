/* SPDX-License-Identifier: Apache-2.0 */
/* All of the ABI, and the few inline functions that make it pleasant. They compile into the plugin; nothing
 * here is resolved against the host. */
#ifndef CLXS_CLXS_H
#define CLXS_CLXS_H

#include "abi.h"
#include "cache.h"
#include "call.h"
#include "config.h"
#include "events.h"
#include "http.h"
#include "invoke.h"
#include "jobs.h"
#include "meta.h"
#include "output.h"
#include "plugin.h"
#include "rest.h"
#include "sql.h"
#include "status.h"

#include <stdarg.h>
#include <stdio.h>

/* The service table of TYPE, so that one writes clxs_sql(call)->run(...). */
#define CLXS_SERVICE_GETTER(type, id)                                         \
  static inline const struct clxs_##type *clxs_##type(struct clxs_call *call) \
  {                                                                           \
    return (const struct clxs_##type *)call->core->service(call, id);         \
  }
CLXS_SERVICE_GETTER(config, CLXS_SERVICE_CONFIG)
CLXS_SERVICE_GETTER(sql, CLXS_SERVICE_SQL)
CLXS_SERVICE_GETTER(rest, CLXS_SERVICE_REST)
CLXS_SERVICE_GETTER(meta, CLXS_SERVICE_META)
CLXS_SERVICE_GETTER(cache, CLXS_SERVICE_CACHE)
CLXS_SERVICE_GETTER(output, CLXS_SERVICE_OUTPUT)
CLXS_SERVICE_GETTER(jobs, CLXS_SERVICE_JOBS)
CLXS_SERVICE_GETTER(events, CLXS_SERVICE_EVENTS)
CLXS_SERVICE_GETTER(invoke, CLXS_SERVICE_INVOKE)
CLXS_SERVICE_GETTER(http, CLXS_SERVICE_HTTP)

#if defined(__GNUC__)
#define CLXS_PRINTF(text, first) __attribute__((format(printf, text, first), unused))
#else
#define CLXS_PRINTF(text, first)
#endif

/* Formatted text in the call's scope. */
CLXS_PRINTF(2, 3)
static inline const char *
clxs_textf(struct clxs_call *call, const char *format, ...)
{
  va_list args;
  int length;
  char *text;

  va_start(args, format);
  length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (length < 0) return "";
  text = (char *)call->core->alloc(call, (size_t)length + 1);
  va_start(args, format);
  vsnprintf(text, (size_t)length + 1, format, args);
  va_end(args);
  return text;
}

/* clxs_failf(call, status, hint, format, ...): fail with a formatted message. */
#define clxs_failf(call, status, hint, ...) \
  ((call)->core->fail((call), (status), clxs_textf((call), __VA_ARGS__), (hint)))
#define clxs_logf(call, level, ...) ((call)->core->log((call), (level), clxs_textf((call), __VA_ARGS__)))

#endif
