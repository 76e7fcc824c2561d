/* SPDX-License-Identifier: Apache-2.0 */
/* A result as a file: what --output names. Whoever includes this links base. */
#ifndef CLXS_KIT_SAVE_H
#define CLXS_KIT_SAVE_H

#include <clxs/clxs.h>
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"

/* [call thread] LENGTH bytes to the file PATH, all or nothing, making the directories above it; "-" is
 * stdout. CLXS_E_IO naming the file. */
static inline clxs_status
save_result(struct clxs_call *call, const char *path, const char *bytes, size_t length)
{
  const char *what = "make the directory of";

  if (str_eq(path, "-")) return clxs_output(call)->raw(call, bytes, length);
  if (file_make_parents(path) && file_replace(path, bytes, length, 0644, &what)) return CLXS_OK;
  return clxs_failf(call, CLXS_E_IO, NULL, "cannot %s %s: %s", what, path, strerror(errno));
}

#endif
