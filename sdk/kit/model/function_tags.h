/* SPDX-License-Identifier: Apache-2.0 */
/* Tags of functions, which the information schema does not have: one request per function, where the service
 * answers it at all. https://docs.databricks.com/api/workspace/entitytagassignments/list */
#ifndef CLXS_KIT_MODEL_FUNCTION_TAGS_H
#define CLXS_KIT_MODEL_FUNCTION_TAGS_H

#include <clxs/call.h>
#include <stdbool.h>

#include "kit/model/model.h"

/* [call thread] Fill in the tags of the functions of MODEL (NULL: nothing to do), at most WIDTH requests at a
 * time. TOLD becomes false, and nothing is filled in, when the service does not tell tags of functions (the
 * first one is asked alone to find out), or refuses some of them; true otherwise. */
clxs_status model_read_function_tags(struct clxs_call *call, struct model_catalog *model, uint32_t width,
                                     bool *told);

#endif
