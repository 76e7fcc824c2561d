/* SPDX-License-Identifier: Apache-2.0 */
/* The Statement Execution API: checking what is asked for, and telling how a statement stands.
 * https://docs.databricks.com/api/workspace/statementexecution. It must not know how statements run. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/auth.h"
#include "http/executor.h"
#include "http/link.h"
#include "http/request.h"
#include "http/route.h"
#include "http/warehouse.h"

#include "base/banned.h"

#define TEXT_MAX ((size_t)16 << 20)
#define PATH "/api/2.0/sql/statements"
/* A statement that is to be cancelled at its timeout gets this long to stop before the answer says RUNNING
 * after all. */
#define CANCEL_GRACE_MS 5000

/* What the submission asks of the answer rather than of the statement. */
struct submission {
  struct statement_spec spec;
  int64_t wait_ms;
  bool cancel_at_timeout;
};

static const char *const states[] = {"PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED", "CLOSED"};

static bool
parse_wait(struct request *request, const char *text, int64_t *ms)
{
  size_t length = strlen(text);
  int64_t seconds;

  if (length >= 2 && length < 20 && text[length - 1] == 's' && str_is_digit(*text) &&
      str_to_int64(arena_strndup(request->arena, text, length - 1), &seconds) &&
      (seconds == 0 || (seconds >= 5 && seconds <= 50))) {
    *ms = seconds * request->sandbox->options.wait_second_ms;
    return true;
  }
  return reply_invalid(request,
                       "wait_timeout must be 0 seconds (0s), or between 5 seconds (5s) and 50 seconds (50s), "
                       "not '%s'.",
                       text);
}

/* Parameters are scalars: https://docs.databricks.com/dev-tools/sql-execution-tutorial.html */
static bool
is_nested_type(const char *type)
{
  static const char *const nested[] = {"ARRAY", "MAP", "STRUCT", "VARIANT", "OBJECT"};

  for (size_t i = 0; i < ARRAY_SIZE(nested); i++)
    if (str_ieqn(type, nested[i], strlen(nested[i])) && !str_is_alnum(type[strlen(nested[i])])) return true;
  return false;
}

static bool
parse_parameter(struct request *request, struct json_object *item, struct bind *bind)
{
  if (!json_object_is_type(item, json_type_object))
    return reply_error(request, 400, "MALFORMED_REQUEST", "Every element of parameters must be an object.");
  bind->name = body_required(request, item, "name");
  if (!bind->name || !body_text(request, item, "type", &bind->type) ||
      !body_text(request, item, "value", &bind->value))
    return false;
  if (bind->type && is_nested_type(bind->type))
    return reply_invalid(request, "Parameter %s: type %s is not supported; parameters are scalars.",
                         bind->name, bind->type);
  return true;
}

static bool
parse_parameters(struct request *request, struct json_object *body, struct statement_spec *spec)
{
  struct json_object *list = NULL;
  struct bind *binds;

  if (!body_array(request, body, "parameters", &list)) return false;
  binds = arena_array(request->arena, json_length(list) + 1, sizeof *binds);
  for (size_t i = 0; i < json_length(list); i++) {
    if (!parse_parameter(request, json_item(list, i), &binds[i])) return false;
    for (size_t j = 0; j < i; j++)
      if (strcmp(binds[i].name, binds[j].name) == 0)
        return reply_invalid(request, "Parameter %s is given twice.", binds[i].name);
  }
  spec->binds = binds;
  spec->bind_count = json_length(list);
  return true;
}

static bool
parse_tags(struct request *request, struct json_object *body)
{
  struct json_object *list = NULL;

  if (!body_array(request, body, "query_tags", &list)) return false;
  for (size_t i = 0; i < json_length(list); i++)
    if (!json_object_is_type(json_item(list, i), json_type_object) ||
        !body_required(request, json_item(list, i), "key"))
      return request->reply.status ||
             reply_error(request, 400, "MALFORMED_REQUEST", "Every element of query_tags must be an object.");
  return true;
}

static bool
parse_format(struct request *request, struct json_object *body, struct statement_spec *spec)
{
  static const char *const dispositions[] = {"INLINE", "EXTERNAL_LINKS"};
  static const char *const formats[] = {"JSON_ARRAY", "ARROW_STREAM", "CSV"};
  const char *disposition = dispositions[0], *format = formats[0];

  if (!body_choice(request, body, "disposition", dispositions, ARRAY_SIZE(dispositions), &disposition) ||
      !body_choice(request, body, "format", formats, ARRAY_SIZE(formats), &format))
    return false;
  spec->external = disposition == dispositions[1];
  spec->csv = format == formats[2];
  if (!spec->external && format != formats[0])
    return reply_invalid(request, "The format %s is only supported with the EXTERNAL_LINKS disposition.",
                         format);
  if (format == formats[1])
    return reply_error(request, 501, "NOT_IMPLEMENTED",
                       "The sandbox does not produce ARROW_STREAM results; ask for JSON_ARRAY or CSV.");
  return true;
}

static bool
parse_limits(struct request *request, struct json_object *body, struct statement_spec *spec)
{
  if (!body_int(request, body, "row_limit", &spec->row_limit) ||
      !body_int(request, body, "byte_limit", &spec->byte_limit))
    return false;
  if (spec->row_limit < 0 || spec->byte_limit < 0)
    return reply_invalid(request, "row_limit and byte_limit must not be negative.");
  return true;
}

static bool
parse_submission(struct request *request, struct json_object *body, struct submission *out)
{
  static const char *const choices[] = {"CONTINUE", "CANCEL"};
  struct statement_spec *spec = &out->spec;
  const char *wait = "10s", *at_timeout = choices[0];
  int64_t starts_in;

  spec->text = body_required(request, body, "statement");
  spec->warehouse = spec->text ? body_required(request, body, "warehouse_id") : NULL;
  if (!spec->warehouse || !body_text(request, body, "catalog", &spec->catalog) ||
      !body_text(request, body, "schema", &spec->schema) ||
      !body_text(request, body, "wait_timeout", &wait) ||
      !body_choice(request, body, "on_wait_timeout", choices, ARRAY_SIZE(choices), &at_timeout) ||
      !parse_wait(request, wait, &out->wait_ms) || !parse_format(request, body, spec) ||
      !parse_limits(request, body, spec) || !parse_parameters(request, body, spec) ||
      !parse_tags(request, body))
    return false;
  spec->length = strlen(spec->text);
  if (spec->length > TEXT_MAX)
    return reply_invalid(request, "The statement has %zu bytes; at most %zu (16 MiB) are allowed.",
                         spec->length, TEXT_MAX);
  if (spec->catalog && !*spec->catalog) spec->catalog = NULL;
  if (spec->schema && !*spec->schema) spec->schema = NULL;
  out->cancel_at_timeout = at_timeout == choices[1];
  if (warehouse_need(request->sandbox->warehouses, spec->warehouse, &starts_in) == WAREHOUSE_GONE)
    return reply_missing(request, "SQL warehouse %s does not exist.", spec->warehouse);
  return true;
}

static void
add_next(struct request *request, struct json_object *object, const struct statement *statement, size_t index)
{
  const struct outcome *outcome = &statement->outcome;

  if (index + 1 >= outcome->chunks.count) return;
  json_add_int(object, "next_chunk_index", (int64_t)index + 1);
  json_add_text(object, "next_chunk_internal_link",
                arena_printf(request->arena, PATH "/%s/result/chunks/%zu?row_offset=%lld", statement->id,
                             index + 1, (long long)outcome->chunks.at[index + 1].row_offset));
}

static struct json_object *
describe_chunk(const struct statement *statement, size_t index)
{
  const struct chunk *chunk = &statement->outcome.chunks.at[index];
  struct json_object *object = json_object_new_object();

  json_add_int(object, "chunk_index", (int64_t)index);
  json_add_int(object, "row_offset", chunk->row_offset);
  json_add_int(object, "row_count", chunk->row_count);
  if (statement->spec.external) json_add_int(object, "byte_count", (int64_t)chunk->length);
  return object;
}

static struct json_object *
describe_link(struct request *request, const struct statement *statement, size_t index)
{
  struct json_object *object = describe_chunk(statement, index);
  int64_t expires = sandbox_now(request->sandbox) + LINK_LIFE_MS;

  add_next(request, object, statement, index);
  json_add_text(object, "external_link",
                link_sign(request->sandbox, request->arena, statement->id, index, expires));
  json_add_text(object, "expiration", sandbox_iso_time(request->arena, expires));
  return object;
}

/* The `result` object of chunk INDEX, as text. Rows are pasted in as they were rendered. */
static void
add_result(struct request *request, struct buf *buf, const struct statement *statement, size_t index)
{
  CLEANUP_JSON struct json_object *object = NULL;
  struct json_object *links;
  const char *text;

  if (index >= statement->outcome.chunks.count) {
    buf_add_text(buf, "{}");
    return;
  }
  object = describe_chunk(statement, index);
  add_next(request, object, statement, index);
  if (statement->spec.external) {
    links = json_object_new_array();
    json_object_array_add(links, describe_link(request, statement, index));
    json_object_object_add(object, "external_links", links);
    buf_add_text(buf, json_text(object));
    return;
  }
  text = json_text(object);
  buf_add(buf, text, strlen(text) - 1);
  buf_add_text(buf, ",\"data_array\":");
  buf_add(buf, statement->outcome.chunks.at[index].text, statement->outcome.chunks.at[index].length);
  buf_add_char(buf, '}');
}

static struct json_object *
describe_manifest(const struct statement *statement)
{
  const struct outcome *outcome = &statement->outcome;
  struct json_object *manifest = json_object_new_object(), *chunks = json_object_new_array();

  json_add_text(manifest, "format", statement->spec.csv ? "CSV" : "JSON_ARRAY");
  json_object_object_add(manifest, "schema", json_object_get(outcome->schema));
  json_add_int(manifest, "total_chunk_count", (int64_t)outcome->chunks.count);
  json_add_int(manifest, "total_row_count", outcome->row_count);
  if (statement->spec.external) json_add_int(manifest, "total_byte_count", outcome->byte_count);
  json_add_bool(manifest, "truncated", outcome->truncated);
  for (size_t i = 0; i < outcome->chunks.count; i++)
    json_object_array_add(chunks, describe_chunk(statement, i));
  if (outcome->chunks.count > 0)
    json_object_object_add(manifest, "chunks", chunks);
  else
    json_object_put(chunks);
  return manifest;
}

static struct json_object *
describe_status(const struct statement *statement)
{
  struct json_object *status = json_object_new_object(), *error;

  json_add_text(status, "state", states[statement->state]);
  if (statement->state != STATEMENT_FAILED) return status;
  error = json_object_new_object();
  json_add_text(error, "error_code", statement->error_code);
  json_add_text(error, "message", statement->message);
  json_object_object_add(status, "error", error);
  if (statement->sql_state) json_add_text(status, "sql_state", statement->sql_state);
  return status;
}

/* Answer with how STATEMENT stands, and its first chunk when it succeeded. */
static void
reply_statement(struct request *request, const struct statement *statement)
{
  CLEANUP_JSON struct json_object *status = NULL, *manifest = NULL;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t length;

  executor_lock(request->sandbox->executor);
  status = describe_status(statement);
  buf_addf(&buf, "{\"statement_id\":\"%s\",\"status\":%s", statement->id, json_text(status));
  if (statement->state == STATEMENT_SUCCEEDED) {
    manifest = describe_manifest(statement);
    buf_addf(&buf, ",\"manifest\":%s,\"result\":", json_text(manifest));
    add_result(request, &buf, statement, 0);
  }
  executor_unlock(request->sandbox->executor);
  buf_add_char(&buf, '}');
  length = buf.len;
  reply_json_text(request, 200, buf_take(&buf), length);
}

static void
post_statement(struct request *request)
{
  struct executor *executor = request->sandbox->executor;
  struct json_object *body = request_json(request);
  struct submission submission = {0};
  struct statement *statement;

  if (!body || !parse_submission(request, body, &submission)) return;
  statement = statement_submit(executor, request->caller, &submission.spec);
  if (!statement) {
    reply_error(request, 503, "TEMPORARILY_UNAVAILABLE", "The sandbox is stopping.");
    return;
  }
  if (submission.wait_ms > 0) {
    statement_wait(executor, statement, submission.wait_ms);
    if (submission.cancel_at_timeout) {
      statement_cancel(executor, statement);
      statement_wait(executor, statement, CANCEL_GRACE_MS);
    }
  }
  reply_statement(request, statement);
  statement_release(executor, statement);
}

/* The caller's statement of the path, or NULL with the request failed. */
static struct statement *
find(struct request *request)
{
  struct statement *statement =
      statement_find(request->sandbox->executor, request->params[0], request->caller);

  if (!statement)
    reply_missing(
        request,
        "The statement %s was not found: it is unknown, belongs to somebody else, or ended too long "
        "ago.",
        request->params[0]);
  return statement;
}

static void
get_statement(struct request *request)
{
  struct statement *statement = find(request);

  if (!statement) return;
  reply_statement(request, statement);
  statement_release(request->sandbox->executor, statement);
}

static void
cancel_statement(struct request *request)
{
  struct statement *statement = find(request);

  if (!statement) return;
  statement_cancel(request->sandbox->executor, statement);
  statement_release(request->sandbox->executor, statement);
  reply_object(request);
}

static void
get_chunk(struct request *request)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct statement *statement;
  int64_t index;
  size_t length;

  if (!str_to_int64(request->params[1], &index) || index < 0) {
    reply_invalid(request, "The chunk index must be a number from 0, not '%s'.", request->params[1]);
    return;
  }
  if (!(statement = find(request))) return;
  executor_lock(request->sandbox->executor);
  if (statement->state == STATEMENT_CLOSED)
    reply_missing(request, "The result of statement %s is not available any more.", statement->id);
  else if (statement->state != STATEMENT_SUCCEEDED)
    reply_error(request, 400, "INVALID_STATE", "Statement %s is %s; only a SUCCEEDED one has a result.",
                statement->id, states[statement->state]);
  else if (index > 0 && (size_t)index >= statement->outcome.chunks.count)
    reply_invalid(request, "Chunk index %lld is out of range: statement %s has %zu chunks.", (long long)index,
                  statement->id, statement->outcome.chunks.count);
  else
    add_result(request, &buf, statement, (size_t)index);
  executor_unlock(request->sandbox->executor);
  statement_release(request->sandbox->executor, statement);
  if (request->reply.status) return;
  length = buf.len;
  reply_json_text(request, 200, buf_take(&buf), length);
}

const struct route statement_routes[] = {
    ROUTE("POST", PATH, post_statement),
    ROUTE("GET", PATH "/{}", get_statement),
    ROUTE("GET", PATH "/{}/result/chunks/{}", get_chunk),
    ROUTE("POST", PATH "/{}/cancel", cancel_statement),
    ROUTE_END,
};
