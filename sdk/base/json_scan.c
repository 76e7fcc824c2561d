/* SPDX-License-Identifier: Apache-2.0 */
/* See json_scan.h. */
#include "base/json_scan.h"

#include <string.h>

#include "base/buf.h"

#include "base/banned.h"

static bool
is_space(char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

const char *
json_scan_space(const char *at, const char *end)
{
  while (at < end && is_space(*at))
    at++;
  return at;
}

/* Behind the string whose opening quote is at AT; NULL when it does not end. */
static const char *
scan_string(const char *at, const char *end)
{
  for (at++; at < end && *at != '"'; at++)
    if (*at == '\\') at++;
  return at < end ? at + 1 : NULL;
}

const char *
json_scan_value(const char *at, const char *end)
{
  int depth = 0;

  while (at && at < end) {
    switch (*at) {
    case '"':
      at = scan_string(at, end);
      if (depth == 0) return at;
      continue;
    case '[':
    case '{': depth++; break;
    case ']':
    case '}':
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
      break;
    case ',':
      if (depth == 0) return at;
      break;
    default: break;
    }
    at++;
  }
  return depth == 0 ? at : NULL;
}

static bool
is_key(const char *at, const char *behind, const char *key)
{
  size_t length = strlen(key);

  return (size_t)(behind - at) == length + 2 && memcmp(at + 1, key, length) == 0;
}

bool
json_scan_member(const char *text, size_t length, const char *key, int depth, size_t *start, size_t *end)
{
  const char *at = text, *stop = text + length;
  int inside = 0;

  *start = *end = 0;
  while (at < stop) {
    const char *behind = at + 1, *value;

    if (*at == '{' || *at == '[') inside++;
    if (*at == '}' || *at == ']') inside--;
    if (*at == '"') behind = scan_string(at, stop);
    if (!behind) return false;
    if (*at == '"' && inside <= depth && is_key(at, behind, key)) {
      value = json_scan_space(behind, stop);
      if (value < stop && *value == ':') {
        value = json_scan_space(value + 1, stop);
        behind = value < stop ? json_scan_value(value, stop) : NULL;
        if (!behind) return false;
        *start = (size_t)(value - text);
        *end = (size_t)(behind - text);
        return true;
      }
    }
    at = behind;
  }
  return false;
}

bool
json_scan_array(const char *text, size_t length, const char *key, int depth, size_t *start, size_t *end)
{
  if (json_scan_member(text, length, key, depth, start, end) && text[*start] == '[') return true;
  *start = *end = 0;
  return false;
}

void
json_scan_compact(struct buf *out, const char *text, size_t length)
{
  const char *at = text, *end = text + length;

  while (at < end) {
    const char *from = at;

    while (at < end && !is_space(*at)) {
      const char *behind = *at == '"' ? scan_string(at, end) : at + 1;

      at = behind ? behind : end;
    }
    buf_add(out, from, (size_t)(at - from));
    at = json_scan_space(at, end);
  }
}
