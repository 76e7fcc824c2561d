/* SPDX-License-Identifier: Apache-2.0 */
/* Going on with an earlier clone: the plan comes from its journal, never from the catalogs, and so does what
 * it was told, so that two runs together do what one would have done. It must not plan. */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/plan/claim.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"

#include "base/banned.h"

/* The preflight has asked already, if there was one.
 * https://docs.databricks.com/api/workspace/currentuser/me */
const char *
clone_principal(struct clone *clone)
{
  struct clxs_call *call = clone->call;
  struct clxs_request request = {
      .size = sizeof request, .method = "GET", .path = "/api/2.0/preview/scim/v2/Me", .purpose = "who am I"};
  struct clxs_response response = {.size = sizeof response};
  CLEANUP_JSON struct json_object *json = NULL;
  const char *name;

  if (clone->principal) return clone->principal;
  if (clone->preflight)
    json = json_parse(clone->preflight, strlen(clone->preflight), NULL, NULL);
  else if (clxs_rest(call)->send(call, &request, &response) >= 0)
    json = json_parse(response.body, response.length, NULL, NULL);
  call->core->error_clear(call);
  name = json_get_text(json, clone->preflight ? "user" : "userName");
  if (name) clone->principal = clxs_textf(call, "%s", name);
  return clone->principal;
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
  const char *workspace = clxs_config(call)->host(call);
  clxs_status status;

  if (!workspace) return call->core->error(call)->status;
  if (!str_eq(image->head.command, "clone") || !image->head.source || !image->head.destination)
    return clxs_failf(call, CLXS_E_USAGE, "`clxs history list` says which operations are clones",
                      "operation %s is no clone but a %s", id, image->head.command);
  if (!image->planned)
    return clxs_failf(call, CLXS_E_USAGE, "start a new clone",
                      "operation %s died before its plan was complete, so nothing was changed", id);
  if (image->taken_back)
    return clxs_failf(call, CLXS_E_USAGE, "start a new clone", "operation %s was taken back by %s", id,
                      image->taken_back);
  if (!str_eq(workspace, image->head.workspace))
    return clxs_failf(call, CLXS_E_USAGE, "choose that workspace by --host or --profile",
                      "operation %s belongs to the workspace %s, not to %s", id, image->head.workspace,
                      workspace);
  status = check_catalog(call, id, "source", image->head.source);
  return status < 0 ? status : check_catalog(call, id, "dest", image->head.destination);
}

/* What was done by one is not another's to go on with: who made the objects may lack the rights for the rest.
 */
static clxs_status
check_principal(struct clone *clone, const struct journal_head *head)
{
  const char *me = head->principal ? clone_principal(clone) : NULL;

  if (!me || str_ieq(me, head->principal)) return CLXS_OK;
  return clxs_failf(clone->call, CLXS_E_USAGE,
                    clxs_textf(clone->call, "log in as %s, or start a new clone", head->principal),
                    "operation %s was begun by %s, and you are %s", head->id, head->principal, me);
}

static clxs_status
take_options(struct clone *clone, const struct journal_image *image)
{
  clxs_status status = clone_read_options(clone);

  if (status < 0) return status;
  clone->options.source = image->head.source;
  clone->options.dest = image->head.destination;
  clone->operation = clxs_textf(clone->call, "%s", image->head.id);
  clone->source = model_new(image->head.source);
  clone->catalog_step = CLONE_NO_STEP;
  for (size_t i = 0; i < clone->plan->steps.count; i++)
    if (str_eq(clone->plan->objects.at[clone->plan->steps.at[i].object].kind, "catalog"))
      clone->catalog_step = i;
  return CLXS_OK;
}

/* What is left out was so by plan, and stays so. */
static bool
all_done(const struct journal_image *image, const struct plan *plan)
{
  for (size_t i = 0; i < plan->steps.count; i++)
    if (plan->steps.at[i].via < PLAN_REFUSED && image->steps[i].state != PLAN_DONE &&
        image->steps[i].state != PLAN_LEFT_OUT)
      return false;
  return true;
}

/* It ended well: say so, and what it did. */
static clxs_status
tell_complete(struct clone *clone, const struct journal_image *image)
{
  CLEANUP_RESULTS struct executor_results results = {0};

  executor_results_of(clone->plan, image->steps, &results);
  clone->complete = true;
  return clone_report(clone, &results, CLXS_OK);
}

static clxs_status
go_on(struct clone *clone, const struct journal_image *image, struct journal **journal)
{
  clxs_status status = take_options(clone, image);
  bool done = all_done(image, clone->plan);

  if (status < 0) return status;
  if (done && str_eq(image->finished, journal_status(CLXS_OK))) return tell_complete(clone, image);
  status = clone_claim(clone);
  if (status >= 0) status = check_principal(clone, &image->head);
  if (status >= 0 && !done) status = clone_preflight(clone);
  if (status < 0) return status;
  clxs_meta(clone->call)->invalidate(clone->call, clone->options.dest);
  return clone_run_plan(clone, TAKE(*journal), image->steps);
}

/* The newest clone of this workspace; with --dest, into that catalog. */
static const char *
find_latest(struct clxs_call *call)
{
  const char *workspace = clxs_config(call)->host(call), *dest = call->core->arg_text(call, "dest", 0);
  size_t count;
  const char *const *ids = workspace ? operation_list(call, &count) : NULL;

  for (size_t i = 0; ids && i < count; i++) {
    CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
    const char *path = operation_journal(call, ids[i]);

    if (!path || journal_read(call, path, &image) < 0)
      call->core->error_clear(call);
    else if (str_eq(image.head.command, "clone") && str_eq(image.head.workspace, workspace) &&
             (!dest || utf8_ieq(dest, image.head.destination)))
      return ids[i];
  }
  if (ids)
    clxs_failf(call, CLXS_E_USAGE, "`clxs history list` shows what was run from this machine",
               "there is no clone%s%s to go on with in the workspace %s", dest ? " into " : "",
               dest ? dest : "", workspace);
  return NULL;
}

clxs_status
clone_resume(struct clone *clone, const char *id)
{
  struct clxs_call *call = clone->call;
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  CLEANUP_JOURNAL struct journal *journal = NULL;
  const char *path;
  clxs_status status;

  if (str_eq(id, "latest")) id = find_latest(call);
  path = id ? operation_journal(call, id) : NULL;
  if (!path) return call->core->error(call)->status;
  status = journal_reopen(call, path, &image, &journal);
  if (status >= 0) status = check_journal(call, id, &image);
  if (status >= 0) status = call->core->arg_adopt(call, image.head.arguments ? image.head.arguments : "{}");
  if (status < 0) return status;
  clone->plan = image.plan;
  image.plan = NULL;
  return go_on(clone, &image, &journal);
}
