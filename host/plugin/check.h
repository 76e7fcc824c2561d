/* SPDX-License-Identifier: Apache-2.0 */
/* Loading a plugin where it can do no harm: a process of its own, with a time limit, its output caught. */
#ifndef CLXS_HOST_PLUGIN_CHECK_H
#define CLXS_HOST_PLUGIN_CHECK_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct clxs_call;
struct err;
struct registry;

struct plugin_check {
  bool good;
  const char *verdict; /* "ok", "refused", "crashed", "hung", "noisy" */
  const char *detail;  /* one sentence, NULL when ok */
  const char *hint;    /* the next step, or NULL */
};

/* Load ID in a forked child, run its init on CALL (NULL: no init) and its fini, and say how it went within
 * WITHIN_MS milliseconds. Not while other threads hold locks that init may want. CLXS_E_IO when there can be
 * no child. */
clxs_status plugin_check(struct arena *arena, struct registry *registry, const char *id,
                         struct clxs_call *call, int64_t within_ms, struct plugin_check *result,
                         struct err *err);

#endif
