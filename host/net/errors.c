/* SPDX-License-Identifier: Apache-2.0 */
/* Refused requests: bodies in the order in which the services are known to send them. The statement side is
 * in errors_sql.c. */
#include "net/errors.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "net/errors_codes.h"

#include "base/banned.h"

#define TEXT_MAX 2000 /* of a body that is no JSON */

static const char *
reason_of(int32_t status)
{
  switch (status) {
  case 400: return "Bad Request";
  case 401: return "Unauthorized";
  case 403: return "Forbidden";
  case 404: return "Not Found";
  case 405: return "Method Not Allowed";
  case 409: return "Conflict";
  case 413: return "Content Too Large";
  case 429: return "Too Many Requests";
  case 499: return "Client Closed Request";
  case 500: return "Internal Server Error";
  case 501: return "Not Implemented";
  case 502: return "Bad Gateway";
  case 503: return "Service Unavailable";
  case 504: return "Gateway Timeout";
  default: return "Unexpected Answer";
  }
}

/* "Bad Gateway" as BAD_GATEWAY. */
static const char *
reason_code(struct arena *arena, int32_t status)
{
  char *code = arena_strdup(arena, reason_of(status));

  for (char *c = code; *c; c++)
    *c = *c == ' ' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
  return code;
}

static void
read_details(struct arena *arena, struct json_object *details, struct errors_detail *detail)
{
  for (size_t i = 0; i < json_length(details); i++) {
    struct json_object *item = json_item(details, i);
    const char *type = json_get_text(item, "@type"), *delay = json_get_text(item, "retry_delay");
    char number[32];
    double seconds;

    if (!type) continue;
    if (str_ends(type, "google.rpc.RequestInfo"))
      detail->request_id = arena_strdup(arena, json_get_text(item, "request_id"));
    if (!str_ends(type, "google.rpc.RetryInfo") || !delay || !str_ends(delay, "s")) continue;
    snprintf(number, sizeof number, "%.*s", (int)strlen(delay) - 1, delay);
    if (str_to_double(number, &seconds) && seconds >= 0 && seconds < 1e9)
      detail->retry_after_ms = (int64_t)(seconds * 1000.0);
  }
}

/* Some services repeat the HTTP status here, which is no class. */
static const char *
class_text(struct arena *arena, const char *code)
{
  size_t digits = code ? strspn(code, "0123456789") : 0;

  return code && *code && code[digits] ? arena_strdup(arena, code) : NULL;
}

/* The current shape, the 1.2 one and SCIM's. */
static bool
read_json(struct arena *arena, struct json_object *object, struct errors_detail *detail)
{
  const char *message = json_get_text(object, "message"), *old = json_get_text(object, "error");
  const char *scim = json_get_text(object, "detail"), *scim_type = json_get_text(object, "scimType");

  if (!json_object_is_type(object, json_type_object)) return false;
  detail->code = class_text(arena, json_get_text(object, "error_code"));
  if (old)
    message = json_get_text(object, "error_description") ? json_get_text(object, "error_description") : old;
  if (old && !detail->code && !json_get_text(object, "message")) detail->code = arena_strdup(arena, old);
  if ((!message || !*message) && scim) {
    bool nothing = str_eq(scim, "null");

    message = nothing ? "SCIM API internal error"
                      : arena_printf(arena, "%s%s%s", scim_type ? scim_type : "", scim_type ? " " : "", scim);
    if (!detail->code) {
      const char *status = json_get_text(object, "status");

      detail->code = arena_printf(arena, "SCIM_%s", status ? status : "ERROR");
    }
  }
  read_details(arena, json_get_array(object, "details"), detail);
  if (!message && !detail->code) return false;
  detail->message = arena_strdup(arena, message && *message ? message : detail->code);
  return true;
}

/* "SOME_CODE: text" */
static bool
read_text(struct arena *arena, const char *body, struct errors_detail *detail)
{
  size_t end = strspn(body, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

  if (end == 0 || !str_starts(body + end, ": ")) return false;
  detail->code = arena_strndup(arena, body, end);
  detail->message = arena_strdup(arena, body + end + 2);
  return true;
}

static char *
between(struct arena *arena, const char *body, const char *open, const char *close)
{
  const char *start = strcasestr(body, open), *end;

  if (!start) return NULL;
  start += strlen(open);
  end = strcasestr(start, close);
  return end ? arena_strndup(arena, start, (size_t)(end - start)) : NULL;
}

static bool
read_html(struct arena *arena, int32_t status, const char *body, struct errors_detail *detail)
{
  const char *text;

  if (body[strspn(body, " \t\r\n")] != '<') return false;
  text = between(arena, body, "<pre>", "</pre>");
  if (!text) text = between(arena, body, "<title>", "</title>");
  detail->html = true;
  detail->code = reason_code(arena, status);
  detail->message = text ? text : arena_printf(arena, "%s (an HTML page)", reason_of(status));
  return true;
}

/* One line for a message: no line breaks or control characters, no trailing space or full stop. */
static const char *
one_line(struct arena *arena, const char *text)
{
  char *line = arena_strdup(arena, text);
  size_t length;

  for (char *c = line; *c; c++)
    if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = ' ';
  length = strlen(line);
  while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '.'))
    line[--length] = '\0';
  return line + strspn(line, " ");
}

void
errors_read(struct arena *arena, int32_t status, const char *body, size_t length,
            struct errors_detail *detail)
{
  CLEANUP_JSON struct json_object *object = NULL;

  *detail = (struct errors_detail){.retry_after_ms = -1};
  if (length > 0) object = json_parse(body, length, NULL, NULL);
  if (length == 0 || body[strspn(body, " \t\r\n")] == '\0') {
    detail->message = reason_of(status);
  } else if (!read_json(arena, object, detail) && !read_text(arena, body, detail) &&
             !read_html(arena, status, body, detail)) {
    detail->code = "UNKNOWN";
    detail->message = arena_strndup(arena, body, length < TEXT_MAX ? length : TEXT_MAX);
  }
  detail->message = one_line(arena, detail->message);
}

static clxs_status
by_http_status(int32_t status, const struct errors_detail *detail)
{
  switch (status) {
  case 400: return strcasestr(detail->message, "already exists") ? CLXS_E_EXISTS : CLXS_E_INVALID;
  case 401: return CLXS_E_AUTH;
  case 403: return CLXS_E_DENIED;
  case 404: return CLXS_E_NOT_FOUND;
  case 405:
  case 501: return CLXS_E_UNSUPPORTED;
  case 409: return strcasestr(detail->message, "already exists") ? CLXS_E_EXISTS : CLXS_E_CONFLICT;
  case 429: return CLXS_E_LIMIT;
  default: return status >= 400 && status < 499 ? CLXS_E_INVALID : CLXS_E_UNAVAILABLE;
  }
}

/* The jobs API says 400 where it means 404. */
static bool
names_missing_job(const struct errors_detail *detail)
{
  return str_eq(detail->code, "INVALID_PARAMETER_VALUE") && str_ends(detail->message, " does not exist") &&
         (str_starts(detail->message, "Job ") || str_starts(detail->message, "Run "));
}

clxs_status
errors_classify(int32_t http_status, const struct errors_detail *detail)
{
  clxs_status status;

  if (names_missing_job(detail)) return CLXS_E_NOT_FOUND;
  /* A token that nobody knows is refused with 403, and no privilege would help. */
  if (http_status == 403 && strcasestr(detail->message, "invalid access token")) return CLXS_E_AUTH;
  /* The API answers in JSON; another 404 comes from a server that does not have it. */
  if (http_status == 404 && (detail->html || str_eq(detail->code, "UNKNOWN"))) return CLXS_E_UNSUPPORTED;
  status = errors_code_status(detail->code);
  if (status == CLXS_E_INVALID && strcasestr(detail->message, "already exists")) return CLXS_E_EXISTS;
  return status != CLXS_OK ? status : by_http_status(http_status, detail);
}

bool
errors_is_transient(int32_t http_status, const struct errors_detail *detail)
{
  /* Sentences by which the official SDKs recognise a passing failure under any status. */
  static const char *const sentences[] = {"UnknownWorkerEnvironmentException",
                                          "does not have any associated worker environments",
                                          "There is no worker environment with id",
                                          "Unknown worker environment",
                                          "ClusterNotReadyException",
                                          "Please try again later or try a faster operation",
                                          "RPC token bucket limit has been exceeded"};

  if (http_status == 429 || http_status == 503) return true;
  if (errors_code_is_transient(detail->code)) return true;
  for (size_t i = 0; i < ARRAY_SIZE(sentences); i++)
    if (strstr(detail->message, sentences[i])) return true;
  return false;
}
