/* SPDX-License-Identifier: Apache-2.0 */
/* What the site's administrator allows, from /etc/clxs/policy.yaml:
 *
 *   user_plugins: false        # neither CLXS_PLUGIN_PATH nor the user's own directory
 *   only_pinned: true          # nothing loads but what a pin names
 *   pins:
 *     - id: org.example.audit
 *       sha256: 64 lower-case hexadecimal digits, of the library
 *
 * A policy that cannot be read stops every plugin: a restriction must not vanish through a typing mistake. */
#ifndef CLXS_HOST_PLUGIN_POLICY_H
#define CLXS_HOST_PLUGIN_POLICY_H

#include <clxs/status.h>
#include <stdbool.h>

struct arena;
struct err;

#ifndef CLXS_POLICY_FILE
#define CLXS_POLICY_FILE "/etc/clxs/policy.yaml"
#endif

struct policy_pin {
  const char *id, *sha256; /* of the library, in lower-case hexadecimal */
};

struct policy {
  bool user_plugins; /* directories of the user and CLXS_PLUGIN_PATH count */
  bool only_pinned;  /* nothing loads but what a pin names */
  const struct policy_pin *pins;
  unsigned pin_count;
};

/* FILE (NULL: CLXS_POLICY_FILE). No file means everything is allowed. It must be owned by root, or by this
 * user when another FILE is given, and writable by nobody else. CLXS_E_CONFIG otherwise, with the line where
 * YAML is at fault. */
clxs_status policy_read(struct arena *arena, const char *file, struct policy *policy, struct err *err);
/* Whether plugin ID may load the library at PATH. CLXS_E_CONFIG with the reason. */
clxs_status policy_allows(struct arena *arena, const struct policy *policy, const char *id, const char *path,
                          struct err *err);

#endif
