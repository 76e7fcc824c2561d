/* SPDX-License-Identifier: Apache-2.0 */
/* From a manifest to running code: trust, policy, dlopen, negotiation. Knows one plugin at a time; who comes
 * first and what is loaded already is the registry's affair. Command thread. */
#ifndef CLXS_HOST_PLUGIN_LOADER_H
#define CLXS_HOST_PLUGIN_LOADER_H

#include <clxs/plugin.h>

struct arena;
struct err;
struct manifest;
struct policy;

/* Bind the plugin of MANIFEST, which lies in DIRECTORY: check owners and modes, the policy, the ABI, load the
 * library (RTLD_NOW | RTLD_LOCAL; never unloaded), ask clxs_plugin_v1() and hold the answer against the
 * manifest. DESCRIPTOR gets min(size) of it, the rest zero. init is not run. CLXS_E_ABI or CLXS_E_CONFIG with
 * the plugin's id, version and the reason. */
clxs_status loader_bind(struct arena *arena, const struct manifest *manifest, const char *directory,
                        const struct policy *policy, struct clxs_plugin *descriptor, struct err *err);
/* Hold DESCRIPTOR, as the library gave it, against MANIFEST, and copy min(size) of it. */
clxs_status loader_negotiate(const struct manifest *manifest, const struct clxs_plugin *given,
                             struct clxs_plugin *descriptor, struct err *err);

#endif
