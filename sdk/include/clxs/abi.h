/* SPDX-License-Identifier: Apache-2.0 */
/* What both sides of the plugin boundary agree on before anything else: the magic number, the versions, and
 * how to ask whether a table has a member. Everything under clxs/ is plain C11 (and C++17): no enums, bools,
 * bit-fields, long, time_t or varargs cross the boundary. */
#ifndef CLXS_ABI_H
#define CLXS_ABI_H

#include <stddef.h>
#include <stdint.h>

#define CLXS_ABI_MAGIC UINT32_C(0x73786c63) /* "clxs" in memory */
#define CLXS_ABI_MAJOR 1
#define CLXS_ABI_MINOR 0

/* Which ABI a plugin was built for. `major` is in the name of the entry symbol too (clxs_plugin_v1). `minor`
 * is that of the headers it was compiled with, `target` the lowest host minor it can live with; a host
 * refuses a plugin whose target is above its own minor. Frozen. */
struct clxs_abi {
  uint32_t magic;
  uint16_t major, minor, target, zero;
};

#define CLXS_ABI_INIT(target_minor)                                   \
  {                                                                   \
    CLXS_ABI_MAGIC, CLXS_ABI_MAJOR, CLXS_ABI_MINOR, (target_minor), 0 \
  }

/* Every table starts with `uint32_t size` and only grows at its end. CLXS_HAS(table, member): the table's
 * maker knew the member and set it. Members of version 1.0 need no such question. */
#define CLXS_HAS(table, member)                                                                  \
  ((table) != NULL &&                                                                            \
   (size_t)((const char *)&(table)->member - (const char *)(table)) + sizeof((table)->member) <= \
       (table)->size &&                                                                          \
   (table)->member != NULL)

#if defined(__GNUC__)
#define CLXS_PUBLIC __attribute__((visibility("default")))
#else
#define CLXS_PUBLIC
#endif

#ifdef __cplusplus
#define CLXS_EXTERN extern "C"
#else
#define CLXS_EXTERN extern
#endif

#endif
