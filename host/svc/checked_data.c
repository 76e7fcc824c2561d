/* SPDX-License-Identifier: Apache-2.0 */
/* The services that bring data (config, sql, rest, meta, cache) with their callers checked. */
#include "svc/checked.h"
#include "svc/services.h"

#include "base/banned.h"

static const char *
config_text(struct clxs_call *call, const char *key)
{
  checked_texts(call, "config text", 1, key);
  return service_config.text(call, key);
}

static int64_t
config_integer(struct clxs_call *call, const char *key, int64_t absent)
{
  checked_texts(call, "config integer", 1, key);
  return service_config.integer(call, key, absent);
}

static const char *
config_origin(struct clxs_call *call, const char *key)
{
  checked_texts(call, "config origin", 1, key);
  return service_config.origin(call, key);
}

static const char *
config_directory(struct clxs_call *call, int32_t which)
{
  if (which < CLXS_DIR_STATE || which > CLXS_DIR_DATA)
    checked_stop(call, "config directory", "there is no such place");
  return service_config.directory(call, which);
}

static const char *
config_host(struct clxs_call *call)
{
  checked_thread(call, "config host");
  return service_config.host(call);
}

const struct clxs_config checked_config = {.size = sizeof checked_config,
                                           .text = config_text,
                                           .integer = config_integer,
                                           .origin = config_origin,
                                           .directory = config_directory,
                                           .host = config_host};

static clxs_status
sql_run(struct clxs_call *call, const struct clxs_statement *given, struct clxs_rows **rows)
{
  struct clxs_statement statement;

  checked_thread(call, "sql run");
  if (given->size <= sizeof given->size) checked_stop(call, "sql run", "the statement's size is not set");
  services_copy_in(&statement, sizeof statement, given);
  if (!statement.text) checked_stop(call, "sql run", "the statement has no text");
  checked_texts(call, "sql run", 5, statement.text, statement.catalog, statement.schema, statement.purpose,
                statement.workspace);
  for (uint32_t i = 0; i < statement.bind_count; i++)
    checked_texts(call, "sql run", 3, statement.binds[i].name, statement.binds[i].type,
                  statement.binds[i].value);
  return service_sql.run(call, given, rows);
}

static uint32_t
sql_column_count(struct clxs_call *call, struct clxs_rows *rows)
{
  checked_rows(call, "sql column_count", rows);
  return service_sql.column_count(call, rows);
}

static const struct clxs_column *
sql_column(struct clxs_call *call, struct clxs_rows *rows, uint32_t index)
{
  checked_rows(call, "sql column", rows);
  return service_sql.column(call, rows, index);
}

static clxs_status
sql_next(struct clxs_call *call, struct clxs_rows *rows)
{
  checked_rows(call, "sql next", rows);
  return service_sql.next(call, rows);
}

static const char *
sql_text(struct clxs_call *call, struct clxs_rows *rows, uint32_t index)
{
  checked_rows(call, "sql text", rows);
  if (index >= service_sql.column_count(call, rows))
    checked_stop(call, "sql text", "there is no such column");
  return service_sql.text(call, rows, index);
}

static const char *
sql_statement_id(struct clxs_call *call, struct clxs_rows *rows)
{
  checked_rows(call, "sql statement_id", rows);
  return service_sql.statement_id(call, rows);
}

static void
sql_close(struct clxs_call *call, struct clxs_rows *rows)
{
  if (rows) checked_rows(call, "sql close", rows);
  service_sql.close(call, rows);
}

const struct clxs_sql checked_sql = {.size = sizeof checked_sql,
                                     .run = sql_run,
                                     .column_count = sql_column_count,
                                     .column = sql_column,
                                     .next = sql_next,
                                     .text = sql_text,
                                     .statement_id = sql_statement_id,
                                     .close = sql_close};

static void
check_request(struct clxs_call *call, const char *function, const struct clxs_request *given)
{
  struct clxs_request request;

  checked_thread(call, function);
  if (given->size <= sizeof given->size) checked_stop(call, function, "the request's size is not set");
  services_copy_in(&request, sizeof request, given);
  checked_texts(call, function, 6, request.method, request.path, request.query, request.body, request.purpose,
                request.workspace);
}

static clxs_status
rest_send(struct clxs_call *call, const struct clxs_request *request, struct clxs_response *response)
{
  check_request(call, "rest send", request);
  if (response && response->size <= sizeof response->size)
    checked_stop(call, "rest send", "the response's size is not set");
  return service_rest.send(call, request, response);
}

static clxs_status
rest_each(struct clxs_call *call, const struct clxs_request *request, const char *list,
          clxs_status (*item)(void *data, const char *json, size_t length), void *data)
{
  check_request(call, "rest each", request);
  return service_rest.each(call, request, list, item, data);
}

static void
rest_traffic(struct clxs_call *call, struct clxs_traffic *traffic)
{
  if (traffic->size <= sizeof traffic->size) checked_stop(call, "rest traffic", "the size is not set");
  service_rest.traffic(call, traffic);
}

static clxs_status
rest_download(struct clxs_call *call, const struct clxs_request *request, struct clxs_download **download,
              struct clxs_content *content)
{
  check_request(call, "rest download", request);
  if (content && content->size <= sizeof content->size)
    checked_stop(call, "rest download", "the content's size is not set");
  return service_rest.download(call, request, download, content);
}

static clxs_status
rest_read(struct clxs_call *call, struct clxs_download *download, char *buffer, size_t room, size_t *got)
{
  checked_download(call, "rest read", download);
  if (room == 0) checked_stop(call, "rest read", "there is no room");
  return service_rest.read(call, download, buffer, room, got);
}

static void
rest_close(struct clxs_call *call, struct clxs_download *download)
{
  if (download) checked_download(call, "rest close", download);
  service_rest.close(call, download);
}

static clxs_status
rest_upload(struct clxs_call *call, const struct clxs_request *request, const struct clxs_source *given,
            struct clxs_response *response)
{
  struct clxs_source source;

  check_request(call, "rest upload", request);
  if (given->size <= sizeof given->size) checked_stop(call, "rest upload", "the source's size is not set");
  services_copy_in(&source, sizeof source, given);
  if (source.length < 0 || !source.read || !source.restart)
    checked_stop(call, "rest upload", "the source lacks its length or a function");
  if (response && response->size <= sizeof response->size)
    checked_stop(call, "rest upload", "the response's size is not set");
  return service_rest.upload(call, request, given, response);
}

const struct clxs_rest checked_rest = {.size = sizeof checked_rest,
                                       .send = rest_send,
                                       .each = rest_each,
                                       .traffic = rest_traffic,
                                       .download = rest_download,
                                       .read = rest_read,
                                       .close = rest_close,
                                       .upload = rest_upload};

static clxs_status
meta_list_checked(struct clxs_call *call, const char *kind, const char *catalog, const char *schema,
                  const char **json)
{
  checked_thread(call, "meta list");
  checked_texts(call, "meta list", 3, kind, catalog, schema);
  return service_meta.list(call, kind, catalog, schema, json);
}

static clxs_status
meta_get_checked(struct clxs_call *call, const char *kind, const char *const *names, uint32_t count,
                 const char **json)
{
  checked_thread(call, "meta get");
  for (uint32_t i = 0; i < count; i++)
    checked_texts(call, "meta get", 1, names[i]);
  return service_meta.get(call, kind, names, count, json);
}

static void
meta_invalidate_checked(struct clxs_call *call, const char *catalog)
{
  checked_thread(call, "meta invalidate");
  checked_texts(call, "meta invalidate", 1, catalog);
  service_meta.invalidate(call, catalog);
}

const struct clxs_meta checked_meta = {.size = sizeof checked_meta,
                                       .list = meta_list_checked,
                                       .get = meta_get_checked,
                                       .invalidate = meta_invalidate_checked};

static const char *
cache_get_checked(struct clxs_call *call, const char *key)
{
  checked_thread(call, "cache get");
  return service_cache.get(call, key);
}

static void
cache_put_checked(struct clxs_call *call, const char *key, const char *value, int64_t ttl_ms)
{
  checked_thread(call, "cache put");
  checked_texts(call, "cache put", 2, key, value);
  service_cache.put(call, key, value, ttl_ms);
}

static void
cache_drop_checked(struct clxs_call *call, const char *key)
{
  checked_thread(call, "cache drop");
  service_cache.drop(call, key);
}

const struct clxs_cache checked_cache = {.size = sizeof checked_cache,
                                         .get = cache_get_checked,
                                         .put = cache_put_checked,
                                         .drop = cache_drop_checked};
