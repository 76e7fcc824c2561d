/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.meta/1: cached reading of Unity Catalog. Answers are the service's own JSON, one compact array or
 * object, all pages together; they are cached per workspace, principal and arguments for cache.ttl (300 s). A
 * listing that fails is an error, never an empty list, and errors are not cached. */
#ifndef CLXS_META_H
#define CLXS_META_H

#include "call.h"

#define CLXS_SERVICE_META "clxs.meta/1"

struct clxs_meta {
  uint32_t size;
  /* [call thread] All objects of KIND: "catalogs" (CATALOG and SCHEMA NULL), "schemas" (SCHEMA NULL;
   * information_schema is left out), "tables" (every table type, with columns and properties), "views" (those
   * of the tables that are views of any type), "functions", "volumes", "models". JSON is an array. */
  clxs_status (*list)(struct clxs_call *call, const char *kind, const char *catalog, const char *schema,
                      const char **json);
  /* [call thread] One object: KIND "catalog", "schema", "table", "function", "volume", "model"; NAMES are its
   * 1 to 3 name parts, unquoted. JSON is an object. CLXS_E_NOT_FOUND when there is none. */
  clxs_status (*get)(struct clxs_call *call, const char *kind, const char *const *names, uint32_t name_count,
                     const char **json);
  /* [call thread] Forget what is cached about CATALOG (NULL: everything). Call it after changing it. */
  void (*invalidate)(struct clxs_call *call, const char *catalog);
  /* [call thread] As list and get, asked of WORKSPACE: NULL, the one in use, or "destination". */
  clxs_status (*list_in)(struct clxs_call *call, const char *workspace, const char *kind, const char *catalog,
                         const char *schema, const char **json);
  clxs_status (*get_in)(struct clxs_call *call, const char *workspace, const char *kind,
                        const char *const *names, uint32_t name_count, const char **json);
};

#endif
