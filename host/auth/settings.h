/* SPDX-License-Identifier: Apache-2.0 */
/* What is known about logging in, gathered from configuration, environment and .databrickscfg by the rules of
 * the official SDKs (https://docs.databricks.com/dev-tools/auth/unified-auth.html): an earlier source is
 * never overruled by a later one, and the profile file is left unread when no profile was named and a host or
 * any credential is known. */
#ifndef CLXS_HOST_AUTH_SETTINGS_H
#define CLXS_HOST_AUTH_SETTINGS_H

#include <clxs/status.h>

struct arena;
struct conf;
struct err;

enum setting {
  SET_HOST,
  SET_ACCOUNT_ID,
  SET_WORKSPACE_ID,
  SET_AUTH_TYPE,
  SET_TOKEN,
  SET_USERNAME,
  SET_PASSWORD,
  SET_CLIENT_ID,
  SET_CLIENT_SECRET,
  SET_AZURE_RESOURCE_ID,
  SET_AZURE_TENANT_ID,
  SET_AZURE_CLIENT_ID,
  SET_AZURE_CLIENT_SECRET,
  SET_AZURE_USE_MSI,
  SET_GOOGLE_SERVICE_ACCOUNT,
  SET_GOOGLE_CREDENTIALS,
  SET_METADATA_SERVICE_URL,
  SET_OIDC_TOKEN_ENV,
  SET_OIDC_TOKEN_FILEPATH,
  SET_DISCOVERY_URL,
  SET_WAREHOUSE_ID,
  SET_SCOPES,
  SET_COUNT
};

struct settings {
  const char *value[SET_COUNT]; /* NULL: not set */
  const char
      *source[SET_COUNT];   /* "environment DATABRICKS_TOKEN", "profile DEFAULT of /home/a/.databrickscfg" */
  const char *missing_file; /* the profile file that was asked for and is not there, or NULL */
};

/* Gather them; host normalised. PREFIX NULL, or the group of CONF's keys that describes a second workspace.
 * For that neither DATABRICKS_ variables nor an unnamed profile count; without a host it has the first one's,
 * on the same host the first one's credentials and warehouse where it names none, and on another host without
 * credentials the profile that is for this host. CLXS_E_CONFIG for a broken file, a
 * missing profile, an impossible host, and credentials of more than one method when auth_type does not
 * choose. */
clxs_status settings_read(struct arena *arena, const struct conf *conf, const char *prefix,
                          struct settings *settings, struct err *err);

#endif
