/* SPDX-License-Identifier: Apache-2.0 */
/* Where an operation ran, against where this run is going to run. It must not read journals. */
#include <clxs/clxs.h>

#include "base/str.h"
#include "kit/destination.h"
#include "kit/plan/journal.h"

#include "base/banned.h"

const char *
journal_written_to(const struct journal_head *head)
{
  return head->destination_workspace ? head->destination_workspace : head->workspace;
}

clxs_status
journal_find_workspace(struct clxs_call *call, const struct journal_head *head, const char **workspace)
{
  const char *wanted = journal_written_to(head);
  const char *used = clxs_config(call)->host(call), *second;
  clxs_status status;

  *workspace = NULL;
  if (!used) return call->core->error(call)->status;
  if (str_eq(used, wanted)) return CLXS_OK;
  status = destination_find(call, workspace, &second);
  if (status < 0 || (second && str_eq(second, wanted))) return status;
  return clxs_failf(call, CLXS_E_USAGE,
                    head->destination_workspace ? "choose that workspace by --dest-host or --dest-profile"
                                                : "choose that workspace by --host or --profile",
                    "operation %s belongs to the workspace %s, not to %s", head->id, wanted,
                    second ? second : used);
}

clxs_status
journal_check_workspaces(struct clxs_call *call, const struct journal_head *head)
{
  const char *used = clxs_config(call)->host(call), *workspace, *second;
  clxs_status status;

  if (!used) return call->core->error(call)->status;
  if (!str_eq(used, head->workspace))
    return clxs_failf(call, CLXS_E_USAGE, "choose that workspace by --host or --profile",
                      "operation %s belongs to the workspace %s, not to %s", head->id, head->workspace, used);
  status = destination_find(call, &workspace, &second);
  if (status < 0 || str_eq(second, head->destination_workspace)) return status;
  if (!head->destination_workspace)
    return clxs_failf(call, CLXS_E_USAGE, "leave out --dest-host and what dest_workspace says",
                      "operation %s works in %s alone, and has nothing to do with %s", head->id,
                      head->workspace, second);
  return clxs_failf(call, CLXS_E_USAGE, "choose that workspace by --dest-host or --dest-profile",
                    "operation %s writes to the workspace %s, not to %s", head->id,
                    head->destination_workspace, second ? second : used);
}
