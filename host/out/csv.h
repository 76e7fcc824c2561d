/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values by RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180), lines ended by CRLF as it
 * says. */
#ifndef CLXS_HOST_OUT_CSV_H
#define CLXS_HOST_OUT_CSV_H

struct buf;
struct table;

/* One field: quoted when it must be. NULL is an empty field and the empty text is "", so that the two stay
 * apart. */
void csv_add_field(struct buf *buf, const char *text);
/* A header line of keys, and a line for each row. */
void csv_add_table(struct buf *buf, const struct table *table);

#endif
