/* SPDX-License-Identifier: Apache-2.0 */
/* A whole plugin: one command that reads its arguments and a setting, and prints a table. Copy the folder,
 * rename it with scripts/new-plugin NAME, and change plugin.json first: the names below come from it. */
#include "hello_gen.h"

#include <clxs/clxs.h>

static clxs_status
greet(struct clxs_call *call, const char *name)
{
  const struct clxs_output *out = clxs_output(call);
  const char *row[2];

  row[0] = name;
  row[1] = clxs_textf(call, "%s, %s!", call->core->arg_text(call, FLAG_GREETING, 0), name);
  return out->table_row(call, row, 2);
}

static clxs_status
hello(void *state, struct clxs_call *call)
{
  static const struct clxs_table_column columns[] = {{"name", "Name", CLXS_ALIGN_LEFT, 0},
                                                     {"greeting", "Greeting", CLXS_ALIGN_LEFT, 0}};
  const struct clxs_output *out = clxs_output(call);
  uint32_t names = call->core->arg_count(call, ARG_NAME);
  int64_t times = call->core->arg_int(call, FLAG_TIMES);
  clxs_status status = out->table_begin(call, columns, 2);

  (void)state;
  for (int64_t time = 0; time < times; time++) {
    for (uint32_t i = 0; i < names && status == CLXS_OK; i++)
      status = greet(call, call->core->arg_text(call, ARG_NAME, i));
    if (names == 0 && status == CLXS_OK) status = greet(call, "world");
  }
  return status == CLXS_OK ? out->table_end(call) : status;
}

static const struct clxs_command hello_command = {sizeof hello_command, CMD_HELLO, hello, NULL};
static const struct clxs_command *const commands[] = {&hello_command, NULL};

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
