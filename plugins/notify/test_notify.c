/* SPDX-License-Identifier: Apache-2.0 */
/* Who is told of what, in which form; and that nothing that goes wrong with it matters. */
#include <clxs/clxs.h>
#include <criterion/criterion.h>

#include "base/json.h"
#include "base/str.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *
#define HOOK "https://hooks.example.com/clxs"
#define SLACK "https://hooks.slack.com/services/T/B/SECRET"
#define TEAMS "https://x.logic.azure.com/workflows/SECRET"

#define EVENT(status, error)                                                                           \
  "{\"command\":\"clone\",\"operation_id\":\"op-1\",\"source\":\"prod\",\"destination\":\"<!here>*\"," \
  "\"workspace\":\"https://w\",\"started_at\":\"2026-01-31T23:00:00Z\",\"duration_seconds\":83.250,"   \
  "\"status\":\"" status "\",\"counts\":{\"succeeded\":12,\"failed\":1,\"not_run\":0},\"error\":" error "}"

static struct testhost *
notify_host(const char *event)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "topic", "clone.finished");
  testhost_arg(host, "event", event);
  testhost_config(host, "webhook.url", HOOK);
  testhost_config(host, "slack_webhook_url", SLACK);
  testhost_config(host, "teams_webhook_url", TEAMS);
  testhost_http(host, "POST *", 200, "ok");
  return host;
}

static clxs_status
run(struct testhost *host, size_t command)
{
  return clxs_plugin_v1()->commands[command]->run(NULL, testhost_call(host));
}

static struct json_object *
body_of(struct testhost *host, const char *url)
{
  const struct testhost_sent *sent = testhost_sent(host, TESTHOST_HTTP, url, 0);
  struct json_object *body;

  cr_assert_not_null(sent, "%s was not told", url);
  body = json_parse_strict(sent->body, strlen(sent->body), NULL, NULL);
  cr_assert_not_null(body, "%s", sent->body);
  return body;
}

Test(notify, the_webhook_gets_the_event_and_its_headers)
{
  HOST host = notify_host(EVENT("succeeded", "null"));
  CLEANUP_JSON struct json_object *body = NULL;

  testhost_config(host, "webhook.headers", "{\"Authorization\":\"Bearer x\",\"X-Team\":7}");
  cr_assert_eq(run(host, 0), CLXS_OK);
  body = body_of(host, "POST " HOOK);
  cr_expect_str_eq(json_get_text(body, "event"), "clone.finished");
  cr_expect_str_eq(json_get_text(body, "operation_id"), "op-1");
  cr_expect_eq(json_get_int(json_get_object(body, "counts"), "succeeded", 0), 12);
  cr_expect_str_eq(testhost_sent(host, TESTHOST_HTTP, "POST " HOOK, 0)->headers,
                   "Content-Type: application/json\nAuthorization: Bearer x\nX-Team: 7\n");
  cr_expect_str_eq(testhost_sent(host, TESTHOST_HTTP, "POST " SLACK, 0)->headers,
                   "Content-Type: application/json\n");
  cr_expect_str_eq(testhost_stdout(host), "");
}

Test(notify, slack_gets_blocks_in_which_names_are_text)
{
  HOST host = notify_host(EVENT("partial", "\"1 object <failed> & was left\""));
  CLEANUP_JSON struct json_object *body = NULL;
  struct json_object *blocks, *fields;

  cr_assert_eq(run(host, 0), CLXS_OK);
  body = body_of(host, "POST " SLACK);
  cr_expect_str_eq(json_get_text(body, "text"), "clxs clone ended with failures: prod → &lt;!here&gt;*");
  blocks = json_get_array(body, "blocks");
  cr_assert_eq(json_length(blocks), 3);
  cr_expect_str_eq(json_get_text(json_item(blocks, 0), "type"), "header");
  cr_expect_str_eq(json_get_text(json_get_object(json_item(blocks, 0), "text"), "type"), "plain_text");
  fields = json_get_array(json_item(blocks, 1), "fields");
  cr_expect_eq(json_length(fields), 5);
  cr_expect_str_eq(json_get_text(json_item(fields, 0), "text"), "*Objects*\n12 succeeded, 1 failed");
  cr_expect_str_eq(json_get_text(json_item(fields, 1), "text"), "*Duration*\n1 min 23 s");
  cr_expect_str_eq(json_get_text(json_get_object(json_item(blocks, 2), "text"), "text"),
                   "1 object &lt;failed&gt; &amp; was left");
}

Test(notify, teams_gets_an_adaptive_card_in_which_names_are_text)
{
  HOST host = notify_host(EVENT("failed", "\"[x](http://evil)\""));
  CLEANUP_JSON struct json_object *body = NULL;
  struct json_object *attachment, *card, *blocks;

  cr_assert_eq(run(host, 0), CLXS_OK);
  body = body_of(host, "POST " TEAMS);
  cr_expect_str_eq(json_get_text(body, "type"), "message");
  attachment = json_item(json_get_array(body, "attachments"), 0);
  cr_expect_str_eq(json_get_text(attachment, "contentType"), "application/vnd.microsoft.card.adaptive");
  card = json_get_object(attachment, "content");
  cr_expect_str_eq(json_get_text(card, "type"), "AdaptiveCard");
  blocks = json_get_array(card, "body");
  cr_assert_eq(json_length(blocks), 3);
  cr_expect_str_eq(json_get_text(json_item(blocks, 0), "text"), "clxs clone failed: prod → <!here>\\*");
  cr_expect_str_eq(json_get_text(json_item(blocks, 0), "color"), "Attention");
  cr_expect_eq(json_length(json_get_array(json_item(blocks, 1), "facts")), 5);
  cr_expect_str_eq(json_get_text(json_item(blocks, 2), "text"), "\\[x\\]\\(http://evil\\)");
}

Test(notify, settings_choose_the_ends)
{
  HOST host = notify_host(EVENT("succeeded", "null"));

  testhost_config(host, "notify_on", "[\"failure\"]");
  cr_assert_eq(run(host, 0), CLXS_OK);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_HTTP, NULL), 0);
}

Test(notify, the_webhook_can_choose_its_events)
{
  HOST host = notify_host(EVENT("succeeded", "null"));

  testhost_config(host, "notify_on", "[\"success\"]");
  testhost_config(host, "webhook.events", "[\"sync.finished\"]");
  cr_assert_eq(run(host, 0), CLXS_OK);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_HTTP, NULL), 2);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_HTTP, "POST " HOOK), 0);
}

Test(notify, what_does_not_arrive_is_a_warning_without_the_address)
{
  HOST host = notify_host(EVENT("cancelled", "\"cancelled\""));

  testhost_http(host, "POST " SLACK, 404, "no_service");
  testhost_cancel(host); /* it is told all the same */
  cr_assert_eq(run(host, 0), CLXS_OK);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_HTTP, NULL), 3);
  cr_expect_not_null(strstr(testhost_log(host), "warn: Slack was not told"));
  cr_expect_null(strstr(testhost_log(host), "SECRET"));
}

Test(notify, headers_that_are_none_are_a_warning)
{
  static const char *const wrong[] = {"[\"a\"]", "{\"A\\nB\":\"c\"}", "{\"A\":\"b\\r\\nC: d\"}"};

  for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
    HOST host = notify_host(EVENT("succeeded", "null"));

    testhost_config(host, "webhook.headers", wrong[i]);
    cr_expect_eq(run(host, 0), CLXS_OK);
    cr_expect_eq(testhost_sent_count(host, TESTHOST_HTTP, "POST " HOOK), 0, "%s", wrong[i]);
    cr_expect_not_null(strstr(testhost_log(host), "webhook.headers"));
  }
}

Test(notify, a_test_says_who_was_told)
{
  HOST host = testhost_new();

  cr_expect_eq(run(host, 1), CLXS_E_CONFIG);
  testhost_config(host, "slack_webhook_url", SLACK);
  testhost_http(host, "POST *", 200, "ok");
  testhost_config(host, "notify_on", "[\"failure\"]");
  cr_expect_eq(run(host, 1), CLXS_OK);
  cr_expect_not_null(strstr(testhost_stdout(host), "Slack | told"));
  testhost_http(host, "POST *", 410, "");
  cr_expect_eq(run(host, 1), CLXS_E_PARTIAL);
}

Test(notify, a_monitor_that_has_seen_something)
{
  HOST host = notify_host(
      "{\"command\":\"monitor\",\"source\":\"prod\",\"destination\":null,\"status\":\"different\","
      "\"counts\":{\"removed\":0,\"added\":2,\"changed\":1}}");
  CLEANUP_JSON struct json_object *body = NULL;

  cr_assert_eq(run(host, 0), CLXS_OK);
  body = body_of(host, "POST " SLACK);
  cr_expect_not_null(strstr(json_text(body), "clxs monitor ended with differences: prod"), "%s",
                     json_text(body));
  cr_expect_not_null(strstr(json_text(body), "2 added, 1 changed"), "%s", json_text(body));
}
