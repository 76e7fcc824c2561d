/* SPDX-License-Identifier: Apache-2.0 */
/* The host's side of a call: what stands behind a plugin's struct clxs_call. Made for each command, hook and
 * worker. */
#ifndef CLXS_HOST_SVC_CALL_H
#define CLXS_HOST_SVC_CALL_H

#include <clxs/call.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/err.h"

struct app;
struct arena;
struct args;
struct clxs_download;
struct clxs_rows;
struct grammar_command;
struct json_object;
struct loaded;

struct call {
  struct clxs_call pub; /* first: the plugin's view */
  struct app *app;
  const char *plugin_id;                 /* whose code runs; NULL for the host's own commands */
  const struct grammar_command *command; /* NULL outside a command */
  const struct args *args;
  struct arena *arena;
  struct err err;      /* texts in an arena of its own, so that they outlive scopes */
  struct call *parent; /* of a worker */
  unsigned depth;      /* of clxs.invoke/1 */
  unsigned hooks;      /* how many events deep: subscribers of subscribers */
  struct clxs_error shown;
  struct clxs_rows *rows;          /* open results, the newest first */
  struct clxs_download *downloads; /* the same of downloads */
  struct json_object *adopted;     /* what an earlier run was told, or NULL; a child borrows it */
  pthread_t thread;                /* whose it is */
};

/* A call for COMMAND of PLUGIN_ID; ends with call_free. */
struct call *call_new(struct app *app, const char *plugin_id, const struct grammar_command *command,
                      const struct args *args);
/* The same plugin, command and arguments for a worker; belongs to the thread that makes it. */
struct call *call_child(struct call *parent);
void call_free(struct call *call);
/* The host's side of what a plugin hands back. */
struct call *call_of(struct clxs_call *pub);
/* Run a command of a plugin (or the host's own) to its end, once everything that it requires is there:
 * CLXS_E_USAGE naming flag, variable and config key otherwise, CLXS_E_DENIED for a change in a read-only run.
 */
clxs_status call_run(struct call *call);
/* Who runs the host's own commands (plugin_id NULL): set once at start, before the first call_run. */
void call_set_builtin(clxs_status (*run)(struct call *call));

/* CLXS_OK unless the run is read-only (--read-only, read_only): then CLXS_E_DENIED, recorded, saying that
 * WHAT
 * ("clone", "POST /api/...") would change something. Any thread. */
clxs_status call_check_writable(struct call *call, const char *what);
/* Record on CALL a failure that a subsystem told in FROM (with its status); an older, unrelated one goes.
 * Returns the status. */
clxs_status call_take_error(struct call *call, clxs_status status, const struct err *from);
/* Non-zero once the run is to end. */
bool call_is_cancelled(const struct call *call);
/* CLXS_E_CANCELLED, recorded. */
clxs_status call_fail_cancelled(struct call *call);
/* Close the results and downloads of CALL that were opened at or after MARK of its arena (0: all). */
void call_close_handles(struct call *call, uint64_t mark);

#endif
