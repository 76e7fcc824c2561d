/* SPDX-License-Identifier: Apache-2.0 */
/* Primary keys, foreign keys and UNIQUE constraints. Listings of tables leave them out, so the information
 * schema is asked which tables have any, in one statement per catalog, and only those are read one by one.
 * https://docs.databricks.com/sql/language-manual/information-schema/table_constraints.html */
#ifndef CLXS_KIT_MODEL_KEYS_H
#define CLXS_KIT_MODEL_KEYS_H

#include <clxs/call.h>

#include "kit/model/model.h"

/* The member of `constraints` that the service does not have: {name, child_columns}. */
#define MODEL_UNIQUE "unique_constraint"

/* [call thread] Fill in `constraints` of the tables of MODELS (COUNT of them; NULL ones are passed over), at
 * most WIDTH requests at a time. A table that is gone by then has none. */
clxs_status model_read_keys(struct clxs_call *call, struct model_catalog *const *models, size_t count,
                            uint32_t width);

#endif
