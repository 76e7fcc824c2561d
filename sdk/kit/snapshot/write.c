/* SPDX-License-Identifier: Apache-2.0 */
/* A model as a document. Members are written in the order of their names, so that the hash of the content is
 * that of its canonical form (`jq -jcS .catalog`). */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/json_write.h"
#include "base/sha256.h"
#include "base/str.h"
#include "kit/model/details.h"
#include "kit/model/model.h"
#include "kit/snapshot/snapshot.h"

#include "base/banned.h"

static void
write_json(struct json_writer *writer, const char *key, const char *text)
{
  CLEANUP_JSON struct json_object *value = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;

  if (value) json_write_tree(writer, key, value);
}

/* They count commits, and tell nothing about what a table is. */
static bool
is_counter(const char *key)
{
  static const char *const counters[] = {"delta.lastCommitTimestamp", "delta.lastUpdateVersion",
                                         "transient_lastDdlTime", NULL};

  return str_listed(counters, key);
}

static int
compare_properties(const void *a, const void *b)
{
  const struct model_property *first = a, *second = b;

  return strcmp(first->key, second->key);
}

static void
write_properties(struct json_writer *writer, const struct model_property *properties, uint32_t count)
{
  CLEANUP_FREE struct model_property *sorted = xcalloc(count + 1, sizeof *sorted);

  if (!count) return;
  memcpy(sorted, properties, count * sizeof *sorted);
  qsort(sorted, count, sizeof *sorted, compare_properties);
  json_begin_object(writer, "properties");
  for (uint32_t i = 0; i < count; i++)
    if (!is_counter(sorted[i].key))
      json_write_text(writer, sorted[i].key, sorted[i].value ? sorted[i].value : "");
  json_end_object(writer);
}

static void
write_tags(struct json_writer *writer, const struct model_item *item)
{
  if (!item->tag_count) return;
  json_begin_array(writer, "tags");
  for (uint32_t i = 0; i < item->tag_count; i++) {
    json_begin_object(writer, NULL);
    json_write_text(writer, "column", item->tags[i].column);
    json_write_text(writer, "key", item->tags[i].key);
    json_write_text(writer, "value", item->tags[i].value);
    json_end_object(writer);
  }
  json_end_array(writer);
}

/* One principal's privileges, which stand together, from *I on. */
static void
write_assignment(struct json_writer *writer, const struct model_item *item, uint32_t *i)
{
  const char *principal = item->grants[*i].principal;

  json_begin_object(writer, NULL);
  json_write_text(writer, "principal", principal);
  json_begin_array(writer, "privileges");
  for (; *i < item->grant_count && str_eq(item->grants[*i].principal, principal); ++*i)
    json_write_text(writer, NULL, item->grants[*i].privilege);
  json_end_array(writer);
  json_end_object(writer);
}

static void
write_grants(struct json_writer *writer, const struct model_item *item)
{
  if (item->grant_count) {
    json_begin_array(writer, "grants");
    for (uint32_t i = 0; i < item->grant_count;)
      write_assignment(writer, item, &i);
    json_end_array(writer);
  }
  if (item->grants_problem) json_write_bool(writer, "grants_hidden", true);
}

static void
write_columns(struct json_writer *writer, const struct model_table *table)
{
  json_begin_array(writer, "columns");
  for (uint32_t i = 0; i < table->column_count; i++) {
    const struct model_column *column = &table->columns[i];

    json_begin_object(writer, NULL);
    json_write_text(writer, "comment", column->comment);
    write_json(writer, "mask", column->mask);
    json_write_text(writer, "name", column->name);
    json_write_bool(writer, "nullable", !column->not_null);
    if (column->partition_index >= 0) json_write_int(writer, "partition_index", column->partition_index);
    json_write_int(writer, "position", i);
    json_write_text(writer, "type_json", column->type_json);
    json_write_text(writer, "type_text", column->type_text);
    json_end_object(writer);
  }
  json_end_array(writer);
}

/* Where the service keeps managed data changes whenever an object is made anew. */
static const char *
own_location(const char *type, const char *location)
{
  return str_starts(type, "EXTERNAL") ? location : NULL;
}

static void
write_table(struct json_writer *writer, const struct model_table *table)
{
  json_begin_object(writer, NULL);
  write_columns(writer, table);
  json_write_text(writer, "comment", table->item.comment);
  json_write_text(writer, "data_source_format", table->format);
  write_grants(writer, &table->item);
  json_write_text(writer, "name", table->item.name);
  json_write_text(writer, "owner", table->item.owner);
  write_properties(writer, table->properties, table->property_count);
  write_json(writer, "row_filter", table->row_filter);
  json_write_text(writer, "sql_path", table->sql_path);
  json_write_text(writer, "storage_location", own_location(table->type, table->storage_location));
  write_json(writer, "table_constraints", table->constraints);
  json_write_text(writer, "table_type", table->type);
  write_tags(writer, &table->item);
  json_write_text(writer, "view_definition", table->view_definition);
  json_end_object(writer);
}

static void
write_parameters(struct json_writer *writer, const char *key, const struct model_parameter *parameters,
                 uint32_t count)
{
  if (!count) return;
  json_begin_object(writer, key);
  json_begin_array(writer, "parameters");
  for (uint32_t i = 0; i < count; i++) {
    json_begin_object(writer, NULL);
    json_write_text(writer, "comment", parameters[i].comment);
    json_write_text(writer, "name", parameters[i].name);
    json_write_text(writer, "parameter_default", parameters[i].default_value);
    json_write_int(writer, "position", i);
    json_write_text(writer, "type_text", parameters[i].type_text);
    json_end_object(writer);
  }
  json_end_array(writer);
  json_end_object(writer);
}

static void
write_function(struct json_writer *writer, const struct model_function *function)
{
  json_begin_object(writer, NULL);
  json_write_text(writer, "comment", function->item.comment);
  json_write_text(writer, "data_type", function->data_type);
  json_write_text(writer, "external_language", function->language);
  json_write_text(writer, "full_data_type", function->full_data_type);
  write_grants(writer, &function->item);
  write_parameters(writer, "input_params", function->parameters, function->parameter_count);
  if (function->deterministic >= 0) json_write_bool(writer, "is_deterministic", function->deterministic != 0);
  json_write_text(writer, "name", function->item.name);
  json_write_text(writer, "owner", function->item.owner);
  write_parameters(writer, "return_params", function->returns, function->return_count);
  json_write_text(writer, "routine_body", function->body);
  json_write_text(writer, "routine_definition", function->definition);
  json_write_text(writer, "sql_data_access", function->data_access);
  json_write_text(writer, "sql_path", function->sql_path);
  write_tags(writer, &function->item);
  json_end_object(writer);
}

static void
write_volume(struct json_writer *writer, const struct model_volume *volume)
{
  json_begin_object(writer, NULL);
  json_write_text(writer, "comment", volume->item.comment);
  write_grants(writer, &volume->item);
  json_write_text(writer, "name", volume->item.name);
  json_write_text(writer, "owner", volume->item.owner);
  json_write_text(writer, "storage_location", own_location(volume->type, volume->storage_location));
  write_tags(writer, &volume->item);
  json_write_text(writer, "volume_type", volume->type);
  json_end_object(writer);
}

static void
write_schema(struct json_writer *writer, const struct model_schema *schema)
{
  json_begin_object(writer, NULL);
  json_write_text(writer, "comment", schema->item.comment);
  json_begin_array(writer, "functions");
  VEC_EACH (&schema->functions, function)
    write_function(writer, function);
  json_end_array(writer);
  write_grants(writer, &schema->item);
  json_write_text(writer, "name", schema->item.name);
  json_write_text(writer, "owner", schema->item.owner);
  write_properties(writer, schema->properties, schema->property_count);
  json_write_text(writer, "storage_root", schema->storage_root);
  json_begin_array(writer, "tables");
  VEC_EACH (&schema->tables, table)
    write_table(writer, table);
  json_end_array(writer);
  write_tags(writer, &schema->item);
  json_begin_array(writer, "volumes");
  VEC_EACH (&schema->volumes, volume)
    write_volume(writer, volume);
  json_end_array(writer);
  json_end_object(writer);
}

static void
write_catalog(struct json_writer *writer, const char *key, const struct model_catalog *model)
{
  json_begin_object(writer, key);
  json_write_text(writer, "catalog_type", model->type);
  json_write_text(writer, "comment", model->item.comment);
  write_grants(writer, &model->item);
  json_write_text(writer, "isolation_mode", model->isolation_mode);
  json_write_text(writer, "name", model->item.name);
  json_write_text(writer, "owner", model->item.owner);
  write_properties(writer, model->properties, model->property_count);
  json_begin_array(writer, "schemas");
  VEC_EACH (&model->schemas, schema)
    write_schema(writer, schema);
  json_end_array(writer);
  json_write_text(writer, "storage_root", model->storage_root);
  write_tags(writer, &model->item);
  json_end_object(writer);
}

static void
hash_content(const struct model_catalog *model, char hash[SNAPSHOT_HASH_SIZE])
{
  CLEANUP_BUF struct buf content = BUF_INIT(BUF_LARGE);
  struct json_writer writer = {.out = &content};
  size_t length = strlen("sha256:");

  write_catalog(&writer, NULL, model);
  memcpy(hash, "sha256:", length);
  sha256_hex(content.data, content.len, hash + length);
}

void
snapshot_write(const struct model_catalog *model, uint32_t covers, struct buf *out,
               char hash[SNAPSHOT_HASH_SIZE])
{
  char own_hash[SNAPSHOT_HASH_SIZE];
  struct json_writer writer;

  if (!hash) hash = own_hash;
  hash_content(model, hash);
  writer = (struct json_writer){.out = out, .pretty = true};
  json_begin_object(&writer, NULL);
  json_write_text(&writer, "format", SNAPSHOT_FORMAT);
  json_write_int(&writer, "schema_version", SNAPSHOT_SCHEMA);
  json_write_text(&writer, "content_hash", hash);
  json_begin_object(&writer, "covers");
  json_write_bool(&writer, "constraints", (covers & MODEL_KEYS) != 0);
  json_write_bool(&writer, "grants", (covers & MODEL_GRANTS) != 0);
  json_write_bool(&writer, "tags", (covers & MODEL_TAGS) != 0);
  json_end_object(&writer);
  write_catalog(&writer, "catalog", model);
  json_end_object(&writer);
  buf_add_char(out, '\n');
}
