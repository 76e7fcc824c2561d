/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the rollback plugin share. */
#ifndef CLXS_PLUGINS_ROLLBACK_H
#define CLXS_PLUGINS_ROLLBACK_H

#include <clxs/clxs.h>
#include <stdbool.h>

#include "kit/model/model.h"
#include "kit/plan/journal.h"

/* history.c */
clxs_status history_list_run(void *state, struct clxs_call *call);
clxs_status history_show_run(void *state, struct clxs_call *call);
/* "running", "done", "partial", "cancelled", "failed" or "died". */
const char *history_state(const struct journal_image *image);
const char *history_age(struct clxs_call *call, const struct journal_image *image);

/* rollback.c */
clxs_status rollback_run(void *state, struct clxs_call *call);
/* list.c */
clxs_status rollback_list(struct clxs_call *call);

#define UNDO_NO_STEP SIZE_MAX

enum undo_kind {
  UNDO_NOTHING, /* the run did nothing to it, or it is as it was already */
  UNDO_DROP,    /* the run made it */
  UNDO_RESTORE, /* the run changed it; what it was is known, or PROBLEM says that its first change stays */
  UNDO_LEAVE    /* it must not be touched; PROBLEM says why */
};

/* What has to be done about one object of the run's plan. Texts live in the call's scope. */
struct undo_object {
  enum undo_kind kind;
  size_t first; /* the first step that changed it, or may have; UNDO_NO_STEP: none */
  const char *problem;
  const char *note;             /* of UNDO_NOTHING: what to tell, or NULL */
  const struct model_item *now; /* as it is now, NULL when it is not there */
};

struct undo {
  struct clxs_call *call;
  const struct journal_image *image;
  struct model_catalog *now;   /* the destination as it is, or NULL */
  struct undo_object *objects; /* one per object of the run's plan */
  uint32_t width;              /* requests at one time */
  const char *bare_schema;     /* came with a catalog that the run made, and has to go with it; or NULL */
};

/* judge.c: the run changed STEP, or may have. */
bool undo_happened(const struct journal_image *image, size_t step);
/* What each object needs. With WHOLE the catalog goes with all it holds. */
clxs_status undo_judge(struct undo *undo, bool whole);

/* Two clocks are compared: the service's and this machine's. */
#define UNDO_SLACK_MS INT64_C(600000)

/* files.c: OBJECT is a file or directory in a volume; what each of them needs, when the volumes are judged;
 * why VOLUME, which the run made, must not be dropped, or NULL. */
bool undo_is_in_volume(const struct plan_object *object);
clxs_status undo_judge_files(struct undo *undo, bool whole);
const char *undo_volume_problem(struct undo *undo, const struct plan_object *volume);

/* undo.c: the plan that does it; free it with plan_free. */
struct plan *undo_plan(struct undo *undo, bool whole);

#endif
