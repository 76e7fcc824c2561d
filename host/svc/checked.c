/* SPDX-License-Identifier: Apache-2.0 */
/* See checked.h: what the checks are; the tables that make them are in checked_core.c, checked_data.c and
 * checked_run.c. */
#include "svc/checked.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "svc/call.h"
#include "svc/rest_content.h"
#include "svc/rows.h"

#include "base/banned.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool wanted;

static void
read_environment(void)
{
  const char *value = getenv("CLXS_CHECKED");

  wanted = value && *value && !str_eq(value, "0");
}

bool
checked_wanted(void)
{
  pthread_once(&once, read_environment);
  return wanted;
}

const void *
checked_table(const char *id)
{
  static const struct {
    const char *id;
    const void *table;
  } tables[] = {{CLXS_SERVICE_CONFIG, &checked_config}, {CLXS_SERVICE_SQL, &checked_sql},
                {CLXS_SERVICE_REST, &checked_rest},     {CLXS_SERVICE_META, &checked_meta},
                {CLXS_SERVICE_CACHE, &checked_cache},   {CLXS_SERVICE_OUTPUT, &checked_output},
                {CLXS_SERVICE_JOBS, &checked_jobs},     {CLXS_SERVICE_EVENTS, &checked_events},
                {CLXS_SERVICE_INVOKE, &checked_invoke}, {"clxs.core/1", &checked_core}};

  for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
    if (str_eq(id, tables[i].id)) return tables[i].table;
  return NULL;
}

void
checked_stop(struct clxs_call *call, const char *function, const char *what)
{
  const char *plugin = call ? call_of(call)->plugin_id : NULL;

  fprintf(stderr, "clxs: checked: plugin %s, %s: %s\n", plugin ? plugin : "(none)", function, what);
  abort();
}

void
checked_thread(struct clxs_call *call, const char *function)
{
  if (!call) checked_stop(call, function, "there is no call");
  if (!pthread_equal(call_of(call)->thread, pthread_self()))
    checked_stop(call, function, "the call belongs to another thread");
}

void
checked_texts(struct clxs_call *call, const char *function, unsigned count, ...)
{
  va_list texts;

  if (!call) checked_stop(call, function, "there is no call");
  va_start(texts, count);
  for (unsigned i = 0; i < count; i++) {
    const char *text = va_arg(texts, const char *);

    if (text && !utf8_valid(text, strlen(text))) checked_stop(call, function, "a text is not UTF-8");
  }
  va_end(texts);
}

void
checked_rows(struct clxs_call *call, const char *function, const struct clxs_rows *rows)
{
  checked_thread(call, function);
  for (const struct clxs_rows *open = call_of(call)->rows; open; open = open->older)
    if (open == rows) return;
  checked_stop(call, function, "the result is not open on this call");
}

void
checked_download(struct clxs_call *call, const char *function, const struct clxs_download *download)
{
  checked_thread(call, function);
  for (const struct clxs_download *open = call_of(call)->downloads; open; open = open->older)
    if (open == download) return;
  checked_stop(call, function, "the download is not open on this call");
}
