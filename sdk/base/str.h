/* SPDX-License-Identifier: Apache-2.0 */
/* Small questions about text that libc answers badly or by locale. All are pure. */
#ifndef CLXS_BASE_STR_H
#define CLXS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(a)[0])

static inline bool
str_eq(const char *a, const char *b)
{
  return a == b || (a && b && strcmp(a, b) == 0);
}

static inline bool
str_is_alpha(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
str_is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static inline bool
str_is_alnum(char c)
{
  return str_is_alpha(c) || str_is_digit(c);
}

static inline char
str_lower(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Equal but for the case of ASCII letters. */
bool str_ieq(const char *a, const char *b);
bool str_ieqn(const char *a, const char *b, size_t length);
/* Equal but for white space at their ends; false when one is NULL. */
bool str_eq_trimmed(const char *a, const char *b);
bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);
/* Whether TEXT is one of LIST, which is NULL-terminated or NULL. */
bool str_listed(const char *const *list, const char *text);
/* All of TEXT as a decimal integer, with an optional sign. False (and *VALUE untouched) when it is not one or
 * does not fit. */
bool str_to_int64(const char *text, int64_t *value);
bool str_to_double(const char *text, double *value);
/* Edits (insert, delete, replace, swap neighbours) between A and B, ignoring ASCII case; texts over 64 bytes
 * count as far apart (SIZE_MAX). For "did you mean". */
size_t str_distance(const char *a, const char *b);
/* FNV-1a, 64 bit. */
uint64_t str_hash(const void *bytes, size_t length);
uint64_t str_hash_more(uint64_t hash, const void *bytes, size_t length);

/* The code point at TEXT and its length in bytes, or 0 where the bytes are not UTF-8 (overlong forms,
 * surrogates and values over U+10FFFF included). At the end of the text the length is 0 and the point 0. */
size_t utf8_decode(const char *text, uint32_t *point);
/* POINT written to OUT (up to 4 bytes, no NUL); its length, 0 where it is not a code point. */
size_t utf8_encode(uint32_t point, char *out);
bool utf8_valid(const char *text, size_t length);
/* A mark that reorders or hides what follows; a name that holds one looks like another name. */
bool utf8_is_direction(uint32_t point);
/* Columns that TEXT takes on a terminal (combining marks 0, East Asian wide 2); invalid bytes count 1. */
size_t utf8_width(const char *text);
/* Lower case of a code point: ASCII, Latin-1, Latin Extended-A, Greek, Cyrillic; others as they are. */
uint32_t utf8_lower(uint32_t point);
/* Equal but for case, by utf8_lower. Unity Catalog compares names so. */
bool utf8_ieq(const char *a, const char *b);

#endif
