/* SPDX-License-Identifier: Apache-2.0 */
/* Placeholders in a statement that a person wrote: ${name}. Values go in as what the place asks for, never as
 * SQL, so that a catalog called "x; DROP" is a name like any other. It must not know what the values are. */
#ifndef CLXS_KIT_SQLTEXT_FILL_H
#define CLXS_KIT_SQLTEXT_FILL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct sqltext_value {
  const char *name, *value;
};

/* TEXT, one statement, with each ${name} of VALUES (COUNT of them) filled in: standing free, as a quoted
 * name, together with the words that touch it (log_${schema}); in back-ticks, as part of that name; in a
 * string, as part of it, escaped as that string needs; in a comment, not at all. White space and one
 * semicolon at the end are dropped. False, with a reason for a person, for a placeholder that is none of
 * VALUES or stands where no value can be put, for more than one statement, none, or an unfinished one.
 * *FILLED or *PROBLEM is in ARENA. */
bool sqltext_fill(struct arena *arena, const char *text, const struct sqltext_value *values, size_t count,
                  const char **filled, const char **problem);

#endif
