/* SPDX-License-Identifier: Apache-2.0 */
/* See yaml.h. libyaml's emitter does indentation, escapes and block scalars; which texts need quotes is
 * decided here, because the emitter does not know what a reader would take for a number or a boolean. */
#include "out/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

#include "base/banned.h"

/* Plain scalars that are not texts in YAML 1.1 (https://yaml.org/type/) or 1.2. */
static bool
is_reserved(const char *text)
{
  static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};

  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (str_ieq(text, words[i])) return true;
  return false;
}

/* A text that no reader takes for anything else: it starts with a letter, and consists of what has no
 * meaning. */
static bool
is_plain(const char *text, size_t length)
{
  if (length == 0 || !str_is_alpha(text[0]) || is_reserved(text)) return false;
  for (size_t i = 0; i < length; i++)
    if (!str_is_alnum(text[i]) && !strchr("_-./ ", text[i])) return false;
  return text[length - 1] != ' ';
}

static yaml_scalar_style_t
text_style(const char *text, size_t length)
{
  if (is_plain(text, length)) return YAML_PLAIN_SCALAR_STYLE;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];

    if (c == '\n') continue;
    if (c < 0x20 || c >= 0x7f) return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  }
  /* Block scalars only where their rules for leading and trailing white space cannot matter. */
  if (memchr(text, '\n', length) && text[0] != ' ' && text[0] != '\n' && text[length - 1] != ' ')
    return YAML_LITERAL_SCALAR_STYLE;
  return memchr(text, '\n', length) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_SINGLE_QUOTED_SCALAR_STYLE;
}

static bool
emit_scalar(yaml_emitter_t *emitter, const char *text, size_t length, yaml_scalar_style_t style)
{
  yaml_event_t event;

  return yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)length, 1, 1,
                                      style) &&
         yaml_emitter_emit(emitter, &event);
}

static bool
emit_text(yaml_emitter_t *emitter, const char *text, size_t length)
{
  return emit_scalar(emitter, text, length, text_style(text, length));
}

static bool emit_value(yaml_emitter_t *emitter, struct json_object *value);

static bool
emit_object(yaml_emitter_t *emitter, struct json_object *object)
{
  yaml_event_t event;
  void *at = NULL;
  const char *key;
  struct json_object *value;

  if (!yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE) ||
      !yaml_emitter_emit(emitter, &event))
    return false;
  while (json_next(object, &at, &key, &value)) {
    if (!emit_text(emitter, key, strlen(key)) || !emit_value(emitter, value)) return false;
  }
  return yaml_mapping_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static bool
emit_array(yaml_emitter_t *emitter, struct json_object *array)
{
  yaml_event_t event;

  if (!yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE) ||
      !yaml_emitter_emit(emitter, &event))
    return false;
  for (size_t i = 0; i < json_length(array); i++)
    if (!emit_value(emitter, json_item(array, i))) return false;
  return yaml_sequence_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static bool
emit_value(yaml_emitter_t *emitter, struct json_object *value)
{
  const char *text;

  switch (json_object_get_type(value)) {
  case json_type_object: return emit_object(emitter, value);
  case json_type_array: return emit_array(emitter, value);
  case json_type_string:
    return emit_text(emitter, json_object_get_string(value), (size_t)json_object_get_string_len(value));
  case json_type_null:
  case json_type_boolean:
  case json_type_int:
  case json_type_double:
  default:
    text = value ? json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN) : "null";
    return emit_scalar(emitter, text, strlen(text), YAML_PLAIN_SCALAR_STYLE);
  }
}

static int
write_to_buf(void *data, unsigned char *bytes, size_t size)
{
  struct buf *buf = data;

  buf_add(buf, bytes, size);
  return !buf->overflow;
}

static bool
emit_document(yaml_emitter_t *emitter, struct json_object *value)
{
  yaml_event_t event;

  return yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) &&
         yaml_emitter_emit(emitter, &event) &&
         yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
         yaml_emitter_emit(emitter, &event) && emit_value(emitter, value) &&
         yaml_document_end_event_initialize(&event, 1) && yaml_emitter_emit(emitter, &event) &&
         yaml_stream_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

clxs_status
yaml_add_value(struct buf *buf, struct json_object *value, struct err *err)
{
  yaml_emitter_t emitter;
  clxs_status status = CLXS_OK;

  if (!yaml_emitter_initialize(&emitter)) return err_set(err, CLXS_E_INTERNAL, "cannot set up YAML output");
  yaml_emitter_set_output(&emitter, write_to_buf, buf);
  yaml_emitter_set_unicode(&emitter, 1);
  yaml_emitter_set_width(&emitter, -1);
  if (!emit_document(&emitter, value)) {
    status = err_set(err, CLXS_E_INTERNAL, "cannot write the result as YAML: %s",
                     emitter.problem ? emitter.problem : "it is not valid text");
  }
  yaml_emitter_delete(&emitter);
  return status;
}
