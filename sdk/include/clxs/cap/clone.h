/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.cap.clone/1: cloning for other plugins (sync, workflows). */
#ifndef CLXS_CAP_CLONE_H
#define CLXS_CAP_CLONE_H

#include "../call.h"

#define CLXS_CAP_CLONE "clxs.cap.clone/1"

struct clxs_cap_clone {
  uint32_t size;
  /* [command thread] Run `clone` with OPTIONS, a JSON object of its flags by name without dashes. SUMMARY
   * receives the JSON that `clone -o json` prints; it lives with the scope. */
  clxs_status (*run)(void *state, struct clxs_call *call, const char *options, const char **summary);
};

#endif
