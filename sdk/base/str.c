/* SPDX-License-Identifier: Apache-2.0 */
/* Text questions, free of locale. */
#include "base/str.h"

#include <errno.h>
#include <stdlib.h>

#include "base/banned.h"

bool
str_ieqn(const char *a, const char *b, size_t length)
{
  for (size_t i = 0; i < length; i++) {
    if (str_lower(a[i]) != str_lower(b[i])) return false;
    if (a[i] == '\0') return true;
  }
  return true;
}

bool
str_ieq(const char *a, const char *b)
{
  if (!a || !b) return a == b;
  return str_ieqn(a, b, SIZE_MAX);
}

bool
str_listed(const char *const *list, const char *text)
{
  for (; list && *list; list++)
    if (str_eq(*list, text)) return true;
  return false;
}

bool
str_eq_trimmed(const char *a, const char *b)
{
  static const char space[] = " \t\r\n";
  size_t a_length, b_length;

  if (!a || !b) return false;
  a += strspn(a, space);
  b += strspn(b, space);
  for (a_length = strlen(a); a_length && strchr(space, a[a_length - 1]);)
    a_length--;
  for (b_length = strlen(b); b_length && strchr(space, b[b_length - 1]);)
    b_length--;
  return a_length == b_length && memcmp(a, b, a_length) == 0;
}

bool
str_starts(const char *text, const char *prefix)
{
  return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *text, const char *suffix)
{
  size_t length = strlen(text), tail = strlen(suffix);

  return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}

bool
str_to_int64(const char *text, int64_t *value)
{
  const char *digits = text + (*text == '-' || *text == '+');
  char *end;
  long long number;

  if (!str_is_digit(*digits)) return false;
  errno = 0;
  number = strtoll(text, &end, 10);
  if (errno != 0 || *end != '\0') return false;
  *value = number;
  return true;
}

bool
str_to_double(const char *text, double *value)
{
  char *end;
  double number;

  if (!str_is_digit(*text) && *text != '-' && *text != '+' && *text != '.') return false;
  errno = 0;
  number = strtod(text, &end);
  if (errno != 0 || *end != '\0' || end == text) return false;
  *value = number;
  return true;
}

#define DISTANCE_MAX 64

size_t
str_distance(const char *a, const char *b)
{
  size_t la = strlen(a), lb = strlen(b), rows[3][DISTANCE_MAX + 1];
  size_t *before = rows[0], *above = rows[1], *row = rows[2];

  if (la > DISTANCE_MAX || lb > DISTANCE_MAX) return SIZE_MAX;
  for (size_t j = 0; j <= lb; j++)
    above[j] = j;
  for (size_t i = 1; i <= la; i++) {
    size_t *next;

    row[0] = i;
    for (size_t j = 1; j <= lb; j++) {
      char ca = str_lower(a[i - 1]), cb = str_lower(b[j - 1]);
      size_t best = above[j - 1] + (ca != cb);

      if (above[j] + 1 < best) best = above[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      if (i > 1 && j > 1 && ca == str_lower(b[j - 2]) && cb == str_lower(a[i - 2]) &&
          before[j - 2] + 1 < best)
        best = before[j - 2] + 1;
      row[j] = best;
    }
    next = before;
    before = above;
    above = row;
    row = next;
  }
  return above[lb];
}

uint64_t
str_hash_more(uint64_t hash, const void *bytes, size_t length)
{
  const unsigned char *p = bytes;

  for (size_t i = 0; i < length; i++)
    hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
  return hash;
}

uint64_t
str_hash(const void *bytes, size_t length)
{
  return str_hash_more(UINT64_C(0xcbf29ce484222325), bytes, length);
}

size_t
utf8_decode(const char *text, uint32_t *point)
{
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char *p = (const unsigned char *)text;
  size_t length = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
  uint32_t value;

  *point = 0;
  if (length == 0 || p[0] == 0) return 0;
  if (length == 1) {
    *point = p[0];
    return 1;
  }
  value = p[0] & (0xffU >> (length + 1));
  for (size_t i = 1; i < length; i++) {
    if ((p[i] & 0xc0) != 0x80) return 0;
    value = value << 6 | (p[i] & 0x3f);
  }
  if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return 0;
  *point = value;
  return length;
}

size_t
utf8_encode(uint32_t point, char *out)
{
  if (point < 0x80) {
    out[0] = (char)point;
    return 1;
  }
  if (point < 0x800) {
    out[0] = (char)(0xc0 | point >> 6);
    out[1] = (char)(0x80 | (point & 0x3f));
    return 2;
  }
  if (point >= 0xd800 && point <= 0xdfff) return 0;
  if (point < 0x10000) {
    out[0] = (char)(0xe0 | point >> 12);
    out[1] = (char)(0x80 | (point >> 6 & 0x3f));
    out[2] = (char)(0x80 | (point & 0x3f));
    return 3;
  }
  if (point > 0x10ffff) return 0;
  out[0] = (char)(0xf0 | point >> 18);
  out[1] = (char)(0x80 | (point >> 12 & 0x3f));
  out[2] = (char)(0x80 | (point >> 6 & 0x3f));
  out[3] = (char)(0x80 | (point & 0x3f));
  return 4;
}

bool
utf8_valid(const char *text, size_t length)
{
  size_t i = 0;

  while (i < length) {
    uint32_t point;
    size_t step = text[i] == '\0' ? 1 : utf8_decode(text + i, &point);

    if (step == 0 || i + step > length) return false;
    i += step;
  }
  return true;
}

static size_t
point_width(uint32_t point)
{
  if ((point >= 0x300 && point <= 0x36f) || (point >= 0x200b && point <= 0x200f) || point == 0xfeff) return 0;
  if ((point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
      (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
      (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) ||
      (point >= 0x1f300 && point <= 0x1faff) || (point >= 0x20000 && point <= 0x3fffd))
    return 2;
  return 1;
}

bool
utf8_is_direction(uint32_t point)
{
  return (point >= 0x200e && point <= 0x200f) || (point >= 0x202a && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069) || point == 0x061c || point == 0x2028 || point == 0x2029;
}

size_t
utf8_width(const char *text)
{
  size_t width = 0;

  while (*text) {
    uint32_t point;
    size_t step = utf8_decode(text, &point);

    width += step ? point_width(point) : 1;
    text += step ? step : 1;
  }
  return width;
}

uint32_t
utf8_lower(uint32_t point)
{
  if (point < 0x80) return (uint32_t)(unsigned char)str_lower((char)point);
  if ((point >= 0xc0 && point <= 0xde && point != 0xd7) ||
      (point >= 0x391 && point <= 0x3a9 && point != 0x3a2) || (point >= 0x410 && point <= 0x42f))
    return point + 32;
  if (point >= 0x400 && point <= 0x40f) return point + 80;
  if (point == 0x178) return 0xff;
  if ((point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17e))
    return point & 1 ? point + 1 : point;
  if (point >= 0x100 && point <= 0x177 && point != 0x130 && point != 0x131 && point != 0x138)
    return point | 1;
  return point;
}

bool
utf8_ieq(const char *a, const char *b)
{
  while (*a && *b) {
    uint32_t pa, pb;
    size_t la = utf8_decode(a, &pa), lb = utf8_decode(b, &pb);

    if (la == 0 || lb == 0) {
      if (*a != *b) return false;
      la = lb = 1;
    } else if (utf8_lower(pa) != utf8_lower(pb)) {
      return false;
    }
    a += la;
    b += lb;
  }
  return *a == *b;
}
