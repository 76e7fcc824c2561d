/* SPDX-License-Identifier: Apache-2.0 */
/* A plan for eyes: what is shown is what runs. */
#ifndef CLXS_KIT_PLAN_PRINT_H
#define CLXS_KIT_PLAN_PRINT_H

#include "kit/plan/plan.h"

struct buf;
struct page;

/* Numbered steps with their statements and requests under them, what each waits for, whether it can be taken
 * back; then what is left out and why. Ends with a line break. */
void plan_print_text(struct buf *buf, const struct plan *plan);
/* The same as a script that can be run: the statements in an order that works, each ended by a semicolon,
 * with USE where names in a statement depend on it. A request is a comment, with the statement that does the
 * same behind it where there is one. Everything else is a comment. */
void plan_print_sql(struct buf *buf, const struct plan *plan);
/* {"objects":[..],"steps":[..],"warnings":[..]} as the journal has them. */
void plan_print_json(struct buf *buf, const struct plan *plan);
/* The warnings as a JSON array. */
void plan_print_warnings(struct buf *buf, const struct plan *plan);
/* {"total":3,"sql":2,"rest":1,"files":0,"bytes":0,"by_action":{"create schema":2,..}}: what would be sent. */
void plan_print_writes(struct buf *buf, const struct plan *plan);
/* Sections of a page: the steps, what is left out and why, what to look at. */
void plan_print_page(struct page *page, const struct plan *plan);

/* What STEP waits for, as the numbers that are shown: "1, 3-7". Nothing when it waits for nothing. */
void plan_add_after(struct buf *buf, const struct plan_step *step);
/* The request of a step that goes by REST, or the two of a file: "PATCH /path", and the body on further
 * lines. */
void plan_add_request(struct buf *buf, const struct plan_step *step);
/* "new", "can be undone", "cannot be undone". */
const char *plan_undo_text(const struct plan_step *step);
/* The steps that are not sent, in the order in which people are told, and what they are called. */
#define PLAN_UNSENT 3
struct plan_unsent {
  enum plan_via via;
  const char *title; /* "Left out" */
};
extern const struct plan_unsent plan_unsent[PLAN_UNSENT];
/* A remark that cannot leave its comment: every line of it gets the PREFIX. */
void plan_add_remark(struct buf *buf, const char *prefix, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What is left out, and warnings, each line behind PREFIX. */
void plan_add_left_out(struct buf *buf, const struct plan *plan, const char *prefix);

#endif
