/* SPDX-License-Identifier: Apache-2.0 */
/* Plans and results as JSON: what the journal keeps and what a dry run prints are the same text. */
#ifndef CLXS_KIT_PLAN_RECORD_H
#define CLXS_KIT_PLAN_RECORD_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct json_object;
struct plan;

/* Object or step INDEX of PLAN as one compact JSON object without line breaks. Members that say nothing are
 * left out. */
void record_add_object(struct buf *buf, const struct plan *plan, size_t index);
void record_add_step(struct buf *buf, const struct plan *plan, size_t index);
/* The other way: add what JSON describes to PLAN. False when it is not the next object or step of this plan.
 */
bool record_read_object(struct plan *plan, struct json_object *json);
bool record_read_step(struct plan *plan, struct json_object *json);

/* ,"KEY":"TEXT" unless TEXT is NULL. For JSON objects that have a first member already. */
void record_add_text(struct buf *buf, const char *key, const char *text);

#endif
