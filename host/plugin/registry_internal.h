/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the registry share. Private to host/plugin/registry*.c. */
#ifndef CLXS_HOST_PLUGIN_REGISTRY_INTERNAL_H
#define CLXS_HOST_PLUGIN_REGISTRY_INTERNAL_H

#include "plugin/index.h"
#include "plugin/pack.h"
#include "plugin/policy.h"
#include "plugin/registry.h"
#include "plugin/scan.h"

struct manifest;

/* A plugin whose library is in the process. */
struct registry_loaded {
  struct loaded pub;
  bool initialised; /* init has come back well */
  struct registry_loaded *earlier;
};

/* The hooks on one topic, found before. */
struct registry_topic {
  const char *topic;
  const struct registry_hook *hooks;
  size_t count;
  struct registry_topic *next;
};

struct registry {
  struct arena *arena; /* NULL once closed */
  struct registry_options options;
  struct policy policy;
  const struct search_dir *dirs;
  size_t dir_count;
  struct pack *packs;
  size_t pack_count;
  uint64_t settings;
  struct index *index;
  bool looked_closely;            /* at every manifest, not only at the directories */
  struct registry_loaded *loaded; /* latest first */
  struct registry_topic *topics;
};

/* Make sure the index agrees with every manifest, not only with the directories. */
void registry_look_closely(struct registry *registry);
/* Everything in the search path, judged. */
size_t registry_scan(struct registry *registry, struct scanned **plugins);
/* The usable plugin ID: its manifest and where it lies. CLXS_E_CONFIG with the reason when it cannot be used,
 * CLXS_E_NOT_FOUND when there is none. */
clxs_status registry_manifest(struct registry *registry, const char *id, const struct manifest **manifest,
                              const char **directory, struct err *err);
/* Read the packs that the options name, and join what they prefer and disable to the options. */
clxs_status registry_read_packs(struct registry *registry, struct err *err);
/* What registry_all says of one plugin. */
const struct registry_plugin *registry_about(struct arena *arena, const struct scanned *plugin);

#endif
