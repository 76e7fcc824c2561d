/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptor of a plugin that has one command and no state. Include it behind the generated NAME_gen.h,
 * and write at the end of the file:
 *
 *   PLUGIN_ONE_COMMAND(CMD_STATS, stats_run); */
#ifndef CLXS_KIT_ONE_COMMAND_H
#define CLXS_KIT_ONE_COMMAND_H

#include <clxs/clxs.h>

/* NAME is the command's, as the generated header has it; RUN what runs it. */
#define PLUGIN_ONE_COMMAND(command_name, command_run)                              \
  static const struct clxs_command only_command = {                                \
      .size = sizeof only_command, .name = (command_name), .run = (command_run)};  \
  static const struct clxs_command *const only_commands[] = {&only_command, NULL}; \
  static const struct clxs_plugin only_plugin = {                                  \
      .size = sizeof only_plugin,                                                  \
      .abi = CLXS_ABI_INIT(0),                                                     \
      .id = CLXS_PLUGIN_ID,                                                        \
      .version = CLXS_PLUGIN_VERSION,                                              \
      .grammar = CLXS_GRAMMAR,                                                     \
      .commands = only_commands,                                                   \
  };                                                                               \
  const struct clxs_plugin *clxs_plugin_v1(void)                                   \
  {                                                                                \
    return &only_plugin;                                                           \
  }                                                                                \
  _Static_assert(sizeof only_plugin == sizeof(struct clxs_plugin), "swallows the semicolon")

#endif
