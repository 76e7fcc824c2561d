/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of a run: the keys of every manifest, the files, and the flags of this command line on
 * top. */
#include "app.h"
#include "base/err.h"
#include "base/str.h"
#include "cache/cache.h"
#include "cli/args.h"
#include "cli/builtin.h"
#include "conf/conf.h"
#include "line.h"
#include "plugin/registry.h"

#include "base/banned.h"

/* The flags of COMMAND that feed a key. HIDING (may be NULL) has taken the long names of some for its own. */
static void
set_flags(struct app *app, const struct grammar_command *command, const struct grammar_command *hiding)
{
  for (size_t i = 0; command && i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];
    bool hidden = grammar_find_flag(hiding, flag->name) != NULL;
    const char *value;

    if (!flag->config) continue;
    for (uint32_t k = 0;; k++) {
      value = hidden ? args_hidden_text(app->args, flag->name, k) : args_text(app->args, flag->name, k);
      if (!value) break;
      conf_set_flag(app->conf_, flag->config, flag->name, value);
    }
  }
}

static clxs_status
load(struct app *app, struct err *err)
{
  struct conf_source source = {.file = app->line->config};
  clxs_status status = registry_keys(app->registry, &source.keys, &source.key_count, err);

  if (status != CLXS_OK) return status;
  source.profile = app->args ? args_text(app->args, "profile", 0) : NULL;
  source.default_count = registry_pack_defaults(app->registry, &source.defaults);
  return conf_load(app->arena, &source, &app->conf_, err);
}

clxs_status
app_conf(struct app *app, struct conf **conf, struct err *err)
{
  clxs_status status;

  if (!app->conf_) {
    struct err first = ERR_INIT(app->arena);

    status = load(app, &first);
    /* A key that nobody knows may be one of a manifest that was changed in place. */
    if (status != CLXS_OK && registry_refresh(app->registry)) {
      err_clear(&first);
      status = load(app, &first);
    }
    if (status != CLXS_OK) {
      err_copy(err, &first);
      return status;
    }
    if (app->args) {
      set_flags(app, &builtin_global, app->command);
      set_flags(app, app->command, NULL);
    }
    status = conf_settle(app->conf_, err);
    if (status != CLXS_OK) return status;
    app->cache =
        cache_new(conf_int(app->conf_, "cache.ttl", 0), (size_t)conf_int(app->conf_, "cache.max_bytes", 0));
  }
  *conf = app->conf_;
  return CLXS_OK;
}
