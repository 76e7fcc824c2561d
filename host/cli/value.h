/* SPDX-License-Identifier: Apache-2.0 */
/* The types of arguments, flags and config keys: their names, how each looks as text, and what a text means
 * as a number. Knows nothing of command lines or files. args_check and args_number (cli/args.h) are defined
 * here too. */
#ifndef CLXS_HOST_CLI_VALUE_H
#define CLXS_HOST_CLI_VALUE_H

#include <clxs/status.h>
#include <stdint.h>

#include "cli/grammar.h"

struct err;

/* "duration" for TYPE_DURATION; and back. */
const char *value_type_name(enum grammar_type type);
bool value_type_find(const char *name, enum grammar_type *type);
/* What to write in help where the manifest names no value: "N", "DURATION"; choices are joined by the caller.
 */
const char *value_placeholder(enum grammar_type type);
/* A duration in milliseconds: digits with ms, s, m, h, d or w; none means seconds. False when TEXT is not one
 * or does not fit. A size in bytes: digits with K, M, G or T (1024), in either case. */
bool value_duration(const char *text, int64_t *ms);
bool value_size(const char *text, int64_t *bytes);
/* true, yes, on, 1 and false, no, off, 0, in any case. */
bool value_boolean(const char *text, bool *value);

#endif
