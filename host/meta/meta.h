/* SPDX-License-Identifier: Apache-2.0 */
/* Cached reading of Unity Catalog over REST (https://docs.databricks.com/api/workspace/catalogs and its
 * neighbours): one paged listing per schema, the service's own JSON handed on. It must not know who asks. Any
 * thread. */
#ifndef CLXS_HOST_META_META_H
#define CLXS_HOST_META_META_H

#include <clxs/status.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct cache;
struct err;
struct workspace;

/* Everything below asks WORKSPACE through CACHE; JSON is compact, in ARENA, NUL-terminated. A listing that
 * fails is an error which names the catalog or schema, never an empty list, and is not cached. */
struct meta {
  const struct workspace *workspace;
  struct cache *cache;
  struct arena *arena;
};

/* All of KIND as clxs/meta.h says: "catalogs", "schemas", "tables", "views", "functions", "volumes",
 * "models". CLXS_E_USAGE for any other kind, and where CATALOG or SCHEMA is missing. */
clxs_status meta_list(const struct meta *meta, const char *kind, const char *catalog, const char *schema,
                      const char **json, struct err *err);
/* One object: "catalog", "schema", "table", "function", "volume", "model" with COUNT name parts.
 * CLXS_E_NOT_FOUND names it; an API that the server does not have is CLXS_E_UNSUPPORTED. */
clxs_status meta_get(const struct meta *meta, const char *kind, const char *const *names, uint32_t count,
                     const char **json, struct err *err);
/* Forget what is cached about CATALOG (NULL: everything of this workspace). */
void meta_invalidate(const struct meta *meta, const char *catalog);

#endif
