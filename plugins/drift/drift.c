/* SPDX-License-Identifier: Apache-2.0 */
/* The command: read both sides, compare their columns, report or mend. */
#include "drift.h"

#include "base/str.h"
#include "drift_gen.h"
#include "kit/catalogs.h"
#include "kit/model/filter.h"
#include "kit/one_command.h"

#include "base/banned.h"

/* What schema drift is about; everything else is a matter of `clxs diff`. */
static const enum delta_field fields[] = {
    DELTA_OBJECT,       DELTA_COLUMN,     DELTA_POSITION,  DELTA_TYPE,     DELTA_NULLABLE,
    DELTA_DEFAULT,      DELTA_CHECK,      DELTA_GENERATED, DELTA_IDENTITY, DELTA_COMMENT,
    DELTA_PARTITIONING, DELTA_CLUSTERING, DELTA_FORMAT,
};

static clxs_status
check_flags(struct drift *drift)
{
  const struct clxs_core *core = drift->call->core;
  bool since =
      core->arg_count(drift->call, "since-version") || core->arg_count(drift->call, "since-timestamp");

  drift->table = core->arg_text(drift->call, "table", 0);
  if (since == (drift->table != NULL)) {
    if (core->arg_int(drift->call, "apply") ||
        (!core->arg_int(drift->call, "drop-removed") && !core->arg_int(drift->call, "dry-run")))
      return CLXS_OK;
    return clxs_failf(drift->call, CLXS_E_USAGE, "add --apply",
                      "--dry-run and --drop-removed are for --apply");
  }
  return clxs_failf(drift->call, CLXS_E_USAGE, "give both, as in --table sales.orders --since-version 12",
                    since ? "--since-version and --since-timestamp are for one --table"
                          : "--table needs --since-version or --since-timestamp");
}

static clxs_status
check_apply(struct drift *drift)
{
  const struct clxs_core *core = drift->call->core;
  const char *name = drift->sides[0].name;

  if (!core->arg_int(drift->call, "apply")) return CLXS_OK;
  if (side_is_file(name))
    return clxs_failf(drift->call, CLXS_E_USAGE, "give the catalog that is to be changed as --dest",
                      "--apply cannot change %s", name);
  if (sqltext_catalog_reserved(name))
    return clxs_failf(drift->call, CLXS_E_USAGE, "give --dest another name",
                      "catalog %s belongs to Databricks", name);
  if (!core->arg_int(drift->call, "dry-run") &&
      clxs_config(drift->call)->integer(drift->call, "read_only", 0))
    return clxs_failf(drift->call, CLXS_E_DENIED, "leave --read-only away, or add --dry-run",
                      "--apply changes tables, and this run is read-only");
  return CLXS_OK;
}

static clxs_status
read_sides(struct drift *drift)
{
  struct clxs_call *call = drift->call;
  clxs_status status = side_name(call, "source", &drift->sides[1].name);

  if (status < 0) return status;
  if (drift->table) {
    status = sides_read(call, &drift->sides[1], 1, drift->filter, 0, drift->width);
    return status < 0 ? status : drift_read_earlier(drift);
  }
  status = side_name(call, "dest", &drift->sides[0].name);
  if (status >= 0) status = check_apply(drift);
  if (status < 0) return status;
  if (utf8_ieq(drift->sides[0].name, drift->sides[1].name))
    return clxs_failf(call, CLXS_E_USAGE, "give --dest another name",
                      "source and destination are the same, %s", drift->sides[0].name);
  return sides_read(call, drift->sides, 2, drift->filter, 0, drift->width);
}

/* One table with an earlier self: nothing else of the catalog takes part. */
static bool
is_meant(const struct drift *drift, const struct delta_difference *difference)
{
  const char *name;

  if (!drift->table) return difference->object || difference->field == DELTA_OBJECT;
  if (!difference->object) return false;
  name = arena_printf(drift->arena, "%s.%s", difference->schema, difference->object);
  return utf8_ieq(name, drift->table);
}

static void
compare(struct drift *drift)
{
  size_t kept = 0;

  drift->options.filter = drift->filter;
  drift->options.ignore = ~UINT64_C(0);
  for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
    drift->options.ignore &= ~DELTA_BIT(fields[i]);
  drift->options.leave_kinds = ~((1u << DELTA_SCHEMA) | (1u << DELTA_TABLE));
  delta_compare(drift->arena, drift->sides[0].model, drift->sides[1].model, &drift->options, &drift->delta);
  for (size_t i = 0; i < drift->delta.differences.count; i++) {
    const struct delta_difference *difference = &drift->delta.differences.at[i];

    if (!is_meant(drift, difference)) continue;
    drift->classes[drift_classify(drift, difference)]++;
    drift->delta.differences.at[kept++] = *difference;
  }
  drift->delta.differences.count = kept;
}

static clxs_status
find_drift(struct drift *drift)
{
  const struct clxs_core *core = drift->call->core;
  int64_t width = core->arg_int(drift->call, "max-workers");
  clxs_status status = check_flags(drift);

  drift->width = width > 0 ? (uint32_t)width : 8;
  if (status >= 0) status = filter_read(drift->call, &drift->filter);
  if (status >= 0) status = read_sides(drift);
  if (status < 0) return status;
  compare(drift);
  return core->arg_int(drift->call, "apply") ? drift_apply(drift) : drift_report(drift);
}

static clxs_status
drift_run(void *state, struct clxs_call *call)
{
  struct drift drift = {.call = call, .arena = arena_new()};
  clxs_status status = find_drift(&drift);

  (void)state;
  delta_free(&drift.delta);
  sides_free(drift.sides, ARRAY_SIZE(drift.sides));
  filter_free(drift.filter);
  arena_free(drift.arena);
  return status;
}

PLUGIN_ONE_COMMAND(CMD_SCHEMA_DRIFT, drift_run);
