/* SPDX-License-Identifier: Apache-2.0 */
/* Workspace bindings: an isolated catalog, external location or storage credential is there for the
 * workspaces that it is bound to, and for nobody else, whatever anybody was granted.
 * https://docs.databricks.com/aws/en/catalogs/binding */
#ifndef CLXS_SANDBOX_STORE_BINDING_H
#define CLXS_SANDBOX_STORE_BINDING_H

#include "engine.h"

struct securable;

enum binding { BINDING_NONE, BINDING_READ, BINDING_WRITE };

/* Make the table in a state that does not have it yet. */
bool binding_prepare(struct store *store);
/* What the session's workspace may do with what OBJECT is in: BINDING_WRITE unless its catalog (or itself) is
 * isolated. */
enum binding binding_of(struct session *session, const struct securable *object);
/* Bind the object ID to WORKSPACE, or (BINDING_NONE) no longer. */
void binding_set(struct session *session, int64_t id, int64_t workspace, enum binding binding);
/* An object that becomes isolated is bound to the workspace in which that is done, unless it is bound
 * already. */
void binding_isolate(struct session *session, int64_t id);

struct workspace_binding {
  int64_t workspace;
  enum binding binding;
};
/* All bindings of ID, in the order of workspaces. */
void binding_list(struct session *session, int64_t id, struct workspace_binding **out, size_t *count);

#endif
