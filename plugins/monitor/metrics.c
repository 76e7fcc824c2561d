/* SPDX-License-Identifier: Apache-2.0 */
/* Figures for Prometheus, as a file that node_exporter's textfile collector reads.
 * https://prometheus.io/docs/instrumenting/exposition_formats/ */
#include "base/buf.h"
#include "base/str.h"
#include "kit/save.h"
#include "monitor.h"

#include "base/banned.h"

static void
add_label(struct buf *out, const char *name, const char *value)
{
  buf_addf(out, "%s=\"", name);
  for (; *value; value++) {
    if (*value == '\\' || *value == '"') buf_add_char(out, '\\');
    if (*value == '\n')
      buf_add_text(out, "\\n");
    else
      buf_add_char(out, *value);
  }
  buf_add_char(out, '"');
}

static void
begin_metric(struct buf *out, const char *name, const char *type, const char *help)
{
  buf_addf(out, "# HELP clxs_monitor_%s %s\n# TYPE clxs_monitor_%s %s\n", name, help, name, type);
}

/* clxs_monitor_NAME{source="..",dest="..",EXTRA} VALUE; EXTRA is a label and its value, twice, or NULL. */
static void
add_sample(struct buf *out, const struct monitor *monitor, const char *name, const char *const *extra,
           double value)
{
  buf_addf(out, "clxs_monitor_%s{", name);
  add_label(out, "source", monitor->source);
  if (monitor->dest) {
    buf_add_char(out, ',');
    add_label(out, "dest", monitor->dest);
  }
  for (; extra && *extra; extra += 2) {
    buf_add_char(out, ',');
    add_label(out, extra[0], extra[1]);
  }
  buf_addf(out, "} %.15g\n", value);
}

static void
add_metric(struct buf *out, const struct monitor *monitor, const char *name, const char *type,
           const char *help, double value)
{
  begin_metric(out, name, type, help);
  add_sample(out, monitor, name, NULL, value);
}

static void
add_differences(struct buf *out, const struct monitor *monitor, const struct check *check)
{
  size_t counts[DELTA_KINDS][DELTA_CHANGES] = {{0}};

  VEC_EACH (&check->delta.differences, difference)
    counts[difference->kind][difference->change]++;
  begin_metric(out, "differences", "gauge", "Differences that the last check found.");
  for (int kind = 0; kind < DELTA_KINDS; kind++)
    for (int change = 0; change < DELTA_CHANGES; change++) {
      const char *const labels[] = {"kind", delta_kind_name((enum delta_kind)kind), "change",
                                    delta_change_name((enum delta_change)change), NULL};

      add_sample(out, monitor, "differences", labels, (double)counts[kind][change]);
    }
}

static void
add_objects(struct buf *out, const struct monitor *monitor, const struct check *check)
{
  if (!check->sides[1].model) return;
  begin_metric(out, "objects", "gauge", "Objects on each side at the last check.");
  for (int kind = 0; kind < DELTA_KINDS; kind++)
    for (int side = 0; side < 2; side++) {
      const struct delta_totals *totals = &check->delta.totals[kind];
      const char *const labels[] = {"kind", delta_kind_name((enum delta_kind)kind), "side",
                                    side ? "destination" : "source", NULL};

      add_sample(out, monitor, "objects", labels, (double)(side ? totals->dest : totals->source));
    }
}

clxs_status
monitor_write_metrics(struct monitor *monitor, const struct check *check)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  if (!monitor->metrics) return CLXS_OK;
  add_metric(&out, monitor, "up", "gauge", "Whether the last check could be made.", check->status >= 0);
  if (check->status >= 0) {
    add_metric(&out, monitor, "in_sync", "gauge", "Whether the last check found nothing to tell.",
               check->status == CLXS_OK);
    add_differences(&out, monitor, check);
    if (monitor->dest) add_objects(&out, monitor, check);
    add_metric(&out, monitor, "row_count_mismatches", "gauge", "Tables whose numbers of rows differ.",
               (double)check->counts.count);
    add_metric(&out, monitor, "stale_tables", "gauge", "Tables that nobody has written for too long.",
               (double)check->stale.count);
  }
  add_metric(&out, monitor, "checks_total", "counter", "Checks that were made.", (double)monitor->checks);
  add_metric(&out, monitor, "failed_checks_total", "counter", "Checks that could not be made.",
             (double)monitor->failures);
  add_metric(&out, monitor, "last_check_timestamp_seconds", "gauge", "When the last check began, since 1970.",
             (double)check->started_ms / 1000);
  add_metric(&out, monitor, "last_check_duration_seconds", "gauge", "How long the last check took.",
             (double)check->duration_ms / 1000);
  return save_result(monitor->call, monitor->metrics, out.data, out.len);
}
