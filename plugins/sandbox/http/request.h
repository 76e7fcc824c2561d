/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP request on its way through the workspace: what was asked, by whom, and the answer that a handler
 * prepares. Everything lives in the request's arena; a request belongs to the thread of its connection. */
#ifndef CLXS_SANDBOX_HTTP_REQUEST_H
#define CLXS_SANDBOX_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "engine.h"
#include "http/reply.h"
#include "http/sandbox.h"

struct MHD_Connection;
struct identity;

#define REQUEST_PARAMS 6
#define REQUEST_BODY_MAX ((size_t)32 << 20)

struct query_pair {
  const char *key, *value; /* percent-decoded */
};

struct request {
  struct arena *arena;
  struct sandbox *sandbox;
  struct MHD_Connection *connection;
  const char *method; /* "GET" */
  const char *path;   /* as sent, still encoded, without the query */
  const char **segments;
  size_t segment_count;               /* decoded path segments, each one a name even if it holds a slash */
  const char *params[REQUEST_PARAMS]; /* what the route's {} stand for, in order */
  const char *rest;                   /* what the route's final ** stands for: "a/b", "" when nothing */
  struct query_pair *query;
  size_t query_count;
  struct buf body;
  int spool; /* file with the body of a streamed upload, else -1 */
  int64_t spool_size;
  struct json_object *json; /* the body, once request_json was asked */
  char id[37];
  const struct identity *caller; /* NULL on routes that need no login */
  struct session session;        /* the caller's, for store and engine */
  struct reply reply;
};

/* Split URI into decoded segments and query pairs. False (with the answer prepared) for a malformed one. */
bool request_parse_uri(struct request *request, const char *uri);
/* Leave the store, keeping what was done if OK. Whether it was kept; when the commit itself fails, the answer
 * says so. */
bool request_leave(struct request *request, bool ok);
/* Header NAME, or NULL. */
const char *request_header(struct request *request, const char *name);

/* Query parameters. Absent and empty read alike: text NULL, integer ABSENT, boolean ABSENT. An integer or
 * boolean that is none fails the request with 400 INVALID_PARAMETER_VALUE and gives false. */
const char *query_text(struct request *request, const char *key);
bool query_int(struct request *request, const char *key, int64_t absent, int64_t *out);
bool query_bool(struct request *request, const char *key, bool absent, bool *out);
/* A parameter that must be there: its text, or NULL with the request failed. */
const char *query_required(struct request *request, const char *key);

/* The body as a JSON object ({} when empty). NULL with the request failed (400 MALFORMED_REQUEST) when it is
 * none. */
struct json_object *request_json(struct request *request);
/* Members of a body object; a member of another type fails the request. *OUT keeps its value when absent or
 * null. */
bool body_text(struct request *request, struct json_object *object, const char *key, const char **out);
bool body_int(struct request *request, struct json_object *object, const char *key, int64_t *out);
bool body_bool(struct request *request, struct json_object *object, const char *key, bool *out);
bool body_object(struct request *request, struct json_object *object, const char *key,
                 struct json_object **out);
bool body_array(struct request *request, struct json_object *object, const char *key,
                struct json_object **out);
/* A text that must be there and not be empty; NULL with the request failed (400 INVALID_PARAMETER_VALUE). */
const char *body_required(struct request *request, struct json_object *object, const char *key);
/* A text that must be one of the COUNT values in ALLOWED; *OUT keeps its value when absent. */
bool body_choice(struct request *request, struct json_object *object, const char *key,
                 const char *const *allowed, size_t count, const char **out);

#endif
