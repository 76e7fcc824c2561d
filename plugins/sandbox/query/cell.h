/* SPDX-License-Identifier: Apache-2.0 */
/* One value outside of SQLite, and the casts between types that hold nothing else: what CAST does to atoms.
 * Nested values are fn_cast.c's. */
#ifndef CLXS_SANDBOX_QUERY_CELL_H
#define CLXS_SANDBOX_QUERY_CELL_H

#include "base/buf.h"
#include "query/type.h"
#include "query/value.h"

/* A value outside of SQLite: text for everything but numbers. */
struct cell {
  enum { CELL_NULL, CELL_INTEGER, CELL_REAL, CELL_TEXT, CELL_BYTES } kind;
  int64_t integer;
  double real;
  struct buf text; /* owned */
};

enum outcome { CAST_OK, CAST_MALFORMED, CAST_OVERFLOW, CAST_TOO_LONG, CAST_NAN };

void cell_free(struct cell *cell);
void cell_set_integer(struct cell *cell, int64_t value);
enum outcome cell_set_text(struct cell *cell, const char *text);
/* A string as TYPE; MODE as in tx_cast. */
enum outcome cell_from_text(const struct cell *from, const struct sql_type *type, char mode, struct cell *to);
/* A string as CHAR, VARCHAR or STRING: cut, padded or too long. */
enum outcome cell_fit_text(const struct cell *from, const struct sql_type *type, char mode, struct cell *to);
enum outcome cell_read_real(const struct cell *from, bool single, struct cell *to);
/* A number or boolean of SOURCE as TYPE. */
enum outcome cell_from_number(const struct cell *from, const struct sql_type *source,
                              const struct sql_type *type, struct cell *to);
/* A date or timestamp of SOURCE as TYPE. */
enum outcome cell_from_time(const struct cell *from, const struct sql_type *source,
                            const struct sql_type *type, struct cell *to);
/* INTERVAL '1 02:03:04.5' DAY TO SECOND, added to BUF. */
void cell_print_interval(int64_t value, const struct sql_type *type, struct buf *buf);

#endif
