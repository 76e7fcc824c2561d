/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration as one table of keys. Values come from layers, the highest that has one wins: flag,
 * environment, profile, file, pack, manifest default. Which keys exist is told by the host's own list and the
 * manifests; anything else in a file is an error that names the nearest key and the line. Read-only once
 * loaded; any thread. */
#ifndef CLXS_HOST_CONF_CONF_H
#define CLXS_HOST_CONF_CONF_H

#include <clxs/status.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/grammar.h"

struct arena;
struct err;
struct conf;

/* A key that may be set. TYPE as for flags; LIST keys hold several values. SECRET ones are shown as ***. */
struct conf_key {
  const char *name; /* "max_workers", "cache.ttl", "audit.keep_days" */
  enum grammar_type type;
  bool list, secret, free_form; /* free_form: any YAML below it, handed on as JSON text */
  const char *default_value, *env, *help;
  const char *const *choices;
  const char *owner; /* plugin id, NULL for the host */
  bool has_min, has_max;
  double min, max; /* for numbers */
};

/* A value that a pack brings: below the files, above the manifests' defaults. VALUE as in the environment. */
struct conf_default {
  const char *key, *value, *pack;
};

struct conf_source {
  const char *file;            /* --config, or NULL for the usual places */
  const char *profile;         /* --profile, or NULL */
  const struct conf_key *keys; /* the manifests'; the host's own are known */
  size_t key_count;
  const struct conf_default *defaults; /* of packs, the strongest first, or NULL */
  size_t default_count;
};

/* Read and check everything below the flags. CLXS_E_CONFIG with file, line and column otherwise. The usual
 * places, first match wins: $CLXS_CONFIG, ./clxs.yaml, $XDG_CONFIG_HOME/clxs/config.yaml; that there is none
 * is fine. The profile is SOURCE's, else $CLXS_PROFILE, else the file's own "profile". */
clxs_status conf_load(struct arena *arena, const struct conf_source *source, struct conf **conf,
                      struct err *err);
/* Put a flag's value on top (NAME is a key). Only while the command line is being read. For a list key, every
 * call adds one item. */
void conf_set_flag(struct conf *conf, const char *key, const char *flag, const char *value);
/* What values mean for others, once all flags are set: the limits of a throttle profile. */
clxs_status conf_settle(struct conf *conf, struct err *err);
/* The value, NULL when unset (lists: as JSON array text). */
/* Secret keys of the host (tokens) have an origin but no text here: what plugins can ask for goes through
 * this. */
const char *conf_text(const struct conf *conf, const char *key);
/* The value as a number (args_number), ABSENT when unset. Durations are milliseconds, sizes bytes, booleans 0
 * or 1. */
int64_t conf_int(const struct conf *conf, const char *key, int64_t absent);
/* Where the value came from: "flag --x", "environment CLXS_X", "clxs.yaml:12 (profile prod)", "pack NAME",
 * "default"; NULL when unset. */
const char *conf_origin(const struct conf *conf, const char *key);
/* The environment variable that feeds KEY by rule: "CLXS_CACHE_TTL" for "cache.ttl". */
const char *conf_variable(struct arena *arena, const char *key);
/* The value of any key, secret ones of the host too. For host/auth alone. */
const char *conf_secret(const struct conf *conf, const char *key);
/* The values of a list key, or the one value. */
uint32_t conf_count(const struct conf *conf, const char *key);
const char *conf_item(const struct conf *conf, const char *key, uint32_t index);

/* Every key there is, in the order of names: `clxs config show` walks them. NULL behind the last. */
const struct conf_key *conf_key_at(const struct conf *conf, size_t index);
/* The file that was read (NULL: none) and the profile in force (NULL: none). */
const char *conf_file(const struct conf *conf);
const char *conf_profile(const struct conf *conf);
/* The file that conf_load would read, without reading it: *PATH NULL when there is none. CLXS_E_CONFIG when
 * the one that was asked for (by --config or $CLXS_CONFIG) is missing. */
clxs_status conf_find_file(struct arena *arena, const char *asked, const char **path, struct err *err);
/* What has to be known before any manifest is: plugins.packs, plugins.prefer and plugins.disabled, each
 * NULL-terminated or NULL. Profiles play no part. Mistakes in the file are left for conf_load to report. */
struct conf_plugins {
  const char *const *packs, *const *prefer, *const *disabled;
};
void conf_read_plugins(struct arena *arena, const char *asked, struct conf_plugins *plugins);

#endif
