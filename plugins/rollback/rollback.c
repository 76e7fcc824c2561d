/* SPDX-License-Identifier: Apache-2.0 */
/* The rollback plugin's descriptor. */
#include "rollback.h"

#include "rollback_gen.h"

#include "base/banned.h"

static const struct clxs_command list_command = {
    .size = sizeof list_command, .name = CMD_HISTORY_LIST, .run = history_list_run};
static const struct clxs_command show_command = {
    .size = sizeof show_command, .name = CMD_HISTORY_SHOW, .run = history_show_run};
static const struct clxs_command *const commands[] = {&list_command, &show_command, NULL};
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
