/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the notify plugin share: the end of a run, taken apart, and its forms for those who are
 * told. */
#ifndef CLXS_PLUGINS_NOTIFY_H
#define CLXS_PLUGINS_NOTIFY_H

#include <clxs/clxs.h>
#include <stdbool.h>
#include <stddef.h>

struct buf;
struct json_object;

#define NOTIFY_FACTS 8

/* One line of a message. */
struct notify_fact {
  const char *title, *value;
};

/* An event in words. Texts are in the call's scope. */
struct notify_message {
  const char *title; /* "clone succeeded: prod -> dev" */
  bool good;         /* it succeeded */
  struct notify_fact facts[NOTIFY_FACTS];
  size_t fact_count;
  const char *error; /* or NULL */
};

/* event.c: EVENT in words. */
void notify_read(struct clxs_call *call, struct json_object *event, struct notify_message *message);
/* At most LENGTH bytes of TEXT, whole characters, with an ellipsis where something is cut. */
const char *notify_shorten(struct clxs_call *call, const char *text, size_t length);

/* slack.c: MESSAGE as an incoming webhook takes it
 * (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
 * https://docs.slack.dev/reference/block-kit/blocks). */
void notify_add_slack(struct buf *json, struct clxs_call *call, const struct notify_message *message);
/* teams.c: MESSAGE as an adaptive card for a workflow's webhook
 * (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using,
 * https://adaptivecards.io/explorer/FactSet.html). */
void notify_add_teams(struct buf *json, struct clxs_call *call, const struct notify_message *message);

#endif
