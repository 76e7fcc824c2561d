/* SPDX-License-Identifier: Apache-2.0 */
/* See announce.h. */
#include "kit/plan/announce.h"

#include <clxs/clxs.h>
#include <time.h>

#include "base/buf.h"
#include "kit/plan/record.h"
#include "kit/plan/summary.h"

#include "base/banned.h"

static void
add_time(struct buf *json, const char *key, int64_t ms)
{
  time_t seconds = (time_t)(ms / 1000);
  struct tm utc;
  char text[32];

  gmtime_r(&seconds, &utc);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  record_add_text(json, key, text);
}

static void
add_head(struct buf *json, struct clxs_call *call, const struct announce *announce)
{
  const char *workspace = clxs_config(call)->host(call);

  buf_add_text(json, "{\"command\":");
  buf_add_json(json, announce->command);
  record_add_text(json, "operation_id", announce->operation);
  record_add_text(json, "source", announce->source);
  record_add_text(json, "destination", announce->destination);
  record_add_text(json, "workspace", workspace);
  add_time(json, "started_at", announce->started_ms);
}

static const char *
keep(struct clxs_call *call, const char *text)
{
  return text ? clxs_textf(call, "%s", text) : NULL;
}

clxs_status
announce_before(struct clxs_call *call, struct announce *announce)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);
  const char *arguments = call->core->arg_record(call);
  clxs_status status;

  announce->operation = keep(call, announce->operation);
  announce->source = keep(call, announce->source);
  announce->destination = keep(call, announce->destination);
  announce->started_ms = call->core->now_ms(call);
  add_head(&json, call, announce);
  buf_addf(&json, ",\"arguments\":%s}", arguments ? arguments : "{}");
  announce->open = true;
  status = clxs_events(call)->emit(call, clxs_textf(call, "%s.before", announce->command), json.data);
  if (status < 0) announce->open = false;
  return status;
}

static void
add_counts(struct buf *json, const struct summary *summary)
{
  buf_add_text(json, ",\"counts\":");
  if (!summary) {
    buf_add_text(json, "null");
    return;
  }
  for (enum summary_outcome i = SUMMARY_SUCCEEDED; i < SUMMARY_PLANNED; i++)
    buf_addf(json, "%s\"%s\":%zu", i ? "," : "{", summary_outcome_name(i), summary->totals[i]);
  buf_add_char(json, '}');
}

void
announce_finished(struct clxs_call *call, struct announce *announce, const char *status,
                  const struct summary *summary)
{
  const struct clxs_error *error = call->core->error(call);
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);
  int64_t now = call->core->now_ms(call), ms = now - announce->started_ms;

  if (!announce->open) return;
  announce->open = false;
  add_head(&json, call, announce);
  add_time(&json, "ended_at", now);
  buf_addf(&json, ",\"duration_seconds\":%lld.%03lld", (long long)(ms / 1000), (long long)(ms % 1000));
  record_add_text(&json, "status", status);
  add_counts(&json, summary);
  buf_add_text(&json, ",\"error\":");
  buf_add_json(&json, error ? error->message : NULL);
  buf_add_char(&json, '}');
  clxs_events(call)->emit(call, clxs_textf(call, "%s.finished", announce->command), json.data);
}
