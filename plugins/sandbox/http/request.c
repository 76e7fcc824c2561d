/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what a client sent: path and query are decoded once, here, so that a name with a slash or a
 * question mark is one name everywhere else. It must not know any particular endpoint. */
#include "http/request.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "store/store.h"

#include "base/banned.h"

static int
hex_digit(char c)
{
  if (str_is_digit(c)) return c - '0';
  c = str_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* LENGTH bytes of TEXT decoded; NULL for a broken escape, a NUL or bytes that are not UTF-8. */
static const char *
decode(struct arena *arena, const char *text, size_t length, bool plus_is_space)
{
  char *out = arena_alloc(arena, length + 1);
  size_t used = 0;

  for (size_t i = 0; i < length; i++) {
    char c = text[i];

    if (c == '%') {
      int high = length - i > 2 ? hex_digit(text[i + 1]) : -1;
      int low = length - i > 2 ? hex_digit(text[i + 2]) : -1;

      if (high < 0 || low < 0) return NULL;
      c = (char)(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return NULL;
    out[used++] = c;
  }
  return utf8_valid(out, used) ? out : NULL;
}

static bool
parse_segments(struct request *request, const char *path, size_t length)
{
  size_t count = 1;
  const char *end = path + length;

  for (const char *p = path; p < end; p++)
    count += *p == '/';
  request->segments = arena_array(request->arena, count, sizeof *request->segments);
  for (const char *p = path; p < end;) {
    const char *slash;

    p++; /* every segment starts behind a slash */
    slash = memchr(p, '/', (size_t)(end - p));
    if (!slash) slash = end;
    request->segments[request->segment_count] = decode(request->arena, p, (size_t)(slash - p), false);
    if (!request->segments[request->segment_count++]) return false;
    p = slash;
  }
  return true;
}

static bool
parse_query(struct request *request, const char *text)
{
  size_t count = 1;

  for (const char *p = text; *p; p++)
    count += *p == '&';
  request->query = arena_array(request->arena, count, sizeof *request->query);
  while (*text) {
    size_t length = strcspn(text, "&"), name = strcspn(text, "=&");
    struct query_pair *pair = &request->query[request->query_count];

    if (length > 0) {
      pair->key = decode(request->arena, text, name, true);
      pair->value = name < length ? decode(request->arena, text + name + 1, length - name - 1, true) : "";
      if (!pair->key || !pair->value) return false;
      request->query_count++;
    }
    text += length + (text[length] == '&');
  }
  return true;
}

bool
request_parse_uri(struct request *request, const char *uri)
{
  size_t length = strcspn(uri, "?#");

  request->path = arena_strndup(request->arena, uri, length);
  if (*uri == '/' && parse_segments(request, uri, length) &&
      (uri[length] != '?' || parse_query(request, uri + length + 1)))
    return true;
  return reply_error(request, 400, "MALFORMED_REQUEST",
                     "The request line is malformed: paths are absolute, percent-encoded UTF-8 without NUL");
}

bool
request_leave(struct request *request, bool ok)
{
  bool kept = store_leave(&request->session, ok);

  if (ok && !kept) reply_fault(request);
  return ok && kept;
}

const char *
request_header(struct request *request, const char *name)
{
  return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *
query_text(struct request *request, const char *key)
{
  for (size_t i = 0; i < request->query_count; i++)
    if (strcmp(request->query[i].key, key) == 0)
      return *request->query[i].value ? request->query[i].value : NULL;
  return NULL;
}

bool
query_int(struct request *request, const char *key, int64_t absent, int64_t *out)
{
  const char *text = query_text(request, key);

  *out = absent;
  if (!text || str_to_int64(text, out)) return true;
  return reply_invalid(request, "Query parameter %s must be an integer, not '%s'.", key, text);
}

bool
query_bool(struct request *request, const char *key, bool absent, bool *out)
{
  const char *text = query_text(request, key);

  *out = absent;
  if (!text) return true;
  *out = str_ieq(text, "true");
  if (*out || str_ieq(text, "false")) return true;
  return reply_invalid(request, "Query parameter %s must be true or false, not '%s'.", key, text);
}

const char *
query_required(struct request *request, const char *key)
{
  const char *text = query_text(request, key);

  if (!text) reply_invalid(request, "Missing required query parameter: %s", key);
  return text;
}

struct json_object *
request_json(struct request *request)
{
  const char *why = NULL;
  size_t offset = 0;

  if (request->json) return request->json;
  if (request->body.len == 0) return request->json = json_object_new_object();
  request->json = json_parse_strict(request->body.data, request->body.len, &offset, &why);
  if (request->json && json_object_is_type(request->json, json_type_object)) return request->json;
  reply_error(request, 400, "MALFORMED_REQUEST", "Could not parse request object: %s at byte %zu",
              why ? why : "expected a JSON object", offset);
  json_object_put(request->json);
  return request->json = NULL;
}

/* The member, or NULL when absent or null. */
static struct json_object *
member(struct json_object *object, const char *key)
{
  struct json_object *value = json_get(object, key);

  return json_object_is_type(value, json_type_null) ? NULL : value;
}

static bool
wrong_type(struct request *request, const char *key, const char *wanted)
{
  return reply_error(request, 400, "MALFORMED_REQUEST",
                     "Could not parse request object: field '%s' must be %s", key, wanted);
}

bool
body_text(struct request *request, struct json_object *object, const char *key, const char **out)
{
  struct json_object *value = member(object, key);

  if (!value) return true;
  if (!json_object_is_type(value, json_type_string)) return wrong_type(request, key, "a string");
  *out = json_object_get_string(value);
  if (strlen(*out) == (size_t)json_object_get_string_len(value)) return true;
  return wrong_type(request, key, "a string without NUL characters");
}

bool
body_int(struct request *request, struct json_object *object, const char *key, int64_t *out)
{
  struct json_object *value = member(object, key);

  if (!value) return true;
  if (json_object_is_type(value, json_type_int)) {
    *out = json_object_get_int64(value);
    return true;
  }
  if (json_object_is_type(value, json_type_string) && str_to_int64(json_object_get_string(value), out))
    return true;
  return wrong_type(request, key, "an integer");
}

bool
body_bool(struct request *request, struct json_object *object, const char *key, bool *out)
{
  struct json_object *value = member(object, key);

  if (!value) return true;
  if (!json_object_is_type(value, json_type_boolean)) return wrong_type(request, key, "true or false");
  *out = json_object_get_boolean(value);
  return true;
}

bool
body_object(struct request *request, struct json_object *object, const char *key, struct json_object **out)
{
  struct json_object *value = member(object, key);

  if (!value) return true;
  if (!json_object_is_type(value, json_type_object)) return wrong_type(request, key, "an object");
  *out = value;
  return true;
}

bool
body_array(struct request *request, struct json_object *object, const char *key, struct json_object **out)
{
  struct json_object *value = member(object, key);

  if (!value) return true;
  if (!json_object_is_type(value, json_type_array)) return wrong_type(request, key, "an array");
  *out = value;
  return true;
}

const char *
body_required(struct request *request, struct json_object *object, const char *key)
{
  const char *text = NULL;

  if (!body_text(request, object, key, &text)) return NULL;
  if (text && *text) return text;
  reply_invalid(request, "Missing required field: %s", key);
  return NULL;
}

bool
body_choice(struct request *request, struct json_object *object, const char *key, const char *const *allowed,
            size_t count, const char **out)
{
  CLEANUP_BUF struct buf list = BUF_INIT(4096);
  const char *text = NULL;

  if (!body_text(request, object, key, &text)) return false;
  if (!text) return true;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(text, allowed[i]) == 0) {
      *out = allowed[i];
      return true;
    }
    buf_addf(&list, "%s%s", i ? ", " : "", allowed[i]);
  }
  return reply_invalid(request, "Invalid value '%s' for field %s: expected one of %s.", text, key, list.data);
}
