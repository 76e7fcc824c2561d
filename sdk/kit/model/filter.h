/* SPDX-License-Identifier: Apache-2.0 */
/* Which schemas and objects a command is about: lists of schema names, and POSIX extended regular expressions
 * that are searched in object names. Names compare without case. */
#ifndef CLXS_KIT_MODEL_FILTER_H
#define CLXS_KIT_MODEL_FILTER_H

#include <clxs/call.h>
#include <stdbool.h>

struct filter;
struct model_catalog;

/* Schema lists may be given by repeating the flag or with commas.
 * What the flags include-schemas, exclude-schemas, include-tables-regex and exclude-tables-regex of CALL say.
 * CLXS_E_USAGE naming the flag when an expression cannot be read. Lives until filter_free; arguments are
 * borrowed from the call. */
clxs_status filter_read(struct clxs_call *call, struct filter **filter);
void filter_free(struct filter *filter);
void filter_cleanup(struct filter **filter);
#define CLEANUP_FILTER __attribute__((cleanup(filter_cleanup)))

/* [any thread] NULL filters let everything pass but information_schema, which is in every catalog by itself.
 */
bool filter_schema(const struct filter *filter, const char *name);
/* Tables, views and functions by their bare name. */
bool filter_object(const struct filter *filter, const char *name);
/* A schema that was asked for by name and is not among NAMES (COUNT of them), or NULL; in a list with commas,
 * the rest of the list from there on. */
const char *filter_missing_schema(const struct filter *filter, const char *const *names, size_t count);

#endif
