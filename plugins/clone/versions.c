/* SPDX-License-Identifier: Apache-2.0 */
/* Which version each table has before it is replaced, so that RESTORE can bring it back.
 * https://docs.databricks.com/sql/language-manual/delta-describe-history.html */
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

struct version_job {
  struct clone *clone;
  VEC(size_t) steps; /* that replace a table */
  int64_t *versions; /* one per step, -1: not known */
};

/* The first cell of the column "version", -1 when there is none. */
static int64_t
read_version(struct clxs_call *child, struct clxs_rows *rows)
{
  const struct clxs_sql *sql = clxs_sql(child);
  int64_t version = -1;
  const char *cell;

  if (sql->next(child, rows) != 1) return -1;
  for (uint32_t i = 0; i < sql->column_count(child, rows); i++) {
    if (!str_ieq(sql->column(child, rows, i)->name, "version")) continue;
    cell = sql->text(child, rows, i);
    if (!cell || !str_to_int64(cell, &version)) return -1;
  }
  return version;
}

static const struct plan_object *
object_of(const struct version_job *job, uint64_t index)
{
  const struct plan *plan = job->clone->plan;

  return &plan->objects.at[plan->steps.at[job->steps.at[index]].object];
}

static clxs_status
ask_version(void *data, struct clxs_call *child, uint64_t index)
{
  struct version_job *job = data;
  const struct plan_object *object = object_of(job, index);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct clxs_statement statement = {.size = sizeof statement, .flags = CLXS_SQL_IDEMPOTENT};
  struct clxs_rows *rows = NULL;
  clxs_status status;

  buf_add_text(&text, "DESCRIBE HISTORY ");
  sql_add_names(&text, object->names, object->name_count);
  buf_add_text(&text, " LIMIT 1");
  statement.text = text.data;
  statement.purpose = "note the version of a table";
  status = clxs_sql(child)->run(child, &statement, &rows);
  job->versions[index] = status >= 0 && rows ? read_version(child, rows) : -1;
  if (status == CLXS_E_CANCELLED || status == CLXS_E_AUTH) return status;
  child->core->error_clear(child);
  return CLXS_OK;
}

static void
set_version(struct version_job *job, uint64_t index)
{
  struct plan *plan = job->clone->plan;
  struct plan_undo *undo = &plan->steps.at[job->steps.at[index]].undo;
  const struct plan_object *object = object_of(job, index);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  CLEANUP_JSON struct json_object *json = json_parse(undo->data, strlen(undo->data), NULL, NULL);

  if (job->versions[index] < 0) {
    plan_add_warning(plan, clxs_textf(job->clone->call,
                                      "table %s: its version before the run could not be told, so a rollback "
                                      "will leave it as the clone makes it",
                                      object->label));
    return;
  }
  buf_add_text(&text, "RESTORE TABLE ");
  sql_add_names(&text, object->names, object->name_count);
  buf_addf(&text, " TO VERSION AS OF %lld", (long long)job->versions[index]);
  json_add_int(json, "version", job->versions[index]);
  json_add_text(json, "statement", text.data);
  clone_add_vanished(job->clone, &plan->steps.at[job->steps.at[index]], json);
  undo->prior = PLAN_PRIOR_KNOWN;
  undo->data = arena_strdup(plan->arena, json_text(json));
}

clxs_status
clone_note_versions(struct clone *clone)
{
  struct version_job job = {.clone = clone};
  const struct plan *plan = clone->plan;
  clxs_status status;

  for (size_t i = 0; i < plan->steps.count; i++) {
    const struct plan_step *step = &plan->steps.at[i];

    /* A table that is dropped first takes its versions with it. */
    if (step->via == PLAN_SQL && step->undo.prior == PLAN_PRIOR_UNKNOWN && step->undo.data &&
        str_eq(plan->objects.at[step->object].kind, "table") && step->check.how != PLAN_CHECK_PRESENT)
      *VEC_ADD(&job.steps) = i;
  }
  job.versions = clone->call->core->alloc(clone->call, (job.steps.count + 1) * sizeof *job.versions);
  status =
      clxs_jobs(clone->call)->each(clone->call, job.steps.count, clone->options.width, ask_version, &job);
  for (size_t i = 0; i < job.steps.count && status >= 0; i++)
    set_version(&job, i);
  VEC_FREE(&job.steps);
  return status;
}
