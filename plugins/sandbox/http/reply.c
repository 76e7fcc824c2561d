/* SPDX-License-Identifier: Apache-2.0 */
/* Preparing answers. It must not know endpoints, nor how an answer reaches the client. */
#include "http/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/request.h"
#include "store/store.h"

#include "base/banned.h"

void
reply_reset(struct reply *reply)
{
  if (reply->close) reply->close(reply->data);
  free(reply->body);
  *reply = (struct reply){0};
}

void
reply_json_text(struct request *request, int status, char *text, size_t length)
{
  reply_reset(&request->reply);
  request->reply.status = status;
  request->reply.content_type = "application/json";
  request->reply.body = text;
  request->reply.length = length;
}

void
reply_json(struct request *request, int status, struct json_object *object)
{
  const char *text = json_text(object);

  reply_json_text(request, status, xstrdup(text), strlen(text));
  json_object_put(object);
}

void
reply_object(struct request *request)
{
  reply_json(request, 200, json_object_new_object());
}

void
reply_empty(struct request *request, int status)
{
  reply_reset(&request->reply);
  request->reply.status = status;
}

void
reply_header(struct request *request, const char *name, const char *value)
{
  struct reply *reply = &request->reply;

  if (reply->header_count == REPLY_HEADERS) abort(); /* a handler's mistake, not a client's */
  reply->headers[reply->header_count].name = name;
  reply->headers[reply->header_count++].value = value;
}

static struct json_object *
detail(const char *type)
{
  struct json_object *object = json_object_new_object();

  json_add_text(object, "@type", type);
  return object;
}

/* SCIM answers its errors in its own shape (RFC 7644, 3.12). */
static void
error_scim(struct request *request, int status, const char *message)
{
  struct json_object *body = json_object_new_object(), *schemas = json_object_new_array();
  char digits[16];

  snprintf(digits, sizeof digits, "%d", status);
  json_object_array_add(schemas, json_object_new_string("urn:ietf:params:scim:api:messages:2.0:Error"));
  json_object_object_add(body, "schemas", schemas);
  json_add_text(body, "detail", message);
  json_add_text(body, "status", digits);
  reply_json(request, status, body);
  request->reply.content_type = "application/scim+json";
}

static bool
error_body(struct request *request, int status, const char *code, const char *reason, const char *message)
{
  struct json_object *body, *details, *item;

  if (strstr(request->path ? request->path : "", "/scim/v2/") && status != 401 && status != 429) {
    error_scim(request, status, message);
    return false;
  }
  body = json_object_new_object();
  details = json_object_new_array();
  json_add_text(body, "error_code", code);
  json_add_text(body, "message", message);
  if (reason) {
    item = detail("type.googleapis.com/google.rpc.ErrorInfo");
    json_add_text(item, "reason", reason);
    json_add_text(item, "domain", "databricks.com");
    json_object_array_add(details, item);
  }
  item = detail("type.googleapis.com/google.rpc.RequestInfo");
  json_add_text(item, "request_id", request->id);
  json_add_text(item, "serving_data", "");
  json_object_array_add(details, item);
  json_object_object_add(body, "details", details);
  reply_json(request, status, body);
  return false;
}

bool
reply_error(struct request *request, int status, const char *code, const char *format, ...)
{
  const char *message;
  va_list args;

  va_start(args, format);
  message = arena_vprintf(request->arena, format, args);
  va_end(args);
  return error_body(request, status, code, NULL, message);
}

bool
reply_error_reason(struct request *request, int status, const char *code, const char *reason,
                   const char *format, ...)
{
  const char *message;
  va_list args;

  va_start(args, format);
  message = arena_vprintf(request->arena, format, args);
  va_end(args);
  return error_body(request, status, code, reason, message);
}

bool
reply_fault(struct request *request)
{
  const char *code, *message;
  int status;

  fault_to_rest(&request->session, &code, &status, &message);
  return error_body(request, status, code, NULL, message);
}
