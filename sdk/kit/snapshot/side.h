/* SPDX-License-Identifier: Apache-2.0 */
/* One side of a comparison: a catalog of the workspace, or a snapshot of one ("file:PATH"). Whoever compares
 * must look at what both sides cover, since a detail that was not read is not "none". */
#ifndef CLXS_KIT_SNAPSHOT_SIDE_H
#define CLXS_KIT_SNAPSHOT_SIDE_H

#include <clxs/call.h>
#include <stdbool.h>
#include <stdint.h>

struct filter;
struct model_catalog;

struct side {
  const char *name;            /* what was given: a catalog's name or "file:PATH" */
  struct model_catalog *model; /* the answer */
  uint32_t covers;             /* MODEL_TAGS and so on that MODEL holds */
};

/* NAME means a file. */
bool side_is_file(const char *name);
/* [call thread] What the flag FLAG ("source") of CALL names. CLXS_E_USAGE when it is missing or can be no
 * catalog. */
clxs_status side_name(struct clxs_call *call, const char *flag, const char **name);
/* [call thread] Read COUNT sides afresh, all at once, with the details WHICH, at most WIDTH requests at a
 * time; only schemas that pass FILTER (may be NULL). One that
 * FILTER names has to be on the first side; that another side lacks it is for the caller to find. A listing
 * that fails is an error that names the schema. Free with sides_free, also after a failure. */
clxs_status sides_read(struct clxs_call *call, struct side *sides, size_t count, const struct filter *filter,
                       uint32_t which, uint32_t width);
void sides_free(struct side *sides, size_t count);

#endif
