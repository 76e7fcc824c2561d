/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.cap.iac/1: a format for `export-iac --format NAME`. Several plugins may provide it; each names its
 * formats. */
#ifndef CLXS_CAP_IAC_H
#define CLXS_CAP_IAC_H

#include "../call.h"

#define CLXS_CAP_IAC "clxs.cap.iac/1"

struct clxs_cap_iac {
  uint32_t size;
  const char *format; /* "terraform" */
  /* [command thread] Write the infrastructure code for a catalog, given as the kit's snapshot document
   * (JSON), into DIRECTORY. */
  clxs_status (*write)(void *state, struct clxs_call *call, const char *snapshot, const char *directory);
};

#endif
