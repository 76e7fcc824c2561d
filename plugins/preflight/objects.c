/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to clone, and what Databricks will refuse to clone, counted by the catalog itself in three
 * statements. A warehouse that sleeps is not woken for it.
 * https://docs.databricks.com/sql/language-manual/information-schema/tables.html */
#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"
#include "kit/model/filter.h"
#include "kit/model/query.h"
#include "kit/sqltext/quote.h"
#include "preflight.h"

#include "base/banned.h"

#define CHECK "objects"

/* Types that CLONE refuses, as people call them. */
static const struct {
  const char *type, *one, *many;
} refused[] = {{"STREAMING_TABLE", "streaming table", "streaming tables"},
               {"MATERIALIZED_VIEW", "materialized view", "materialized views"},
               {"FOREIGN", "foreign table", "foreign tables"},
               {"METRIC_VIEW", "metric view", "metric views"}};

struct tally {
  struct preflight *preflight;
  int64_t tables, views, refused[ARRAY_SIZE(refused)];
  struct map *protected_tables;
};

static clxs_status
take_type(void *data, const char *const *cells)
{
  struct tally *tally = data;
  int64_t count = 0;

  if (!cells[0] || !filter_schema(tally->preflight->filter, cells[0])) return CLXS_OK;
  if (!cells[2] || !str_to_int64(cells[2], &count)) return CLXS_OK;
  for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
    if (!str_ieq(cells[1], refused[i].type)) continue;
    tally->refused[i] += count;
    return CLXS_OK;
  }
  if (str_ieq(cells[1], "VIEW"))
    tally->views += count;
  else
    tally->tables += count;
  return CLXS_OK;
}

/* Catalog, schema and table are the first three columns, whatever they are called. */
static clxs_status
take_protected(void *data, const char *const *cells)
{
  static char there[] = "there";
  struct tally *tally = data;

  if (cells[1] && cells[2] && filter_schema(tally->preflight->filter, cells[1]))
    map_set(tally->protected_tables, clxs_textf(tally->preflight->call, "%s.%s", cells[1], cells[2]), there);
  return CLXS_OK;
}

static clxs_status
ask(struct tally *tally, const char *before, const char *relation, const char *behind, uint32_t columns,
    clxs_status (*row)(void *data, const char *const *cells))
{
  const char *const names[] = {tally->preflight->source, "information_schema", relation};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, before);
  sql_add_names(&text, names, ARRAY_SIZE(names));
  buf_add_text(&text, behind);
  return query_each(tally->preflight->call, text.data, "preflight", columns, row, tally);
}

static clxs_status
count_all(struct tally *tally)
{
  clxs_status status = ask(tally, "SELECT table_schema, table_type, count(*) FROM ", "tables",
                           " GROUP BY table_schema, table_type", 3, take_type);

  if (status >= 0) status = ask(tally, "SELECT * FROM ", "row_filters", "", 3, take_protected);
  return status < 0 ? status : ask(tally, "SELECT * FROM ", "column_masks", "", 3, take_protected);
}

static void
add_count(struct buf *text, int64_t count, const char *one, const char *many)
{
  if (count) buf_addf(text, "%s%lld %s", text->len ? ", " : "", (long long)count, count == 1 ? one : many);
}

static const char *
next_step(struct preflight *preflight)
{
  const char *how = preflight->call->core->arg_text(preflight->call, "protected-tables", 0);

  if (str_eq(how, "skip"))
    return "they will be left out; --protected-tables ctas copies what you may see of them";
  if (str_eq(how, "ctas")) return "they will hold what you may see; an owner or an exempt user sees all";
  return "they will fail; --protected-tables skip leaves them out, ctas copies what you may see of them";
}

static void
judge(const struct tally *tally)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE), not = BUF_INIT(BUF_LARGE);
  struct preflight *preflight = tally->preflight;
  size_t count = map_count(tally->protected_tables);

  add_count(&text, tally->tables, "table", "tables");
  add_count(&text, tally->views, "view", "views");
  if (!text.len) buf_add_text(&text, "no tables and no views that you see");
  for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
    add_count(&not, tally->refused[i], refused[i].one, refused[i].many);
  if (not .len) buf_addf(&text, "; cannot be cloned: %s", not .data);
  if (count)
    check_warn(preflight, CHECK,
               clxs_textf(preflight->call, "%s; %zu %s a row filter or a mask, and cannot be cloned",
                          text.data, count, count == 1 ? "table has" : "tables have"),
               next_step(preflight));
  else
    check_ok(preflight, CHECK, clxs_textf(preflight->call, "%s", text.data));
}

void
check_objects(struct preflight *preflight)
{
  struct tally tally = {.preflight = preflight};
  CLEANUP_MAP struct map *names = map_new();
  clxs_status status;

  if (!preflight->source_exists) return;
  if (!preflight->warehouse_runs) {
    check_ok(preflight, CHECK, "not counted: the warehouse is not running, and is not started for it");
    return;
  }
  tally.protected_tables = names;
  status = count_all(&tally);
  if (status < 0)
    check_warn(preflight, CHECK, clxs_textf(preflight->call, "not told: %s", take_message(preflight)),
               "the clone itself will tell what it cannot clone");
  else
    judge(&tally);
}
