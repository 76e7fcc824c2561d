/* SPDX-License-Identifier: Apache-2.0 */
/* Types with an inside, as CREATE TABLE wants them: fields of structs may have comments and may have to have
 * a value, which the type's text in listings does not say and Spark's own description does. Where the two do
 * not agree on the rest, the text counts.
 * https://docs.databricks.com/sql/language-manual/data-types/struct-type.html */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

struct writing {
  struct buf *text;
  bool plain;    /* as listings write it */
  bool comments; /* say them */
};

static void write_type(const struct writing *writing, struct json_object *type);

static void
write_word(const struct writing *writing, const char *word)
{
  static const char *const words[][2] = {
      {"long", "bigint"}, {"integer", "int"}, {"short", "smallint"}, {"byte", "tinyint"}};

  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (str_eq(word, words[i][0])) word = words[i][1];
  buf_add_text(writing->text, word ? word : "?");
}

static void
write_field(const struct writing *writing, struct json_object *field)
{
  struct json_object *metadata = json_get_object(field, "metadata");
  const char *name = json_get_text(field, "name"), *comment = json_get_text(metadata, "comment");
  const char *narrow = json_get_text(metadata, "__CHAR_VARCHAR_TYPE_STRING");

  if (writing->plain)
    buf_add_text(writing->text, name ? name : "?");
  else
    sql_add_name(writing->text, name ? name : "?");
  buf_add_char(writing->text, ':');
  if (narrow)
    buf_add_text(writing->text, narrow);
  else
    write_type(writing, json_get(field, "type"));
  if (writing->plain) return;
  if (!json_get_bool(field, "nullable", true)) buf_add_text(writing->text, " NOT NULL");
  if (!comment || !*comment || !writing->comments) return;
  buf_add_text(writing->text, " COMMENT ");
  sql_add_literal(writing->text, comment);
}

static void
write_type(const struct writing *writing, struct json_object *type)
{
  const char *kind = json_get_text(type, "type");
  struct json_object *fields = json_get_array(type, "fields");

  if (!kind) {
    write_word(writing, type ? json_object_get_string(type) : NULL);
  } else if (str_eq(kind, "struct")) {
    buf_add_text(writing->text, "struct<");
    for (size_t i = 0; i < json_length(fields); i++) {
      if (i) buf_add_char(writing->text, ',');
      write_field(writing, json_item(fields, i));
    }
    buf_add_char(writing->text, '>');
  } else if (str_eq(kind, "array")) {
    buf_add_text(writing->text, "array<");
    write_type(writing, json_get(type, "elementType"));
    buf_add_char(writing->text, '>');
  } else if (str_eq(kind, "map")) {
    buf_add_text(writing->text, "map<");
    write_type(writing, json_get(type, "keyType"));
    buf_add_char(writing->text, ',');
    write_type(writing, json_get(type, "valueType"));
    buf_add_char(writing->text, '>');
  } else {
    buf_add_char(writing->text, '?');
  }
}

void
clone_add_type(const struct clone *clone, struct buf *text, const struct model_column *column,
               struct json_object *description)
{
  CLEANUP_BUF struct buf plain = BUF_INIT(BUF_SQL);
  struct json_object *type = json_get_object(description, "type");
  struct writing writing = {.text = &plain, .plain = true, .comments = clone->options.comments};

  if (type) write_type(&writing, type);
  if (!type || !str_ieq(plain.data, column->type_text)) {
    buf_add_text(text, column->type_text);
    return;
  }
  writing = (struct writing){.text = text, .comments = clone->options.comments};
  write_type(&writing, type);
}
