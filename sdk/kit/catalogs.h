/* SPDX-License-Identifier: Apache-2.0 */
/* The two catalogs that so many commands are about: --source and --dest, refused before anything is asked
 * when they cannot be meant. Whoever includes this links sqltext. */
#ifndef CLXS_KIT_CATALOGS_H
#define CLXS_KIT_CATALOGS_H

#include <clxs/clxs.h>
#include <stdbool.h>

#include "base/str.h"
#include "kit/sqltext/rewrite.h"

/* A name in backticks could exist, but who writes one has quoted a name for SQL. */
static inline const char *
catalogs_mistake(const char *name)
{
  size_t length = strlen(name);

  if (utf8_ieq(name, "information_schema")) return "is a schema that every catalog has, and no catalog";
  return length > 1 && name[0] == '`' && name[length - 1] == '`' ? "is quoted" : NULL;
}

static inline clxs_status
catalogs_read_one(struct clxs_call *call, bool is_source, bool reserved_too, const char **name)
{
  const char *flag = is_source ? "source" : "dest", *what = is_source ? "source" : "destination", *problem;

  *name = call->core->arg_text(call, flag, 0);
  if (!*name || !**name)
    return clxs_failf(call, CLXS_E_USAGE,
                      clxs_textf(call,
                                 "give --%s, set CLXS_%s_CATALOG, or write \"%s_catalog:\" into clxs.yaml",
                                 flag, is_source ? "SOURCE" : "DESTINATION", what),
                      "--%s is missing", flag);
  /* The catalogs that Databricks keeps for itself (samples, system) can be read, but not written. */
  problem = reserved_too && sqltext_catalog_reserved(*name) ? NULL : sqltext_catalog_problem(*name);
  if (!problem) problem = catalogs_mistake(*name);
  if (!problem) return CLXS_OK;
  return clxs_failf(call, CLXS_E_USAGE, "give the catalog's bare name, without quotes", "--%s \"%s\" %s",
                    flag, *name, problem);
}

/* [call thread] What the flags source and dest of CALL name. WRITTEN: the destination is going to be changed.
 * CLXS_E_USAGE when one is missing, is no catalog's name, or both are the same. Texts live with the call. */
static inline clxs_status
catalogs_read(struct clxs_call *call, bool written, const char **source, const char **dest)
{
  clxs_status status = catalogs_read_one(call, true, true, source);

  if (status < 0) return status;
  status = catalogs_read_one(call, false, !written, dest);
  if (status < 0) return status;
  if (!utf8_ieq(*source, *dest)) return CLXS_OK;
  return clxs_failf(call, CLXS_E_USAGE, "give --dest another name",
                    "source and destination are the same catalog, %s", *source);
}

#endif
