/* SPDX-License-Identifier: Apache-2.0 */
/* Grants that are made on an object itself, never inherited ones. No listing has them, so they are read
 * object by object, many at a time. https://docs.databricks.com/api/workspace/grants/get */
#ifndef CLXS_KIT_MODEL_GRANTS_H
#define CLXS_KIT_MODEL_GRANTS_H

#include <clxs/call.h>

#include "kit/model/model.h"

/* An object whose grants are wanted. */
struct model_securable {
  struct model_catalog *model;
  const char *kind;        /* "catalog", "schema", "table" (views, too), "function", "volume" */
  const char *schema;      /* NULL for a catalog */
  struct model_item *item; /* of MODEL, or a copy of one of its items */
};

/* [call thread] Fill in the grants of everything in MODELS (COUNT of them; NULL ones are passed over), one
 * request per object, at most WIDTH at a time. An object that does not tell keeps a sentence about it in
 * `grants_problem`, and the rest goes on; one that is gone by then has none. What would go wrong with every
 * object (no network, no valid credentials, cancelled) ends the reading with its status. */
clxs_status model_read_grants(struct clxs_call *call, struct model_catalog *const *models, size_t count,
                              uint32_t width);
/* The same for the COUNT objects of LIST only. */
clxs_status model_read_grants_of(struct clxs_call *call, const struct model_securable *list, size_t count,
                                 uint32_t width);

/* A and B are one privilege: "use catalog" and "USE_CATALOG". */
bool model_same_privilege(const char *a, const char *b);
/* ITEM's own grants give PRIVILEGE to PRINCIPAL, by name or by ALL_PRIVILEGES, which holds all others but
 * MANAGE and a few more. ITEM may be NULL.
 * https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges.html */
bool model_is_granted(const struct model_item *item, const char *principal, const char *privilege);

#endif
