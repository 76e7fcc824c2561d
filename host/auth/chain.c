/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which ways to log in are tried when auth_type does not name one: that of the vendor's Go SDK
 * and command-line tool, so that a machine set up for them behaves the same here. Those that this release
 * cannot do are listed too, so that choosing one gets a clear answer. */
#include <string.h>

#include "auth/method.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include "base/banned.h"

static const struct link {
  const char *name;
  const struct auth_method *method; /* NULL: not in this release */
} chain[] = {
    {"pat", &auth_pat},          {"basic", &auth_basic},       {"oauth-m2m", &auth_oauth_m2m},
    {"databricks-cli", NULL},    {"metadata-service", NULL},   {"github-oidc", NULL},
    {"azure-devops-oidc", NULL}, {"env-oidc", NULL},           {"file-oidc", NULL},
    {"github-oidc-azure", NULL}, {"azure-msi", NULL},          {"azure-client-secret", NULL},
    {"azure-cli", NULL},         {"google-credentials", NULL}, {"google-id", NULL},
    {"external-browser", NULL},
};

static const char *
supported_names(struct arena *arena)
{
  const char *list = "";

  for (size_t i = 0; i < ARRAY_SIZE(chain); i++)
    if (chain[i].method) list = arena_printf(arena, "%s%s%s", list, *list ? ", " : "", chain[i].name);
  return list;
}

static clxs_status
choose_named(struct arena *arena, const struct settings *settings, const struct auth_method **method,
             struct err *err)
{
  const char *wanted = settings->value[SET_AUTH_TYPE], *source = settings->source[SET_AUTH_TYPE];

  for (size_t i = 0; i < ARRAY_SIZE(chain); i++) {
    if (!str_eq(chain[i].name, wanted)) continue;
    if (!chain[i].method) {
      err_set(err, CLXS_E_CONFIG, "auth_type %s (%s) is not supported by this release", wanted, source);
      err_hint(err, "supported are: %s", supported_names(arena));
      return CLXS_E_CONFIG;
    }
    if (!chain[i].method->is_configured(settings)) {
      err_set(err, CLXS_E_AUTH, "auth_type %s (%s) is chosen, but not everything that it needs is configured",
              wanted, source);
      err_hint(err, "`clxs config show` tells what is set, and where");
      return CLXS_E_AUTH;
    }
    *method = chain[i].method;
    return CLXS_OK;
  }
  err_set(err, CLXS_E_CONFIG, "auth_type \"%s\" (%s) is unknown", wanted, source);
  err_hint(err, "supported are: %s", supported_names(arena));
  return CLXS_E_CONFIG;
}

/* Credentials that are there, but only serve a method of another release. */
static const char *
unused_credential(const struct settings *settings)
{
  static const struct {
    enum setting set;
    const char *family;
  } families[] = {
      {SET_AZURE_RESOURCE_ID, "Azure"},
      {SET_AZURE_CLIENT_SECRET, "Azure"},
      {SET_AZURE_USE_MSI, "Azure"},
      {SET_GOOGLE_CREDENTIALS, "Google"},
      {SET_GOOGLE_SERVICE_ACCOUNT, "Google"},
      {SET_METADATA_SERVICE_URL, "metadata service"},
      {SET_OIDC_TOKEN_ENV, "OIDC federation"},
      {SET_OIDC_TOKEN_FILEPATH, "OIDC federation"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(families); i++)
    if (settings->value[families[i].set]) return families[i].family;
  return NULL;
}

static clxs_status
report_none(struct arena *arena, const struct settings *settings, struct err *err)
{
  const char *host = settings->value[SET_HOST], *unused = unused_credential(settings);

  if (unused) {
    err_set(err, CLXS_E_AUTH,
            "no credentials for %s that this release can use: %s login is not supported by it", host, unused);
    err_hint(err, "supported are: %s", supported_names(arena));
  } else {
    err_set(err, CLXS_E_AUTH, "no credentials for %s", host);
    err_hint(
        err,
        "set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or name a profile of "
        ".databrickscfg with --auth-profile");
  }
  if (settings->missing_file) err_hint(err, "the file %s does not exist", settings->missing_file);
  return CLXS_E_AUTH;
}

clxs_status
chain_choose(struct arena *arena, const struct settings *settings, const struct auth_method **method,
             struct err *err)
{
  if (settings->value[SET_AUTH_TYPE]) return choose_named(arena, settings, method, err);
  for (size_t i = 0; i < ARRAY_SIZE(chain); i++) {
    if (!chain[i].method || !chain[i].method->is_configured(settings)) continue;
    *method = chain[i].method;
    return CLXS_OK;
  }
  return report_none(arena, settings, err);
}
