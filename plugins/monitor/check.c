/* SPDX-License-Identifier: Apache-2.0 */
/* One check: read, compare, count, date. It must not know how often it is done or who hears of it. */
#include "base/str.h"
#include "base/units.h"
#include "kit/count/count.h"
#include "kit/model/filter.h"
#include "kit/model/model.h"
#include "kit/rows/history.h"
#include "monitor.h"

#include "base/banned.h"

void
check_free(struct check *check)
{
  if (!check) return;
  delta_free(&check->delta);
  sides_free(check->sides, check->borrowed ? 1 : 2);
  VEC_FREE(&check->counts);
  VEC_FREE(&check->unknown);
  VEC_FREE(&check->stale);
  arena_free(check->arena);
}

bool
check_differs(const struct check *check)
{
  return check->delta.differences.count || check->counts.count || check->stale.count;
}

static clxs_status
read_sides(struct monitor *monitor, struct check *check)
{
  clxs_status status;

  check->sides[0].name = monitor->source;
  if (monitor->dest) {
    check->sides[1].name = monitor->dest;
    return sides_read(monitor->call, check->sides, 2, monitor->filter, 0, monitor->width);
  }
  status = sides_read(monitor->call, check->sides, 1, monitor->filter, 0, monitor->width);
  if (status < 0 || !monitor->last) return status;
  check->sides[1] = monitor->last->sides[0];
  check->borrowed = true;
  return CLXS_OK;
}

/* A row count of what somebody else fills, or that a filter hides, says nothing. */
static bool
is_countable(const struct model_table *table)
{
  return table && !table->row_filter && !str_eq(table->type, "FOREIGN") && !str_ends(table->type, "VIEW");
}

static size_t
collect_counts(struct monitor *monitor, struct check *check, struct count_table *counts)
{
  const struct model_catalog *source = check->sides[0].model, *dest = check->sides[1].model;
  size_t count = 0;

  VEC_EACH (&source->schemas, schema)
    VEC_EACH (&schema->tables, table) {
      const struct model_schema *other = model_find_schema(dest, schema->item.name);
      const struct model_table *there = model_find_table(other, table->item.name);

      if (!is_countable(table) || !is_countable(there) || !filter_object(monitor->filter, table->item.name))
        continue;
      counts[count++] = (struct count_table){
          .catalog = source->item.name, .schema = schema->item.name, .name = table->item.name};
      counts[count++] = (struct count_table){
          .catalog = dest->item.name, .schema = other->item.name, .name = there->item.name};
    }
  return count;
}

static size_t
count_source_tables(const struct check *check)
{
  size_t count = 0;

  VEC_EACH (&check->sides[0].model->schemas, schema)
    count += schema->tables.count;
  return count;
}

static clxs_status
compare_counts(struct monitor *monitor, struct check *check)
{
  struct count_options options = {.width = monitor->width};
  struct count_table *counts;
  clxs_status status;
  size_t count;

  if (!monitor->counts || !monitor->dest || side_is_file(monitor->dest)) return CLXS_OK;
  counts = arena_array(check->arena, 2 * count_source_tables(check) + 1, sizeof *counts);
  count = collect_counts(monitor, check, counts);
  status = count_tables(monitor->call, check->arena, counts, count, &options);
  for (size_t i = 0; i < count && status >= 0; i += 2) {
    const struct count_table *here = &counts[i], *there = &counts[i + 1];

    if (!here->known || !there->known)
      *VEC_ADD(&check->unknown) = arena_printf(check->arena, "rows of %s.%s: %s", here->schema, here->name,
                                               !here->known ? here->problem : there->problem);
    else if (here->rows != there->rows)
      *VEC_ADD(&check->counts) = arena_printf(
          check->arena, "%s.%s: %s rows in the source, %s in the destination", here->schema, here->name,
          units_count(check->arena, here->rows), units_count(check->arena, there->rows));
  }
  return status;
}

/* Milliseconds since 1970 of the table's last commit; 0 when nobody tells. */
static clxs_status
last_commit(struct monitor *monitor, const struct model_schema *schema, const struct model_table *table,
            const char *catalog, int64_t *when)
{
  const char *said = model_property(table, "delta.lastCommitTimestamp");
  const char *const name[3] = {catalog, schema->item.name, table->item.name};
  struct history history = {0};
  clxs_status status;

  *when = 0;
  if (said && str_to_int64(said, when)) return CLXS_OK;
  status = history_read(monitor->call, name, 1, NULL, &history);
  if (status >= 0 && history.count && history.at[0].micros != INT64_MIN) *when = history.at[0].micros / 1000;
  return status;
}

static clxs_status
date_table(struct monitor *monitor, struct check *check, const struct model_schema *schema,
           const struct model_table *table)
{
  struct clxs_call *call = monitor->call;
  uint64_t scope = call->core->scope_begin(call);
  int64_t when, now = call->core->now_ms(call);
  clxs_status status = last_commit(monitor, schema, table, check->sides[0].model->item.name, &when);

  if (status == CLXS_E_CANCELLED || status == CLXS_E_AUTH) return status;
  if (status < 0 || !when) {
    const struct clxs_error *error = call->core->error(call);

    *VEC_ADD(&check->unknown) =
        arena_printf(check->arena, "age of %s.%s: %s", schema->item.name, table->item.name,
                     status < 0 && error ? error->message : "the service does not tell");
    call->core->error_clear(call);
  } else if (now - when > monitor->max_age_ms) {
    *VEC_ADD(&check->stale) = arena_printf(check->arena, "%s.%s: not written since %s", schema->item.name,
                                           table->item.name, units_time(check->arena, when));
  }
  call->core->scope_end(call, scope);
  return CLXS_OK;
}

static clxs_status
find_stale(struct monitor *monitor, struct check *check)
{
  clxs_status status = CLXS_OK;

  if (!monitor->max_age_ms || side_is_file(monitor->source)) return CLXS_OK;
  VEC_EACH (&check->sides[0].model->schemas, schema)
    VEC_EACH (&schema->tables, table)
      if (status >= 0 && is_countable(table) && filter_object(monitor->filter, table->item.name))
        status = date_table(monitor, check, schema, table);
  return status;
}

static uint64_t
hash_text(uint64_t hash, const char *text)
{
  return text ? str_hash_more(hash, text, strlen(text) + 1) : str_hash_more(hash, "\1", 1);
}

/* Equal for equal findings. */
static uint64_t
hash_findings(const struct check *check)
{
  uint64_t hash = str_hash("", 0);

  VEC_EACH (&check->delta.differences, difference) {
    hash = hash_text(hash, difference->name);
    hash = hash_text(hash, delta_field_name(difference->field));
    hash = hash_text(hash, difference->item);
    hash = hash_text(hash, difference->old_value);
    hash = hash_text(hash, difference->new_value);
  }
  VEC_EACH (&check->counts, text)
    hash = hash_text(hash, *text);
  VEC_EACH (&check->stale, text)
    hash = hash_text(hash, *text);
  return hash;
}

static clxs_status
look(struct monitor *monitor, struct check *check)
{
  clxs_status status = read_sides(monitor, check);

  if (status < 0) return status;
  if (check->sides[1].model) {
    /* What has happened since is told as added where it is new, so the past comes first. */
    const struct model_catalog *first = check->sides[monitor->dest ? 0 : 1].model,
                               *second = check->sides[monitor->dest ? 1 : 0].model;

    delta_compare(check->arena, first, second, &monitor->options, &check->delta);
    status = compare_counts(monitor, check);
  }
  return status < 0 ? status : find_stale(monitor, check);
}

struct check *
check_make(struct monitor *monitor)
{
  struct clxs_call *call = monitor->call;
  struct arena *arena = arena_new();
  struct check *check = arena_alloc(arena, sizeof *check);
  int64_t begin = call->core->mono_ms(call);

  check->arena = arena;
  check->started_ms = call->core->now_ms(call);
  check->status = look(monitor, check);
  check->duration_ms = call->core->mono_ms(call) - begin;
  if (check->status < 0) {
    const struct clxs_error *error = call->core->error(call);

    check->error = arena_strdup(arena, error ? error->message : "the check failed");
    return check;
  }
  check->hash = hash_findings(check);
  check->status = check_differs(check) ? CLXS_DIFFERENT : CLXS_OK;
  return check;
}
