/* SPDX-License-Identifier: Apache-2.0 */
/* Is the copy too bad to be kept? Judged by the objects of this run alone: what the run did not touch, and
 * what it left out on purpose, counts for nothing. It must not know how a run is taken back. */
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "clone.h"
#include "kit/plan/record.h"

#include "base/banned.h"

struct verdict {
  size_t total, failed,
      differ; /* objects of the run; failed or blocked; came out otherwise than the source */
  bool triggered;
  const char *reason, *document; /* document: what the rollback says, or NULL */
};

static bool
is_bad(const struct summary *summary, size_t object)
{
  enum summary_outcome outcome = summary->objects[object].outcome;

  return outcome == SUMMARY_FAILED || outcome == SUMMARY_BLOCKED;
}

/* The run's objects that came to something, by "kind name". */
static struct map *
own_objects(struct clone *clone, const struct summary *summary, struct verdict *verdict)
{
  static char there[] = "there";
  struct map *objects = map_new();

  for (size_t i = 0; i < clone->plan->objects.count; i++) {
    const struct plan_object *object = &clone->plan->objects.at[i];

    if (summary->objects[i].outcome != SUMMARY_SUCCEEDED && !is_bad(summary, i)) continue;
    verdict->total++;
    verdict->failed += is_bad(summary, i);
    if (!is_bad(summary, i))
      map_set(objects, clxs_textf(clone->call, "%s %s", object->kind, object->label), there);
  }
  return objects;
}

static void
count_differences(struct clone *clone, const struct map *objects, struct verdict *verdict)
{
  const char *text = clone->validation ? clone->validation : "{}";
  CLEANUP_JSON struct json_object *document = json_parse(text, strlen(text), NULL, NULL);
  struct json_object *items = json_get_array(document, "objects");

  for (size_t i = 0; i < json_length(items); i++) {
    struct json_object *item = json_item(items, i);
    const char *status = json_get_text(item, "status"), *kind = json_get_text(item, "kind");

    if (str_eq(status, "match") || str_eq(status, "not_compared") || str_eq(status, "extra")) continue;
    verdict->differ +=
        map_get(objects, clxs_textf(clone->call, "%s %s.%s", kind ? kind : "", clone->source->item.name,
                                    json_get_text(item, "name"))) != NULL;
  }
}

static double
per_cent(const struct verdict *verdict)
{
  size_t bad = verdict->failed + verdict->differ;

  return verdict->total ? 100.0 * (double)bad / (double)verdict->total : 0;
}

static clxs_status
take_back(struct clone *clone, struct verdict *verdict)
{
  struct clxs_call *call = clone->call;
  CLEANUP_JSON struct json_object *arguments = json_object_new_object();
  clxs_status status;

  json_add_text(arguments, "operation", clone->operation);
  json_add_bool(arguments, "unasked", true);
  json_add_int(arguments, "max-workers", clone->options.width);
  verdict->triggered = true;
  status = clxs_invoke(call)->run(call, "rollback", json_text(arguments), &verdict->document);
  if (verdict->document && !*verdict->document) verdict->document = NULL;
  return status;
}

static void
keep(struct clone *clone, const struct verdict *verdict)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_addf(&json, "{\"triggered\":%s", verdict->triggered ? "true" : "false");
  record_add_text(&json, "reason", verdict->reason);
  buf_addf(&json, ",\"failed_pct\":%.4g,\"threshold_pct\":%.4g,\"rollback\":%s}", per_cent(verdict),
           clone->options.threshold, verdict->document ? verdict->document : "null");
  clone->judgement = arena_strdup(clone->plan->arena, json.data);
}

/* Nobody can judge a run that did not come to its end, or a copy that could not be looked at. */
static const char *
no_judgement(const struct summary *summary, clxs_status validated)
{
  if (summary->status == CLXS_E_CANCELLED) return "the run was cancelled";
  if (summary->status < 0 && summary->status != CLXS_E_PARTIAL) return "the run was stopped before its end";
  if (validated < 0 && validated != CLXS_E_PARTIAL) return "the copy could not be validated";
  return NULL;
}

clxs_status
clone_judge(struct clone *clone, const struct summary *summary, clxs_status validated)
{
  struct clxs_call *call = clone->call;
  struct verdict verdict = {.reason = no_judgement(summary, validated)};
  CLEANUP_MAP struct map *objects = NULL;
  clxs_status status = CLXS_OK;

  if (!clone->options.auto_rollback) return CLXS_OK;
  objects = own_objects(clone, summary, &verdict);
  count_differences(clone, objects, &verdict);
  if (!verdict.reason) {
    bool over = per_cent(&verdict) > clone->options.threshold;

    verdict.reason =
        clxs_textf(call, "%zu of %zu objects failed and %zu differ: %.4g %%, %s than the %.4g %% allowed",
                   verdict.failed, verdict.total, verdict.differ, per_cent(&verdict),
                   over ? "more" : "not more", clone->options.threshold);
    if (over) status = take_back(clone, &verdict);
  }
  keep(clone, &verdict);
  clone->taken_back = verdict.triggered && status >= 0;
  if (!verdict.triggered) return CLXS_OK;
  return status < 0 ? status : CLXS_E_PARTIAL;
}

clxs_status
clone_fail_judged(struct clone *clone, clxs_status status)
{
  CLEANUP_JSON struct json_object *json = json_parse(clone->judgement, strlen(clone->judgement), NULL, NULL);
  struct clxs_call *call = clone->call;

  call->core->error_clear(call);
  if (clone->taken_back)
    return clxs_failf(call, status, "correct the causes and run the same command again",
                      "the clone was taken back, because %s", json_get_text(json, "reason"));
  return clxs_failf(call, status, clxs_textf(call, "`clxs rollback %s` tries again", clone->operation),
                    "%s, but it could not be taken back wholly", json_get_text(json, "reason"));
}
