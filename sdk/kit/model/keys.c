/* SPDX-License-Identifier: Apache-2.0 */
/* One statement per catalog, then one request per table that has a key, all catalogs together. */
#include "kit/model/keys.h"

#include <clxs/clxs.h>
#include <pthread.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/destination.h"
#include "kit/model/query.h"
#include "kit/retry.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

struct keyed {
  struct model_catalog *model;
  const struct model_schema *schema;
  struct model_table *table;
  struct json_object *unique; /* its UNIQUE constraints, which only the information schema tells; or NULL */
};

struct reading {
  struct model_catalog *const *models;
  pthread_mutex_t lock; /* of the list and of the models */
  VEC(struct keyed) tables;
};

struct listing {
  struct model_catalog *model;
  VEC(struct keyed) tables;
};

enum cell { CELL_SCHEMA, CELL_TABLE, CELL_KIND, CELL_NAME, CELL_COLUMN, CELL_COUNT };

/* {"unique_constraint":{"name":..,"child_columns":[..]}}; rows of one constraint follow each other. */
static void
add_unique(struct keyed *keyed, const char *const *cells)
{
  size_t count = json_length(keyed->unique);
  struct json_object *last =
      count ? json_get_object(json_item(keyed->unique, count - 1), MODEL_UNIQUE) : NULL;

  if (!cells[CELL_NAME] || !cells[CELL_COLUMN]) return;
  if (!keyed->unique) keyed->unique = json_object_new_array();
  if (!last || !str_eq(json_get_text(last, "name"), cells[CELL_NAME])) {
    struct json_object *constraint = json_object_new_object();

    last = json_object_new_object();
    json_add_text(last, "name", cells[CELL_NAME]);
    json_object_object_add(last, "child_columns", json_object_new_array());
    json_object_object_add(constraint, MODEL_UNIQUE, last);
    json_object_array_add(keyed->unique, constraint);
  }
  json_object_array_add(json_get_array(last, "child_columns"), json_object_new_string(cells[CELL_COLUMN]));
}

static clxs_status
take_row(void *data, const char *const *cells)
{
  struct listing *listing = data;
  const struct model_schema *schema = model_find_schema(listing->model, cells[CELL_SCHEMA]);
  const struct model_table *table = model_find_table(schema, cells[CELL_TABLE]);

  if (!table) return CLXS_OK; /* not one that the model is about */
  if (!listing->tables.count || listing->tables.at[listing->tables.count - 1].table != table)
    *VEC_ADD(&listing->tables) =
        (struct keyed){listing->model, schema, schema->tables.at + (table - schema->tables.at), NULL};
  if (str_ieq(cells[CELL_KIND], "UNIQUE")) add_unique(&listing->tables.at[listing->tables.count - 1], cells);
  return CLXS_OK;
}

/* Rows of one table follow each other. */
static void
add_query(struct buf *text, const char *catalog)
{
  buf_add_text(text,
               "SELECT t.table_schema, t.table_name, t.constraint_type, t.constraint_name, k.column_name "
               "FROM ");
  sql_add_name(text, catalog);
  buf_add_text(text, ".information_schema.table_constraints AS t LEFT JOIN ");
  sql_add_name(text, catalog);
  buf_add_text(text,
               ".information_schema.key_column_usage AS k ON t.constraint_type = 'UNIQUE'"
               " AND k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name"
               " AND k.table_schema = t.table_schema AND k.table_name = t.table_name"
               " WHERE t.constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY', 'UNIQUE')"
               " ORDER BY t.table_schema, t.table_name, t.constraint_name, k.ordinal_position");
}

static clxs_status
list_keyed(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  struct listing listing = {.model = reading->models[index]};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  clxs_status status;

  if (!listing.model || !listing.model->schemas.count) return CLXS_OK;
  add_query(&text, listing.model->item.name);
  status = query_each(call, listing.model->workspace, text.data, "list tables with keys", CELL_COUNT,
                      take_row, &listing);
  pthread_mutex_lock(&reading->lock);
  VEC_EACH (&listing.tables, keyed)
    *VEC_ADD(&reading->tables) = *keyed;
  pthread_mutex_unlock(&reading->lock);
  VEC_FREE(&listing.tables);
  if (status >= 0) return status;
  return clxs_failf(call, status, NULL, "cannot list the keys of the tables of catalog %s",
                    listing.model->item.name);
}

/* The service tells no more than the names of UNIQUE constraints, as of all but keys. */
static struct json_object *
merge(struct json_object *constraints, struct json_object *unique)
{
  struct json_object *merged = json_object_new_array();

  for (size_t i = 0; i < json_length(constraints); i++) {
    struct json_object *constraint = json_item(constraints, i);
    const char *name = json_get_text(json_get_object(constraint, "named_table_constraint"), "name");
    bool known = false;

    for (size_t k = 0; name && k < json_length(unique); k++)
      known =
          known || str_eq(json_get_text(json_get_object(json_item(unique, k), MODEL_UNIQUE), "name"), name);
    if (!known) json_object_array_add(merged, json_object_get(constraint));
  }
  for (size_t i = 0; i < json_length(unique); i++)
    json_object_array_add(merged, json_object_get(json_item(unique, i)));
  return merged;
}

static clxs_status
read_table(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  const struct keyed *keyed = &reading->tables.at[index];
  const char *names[] = {keyed->model->item.name, keyed->schema->item.name, keyed->table->item.name};
  CLEANUP_JSON struct json_object *json = NULL, *constraints = NULL;
  const char *text;
  clxs_status status;
  unsigned round = 0;

  do {
    status = destination_get(call, keyed->model->workspace, "table", names, 3, &text);
  } while (status < 0 && retry_pause(call, status, ++round));
  if (status == CLXS_E_NOT_FOUND) {
    call->core->error_clear(call);
    return CLXS_OK;
  }
  if (status < 0)
    return clxs_failf(call, status, NULL, "cannot read the keys of table %s.%s.%s", names[0], names[1],
                      names[2]);
  json = json_parse(text, strlen(text), NULL, NULL);
  constraints = merge(json_get_array(json, "table_constraints"), keyed->unique);
  if (!json_length(constraints)) return CLXS_OK;
  pthread_mutex_lock(&reading->lock);
  keyed->table->constraints = arena_strdup(keyed->model->arena, json_text(constraints));
  pthread_mutex_unlock(&reading->lock);
  return CLXS_OK;
}

clxs_status
model_read_keys(struct clxs_call *call, struct model_catalog *const *models, size_t count, uint32_t width)
{
  struct reading reading = {.models = models};
  clxs_status status;

  pthread_mutex_init(&reading.lock, NULL);
  status = clxs_jobs(call)->each(call, count, width, list_keyed, &reading);
  if (status >= 0) status = clxs_jobs(call)->each(call, reading.tables.count, width, read_table, &reading);
  pthread_mutex_destroy(&reading.lock);
  VEC_EACH (&reading.tables, keyed)
    json_cleanup(&keyed->unique);
  VEC_FREE(&reading.tables);
  return status;
}
