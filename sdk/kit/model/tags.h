/* SPDX-License-Identifier: Apache-2.0 */
/* Tags, read in one statement per catalog. Those of functions are not there, see function_tags.h.
 * https://docs.databricks.com/sql/language-manual/information-schema/table_tags.html */
#ifndef CLXS_KIT_MODEL_TAGS_H
#define CLXS_KIT_MODEL_TAGS_H

#include <clxs/call.h>

#include "kit/model/model.h"

/* [call thread] Fill in the tags of everything in MODELS (COUNT of them; NULL ones are passed over), at most
 * WIDTH statements at a time. */
clxs_status model_read_tags(struct clxs_call *call, struct model_catalog *const *models, size_t count,
                            uint32_t width);

/* The value of ITEM's tag KEY on COLUMN (NULL: on itself), NULL when there is none. ITEM may be NULL. */
const char *model_tag(const struct model_item *item, const char *column, const char *key);

#endif
