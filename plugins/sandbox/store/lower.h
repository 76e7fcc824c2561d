/* SPDX-License-Identifier: Apache-2.0 */
/* Lower case as Unity Catalog compares names. */
#ifndef CLXS_SANDBOX_STORE_LOWER_H
#define CLXS_SANDBOX_STORE_LOWER_H

struct arena;

/* TEXT in lower case (utf8_lower), in ARENA; bytes that are not UTF-8 stay. */
const char *text_lower(struct arena *arena, const char *text);

#endif
