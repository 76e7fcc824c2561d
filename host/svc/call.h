/* SPDX-License-Identifier: Apache-2.0 */
/* The host's side of a call: what stands behind a plugin's struct clxs_call. Made for each command, hook and worker. */
#ifndef CLXS_HOST_SVC_CALL_H
#define CLXS_HOST_SVC_CALL_H

#include <clxs/call.h>

#include "base/err.h"

struct app;
struct arena;
struct args;
struct grammar_command;
struct loaded;

struct call {
  struct clxs_call pub; /* first: the plugin's view */
  struct app *app;
  const char *plugin_id;                 /* whose code runs; NULL for the host's own commands */
  const struct grammar_command *command; /* NULL outside a command */
  const struct args *args;
  struct arena *arena;
  struct err err;
  struct call *parent; /* of a worker */
  unsigned depth;      /* of clxs.invoke/1 */
};

/* A call for COMMAND of PLUGIN_ID; ends with call_free. */
struct call *call_new(struct app *app, const char *plugin_id, const struct grammar_command *command,
                      const struct args *args);
struct call *call_child(struct call *parent);
void call_free(struct call *call);
/* The host's side of what a plugin hands back. */
struct call *call_of(struct clxs_call *pub);
/* Run a command of a plugin (or the host's own) to its end. */
clxs_status call_run(struct call *call);

#endif
