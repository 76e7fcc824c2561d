/* SPDX-License-Identifier: Apache-2.0 */
/* Which operations can be taken back, by their journals alone: nothing is asked of the workspace. */
#include "base/str.h"
#include "kit/plan/operation.h"
#include "rollback.h"

#include "base/banned.h"

static void
add_operation(struct clxs_call *call, const struct journal_image *image)
{
  const struct plan *plan = image->plan;
  bool *seen = call->core->alloc(call, (plan->objects.count + 1) * sizeof *seen);
  size_t counts[3] = {0};

  for (size_t i = 0; i < plan->steps.count; i++) {
    size_t object = plan->steps.at[i].object;

    if (!undo_happened(image, i) || seen[object]) continue;
    seen[object] = true;
    counts[plan->steps.at[i].undo.prior]++;
  }
  clxs_output(call)->table_row(call,
                               (const char *const[]){
                                   image->head.id,
                                   history_state(image),
                                   image->head.destination,
                                   history_age(call, image),
                                   clxs_textf(call, "%zu", counts[PLAN_PRIOR_ABSENT]),
                                   clxs_textf(call, "%zu", counts[PLAN_PRIOR_KNOWN]),
                                   clxs_textf(call, "%zu", counts[PLAN_PRIOR_UNKNOWN]),
                               },
                               7);
}

clxs_status
rollback_list(struct clxs_call *call)
{
  bool text = clxs_output(call)->format(call) == CLXS_FORMAT_TEXT;
  const struct clxs_table_column columns[] = {
      {"operation_id", "Operation", CLXS_ALIGN_LEFT, 0},
      {"state", "State", CLXS_ALIGN_LEFT, 0},
      {"destination", "Destination", CLXS_ALIGN_LEFT, 0},
      {"age_seconds", "Age", CLXS_ALIGN_RIGHT, !text},
      {"made", "Made", CLXS_ALIGN_RIGHT, 1},
      {"changed", "Changed", CLXS_ALIGN_RIGHT, 1},
      {"unknown", "Unknown", CLXS_ALIGN_RIGHT, 1},
  };
  size_t count;
  const char *const *ids = operation_list(call, &count);

  if (!ids) return CLXS_E_IO;
  clxs_output(call)->table_begin(call, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < count; i++) {
    uint64_t scope = call->core->scope_begin(call);
    CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
    const char *path = operation_journal(call, ids[i]);

    if (path && journal_read(call, path, &image) >= 0 && image.planned &&
        !str_eq(image.head.command, "rollback"))
      add_operation(call, &image);
    call->core->error_clear(call);
    call->core->scope_end(call, scope);
  }
  return clxs_output(call)->table_end(call);
}
