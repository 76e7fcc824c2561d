/* SPDX-License-Identifier: Apache-2.0 */
/* The workspace that is written to, where that is not the one in use: what --dest-host and the keys below
 * dest_workspace say. */
#ifndef CLXS_KIT_DESTINATION_H
#define CLXS_KIT_DESTINATION_H

#include <clxs/clxs.h>

#define DESTINATION_WORKSPACE "destination"

/* [call thread] WORKSPACE (what requests and statements name) and HOST (its address, for people) of the
 * second workspace; both NULL when there is none, or the host knows of none. */
static inline clxs_status
destination_find(struct clxs_call *call, const char **workspace, const char **host)
{
  const struct clxs_config *config = clxs_config(call);
  clxs_status status = CLXS_OK;

  *host = NULL;
  if (CLXS_HAS(config, destination)) status = config->destination(call, host);
  *workspace = status >= 0 && *host ? DESTINATION_WORKSPACE : NULL;
  return status;
}

/* [call thread] list and get of clxs.meta/1, asked of WORKSPACE (NULL: the one in use). */
static inline clxs_status
destination_list(struct clxs_call *call, const char *workspace, const char *kind, const char *catalog,
                 const char *schema, const char **json)
{
  const struct clxs_meta *meta = clxs_meta(call);

  return workspace ? meta->list_in(call, workspace, kind, catalog, schema, json)
                   : meta->list(call, kind, catalog, schema, json);
}

static inline clxs_status
destination_get(struct clxs_call *call, const char *workspace, const char *kind, const char *const *names,
                uint32_t name_count, const char **json)
{
  const struct clxs_meta *meta = clxs_meta(call);

  return workspace ? meta->get_in(call, workspace, kind, names, name_count, json)
                   : meta->get(call, kind, names, name_count, json);
}

#endif
