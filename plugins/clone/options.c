/* SPDX-License-Identifier: Apache-2.0 */
/* Flags and configuration to options, and everything that can be refused before anything is read. */
#include "base/str.h"
#include "clone.h"
#include "kit/catalogs.h"

#include "base/banned.h"

/* Per cent of the objects that may fail or differ before --auto-rollback takes the run back. */
#define THRESHOLD 5

/* Two wishes of which one would have to be forgotten. */
static clxs_status
check_together(struct clxs_call *call, const struct clone_options *options, const struct rows *rows,
               const struct masks *masks)
{
  bool some = rows->where || rows->filters.count;
  const char *flag = rows->where ? "where" : "table-filter";

  if (options->shallow && some)
    return clxs_failf(call, CLXS_E_USAGE, "use --clone-type DEEP, or copy all rows",
                      "--%s cannot go with --clone-type SHALLOW: a shallow clone refers to all rows of its "
                      "source",
                      flag);
  if (options->shallow && masks->rules.count)
    return clxs_failf(call, CLXS_E_USAGE, "use --clone-type DEEP",
                      "%s cannot go with --clone-type SHALLOW: a shallow clone refers to the files of its "
                      "source, in which nothing is hidden",
                      masks->rules.at[0].origin);
  if (options->shallow && options->schema_only)
    return clxs_failf(call, CLXS_E_USAGE, "give one of them",
                      "--schema-only cannot go with --clone-type SHALLOW: an empty table is no clone");
  if (options->schema_only && some)
    return clxs_failf(call, CLXS_E_USAGE, "give one of them",
                      "--%s cannot go with --schema-only, which copies no rows", flag);
  if (options->schema_only && rows_travel(rows))
    return clxs_failf(call, CLXS_E_USAGE, "give one of them",
                      "--as-of-%s cannot go with --schema-only: only CLONE knows earlier definitions",
                      rows->timestamp ? "timestamp" : "version");
  return CLXS_OK;
}

clxs_status
clone_read_options(struct clone *clone)
{
  struct clxs_call *call = clone->call;
  struct clone_options *options = &clone->options;
  const struct clxs_core *core = call->core;
  const char *type = core->arg_text(call, "clone-type", 0), *format = core->arg_text(call, "format", 0);
  const char *protect = core->arg_text(call, "protected-tables", 0);
  const char *threshold = core->arg_text(call, "rollback-threshold", 0);
  int64_t width = core->arg_int(call, "max-workers");
  clxs_status status;

  *options = (struct clone_options){
      .location = core->arg_text(call, "location", 0),
      .shallow = str_ieq(type, "SHALLOW"),
      .schema_only = core->arg_int(call, "schema-only") != 0,
      .force = core->arg_int(call, "force-reclone") != 0,
      .note_versions =
          core->arg_int(call, "enable-rollback") != 0 || core->arg_int(call, "auto-rollback") != 0,
      .auto_rollback = core->arg_int(call, "auto-rollback") != 0,
      .strict = core->arg_int(call, "strict") != 0,
      .dry_run = core->arg_int(call, "dry-run") != 0,
      .comments = core->arg_int(call, "comments") != 0,
      .constraints = core->arg_int(call, "constraints") != 0,
      .tags = core->arg_int(call, "tags") != 0,
      .permissions = core->arg_int(call, "permissions") != 0,
      .security = core->arg_int(call, "security") != 0,
      .ownership = core->arg_int(call, "ownership") != 0,
      .properties = core->arg_int(call, "properties") != 0,
      .copy_files = core->arg_int(call, "copy-files") != 0,
      .protect = str_ieq(protect, "skip")   ? CLONE_PROTECTED_SKIP
                 : str_ieq(protect, "ctas") ? CLONE_PROTECTED_CTAS
                                            : CLONE_PROTECTED_FAIL,
      .script = str_eq(format, "sql"),
      .width = width > 0 ? (uint32_t)width : 8,
  };
  if (!threshold || !str_to_double(threshold, &options->threshold)) options->threshold = THRESHOLD;
  status = catalogs_read(call, true, &options->source, &options->dest);
  if (status >= 0) status = rows_read(call, &clone->rows);
  if (status >= 0) status = masks_read(call, &clone->masks);
  return status < 0 ? status : check_together(call, options, &clone->rows, &clone->masks);
}
