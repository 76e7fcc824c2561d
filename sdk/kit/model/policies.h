/* SPDX-License-Identifier: Apache-2.0 */
/* Row filters and column masks as the information schema tells them, for tables of which the API told none: a
 * copy must not lose its protection because one of the two is silent. Both spellings of the relations that
 * are in use are understood: names in three columns, or in one.
 * https://docs.databricks.com/sql/language-manual/information-schema/row_filters.html
 * https://docs.databricks.com/sql/language-manual/information-schema/column_masks.html */
#ifndef CLXS_KIT_MODEL_POLICIES_H
#define CLXS_KIT_MODEL_POLICIES_H

#include <clxs/call.h>

#include "kit/model/model.h"

/* [call thread] Fill in `row_filter` and `mask` where MODELS (COUNT of them; NULL ones are passed over) have
 * none, in two statements per catalog, at most WIDTH at a time. A workspace that cannot answer is passed over
 * with a line in the log: what the API told stands. Only what would go wrong with everything (cancelled, no
 * valid credentials) is an error. */
clxs_status model_read_policies(struct clxs_call *call, struct model_catalog *const *models, size_t count,
                                uint32_t width);

#endif
