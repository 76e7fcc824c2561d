/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides into memory, and not more of them than is compared. It must not know how they are compared. */
#include "diff.h"
#include "kit/model/grants.h"
#include "kit/model/keys.h"
#include "kit/model/model_read.h"
#include "kit/model/tags.h"

#include "base/banned.h"

static bool
needs(const struct diff *diff, uint64_t bits)
{
  return (diff->options.ignore & bits) != bits;
}

static clxs_status
read_catalogs(struct diff *diff)
{
  struct clxs_call *call = diff->call;
  struct model_request requests[2] = {
      {.catalog = diff->source_name, .filter = diff->filter},
      {.catalog = diff->dest_name, .filter = diff->filter},
  };
  clxs_status status;

  /* Schemas that were asked for by name must be in the source; that the other lacks one is a finding. */
  if (call->core->arg_count(call, "include-schemas")) requests[1].like = &requests[0];
  clxs_meta(call)->invalidate(call, diff->source_name);
  clxs_meta(call)->invalidate(call, diff->dest_name);
  status = model_read(call, requests, 2, diff->width, "Reading catalogs");
  diff->source = requests[0].model;
  diff->dest = requests[1].model;
  return status;
}

clxs_status
diff_read_sides(struct diff *diff)
{
  struct model_catalog *models[2];
  clxs_status status = read_catalogs(diff);

  models[0] = diff->source;
  models[1] = diff->dest;
  if (status >= 0 && needs(diff, DELTA_BIT(DELTA_TAGS)))
    status = model_read_tags(diff->call, models, 2, diff->width);
  if (status >= 0 &&
      needs(diff, DELTA_BIT(DELTA_PRIMARY_KEY) | DELTA_BIT(DELTA_FOREIGN_KEY) | DELTA_BIT(DELTA_UNIQUE)))
    status = model_read_keys(diff->call, models, 2, diff->width);
  if (status >= 0 && needs(diff, DELTA_BIT(DELTA_GRANTS)))
    status = model_read_grants(diff->call, models, 2, diff->width);
  return status;
}
