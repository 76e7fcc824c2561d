/* SPDX-License-Identifier: Apache-2.0 */
/* What a terminal is like, and what may be sent to one. It must not know what the text means. */
#ifndef CLXS_HOST_OUT_TTY_H
#define CLXS_HOST_OUT_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct buf;

/* Whether FILE is a terminal. */
bool tty_is(FILE *file);
/* Whether FILE should get colours: a terminal, TERM neither unset nor "dumb", NO_COLOR unset or empty
 * (https://no-color.org). */
bool tty_colour(FILE *file);
/* Columns of the terminal FILE: what it says, else $COLUMNS, else 80; 0 when FILE is none. */
unsigned tty_columns(FILE *file);

/* Which characters tty_add_safe lets through besides printable ones. */
#define TTY_LINES 1u   /* newlines and tabs */
#define TTY_COLOURS 2u /* SGR sequences: ESC [ digits and semicolons m */

/* TEXT (LENGTH bytes) with everything that would steer a terminal made visible: control characters as \n, \t
 * or \x1b, invisible direction marks as \u202e, bytes that are not UTF-8 as \xff. Colours that were let
 * through are switched off at the end. */
void tty_add_safe(struct buf *buf, const char *text, size_t length, unsigned allow);
/* Columns that TEXT takes, colours not counted. */
size_t tty_width(const char *text);
/* As much of TEXT as fits into COLUMNS (at least 1), with an ellipsis where something was cut off. */
void tty_add_cut(struct buf *buf, const char *text, size_t columns);

#endif
