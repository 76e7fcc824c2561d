/* SPDX-License-Identifier: Apache-2.0 */
/* The sql plugin: its descriptor, and the command that rewrites one text. */
#include "sql.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "sql_gen.h"

#include "base/banned.h"

static clxs_status
rewrite_text(struct clxs_call *call, const struct buf *text)
{
  const struct clxs_core *core = call->core;
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  const char *from = core->arg_text(call, "from", 0), *to = core->arg_text(call, "to", 0);
  uint32_t flags = core->arg_int(call, "volume-paths") ? SQLTEXT_PATHS : 0;
  enum sqltext_language language = SQLTEXT_SQL;
  struct sqltext_result result;
  clxs_status status;

  language_read(core->arg_text(call, "lang", 0), &language);
  sqltext_rewrite(arena, text->data, text->len, language, from, to, flags, &result);
  status = clxs_output(call)->raw(call, result.text, result.length);
  if (status != CLXS_OK) return status;
  reports_log(call, input_name(call), result.reports, result.report_count);
  return result.report_count > 0 && core->arg_int(call, "strict") ? CLXS_DIFFERENT : CLXS_OK;
}

clxs_status
rewrite_run(void *state, struct clxs_call *call)
{
  const struct clxs_core *core = call->core;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  bool lines = core->arg_int(call, "jsonl") != 0;
  clxs_status status;

  (void)state;
  for (int i = 0; i < 2; i++) {
    const char *flag = i == 0 ? "from" : "to", *name = core->arg_text(call, flag, 0);

    if (lines && !name) continue;
    status = catalog_check(call, flag, name);
    if (status != CLXS_OK) return status;
  }
  status = input_read(call, &text);
  if (status != CLXS_OK) return status;
  return lines ? jsonl_run(call, &text) : rewrite_text(call, &text);
}

static const struct clxs_command rewrite_command = {sizeof rewrite_command, CMD_SQL_REWRITE, rewrite_run,
                                                    NULL};
static const struct clxs_command refs_command = {sizeof refs_command, CMD_SQL_REFS, refs_run, NULL};
static const struct clxs_command *const commands[] = {&rewrite_command, &refs_command, NULL};

static const struct clxs_plugin plugin = {
    .size = sizeof plugin,
    .abi = CLXS_ABI_INIT(0),
    .id = CLXS_PLUGIN_ID,
    .version = CLXS_PLUGIN_VERSION,
    .grammar = CLXS_GRAMMAR,
    .commands = commands,
};

const struct clxs_plugin *
clxs_plugin_v1(void)
{
  return &plugin;
}
