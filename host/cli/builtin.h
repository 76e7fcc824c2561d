/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of the commands that are built into clxs, as constant data that clxs-gen makes of
 * host/cmd/host.json. */
#ifndef CLXS_HOST_CLI_BUILTIN_H
#define CLXS_HOST_CLI_BUILTIN_H

#include "cli/grammar.h"

/* The commands, and the flags that every command accepts (of the command "clxs" in host.json). */
extern const struct grammar_command builtin_commands[];
extern const size_t builtin_command_count;
extern const struct grammar_command builtin_global;

#endif
