/* SPDX-License-Identifier: Apache-2.0 */
/* One volume; its files are files.c's.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-volume.html */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

/* Where the copy of an external volume goes; NULL when it has no place, which is then in the plan. */
static const char *
find_location(struct clone *clone, size_t object, const struct model_schema *schema,
              const struct model_volume *volume)
{
  const char *problem = NULL, *location = NULL;
  enum plan_via via = PLAN_REFUSED;

  if (clone->options.external) {
    location = clone_take_location(clone, "volume", schema->item.name, volume->item.name, &problem);
  } else {
    via = PLAN_SKIPPED;
    problem = clxs_textf(clone->call,
                         "an external volume needs a location of its own, and %s is taken by the source; "
                         "--external-location-template gives it one",
                         volume->storage_location ? volume->storage_location : "its location");
  }
  if (!location) plan_add_refusal(clone->plan, object, via, NULL, problem);
  return location;
}

void
clone_add_volume(struct clone *clone, const struct model_schema *schema, const struct model_volume *volume,
                 size_t schema_step)
{
  size_t object = clone_add_object(clone, "volume", schema->item.name, volume->item.name), index;
  const struct model_volume *there = model_find_volume(clone_dest_schema(clone, schema), volume->item.name);
  const char *location = NULL;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct plan_step *step;

  if (there && str_eq(there->type, volume->type)) {
    clone->plan->objects.at[object].note = "it was there already";
    return;
  }
  if (there) {
    plan_add_refusal(
        clone->plan, object, PLAN_REFUSED, NULL,
        clxs_textf(clone->call,
                   "the destination has a volume of this name that is %s, not %s; drop or rename it",
                   there->type, volume->type));
    return;
  }
  if (!str_eq(volume->type, "MANAGED")) {
    location = find_location(clone, object, schema, volume);
    if (!location) return;
  }
  buf_addf(&text, "CREATE %sVOLUME IF NOT EXISTS ", location ? "EXTERNAL " : "");
  clone_add_name(&text, clone->options.dest, schema->item.name, volume->item.name);
  if (location) {
    buf_add_text(&text, " LOCATION ");
    sql_add_literal(&text, location);
  }
  if (volume->item.comment && clone->options.comments) {
    buf_add_text(&text, " COMMENT ");
    sql_add_literal(&text, volume->item.comment);
  }
  index = clone_add_sql(clone, object, "create volume", text.data, PLAN_IDEMPOTENT, schema_step);
  step = plan_step(clone->plan, index);
  step->undo.prior = PLAN_PRIOR_ABSENT;
  step->check.how = PLAN_CHECK_PRESENT;
  step->check.path = clone_object_path(clone, "volumes", schema->item.name, volume->item.name);
  clone->plan->objects.at[object].note = "its files are not copied; --copy-files does that";
}
