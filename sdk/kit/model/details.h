/* SPDX-License-Identifier: Apache-2.0 */
/* What listings leave out of a model and what is read on request, each at its own price: tags and keys take
 * one statement per catalog (keys one request more per table that has some), grants one request per object.
 */
#ifndef CLXS_KIT_MODEL_DETAILS_H
#define CLXS_KIT_MODEL_DETAILS_H

#include <clxs/call.h>
#include <stddef.h>
#include <stdint.h>

struct model_catalog;

#define MODEL_TAGS UINT32_C(1)
#define MODEL_KEYS UINT32_C(2)
#define MODEL_GRANTS UINT32_C(4)
#define MODEL_DETAILS (MODEL_TAGS | MODEL_KEYS | MODEL_GRANTS)

/* [call thread] Read the details WHICH into COUNT models (NULL ones are passed over), at most WIDTH requests
 * at a time. */
clxs_status model_read_details(struct clxs_call *call, struct model_catalog *const *models, size_t count,
                               uint32_t which, uint32_t width);

#endif
