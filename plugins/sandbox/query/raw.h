/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays, maps, structs and variants are held as JSON text. This walks such text in place: a value is the
 * span of its own text, so that digits come out as they went in. The text must be valid JSON; what comes from
 * outside is checked with json_parse_strict first. */
#ifndef CLXS_SANDBOX_QUERY_RAW_H
#define CLXS_SANDBOX_QUERY_RAW_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct raw {
  const char *at;
  size_t length;
};

/* TEXT without the blanks around it. */
struct raw raw_of(const char *text, size_t length);
/* Walk the elements of an array or the members of an object: start with *POSITION 0; false at the end. KEY
 * (may be NULL) is the member's name as JSON string, empty in arrays. */
bool raw_next(struct raw container, size_t *position, struct raw *key, struct raw *value);
size_t raw_count(struct raw container);
/* The member called KEY (LENGTH bytes, not escaped); false when there is none. */
bool raw_member(struct raw object, const char *key, size_t length, struct raw *value);
/* The element at INDEX from 0. */
bool raw_element(struct raw array, size_t index, struct raw *value);
bool raw_is_null(struct raw value);
/* Order of two values of one type: null first, numbers as numbers, strings as bytes, arrays and structs
 * element by element. */
int raw_compare(struct raw a, struct raw b);
/* A JSON string without its quotes and escapes, added to BUF. */
void raw_add_text(struct buf *buf, struct raw string);
/* TEXT as a JSON string, control characters escaped, other bytes as they are. */
void raw_add_string(struct buf *buf, const char *text, size_t length);

#endif
