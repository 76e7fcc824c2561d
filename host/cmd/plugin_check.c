/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs plugin check`: every plugin loaded in a process of its own, and judged. */
#include <clxs/output.h>
#include <stdbool.h>

#include "app.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/args.h"
#include "cmd/cmd.h"
#include "out/out.h"
#include "plugin/check.h"
#include "plugin/registry.h"
#include "svc/call.h"

#include "base/banned.h"

#define WITHIN_MS 10000

static const struct clxs_table_column columns[] = {
    {.key = "id", .title = "Plugin"},           {.key = "version", .title = "Version"},
    {.key = "verdict", .title = "Verdict"},     {.key = "detail", .title = "Detail"},
    {.key = "next_step", .title = "Next step"},
};

static bool
is_wanted(const struct args *args, const struct registry_plugin *plugin)
{
  uint32_t count = args_count(args, "id");

  /* A shadowed plugin is not what would run. */
  if (str_eq(plugin->state, "shadowed")) return false;
  for (uint32_t i = 0; i < count; i++)
    if (str_eq(args_text(args, "id", i), plugin->id)) return true;
  return count == 0;
}

/* Every id that the command line names is installed. */
static clxs_status
check_known(struct app *app, const struct args *args, struct err *err)
{
  const struct registry_plugin *plugin;
  clxs_status status = CLXS_OK;

  for (uint32_t i = 0; status == CLXS_OK && i < args_count(args, "id"); i++)
    status = cmd_find_plugin(app, args_text(args, "id", i), &plugin, err);
  return status;
}

/* Judge one plugin and add its row. */
static clxs_status
check_one(struct app *app, const struct registry_plugin *plugin, int64_t within_ms, size_t *bad,
          struct err *err)
{
  struct plugin_check result = {0};
  struct call *call = call_new(app, plugin->id, NULL, NULL);
  clxs_status status =
      plugin_check(app->arena, app->registry, plugin->id, &call->pub, within_ms, &result, err);
  const char *cells[] = {plugin->id, plugin->version, result.verdict, result.detail, result.hint};

  call_free(call);
  if (status != CLXS_OK) return status;
  if (!result.good) (*bad)++;
  return out_table_row(app->out, cells, ARRAY_SIZE(cells), err);
}

clxs_status
cmd_plugin_check(struct app *app, const struct args *args, struct err *err)
{
  const struct registry_plugin *const *plugins;
  const char *within = args_text(args, "within", 0);
  int64_t within_ms = within ? args_number(TYPE_DURATION, within) : WITHIN_MS;
  size_t count, bad = 0;
  clxs_status status = registry_all(app->registry, &plugins, &count, err);

  if (status == CLXS_OK) status = check_known(app, args, err);
  if (status == CLXS_OK) status = out_table_begin(app->out, columns, ARRAY_SIZE(columns), err);
  for (size_t i = 0; i < count && status == CLXS_OK; i++)
    if (is_wanted(args, plugins[i])) status = check_one(app, plugins[i], within_ms, &bad, err);
  if (status == CLXS_OK) status = out_table_end(app->out, err);
  if (status != CLXS_OK || bad == 0) return status;
  err_set(err, CLXS_E_ABI, "%zu of the plugins cannot be used", bad);
  err_hint(err, "the table says why; `clxs plugin info ID` tells where each is installed");
  return CLXS_E_ABI;
}
