/* SPDX-License-Identifier: Apache-2.0 */
/* Which properties are the service's own affair. It must not know what is done with the others. */
#include "base/str.h"
#include "kit/model/model.h"

#include "base/banned.h"

bool
model_property_is_automatic(const char *key)
{
  static const char *const prefixes[] = {"view.",
                                         "spark.",
                                         "option.",
                                         "delta.feature.",
                                         "delta.min",
                                         "delta.columnMapping.max",
                                         "delta.lastCommitTimestamp",
                                         "delta.lastUpdateVersion",
                                         "delta.rowTracking.materialized",
                                         "transient_lastDdlTime",
                                         "clusteringColumns",
                                         "clusterByAuto",
                                         "clxs."};

  for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
    if (str_starts(key, prefixes[i])) return true;
  return false;
}
