/* SPDX-License-Identifier: Apache-2.0 */
/* What the search path holds, as one sorted text file in the cache directory: mapped, and searched by halves,
 * so that starting clxs costs the same however many plugins there are. A line is a kind and fields, divided
 * by tabs:
 *
 *   c NAME ID GROUP SUMMARY HIDDEN                          a command of a plugin that can be used
 *   h TOPIC ID COMMAND                                      a hook
 *   k KEY ID TYPE FLAGS DEFAULT ENV CHOICES HELP MIN MAX    a config key
 *   p ID STATE VERSION DIRECTORY LIBRARY ABI MTIME SIZE INODE REASON
 *   t NAME ID HELP VALUES                                   a template
 *   v CAPABILITY ID                                         a provider
 *
 * (The enums below are the places of the fields.) FLAGS of a key: l list, s secret, f free form, v verbatim,
 * i implied by a command's flag.
 *
 * The file is only ever a copy of what the manifests say: damaged, foreign or stale ones are made anew. */
#ifndef CLXS_HOST_PLUGIN_INDEX_H
#define CLXS_HOST_PLUGIN_INDEX_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stdint.h>

#include "plugin/scan.h"

struct arena;
struct buf;
struct index;

/* Where the search path stood when an index was made. */
struct index_state {
  uint64_t settings;    /* hash of everything else that plays a part: policy, disabled ids */
  uint64_t fingerprint; /* scan_fingerprint */
  int64_t built_ns;     /* when the scan began, wall clock */
};

/* The file's text. */
void index_format(struct arena *arena, const struct search_dir *dirs, size_t dir_count,
                  const struct scanned *plugins, size_t count, const struct index_state *state,
                  struct buf *out);
/* The file's name below the cache directory, which depends on the search path. */
const char *index_file(struct arena *arena, const char *cache_dir, const struct search_dir *dirs,
                       size_t dir_count);
/* An index over TEXT, which must live as long; NULL when it is none of this version. */
struct index *index_parse(struct arena *arena, const char *text, size_t length);
/* The same from FILE, mapped; NULL when it cannot be used: absent, not ours alone, damaged. index_close
 * unmaps. */
struct index *index_map(struct arena *arena, const char *file);
void index_close(struct index *index);

const struct index_state *index_state(const struct index *index);
/* Whether the search directories are as they were, and clearly older than the index, so that a change after
 * the scan cannot hide in the same tick of the clock. Costs one stat for each directory. */
bool index_is_current(const struct index *index, const struct search_dir *dirs, size_t dir_count,
                      uint64_t settings);
/* An mtime that is clearly before BUILT_NS. */
bool index_is_older(int64_t mtime_ns, int64_t built_ns);

/* Lines of KIND whose first field is NAME (NULL: all of that kind), one after the other: start with *AT NULL.
 * FIELDS get the fields behind the kind, unescaped, in the arena; NULL for those that are absent. */
#define INDEX_FIELDS 10
enum { INDEX_NAME, INDEX_ID }; /* the first two of every kind; for a plugin the name is its id */
enum { COMMAND_GROUP = 2, COMMAND_SUMMARY, COMMAND_HIDDEN };
enum { HOOK_COMMAND = 2 };
enum { KEY_TYPE = 2, KEY_FLAGS, KEY_DEFAULT, KEY_ENV, KEY_CHOICES, KEY_HELP, KEY_MIN, KEY_MAX };
enum { TEMPLATE_HELP = 2, TEMPLATE_VALUES };
enum {
  PLUGIN_STATE = 1,
  PLUGIN_VERSION,
  PLUGIN_DIRECTORY,
  PLUGIN_LIBRARY,
  PLUGIN_ABI,
  PLUGIN_MTIME,
  PLUGIN_SIZE,
  PLUGIN_INODE,
  PLUGIN_REASON
};
bool index_next(const struct index *index, struct arena *arena, char kind, const char *name, const char **at,
                const char *fields[INDEX_FIELDS]);

#endif
