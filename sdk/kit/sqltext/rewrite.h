/* SPDX-License-Identifier: Apache-2.0 */
/* A text moved from one catalog to another: the catalog's name is replaced where it is a catalog's name,
 * every other byte stays. What may name the catalog but cannot be decided from the text stays too, and is
 * reported. */
#ifndef CLXS_KIT_SQLTEXT_REWRITE_H
#define CLXS_KIT_SQLTEXT_REWRITE_H

#include "kit/sqltext/refs.h"

/* Also rewrite /Volumes/<catalog>/ in strings and quoted paths, which otherwise is only reported. */
#define SQLTEXT_PATHS UINT32_C(1)

struct sqltext_result {
  const char *text; /* NUL-terminated, LENGTH bytes; the given text itself where nothing changed */
  size_t length;
  size_t changes; /* names replaced */
  const struct sqltext_report *reports;
  size_t report_count;
};

/* The name is one of the catalogs that exist everywhere (system, samples, hive_metastore, ...): never
 * rewritten. */
bool sqltext_catalog_reserved(const char *name);
/* NAME can be a catalog's: NULL, or why not, for a person. */
const char *sqltext_catalog_problem(const char *name);

/* TEXT (LENGTH bytes, any bytes) with catalog FROM renamed TO; names compare without case. FLAGS is 0 or
 * SQLTEXT_PATHS. A reserved FROM changes nothing. Results live in ARENA, or are TEXT. */
void sqltext_rewrite(struct arena *arena, const char *text, size_t length, enum sqltext_language language,
                     const char *from, const char *to, uint32_t flags, struct sqltext_result *result);

#endif
