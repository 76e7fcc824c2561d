/* SPDX-License-Identifier: Apache-2.0 */
/* What the person gets: a table of checks, or a document; and which of the failures is the exit code. */
#include "base/buf.h"
#include "base/str.h"
#include "preflight.h"

#include "base/banned.h"

static const char *const level_names[] = {"OK", "WARN", "FAIL"};

static void
print_table(struct preflight *preflight)
{
  static const struct clxs_table_column columns[] = {
      {"check", "Check", CLXS_ALIGN_LEFT, 0},
      {"status", "Status", CLXS_ALIGN_LEFT, 0},
      {"detail", "Detail", CLXS_ALIGN_LEFT, 0},
      {"next_step", "Next step", CLXS_ALIGN_LEFT, 0},
  };
  const struct clxs_output *output = clxs_output(preflight->call);

  output->table_begin(preflight->call, columns, ARRAY_SIZE(columns));
  VEC_EACH (&preflight->checks, check) {
    const char *cells[] = {check->name, level_names[check->level], check->detail, check->next};

    output->table_row(preflight->call, cells, ARRAY_SIZE(cells));
  }
  output->table_end(preflight->call);
}

/* One check a line, and what to do about it below: nobody reads a table that is wider than the terminal. */
static void
print_lines(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  const struct clxs_output *output = clxs_output(call);
  int width = 0;

  VEC_EACH (&preflight->checks, check)
    if ((int)strlen(check->name) > width) width = (int)strlen(check->name);
  VEC_EACH (&preflight->checks, check) {
    output->text(call, clxs_textf(call, "%-4s  %-*s  %s", level_names[check->level], width, check->name,
                                  check->detail));
    if (check->next) output->text(call, clxs_textf(call, "      %-*s  -> %s", width, "", check->next));
  }
}

static clxs_status
print_json(struct preflight *preflight, const size_t *counts)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_text(&json, "{\"source\":");
  buf_add_json(&json, preflight->source);
  buf_add_text(&json, ",\"destination\":");
  buf_add_json(&json, preflight->dest);
  buf_add_text(&json, ",\"user\":");
  buf_add_json(&json, preflight->user);
  buf_add_text(&json, ",\"checks\":[");
  VEC_EACH (&preflight->checks, check) {
    buf_addf(&json,
             "%s{\"check\":\"%s\",\"status\":\"%s\",\"detail\":", check == preflight->checks.at ? "" : ",",
             check->name, level_names[check->level]);
    buf_add_json(&json, check->detail);
    buf_add_text(&json, ",\"next_step\":");
    buf_add_json(&json, check->next);
    buf_add_char(&json, '}');
  }
  buf_addf(&json, "],\"passed\":%zu,\"warnings\":%zu,\"failed\":%zu,\"ready\":%s}", counts[LEVEL_OK],
           counts[LEVEL_WARN], counts[LEVEL_FAIL], counts[LEVEL_FAIL] ? "false" : "true");
  return clxs_output(preflight->call)->document(preflight->call, json.data);
}

/* A missing privilege comes before other failures, since it is what a person has to ask somebody else for. */
static clxs_status
worst(const struct preflight *preflight)
{
  clxs_status status = CLXS_OK;

  VEC_EACH (&preflight->checks, check) {
    if (check->level != LEVEL_FAIL) continue;
    if (status == CLXS_OK || check->status == CLXS_E_DENIED) status = check->status;
  }
  return status;
}

static const char *
failed_names(struct preflight *preflight)
{
  CLEANUP_BUF struct buf names = BUF_INIT(BUF_LARGE);

  VEC_EACH (&preflight->checks, check) {
    if (check->level != LEVEL_FAIL) continue;
    buf_addf(&names, "%s%s: %s", names.len ? "; " : "", check->name, check->detail);
  }
  return clxs_textf(preflight->call, "%s", names.data);
}

clxs_status
preflight_report(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  int32_t format = clxs_output(call)->format(call);
  size_t counts[LEVELS] = {0};
  clxs_status status = worst(preflight), printed = CLXS_OK;

  VEC_EACH (&preflight->checks, check)
    counts[check->level]++;
  if (format == CLXS_FORMAT_TEXT)
    print_lines(preflight);
  else if (format == CLXS_FORMAT_CSV)
    print_table(preflight);
  else
    printed = print_json(preflight, counts);
  if (printed < 0) return printed;
  if (status < 0)
    return clxs_failf(call, status, "the next step for each is listed with it", "%s",
                      failed_names(preflight));
  clxs_output(call)->text(call, "");
  clxs_output(call)->text(call, counts[LEVEL_WARN] == 0
                                    ? "ready"
                                    : clxs_textf(call, "ready, with %zu warning%s", counts[LEVEL_WARN],
                                                 counts[LEVEL_WARN] == 1 ? "" : "s"));
  return CLXS_OK;
}
