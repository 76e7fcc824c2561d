/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs config show` and `clxs config path`: what is set, and where. */
#include <clxs/output.h>
#include <stdbool.h>

#include "app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/suggest.h"
#include "cmd/cmd.h"
#include "conf/conf.h"
#include "line.h"
#include "out/out.h"

#include "base/banned.h"

static const struct clxs_table_column columns[] = {
    {.key = "key", .title = "Key"},
    {.key = "value", .title = "Value"},
    {.key = "origin", .title = "Origin"},
    {.key = "plugin", .title = "Plugin"},
};

static clxs_status
add_row(struct out *out, const struct conf *conf, const struct conf_key *key, struct err *err)
{
  const char *value = conf_text(conf, key->name), *origin = conf_origin(conf, key->name);
  const char *cells[] = {key->name, origin && key->secret ? "***" : value, origin ? origin : "unset",
                         key->owner};

  return out_table_row(out, cells, ARRAY_SIZE(cells), err);
}

static bool
is_key(const struct conf *conf, const char *name)
{
  const struct conf_key *key;

  for (size_t i = 0; (key = conf_key_at(conf, i)) != NULL; i++)
    if (str_eq(key->name, name)) return true;
  return false;
}

/* Every key that the command line names exists. */
static clxs_status
check_names(const struct conf *conf, const struct args *args, struct err *err)
{
  for (uint32_t i = 0; i < args_count(args, "key"); i++) {
    const char *name = args_text(args, "key", i), *phrase;
    struct suggest suggest = {.word = name};
    const struct conf_key *key;
    char words[256];

    if (is_key(conf, name)) continue;
    for (size_t k = 0; (key = conf_key_at(conf, k)) != NULL; k++)
      suggest_add(&suggest, key->name);
    phrase = suggest_phrase(&suggest, words, sizeof words);
    err_set(err, CLXS_E_USAGE, "there is no setting \"%s\"", name);
    err_hint(err, "%s", phrase ? phrase : "`clxs config show` lists them all");
    return CLXS_E_USAGE;
  }
  return CLXS_OK;
}

static bool
is_wanted(const struct args *args, const char *name)
{
  uint32_t count = args_count(args, "key");

  for (uint32_t i = 0; i < count; i++)
    if (str_eq(args_text(args, "key", i), name)) return true;
  return count == 0;
}

/* Which file and which profile the table comes from, for people. */
static clxs_status
add_footer(struct app *app, const struct conf *conf, struct err *err)
{
  const char *file = conf_file(conf), *profile = conf_profile(conf);

  if (!file) return out_text(app->out, "\nNo configuration file is read.", err);
  return out_text(
      app->out,
      arena_printf(app->arena, "\nFile %s%s%s.", file, profile ? ", profile " : "", profile ? profile : ""),
      err);
}

clxs_status
cmd_config_show(struct app *app, const struct args *args, struct err *err)
{
  const struct conf_key *key;
  struct conf *conf;
  clxs_status status = app_conf(app, &conf, err);

  if (status == CLXS_OK) status = check_names(conf, args, err);
  if (status == CLXS_OK) status = out_table_begin(app->out, columns, ARRAY_SIZE(columns), err);
  for (size_t i = 0; status == CLXS_OK && (key = conf_key_at(conf, i)) != NULL; i++)
    if (is_wanted(args, key->name)) status = add_row(app->out, conf, key, err);
  if (status == CLXS_OK) status = out_table_end(app->out, err);
  return status == CLXS_OK ? add_footer(app, conf, err) : status;
}

clxs_status
cmd_config_path(struct app *app, const struct args *args, struct err *err)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_SQL);
  const char *path;
  clxs_status status = conf_find_file(app->arena, app->line->config, &path, err);

  (void)args;
  if (status != CLXS_OK) return status;
  if (out_format(app->out) == CLXS_FORMAT_TEXT) {
    if (path) return out_text(app->out, path, err);
    return out_text(app->out, "no configuration file: neither ./clxs.yaml nor config.yaml of the user exists",
                    err);
  }
  buf_add_text(&json, "{\"path\":");
  buf_add_json(&json, path);
  buf_add_char(&json, '}');
  return out_document(app->out, json.data, json.len, err);
}
