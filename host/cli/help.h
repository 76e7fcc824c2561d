/* SPDX-License-Identifier: Apache-2.0 */
/* Help for people, made of the grammar alone: the overview, a command's page, and the same page for man(1).
 * Written into a buffer; who prints it is the caller's affair. */
#ifndef CLXS_HOST_CLI_HELP_H
#define CLXS_HOST_CLI_HELP_H

#include <stddef.h>

#include "cli/grammar.h"
#include "cli/markdown.h"

struct arena;
struct buf;
struct conf_key;

/* One line of the overview. GROUP NULL stands under "Other". */
struct help_line {
  const char *name, *summary, *group;
  bool builtin; /* the host's own: its groups come last */
};

/* All commands by group, or only those whose names begin with the words of PREFIX ("plugin"); NULL for all,
 * which also lists the flags of GLOBAL. LINES in any order. */
void help_overview(struct arena *arena, const struct help_line *lines, size_t count, const char *prefix,
                   const struct grammar_command *global, const struct text_style *style, struct buf *out);
/* COMMAND's page: synopsis, description, arguments, flags, settings and examples. KEYS (may be NULL) are all
 * config keys; those that feed a flag of the command are shown. */
void help_command(struct arena *arena, const struct grammar_command *command, const struct conf_key *keys,
                  size_t key_count, const struct text_style *style, struct buf *out);
/* The same as a manual page in roff; SOURCE is "clxs 0.1.0". */
void help_man(struct arena *arena, const struct grammar_command *command, const struct conf_key *keys,
              size_t key_count, const char *source, struct buf *out);

/* clxs(1): what GLOBAL's long help says, every command with its page, and GLOBAL's flags. */
void help_man_overview(struct arena *arena, const struct help_line *lines, size_t count,
                       const struct grammar_command *global, const char *source, struct buf *out);
/* The *KEPT LINES whose names begin with the words of PREFIX (NULL: all), as they are shown: by group. */
const struct help_line *help_sort(struct arena *arena, const struct help_line *lines, size_t count,
                                  const char *prefix, size_t *kept);

/* "clxs audit show CATALOG [FLAGS]". */
const char *help_synopsis(struct arena *arena, const struct grammar_command *command);
/* "CATALOG_NAME" for "catalog-name": an argument where its value stands. */
const char *help_upper(struct arena *arena, const char *name);
/* "-w, --max-workers N", and what is to be known besides the help text: "1 to 256; default 4", or NULL. */
const char *help_flag_title(struct arena *arena, const struct grammar_flag *flag);
const char *help_flag_facts(struct arena *arena, const struct grammar_flag *flag);
/* "How far back to look (default 7d).", which is HELP (may be NULL) with FACTS (may be NULL) before its full
 * stop. */
const char *help_with_facts(struct arena *arena, const char *help, const char *facts);
/* A boolean flag that is on unless said otherwise: shown and completed as --no-NAME, which is what one would
 * write. Its help says what that does. */
bool help_flag_is_off(const struct grammar_flag *flag);
/* The flag of COMMAND that KEY feeds, NULL when it feeds none; and what is to be known of the two besides the
 * key's help: "--max-workers; default 4". */
const struct grammar_flag *help_key_flag(const struct grammar_command *command, const struct conf_key *key);
const char *help_key_facts(struct arena *arena, const struct grammar_flag *flag, const struct conf_key *key);

#endif
