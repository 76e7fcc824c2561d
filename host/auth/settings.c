/* SPDX-License-Identifier: Apache-2.0 */
/* See settings.h. */
#include "auth/settings.h"

#include <stdlib.h>
#include <string.h>

#include "auth/cfgfile.h"
#include "auth/host.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/conf.h"

#include "base/banned.h"

#define CFGFILE_MAXIMUM ((size_t)1 << 20)

/* NAME is the key in .databrickscfg, and of our configuration where that has it (which then knows the
 * variable). */
static const struct attribute {
  const char *name, *variable, *group;
} attributes[SET_COUNT] = {
    [SET_HOST] = {"host", NULL, NULL},
    [SET_ACCOUNT_ID] = {"account_id", NULL, NULL},
    [SET_WORKSPACE_ID] = {"workspace_id", NULL, NULL},
    [SET_AUTH_TYPE] = {"auth_type", NULL, NULL},
    [SET_TOKEN] = {"token", NULL, "pat"},
    [SET_USERNAME] = {"username", NULL, "basic"},
    [SET_PASSWORD] = {"password", NULL, "basic"},
    [SET_CLIENT_ID] = {"client_id", NULL, "oauth"},
    [SET_CLIENT_SECRET] = {"client_secret", NULL, "oauth"},
    [SET_AZURE_RESOURCE_ID] = {"azure_workspace_resource_id", "DATABRICKS_AZURE_RESOURCE_ID", "azure"},
    [SET_AZURE_TENANT_ID] = {"azure_tenant_id", "ARM_TENANT_ID", "azure"},
    [SET_AZURE_CLIENT_ID] = {"azure_client_id", "ARM_CLIENT_ID", "azure"},
    [SET_AZURE_CLIENT_SECRET] = {"azure_client_secret", "ARM_CLIENT_SECRET", "azure"},
    [SET_AZURE_USE_MSI] = {"azure_use_msi", "ARM_USE_MSI", "azure"},
    [SET_GOOGLE_SERVICE_ACCOUNT] = {"google_service_account", "DATABRICKS_GOOGLE_SERVICE_ACCOUNT", "google"},
    [SET_GOOGLE_CREDENTIALS] = {"google_credentials", "GOOGLE_CREDENTIALS", "google"},
    [SET_METADATA_SERVICE_URL] = {"metadata_service_url", "DATABRICKS_METADATA_SERVICE_URL",
                                  "metadata-service"},
    [SET_OIDC_TOKEN_ENV] = {"oidc_token_env", "DATABRICKS_OIDC_TOKEN_ENV", "env-oidc"},
    [SET_OIDC_TOKEN_FILEPATH] = {"databricks_id_token_filepath", "DATABRICKS_OIDC_TOKEN_FILEPATH",
                                 "file-oidc"},
    [SET_DISCOVERY_URL] = {"discovery_url", "DATABRICKS_DISCOVERY_URL", NULL},
    [SET_WAREHOUSE_ID] = {"warehouse_id", NULL, NULL},
    [SET_SCOPES] = {"scopes", NULL, NULL},
};

static void
put(struct settings *settings, size_t which, const char *value, const char *source)
{
  if (settings->value[which] || !value || !*value) return;
  /* The command-line tool of the vendor writes this where there is no workspace. */
  if (which == SET_WORKSPACE_ID && str_eq(value, "none")) return;
  settings->value[which] = value;
  settings->source[which] = source;
}

static const char *
key_of(struct arena *arena, const char *prefix, const char *name)
{
  return prefix ? arena_printf(arena, "%s.%s", prefix, name) : name;
}

static void
read_configuration(struct arena *arena, const struct conf *conf, const char *prefix,
                   struct settings *settings)
{
  for (size_t i = 0; i < SET_COUNT; i++) {
    const struct attribute *attribute = &attributes[i];
    const char *variable = prefix ? NULL : attribute->variable, *key = key_of(arena, prefix, attribute->name);

    put(settings, i, conf_secret(conf, key), conf_origin(conf, key));
    if (variable) put(settings, i, secure_getenv(variable), arena_printf(arena, "environment %s", variable));
  }
}

static bool
knows_credentials(const struct settings *settings)
{
  for (size_t i = 0; i < SET_COUNT; i++)
    if (settings->value[i] && attributes[i].group) return true;
  return false;
}

/* A host, or any attribute that belongs to a way of logging in. */
static bool
knows_enough(const struct settings *settings)
{
  return settings->value[SET_HOST] || knows_credentials(settings);
}

/* The one profile that is for HOST, NULL when there is none; with two of them somebody has to choose. */
static clxs_status
find_profile_of(struct arena *arena, const struct cfgfile *file, const char *host, const char **profile,
                struct err *err)
{
  *profile = NULL;
  for (const struct cfgfile_entry *entry = file->entries; entry; entry = entry->next) {
    struct err ignored = ERR_INIT(arena);
    struct host theirs;

    if (!str_ieq(entry->key, "host") || host_parse(arena, entry->value, &theirs, &ignored) != CLXS_OK ||
        !str_eq(theirs.url, host) || str_eq(entry->section, *profile))
      continue;
    if (*profile) {
      err_set(err, CLXS_E_CONFIG, "the profiles %s and %s of %s are both for %s", *profile, entry->section,
              file->path, host);
      err_hint(err, "choose one with --dest-profile");
      return CLXS_E_CONFIG;
    }
    *profile = entry->section;
  }
  return CLXS_OK;
}

/* Fill up from the profile ASKED for, or from the one for HOST, or (neither given) from the usual one. */
static clxs_status
read_profile(struct arena *arena, const char *path, const char *asked, const char *host,
             struct settings *settings, struct err *err)
{
  struct err local = ERR_INIT(arena);
  struct cfgfile file;
  const char *profile, *source;
  char *text;
  size_t length;
  clxs_status status = path_read(arena, path, CFGFILE_MAXIMUM, &text, &length, &local);

  if (status == CLXS_E_NOT_FOUND) {
    if (asked) settings->missing_file = path;
    return CLXS_OK;
  }
  if (status != CLXS_OK) return err_set(err, CLXS_E_CONFIG, "%s", local.message);
  status = cfgfile_parse(arena, path, text, length, &file, err);
  explicit_bzero(text, length);
  if (status == CLXS_OK)
    status = host ? find_profile_of(arena, &file, host, &profile, err)
                  : cfgfile_choose(&file, asked, &profile, err);
  if (status != CLXS_OK || !profile) return status;
  source = arena_printf(arena, "profile %s of %s", profile, path);
  for (size_t i = 0; i < SET_COUNT; i++)
    put(settings, i, cfgfile_get(&file, profile, attributes[i].name), source);
  put(settings, SET_OIDC_TOKEN_FILEPATH, cfgfile_get(&file, profile, "oidc_token_filepath"), source);
  return CLXS_OK;
}

static clxs_status
normalise_host(struct arena *arena, struct settings *settings, struct err *err)
{
  struct host host;
  clxs_status status;

  if (!settings->value[SET_HOST]) return CLXS_OK;
  status = host_parse(arena, settings->value[SET_HOST], &host, err);
  if (status != CLXS_OK) return status;
  settings->value[SET_HOST] = host.url;
  put(settings, SET_WORKSPACE_ID, host.workspace_id, settings->source[SET_HOST]);
  put(settings, SET_ACCOUNT_ID, host.account_id, settings->source[SET_HOST]);
  return CLXS_OK;
}

static int
by_text(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static clxs_status
check_groups(struct arena *arena, const struct settings *settings, struct err *err)
{
  const char *groups[SET_COUNT], *list = "", *sources = "";
  size_t count = 0;

  if (settings->value[SET_AUTH_TYPE]) return CLXS_OK;
  for (size_t i = 0; i < SET_COUNT; i++) {
    const char *group = attributes[i].group;
    bool known = false;

    if (!group || !settings->value[i]) continue;
    for (size_t k = 0; k < count; k++)
      known = known || str_eq(groups[k], group);
    if (known) continue;
    groups[count++] = group;
    sources = arena_printf(arena, "%s%s%s from %s", sources, *sources ? ", " : "", attributes[i].name,
                           settings->source[i]);
  }
  if (count < 2) return CLXS_OK;
  qsort(groups, count, sizeof groups[0], by_text);
  for (size_t i = 0; i < count; i++)
    list = arena_printf(arena, "%s%s%s", list, i ? " and " : "", groups[i]);
  err_set(err, CLXS_E_CONFIG, "more than one authorization method configured: %s", list);
  err_hint(err, "found %s; remove one, or choose with auth_type (DATABRICKS_AUTH_TYPE)", sources);
  return CLXS_E_CONFIG;
}

/* The first workspace's host where the second has none, and its credentials and warehouse where they are the
 * same host: what opens one host is never shown to another. */
static clxs_status
borrow_from_first(struct arena *arena, const struct conf *conf, struct settings *settings, struct err *err)
{
  struct settings first;
  bool own = knows_credentials(settings);
  clxs_status status = settings_read(arena, conf, NULL, &first, err);

  if (status != CLXS_OK) return status;
  put(settings, SET_HOST, first.value[SET_HOST], first.source[SET_HOST]);
  if (!settings->value[SET_HOST] || !str_eq(settings->value[SET_HOST], first.value[SET_HOST])) return CLXS_OK;
  put(settings, SET_WAREHOUSE_ID, first.value[SET_WAREHOUSE_ID], first.source[SET_WAREHOUSE_ID]);
  for (size_t i = 0; i < SET_COUNT && !own; i++)
    put(settings, i, first.value[i], first.source[i]);
  return CLXS_OK;
}

/* What no key of the second workspace says, from the first one and from the profile for its host. */
static clxs_status
complete_second(struct arena *arena, const struct conf *conf, const char *path, struct settings *settings,
                struct err *err)
{
  clxs_status status = normalise_host(arena, settings, err);

  if (status == CLXS_OK) status = borrow_from_first(arena, conf, settings, err);
  if (status != CLXS_OK || !settings->value[SET_HOST] || knows_credentials(settings)) return status;
  return read_profile(arena, path, NULL, settings->value[SET_HOST], settings, err);
}

clxs_status
settings_read(struct arena *arena, const struct conf *conf, const char *prefix, struct settings *settings,
              struct err *err)
{
  const char *asked = conf_text(conf, key_of(arena, prefix, "auth_profile"));
  const char *file = conf_text(conf, "config_file"), *path;
  clxs_status status = CLXS_OK;

  *settings = (struct settings){0};
  path = path_expand(arena, file ? file : "~/.databrickscfg");
  read_configuration(arena, conf, prefix, settings);
  if (asked || (!prefix && !knows_enough(settings)))
    status = read_profile(arena, path, asked, NULL, settings, err);
  if (status == CLXS_OK && prefix) status = complete_second(arena, conf, path, settings, err);
  if (status == CLXS_OK) status = normalise_host(arena, settings, err);
  if (status == CLXS_OK) status = check_groups(arena, settings, err);
  return status;
}
