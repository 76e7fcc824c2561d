/* SPDX-License-Identifier: Apache-2.0 */
/* The destination's own workspace. Its warehouse runs every CLONE as whoever we are there, so that it is this
 * identity that has to read the source, through a metastore that both workspaces share and a catalog that is
 * bound to both. https://docs.databricks.com/catalogs/binding */
#include "base/json.h"
#include "base/str.h"
#include "kit/destination.h"
#include "kit/metastore/metastore.h"
#include "preflight.h"

#include "base/banned.h"

/* Everything that is known of us belongs to the other workspace. */
static void
turn_to_second(struct preflight *preflight)
{
  preflight->workspace = DESTINATION_WORKSPACE;
  preflight->names.count = 0;
  preflight->user = NULL;
  preflight->metastore = preflight->metastore_owner = preflight->metastore_root = NULL;
  preflight->metastore_read = false;
}

static bool
check_metastore(struct preflight *preflight, const char *first)
{
  static const char name[] = "metastore";
  struct clxs_call *call = preflight->call;

  if (!first || !metastore_known(preflight)) {
    call->core->error_clear(call);
    check_warn(preflight, name, "whether both workspaces share one is not told",
               "a CLONE can read only what its own workspace can see");
    return true;
  }
  if (str_eq(first, preflight->metastore)) {
    check_ok(preflight, name, clxs_textf(call, "both workspaces share %s", first));
    return true;
  }
  check_fail(preflight, name, CLXS_E_UNSUPPORTED,
             clxs_textf(call,
                        "the workspaces have different ones, %s and %s: what runs in one cannot read the "
                        "other",
                        first, preflight->metastore),
             METASTORE_NEXT);
  return false;
}

/* An isolated catalog is there for the workspaces it is bound to and for no others. */
static bool
check_bound(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  const char *text = NULL;
  clxs_status status = destination_get(call, preflight->workspace, "catalog", &preflight->source, 1, &text);

  if (status == CLXS_OK) return true;
  if (status != CLXS_E_NOT_FOUND && status != CLXS_E_DENIED) {
    check_error(preflight, check_name(preflight, "source exists"), status, NULL);
    return false;
  }
  call->core->error_clear(call);
  check_fail(
      preflight, check_name(preflight, "source exists"), CLXS_E_DENIED,
      clxs_textf(call,
                 "the catalog %s is not visible in the destination workspace, whose warehouse has to read it",
                 preflight->source),
      clxs_textf(call,
                 "have %s granted USE CATALOG, USE SCHEMA and SELECT on it; if it is isolated, bind it to "
                 "that workspace too",
                 preflight->user ? preflight->user : "your identity there"));
  return false;
}

bool
check_second(struct preflight *preflight)
{
  const char *first = metastore_known(preflight) ? preflight->metastore : NULL;

  preflight->call->core->error_clear(preflight->call);
  turn_to_second(preflight);
  if (!check_workspace(preflight)) return false;
  check_warehouse(preflight);
  if (!check_metastore(preflight, first)) return false;
  if (check_bound(preflight)) check_source(preflight);
  return true;
}
