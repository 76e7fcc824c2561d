/* SPDX-License-Identifier: Apache-2.0 */
/* A plan for eyes: what is shown is what runs. */
#ifndef CLXS_KIT_PLAN_PRINT_H
#define CLXS_KIT_PLAN_PRINT_H

struct buf;
struct plan;

/* Numbered steps with their statements under them, then what is left out and why. Ends with a line break. */
void plan_print_text(struct buf *buf, const struct plan *plan);
/* The same as a script: the statements in an order that works, each ended by a semicolon, everything else as
 * comments. */
void plan_print_sql(struct buf *buf, const struct plan *plan);
/* {"objects":[..],"steps":[..],"warnings":[..]} as the journal has them. */
void plan_print_json(struct buf *buf, const struct plan *plan);
/* The warnings as a JSON array. */
void plan_print_warnings(struct buf *buf, const struct plan *plan);

#endif
