/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.cap.workspace/1: a workspace that lives inside the process. The host uses it for `--host SCHEME:NAME`.
 */
#ifndef CLXS_CAP_WORKSPACE_H
#define CLXS_CAP_WORKSPACE_H

#include "../call.h"

#define CLXS_CAP_WORKSPACE "clxs.cap.workspace/1"

struct clxs_cap_workspace {
  uint32_t size;
  const char *scheme; /* "sandbox" */
  /* [command thread] Start (or find) the workspace NAME. URL is its address on loopback
   * ("http://127.0.0.1:PORT"), TOKEN a bearer token made for this process, WAREHOUSE an id that runs
   * statements; all live until close. Called once per name; runs until close or the end of the process. */
  clxs_status (*open)(void *state, struct clxs_call *call, const char *name, const char **url,
                      const char **token, const char **warehouse);
  void (*close)(void *state, const char *name);
};

#endif
