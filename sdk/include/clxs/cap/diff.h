/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.cap.diff/1: comparing two catalogs for other plugins (sync, monitor). */
#ifndef CLXS_CAP_DIFF_H
#define CLXS_CAP_DIFF_H

#include "../call.h"

#define CLXS_CAP_DIFF "clxs.cap.diff/1"

struct clxs_cap_diff {
  uint32_t size;
  /* [command thread] Run `diff` with OPTIONS, a JSON object of its flags by name without dashes. RESULT
   * receives the JSON that `diff -o json` prints; CLXS_DIFFERENT when it is not empty. */
  clxs_status (*run)(void *state, struct clxs_call *call, const char *options, const char **result);
};

#endif
