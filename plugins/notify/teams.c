/* SPDX-License-Identifier: Apache-2.0 */
/* A message as an adaptive card. Its texts are a little Markdown, so what Markdown would take for its own is
 * escaped. */
#include <string.h>

#include "base/buf.h"
#include "notify.h"

#include "base/banned.h"

#define TEXT_MAX 1000

static const char *
escape(struct clxs_call *call, const char *text)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  for (text = notify_shorten(call, text, TEXT_MAX); *text; text++) {
    if (strchr("\\[]()*_#`", *text)) buf_add_char(&out, '\\');
    buf_add_char(&out, *text);
  }
  return clxs_textf(call, "%s", out.data);
}

static void
add_block(struct buf *json, const char *text, const char *look)
{
  buf_add_text(json, "{\"type\":\"TextBlock\",\"wrap\":true,\"text\":");
  buf_add_json(json, text);
  buf_addf(json, "%s}", look);
}

void
notify_add_teams(struct buf *json, struct clxs_call *call, const struct notify_message *message)
{
  buf_add_text(json, "{\"type\":\"message\",\"attachments\":[{\"contentType\":"
                     "\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null,\"content\":{"
                     "\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\","
                     "\"type\":\"AdaptiveCard\",\"version\":\"1.4\",\"body\":[");
  add_block(json, escape(call, message->title),
            message->good ? ",\"size\":\"Medium\",\"weight\":\"Bolder\",\"color\":\"Good\""
                          : ",\"size\":\"Medium\",\"weight\":\"Bolder\",\"color\":\"Attention\"");
  for (size_t i = 0; i < message->fact_count; i++) {
    buf_add_text(json, i ? ",{\"title\":" : ",{\"type\":\"FactSet\",\"facts\":[{\"title\":");
    buf_add_json(json, message->facts[i].title);
    buf_add_text(json, ",\"value\":");
    buf_add_json(json, escape(call, message->facts[i].value));
    buf_add_char(json, '}');
  }
  if (message->fact_count) buf_add_text(json, "]}");
  if (message->error) {
    buf_add_char(json, ',');
    add_block(json, escape(call, message->error), "");
  }
  buf_add_text(json, "]}}]}");
}
