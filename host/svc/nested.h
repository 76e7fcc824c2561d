/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that run inside of another's run: what clxs.invoke/1 and clxs.events/1 have in common. */
#ifndef CLXS_HOST_SVC_NESTED_H
#define CLXS_HOST_SVC_NESTED_H

#include <clxs/status.h>
#include <stdbool.h>

#include "svc/call.h"

struct json_object;

/* Invocations, or events inside of events, may be so many deep. */
#define NESTED_MAX 8

/* A command with the arguments for it, as nested_find made it; texts in the arena of the call it was made on.
 */
struct nested {
  const struct grammar_command *command;
  const char *plugin_id;
  const struct args *args;
};

/* COMMAND ("plugin list") with ARGUMENTS, a JSON object of manifest names to values, or NULL. With
 * IGNORE_UNKNOWN names that the command does not have are left out; otherwise they are CLXS_E_USAGE. */
clxs_status nested_find(struct call *call, const char *command, struct json_object *arguments,
                        bool ignore_unknown, struct nested *nested, struct err *err);
/* Run it on a call of its own, DEPTH invocations and HOOKS events deep, printing nothing. *OUTPUT receives
 * what it gave as JSON, the caller's to free, also after a failure. A failure is in ERR. */
clxs_status nested_run(struct call *call, const struct nested *nested, unsigned depth, unsigned hooks,
                       char **output, struct err *err);

#endif
