/* SPDX-License-Identifier: Apache-2.0 */
/* Strict reading of JSON documents, one member at a time. It must not know which documents there are. */
#include "plugin/shape.h"

#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include "base/banned.h"

clxs_status
shape_fail(struct shape *shape, const char *format, ...)
{
  va_list args;
  char *message;

  va_start(args, format);
  message = arena_vprintf(shape->arena, format, args);
  va_end(args);
  /* What a stranger's file says must not reach the terminal as it is. */
  for (char *p = message; *p; p++)
    if ((unsigned char)*p < 0x20 || *p == 0x7f) *p = '?';
  if (shape->place[0])
    return err_set(shape->err, CLXS_E_CONFIG, "%s: %s: %s", shape->file, shape->place, message);
  return err_set(shape->err, CLXS_E_CONFIG, "%s: %s", shape->file, message);
}

clxs_status
shape_parse(struct shape *shape, const char *text, size_t length, struct json_object **document)
{
  const char *why = NULL;
  size_t offset = 0, line = 1, column = 1;

  shape->place[0] = '\0';
  *document = json_parse_strict(text, length, &offset, &why);
  if (*document) return CLXS_OK;
  if (!why) return shape_fail(shape, "must be an object, not null");
  for (size_t i = 0; i < offset && i < length; i++) {
    column = text[i] == '\n' ? 1 : column + 1;
    line += text[i] == '\n';
  }
  return err_set(shape->err, CLXS_E_CONFIG, "%s:%zu:%zu: not valid JSON: %s", shape->file, line, column, why);
}

static size_t
enter(struct shape *shape, const char *text)
{
  size_t mark = strlen(shape->place);

  snprintf(shape->place + mark, sizeof shape->place - mark, "%s", text);
  return mark;
}

size_t
shape_enter(struct shape *shape, const char *member)
{
  char text[128];

  snprintf(text, sizeof text, "%s%.100s", shape->place[0] ? "." : "", member);
  return enter(shape, text);
}

size_t
shape_enter_item(struct shape *shape, size_t index)
{
  char text[32];

  snprintf(text, sizeof text, "[%zu]", index);
  return enter(shape, text);
}

void
shape_leave(struct shape *shape, size_t mark)
{
  shape->place[mark] = '\0';
}

bool
shape_has(struct json_object *object, const char *key)
{
  return json_object_object_get_ex(object, key, NULL);
}

/* What a value is, in a reader's words. */
static const char *
type_name(struct json_object *value)
{
  switch (json_object_get_type(value)) {
  case json_type_null: return "null";
  case json_type_boolean: return json_object_get_boolean(value) ? "true" : "false";
  case json_type_double:
  case json_type_int: return "a number";
  case json_type_object: return "an object";
  case json_type_array: return "an array";
  case json_type_string: return "a text";
  }
  return "something else";
}

static clxs_status
unknown_member(struct shape *shape, const char *const *known, const char *name)
{
  const char *nearest = NULL;
  size_t best = 3;

  for (size_t i = 0; known[i]; i++) {
    size_t distance = str_distance(known[i], name);

    if (distance < best) {
      best = distance;
      nearest = known[i];
    }
  }
  if (nearest) return shape_fail(shape, "unknown member \"%.100s\"; did you mean \"%s\"?", name, nearest);
  return shape_fail(shape, "unknown member \"%.100s\"", name);
}

clxs_status
shape_object(struct shape *shape, struct json_object *value, const char *const *known,
             const char *const *required)
{
  struct json_object *member;
  const char *name;
  void *at = NULL;

  if (!json_object_is_type(value, json_type_object))
    return shape_fail(shape, "must be an object, not %s", type_name(value));
  while (json_next(value, &at, &name, &member))
    if (!str_listed(known, name)) return unknown_member(shape, known, name);
  for (; required && *required; required++)
    if (!shape_has(value, *required)) return shape_fail(shape, "member \"%s\" is missing", *required);
  return CLXS_OK;
}

static size_t
code_points(const char *text)
{
  size_t count = 0;

  for (; *text; text++)
    count += ((unsigned char)*text & 0xc0) != 0x80;
  return count;
}

clxs_status
shape_check_text(struct shape *shape, struct json_object *value, const struct shape_rule *rule,
                 const char **out)
{
  const char *text;

  if (!json_object_is_type(value, json_type_string))
    return shape_fail(shape, "must be a text, not %s", type_name(value));
  text = json_object_get_string(value);
  if (strlen(text) != (size_t)json_object_get_string_len(value))
    return shape_fail(shape, "must not contain NUL");
  if (code_points(text) > rule->max) return shape_fail(shape, "is longer than %zu characters", rule->max);
  if (!rule->ok(text)) return shape_fail(shape, "must be %s, not \"%.60s\"", rule->what, text);
  *out = arena_strdup(shape->arena, text);
  return CLXS_OK;
}

clxs_status
shape_text(struct shape *shape, struct json_object *object, const char *key, const struct shape_rule *rule,
           const char **out)
{
  size_t mark;
  clxs_status status;

  if (!shape_has(object, key)) return CLXS_OK;
  mark = shape_enter(shape, key);
  status = shape_check_text(shape, json_get(object, key), rule, out);
  shape_leave(shape, mark);
  return status;
}

clxs_status
shape_bool(struct shape *shape, struct json_object *object, const char *key, bool *out)
{
  struct json_object *value = json_get(object, key);
  size_t mark;

  if (!shape_has(object, key)) return CLXS_OK;
  if (json_object_is_type(value, json_type_boolean)) {
    *out = json_object_get_boolean(value);
    return CLXS_OK;
  }
  mark = shape_enter(shape, key);
  shape_fail(shape, "must be true or false, not %s", type_name(value));
  shape_leave(shape, mark);
  return CLXS_E_CONFIG;
}

clxs_status
shape_number(struct shape *shape, struct json_object *object, const char *key, bool *has, double *out)
{
  struct json_object *value = json_get(object, key);
  size_t mark;

  if (!shape_has(object, key)) return CLXS_OK;
  if ((json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double)) &&
      isfinite(json_object_get_double(value))) {
    *has = true;
    *out = json_object_get_double(value);
    return CLXS_OK;
  }
  mark = shape_enter(shape, key);
  shape_fail(shape, "must be a number, not %s", type_name(value));
  shape_leave(shape, mark);
  return CLXS_E_CONFIG;
}

clxs_status
shape_array(struct shape *shape, struct json_object *object, const char *key, struct json_object **out)
{
  struct json_object *value = json_get(object, key);
  size_t mark;

  *out = NULL;
  if (!shape_has(object, key)) return CLXS_OK;
  if (json_object_is_type(value, json_type_array)) {
    *out = value;
    return CLXS_OK;
  }
  mark = shape_enter(shape, key);
  shape_fail(shape, "must be an array, not %s", type_name(value));
  shape_leave(shape, mark);
  return CLXS_E_CONFIG;
}

clxs_status
shape_texts(struct shape *shape, struct json_object *object, const char *key, const struct shape_rule *rule,
            bool unique, const char *const **out)
{
  struct json_object *array;
  size_t count, mark = strlen(shape->place);
  const char **texts;
  clxs_status status = shape_array(shape, object, key, &array);

  if (status != CLXS_OK || !array) return status;
  count = json_length(array);
  texts = arena_array(shape->arena, count + 1, sizeof *texts);
  shape_enter(shape, key);
  for (size_t i = 0; i < count && status == CLXS_OK; i++) {
    size_t inner = shape_enter_item(shape, i);

    status = shape_check_text(shape, json_item(array, i), rule, &texts[i]);
    for (size_t k = 0; unique && k < i && status == CLXS_OK; k++)
      if (str_eq(texts[k], texts[i])) status = shape_fail(shape, "\"%s\" is there twice", texts[i]);
    shape_leave(shape, inner);
  }
  shape_leave(shape, mark);
  *out = texts;
  return status;
}
