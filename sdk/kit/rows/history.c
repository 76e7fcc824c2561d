/* SPDX-License-Identifier: Apache-2.0 */
/* See history.h. */
#include "kit/rows/history.h"

#include <clxs/clxs.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/rows/describe.h"
#include "kit/rows/moment.h"

#include "base/banned.h"

#define GROWS_FROM 16

/* Cells live until the next step at the latest, entries as long as the scope. */
static const char *
kept(struct clxs_call *call, const char *text)
{
  return text ? clxs_textf(call, "%s", text) : NULL;
}

static void
add_entry(struct clxs_call *call, struct history *history, size_t *capacity,
          const struct history_entry *entry)
{
  if (history->count == *capacity) {
    struct history_entry *old = history->at;

    *capacity = *capacity ? *capacity * 2 : GROWS_FROM;
    history->at = call->core->alloc(call, *capacity * sizeof *old);
    if (old) memcpy(history->at, old, history->count * sizeof *old);
  }
  history->at[history->count++] = *entry;
}

static clxs_status
read_rows(struct clxs_call *call, struct clxs_rows *rows, struct history *history)
{
  size_t capacity = 0;
  clxs_status more;

  while ((more = clxs_sql(call)->next(call, rows)) > 0) {
    struct history_entry entry = {.micros = INT64_MIN};
    const char *version = describe_cell(call, rows, "version");

    if (!version || !str_to_int64(version, &entry.version)) break;
    moment_read(describe_cell(call, rows, "timestamp"), &entry.micros);
    entry.operation = kept(call, describe_cell(call, rows, "operation"));
    entry.parameters = kept(call, describe_cell(call, rows, "operationParameters"));
    add_entry(call, history, &capacity, &entry);
  }
  if (more < 0) return more;
  if (!more && history->count) return CLXS_OK;
  return clxs_failf(call, CLXS_E_DATA, "run again with --log-level debug and report the answer",
                    "the service's history of a table cannot be understood");
}

clxs_status
history_read(struct clxs_call *call, const char *const name[3], uint32_t most, const char *workspace,
             struct history *history)
{
  struct clxs_rows *rows;
  clxs_status status = describe_run(call, "HISTORY", name, most ? clxs_textf(call, " LIMIT %u", most) : "",
                                    workspace, "read the history of a table", &rows);

  *history = (struct history){.at = NULL};
  if (status < 0) return status;
  return read_rows(call, rows, history);
}

int64_t
history_version_at(const struct history *history, int64_t micros)
{
  for (size_t i = 0; i < history->count; i++)
    if (history->at[i].micros != INT64_MIN && history->at[i].micros <= micros) return history->at[i].version;
  return -1;
}

/* Operations that leave rows and columns as they are. */
static bool
is_harmless(const char *operation)
{
  static const char *const harmless[] = {"SET TBLPROPERTIES",
                                         "UNSET TBLPROPERTIES",
                                         "ADD CONSTRAINT",
                                         "DROP CONSTRAINT",
                                         "OPTIMIZE",
                                         "VACUUM START",
                                         "VACUUM END",
                                         "CLUSTER BY",
                                         "COMPUTE STATS",
                                         "UPGRADE PROTOCOL",
                                         "CHANGE COLUMN",
                                         "CHANGE COLUMNS",
                                         "UPDATE COLUMN METADATA",
                                         "REORG",
                                         "FSCK",
                                         NULL};

  return operation && str_listed(harmless, operation);
}

/* One part of a name at TEXT, with or without back-ticks; behind it. Without them it ends at the dot: it may
 * hold hyphens, begin with digits, and look like anything else in a statement. */
static const char *
read_part(const char *text, struct buf *part)
{
  bool quoted = *text == '`';

  for (text += quoted; *text && (quoted || *text != '.'); text++) {
    if (quoted && *text == '`' && *++text != '`') break;
    buf_add_char(part, *text);
  }
  return text;
}

/* TEXT is the name of SOURCE; false when it is another one or another kind of thing (a path). */
static bool
names(const char *text, const char *const source[3])
{
  for (int i = 0; i < 3; i++) {
    CLEANUP_BUF struct buf part = BUF_INIT(BUF_SQL);

    if (i && *text++ != '.') return false;
    text = read_part(text, &part);
    if (!utf8_ieq(part.data, source[i])) return false;
  }
  return !*text;
}

/* The newest entry from AT on that changed something that counts; NULL when there is none. */
static const struct history_entry *
find_change(const struct history *history, size_t at)
{
  for (; at < history->count; at++)
    if (!is_harmless(history->at[at].operation)) return &history->at[at];
  return NULL;
}

bool
history_is_as_made(const struct history *history)
{
  static const char *const made[] = {"CREATE TABLE", "REPLACE TABLE", "CREATE OR REPLACE TABLE", NULL};
  const struct history_entry *entry = find_change(history, 0);

  if (!entry || !entry->operation) return false;
  if (str_ends(entry->operation, "TABLE AS SELECT")) return true;
  if (!str_eq(entry->operation, "WRITE")) return false;
  entry = find_change(history, (size_t)(entry - history->at) + 1);
  return entry && entry->operation && str_listed(made, entry->operation);
}

int64_t
history_cloned_version(const struct history *history, const char *const source[3])
{
  CLEANUP_JSON struct json_object *json = NULL;
  const struct history_entry *entry = find_change(history, 0);
  const char *from;

  if (!entry || !str_ieq(entry->operation, "CLONE")) return -1;
  if (entry->parameters) json = json_parse(entry->parameters, strlen(entry->parameters), NULL, NULL);
  from = json_get_text(json, "source");
  return from && names(from, source) ? json_get_int(json, "sourceVersion", -1) : -1;
}
