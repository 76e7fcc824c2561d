/* SPDX-License-Identifier: Apache-2.0 */
/* JSON for people and scripts. Texts are laid out, never parsed and printed again, so numbers keep every
 * digit. */
#ifndef CLXS_HOST_OUT_JSON_H
#define CLXS_HOST_OUT_JSON_H

#include <stddef.h>

struct buf;
struct table;

/* TEXT, valid JSON of LENGTH bytes, indented by two spaces a level. No newline at the end. */
void json_add_pretty(struct buf *buf, const char *text, size_t length);
/* TEXT with integers of 19 digits and more as strings, because the JSON library would cut them down to 64
 * bits. */
void json_add_exact(struct buf *buf, const char *text, size_t length);
/* TABLE as an array of objects, one a line. No newline at the end. */
void json_add_table(struct buf *buf, const struct table *table);

#endif
