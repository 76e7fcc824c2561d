/* SPDX-License-Identifier: Apache-2.0 */
/* One volume; its files are files.c's.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-volume.html */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

void
clone_add_volume(struct clone *clone, const struct model_schema *schema, const struct model_volume *volume,
                 size_t schema_step)
{
  size_t object = clone_add_object(clone, "volume", schema->item.name, volume->item.name), index;
  const struct model_volume *there = model_find_volume(clone_dest_schema(clone, schema), volume->item.name);
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
    plan_add_refusal(
        clone->plan, object, PLAN_SKIPPED, NULL,
        clxs_textf(clone->call,
                   "an external volume needs a location of its own, and %s is taken by the source",
                   volume->storage_location ? volume->storage_location : "its location"));
    return;
  }
  buf_add_text(&text, "CREATE VOLUME IF NOT EXISTS ");
  clone_add_name(&text, clone->options.dest, schema->item.name, volume->item.name);
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
