/* SPDX-License-Identifier: Apache-2.0 */
/* All five relations of tags in one UNION ALL. */
#include "kit/model/tags.h"

#include <clxs/clxs.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "kit/model/query.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

struct row {
  struct model_item *item;
  struct model_tag tag;
};

struct listing {
  struct model_catalog *model;
  VEC(struct row) rows;
};

enum cell { CELL_KIND, CELL_SCHEMA, CELL_NAME, CELL_COLUMN, CELL_KEY, CELL_VALUE, CELL_COUNT };

static clxs_status
take_row(void *data, const char *const *cells)
{
  struct listing *listing = data;
  struct model_catalog *model = listing->model;
  struct model_item *item = model_find_item(model, cells[CELL_KIND], cells[CELL_SCHEMA], cells[CELL_NAME]);
  const char *value = cells[CELL_VALUE] ? cells[CELL_VALUE] : "";

  if (!item || !cells[CELL_KEY]) return CLXS_OK; /* not one that the model is about */
  *VEC_ADD(&listing->rows) = (struct row){
      item,
      {model_text(model, cells[CELL_COLUMN]), model_text(model, cells[CELL_KEY]), model_text(model, value)}};
  return CLXS_OK;
}

static int
compare_texts(const char *a, const char *b)
{
  if (!a || !b) return (a != NULL) - (b != NULL);
  return strcmp(a, b);
}

static int
compare_rows(const void *a, const void *b)
{
  const struct row *first = a, *second = b;
  int order = (first->item > second->item) - (first->item < second->item);

  if (!order) order = compare_texts(first->tag.column, second->tag.column);
  return order ? order : compare_texts(first->tag.key, second->tag.key);
}

/* Rows in order become one array per item. */
static void
hand_out(struct listing *listing)
{
  struct model_tag *tags = arena_array(listing->model->arena, listing->rows.count + 1, sizeof *tags);

  if (listing->rows.count) qsort(listing->rows.at, listing->rows.count, sizeof(struct row), compare_rows);
  for (size_t i = 0; i < listing->rows.count; i++) {
    struct model_item *item = listing->rows.at[i].item;

    tags[i] = listing->rows.at[i].tag;
    if (!item->tag_count) item->tags = &tags[i];
    item->tag_count++;
  }
}

static void
add_select(struct buf *text, const char *catalog, const char *kind, const char *const columns[3])
{
  static const char *const titles[] = {"schema_name", "object_name", "column_name"};

  buf_addf(text, "%sSELECT '%s' AS kind", text->len ? " UNION ALL " : "", kind);
  for (int i = 0; i < 3; i++)
    buf_addf(text, ", %s AS %s", columns[i] ? columns[i] : "CAST(NULL AS STRING)", titles[i]);
  buf_add_text(text, ", tag_name, tag_value FROM ");
  sql_add_name(text, catalog);
  buf_addf(text, ".information_schema.%s_tags", kind);
}

static clxs_status
read_catalog(void *data, struct clxs_call *call, uint64_t index)
{
  struct listing listing = {.model = ((struct model_catalog *const *)data)[index]};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  clxs_status status;

  if (!listing.model) return CLXS_OK;
  add_select(&text, listing.model->item.name, "catalog", (const char *const[3]){0});
  add_select(&text, listing.model->item.name, "schema", (const char *const[3]){"schema_name"});
  add_select(&text, listing.model->item.name, "table", (const char *const[3]){"schema_name", "table_name"});
  add_select(&text, listing.model->item.name, "column",
             (const char *const[3]){"schema_name", "table_name", "column_name"});
  add_select(&text, listing.model->item.name, "volume", (const char *const[3]){"schema_name", "volume_name"});
  status = query_each(call, listing.model->workspace, text.data, "read tags", CELL_COUNT, take_row, &listing);
  if (status >= 0) hand_out(&listing);
  VEC_FREE(&listing.rows);
  if (status >= 0) return status;
  return clxs_failf(call, status, NULL, "cannot read the tags of catalog %s", listing.model->item.name);
}

clxs_status
model_read_tags(struct clxs_call *call, struct model_catalog *const *models, size_t count, uint32_t width)
{
  return clxs_jobs(call)->each(call, count, width, read_catalog, (void *)(uintptr_t)models);
}

const char *
model_tag(const struct model_item *item, const char *column, const char *key)
{
  for (uint32_t i = 0; item && i < item->tag_count; i++) {
    const struct model_tag *tag = &item->tags[i];
    bool same = column ? tag->column && utf8_ieq(tag->column, column) : !tag->column;

    if (same && str_eq(tag->key, key)) return tag->value;
  }
  return NULL;
}
