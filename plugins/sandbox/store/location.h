/* SPDX-License-Identifier: Apache-2.0 */
/* Storage outside: credentials, external locations, connections, and the rules about paths. */
#ifndef CLXS_SANDBOX_STORE_LOCATION_H
#define CLXS_SANDBOX_STORE_LOCATION_H

#include "engine.h"
#include "store/access.h"
#include "store/securable.h"

struct storage_credential {
  struct securable object;
  const char *identity_kind; /* aws_iam_role, azure_managed_identity, ... */
  const char *identity;      /* its JSON object, without secrets */
  const char *isolation_mode;
  bool read_only, used_for_managed_storage;
};

struct external_location {
  struct securable object;
  const char *url, *credential_name, *credential_id, *isolation_mode;
  bool read_only, fallback;
};

struct connection {
  struct securable object;
  const char *type;    /* POSTGRESQL, ... */
  const char *options; /* JSON, secrets removed */
  const char *properties;
  bool read_only;
};

bool storage_credential_get(struct session *session, const char *name, struct storage_credential *out);
bool storage_credential_list(struct session *session, struct page *page, struct storage_credential **out,
                             size_t *count);
/* object.name, object.comment, identity_kind, identity, read_only are read; the rest is filled in. */
bool storage_credential_create(struct session *session, struct storage_credential *credential);
bool storage_credential_drop(struct session *session, const char *name, bool force);

bool external_location_get(struct session *session, const char *name, struct external_location *out);
bool external_location_list(struct session *session, struct page *page, struct external_location **out,
                            size_t *count);
/* object.name, object.comment, url, credential_name, read_only, fallback are read. */
bool external_location_create(struct session *session, struct external_location *location);
bool external_location_drop(struct session *session, const char *name, bool force);

bool connection_get(struct session *session, const char *name, struct connection *out);
bool connection_list(struct session *session, struct page *page, struct connection **out, size_t *count);
/* object.name, object.comment, type, options, properties, read_only are read. */
bool connection_create(struct session *session, struct connection *connection);
bool connection_drop(struct session *session, const char *name);

/* URL cleaned up (no trailing slash), or INVALID_PARAMETER_VALUE when it is no cloud path. */
bool location_check_url(struct session *session, const char *url, const char **out);
/* The caller may put an object at URL: an external location covers it, and PRIVILEGE is held on that. */
bool location_require(struct session *session, const char *url, enum privilege privilege);
/* No table, volume or managed storage is at, above or below URL, but for object EXCEPT_ID (0: none):
 * INVALID_PARAMETER_VALUE.LOCATION_OVERLAP. */
bool location_require_free(struct session *session, const char *url, int64_t except_id);

#endif
