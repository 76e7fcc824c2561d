/* SPDX-License-Identifier: Apache-2.0 */
/* Flags and configuration to options, and everything that can be refused before anything is read. */
#include "base/str.h"
#include "clone.h"
#include "kit/catalogs.h"

#include "base/banned.h"

clxs_status
clone_read_options(struct clxs_call *call, struct clone_options *options)
{
  const struct clxs_core *core = call->core;
  const char *type = core->arg_text(call, "clone-type", 0), *format = core->arg_text(call, "format", 0);
  int64_t width = core->arg_int(call, "max-workers");

  *options = (struct clone_options){
      .location = core->arg_text(call, "location", 0),
      .shallow = str_ieq(type, "SHALLOW"),
      .force = core->arg_int(call, "force-reclone") != 0,
      .strict = core->arg_int(call, "strict") != 0,
      .dry_run = core->arg_int(call, "dry-run") != 0,
      .script = str_eq(format, "sql"),
      .width = width > 0 ? (uint32_t)width : 8,
  };
  return catalogs_read(call, true, &options->source, &options->dest);
}
