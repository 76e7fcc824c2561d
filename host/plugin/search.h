/* SPDX-License-Identifier: Apache-2.0 */
/* Where plugins are looked for, in the order in which the first one wins. Knows directories, not what is in
 * them. */
#ifndef CLXS_HOST_PLUGIN_SEARCH_H
#define CLXS_HOST_PLUGIN_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct policy;
struct registry_options;

struct search_dir {
  const char *path;
  const char *origin; /* for messages: "CLXS_PLUGIN_PATH", "user", "pack", "build tree", "system" */
};

/* CLXS_PLUGIN_PATH (absolute parts only; ignored in set-user-id programs), $XDG_DATA_HOME/clxs/plugins, the
 * packs named in OPTIONS, plugins/ beside the executable (the build tree), /usr/local/lib/clxs/plugins, and
 * the install's own lib. The first two only where POLICY lets users bring plugins. Each path once;
 * directories that do not exist are in it too, so that a change is noticed when they appear. Returns the
 * count. */
size_t search_directories(struct arena *arena, const struct registry_options *options,
                          const struct policy *policy, const struct search_dir **dirs);

#endif
