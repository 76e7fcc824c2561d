/* SPDX-License-Identifier: Apache-2.0 */
/* A message as Slack blocks. In mrkdwn &, < and > are written as entities, so that a name cannot become a
 * link or a mention. */
#include "base/buf.h"
#include "notify.h"

#include "base/banned.h"

/* Block Kit's limits, with room for entities. */
#define HEADER_MAX 150
#define FIELD_MAX 1900
#define TEXT_MAX 2800

static const char *
escape(struct clxs_call *call, const char *text)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  for (; *text; text++) {
    if (*text == '&')
      buf_add_text(&out, "&amp;");
    else if (*text == '<')
      buf_add_text(&out, "&lt;");
    else if (*text == '>')
      buf_add_text(&out, "&gt;");
    else
      buf_add_char(&out, *text);
  }
  return clxs_textf(call, "%s", out.data);
}

static void
add_mrkdwn(struct buf *json, const char *text)
{
  buf_add_text(json, "{\"type\":\"mrkdwn\",\"text\":");
  buf_add_json(json, text);
  buf_add_char(json, '}');
}

void
notify_add_slack(struct buf *json, struct clxs_call *call, const struct notify_message *message)
{
  const char *mark = message->good ? ":white_check_mark: " : ":x: ";

  buf_add_text(json, "{\"text\":");
  buf_add_json(json, escape(call, message->title)); /* for notifications that show no blocks */
  buf_add_text(
      json, ",\"blocks\":[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"emoji\":true,\"text\":");
  buf_add_json(json, notify_shorten(call, clxs_textf(call, "%s%s", mark, message->title), HEADER_MAX));
  buf_add_text(json, "}}");
  for (size_t i = 0; i < message->fact_count; i++) {
    const char *value = escape(call, notify_shorten(call, message->facts[i].value, FIELD_MAX / 5));

    buf_add_text(json, i ? "," : ",{\"type\":\"section\",\"fields\":[");
    add_mrkdwn(json, clxs_textf(call, "*%s*\n%s", message->facts[i].title, value));
  }
  if (message->fact_count) buf_add_text(json, "]}");
  if (message->error) {
    buf_add_text(json, ",{\"type\":\"section\",\"text\":");
    add_mrkdwn(json, escape(call, notify_shorten(call, message->error, TEXT_MAX / 5)));
    buf_add_char(json, '}');
  }
  buf_add_text(json, "]}");
}
