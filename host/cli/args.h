/* SPDX-License-Identifier: Apache-2.0 */
/* argv against a grammar. The result holds only what was said on the command line; defaults and configuration
 * come in behind it (conf/layer). */
#ifndef CLXS_HOST_CLI_ARGS_H
#define CLXS_HOST_CLI_ARGS_H

#include <clxs/status.h>
#include <stdint.h>

#include "cli/grammar.h"

struct arena;
struct err;

struct args; /* lives in the arena it was parsed into; read-only afterwards, any thread */

/* Parse ARGV (the words behind the command's name) against COMMAND and the GLOBAL flags, which are accepted
 * anywhere.
 * "--" ends flags; "--flag=value" and "--flag value" are the same; unknown flags name the nearest.
 * --help and -h are accepted on every command (args_count(args, "help")); nothing is missing then. Where a
 * command takes no arguments, words behind a repeatable flag are further values of it: --include-schemas
 * bronze silver. A flag that does not repeat may be given twice only with the same value. A required flag
 * that configuration or environment may feed is not missed here, but before the command runs (svc/call.c).
 * CLXS_E_USAGE with one clear message otherwise. */
clxs_status args_parse(struct arena *arena, const struct grammar_command *command,
                       const struct grammar_command *global, int argc, const char *const *argv,
                       struct args **args, struct err *err);
/* How many words at the start of ARGV are GLOBAL flags and their values: what stands in front of the
 * command's name in `clxs --profile prod clone`. Hand these words to args_parse in front of the ones behind
 * the name. */
int args_leading(const struct grammar_command *global, int argc, const char *const *argv);
/* How many values were given for an argument or flag, and each as text. 0 and NULL when it was not given. */
uint32_t args_count(const struct args *args, const char *name);
const char *args_text(const struct args *args, const char *name, uint32_t index);
/* The same for a global flag whose long name the command has taken for one of its own: it is still there
 * under its short name (`clxs snapshot --output FILE -o json`). NULL when it was not given. */
const char *args_hidden_text(const struct args *args, const char *name, uint32_t index);
/* Check VALUE against a type (also used for configuration), and turn it into a number as call->arg_int
 * promises. */
clxs_status args_check(const struct grammar_flag *flag, const char *value, const char *where,
                       struct err *err);
int64_t args_number(enum grammar_type type, const char *value);

#endif
