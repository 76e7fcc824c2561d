/* SPDX-License-Identifier: Apache-2.0 */
/* Row filters, masks and columns as JSON text, the form they are stored in; for the files of store/ only. */
#ifndef CLXS_SANDBOX_STORE_POLICY_H
#define CLXS_SANDBOX_STORE_POLICY_H

#include "store/table.h"

/* NULL for NULL. */
const char *policy_json(struct arena *arena, const struct policy *policy);
struct policy *policy_parse(struct arena *arena, const char *json);
/* ["a","b"] and back. */
const char *text_list_json(struct arena *arena, const char *const *texts, size_t count);
const char **text_list_parse(struct arena *arena, const char *json, size_t *count);
/* The part of a table that has versions: columns, properties, clustering. */
const char *meta_json(struct arena *arena, const struct table *table);
void meta_parse(struct arena *arena, const char *json, struct table *table);

#endif
