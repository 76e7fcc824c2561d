/* SPDX-License-Identifier: Apache-2.0 */
/* SELECT * and the names of the columns, for the relations are spelled in two ways. */
#include "kit/model/policies.h"

#include <clxs/clxs.h>
#include <pthread.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/model/query.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

enum cell {
  CELL_SCHEMA,
  CELL_TABLE,
  CELL_COLUMN,
  CELL_CATALOG_OF,
  CELL_SCHEMA_OF,
  CELL_FUNCTION,
  CELL_USAGE,
  CELL_COUNT
};

/* What a relation calls its cells; the first of two that is there counts. */
struct relation {
  const char *name, *purpose;
  const char *titles[CELL_COUNT][2];
};

static const struct relation relations[] = {
    {"row_filters",
     "read row filters",
     {{"schema_name", "table_schema"},
      {"table_name"},
      {NULL},
      {"filter_catalog"},
      {"filter_schema"},
      {"filter_name"},
      {"filter_col_usage", "target_columns"}}},
    {"column_masks",
     "read column masks",
     {{"schema_name", "table_schema"},
      {"table_name"},
      {"column_name"},
      {"mask_catalog"},
      {"mask_schema"},
      {"mask_name"},
      {"mask_col_usage", "using_columns"}}},
};

struct reading {
  struct model_catalog *const *models;
  pthread_mutex_t lock; /* of the models */
};

struct listing {
  struct reading *reading;
  struct model_catalog *model;
};

static bool
is_column(const struct model_table *table, const char *name)
{
  for (uint32_t i = 0; i < table->column_count; i++)
    if (utf8_ieq(table->columns[i].name, name)) return true;
  return false;
}

/* "a, b": names of columns, and constants. */
static struct json_object *
arguments(struct arena *arena, const struct model_table *table, const char *usage)
{
  struct json_object *list = json_object_new_array();

  for (const char *part = usage; part && *part;) {
    size_t length, blanks = strspn(part, " ");
    struct json_object *argument = json_object_new_object();
    const char *name;

    part += blanks;
    length = strcspn(part, ",");
    blanks = length;
    while (blanks && part[blanks - 1] == ' ')
      blanks--;
    name = arena_strndup(arena, part, blanks);
    json_add_text(argument, is_column(table, name) ? "column" : "constant", name);
    json_object_array_add(list, argument);
    part += length + (part[length] == ',');
  }
  return list;
}

/* The policy in the words of the API. */
static const char *
policy_json(struct arena *arena, const struct model_table *table, const char *const *cells, bool filter)
{
  CLEANUP_JSON struct json_object *policy = json_object_new_object();
  const char *name = cells[CELL_FUNCTION];

  if (cells[CELL_CATALOG_OF] && cells[CELL_SCHEMA_OF])
    name = arena_printf(arena, "%s.%s.%s", cells[CELL_CATALOG_OF], cells[CELL_SCHEMA_OF], name);
  json_add_text(policy, "function_name", name);
  json_object_object_add(policy, filter ? "input_arguments" : "using_arguments",
                         arguments(arena, table, cells[CELL_USAGE]));
  return arena_strdup(arena, json_text(policy));
}

static clxs_status
take_row(void *data, const char *const *cells)
{
  struct listing *listing = data;
  struct arena *arena = listing->model->arena;
  struct model_table *table =
      (struct model_table *)model_find_item(listing->model, "table", cells[CELL_SCHEMA], cells[CELL_TABLE]);

  if (!table || !cells[CELL_FUNCTION]) return CLXS_OK;
  pthread_mutex_lock(&listing->reading->lock);
  if (!cells[CELL_COLUMN] && !table->row_filter) table->row_filter = policy_json(arena, table, cells, true);
  for (uint32_t i = 0; cells[CELL_COLUMN] && i < table->column_count; i++) {
    struct model_column *column = (struct model_column *)(uintptr_t)&table->columns[i];

    if (utf8_ieq(column->name, cells[CELL_COLUMN]) && !column->mask)
      column->mask = policy_json(arena, table, cells, false);
  }
  pthread_mutex_unlock(&listing->reading->lock);
  return CLXS_OK;
}

static clxs_status
read_relation(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  struct listing listing = {reading, reading->models[index / ARRAY_SIZE(relations)]};
  const struct relation *relation = &relations[index % ARRAY_SIZE(relations)];
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  const struct clxs_error *error;
  clxs_status status;

  if (!listing.model || !listing.model->schemas.count) return CLXS_OK;
  buf_add_text(&text, "SELECT * FROM ");
  sql_add_name(&text, listing.model->item.name);
  buf_addf(&text, ".information_schema.%s", relation->name);
  status = query_titled(call, listing.model->workspace, text.data, relation->purpose, relation->titles,
                        CELL_COUNT, take_row, &listing);
  if (status >= 0 || status == CLXS_E_CANCELLED || status == CLXS_E_AUTH) return status;
  error = call->core->error(call);
  clxs_logf(call, CLXS_LOG_INFO, "%s of %s: %s", relation->purpose, listing.model->item.name,
            error ? error->message : "no answer");
  call->core->error_clear(call);
  return CLXS_OK;
}

clxs_status
model_read_policies(struct clxs_call *call, struct model_catalog *const *models, size_t count, uint32_t width)
{
  struct reading reading = {.models = models};
  clxs_status status;

  pthread_mutex_init(&reading.lock, NULL);
  status = clxs_jobs(call)->each(call, count * ARRAY_SIZE(relations), width, read_relation, &reading);
  pthread_mutex_destroy(&reading.lock);
  return status;
}
