/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting a form at its boundaries. It must not know what the parts mean. */
#include "http/form.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "http/request.h"

#include "base/banned.h"

#define FORM "multipart/form-data"

bool
form_is(struct request *request)
{
  const char *type = request_header(request, "Content-Type");

  return type && str_ieqn(type, FORM, strlen(FORM));
}

static const char *
boundary_of(struct request *request)
{
  const char *type = request_header(request, "Content-Type"), *at = strstr(type, "boundary=");
  size_t length;

  if (!at) return NULL;
  at += strlen("boundary=");
  if (*at == '"')
    length = strcspn(++at, "\"");
  else
    length = strcspn(at, "; \t");
  return length > 0 && length <= 70 ? arena_printf(request->arena, "--%.*s", (int)length, at) : NULL;
}

/* The name in a part's Content-Disposition. */
static const char *
part_name(struct request *request, const char *headers, size_t length)
{
  const char *copy = arena_strndup(request->arena, headers, length), *at = strstr(copy, " name=\"");

  if (!at) return NULL;
  at += strlen(" name=\"");
  return arena_strndup(request->arena, at, strcspn(at, "\""));
}

/* The part between AT and END (behind one boundary line, before the next). */
static bool
read_part(struct request *request, const char *at, const char *end, struct form_part *part)
{
  const char *body = memmem(at, (size_t)(end - at), "\r\n\r\n", 4);

  if (!body || end - (body + 4) < 2) return false;
  part->name = part_name(request, at, (size_t)(body - at));
  part->bytes = body + 4;
  part->length = (size_t)(end - part->bytes) - 2; /* the line end belongs to the boundary */
  return part->name != NULL;
}

bool
form_parse(struct request *request, struct form_part **out, size_t *count)
{
  const char *boundary = boundary_of(request), *at, *next, *end = request->body.data + request->body.len;
  size_t length = boundary ? strlen(boundary) : 0, capacity = 16;

  *count = 0;
  *out = arena_array(request->arena, capacity, sizeof **out);
  at = boundary ? memmem(request->body.data, request->body.len, boundary, length) : NULL;
  while (at && *count < capacity) {
    at += length;
    if (end - at >= 2 && memcmp(at, "--", 2) == 0) return true;
    next = memmem(at, (size_t)(end - at), boundary, length);
    if (!next || !read_part(request, at, next, &(*out)[*count])) break;
    ++*count;
    at = next;
  }
  return reply_error(request, 400, "MALFORMED_REQUEST", "The multipart/form-data body is malformed.");
}
