/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of the Statement Execution API: what is sent to submit a statement, and what is read from its
 * answers. No network here. */
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/str.h"
#include "net/statement.h"

#include "base/banned.h"

static void
add_member(struct buf *body, const char *key, const char *value)
{
  if (!value) return;
  if (body->len > 1 && body->data[body->len - 1] != '{') buf_add_char(body, ',');
  buf_addf(body, "\"%s\":", key);
  buf_add_json(body, value);
}

void
statement_body(const struct net_query *query, bool external, int wait_s, struct buf *body)
{
  char wait[16];

  snprintf(wait, sizeof wait, "%ds", wait_s);
  buf_add_char(body, '{');
  add_member(body, "statement", query->text);
  add_member(body, "warehouse_id", query->warehouse);
  add_member(body, "catalog", query->catalog);
  add_member(body, "schema", query->schema);
  add_member(body, "wait_timeout", wait);
  add_member(body, "on_wait_timeout", "CONTINUE");
  add_member(body, "format", "JSON_ARRAY");
  add_member(body, "disposition", external ? "EXTERNAL_LINKS" : "INLINE");
  if (query->bind_count > 0) buf_add_text(body, ",\"parameters\":[");
  for (uint32_t i = 0; i < query->bind_count; i++) {
    buf_add_text(body, i > 0 ? ",{" : "{");
    add_member(body, "name", query->binds[i].name);
    add_member(body, "value", query->binds[i].value);
    add_member(body, "type", query->binds[i].type);
    buf_add_char(body, '}');
  }
  if (query->bind_count > 0) buf_add_char(body, ']');
  buf_add_char(body, '}');
}

static enum statement_state
state_of(const char *text)
{
  if (str_eq(text, "SUCCEEDED")) return STATE_SUCCEEDED;
  if (str_eq(text, "FAILED")) return STATE_FAILED;
  if (str_eq(text, "CANCELED") || str_eq(text, "CANCELLED")) return STATE_CANCELED;
  if (str_eq(text, "CLOSED")) return STATE_CLOSED;
  return STATE_RUNNING;
}

/* TEXT parsed with its rows left out. */
static struct json_object *
parse_envelope(const struct statement_reply *reply, size_t length, const char **why)
{
  CLEANUP_BUF struct buf envelope = BUF_INIT(BUF_LARGE);

  if (reply->rows_end == 0) return json_parse(reply->text, length, NULL, why);
  buf_add(&envelope, reply->text, reply->rows_start);
  buf_add_text(&envelope, "[]");
  buf_add(&envelope, reply->text + reply->rows_end, length - reply->rows_end);
  return json_parse(envelope.data, envelope.len, NULL, why);
}

clxs_status
statement_reply_read(struct buf *body, struct statement_reply *reply, struct err *err)
{
  size_t length = body->len;
  const char *why = "no object";

  *reply = (struct statement_reply){.text = buf_take(body)};
  /* In "result" of a statement, at the top of a chunk. */
  json_scan_array(reply->text, length, "data_array", 2, &reply->rows_start, &reply->rows_end);
  reply->json = parse_envelope(reply, length, &why);
  if (!json_object_is_type(reply->json, json_type_object)) {
    bool page = reply->text[strspn(reply->text, " \r\n\t")] == '<';

    statement_reply_free(reply);
    if (page) err_hint(err, "check that the host is the address of a workspace");
    return err_set(err, CLXS_E_DATA, "the service's answer about a statement is %s (%s)",
                   page ? "an HTML page" : "not JSON",
                   length == 0 ? "empty"
                   : why       ? why
                               : "null");
  }
  reply->id = json_get_text(reply->json, "statement_id");
  reply->state_text = json_get_text(json_get_object(reply->json, "status"), "state");
  reply->state = state_of(reply->state_text);
  return CLXS_OK;
}

void
statement_reply_free(struct statement_reply *reply)
{
  json_object_put(reply->json);
  free(reply->text);
  *reply = (struct statement_reply){0};
}
