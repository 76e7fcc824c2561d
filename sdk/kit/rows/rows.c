/* SPDX-License-Identifier: Apache-2.0 */
/* See rows.h. Conditions are handed on as they were written. */
#include "kit/rows/rows.h"

#include <clxs/clxs.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/model/model.h"
#include "kit/rows/moment.h"
#include "kit/sqltext/condition.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

static clxs_status
check_condition(struct clxs_call *call, const struct rows *rows, const char *flag, const char *condition)
{
  const char *problem = sql_condition_problem(rows->arena, condition);

  if (!problem) return CLXS_OK;
  return clxs_failf(call, CLXS_E_USAGE, "give one SQL condition, such as \"country = 'DE'\"",
                    "--%s \"%s\": %s", flag, condition, problem);
}

/* One part of a name up to END, in back-ticks or bare; *AT ends behind END. NULL when there is none. */
static const char *
read_part(struct rows *rows, const char **at, char end)
{
  CLEANUP_BUF struct buf part = BUF_INIT(BUF_SQL);
  const char *text = *at;

  if (*text == '`') {
    for (text++; *text && (*text != '`' || text[1] == '`'); text += *text == '`' ? 2 : 1)
      buf_add_char(&part, *text);
    if (*text != '`') return NULL;
    text++;
  } else {
    for (; *text && *text != end && *text != '`' && *text != ' '; text++)
      buf_add_char(&part, *text);
  }
  if (*text != end || !part.len) return NULL;
  *at = text + 1;
  return arena_strdup(rows->arena, part.data);
}

static clxs_status
read_filter(struct clxs_call *call, struct rows *rows, const char *text)
{
  struct rows_filter filter = {.schema = NULL};
  const char *at = text;
  clxs_status status;

  filter.schema = read_part(rows, &at, '.');
  if (filter.schema) filter.table = read_part(rows, &at, ':');
  if (!filter.table)
    return clxs_failf(call, CLXS_E_USAGE,
                      "write schema.table:CONDITION, as in \"sales.orders:country = 'DE'\"; names with dots, "
                      "colons or spaces in back-ticks",
                      "--table-filter \"%s\" does not begin with schema.table:", text);
  filter.condition = arena_strdup(rows->arena, at);
  status = check_condition(call, rows, "table-filter", filter.condition);
  if (status < 0) return status;
  VEC_EACH (&rows->filters, other)
    if (utf8_ieq(other->schema, filter.schema) && utf8_ieq(other->table, filter.table))
      return clxs_failf(call, CLXS_E_USAGE, "join the two conditions with AND or OR",
                        "--table-filter is given twice for %s.%s", filter.schema, filter.table);
  *VEC_ADD(&rows->filters) = filter;
  return CLXS_OK;
}

static clxs_status
read_moment(struct clxs_call *call, struct rows *rows)
{
  const struct clxs_core *core = call->core;

  rows->version = core->arg_count(call, "as-of-version") ? core->arg_int(call, "as-of-version") : ROWS_NOW;
  rows->timestamp = arena_strdup(rows->arena, core->arg_text(call, "as-of-timestamp", 0));
  if (rows->timestamp && !*rows->timestamp) rows->timestamp = NULL;
  if (!rows->timestamp) return CLXS_OK;
  if (rows->version != ROWS_NOW)
    return clxs_failf(call, CLXS_E_USAGE, "give one of them",
                      "--as-of-version and --as-of-timestamp cannot go together");
  if (moment_read(rows->timestamp, &rows->micros)) return CLXS_OK;
  return clxs_failf(call, CLXS_E_USAGE,
                    "write 2026-01-31, \"2026-01-31 18:30:00\" (UTC) or 2026-01-31T18:30:00+02:00",
                    "--as-of-timestamp \"%s\" is no point in time", rows->timestamp);
}

clxs_status
rows_read(struct clxs_call *call, struct rows *rows)
{
  const struct clxs_core *core = call->core;
  clxs_status status;

  *rows = (struct rows){.arena = arena_new(), .version = ROWS_NOW};
  rows->where = arena_strdup(rows->arena, core->arg_text(call, "where", 0));
  if (rows->where) {
    status = check_condition(call, rows, "where", rows->where);
    if (status < 0) return status;
  }
  for (uint32_t i = 0; i < core->arg_count(call, "table-filter"); i++) {
    status = read_filter(call, rows, core->arg_text(call, "table-filter", i));
    if (status < 0) return status;
  }
  return read_moment(call, rows);
}

void
rows_free(struct rows *rows)
{
  VEC_FREE(&rows->filters);
  arena_free(rows->arena);
  *rows = (struct rows){.arena = NULL};
}

clxs_status
rows_check(struct clxs_call *call, const struct rows *rows, const struct model_catalog *model)
{
  VEC_EACH (&rows->filters, filter) {
    const struct model_table *table =
        model_find_table(model_find_schema(model, filter->schema), filter->table);

    if (!table)
      return clxs_failf(call, CLXS_E_USAGE, "check the name, and that its schema is among those chosen",
                        "--table-filter: there is no table %s.%s in catalog %s", filter->schema,
                        filter->table, model->item.name);
    if (model_is_view(table) || str_eq(table->type, "METRIC_VIEW"))
      return clxs_failf(call, CLXS_E_USAGE, "filter the tables that the view reads",
                        "--table-filter: %s.%s is a view, which has no rows of its own", filter->schema,
                        filter->table);
  }
  return CLXS_OK;
}

const char *
rows_condition(const struct rows *rows, const char *schema, const char *table)
{
  VEC_EACH (&rows->filters, filter)
    if (utf8_ieq(filter->schema, schema) && utf8_ieq(filter->table, table)) return filter->condition;
  return rows->where;
}

bool
rows_travel(const struct rows *rows)
{
  return rows->version != ROWS_NOW || rows->timestamp;
}

const char *
rows_copied_text(struct arena *arena, const char *const source[3], int64_t version, uint64_t choice)
{
  return arena_printf(arena, "%lld/%016llx/%s.%s.%s", (long long)version, (unsigned long long)choice,
                      source[0], source[1], source[2]);
}

int64_t
rows_copied_version(const char *text, const char *const source[3])
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  const char *slash = text ? strchr(text, '/') : NULL, *name = slash ? strchr(slash + 1, '/') : NULL;
  int64_t version;

  if (!name || !str_to_int64(arena_strndup(arena, text, (size_t)(slash - text)), &version)) return -1;
  return utf8_ieq(name + 1, arena_printf(arena, "%s.%s.%s", source[0], source[1], source[2])) ? version : -1;
}

void
rows_add_version(struct buf *sql, int64_t version)
{
  if (version != ROWS_NOW) buf_addf(sql, " VERSION AS OF %lld", (long long)version);
}

void
rows_add_from(struct buf *sql, const char *const name[3], int64_t version, const char *condition)
{
  buf_add_text(sql, " FROM ");
  sql_add_names(sql, name, 3);
  rows_add_version(sql, version);
  if (condition) buf_addf(sql, " WHERE (%s)", condition);
}
