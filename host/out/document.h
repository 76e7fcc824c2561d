/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON value for people: blocks of keys and values, lists of alike objects as tables. And as CSV, for
 * spreadsheets. */
#ifndef CLXS_HOST_OUT_DOCUMENT_H
#define CLXS_HOST_OUT_DOCUMENT_H

#include <stdbool.h>

struct arena;
struct buf;
struct json_object;

/* VALUE as text, each line ended. WIDTH and COLOUR as for table_add_text. */
void document_add_text(struct buf *buf, struct arena *arena, struct json_object *value, unsigned width,
                       bool colour);
/* VALUE as CSV: a list of flat objects is a table; anything else has one line for each value, with its dotted
 * path. */
void document_add_csv(struct buf *buf, struct arena *arena, struct json_object *value);

#endif
