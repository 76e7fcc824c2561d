/* SPDX-License-Identifier: Apache-2.0 */
/* plugin.json in memory: everything the host knows of a plugin without loading it. Accepts and refuses
 * exactly what plugin.schema.json does; manifest_lint adds what a schema cannot say. Used by the host and by
 * clxs-gen. Knows files and JSON, not search paths, trust or loading. */
#ifndef CLXS_HOST_PLUGIN_MANIFEST_H
#define CLXS_HOST_PLUGIN_MANIFEST_H

#include <clxs/status.h>
#include <stdint.h>

#include "cli/grammar.h"
#include "conf/conf.h"

struct arena;
struct err;

/* Largest plugin.json and help file that is read. */
#define MANIFEST_MAX ((size_t)1 << 20)

struct manifest_hook {
  const char *topic, *command;
};

/* Texts live in the arena it was read into. A command's `help` is the path of its file until manifest_help.
 */
struct manifest {
  const char *file, *id, *version, *library, *abi, *license, *summary, *homepage;
  const char *const *requires_, *const *wants, *const *uses,
                                                   *const *provides; /* NULL-terminated, never NULL */
  const struct manifest_hook *hooks;
  size_t hook_count;
  const struct conf_key *keys; /* declared under "config" */
  size_t key_count;
  const struct conf_template *templates;
  size_t template_count;
  struct grammar_command *commands;
  size_t command_count;
};

/* TEXT (FILE is its name in messages) by the schema, or the file itself. CLXS_E_CONFIG with file, place and
 * reason; CLXS_E_NOT_FOUND and CLXS_E_IO when it cannot be read. */
clxs_status manifest_parse(struct arena *arena, const char *file, const char *text, size_t length,
                           const struct manifest **manifest, struct err *err);
clxs_status manifest_read(struct arena *arena, const char *file, const struct manifest **manifest,
                          struct err *err);
/* What a schema cannot say: names given once, defaults among the choices and within the limits, excluded
 * flags and hook commands that exist, only the last argument repeated, regular expressions that compile.
 * CLXS_E_CONFIG for the first. */
clxs_status manifest_lint(struct arena *arena, const struct manifest *manifest, struct err *err);
/* The command's long text from its help file, or NULL when it has none. CLXS_E_NOT_FOUND when the file is
 * missing. */
clxs_status manifest_help(struct arena *arena, const struct manifest *manifest,
                          const struct grammar_command *command, const char **text, struct err *err);
/* The command called NAME, or NULL. */
const struct grammar_command *manifest_command(const struct manifest *manifest, const char *name);
/* Hash of what the plugin's code relies on: names, types, counts, defaults, limits and choices of commands,
 * arguments, flags and config keys. Summaries, help and examples are not in it, so that a text can be mended
 * without building. */
uint64_t manifest_grammar_hash(const struct manifest *manifest);

#endif
