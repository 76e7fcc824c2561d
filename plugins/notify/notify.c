/* SPDX-License-Identifier: Apache-2.0 */
/* Telling others how a run ended. Subscribed to the ends of commands; a message that does not arrive is a
 * warning and nothing more. It must not know what the commands do. */
#include "notify.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "notify_gen.h"

#include "base/banned.h"

/* Those who can be told. */
static const struct target {
  const char *key, *name;
  void (*add)(struct buf *json, struct clxs_call *call, const struct notify_message *message);
} targets[] = {
    {"webhook.url", "the webhook", NULL}, /* gets the event as it is */
    {"slack_webhook_url", "Slack", notify_add_slack},
    {"teams_webhook_url", "Teams", notify_add_teams},
};

/* WORD is one of the list setting KEY. EMPTY is the answer when it holds nothing. */
static bool
is_listed(struct clxs_call *call, const char *key, const char *word, bool empty)
{
  const char *text = clxs_config(call)->text(call, key);
  CLEANUP_JSON struct json_object *list = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;

  for (size_t i = 0; i < json_length(list); i++)
    if (str_eq(json_object_get_string(json_item(list, i)), word)) return true;
  return json_length(list) == 0 && empty;
}

/* "Name: value\n" for each of webhook.headers. */
static clxs_status
add_headers(struct clxs_call *call, struct buf *headers)
{
  const char *text = clxs_config(call)->text(call, "webhook.headers"), *name;
  CLEANUP_JSON struct json_object *members = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;
  struct json_object *value;
  void *at = NULL;

  if (members && !json_object_is_type(members, json_type_object))
    return clxs_failf(call, CLXS_E_CONFIG, "write them as a group: {Name: value}",
                      "%s: webhook.headers must be a group",
                      clxs_config(call)->origin(call, "webhook.headers"));
  while (json_next(members, &at, &name, &value)) {
    const char *line = value ? json_object_get_string(value) : "";

    if (strpbrk(name, "\r\n") || strpbrk(line, "\r\n"))
      return clxs_failf(call, CLXS_E_CONFIG, NULL, "%s: webhook.headers: a header must be one line",
                        clxs_config(call)->origin(call, "webhook.headers"));
    buf_addf(headers, "%s: %s\n", name, line);
  }
  return CLXS_OK;
}

static clxs_status
tell(struct clxs_call *call, const struct target *target, struct json_object *event,
     const struct notify_message *message)
{
  CLEANUP_BUF struct buf body = BUF_INIT(BUF_LARGE), headers = BUF_INIT(BUF_LARGE);
  struct clxs_http_request request = {.size = sizeof request,
                                      .flags = CLXS_HTTP_IDEMPOTENT | CLXS_HTTP_CLOSING,
                                      .method = "POST",
                                      .url = clxs_config(call)->text(call, target->key),
                                      .timeout_ms = clxs_config(call)->integer(call, "notify_timeout", 0)};
  clxs_status status = CLXS_OK;

  buf_add_text(&headers, "Content-Type: application/json\n");
  if (!target->add) status = add_headers(call, &headers);
  if (status < 0) return status;
  if (target->add)
    target->add(&body, call, message);
  else
    buf_add_text(&body, json_text(event));
  request.body = body.data;
  request.headers = headers.data;
  return clxs_http(call)->send(call, &request, NULL);
}

static bool
is_wanted(struct clxs_call *call, const struct target *target, const char *topic,
          const struct notify_message *message)
{
  if (!clxs_config(call)->text(call, target->key)) return false;
  if (!is_listed(call, "notify_on", message->good ? "success" : "failure", true)) return false;
  return target->add || is_listed(call, "webhook.events", topic, true);
}

static clxs_status
send_run(void *state, struct clxs_call *call)
{
  const char *topic = call->core->arg_text(call, FLAG_TOPIC, 0),
             *text = call->core->arg_text(call, FLAG_EVENT, 0);
  CLEANUP_JSON struct json_object *event = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;
  struct notify_message message;

  (void)state;
  if (!json_object_is_type(event, json_type_object))
    return clxs_failf(call, CLXS_E_USAGE, NULL, "--event must be a JSON object");
  json_add_text(event, "event", topic);
  notify_read(call, event, &message);
  for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
    if (!is_wanted(call, &targets[i], topic, &message)) continue;
    if (tell(call, &targets[i], event, &message) >= 0) continue;
    clxs_logf(call, CLXS_LOG_WARN, "%s was not told: %s", targets[i].name, call->core->error(call)->message);
    call->core->error_clear(call);
  }
  return CLXS_OK;
}

static struct json_object *
test_event(void)
{
  struct json_object *event = json_object_new_object();

  json_add_text(event, "event", "notify.test");
  json_add_text(event, "command", "test message");
  json_add_text(event, "status", "succeeded");
  return event;
}

static clxs_status
test_run(void *state, struct clxs_call *call)
{
  static const struct clxs_table_column columns[] = {{"target", "Target", CLXS_ALIGN_LEFT, 0},
                                                     {"result", "Result", CLXS_ALIGN_LEFT, 0}};
  const struct clxs_output *output = clxs_output(call);
  CLEANUP_JSON struct json_object *event = test_event();
  struct notify_message message;
  size_t told = 0, failed = 0;

  (void)state;
  notify_read(call, event, &message);
  output->table_begin(call, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
    const char *cells[] = {targets[i].name, "not set"};

    if (clxs_config(call)->text(call, targets[i].key)) {
      bool good = tell(call, &targets[i], event, &message) >= 0;

      cells[1] = good ? "told" : clxs_textf(call, "%s", call->core->error(call)->message);
      told += good;
      failed += !good;
      call->core->error_clear(call);
    }
    output->table_row(call, cells, ARRAY_SIZE(cells));
  }
  output->table_end(call);
  if (failed) return clxs_failf(call, CLXS_E_PARTIAL, "check the address", "%zu could not be told", failed);
  if (told) return CLXS_OK;
  return clxs_failf(call, CLXS_E_CONFIG, "set slack_webhook_url, teams_webhook_url or webhook.url",
                    "there is nobody to tell");
}

static const struct clxs_command send_command = {
    .size = sizeof send_command, .name = CMD_NOTIFY_SEND, .run = send_run};
static const struct clxs_command test_command = {
    .size = sizeof test_command, .name = CMD_NOTIFY_TEST, .run = test_run};
static const struct clxs_command *const commands[] = {&send_command, &test_command, NULL};
static const struct clxs_plugin plugin = {
    .size = sizeof plugin,
    .abi = CLXS_ABI_INIT(0),
    .id = CLXS_PLUGIN_ID,
    .version = CLXS_PLUGIN_VERSION,
    .grammar = CLXS_GRAMMAR,
    .commands = commands,
};

const struct clxs_plugin *
clxs_plugin_v1(void)
{
  return &plugin;
}
