/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals of up to 38 digits, and doubles in words. Products and quotients go through 256 bits so that
 * they are exact before they are rounded. */
#include "query/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

#include "base/banned.h"

void
number_print(double value, bool single, char out[TIME_TEXT_MAX])
{
  char text[40], mantissa[40];
  int digits, exponent, count;
  char *e;

  if (isnan(value) || isinf(value)) {
    snprintf(out, TIME_TEXT_MAX, "%s", isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    return;
  }
  for (digits = 1; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    if (single ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value) break;
  }
  e = strchr(text, 'e');
  exponent = (int)strtol(e + 1, NULL, 10);
  *e = '\0';
  count = 0;
  for (const char *c = text; *c; c++)
    if (str_is_digit(*c)) mantissa[count++] = *c;
  mantissa[count] = '\0';
  if (value == 0) {
    snprintf(out, TIME_TEXT_MAX, "%s", signbit(value) ? "-0.0" : "0.0");
  } else if (exponent >= -3 && exponent < 0) {
    snprintf(out, TIME_TEXT_MAX, "%s0.%.*s%s", value < 0 ? "-" : "", -exponent - 1, "000", mantissa);
  } else if (exponent >= 0 && exponent < 7) {
    char whole[16];

    for (int i = 0; i <= exponent; i++)
      whole[i] = i < count ? mantissa[i] : '0';
    whole[exponent + 1] = '\0';
    snprintf(out, TIME_TEXT_MAX, "%s%s.%s", value < 0 ? "-" : "", whole,
             count > exponent + 1 ? mantissa + exponent + 1 : "0");
  } else {
    snprintf(out, TIME_TEXT_MAX, "%s%c.%sE%d", value < 0 ? "-" : "", mantissa[0],
             count > 1 ? mantissa + 1 : "0", exponent);
  }
}

/* 256 bits in four words, low first. */
struct wide {
  uint64_t word[4];
};

static struct wide
wide_multiply(uint128 a, uint128 b)
{
  uint64_t x[2] = {(uint64_t)a, (uint64_t)(a >> 64)}, y[2] = {(uint64_t)b, (uint64_t)(b >> 64)};
  struct wide result = {{0}};

  for (int i = 0; i < 2; i++) {
    uint64_t carry = 0;

    for (int j = 0; j < 2; j++) {
      uint128 sum = (uint128)x[i] * y[j] + result.word[i + j] + carry;

      result.word[i + j] = (uint64_t)sum;
      carry = (uint64_t)(sum >> 64);
    }
    result.word[i + 2] = carry;
  }
  return result;
}

/* VALUE / DIVISOR (below 2^127), quotient back in VALUE; the remainder. */
static uint128
wide_divide(struct wide *value, uint128 divisor)
{
  uint128 remainder = 0;

  for (int i = 255; i >= 0; i--) {
    remainder = remainder << 1 | ((value->word[i / 64] >> (i % 64)) & 1);
    value->word[i / 64] &= ~(UINT64_C(1) << (i % 64));
    if (remainder >= divisor) {
      remainder -= divisor;
      value->word[i / 64] |= UINT64_C(1) << (i % 64);
    }
  }
  return remainder;
}

static uint128
power_of_ten(int exponent)
{
  uint128 power = 1;

  while (exponent-- > 0)
    power *= 10;
  return power;
}

/* NUMERATOR / DIVISOR, rounded half away from zero; false when it is over 38 digits. */
static bool
round_quotient(struct wide numerator, uint128 divisor, bool negative, int128 *out)
{
  uint128 rest = wide_divide(&numerator, divisor), result;

  if (numerator.word[2] || numerator.word[3]) return false;
  result = (uint128)numerator.word[1] << 64 | numerator.word[0];
  if (rest >= divisor - rest) result++;
  if (result >= power_of_ten(38)) return false;
  *out = negative ? -(int128)result : (int128)result;
  return true;
}

static uint128
magnitude(int128 value)
{
  return value < 0 ? (uint128)-value : (uint128)value;
}

/* VALUE at another scale; false when it overflows 38 digits. */
static bool
rescale(struct decimal value, int scale, int128 *out)
{
  if (scale >= value.scale) {
    if (scale - value.scale > 38) return value.unscaled == 0 ? (*out = 0, true) : false;
    return round_quotient(wide_multiply(magnitude(value.unscaled), power_of_ten(scale - value.scale)), 1,
                          value.unscaled < 0, out);
  }
  if (value.scale - scale > 38) {
    *out = 0;
    return true;
  }
  return round_quotient(wide_multiply(magnitude(value.unscaled), 1), power_of_ten(value.scale - scale),
                        value.unscaled < 0, out);
}

bool
decimal_fit(struct decimal value, int precision, int scale, struct decimal *out)
{
  out->scale = scale;
  return rescale(value, scale, &out->unscaled) && magnitude(out->unscaled) < power_of_ten(precision);
}

bool
decimal_parse(const char *text, struct decimal *value)
{
  bool negative, any = false, point = false, round_up = false, full = false;
  uint128 unscaled = 0;
  int scale = 0;
  long exponent = 0;

  while (*text && (unsigned char)*text <= ' ')
    text++;
  negative = *text == '-';
  if (*text == '-' || *text == '+') text++;
  for (; str_is_digit(*text) || (*text == '.' && !point); text++) {
    if (*text == '.') {
      point = true;
      continue;
    }
    any = true;
    if (full || unscaled >= power_of_ten(37)) {
      if (!full) round_up = *text >= '5';
      full = true;
      if (!point) scale--;
      continue;
    }
    unscaled = unscaled * 10 + (unsigned int)(*text - '0');
    if (point) scale++;
  }
  if (any && (*text == 'e' || *text == 'E')) {
    char *end;

    if (!str_is_digit(text[1]) && !((text[1] == '-' || text[1] == '+') && str_is_digit(text[2])))
      return false;
    exponent = strtol(text + 1, &end, 10);
    text = end;
  }
  while (*text && (unsigned char)*text <= ' ')
    text++;
  if (!any || *text || exponent > 500 || exponent < -500) return false;
  if (round_up) unscaled++;
  value->unscaled = negative ? -(int128)unscaled : (int128)unscaled;
  value->scale = scale - (int)exponent;
  return true;
}

void
decimal_print(const struct decimal *value, char out[TIME_TEXT_MAX])
{
  char digits[48];
  int count = 0, length = 0;
  uint128 rest = magnitude(value->unscaled);

  do
    digits[count++] = (char)('0' + (int)(rest % 10));
  while ((rest /= 10) != 0);
  while (count <= value->scale)
    digits[count++] = '0';
  if (value->unscaled < 0) out[length++] = '-';
  while (count-- > 0) {
    out[length++] = digits[count];
    if (count == value->scale && count > 0) out[length++] = '.';
  }
  out[length] = '\0';
}

int
decimal_compare(const struct decimal *a, const struct decimal *b)
{
  int scale = a->scale > b->scale ? a->scale : b->scale;
  struct wide x, y;
  int sign = a->unscaled < 0 ? -1 : 1;

  if ((a->unscaled < 0) != (b->unscaled < 0)) return sign;
  if (scale - a->scale > 38 || scale - b->scale > 38)
    return decimal_to_double(a) < decimal_to_double(b) ? -1 : 1;
  x = wide_multiply(magnitude(a->unscaled), power_of_ten(scale - a->scale));
  y = wide_multiply(magnitude(b->unscaled), power_of_ten(scale - b->scale));
  for (int i = 3; i >= 0; i--)
    if (x.word[i] != y.word[i]) return x.word[i] < y.word[i] ? -sign : sign;
  return 0;
}

double
decimal_to_double(const struct decimal *value)
{
  char text[TIME_TEXT_MAX + 16];
  struct decimal whole = {value->unscaled, 0};

  decimal_print(&whole, text);
  snprintf(text + strlen(text), 16, "e%d", -value->scale);
  return strtod(text, NULL);
}

static enum decimal_status
finish(bool fits, const int128 *unscaled, int precision, int scale, struct decimal *out)
{
  if (!fits || magnitude(*unscaled) >= power_of_ten(precision)) return DECIMAL_OVERFLOW;
  *out = (struct decimal){*unscaled, scale};
  return DECIMAL_OK;
}

/* a / b rounded to SCALE: (a * 10^n) / b in 256 bits, with n what the scales ask for. */
static enum decimal_status
divide(const struct decimal *a, const struct decimal *b, int precision, int scale, struct decimal *out)
{
  int shift = scale - a->scale + b->scale;
  int128 unscaled = 0;
  bool negative = (a->unscaled < 0) != (b->unscaled < 0);

  if (b->unscaled == 0) return DECIMAL_ZERO;
  if (shift < 0 || shift > 38) {
    struct decimal x;

    if (shift < 0 || !decimal_fit(*a, 38, a->scale + shift - 38, &x)) return DECIMAL_OVERFLOW;
    return divide(&x, b, precision, scale, out);
  }
  return finish(round_quotient(wide_multiply(magnitude(a->unscaled), power_of_ten(shift)),
                               magnitude(b->unscaled), negative, &unscaled),
                &unscaled, precision, scale, out);
}

static enum decimal_status
remainder_of(const struct decimal *a, const struct decimal *b, bool quotient, int precision, int scale,
             struct decimal *out)
{
  int common = a->scale > b->scale ? a->scale : b->scale;
  int128 x = 0, y = 0;

  if (b->unscaled == 0) return DECIMAL_ZERO;
  if (!rescale(*a, common, &x) || !rescale(*b, common, &y)) return DECIMAL_OVERFLOW;
  if (quotient) return finish(true, &(int128){x / y}, precision, scale, out);
  return decimal_fit((struct decimal){x % y, common}, precision, scale, out) ? DECIMAL_OK : DECIMAL_OVERFLOW;
}

enum decimal_status
decimal_op(char op, const struct decimal *a, const struct decimal *b, int precision, int scale,
           struct decimal *out)
{
  int common = a->scale > b->scale ? a->scale : b->scale;
  int128 x = 0, y = 0;

  switch (op) {
  case '/': return divide(a, b, precision, scale, out);
  case '%': return remainder_of(a, b, false, precision, scale, out);
  case 'D': return remainder_of(a, b, true, 38, 0, out);
  case '*': {
    struct wide product = wide_multiply(magnitude(a->unscaled), magnitude(b->unscaled));
    bool negative = (a->unscaled < 0) != (b->unscaled < 0);
    int cut = a->scale + b->scale - scale;

    return finish(round_quotient(product, power_of_ten(cut > 0 ? cut : 0), negative, &x), &x, precision,
                  scale, out);
  }
  default: break;
  }
  if (!rescale(*a, common, &x) || !rescale(*b, common, &y)) return DECIMAL_OVERFLOW;
  if (op == '-') y = -y;
  /* Two numbers of 38 digits may need 39, which 128 bits cannot hold with a sign. */
  if ((x < 0) == (y < 0) && magnitude(x) + magnitude(y) >= power_of_ten(38)) return DECIMAL_OVERFLOW;
  return decimal_fit((struct decimal){x + y, common}, precision, scale, out) ? DECIMAL_OK : DECIMAL_OVERFLOW;
}
