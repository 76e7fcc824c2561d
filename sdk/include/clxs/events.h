/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.events/1: telling others. Subscribers are the hooks in plugin manifests; a subscriber's plugin is
 * loaded only when the topic fires. */
#ifndef CLXS_EVENTS_H
#define CLXS_EVENTS_H

#include "call.h"

#define CLXS_SERVICE_EVENTS "clxs.events/1"

struct clxs_events {
  uint32_t size;
  /* [call thread] Fire TOPIC ("clone.finished") with a JSON object. Subscribers run one after another, on
   * this thread. A failing subscriber is logged; only for topics whose name ends in ".before" does its
   * failure come back as a veto. */
  clxs_status (*emit)(struct clxs_call *call, const char *topic, const char *json);
};

#endif
