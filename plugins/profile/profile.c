/* SPDX-License-Identifier: Apache-2.0 */
/* The command: which tables, which columns of them, ask, report. */
#include "profile.h"

#include "base/buf.h"
#include "base/str.h"
#include "kit/catalogs.h"
#include "kit/model/filter.h"
#include "kit/one_command.h"
#include "kit/save.h"
#include "kit/snapshot/side.h"
#include "profile_gen.h"

#include "base/banned.h"

/* "10%" or "10000" to a clause. Repeatable, so that the statements of a wide table see the same part. */
static clxs_status
read_sample(struct profile *profile)
{
  const char *text = profile->call->core->arg_text(profile->call, "sample", 0);
  size_t length = text ? strlen(text) : 0;
  int64_t rows;
  double percent;

  profile->sample = "";
  if (!text) return CLXS_OK;
  if (length > 1 && text[length - 1] == '%') {
    const char *number = arena_strndup(profile->arena, text, length - 1);

    if (str_to_double(number, &percent) && percent > 0 && percent <= 100) {
      profile->sample = arena_printf(profile->arena, " TABLESAMPLE (%.6g PERCENT) REPEATABLE (1)", percent);
      return CLXS_OK;
    }
  } else if (str_to_int64(text, &rows) && rows > 0) {
    profile->sample = arena_printf(profile->arena, " TABLESAMPLE (%lld ROWS)", (long long)rows);
    return CLXS_OK;
  }
  return clxs_failf(profile->call, CLXS_E_USAGE,
                    "write a share of the rows (10%) or a number of rows (10000)",
                    "--sample: \"%s\" is neither", text);
}

static clxs_status
read_options(struct profile *profile)
{
  const struct clxs_core *core = profile->call->core;
  int64_t width = core->arg_int(profile->call, "max-workers");

  profile->exact = core->arg_int(profile->call, "exact") != 0;
  profile->views = core->arg_int(profile->call, "views") != 0;
  profile->top = core->arg_int(profile->call, "top");
  profile->bins = core->arg_int(profile->call, "bins");
  profile->depth = core->arg_int(profile->call, "depth");
  profile->width = width > 0 ? (uint32_t)width : 8;
  return read_sample(profile);
}

static void
add_table(struct profile *profile, const struct model_schema *schema, const struct model_table *table)
{
  struct profile_table *entry = VEC_ADD(&profile->tables);

  *entry = (struct profile_table){.schema = schema, .table = table, .rows = -1};
  profile_add_columns(profile, entry);
  if (entry->columns.count) return;
  VEC_FREE(&entry->columns);
  profile->tables.count--;
}

/* SCHEMA.TABLE, which may hold dots: the longest schema's name wins. */
static clxs_status
add_named(struct profile *profile, const char *name)
{
  VEC_EACH (&profile->model->schemas, schema) {
    size_t length = strlen(schema->item.name);
    const struct model_table *table;

    if (strlen(name) <= length || name[length] != '.') continue;
    if (!utf8_ieq(arena_strndup(profile->arena, name, length), schema->item.name)) continue;
    table = model_find_table(schema, name + length + 1);
    if (!table) continue;
    add_table(profile, schema, table);
    return CLXS_OK;
  }
  return clxs_failf(profile->call, CLXS_E_NOT_FOUND, "write SCHEMA.TABLE, without the catalog",
                    "--table %s: catalog %s has no such table or view", name, profile->model->item.name);
}

/* Views cost what their queries cost, and foreign tables are read from somewhere else. */
static bool
is_wanted(const struct profile *profile, const struct model_table *table)
{
  if (!filter_object(profile->filter, table->item.name)) return false;
  if (str_ends(table->type, "VIEW") && !str_eq(table->type, "MATERIALIZED_VIEW"))
    return profile->views && !str_eq(table->type, "METRIC_VIEW");
  return !str_eq(table->type, "FOREIGN");
}

static clxs_status
choose_tables(struct profile *profile)
{
  const struct clxs_core *core = profile->call->core;
  uint32_t named = core->arg_count(profile->call, "table");
  clxs_status status = CLXS_OK;

  for (uint32_t i = 0; i < named && status >= 0; i++)
    status = add_named(profile, core->arg_text(profile->call, "table", i));
  if (named || status < 0) return status;
  VEC_EACH (&profile->model->schemas, schema)
    VEC_EACH (&schema->tables, table)
      if (is_wanted(profile, table)) add_table(profile, schema, table);
  return CLXS_OK;
}

static clxs_status
save(struct profile *profile)
{
  const char *path = profile->call->core->arg_text(profile->call, "output", 0);
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  if (!path) return CLXS_OK;
  if (str_ends(path, ".html")) return profile_save_html(profile, path);
  profile_write_json(profile, true, &json);
  buf_add_char(&json, '\n');
  return save_result(profile->call, path, json.data, json.len);
}

static clxs_status
profile_catalog(struct profile *profile, struct side *side)
{
  clxs_status status = read_options(profile);

  if (status >= 0) status = catalogs_read_one(profile->call, true, true, &side->name);
  if (status >= 0) status = filter_read(profile->call, &profile->filter);
  if (status >= 0) status = sides_read(profile->call, side, 1, profile->filter, 0, profile->width);
  if (status < 0) return status;
  profile->model = side->model;
  status = choose_tables(profile);
  if (status < 0) return status;
  if (!profile->tables.count)
    return clxs_failf(profile->call, CLXS_E_USAGE, "look at --columns, --views and the filters",
                      "catalog %s has no table or column that was asked for", profile->model->item.name);
  status = profile_read(profile);
  if (status >= 0) status = save(profile);
  return status < 0 ? status : profile_report(profile);
}

static clxs_status
profile_run(void *state, struct clxs_call *call)
{
  struct profile profile = {.call = call, .arena = arena_new()};
  struct side side = {0};
  clxs_status status;

  (void)state;
  pthread_mutex_init(&profile.lock, NULL);
  status = profile_catalog(&profile, &side);
  VEC_EACH (&profile.tables, table)
    VEC_FREE(&table->columns);
  VEC_FREE(&profile.tables);
  sides_free(&side, 1);
  filter_free(profile.filter);
  arena_free(profile.arena);
  pthread_mutex_destroy(&profile.lock);
  return status;
}

PLUGIN_ONE_COMMAND(CMD_PROFILE, profile_run);
