/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.invoke/1: running another command, as a workflow step would. */
#ifndef CLXS_INVOKE_H
#define CLXS_INVOKE_H

#include "call.h"

#define CLXS_SERVICE_INVOKE "clxs.invoke/1"

struct clxs_invoke {
  uint32_t size;
  /* [command thread] Run COMMAND ("clone") with ARGUMENTS, a JSON object of manifest names to values (text,
   * numbers, booleans, arrays). RESULT (may be NULL) receives what the command gave to document or table as
   * JSON; nothing is printed. Nested up to 8 deep. The command's own status comes back. */
  clxs_status (*run)(struct clxs_call *call, const char *command, const char *arguments, const char **result);
};

#endif
