/* SPDX-License-Identifier: Apache-2.0 */
/* A pack is a directory that makes clxs fit a team, without code of its own: pack.json and, beside it,
 * plugins/. The file has config defaults, aliases, and which plugins are preferred or not used:
 *
 *   { "schema": 1, "id": "org.example.team", "version": "1.0.0", "summary": "How we clone",
 *     "config": { "max_workers": 8, "exclude_schemas": ["tmp"] },
 *     "aliases": { "refresh-dev": ["clone", "--source", "prod", "--dest", "dev"] },
 *     "prefer": ["org.example.audit"], "disable": ["sandbox"] }
 */
#ifndef CLXS_HOST_PLUGIN_PACK_H
#define CLXS_HOST_PLUGIN_PACK_H

#include <clxs/status.h>
#include <stddef.h>

#include "conf/conf.h"

struct arena;
struct err;

struct pack_alias {
  const char *name;
  const char *const *words; /* NULL-terminated, at least one */
};

struct pack {
  const char *directory, *id, *version, *summary;
  const struct conf_default *defaults;
  size_t default_count;
  const struct pack_alias *aliases;
  size_t alias_count;
  const char *const *prefer, *const *disable; /* plugin ids, NULL-terminated, or NULL */
};

/* The pack in DIRECTORY, which must be as safe from others as a plugin's. CLXS_E_CONFIG with the place and
 * the reason. */
clxs_status pack_read(struct arena *arena, const char *directory, struct pack *pack, struct err *err);

#endif
