/* SPDX-License-Identifier: Apache-2.0 */
/* What a plugin is. A plugin exports exactly one symbol, clxs_plugin_v1(), which returns its descriptor and
 * has no side effects. Names, versions and the grammar hash come from the header that clxs-gen makes of
 * plugin.json. */
#ifndef CLXS_PLUGIN_H
#define CLXS_PLUGIN_H

#include "call.h"

/* One command. Grows at the end. */
struct clxs_command {
  uint32_t size;
  const char *name; /* as in the manifest: "audit show" */
  /* [command thread] Do it. STATE is what init gave. */
  clxs_status (*run)(void *state, struct clxs_call *call);
  /* [command thread] Optional (NULL): offer values for argument or flag ARG that start with PREFIX, one by
   * one through clxs.output/1 text. Must not change anything. */
  clxs_status (*complete)(void *state, struct clxs_call *call, const char *arg, const char *prefix);
};

/* One capability that the plugin offers to others; TABLE is of the type in the capability's header. Grows at
 * the end. */
struct clxs_provider {
  uint32_t size;
  const char *id;
  const void *table;
};

/* The descriptor: const data, alive for the whole process. Grows at the end. */
struct clxs_plugin {
  uint32_t size;
  struct clxs_abi abi;
  const char *id, *version;                    /* equal the manifest's */
  uint64_t grammar;                            /* CLXS_GRAMMAR of the generated header */
  const struct clxs_command *const *commands;  /* NULL-terminated; the same names as in the manifest */
  const struct clxs_provider *const *provides; /* NULL-terminated, or NULL */
  /* [command thread] Optional: once, before the first use. STATE is handed to everything else. */
  clxs_status (*init)(struct clxs_call *call, void **state);
  /* [command thread] Optional: once, at the end, only if init succeeded. */
  void (*fini)(void *state);
};

CLXS_EXTERN CLXS_PUBLIC const struct clxs_plugin *clxs_plugin_v1(void);

#endif
