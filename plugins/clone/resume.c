/* SPDX-License-Identifier: Apache-2.0 */
/* Going on with an earlier clone: the plan comes from its journal, never from the catalogs, so that two runs
 * together do what one would have done. It must not plan. */
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"

#include "base/banned.h"

/* What the earlier run was told about FLAG, or NULL. */
static const char *
recorded(struct json_object *arguments, const char *flag)
{
  struct json_object *value = json_item(json_get_array(arguments, flag), 0);

  return value ? json_object_get_string(value) : NULL;
}

static clxs_status
check_catalog(struct clxs_call *call, const char *id, const char *flag, const char *theirs)
{
  const char *ours = call->core->arg_text(call, flag, 0);

  if (!ours || utf8_ieq(ours, theirs ? theirs : "")) return CLXS_OK;
  return clxs_failf(call, CLXS_E_USAGE, clxs_textf(call, "give --%s %s, or start a new clone", flag, theirs),
                    "operation %s has another %s: %s, not %s", id,
                    str_eq(flag, "dest") ? "destination" : "source", theirs, ours);
}

/* Is this journal one that this command, here and now, may go on with? */
static clxs_status
check_journal(struct clxs_call *call, const char *id, const struct journal_image *image)
{
  clxs_status status;

  if (!str_eq(image->head.command, "clone") || !image->head.source || !image->head.destination)
    return clxs_failf(call, CLXS_E_USAGE, "`clxs history list` says which operations are clones",
                      "operation %s is no clone but a %s", id, image->head.command);
  if (!image->planned)
    return clxs_failf(call, CLXS_E_USAGE, "start a new clone",
                      "operation %s died before its plan was complete, so nothing was changed", id);
  status = journal_check_workspaces(call, &image->head);
  if (status < 0) return status;
  status = check_catalog(call, id, "source", image->head.source);
  return status < 0 ? status : check_catalog(call, id, "dest", image->head.destination);
}

static void
take_options(struct clone *clone, const struct journal_image *image)
{
  const struct clxs_core *core = clone->call->core;
  const char *text = image->head.arguments ? image->head.arguments : "{}";
  CLEANUP_JSON struct json_object *arguments = json_parse(text, strlen(text), NULL, NULL);
  int64_t width = core->arg_int(clone->call, "max-workers");

  clone->options = (struct clone_options){
      .source = image->head.source,
      .dest = image->head.destination,
      .dest_host = image->head.destination_workspace,
      .shallow = str_ieq(recorded(arguments, "clone-type"), "SHALLOW"),
      .strict = core->arg_int(clone->call, "strict") != 0 || str_eq(recorded(arguments, "strict"), "true"),
      .width = width > 0 ? (uint32_t)width : 8,
  };
  clone->operation = image->head.id;
  clone->source = model_new(image->head.source);
  clone->catalog_step = CLONE_NO_STEP;
  for (size_t i = 0; i < clone->plan->steps.count; i++)
    if (str_eq(clone->plan->objects.at[clone->plan->steps.at[i].object].kind, "catalog"))
      clone->catalog_step = i;
}

clxs_status
clone_resume(struct clone *clone, const char *id)
{
  struct clxs_call *call = clone->call;
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  CLEANUP_JOURNAL struct journal *journal = NULL;
  CLEANUP_RESULTS struct executor_results results = {0};
  const char *path = operation_journal(call, id);
  clxs_status status;

  if (!path) return call->core->error(call)->status;
  status = journal_reopen(call, path, &image, &journal);
  if (status < 0) return status;
  status = check_journal(call, id, &image);
  if (status < 0) return status;
  clone->plan = image.plan;
  image.plan = NULL;
  take_options(clone, &image);
  clxs_meta(call)->invalidate(call, clone->options.dest);
  status = clone_run_plan(clone, journal, image.steps, &results);
  return clone_report(clone, &results, status);
}
