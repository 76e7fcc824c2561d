/* SPDX-License-Identifier: Apache-2.0 */
/* User name and password, which self-hosted servers and old workspaces take. */
#include "auth/method.h"

#include "base/banned.h"

static bool
is_configured(const struct settings *settings)
{
  return settings->value[SET_USERNAME] && settings->value[SET_PASSWORD];
}

static clxs_status
obtain(const struct settings *settings, const struct fetch *fetch, struct credential *credential,
       struct err *err)
{
  (void)fetch;
  (void)err;
  credential->scheme = "Basic";
  credential->value = secret_basic(settings->value[SET_USERNAME], settings->value[SET_PASSWORD]);
  return CLXS_OK;
}

const struct auth_method auth_basic = {
    .name = "basic", .shown = SET_USERNAME, .is_configured = is_configured, .obtain = obtain};
