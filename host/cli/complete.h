/* SPDX-License-Identifier: Apache-2.0 */
/* Completion for shells. The scripts hold no grammar: they ask `clxs __complete WORDS...`, which answers from
 * the index and one manifest, so that new plugins complete without a new script. The answer is a line for
 * each candidate, the value and, behind a tab, what it is; the last line is what else the shell may offer:
 * ":none", ":files" or ":directories". */
#ifndef CLXS_HOST_CLI_COMPLETE_H
#define CLXS_HOST_CLI_COMPLETE_H

#include <clxs/status.h>

#include "cli/grammar.h"

struct arena;
struct buf;
struct registry;

/* Whoever knows values that the grammar does not (a plugin's complete(), catalogs of a workspace): add
 * candidates for argument or flag NAME of COMMAND that start with PREFIX by complete_offer. COMPLETE is the
 * grammar's word: "plugin" or "catalog"; PLUGIN_ID is NULL for the host's own commands. May be slow or fail;
 * then there are no candidates. */
struct complete_source {
  void (*values)(void *data, const char *plugin_id, const struct grammar_command *command, const char *name,
                 const char *complete, const char *prefix, struct buf *out);
  void *data;
};

/* The script for "bash", "zsh" or "fish", static; NULL for others. */
const char *complete_script(const char *shell);
/* The answer for WORDS, the words behind "clxs"; the last one is being completed and may be empty. SOURCE may
 * be NULL. */
void complete_words(struct arena *arena, struct registry *registry, const struct grammar_command *global,
                    int argc, const char *const *words, const struct complete_source *source,
                    struct buf *out);
/* One candidate, when VALUE starts with PREFIX. HELP may be NULL. */
void complete_offer(struct buf *out, const char *prefix, const char *value, const char *help);

#endif
