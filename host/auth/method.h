/* SPDX-License-Identifier: Apache-2.0 */
/* A way to log in. Each is one file that defines one const struct auth_method; chain.c lists them in their
 * order. */
#ifndef CLXS_HOST_AUTH_METHOD_H
#define CLXS_HOST_AUTH_METHOD_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stdint.h>

#include "auth/fetch.h"
#include "auth/settings.h"

struct arena;
struct err;

/* What a method obtains. VALUE is secret: freed by secret_free. */
struct credential {
  const char *scheme; /* "Bearer", "Basic"; static */
  char *value;
  int64_t lifetime_ms; /* from now; 0: for ever */
  char *workspace_id;  /* learned on the way, to be freed; or NULL */
};

struct auth_method {
  const char *name;
  /* The attribute whose source is named to people. */
  enum setting shown;
  /* Whether SETTINGS hold all that this method needs. */
  bool (*is_configured)(const struct settings *settings);
  /* Obtain a credential. FETCH may be used; no lock is held. */
  clxs_status (*obtain)(const struct settings *settings, const struct fetch *fetch,
                        struct credential *credential, struct err *err);
  /* Whether another one can be had when this one is refused. */
  bool renewable;
};

extern const struct auth_method auth_pat, auth_basic, auth_oauth_m2m;

/* The method to use, by auth_type or by the chain's order. CLXS_E_AUTH when nothing is configured,
 * CLXS_E_CONFIG when what is asked for is unknown or not part of this release. */
clxs_status chain_choose(struct arena *arena, const struct settings *settings,
                         const struct auth_method **method, struct err *err);

/* Overwrite and free a NUL-terminated secret. NULL is fine. */
void secret_free(char *secret);
/* "Basic" value of NAME and PASSWORD, to be given to secret_free. */
char *secret_basic(const char *name, const char *password);

#endif
