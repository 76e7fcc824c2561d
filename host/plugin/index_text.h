/* SPDX-License-Identifier: Apache-2.0 */
/* The spelling of the index's lines, for its reader and its writer. Private to host/plugin/index*.c. */
#ifndef CLXS_HOST_PLUGIN_INDEX_TEXT_H
#define CLXS_HOST_PLUGIN_INDEX_TEXT_H

#include <stdint.h>

#include "plugin/index.h"

/* The version of clxs is in it because the manifest reader may judge otherwise in the next one. */
#define INDEX_MAGIC "clxs-index 1 " CLXS_VERSION
#define INDEX_END "end\n"
#define INDEX_DIR_LINE 4608

/* "d PATH MTIME INODE" as it stands now, LENGTH bytes of it; its mtime, 0 when there is no such directory. */
int64_t index_dir_line(const struct search_dir *dir, char line[INDEX_DIR_LINE], size_t *length);
/* How a line of KIND with first field NAME begins; of any when NAME is NULL. */
const char *index_key(struct arena *arena, char kind, const char *name);
/* Cut a line into its fields behind the kind. */
void index_split(struct arena *arena, const char *line, size_t length, const char *fields[INDEX_FIELDS]);

#endif
