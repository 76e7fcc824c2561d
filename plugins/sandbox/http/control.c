/* SPDX-License-Identifier: Apache-2.0 */
/* Steering the sandbox itself, for tests: scripted faults, the clock, what was asked so far. None of this
 * exists in the real service; only administrators may use it. */
#include <string.h>

#include "base/str.h"
#include "http/auth.h"
#include "http/faults.h"
#include "http/request.h"
#include "http/route.h"
#include "http/traffic.h"

#include "base/banned.h"

void
traffic_count(struct request *request)
{
  struct traffic *traffic = &request->sandbox->traffic;
  const char *path = request->path;

  if (str_starts(path, "/api/sandbox/")) return;
  atomic_fetch_add(&traffic->total, 1);
  if (str_eq(path, "/api/2.0/sql/statements"))
    atomic_fetch_add(&traffic->statements, 1);
  else if (str_starts(path, "/api/2.0/sql/statements/"))
    atomic_fetch_add(&traffic->polls, 1);
  else if (str_starts(path, "/api/2.1/unity-catalog/") || str_starts(path, "/api/2.0/unity-catalog/"))
    atomic_fetch_add(&traffic->catalog, 1);
  else if (str_starts(path, "/api/2.0/fs/"))
    atomic_fetch_add(&traffic->files, 1);
  else
    atomic_fetch_add(&traffic->other, 1);
}

static bool
admin_only(struct request *request)
{
  return request->caller->admin || reply_denied(request, "Only administrators may steer the sandbox.");
}

static void
post_fault(struct request *request)
{
  struct json_object *body;

  if (!admin_only(request) || !(body = request_json(request))) return;
  if (faults_script(request->sandbox->faults, request, body)) reply_object(request);
}

static void
get_faults(struct request *request)
{
  struct json_object *body;

  if (!admin_only(request)) return;
  body = json_object_new_object();
  json_object_object_add(body, "faults", faults_list(request->sandbox->faults));
  reply_json(request, 200, body);
}

static void
delete_faults(struct request *request)
{
  if (!admin_only(request)) return;
  faults_clear(request->sandbox->faults);
  reply_object(request);
}

static void
post_clock(struct request *request)
{
  struct json_object *body;
  int64_t advance = 0;

  if (!admin_only(request) || !(body = request_json(request)) ||
      !body_int(request, body, "advance_ms", &advance))
    return;
  if (advance < 0) {
    reply_invalid(request, "advance_ms must not be negative: time goes forward.");
    return;
  }
  atomic_fetch_add(&request->sandbox->clock_offset_ms, advance);
  body = json_object_new_object();
  json_add_int(body, "now_ms", sandbox_now(request->sandbox));
  reply_json(request, 200, body);
}

static void
get_traffic(struct request *request)
{
  struct traffic *traffic = &request->sandbox->traffic;
  struct json_object *body;

  if (!admin_only(request)) return;
  body = json_object_new_object();
  json_add_int(body, "total", (int64_t)atomic_load(&traffic->total));
  json_add_int(body, "statements", (int64_t)atomic_load(&traffic->statements));
  json_add_int(body, "polls", (int64_t)atomic_load(&traffic->polls));
  json_add_int(body, "catalog", (int64_t)atomic_load(&traffic->catalog));
  json_add_int(body, "files", (int64_t)atomic_load(&traffic->files));
  json_add_int(body, "other", (int64_t)atomic_load(&traffic->other));
  reply_json(request, 200, body);
}

const struct route control_routes[] = {
    ROUTE_FLAGGED("POST", "/api/sandbox/faults", post_fault, ROUTE_CONTROL),
    ROUTE_FLAGGED("GET", "/api/sandbox/faults", get_faults, ROUTE_CONTROL),
    ROUTE_FLAGGED("DELETE", "/api/sandbox/faults", delete_faults, ROUTE_CONTROL),
    ROUTE_FLAGGED("POST", "/api/sandbox/clock", post_clock, ROUTE_CONTROL),
    ROUTE_FLAGGED("GET", "/api/sandbox/traffic", get_traffic, ROUTE_CONTROL),
    ROUTE_END,
};
