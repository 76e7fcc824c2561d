/* SPDX-License-Identifier: Apache-2.0 */
/* Personal access token: https://docs.databricks.com/dev-tools/auth/pat.html */
#include "auth/method.h"
#include "base/arena.h"

#include "base/banned.h"

static bool
is_configured(const struct settings *settings)
{
  return settings->value[SET_TOKEN] != NULL;
}

static clxs_status
obtain(const struct settings *settings, const struct fetch *fetch, struct credential *credential,
       struct err *err)
{
  (void)fetch;
  (void)err;
  credential->scheme = "Bearer";
  credential->value = xstrdup(settings->value[SET_TOKEN]);
  return CLXS_OK;
}

const struct auth_method auth_pat = {
    .name = "pat", .shown = SET_TOKEN, .is_configured = is_configured, .obtain = obtain};
