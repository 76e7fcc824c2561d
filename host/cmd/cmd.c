/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the host's own commands. */
#include "cmd/cmd.h"

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

#include "base/banned.h"

static const struct entry {
  const char *name;
  clxs_status (*run)(struct app *app, const struct args *args, struct err *err);
  bool needs_conf;
} entries[] = {
    {"auth status", cmd_auth_status, true},
    {"cache clear", cmd_cache_clear, false},
    {"cache invalidate", cmd_cache_invalidate, true},
    {"cache stats", cmd_cache_stats, true},
    {"completion", cmd_completion, false},
    {"config path", cmd_config_path, false},
    {"config show", cmd_config_show, true},
    {"help", cmd_help, false},
    {"plugin check", cmd_plugin_check, false},
    {"plugin info", cmd_plugin_info, false},
    {"plugin list", cmd_plugin_list, false},
    {"templates export", cmd_templates_export, true},
    {"templates list", cmd_templates_list, true},
    {"templates show", cmd_templates_show, true},
    {"version", cmd_version, false},
};

static const struct entry *
find(const char *name)
{
  for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
    if (str_eq(entries[i].name, name)) return &entries[i];
  return NULL;
}

clxs_status
cmd_run(struct app *app, const char *name, const struct args *args, struct err *err)
{
  const struct entry *entry = find(name);

  if (!entry) return err_set(err, CLXS_E_INTERNAL, "the built-in command \"%s\" has no code", name);
  return entry->run(app, args, err);
}

bool
cmd_needs_conf(const char *name)
{
  const struct entry *entry = find(name);

  return entry && entry->needs_conf;
}
