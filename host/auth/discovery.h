/* SPDX-License-Identifier: Apache-2.0 */
/* Where a workspace's tokens come from. First the workspace's own description of itself
 * ("/.well-known/databricks-config", best effort), then its OAuth server's metadata (RFC 8414), as in
 * https://docs.databricks.com/dev-tools/auth/oauth-m2m.html. */
#ifndef CLXS_HOST_AUTH_DISCOVERY_H
#define CLXS_HOST_AUTH_DISCOVERY_H

#include "auth/fetch.h"
#include "auth/settings.h"

struct discovery {
  const char *token_endpoint;
  const char *workspace_id; /* as the host says; NULL when it does not */
};

/* Find out, with texts in ARENA. CLXS_E_AUTH when there is no OAuth server to be found. */
clxs_status discovery_run(struct arena *arena, const struct settings *settings, const struct fetch *fetch,
                          struct discovery *discovery, struct err *err);

#endif
