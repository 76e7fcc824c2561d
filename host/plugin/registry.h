/* SPDX-License-Identifier: Apache-2.0 */
/* What is installed: every plugin's manifest facts, without loading any of them. The seam between plugin/ and
 * the rest of the host; search, trust, manifest, index, resolve and loader stand behind it. Command thread.
 */
#ifndef CLXS_HOST_PLUGIN_REGISTRY_H
#define CLXS_HOST_PLUGIN_REGISTRY_H

#include <clxs/call.h>
#include <clxs/plugin.h>
#include <stdbool.h>

#include "cli/grammar.h"
#include "conf/conf.h"

struct arena;
struct err;
struct registry;

struct registry_options {
  bool no_plugins;
  const char *exe;          /* path of the running executable, for the build tree and the install's own lib */
  const char *const *packs; /* directories named in configuration, NULL-terminated, or NULL */
  const char *const *prefer;   /* plugin ids whose commands win over others' of the same name, or NULL */
  const char *const *disabled; /* plugin ids that are not used, or NULL */
  const char *policy;          /* the site policy's file, NULL for the usual one (tests) */
  const char *cache_dir;       /* where the index is kept, NULL for the user's cache directory */
};

/* One installed plugin, as its manifest and directory say. */
struct registry_plugin {
  const char *id, *version, *directory, *library, *license, *summary;
  const char *abi;    /* "1.0" */
  const char *state;  /* "ok", "shadowed", "refused", "invalid" */
  const char *reason; /* why not ok, or NULL */
  const char *const *commands, *const *provides, *const *uses, *const *requires_,
                                                                   *const *hooks; /* NULL-terminated */
};

/* Open from the index; cheap, and constant in the number of plugins. What the functions below hand out lives
 * until registry_close; they are for one thread at a time. */
clxs_status registry_open(struct arena *arena, const struct registry_options *options,
                          struct registry **registry, struct err *err);
/* One line per command, for help and completion: from the index alone. Returns the count. */
struct registry_line {
  const char *name, *summary, *group, *plugin; /* plugin NULL: built into the host */
  bool hidden;
};
size_t registry_lines(struct registry *registry, const struct registry_line **lines);
/* Whether NAME ("plugin") is how the names of visible commands begin, and none itself. */
bool registry_is_group(struct registry *registry, const char *name);
/* The command that ARGV begins with, the host's own included (their *PLUGIN_ID is NULL) (longest match,
 * "id:command" picks a plugin), its grammar read from the one manifest; *WORDS is how many words its name
 * took. CLXS_E_USAGE with the nearest names when there is none; CLXS_E_CONFIG naming both plugins when two
 * claim it. */
clxs_status registry_find(struct registry *registry, int argc, const char *const *argv,
                          const struct grammar_command **command, const char **plugin_id, int *words,
                          struct err *err);
/* The same for a whole name, without looking for near ones: CLXS_E_NOT_FOUND when there is none. */
clxs_status registry_command(struct registry *registry, const char *name,
                             const struct grammar_command **command, const char **plugin_id, struct err *err);
/* Look at the search path anew, even though the index seems current: for a configuration key or plugin that
 * is not known but may have come with a manifest that was changed in place. False when nothing is different.
 */
bool registry_refresh(struct registry *registry);
/* All plugins with all manifests read (plugin list, completion): not constant. */
clxs_status registry_all(struct registry *registry, const struct registry_plugin *const **plugins,
                         size_t *count, struct err *err);
/* Config keys that the manifests declare. */
clxs_status registry_keys(struct registry *registry, const struct conf_key **keys, size_t *count,
                          struct err *err);
/* Templates that the manifests bring, by name; of several with one name the first id's. The count. */
size_t registry_templates(struct registry *registry, const struct conf_template **templates);
/* Who provides a capability, who hooks a topic ("clone.finished"; "clone.*" hooks match): plugin ids and hook
 * commands. */
struct registry_hook {
  const char *plugin, *command;
};
size_t registry_providers(struct registry *registry, const char *capability, const char *const **plugin_ids);
size_t registry_hooks(struct registry *registry, const char *topic, const struct registry_hook **hooks);

/* What the packs set for config keys, the strongest first (for struct conf_source); returns the count. */
size_t registry_pack_defaults(struct registry *registry, const struct conf_default **defaults);
/* Put what a pack's alias stands for in the place of the first word. False, and nothing changed, when it is
 * none. */
bool registry_expand_alias(struct registry *registry, int *argc, const char *const **argv);

/* A loaded plugin: negotiated, hash-checked, min(size)-copied; init has been run. Never unloaded. */
struct loaded {
  const struct registry_plugin *about;
  struct clxs_plugin descriptor; /* the host's copy */
  void *state;
};
/* Load ID on first use. CALL is what init is run on (NULL, for looking only: init is not run). CLXS_E_ABI (or
 * CLXS_E_CONFIG) with the reason otherwise. */
clxs_status registry_load(struct registry *registry, const char *id, struct clxs_call *call,
                          const struct loaded **loaded, struct err *err);
const struct clxs_command *loaded_command(const struct loaded *loaded, const char *name);
const struct clxs_provider *loaded_provider(const struct loaded *loaded, const char *capability);
/* Run fini of everything loaded, latest first, and give back the index and every text that the registry has
 * handed out. NULL, and a second time, are fine. */
void registry_close(struct registry *registry);

#endif
