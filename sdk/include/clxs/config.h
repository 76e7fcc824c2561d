/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.config/1: settings and places. Values of the running command's flags come through the call's arg_
 * functions; this table reads any key that the host or the plugin's manifest declares. */
#ifndef CLXS_CONFIG_H
#define CLXS_CONFIG_H

#include "call.h"

#define CLXS_SERVICE_CONFIG "clxs.config/1"

/* Directories of this user, made (0700) on first use. */
#define CLXS_DIR_STATE 1  /* journals, what a person would miss */
#define CLXS_DIR_CACHE 2  /* what can be made again */
#define CLXS_DIR_CONFIG 3 /* where config.yaml is looked for; not made */
#define CLXS_DIR_DATA 4   /* sandbox states, installed plugins */

struct clxs_config {
  uint32_t size;
  /* [any thread] The value of KEY after all layers, NULL when unset; list values are one JSON array text. */
  const char *(*text)(struct clxs_call *call, const char *key);
  /* [any thread] As a number (durations in milliseconds, booleans 0 or 1), ABSENT when unset. */
  int64_t (*integer)(struct clxs_call *call, const char *key, int64_t absent);
  /* [any thread] Where the value comes from, for messages: "flag --max-workers", "clxs.yaml:12", "default".
   */
  const char *(*origin)(struct clxs_call *call, const char *key);
  /* [any thread] One of CLXS_DIR_; NULL (with the error set) when it cannot be made. */
  const char *(*directory)(struct clxs_call *call, int32_t which);
  /* [call thread] The workspace in use: "https://..." or "sandbox:NAME"; NULL with the error set when none is
   * configured. Does not connect. */
  const char *(*host)(struct clxs_call *call);
  /* [call thread] The second workspace, the one that is written to (dest_workspace.*): HOST as above; NULL,
   * without an error, when none is configured or it is the one in use. Where it is set, statements, requests
   * and listings may name the workspace "destination". Does not connect. */
  clxs_status (*destination)(struct clxs_call *call, const char **host);
};

#endif
