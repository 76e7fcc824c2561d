/* SPDX-License-Identifier: Apache-2.0 */
/* The host's own commands: one file each, listed in cmd.c. Their grammar is host.json. */
#ifndef CLXS_HOST_CMD_CMD_H
#define CLXS_HOST_CMD_CMD_H

#include <clxs/status.h>
#include <stdbool.h>

struct app;
struct args;
struct err;
struct registry_plugin;

/* Run the command NAME ("plugin list"), whose arguments are parsed. */
clxs_status cmd_run(struct app *app, const char *name, const struct args *args, struct err *err);
/* Whether NAME needs the configuration to be right. The others are what one mends it with. */
bool cmd_needs_conf(const char *name);

/* The page of one command, or the overview of all whose names begin with the COUNT words; also behind --help.
 */
clxs_status cmd_show_help(struct app *app, int count, const char *const *words, bool man, struct err *err);
/* The program's name and version on stdout. */
clxs_status cmd_show_version(struct app *app, struct err *err);
/* Answer a shell's completion script: WORDS are those behind "clxs" so far, the last one being completed. */
clxs_status cmd_complete_words(struct app *app, int count, const char *const *words, struct err *err);

/* The installed plugin ID; CLXS_E_USAGE with the nearest ids otherwise. */
clxs_status cmd_find_plugin(struct app *app, const char *id, const struct registry_plugin **plugin,
                            struct err *err);

/* One for each entry of the table in cmd.c. */
clxs_status cmd_help(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_version(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_completion(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_plugin_list(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_plugin_info(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_plugin_check(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_config_show(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_config_path(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_templates_list(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_templates_show(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_templates_export(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_cache_stats(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_cache_clear(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_cache_invalidate(struct app *app, const struct args *args, struct err *err);
clxs_status cmd_auth_status(struct app *app, const struct args *args, struct err *err);

#endif
