/* SPDX-License-Identifier: Apache-2.0 */
/* Grants: reading and changing who holds what. The rules of who may are access.h's. */
#ifndef CLXS_SANDBOX_STORE_GRANT_H
#define CLXS_SANDBOX_STORE_GRANT_H

#include "engine.h"
#include "store/access.h"

/* One principal's direct grants on an object, ordered by principal; for grant_effective also where they come
 * from. */
struct grant {
  const char *principal;
  privilege_set privileges;
  enum securable_kind
      from_kind; /* grant_effective: the object granted on; equal to the asked one when direct */
  const char *from_name;
};

/* Direct grants on OBJECT; PRINCIPAL (may be NULL) narrows. A caller who neither manages OBJECT nor anything
 * above sees only what is granted to itself or its groups. Unknown principal: PRINCIPAL_DOES_NOT_EXIST. */
bool grant_list(struct session *session, const struct securable *object, const char *principal,
                struct grant **out, size_t *count);
/* The same with what flows down from parents (only what is legal on OBJECT), one entry per principal and
 * source. */
bool grant_effective(struct session *session, const struct securable *object, const char *principal,
                     struct grant **out, size_t *count);
/* Add and remove. The caller must manage OBJECT; the privileges must be legal on it; the same one in both is
 * refused; removing ALL PRIVILEGES takes everything but the four it does not cover. */
bool grant_change(struct session *session, const struct securable *object, const char *principal,
                  privilege_set add, privilege_set remove);

#endif
