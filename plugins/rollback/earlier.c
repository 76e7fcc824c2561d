/* SPDX-License-Identifier: Apache-2.0 */
/* What earlier rollbacks of the same run have done: what they dropped is gone for good, and what has its name
 * now is somebody else's. It must not judge. */
#include "base/map.h"
#include "base/str.h"
#include "kit/plan/operation.h"
#include "rollback.h"

#include "base/banned.h"

#define DROP "drop "

static const char *
key_of(struct clxs_call *call, const struct plan_object *object)
{
  const char *key = object->kind;

  for (size_t i = 0; i < object->name_count; i++)
    key = clxs_textf(call, "%s.%s", key, object->names[i]);
  return key;
}

static void
take_drops(struct clxs_call *call, struct map *dropped, const struct journal_image *image, const char *id)
{
  for (size_t i = 0; i < image->plan->steps.count; i++) {
    const struct plan_step *step = &image->plan->steps.at[i];
    const struct plan_object *object = &image->plan->objects.at[step->object];

    /* A catalog's steps drop the schema that came with it, too. */
    if (image->steps[i].state == PLAN_DONE && str_starts(step->action, DROP) &&
        str_eq(step->action + strlen(DROP), object->kind))
      map_set(dropped, key_of(call, object), (void *)clxs_textf(call, "%s", id));
  }
}

clxs_status
earlier_read(struct clxs_call *call, const struct journal_image *run, struct map **dropped, bool *complete)
{
  *dropped = map_new();
  *complete = false;
  VEC_EACH (&run->rollbacks, id) {
    CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
    const char *path = operation_journal(call, *id);
    clxs_status status = path ? journal_read(call, path, &image) : CLXS_E_IO;

    /* Its journal was made before it was noted; if somebody has deleted it, nothing of it is known. */
    if (status == CLXS_E_NOT_FOUND) {
      call->core->error_clear(call);
      continue;
    }
    if (status < 0) return status;
    if (!image.planned) continue;
    take_drops(call, *dropped, &image, *id);
    *complete = str_eq(image.finished, journal_status(CLXS_OK));
  }
  return CLXS_OK;
}

const char *
earlier_drop(struct clxs_call *call, const struct map *dropped, const struct plan_object *object)
{
  return map_get(dropped, key_of(call, object));
}
