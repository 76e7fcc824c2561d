/* SPDX-License-Identifier: Apache-2.0 */
/* Many texts in one run: a JSON object a line in, one a line out. The output is made whole before any of it
 * is printed, so that a line that cannot be read leaves nothing behind. */
#include "sql.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"

#include "base/banned.h"

struct batch {
  struct clxs_call *call;
  struct buf out;
  size_t line, reports;
};

static clxs_status
line_failed(struct batch *batch, const char *why)
{
  return clxs_failf(batch->call, CLXS_E_USAGE,
                    "each line is an object: {\"id\": 1, \"sql\": \"...\", \"from\": \"a\", \"to\": \"b\"}; "
                    "nothing was printed",
                    "%s, line %zu: %s", input_name(batch->call), batch->line, why);
}

/* A member that is a string, else the flag of that name. False where the member is something else. */
static bool
take_text(struct batch *batch, struct json_object *object, const char *key, const char **text)
{
  struct json_object *member = json_get(object, key);

  *text = batch->call->core->arg_text(batch->call, key, 0);
  if (!member) return true;
  if (!json_object_is_type(member, json_type_string)) return false;
  *text = json_object_get_string(member);
  return true;
}

static struct json_object *
reports_json(const struct sqltext_result *result)
{
  struct json_object *list = json_object_new_array();

  for (size_t i = 0; i < result->report_count; i++) {
    const struct sqltext_report *report = &result->reports[i];
    struct json_object *item = json_object_new_object();

    json_add_int(item, "line", report->line);
    json_add_int(item, "column", report->column);
    json_add_text(item, "text", report->text);
    json_add_text(item, "reason", report->reason);
    json_object_array_add(list, item);
  }
  return list;
}

static void
print_result(struct batch *batch, struct json_object *id, const struct sqltext_result *result)
{
  CLEANUP_JSON struct json_object *object = json_object_new_object();

  json_object_object_add(object, "id", json_object_get(id));
  json_object_object_add(object, "sql", json_object_new_string_len(result->text, (int)result->length));
  json_object_object_add(object, "reports", reports_json(result));
  buf_add_text(&batch->out, json_text(object));
  buf_add_char(&batch->out, '\n');
  batch->reports += result->report_count;
}

/* Why the pair cannot be used, or NULL. A reserved catalog is no mistake here: its texts just stay. */
static const char *
pair_problem(const char *from, const char *to)
{
  if (!from) return "no \"from\", and no --from";
  if (!to) return "no \"to\", and no --to";
  if (!sqltext_catalog_reserved(from) && sqltext_catalog_problem(from))
    return "\"from\" cannot be a catalog's name";
  return sqltext_catalog_problem(to) ? "\"to\" cannot be a catalog's name" : NULL;
}

static clxs_status
rewrite_object(struct batch *batch, struct json_object *object)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct json_object *sql = json_get(object, "sql");
  const char *from, *to, *lang, *problem;
  uint32_t flags = batch->call->core->arg_int(batch->call, "volume-paths") ? SQLTEXT_PATHS : 0;
  enum sqltext_language language;
  struct sqltext_result result;

  if (!json_object_is_type(sql, json_type_string)) return line_failed(batch, "no \"sql\" that is a string");
  if (!take_text(batch, object, "from", &from) || !take_text(batch, object, "to", &to) ||
      !take_text(batch, object, "lang", &lang))
    return line_failed(batch, "\"from\", \"to\" and \"lang\" have to be strings");
  if (!language_read(lang, &language)) return line_failed(batch, "\"lang\" has to be sql, yaml or python");
  problem = pair_problem(from, to);
  if (problem) return line_failed(batch, problem);
  sqltext_rewrite(arena, json_object_get_string(sql), (size_t)json_object_get_string_len(sql), language, from,
                  to, flags, &result);
  print_result(batch, json_get(object, "id"), &result);
  return CLXS_OK;
}

static bool
is_blank(const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (!strchr(" \t\r", text[i]) || text[i] == '\0') return false;
  return true;
}

static clxs_status
rewrite_line(struct batch *batch, const char *text, size_t length)
{
  CLEANUP_JSON struct json_object *object = NULL;
  const char *why = NULL;
  size_t offset = 0;

  if (is_blank(text, length)) return CLXS_OK;
  if (!utf8_valid(text, length)) return line_failed(batch, "not UTF-8");
  object = json_parse(text, length, &offset, &why);
  if (!object && why)
    return line_failed(batch, clxs_textf(batch->call, "not JSON at byte %zu: %s", offset + 1, why));
  if (!json_object_is_type(object, json_type_object)) return line_failed(batch, "not a JSON object");
  return rewrite_object(batch, object);
}

static clxs_status
rewrite_lines(struct batch *batch, const struct buf *input)
{
  const char *text = input->data, *end = text + input->len;

  while (text < end) {
    const char *newline = memchr(text, '\n', (size_t)(end - text));
    size_t length = newline ? (size_t)(newline - text) : (size_t)(end - text);
    uint64_t mark = batch->call->core->scope_begin(batch->call);
    clxs_status status;

    batch->line++;
    status = rewrite_line(batch, text, length);
    if (status != CLXS_OK) return status; /* the message lives in the scope: it goes with the call's */
    batch->call->core->scope_end(batch->call, mark);
    text += length + (newline != NULL);
    if (batch->call->core->cancelled(batch->call))
      return batch->call->core->fail(batch->call, CLXS_E_CANCELLED, "interrupted; nothing was printed", NULL);
  }
  return CLXS_OK;
}

clxs_status
jsonl_run(struct clxs_call *call, const struct buf *input)
{
  struct batch batch = {.call = call, .out = BUF_INIT(BUF_LARGE)};
  clxs_status status = rewrite_lines(&batch, input);

  if (status == CLXS_OK && batch.out.overflow)
    status =
        clxs_failf(call, CLXS_E_IO, "split the input into several files", "the output is larger than 1 GiB");
  if (status == CLXS_OK) status = clxs_output(call)->raw(call, batch.out.data, batch.out.len);
  buf_free(&batch.out);
  if (status == CLXS_OK && batch.reports > 0 && call->core->arg_int(call, "strict")) return CLXS_DIFFERENT;
  return status;
}
