/* SPDX-License-Identifier: Apache-2.0 */
/* The command: check, tell, wait, until it is enough. */
#include "monitor.h"

#include "base/buf.h"
#include "base/str.h"
#include "kit/catalogs.h"
#include "kit/model/filter.h"
#include "kit/one_command.h"
#include "monitor_gen.h"

#include "base/banned.h"

#define FIRST_PAUSE_MS INT64_C(30000)

/* "30" is so many UNIT_MS; a unit may be given: 90s, 5m, 2h, 1d, 250ms. */
static clxs_status
read_time(struct clxs_call *call, const char *flag, int64_t unit_ms, int64_t *ms)
{
  static const struct {
    const char *name;
    int64_t ms;
  } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
  const char *text = call->core->arg_text(call, flag, 0);
  size_t digits = text ? strspn(text, "0123456789") : 0;
  int64_t number;

  if (!text) return CLXS_OK;
  if (digits && digits <= 9 && str_to_int64(clxs_textf(call, "%.*s", (int)digits, text), &number)) {
    for (size_t i = 0; i < ARRAY_SIZE(units); i++)
      if (str_eq(text + digits, units[i].name)) unit_ms = units[i].ms, digits = strlen(text);
    if (!text[digits]) {
      *ms = number * unit_ms;
      return CLXS_OK;
    }
  }
  return clxs_failf(call, CLXS_E_USAGE, "write a number with a unit: 90s, 5m, 2h, 7d",
                    "--%s: \"%s\" is no time", flag, text);
}

static clxs_status
read_ignored(struct monitor *monitor)
{
  const struct clxs_core *core = monitor->call->core;

  for (uint32_t i = 0; i < core->arg_count(monitor->call, "ignore"); i++) {
    const char *text = core->arg_text(monitor->call, "ignore", i);

    for (; *text; text += strcspn(text, ","), text += *text == ',') {
      const char *word = clxs_textf(monitor->call, "%.*s", (int)strcspn(text, ","), text);
      uint64_t bits = delta_field_bits(word);

      if (!bits)
        return clxs_failf(monitor->call, CLXS_E_USAGE, "`clxs help diff` lists the fields",
                          "--ignore: there is no field \"%s\"", word);
      monitor->options.ignore |= bits;
    }
  }
  return CLXS_OK;
}

static clxs_status
read_sides(struct monitor *monitor)
{
  struct clxs_call *call = monitor->call;
  clxs_status status = side_name(call, "source", &monitor->source);

  if (status < 0 || !call->core->arg_count(call, "dest")) return status;
  status = side_name(call, "dest", &monitor->dest);
  if (status < 0 || !utf8_ieq(monitor->source, monitor->dest)) return status;
  return clxs_failf(call, CLXS_E_USAGE, "leave --dest away to see how the catalog changes",
                    "source and destination are the same, %s", monitor->source);
}

static clxs_status
read_options(struct monitor *monitor)
{
  const struct clxs_core *core = monitor->call->core;
  int64_t width = core->arg_int(monitor->call, "max-workers");
  clxs_status status = read_sides(monitor);

  monitor->once = core->arg_int(monitor->call, "once") != 0;
  monitor->counts = core->arg_int(monitor->call, "check-counts") != 0;
  monitor->max_checks = monitor->once ? 1 : core->arg_int(monitor->call, "max-checks");
  monitor->metrics = core->arg_text(monitor->call, "metrics", 0);
  monitor->width = width > 0 ? (uint32_t)width : 8;
  /* What listings do not tell is read for neither side. */
  monitor->options.ignore =
      core->arg_int(monitor->call, "check-drift")
          ? delta_field_bits("permissions") | delta_field_bits("constraints") | DELTA_BIT(DELTA_TAGS)
          : ~DELTA_BIT(DELTA_OBJECT);
  if (core->arg_int(monitor->call, "check-drift")) monitor->options.ignore &= ~DELTA_BIT(DELTA_CHECK);
  if (status >= 0) status = read_time(monitor->call, "interval", 60000, &monitor->interval_ms);
  if (status >= 0) status = read_time(monitor->call, "max-age", 86400000, &monitor->max_age_ms);
  if (status >= 0) status = read_ignored(monitor);
  if (status >= 0) status = filter_read(monitor->call, &monitor->filter);
  monitor->options.filter = monitor->filter;
  if (status < 0 || clxs_output(monitor->call)->format(monitor->call) != CLXS_FORMAT_CSV) return status;
  return clxs_failf(monitor->call, CLXS_E_USAGE, "use -o json", "monitor has no CSV output");
}

static void
tell_others(struct monitor *monitor, const struct check *check)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  monitor_add_document(&json, monitor, check, true);
  clxs_events(monitor->call)->emit(monitor->call, "monitor.changed", json.data);
}

/* CHECK is the new last one, unless it failed: then what is compared with stays. */
static void
keep(struct monitor *monitor, struct check *check)
{
  if (check->status < 0) {
    check_free(check);
    return;
  }
  /* What it borrowed goes with the one before. */
  if (check->borrowed) check->sides[1].model = NULL;
  check->borrowed = false;
  check_free(monitor->last);
  monitor->last = check;
}

/* What would go wrong with every check ends the loop. */
static bool
is_final(clxs_status status)
{
  return status == CLXS_E_CANCELLED || status == CLXS_E_USAGE || status == CLXS_E_CONFIG;
}

static clxs_status
check_once(struct monitor *monitor)
{
  struct check *check = check_make(monitor);
  clxs_status status = check->status, told;
  bool changed;

  monitor->checks++;
  if (is_final(status)) {
    check_free(check);
    return status;
  }
  monitor->failures += status < 0;
  monitor->failures_in_a_row = status < 0 ? monitor->failures_in_a_row + 1 : 0;
  if (monitor->dest)
    changed = status >= 0 && (monitor->last ? monitor->last->hash != check->hash : check_differs(check));
  else
    changed = status == CLXS_DIFFERENT;
  told = monitor_print(monitor, check, changed);
  if (told >= 0) told = monitor_write_metrics(monitor, check);
  if (changed) tell_others(monitor, check);
  keep(monitor, check);
  return told < 0 ? told : status;
}

static int64_t
pause_ms(const struct monitor *monitor)
{
  int64_t pause = FIRST_PAUSE_MS, doubled = monitor->failures_in_a_row - 1;

  if (!monitor->failures_in_a_row) return monitor->interval_ms;
  while (doubled-- > 0 && pause < monitor->interval_ms)
    pause *= 2;
  return pause < monitor->interval_ms ? pause : monitor->interval_ms;
}

static clxs_status
watch(struct monitor *monitor)
{
  struct clxs_call *call = monitor->call;

  for (;;) {
    uint64_t scope = call->core->scope_begin(call);
    clxs_status status = check_once(monitor);

    if (is_final(status) || status == CLXS_E_IO ||
        (monitor->max_checks && monitor->checks >= monitor->max_checks))
      return status == CLXS_E_CANCELLED && !monitor->once ? CLXS_OK : status;
    call->core->error_clear(call);
    call->core->scope_end(call, scope);
    if (call->core->wait(call, pause_ms(monitor)) < 0) return CLXS_OK;
  }
}

static clxs_status
monitor_run(void *state, struct clxs_call *call)
{
  struct monitor monitor = {.call = call};
  clxs_status status = read_options(&monitor);

  (void)state;
  if (status >= 0) status = watch(&monitor);
  check_free(monitor.last);
  filter_free(monitor.filter);
  return status;
}

PLUGIN_ONE_COMMAND(CMD_MONITOR, monitor_run);
