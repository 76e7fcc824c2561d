/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the handler: compare decoded segments with the patterns of all tables. It must not know what
 * handlers do. */
#include "http/route.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "http/request.h"

#include "base/banned.h"

static const struct route *const tables[] = {
    statement_routes, table_routes,  schema_routes,    catalog_routes, binding_routes,
    function_routes,  volume_routes, grant_routes,     tag_routes,     location_routes,
    metastore_routes, file_routes,   warehouse_routes, scim_routes,    auth_routes,
    link_routes,      tree_routes,   job_routes,       control_routes,
};

static void
take_rest(struct request *request, size_t from)
{
  CLEANUP_BUF struct buf rest = BUF_INIT(BUF_LARGE);

  for (size_t i = from; i < request->segment_count; i++) {
    if (i > from) buf_add_char(&rest, '/');
    buf_add_text(&rest, request->segments[i]);
  }
  request->rest = arena_strndup(request->arena, rest.data, rest.len);
}

static bool
matches(struct request *request, const char *pattern)
{
  size_t index = 0, params = 0;

  while (*pattern) {
    size_t length = strcspn(++pattern, "/");
    const char *segment = index < request->segment_count ? request->segments[index] : NULL;

    if (length == 2 && memcmp(pattern, "**", 2) == 0) {
      take_rest(request, index);
      return true;
    }
    if (!segment) return false;
    if (length == 2 && memcmp(pattern, "{}", 2) == 0) {
      if (!*segment) return false;
      request->params[params++] = segment;
    } else if (strlen(segment) != length || memcmp(segment, pattern, length) != 0) {
      return false;
    }
    pattern += length;
    index++;
  }
  return index == request->segment_count;
}

const struct route *
route_find(struct request *request)
{
  for (size_t table = 0; table < ARRAY_SIZE(tables); table++)
    for (const struct route *route = tables[table]; route->method; route++)
      if (strcmp(route->method, request->method) == 0 && matches(request, route->pattern)) return route;
  return NULL;
}
