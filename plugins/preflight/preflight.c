/* SPDX-License-Identifier: Apache-2.0 */
/* The command: which checks there are, and in which order. Each check says what it found by itself; a check
 * that fails does not stop the others, unless nobody is there to answer them. */
#include "preflight.h"

#include "kit/catalogs.h"
#include "kit/destination.h"
#include "kit/model/filter.h"
#include "kit/one_command.h"
#include "preflight_gen.h"

#include "base/banned.h"

static void
add_check(struct preflight *preflight, struct check check)
{
  *VEC_ADD(&preflight->checks) = check;
}

void
check_ok(struct preflight *preflight, const char *name, const char *detail)
{
  add_check(preflight, (struct check){.name = name, .level = LEVEL_OK, .detail = detail});
}

void
check_warn(struct preflight *preflight, const char *name, const char *detail, const char *next)
{
  add_check(preflight, (struct check){.name = name, .level = LEVEL_WARN, .detail = detail, .next = next});
}

void
check_fail(struct preflight *preflight, const char *name, clxs_status status, const char *detail,
           const char *next)
{
  add_check(preflight, (struct check){name, LEVEL_FAIL, detail, next, status});
}

const char *
check_name(struct preflight *preflight, const char *what)
{
  return preflight->workspace ? clxs_textf(preflight->call, "destination: %s", what) : what;
}

const char *
take_message(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  const struct clxs_error *error = call->core->error(call);
  const char *message =
      clxs_textf(call, "%s", error && error->message ? error->message : "no reason was given");

  call->core->error_clear(call);
  return message;
}

void
check_error(struct preflight *preflight, const char *name, clxs_status status, const char *next)
{
  struct clxs_call *call = preflight->call;
  const struct clxs_error *error = call->core->error(call);
  const char *hint = error && error->hint ? clxs_textf(call, "%s", error->hint) : next;

  check_fail(preflight, name, status, take_message(preflight), hint);
}

static clxs_status
read_options(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  clxs_status status = catalogs_read(call, true, &preflight->source, &preflight->dest);
  const char *workspace;

  if (status >= 0) status = destination_find(call, &workspace, &preflight->dest_host);
  if (status < 0) return status;
  preflight->location = call->core->arg_text(call, "location", 0);
  preflight->write_check = call->core->arg_int(call, "write-check") != 0;
  return filter_read(call, &preflight->filter);
}

static clxs_status
run_checks(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;

  if (check_workspace(preflight)) {
    check_warehouse(preflight);
    check_source(preflight);
    check_objects(preflight);
    if (!preflight->dest_host || check_second(preflight)) {
      check_destination(preflight);
      check_storage(preflight);
      check_metadata(preflight);
      check_quota(preflight);
      if (preflight->write_check) check_write(preflight);
    }
  }
  if (call->core->cancelled(call))
    return clxs_failf(call, CLXS_E_CANCELLED, NULL, "the checks were interrupted");
  return preflight_report(preflight);
}

static clxs_status
preflight_run(void *state, struct clxs_call *call)
{
  struct preflight preflight = {.call = call};
  clxs_status status = read_options(&preflight);

  (void)state;
  if (status == CLXS_OK) status = run_checks(&preflight);
  VEC_FREE(&preflight.checks);
  VEC_FREE(&preflight.names);
  filter_free(preflight.filter);
  return status;
}

PLUGIN_ONE_COMMAND(CMD_PREFLIGHT, preflight_run);
