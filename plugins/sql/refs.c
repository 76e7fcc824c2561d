/* SPDX-License-Identifier: Apache-2.0 */
/* The command that lists what a text names. */
#include "sql.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

static const struct clxs_table_column columns[] = {
    {"line", "Line", CLXS_ALIGN_RIGHT, 1}, {"column", "Column", CLXS_ALIGN_RIGHT, 1},
    {"kind", "Kind", CLXS_ALIGN_LEFT, 0},  {"catalog", "Catalog", CLXS_ALIGN_LEFT, 0},
    {"name", "Name", CLXS_ALIGN_LEFT, 0},  {"parts", "Parts", CLXS_ALIGN_RIGHT, 1},
};

static bool
is_plain(const char *part)
{
  for (const char *c = part; *c; c++)
    if (!str_is_alnum(*c) && *c != '_') return false;
  return *part != '\0' && !str_is_digit(*part);
}

/* The parts joined by dots, in back-ticks where they need them; a path by slashes. */
static void
add_name(struct buf *name, const struct sqltext_reference *reference)
{
  bool path = reference->kind == SQLTEXT_PATH;

  if (path) buf_add_text(name, "/Volumes");
  for (size_t i = 0; i < reference->count; i++) {
    if (path || i > 0) buf_add_char(name, path ? '/' : '.');
    if (path || is_plain(reference->parts[i]))
      buf_add_text(name, reference->parts[i]);
    else
      sql_add_name(name, reference->parts[i]);
  }
}

static bool
is_listed(const struct sqltext_reference *reference, const char *catalog)
{
  if (catalog) return reference->qualified && utf8_ieq(reference->parts[0], catalog);
  return reference->kind != SQLTEXT_FUNCTION || reference->count > 1;
}

static clxs_status
print_reference(struct clxs_call *call, const struct sqltext_reference *reference)
{
  CLEANUP_BUF struct buf name = BUF_INIT(BUF_SQL);
  const char *cells[ARRAY_SIZE(columns)];

  add_name(&name, reference);
  cells[0] = clxs_textf(call, "%u", reference->line);
  cells[1] = clxs_textf(call, "%u", reference->column);
  cells[2] = sqltext_kind_name(reference->kind);
  cells[3] = reference->qualified ? reference->parts[0] : NULL;
  cells[4] = name.data;
  cells[5] = clxs_textf(call, "%zu", reference->count);
  return clxs_output(call)->table_row(call, cells, ARRAY_SIZE(columns));
}

static clxs_status
print_table(struct clxs_call *call, const struct sqltext_references *found, const char *catalog)
{
  clxs_status status = clxs_output(call)->table_begin(call, columns, ARRAY_SIZE(columns));

  for (size_t i = 0; status == CLXS_OK && i < found->count; i++)
    if (is_listed(&found->at[i], catalog)) status = print_reference(call, &found->at[i]);
  return status == CLXS_OK ? clxs_output(call)->table_end(call) : status;
}

clxs_status
refs_run(void *state, struct clxs_call *call)
{
  const struct clxs_core *core = call->core;
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  const char *catalog = core->arg_text(call, "catalog", 0);
  enum sqltext_language language = SQLTEXT_SQL;
  struct sqltext_references found;
  clxs_status status = input_read(call, &text);

  (void)state;
  if (status != CLXS_OK) return status;
  language_read(core->arg_text(call, "lang", 0), &language);
  sqltext_read(arena, text.data, text.len, language, catalog, &found);
  status = print_table(call, &found, catalog);
  if (status != CLXS_OK) return status;
  reports_log(call, input_name(call), found.reports, found.report_count);
  return found.report_count > 0 && core->arg_int(call, "strict") ? CLXS_DIFFERENT : CLXS_OK;
}
