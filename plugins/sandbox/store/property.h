/* SPDX-License-Identifier: Apache-2.0 */
/* Properties are JSON objects of texts, kept whole; these change them without parsing elsewhere. Keys have
 * case. */
#ifndef CLXS_SANDBOX_STORE_PROPERTY_H
#define CLXS_SANDBOX_STORE_PROPERTY_H

#include <stdbool.h>

struct arena;

/* JSON (NULL: empty) with KEY set to VALUE, or without KEY when VALUE is NULL. */
const char *property_set(struct arena *arena, const char *json, const char *key, const char *value);
/* The value, or NULL. */
const char *property_get(struct arena *arena, const char *json, const char *key);
/* OVER's entries laid over BASE's. */
const char *property_merge(struct arena *arena, const char *base, const char *over);

#endif
