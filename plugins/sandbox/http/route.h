/* SPDX-License-Identifier: Apache-2.0 */
/* Which handler answers a method and path. A pattern is a path whose segments are literal, {} (one non-empty
 * segment, whatever it holds once decoded) or, at the end, ** (all that follows, even nothing). */
#ifndef CLXS_SANDBOX_HTTP_ROUTE_H
#define CLXS_SANDBOX_HTTP_ROUTE_H

#include <stddef.h>
#include <stdint.h>

struct json_object;
struct request;

#define ROUTE_OPEN UINT32_C(1)    /* no login needed */
#define ROUTE_STREAM UINT32_C(2)  /* the body goes to a file, not into memory */
#define ROUTE_CONTROL UINT32_C(4) /* steers the sandbox itself: no latency, no faults */

struct route {
  const char *method;
  const char *pattern;
  void (*handle)(struct request *request); /* prepares the answer; or */
  uint32_t flags;
  /* works inside the store: gives the answer's object, or NULL with the answer prepared or a fault in the
   * session. What it did is undone unless the answer is a success. */
  struct json_object *(*work)(struct request *request);
};

/* Rows of a table: answered by HANDLE, by WORK inside the store; ROUTE_END closes the table. */
#define ROUTE(method, pattern, handle)     \
  {                                        \
    (method), (pattern), (handle), 0, NULL \
  }
#define ROUTE_FLAGGED(method, pattern, handle, flags) \
  {                                                   \
    (method), (pattern), (handle), (flags), NULL      \
  }
#define ROUTE_WORK(method, pattern, work) \
  {                                       \
    (method), (pattern), NULL, 0, (work)  \
  }
#define ROUTE_END             \
  {                           \
    NULL, NULL, NULL, 0, NULL \
  }

/* The route of REQUEST, with params and rest filled in; NULL when nothing answers there. */
const struct route *route_find(struct request *request);

/* The tables, one per area; each ends with a NULL method. */
extern const struct route auth_routes[];
extern const struct route control_routes[];
extern const struct route scim_routes[];
extern const struct route warehouse_routes[];
extern const struct route statement_routes[];
extern const struct route link_routes[];
extern const struct route catalog_routes[];
extern const struct route binding_routes[];
extern const struct route schema_routes[];
extern const struct route table_routes[];
extern const struct route function_routes[];
extern const struct route volume_routes[];
extern const struct route grant_routes[];
extern const struct route tag_routes[];
extern const struct route location_routes[];
extern const struct route metastore_routes[];
extern const struct route file_routes[];
extern const struct route tree_routes[];
extern const struct route job_routes[];

#endif
