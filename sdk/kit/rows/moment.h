/* SPDX-License-Identifier: Apache-2.0 */
/* Points in time as people and the service write them. */
#ifndef CLXS_KIT_ROWS_MOMENT_H
#define CLXS_KIT_ROWS_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* YYYY-MM-DD, optionally followed by a T or a space and HH:MM[:SS[.fraction]], optionally followed by Z or an
 * offset (+02:00): microseconds since 1970 UTC. Without an offset it is UTC, as on a SQL warehouse unless its
 * owner says otherwise. False, and *MICROS untouched, for anything else.
 * https://docs.databricks.com/sql/language-manual/data-types/timestamp-type.html */
bool moment_read(const char *text, int64_t *micros);

#endif
