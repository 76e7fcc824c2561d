/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON forms of what has no table of its own. */
#include "store/policy.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"

#include "base/banned.h"

static const char *
keep(struct arena *arena, const struct buf *buf)
{
  return arena_strndup(arena, buf->data, buf->len);
}

const char *
policy_json(struct arena *arena, const struct policy *policy)
{
  struct buf out CLEANUP_BUF = BUF_INIT(BUF_LARGE);

  if (!policy) return NULL;
  buf_add_text(&out, "{\"function_name\":");
  buf_add_json(&out, policy->function_name);
  buf_add_text(&out, ",\"arguments\":[");
  for (size_t i = 0; i < policy->argument_count; i++) {
    const struct policy_argument *argument = &policy->arguments[i];

    buf_addf(&out, "%s{\"%s\":", i ? "," : "", argument->column ? "column" : "constant");
    buf_add_json(&out, argument->column ? argument->column : argument->constant);
    buf_add_char(&out, '}');
  }
  buf_add_text(&out, "]}");
  return keep(arena, &out);
}

struct policy *
policy_parse(struct arena *arena, const char *json)
{
  struct json_object *object CLEANUP_JSON = json ? json_parse(json, strlen(json), NULL, NULL) : NULL;
  struct json_object *arguments = json_get_array(object, "arguments");
  struct policy *policy;

  if (!object) return NULL;
  policy = arena_alloc(arena, sizeof *policy);
  policy->function_name = arena_strdup(arena, json_get_text(object, "function_name"));
  policy->argument_count = json_length(arguments);
  policy->arguments = arena_array(arena, policy->argument_count, sizeof *policy->arguments);
  for (size_t i = 0; i < policy->argument_count; i++) {
    struct json_object *item = json_item(arguments, i);

    policy->arguments[i].column = arena_strdup(arena, json_get_text(item, "column"));
    policy->arguments[i].constant = arena_strdup(arena, json_get_text(item, "constant"));
  }
  return policy;
}

const char *
text_list_json(struct arena *arena, const char *const *texts, size_t count)
{
  struct buf out CLEANUP_BUF = BUF_INIT(BUF_LARGE);

  buf_add_char(&out, '[');
  for (size_t i = 0; i < count; i++) {
    if (i) buf_add_char(&out, ',');
    buf_add_json(&out, texts[i]);
  }
  buf_add_char(&out, ']');
  return keep(arena, &out);
}

const char **
text_list_parse(struct arena *arena, const char *json, size_t *count)
{
  struct json_object *array CLEANUP_JSON = json ? json_parse(json, strlen(json), NULL, NULL) : NULL;
  const char **texts;

  *count = json_length(array);
  texts = arena_array(arena, *count, sizeof *texts);
  for (size_t i = 0; i < *count; i++)
    texts[i] = arena_strdup(arena, json_object_get_string(json_item(array, i)));
  return texts;
}

static void
add_member(struct buf *out, const char *key, const char *text)
{
  if (!text) return;
  buf_addf(out, ",\"%s\":", key);
  buf_add_json(out, text);
}

static void
add_column(struct buf *out, const struct column *column)
{
  buf_addf(out, "{\"id\":%lld,\"precision\":%d,\"scale\":%d,\"nullable\":%s,\"partition\":%d",
           (long long)column->id, column->precision, column->scale, column->nullable ? "true" : "false",
           column->partition_index);
  add_member(out, "name", column->name);
  add_member(out, "comment", column->comment);
  add_member(out, "type_text", column->type_text);
  add_member(out, "type_name", column->type_name);
  add_member(out, "type_json", column->type_json);
  add_member(out, "default", column->default_sql);
  add_member(out, "generated", column->generated_sql);
  if (column->identity != IDENTITY_NONE)
    buf_addf(out, ",\"identity\":%d,\"start\":%lld,\"step\":%lld,\"high\":%lld,\"used\":%s",
             (int)column->identity, (long long)column->identity_start, (long long)column->identity_step,
             (long long)column->identity_high, column->identity_used ? "true" : "false");
  buf_add_char(out, '}');
}

const char *
meta_json(struct arena *arena, const struct table *table)
{
  struct buf out CLEANUP_BUF = BUF_INIT(BUF_LARGE);

  buf_add_text(&out, "{\"columns\":[");
  for (size_t i = 0; i < table->column_count; i++) {
    if (i) buf_add_char(&out, ',');
    add_column(&out, &table->columns[i]);
  }
  buf_addf(&out, "],\"properties\":%s", table->properties ? table->properties : "{}");
  add_member(&out, "clustering", table->clustering);
  buf_add_char(&out, '}');
  return keep(arena, &out);
}

static void
parse_column(struct arena *arena, struct json_object *item, struct column *out)
{
  *out = (struct column){
      .id = json_get_int(item, "id", 0),
      .precision = (int)json_get_int(item, "precision", 0),
      .scale = (int)json_get_int(item, "scale", 0),
      .nullable = json_get_bool(item, "nullable", true),
      .partition_index = (int)json_get_int(item, "partition", -1),
      .name = arena_strdup(arena, json_get_text(item, "name")),
      .comment = arena_strdup(arena, json_get_text(item, "comment")),
      .type_text = arena_strdup(arena, json_get_text(item, "type_text")),
      .type_name = arena_strdup(arena, json_get_text(item, "type_name")),
      .type_json = arena_strdup(arena, json_get_text(item, "type_json")),
      .default_sql = arena_strdup(arena, json_get_text(item, "default")),
      .generated_sql = arena_strdup(arena, json_get_text(item, "generated")),
      .identity = (enum identity_kind)json_get_int(item, "identity", 0),
      .identity_start = json_get_int(item, "start", 0),
      .identity_step = json_get_int(item, "step", 0),
      .identity_high = json_get_int(item, "high", 0),
      .identity_used = json_get_bool(item, "used", false),
  };
}

void
meta_parse(struct arena *arena, const char *json, struct table *table)
{
  struct json_object *meta CLEANUP_JSON = json ? json_parse(json, strlen(json), NULL, NULL) : NULL;
  struct json_object *columns = json_get_array(meta, "columns");
  struct json_object *properties = json_get_object(meta, "properties");

  if (!meta) return;
  table->column_count = json_length(columns);
  table->columns = arena_array(arena, table->column_count, sizeof *table->columns);
  for (size_t i = 0; i < table->column_count; i++) {
    parse_column(arena, json_item(columns, i), &table->columns[i]);
    table->columns[i].position = (int)i;
  }
  table->properties = properties ? arena_strdup(arena, json_text(properties)) : "{}";
  table->clustering = arena_strdup(arena, json_get_text(meta, "clustering"));
}

static void
add_metadata(struct buf *out, bool *first, const char *key, const char *json)
{
  buf_addf(out, "%s\"%s\":%s", *first ? "" : ",", key, json);
  *first = false;
}

static void
add_metadata_text(struct buf *out, bool *first, const char *key, const char *text)
{
  if (!text) return;
  add_metadata(out, first, key, "");
  buf_add_json(out, text);
}

const char *
column_field_json(struct arena *arena, const struct column *column)
{
  struct buf out CLEANUP_BUF = BUF_INIT(BUF_LARGE);
  bool first = true;

  buf_add_text(&out, "{\"name\":");
  buf_add_json(&out, column->name);
  buf_addf(&out, ",\"type\":%s,\"nullable\":%s,\"metadata\":{", column->type_json,
           column->nullable ? "true" : "false");
  add_metadata_text(&out, &first, "comment", column->comment);
  add_metadata_text(&out, &first, "CURRENT_DEFAULT", column->default_sql);
  add_metadata_text(&out, &first, "delta.generationExpression", column->generated_sql);
  if (column->identity != IDENTITY_NONE) {
    add_metadata(&out, &first, "delta.identity.start",
                 arena_printf(arena, "%lld", (long long)column->identity_start));
    add_metadata(&out, &first, "delta.identity.step",
                 arena_printf(arena, "%lld", (long long)column->identity_step));
    add_metadata(&out, &first, "delta.identity.allowExplicitInsert",
                 column->identity == IDENTITY_BY_DEFAULT ? "true" : "false");
    if (column->identity_used)
      add_metadata(&out, &first, "delta.identity.highWaterMark",
                   arena_printf(arena, "%lld", (long long)column->identity_high));
  }
  buf_add_text(&out, "}}");
  return keep(arena, &out);
}
