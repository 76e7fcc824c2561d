/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the plugins found can be used together: one for each id, none that the host cannot serve, no
 * circle of capabilities. Works on manifests only; nothing is loaded. */
#ifndef CLXS_HOST_PLUGIN_RESOLVE_H
#define CLXS_HOST_PLUGIN_RESOLVE_H

#include "plugin/scan.h"

struct err;

/* Set the state of each of PLUGINS that is "ok" so far: "shadowed" behind an earlier one with the same id;
 * "refused" when it needs another ABI or a service that this host has not, when a command of it is built in,
 * when it is disabled (DISABLED: ids, NULL-terminated, or NULL), or when it lies on a circle of capabilities.
 */
void resolve_plugins(struct arena *arena, struct scanned *plugins, size_t count, const char *const *disabled);
/* Whether this host can load a plugin for ABI version ABI ("1.0"). CLXS_E_ABI naming both versions. */
clxs_status resolve_abi(const struct manifest *manifest, struct err *err);

#endif
