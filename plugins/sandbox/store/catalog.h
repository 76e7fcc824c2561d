/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogs and schemas. */
#ifndef CLXS_SANDBOX_STORE_CATALOG_H
#define CLXS_SANDBOX_STORE_CATALOG_H

#include "engine.h"
#include "store/securable.h"

struct catalog {
  struct securable object;
  const char *type;             /* MANAGED_CATALOG, FOREIGN_CATALOG, SYSTEM_CATALOG, ... */
  const char *isolation_mode;   /* OPEN, ISOLATED */
  const char *storage_root;     /* as asked for, or NULL: the metastore's storage */
  const char *storage_location; /* where managed data really is */
  const char *connection_name, *provider_name, *share_name;
  const char *properties, *options;    /* JSON objects, "{}" when empty */
  const char *predictive_optimization; /* ENABLE, DISABLE, INHERIT */
};

struct schema {
  struct securable object;
  const char *catalog_type;
  const char *storage_root, *storage_location;
  const char *properties;
  const char *predictive_optimization;
};

/* Only name is needed; the rest may be NULL. Makes the schemas `default` and `information_schema`; a foreign
 * catalog names its connection. */
struct catalog_spec {
  const char *name, *comment, *storage_root, *properties, *options;
  const char *connection_name, *provider_name, *share_name;
};

bool catalog_get(struct session *session, const char *name, struct catalog *out);
bool catalog_list(struct session *session, struct page *page, struct catalog **out, size_t *count);
/* CATALOG_ALREADY_EXISTS when there is one of that name. */
bool catalog_create(struct session *session, const struct catalog_spec *spec, struct catalog *out);
/* With CASCADE everything in it goes too, else it must be empty but for `information_schema` and an empty
 * `default`. */
bool catalog_drop(struct session *session, const char *name, bool cascade);

struct schema_spec {
  const char *catalog_name, *name, *comment, *storage_root, *properties;
};

bool schema_get(struct session *session, const struct name *name, struct schema *out);
bool schema_list(struct session *session, const char *catalog, struct page *page, struct schema **out,
                 size_t *count);
bool schema_create(struct session *session, const struct schema_spec *spec, struct schema *out);
bool schema_drop(struct session *session, const struct name *name, bool cascade);

#endif
