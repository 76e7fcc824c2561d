/* SPDX-License-Identifier: Apache-2.0 */
/* Who we are to a workspace. A chain of methods (pat, oauth-m2m, ... one file each) is asked in a documented
 * order; the first that is configured serves. Secrets stay inside: the only thing that leaves is the header
 * of a request. */
#ifndef CLXS_HOST_AUTH_AUTH_H
#define CLXS_HOST_AUTH_AUTH_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stdint.h>

#include "auth/fetch.h"

struct arena;
struct buf;
struct err;
struct auth;
struct conf;

/* Decide host, method and credentials from CONF (which holds flags, environment and file), DATABRICKS_ and
 * ARM_ variables and .databrickscfg, by the rules of the official SDKs. No network. CLXS_E_CONFIG or
 * CLXS_E_AUTH otherwise. */
clxs_status auth_resolve(struct arena *arena, const struct conf *conf, struct auth **auth, struct err *err);
/* The same for a second workspace, from the keys of CONF below PREFIX ("dest_workspace"), completed as
 * settings_read says; nothing that opens the first host is ever sent to another one. */
clxs_status auth_resolve_second(struct arena *arena, const struct conf *conf, const char *prefix,
                                struct auth **auth, struct err *err);
/* "https://name:port", without trailing slash; "pat", "oauth-m2m"; where the credentials were found. */
const char *auth_host(const struct auth *auth);
const char *auth_method(const struct auth *auth);
const char *auth_source(const struct auth *auth);
/* Warehouse id from the same sources, or NULL. */
const char *auth_warehouse(const struct auth *auth);
/* Text that changes when the credentials do (a hash), for cache keys. */
const char *auth_fingerprint(const struct auth *auth);
/* Append the request headers ("Authorization: Bearer ...\r\n", and X-Databricks-Workspace-Id where known) to
 * HEADERS. Gets or refreshes a token when needed, one refresher at a time; REJECTED is the number that the
 * last call put into *GENERATION when the service refused it with 401, and makes this one fetch a new token.
 * Any thread. */
clxs_status auth_headers(struct auth *auth, const struct fetch *fetch, uint64_t rejected, struct buf *headers,
                         uint64_t *generation, struct err *err);
/* Wipe secrets and free what is not in the arena. NULL is fine. */
void auth_close(struct auth *auth);

#endif
