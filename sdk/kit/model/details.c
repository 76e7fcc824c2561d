/* SPDX-License-Identifier: Apache-2.0 */
/* See details.h. */
#include "kit/model/details.h"

#include <clxs/clxs.h>

#include "kit/model/grants.h"
#include "kit/model/keys.h"
#include "kit/model/tags.h"

#include "base/banned.h"

clxs_status
model_read_details(struct clxs_call *call, struct model_catalog *const *models, size_t count, uint32_t which,
                   uint32_t width)
{
  clxs_status status = CLXS_OK;

  if (which & MODEL_KEYS) status = model_read_keys(call, models, count, width);
  if (status >= 0 && (which & MODEL_TAGS)) status = model_read_tags(call, models, count, width);
  if (status >= 0 && (which & MODEL_GRANTS)) status = model_read_grants(call, models, count, width);
  return status;
}
