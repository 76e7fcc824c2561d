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
};

struct reading {
  struct model_catalog *const *models;
  pthread_mutex_t lock; /* of the list and of the models */
  VEC(struct keyed) tables;
};

struct listing {
  struct reading *reading;
  struct model_catalog *model;
};

static clxs_status
take_row(void *data, const char *const *cells)
{
  struct listing *listing = data;
  const struct model_schema *schema = model_find_schema(listing->model, cells[0]);
  const struct model_table *table = model_find_table(schema, cells[1]);

  if (!table) return CLXS_OK; /* not one that the model is about */
  pthread_mutex_lock(&listing->reading->lock);
  *VEC_ADD(&listing->reading->tables) =
      (struct keyed){listing->model, schema, schema->tables.at + (table - schema->tables.at)};
  pthread_mutex_unlock(&listing->reading->lock);
  return CLXS_OK;
}

static clxs_status
list_keyed(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  struct listing listing = {reading, reading->models[index]};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  clxs_status status;

  if (!listing.model || !listing.model->schemas.count) return CLXS_OK;
  buf_add_text(&text, "SELECT DISTINCT table_schema, table_name FROM ");
  sql_add_name(&text, listing.model->item.name);
  buf_add_text(&text, ".information_schema.table_constraints WHERE constraint_type IN ('PRIMARY KEY', "
                      "'FOREIGN KEY', 'UNIQUE')");
  status =
      query_each(call, listing.model->workspace, text.data, "list tables with keys", 2, take_row, &listing);
  if (status >= 0) return status;
  return clxs_failf(call, status, NULL, "cannot list the keys of the tables of catalog %s",
                    listing.model->item.name);
}

static clxs_status
read_table(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  const struct keyed *keyed = &reading->tables.at[index];
  const char *names[] = {keyed->model->item.name, keyed->schema->item.name, keyed->table->item.name};
  CLEANUP_JSON struct json_object *json = NULL;
  struct json_object *constraints;
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
  constraints = json_get_array(json, "table_constraints");
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
  VEC_FREE(&reading.tables);
  return status;
}
