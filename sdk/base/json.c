/* SPDX-License-Identifier: Apache-2.0 */
/* Tolerant reading and plain writing on json-c. It must not know any particular document. */
#include "base/json.h"

#include <limits.h>

#include "base/str.h"

#include "base/banned.h"

#define DEPTH_MAX 64

void
json_cleanup(struct json_object **object)
{
  json_object_put(*object);
}

static bool
only_space(const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (text[i] != ' ' && text[i] != '\n' && text[i] != '\r' && text[i] != '\t') return false;
  return true;
}

static struct json_object *
parse(const char *text, size_t length, int flags, size_t *offset, const char **why)
{
  struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
  struct json_object *object = NULL;
  const char *reason = NULL;
  size_t end = 0;

  json_tokener_set_flags(tokener, flags);
  if (length > INT_MAX) {
    reason = "document too large";
  } else {
    object = json_tokener_parse_ex(tokener, text, (int)length);
    end = json_tokener_get_parse_end(tokener);
    /* A bare number at the end of the text is complete only once something follows it. */
    if (json_tokener_get_error(tokener) == json_tokener_continue) {
      object = json_tokener_parse_ex(tokener, "\n", 1);
      end = length;
    }
    if (json_tokener_get_error(tokener) == json_tokener_continue)
      reason = "unexpected end of data";
    else if (json_tokener_get_error(tokener) != json_tokener_success)
      reason = json_tokener_error_desc(json_tokener_get_error(tokener));
    else if (!only_space(text + end, length - end))
      reason = "data behind the document";
  }
  json_tokener_free(tokener);
  if (reason) {
    json_object_put(object);
    object = NULL;
  }
  if (offset) *offset = end;
  if (why) *why = reason;
  return object;
}

struct json_object *
json_parse(const char *text, size_t length, size_t *offset, const char **why)
{
  return parse(text, length, 0, offset, why);
}

/* What json-c's strict mode still lets through: the first such byte, or LENGTH. */
static size_t
first_loose_byte(const char *text, size_t length, const char **why)
{
  bool in_string = false;

  for (size_t i = 0; i < length; i++) {
    char c = text[i];

    if (in_string && c == '\\') {
      i++;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (in_string && (unsigned char)c < 0x20) {
      *why = "control character in a string";
      return i;
    } else if (!in_string &&
               (c == 'N' || c == 'I' || (c == '.' && (i + 1 == length || !str_is_digit(text[i + 1]))))) {
      *why = "number expected";
      return i;
    }
  }
  return length;
}

struct json_object *
json_parse_strict(const char *text, size_t length, size_t *offset, const char **why)
{
  const char *loose_why = NULL;
  size_t loose = first_loose_byte(text, length, &loose_why);

  if (loose == length)
    return parse(text, length, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8, offset, why);
  if (offset) *offset = loose;
  if (why) *why = loose_why;
  return NULL;
}

const char *
json_text(struct json_object *object)
{
  return json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

struct json_object *
json_get(struct json_object *object, const char *key)
{
  struct json_object *member = NULL;

  if (!object || !json_object_is_type(object, json_type_object)) return NULL;
  json_object_object_get_ex(object, key, &member);
  return member;
}

const char *
json_get_text(struct json_object *object, const char *key)
{
  struct json_object *member = json_get(object, key);

  if (!member || json_object_is_type(member, json_type_array) ||
      json_object_is_type(member, json_type_object))
    return NULL;
  return json_object_get_string(member);
}

int64_t
json_get_int(struct json_object *object, const char *key, int64_t absent)
{
  struct json_object *member = json_get(object, key);
  int64_t value = absent;

  if (json_object_is_type(member, json_type_int)) return json_object_get_int64(member);
  if (json_object_is_type(member, json_type_double)) return (int64_t)json_object_get_double(member);
  if (json_object_is_type(member, json_type_string)) str_to_int64(json_object_get_string(member), &value);
  return value;
}

bool
json_get_bool(struct json_object *object, const char *key, bool absent)
{
  struct json_object *member = json_get(object, key);

  if (json_object_is_type(member, json_type_boolean)) return json_object_get_boolean(member);
  if (json_object_is_type(member, json_type_string)) return str_ieq(json_object_get_string(member), "true");
  return absent;
}

struct json_object *
json_get_array(struct json_object *object, const char *key)
{
  struct json_object *member = json_get(object, key);

  return json_object_is_type(member, json_type_array) ? member : NULL;
}

struct json_object *
json_get_object(struct json_object *object, const char *key)
{
  struct json_object *member = json_get(object, key);

  return json_object_is_type(member, json_type_object) ? member : NULL;
}

size_t
json_length(struct json_object *array)
{
  return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

struct json_object *
json_item(struct json_object *array, size_t index)
{
  return index < json_length(array) ? json_object_array_get_idx(array, index) : NULL;
}

bool
json_next(struct json_object *object, void **at, const char **key, struct json_object **value)
{
  struct lh_entry *entry;

  if (!json_object_is_type(object, json_type_object)) return false;
  entry = *at ? lh_entry_next(*at) : lh_table_head(json_object_get_object(object));
  if (!entry) return false;
  *at = entry;
  *key = lh_entry_k(entry);
  *value = lh_entry_v(entry);
  return true;
}

void
json_add_text(struct json_object *object, const char *key, const char *text)
{
  json_object_object_add(object, key, text ? json_object_new_string(text) : NULL);
}

void
json_add_int(struct json_object *object, const char *key, int64_t value)
{
  json_object_object_add(object, key, json_object_new_int64(value));
}

void
json_add_bool(struct json_object *object, const char *key, bool value)
{
  json_object_object_add(object, key, json_object_new_boolean(value));
}

static size_t
skip_space(const char *text, size_t length, size_t position)
{
  while (position < length && only_space(text + position, 1))
    position++;
  return position;
}

/* The element that begins at *POSITION; false when there is none. */
static bool
parse_element(const char *text, size_t length, size_t *position, struct json_object **item)
{
  struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
  size_t rest = length - *position;
  bool good;

  *item = json_tokener_parse_ex(tokener, text + *position, rest > INT_MAX ? INT_MAX : (int)rest);
  good = json_tokener_get_error(tokener) == json_tokener_success;
  if (good) *position += json_tokener_get_parse_end(tokener);
  json_tokener_free(tokener);
  return good;
}

int
json_array_next(const char *text, size_t length, size_t *position, struct json_object **item)
{
  size_t at = skip_space(text, length, *position);
  bool first = *position == 0;
  char expected = first ? '[' : ',';

  *item = NULL;
  if (at >= length) return -1;
  if (!first && text[at] == ']') return only_space(text + at + 1, length - at - 1) ? 0 : -1;
  if (text[at] != expected) return -1;
  at = skip_space(text, length, at + 1);
  if (at >= length) return -1;
  if (first && text[at] == ']') return only_space(text + at + 1, length - at - 1) ? 0 : -1;
  if (!parse_element(text, length, &at, item)) return -1;
  *position = at;
  return 1;
}
