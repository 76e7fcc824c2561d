/* SPDX-License-Identifier: Apache-2.0 */
/* See record.h. The grammar says what there is to record, so that no command keeps a list of its own flags.
 * It must not know what the values are for. */
#include "svc/record.h"

#include "app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/args.h"
#include "conf/conf.h"
#include "svc/services.h"

#include "base/banned.h"

static void
add_values(struct clxs_call *pub, struct buf *json, const char *name)
{
  uint32_t count = pub->core->arg_count(pub, name);

  if (!count) return;
  buf_addf(json, "%s\"%s\":[", json->len > 1 ? "," : "", name);
  for (uint32_t i = 0; i < count; i++) {
    if (i) buf_add_char(json, ',');
    buf_add_json(json, pub->core->arg_text(pub, name, i));
  }
  buf_add_char(json, ']');
}

static bool
is_secret(const struct conf *conf, const char *key)
{
  const struct conf_key *found;

  for (size_t i = 0; key && conf && (found = conf_key_at(conf, i)); i++)
    if (str_eq(found->name, key)) return found->secret;
  return false;
}

const char *
record_arguments(struct clxs_call *pub)
{
  struct call *call = call_of(pub);
  const struct grammar_command *command = call->command;
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_char(&json, '{');
  for (size_t i = 0; command && i < command->arg_count; i++)
    add_values(pub, &json, command->args[i].name);
  for (size_t i = 0; command && i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];

    if (!flag->alone && !is_secret(call->app->conf_, flag->config)) add_values(pub, &json, flag->name);
  }
  buf_add_char(&json, '}');
  return arena_strdup(call->arena, json.data);
}

/* Only texts, so that threads may read them at the same time. */
static clxs_status
check_values(struct call *call, const char *name, struct json_object *values, struct err *err)
{
  const struct grammar_flag *flag = grammar_find_flag(call->command, name);
  clxs_status status = CLXS_OK;

  if (!flag && !grammar_find_arg(call->command, name))
    return err_set(err, CLXS_E_DATA,
                   "the earlier run was told about \"%s\", which this version does not know", name);
  for (size_t i = 0; i < json_length(values) && status == CLXS_OK; i++) {
    struct json_object *value = json_item(values, i);

    if (!json_object_is_type(value, json_type_string))
      return err_set(err, CLXS_E_DATA, "what the earlier run was told about \"%s\" is no text", name);
    if (flag)
      status = args_check(flag, json_object_get_string(value),
                          arena_printf(err->arena, "--%s of the earlier run", name), err);
  }
  if (status != CLXS_OK) err->status = CLXS_E_DATA;
  return err->status;
}

static clxs_status
check_record(struct call *call, struct json_object *record, struct err *err)
{
  struct json_object *values;
  const char *name;
  void *at = NULL;

  if (!json_object_is_type(record, json_type_object))
    return err_set(err, CLXS_E_DATA, "what the earlier run was told cannot be understood");
  while (json_next(record, &at, &name, &values))
    if (check_values(call, name, values, err) != CLXS_OK) return err->status;
  return CLXS_OK;
}

clxs_status
record_adopt(struct clxs_call *pub, const char *record)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_JSON struct json_object *json = json_parse(record, strlen(record), NULL, NULL);
  struct err err = ERR_INIT(arena);
  clxs_status status = services_need_command_thread(call, "core arg_adopt");

  if (status != CLXS_OK) return status;
  status = check_record(call, json, &err);
  if (status != CLXS_OK) {
    err_hint(&err, "use the version of clxs that began the operation, or start a new one");
    return call_take_error(call, status, &err);
  }
  json_object_put(call->adopted);
  call->adopted = TAKE(json);
  return CLXS_OK;
}
