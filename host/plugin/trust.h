/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a path can be changed by anybody but root and this user; code is loaded only from paths that
 * cannot. */
#ifndef CLXS_HOST_PLUGIN_TRUST_H
#define CLXS_HOST_PLUGIN_TRUST_H

#include <clxs/status.h>
#include <stdbool.h>

struct arena;
struct err;

/* PATH with all links resolved, when every component of it is owned by root or this user and writable by
 * nobody else. A sticky directory (/tmp) may be passed through, since what lies in it is judged by its own
 * owner, but not be the end. CLXS_E_CONFIG naming the component and how to mend it; CLXS_E_NOT_FOUND when
 * there is no such path. */
clxs_status trust_path(struct arena *arena, const char *path, const char **real, struct err *err);
/* The same for NAME in DIRECTORY, whose real path (by trust_path) is known: links may not lead out of it.
 * FILE: it must be a regular file, else a directory. */
clxs_status trust_within(struct arena *arena, const char *directory, const char *name, bool file,
                         const char **real, struct err *err);

#endif
