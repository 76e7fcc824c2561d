/* SPDX-License-Identifier: Apache-2.0 */
/* Results that are files: a report, a script, a snapshot. */
#ifndef CLXS_KIT_FILE_H
#define CLXS_KIT_FILE_H

#include <clxs/clxs.h>
#include <string.h>

#include "base/file.h"

/* [any thread] LENGTH bytes to PATH, which is replaced as a whole or not at all (base/file.h). CLXS_E_IO with
 * the reason. */
static inline clxs_status
file_save(struct clxs_call *call, const char *path, const void *bytes, size_t length)
{
  const char *doing = "write";
  int error = file_write(path, bytes, length, 0, &doing);

  if (!error) return CLXS_OK;
  return clxs_failf(call, CLXS_E_IO, "choose another file, or make room for it", "cannot %s %s: %s", doing,
                    path, strerror(error));
}

/* [any thread] Make the directory PATH where it is missing, with those above it. */
static inline clxs_status
file_make_room(struct clxs_call *call, const char *path)
{
  int error = file_make_directory(path, 0777);

  if (!error) return CLXS_OK;
  return clxs_failf(call, CLXS_E_IO, "choose another directory, or make it yourself",
                    "cannot make the directory %s: %s", path, strerror(error));
}

#endif
