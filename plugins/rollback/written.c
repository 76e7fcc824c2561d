/* SPDX-License-Identifier: Apache-2.0 */
/* Did somebody else write to a table since the run made or replaced it? Delta's history tells without any
 * clock: every change of rows is a commit, and the journal knows how many of them can be the run's own. It
 * must not plan. https://docs.databricks.com/delta/history.html */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "rollback.h"

#include "base/banned.h"

/* More commits than this are read only where there are more. */
#define COMMITS_MAX 1000

struct history_job {
  struct undo *undo;
  VEC(size_t) objects;
};

/* What Delta calls commits that change rows or columns; maintenance and settings are not among them. */
static bool
changes_rows(const char *operation)
{
  static const char *const names[] = {"WRITE",       "DELETE",       "UPDATE",        "MERGE",
                                      "TRUNCATE",    "COPY INTO",    "CLONE",         "RESTORE",
                                      "ADD COLUMNS", "DROP COLUMNS", "RENAME COLUMN", "STREAMING UPDATE"};

  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    if (str_ieq(operation, names[i])) return true;
  return str_starts(operation, "CREATE ") || str_starts(operation, "REPLACE ");
}

/* How many commits of rows the run itself may have made. */
static int64_t
own_commits(const struct undo *undo, size_t object)
{
  const struct journal_image *image = undo->image;
  int64_t count = 0;

  for (size_t i = 0; i < image->plan->steps.count; i++) {
    const struct plan_step *step = &image->plan->steps.at[i];
    const struct plan_result *result = &image->steps[i];

    if (step->object != object || step->via != PLAN_SQL || !undo_happened(image, i)) continue;
    if (!str_starts(step->text, "CREATE ") && !str_starts(step->text, "INSERT ")) continue;
    count += (result->attempts ? result->attempts : 1) + (result->begun ? result->begun - 1 : 0);
  }
  return count;
}

/* The version before the run; -1 when there was no table. */
static int64_t
version_before(const struct undo *undo, size_t object)
{
  const char *data = undo->image->plan->steps.at[undo->objects[object].first].undo.data;
  CLEANUP_JSON struct json_object *json = data ? json_parse(data, strlen(data), NULL, NULL) : NULL;

  return undo->objects[object].kind == UNDO_DROP ? -1 : json_get_int(json, "version", -1);
}

/* A commit, as far as it matters. */
struct commit {
  int64_t version;
  const char *operation, *parameters;
};

static void
read_commit(struct clxs_call *child, struct clxs_rows *rows, struct commit *commit)
{
  const struct clxs_sql *sql = clxs_sql(child);

  *commit = (struct commit){.version = -1};
  for (uint32_t i = 0; i < sql->column_count(child, rows); i++) {
    const char *name = sql->column(child, rows, i)->name, *text = sql->text(child, rows, i);

    if (str_ieq(name, "version") && text) str_to_int64(text, &commit->version);
    if (str_ieq(name, "operation")) commit->operation = text ? text : "";
    if (str_ieq(name, "operationParameters")) commit->parameters = text;
  }
}

/* An earlier try to take the run back has put the rows back already: what is older does not count. */
static bool
goes_back(const struct commit *commit, int64_t before)
{
  CLEANUP_JSON struct json_object *json =
      commit->parameters ? json_parse(commit->parameters, strlen(commit->parameters), NULL, NULL) : NULL;

  return str_ieq(commit->operation, "RESTORE") && json_get_int(json, "version", -1) == before;
}

/* What is wrong with the table's history, or NULL. */
static const char *
judge_history(struct clxs_call *child, struct clxs_rows *rows, int64_t before, int64_t own)
{
  struct commit commit;
  bool any = false;
  int64_t count = 0;

  while (clxs_sql(child)->next(child, rows) == 1) {
    any = true;
    read_commit(child, rows, &commit);
    if (commit.version < 0 || !commit.operation) return "its history cannot be understood";
    if (commit.version <= before || goes_back(&commit, before)) break;
    count += changes_rows(commit.operation);
  }
  if (!any) return "its history cannot be read";
  return count > own ? "others have written to it since the run" : NULL;
}

static clxs_status
ask_history(void *data, struct clxs_call *child, uint64_t index)
{
  struct history_job *job = data;
  size_t object = job->objects.at[index];
  struct undo_object *it = &job->undo->objects[object];
  const struct plan_object *table = &job->undo->image->plan->objects.at[object];
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct clxs_statement statement = {.size = sizeof statement, .flags = CLXS_SQL_IDEMPOTENT};
  struct clxs_rows *rows = NULL;
  clxs_status status;

  buf_add_text(&text, "DESCRIBE HISTORY ");
  sql_add_names(&text, table->names, table->name_count);
  buf_addf(&text, " LIMIT %d", COMMITS_MAX);
  statement.text = text.data;
  statement.purpose = "look who has written to a table";
  status = clxs_sql(child)->run(child, &statement, &rows);
  if (status == CLXS_E_CANCELLED || status == CLXS_E_AUTH) return status;
  it->written = status < 0 || !rows ? "whether others have written to it could not be looked up"
                                    : judge_history(child, rows, version_before(job->undo, object),
                                                    own_commits(job->undo, object));
  child->core->error_clear(child);
  return CLXS_OK;
}

/* A table whose rows would go. */
static bool
is_at_stake(const struct undo *undo, size_t object)
{
  const struct undo_object *it = &undo->objects[object];

  if (!str_eq(undo->image->plan->objects.at[object].kind, "table") || !it->now) return false;
  if (it->kind == UNDO_DROP) return true;
  return it->kind == UNDO_RESTORE && version_before(undo, object) >= 0;
}

clxs_status
undo_look_at_rows(struct undo *undo)
{
  struct history_job job = {.undo = undo};
  clxs_status status;

  for (size_t i = 0; i < undo->image->plan->objects.count; i++)
    if (is_at_stake(undo, i)) *VEC_ADD(&job.objects) = i;
  status = clxs_jobs(undo->call)->each(undo->call, job.objects.count, undo->width, ask_history, &job);
  for (size_t i = 0; i < job.objects.count && status >= 0; i++) {
    struct undo_object *it = &undo->objects[job.objects.at[i]];

    if (!it->written) continue;
    it->kind = UNDO_LEAVE;
    it->problem = it->written;
  }
  VEC_FREE(&job.objects);
  return status;
}
