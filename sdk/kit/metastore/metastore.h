/* SPDX-License-Identifier: Apache-2.0 */
/* Which metastore a workspace is attached to, and whether two of them share one: a statement sees the
 * catalogs of its own metastore and no others, so that CLONE cannot go from one metastore to the next.
 * https://docs.databricks.com/api/workspace/metastores/summary */
#ifndef CLXS_KIT_METASTORE_H
#define CLXS_KIT_METASTORE_H

#include <clxs/call.h>

struct metastore {
  const char *id, *owner, *root; /* root: where managed data is stored; NULL where the service does not say */
};

/* [call thread] Ask WORKSPACE (as in struct clxs_statement); one request. Texts live with the call. */
clxs_status metastore_read(struct clxs_call *call, const char *workspace, struct metastore *metastore);

/* What a person can do about two metastores. */
#define METASTORE_NEXT                                                                           \
  "share the source catalog by Delta Sharing, make a catalog from the share in the destination " \
  "workspace, and clone that one there"

/* [call thread] Refuse to copy from the workspace in use to "destination" (HOST, for people) when they are
 * known to be attached to different metastores: CLXS_E_UNSUPPORTED. What the service does not tell is no
 * reason to refuse. Two requests. */
clxs_status metastore_check_shared(struct clxs_call *call, const char *host);

#endif
