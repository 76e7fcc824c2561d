/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration as one table of keys. Values come from layers, the highest that has one wins: flag, environment, profile,
 * file, pack, manifest default. Which keys exist is told by the host's own list and the manifests; anything else in a
 * file is an error that names the nearest key and the line. Read-only once loaded; any thread. */
#ifndef CLXS_HOST_CONF_CONF_H
#define CLXS_HOST_CONF_CONF_H

#include <clxs/status.h>
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
};

struct conf_source {
  const char *file;    /* --config, or NULL for the usual places */
  const char *profile; /* --profile, or NULL */
  const struct conf_key *keys;
  size_t key_count;
};

/* Read and check everything below the flags. CLXS_E_CONFIG with file, line and column otherwise. */
clxs_status conf_load(struct arena *arena, const struct conf_source *source, struct conf **conf, struct err *err);
/* Put a flag's value on top (NAME is a key). Only while the command line is being read. */
void conf_set_flag(struct conf *conf, const char *key, const char *flag, const char *value);
/* The value, NULL when unset (lists: as JSON array text), and where it came from ("flag --x", "environment CLXS_X",
 * "clxs.yaml:12 (profile prod)", "default"). */
const char *conf_text(const struct conf *conf, const char *key);
int64_t conf_int(const struct conf *conf, const char *key, int64_t absent);
const char *conf_origin(const struct conf *conf, const char *key);
/* The values of a list key, or the one value. */
uint32_t conf_count(const struct conf *conf, const char *key);
const char *conf_item(const struct conf *conf, const char *key, uint32_t index);

#endif
