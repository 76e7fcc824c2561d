/* SPDX-License-Identifier: Apache-2.0 */
/* Flags and configuration to options, and everything that can be refused before anything is read. */
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/rewrite.h"

#include "base/banned.h"

/* The manifest cannot require the names: --resume takes them from the journal. */
static clxs_status
check_name(struct clxs_call *call, const char *flag, const char *next, const char *name)
{
  const char *problem;

  if (!name || !*name) return clxs_failf(call, CLXS_E_USAGE, next, "--%s is missing", flag);
  /* The catalogs that Databricks keeps for itself (samples, system) can be read, but not written. */
  problem = str_eq(flag, "source") && sqltext_catalog_reserved(name) ? NULL : sqltext_catalog_problem(name);
  if (problem)
    return clxs_failf(call, CLXS_E_USAGE, "give the catalog's bare name, without quotes", "--%s \"%s\": %s",
                      flag, name, problem);
  return CLXS_OK;
}

clxs_status
clone_read_options(struct clxs_call *call, struct clone_options *options)
{
  const struct clxs_core *core = call->core;
  const char *type = core->arg_text(call, "clone-type", 0), *format = core->arg_text(call, "format", 0);
  int64_t width = core->arg_int(call, "max-workers");
  clxs_status status;

  *options = (struct clone_options){
      .source = core->arg_text(call, "source", 0),
      .dest = core->arg_text(call, "dest", 0),
      .location = core->arg_text(call, "location", 0),
      .shallow = str_ieq(type, "SHALLOW"),
      .force = core->arg_int(call, "force-reclone") != 0,
      .note_versions = core->arg_int(call, "enable-rollback") != 0,
      .strict = core->arg_int(call, "strict") != 0,
      .dry_run = core->arg_int(call, "dry-run") != 0,
      .script = str_eq(format, "sql"),
      .width = width > 0 ? (uint32_t)width : 8,
  };
  status = check_name(call, "source",
                      "give --source, set CLXS_SOURCE_CATALOG, or write \"source_catalog:\" into clxs.yaml",
                      options->source);
  if (status < 0) return status;
  status = check_name(
      call, "dest",
      "give --dest, set CLXS_DESTINATION_CATALOG, or write \"destination_catalog:\" into clxs.yaml",
      options->dest);
  if (status < 0) return status;
  if (utf8_ieq(options->source, options->dest))
    return clxs_failf(call, CLXS_E_USAGE, "give --dest another name",
                      "source and destination are the same catalog, %s", options->source);
  return CLXS_OK;
}
