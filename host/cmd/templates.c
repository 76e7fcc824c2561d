/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs templates list|show|export`: settings by one name. */
#include <clxs/output.h>
#include <string.h>

#include "app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/args.h"
#include "cmd/cmd.h"
#include "conf/conf.h"
#include "out/out.h"
#include "out/yaml.h"

#include "base/banned.h"

clxs_status
cmd_templates_list(struct app *app, const struct args *args, struct err *err)
{
  static const struct clxs_table_column columns[] = {{.key = "name", .title = "Template"},
                                                     {.key = "help", .title = "For"},
                                                     {.key = "origin", .title = "From"}};
  const struct conf_template *template;
  struct conf *conf;
  clxs_status status = app_conf(app, &conf, err);

  (void)args;
  if (status == CLXS_OK) status = out_table_begin(app->out, columns, ARRAY_SIZE(columns), err);
  for (size_t i = 0; status == CLXS_OK && (template = conf_template_at(conf, i)) != NULL; i++) {
    const char *cells[] = {template->name, template->help, template->origin};

    status = out_table_row(app->out, cells, ARRAY_SIZE(cells), err);
  }
  return status == CLXS_OK ? out_table_end(app->out, err) : status;
}

/* The template that the command line names. */
static clxs_status
find(struct app *app, const struct args *args, const struct conf_template **template, struct err *err)
{
  struct conf *conf;
  clxs_status status = app_conf(app, &conf, err);

  if (status != CLXS_OK) return status;
  *template = conf_template(conf, args_text(args, "name", 0), err);
  return *template ? CLXS_OK : (err->status = CLXS_E_USAGE);
}

static clxs_status
add_rows(struct app *app, struct json_object *values, const char *prefix, struct err *err)
{
  struct json_object *value;
  clxs_status status = CLXS_OK;
  const char *name;
  void *at = NULL;

  while (status == CLXS_OK && json_next(values, &at, &name, &value)) {
    const char *key = arena_printf(app->arena, "%s%s%s", prefix, *prefix ? "." : "", name);
    bool text = json_object_is_type(value, json_type_string);
    const char *cells[] = {key, text ? json_object_get_string(value) : json_text(value)};

    status = out_table_row(app->out, cells, ARRAY_SIZE(cells), err);
  }
  return status;
}

clxs_status
cmd_templates_show(struct app *app, const struct args *args, struct err *err)
{
  static const struct clxs_table_column columns[] = {{.key = "key", .title = "Key"},
                                                     {.key = "value", .title = "Value"}};
  CLEANUP_JSON struct json_object *values = NULL;
  const struct conf_template *template;
  clxs_status status = find(app, args, &template, err);

  if (status != CLXS_OK) return status;
  if (template->help) status = out_text(app->out, arena_printf(app->arena, "%s\n", template->help), err);
  values = json_parse(template->values, strlen(template->values), NULL, NULL);
  if (status == CLXS_OK) status = out_table_begin(app->out, columns, ARRAY_SIZE(columns), err);
  if (status == CLXS_OK) status = add_rows(app, values, "", err);
  return status == CLXS_OK ? out_table_end(app->out, err) : status;
}

static clxs_status
write_new(const char *path, const struct buf *text, struct err *err)
{
  if (path_exists(path)) {
    err_set(err, CLXS_E_USAGE, "%s is there already", path);
    err_hint(err, "name another file, or remove this one first");
    return CLXS_E_USAGE;
  }
  return path_write(path, text->data, text->len, 0644, err);
}

clxs_status
cmd_templates_export(struct app *app, const struct args *args, struct err *err)
{
  CLEANUP_JSON struct json_object *values = NULL;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  const char *path = args_text(args, "output", 0);
  const struct conf_template *template;
  clxs_status status = find(app, args, &template, err);

  if (status != CLXS_OK) return status;
  buf_addf(&text, "# Template %s", template->name);
  if (template->help) buf_addf(&text, ": %.*s", (int)strcspn(template->help, "\r\n"), template->help);
  buf_add_char(&text, '\n');
  values = json_parse(template->values, strlen(template->values), NULL, NULL);
  status = yaml_add_value(&text, values, err);
  if (status != CLXS_OK) return status;
  return path ? write_new(path, &text, err) : out_raw(app->out, text.data, text.len, err);
}
