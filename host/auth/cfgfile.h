/* SPDX-License-Identifier: Apache-2.0 */
/* Reading .databrickscfg, the INI file that the official tools share
 * (https://docs.databricks.com/dev-tools/auth/config-profiles.html). Sections are profiles; DEFAULT is one
 * like any other and lends its keys to nobody. It must not know what the keys mean. */
#ifndef CLXS_HOST_AUTH_CFGFILE_H
#define CLXS_HOST_AUTH_CFGFILE_H

#include <clxs/status.h>
#include <stddef.h>

struct arena;
struct err;

struct cfgfile_entry {
  const char *section, *key, *value;
  struct cfgfile_entry *next;
};

struct cfgfile {
  const char *path;
  struct cfgfile_entry *entries; /* in order; of two alike the later one counts */
};

/* Parse TEXT (LENGTH bytes) of PATH into ARENA. CLXS_E_CONFIG with the line for what is neither a section,
 * nor "key = value", nor a comment. A comment behind a value needs a space in front of its # or ;. */
clxs_status cfgfile_parse(struct arena *arena, const char *path, const char *text, size_t length,
                          struct cfgfile *file, struct err *err);
/* The value of KEY in SECTION, NULL when there is none. */
const char *cfgfile_get(const struct cfgfile *file, const char *section, const char *key);
/* Which profile counts: ASKED, else default_profile of [__settings__], else DEFAULT. CLXS_E_CONFIG when one
 * of the first two has no keys, or ASKED is __settings__. *PROFILE NULL when the file has no DEFAULT either.
 */
clxs_status cfgfile_choose(const struct cfgfile *file, const char *asked, const char **profile,
                           struct err *err);

#endif
