/* SPDX-License-Identifier: Apache-2.0 */
/* See metastore.h. */
#include "kit/metastore/metastore.h"

#include <clxs/clxs.h>

#include "base/json.h"
#include "base/str.h"
#include "kit/destination.h"

#include "base/banned.h"

clxs_status
metastore_read(struct clxs_call *call, const char *workspace, struct metastore *metastore)
{
  struct clxs_request request = {.size = sizeof request, .method = "GET", .workspace = workspace};
  struct clxs_response response = {.size = sizeof response};
  CLEANUP_JSON struct json_object *json = NULL;
  clxs_status status;

  *metastore = (struct metastore){0};
  request.path = "/api/2.1/unity-catalog/metastore_summary";
  request.purpose = "which metastore the workspace has";
  status = clxs_rest(call)->send(call, &request, &response);
  if (status < 0) return status;
  json = json_parse(response.body, response.length, NULL, NULL);
  if (json_get_text(json, "metastore_id"))
    metastore->id = clxs_textf(call, "%s", json_get_text(json, "metastore_id"));
  if (json_get_text(json, "owner")) metastore->owner = clxs_textf(call, "%s", json_get_text(json, "owner"));
  if (json_get_text(json, "storage_root"))
    metastore->root = clxs_textf(call, "%s", json_get_text(json, "storage_root"));
  return CLXS_OK;
}

clxs_status
metastore_check_shared(struct clxs_call *call, const char *host)
{
  static const char *const workspaces[] = {NULL, DESTINATION_WORKSPACE};
  struct metastore found[2];

  for (size_t i = 0; i < ARRAY_SIZE(workspaces); i++) {
    clxs_status status = metastore_read(call, workspaces[i], &found[i]);

    if (status == CLXS_E_CANCELLED || status == CLXS_E_AUTH || status == CLXS_E_CONFIG) return status;
    call->core->error_clear(call);
  }
  if (!found[0].id || !found[1].id || str_eq(found[0].id, found[1].id)) return CLXS_OK;
  return clxs_failf(call, CLXS_E_UNSUPPORTED, METASTORE_NEXT,
                    "the workspaces have different metastores (%s, and %s of %s): what runs in one cannot "
                    "read the other",
                    found[0].id, found[1].id, host);
}
