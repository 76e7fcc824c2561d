/* SPDX-License-Identifier: Apache-2.0 */
/* Reading catalogs through clxs.meta/1, several at once: two calls per catalog and three per schema, all of
 * them in parallel. A listing that fails is an error that names the schema, never an empty list. */
#ifndef CLXS_KIT_MODEL_MODEL_READ_H
#define CLXS_KIT_MODEL_MODEL_READ_H

#include <clxs/call.h>
#include <stdbool.h>

#include "kit/model/model.h"

struct filter;

struct model_request {
  const char *catalog;
  bool optional; /* absent is fine: model stays NULL */
  const struct filter
      *filter; /* which schemas, or NULL; a schema named there that is missing is CLXS_E_USAGE */
  const struct model_request *like; /* only schemas that this earlier one of the array has too, or NULL */
  bool lenient;                     /* a schema that is named in the filter may be missing */
  struct model_catalog *model;      /* the answer: the caller frees it, also after a failure */
};

/* [call thread] Read COUNT catalogs, at most WIDTH calls at a time. PROGRESS is what the progress line says,
 * or NULL. */
clxs_status model_read(struct clxs_call *call, struct model_request *requests, size_t count, uint32_t width,
                       const char *progress);

#endif
