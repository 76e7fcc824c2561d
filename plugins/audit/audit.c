/* SPDX-License-Identifier: Apache-2.0 */
/* Subscribed to the beginnings and ends of operations. A beginning that cannot be written down forbids the
 * operation where that is asked for; anything else that goes wrong is a warning. */
#include "audit.h"

#include "audit_gen.h"
#include "base/json.h"
#include "base/str.h"

#include "base/banned.h"

static clxs_status
audit_record(void *state, struct clxs_call *call)
{
  const char *topic = call->core->arg_text(call, FLAG_TOPIC, 0),
             *text = call->core->arg_text(call, FLAG_EVENT, 0);
  CLEANUP_JSON struct json_object *event = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;
  clxs_status status;

  (void)state;
  if (!json_object_is_type(event, json_type_object))
    return clxs_failf(call, CLXS_E_USAGE, NULL, "--event must be a JSON object");
  status = audit_write(call, topic, event);
  if (status >= 0) return CLXS_OK;
  if (str_ends(topic, ".before") && clxs_config(call)->integer(call, "audit.required", 0))
    return clxs_failf(call, status, "mend it, or do without by audit.required: false",
                      "the audit row cannot be written, so nothing was begun");
  clxs_logf(call, CLXS_LOG_WARN, "the audit row was not written: %s", call->core->error(call)->message);
  call->core->error_clear(call);
  return CLXS_OK;
}

static const struct clxs_command record_command = {
    .size = sizeof record_command, .name = CMD_AUDIT_RECORD, .run = audit_record};
static const struct clxs_command list_command = {
    .size = sizeof list_command, .name = CMD_AUDIT_LIST, .run = audit_list};
static const struct clxs_command *const commands[] = {&record_command, &list_command, NULL};
static const struct clxs_plugin plugin = {
    .size = sizeof plugin,
    .abi = CLXS_ABI_INIT(0),
    .id = CLXS_PLUGIN_ID,
    .version = CLXS_PLUGIN_VERSION,
    .grammar = CLXS_GRAMMAR,
    .commands = commands,
};

const struct clxs_plugin *
clxs_plugin_v1(void)
{
  return &plugin;
}
