/* SPDX-License-Identifier: Apache-2.0 */
/* Handling texts that must not stay in memory. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth/method.h"
#include "base/arena.h"

#include "base/banned.h"

void
secret_free(char *secret)
{
  if (!secret) return;
  explicit_bzero(secret, strlen(secret));
  free(secret);
}

/* RFC 4648 section 4. */
static char *
base64(const unsigned char *bytes, size_t length)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char *text = xmalloc((length + 2) / 3 * 4 + 1), *at = text;

  for (size_t i = 0; i < length; i += 3) {
    uint32_t group = (uint32_t)bytes[i] << 16;

    if (i + 1 < length) group |= (uint32_t)bytes[i + 1] << 8;
    if (i + 2 < length) group |= bytes[i + 2];
    *at++ = digits[group >> 18];
    *at++ = digits[group >> 12 & 63];
    *at++ = i + 1 < length ? digits[group >> 6 & 63] : '=';
    *at++ = i + 2 < length ? digits[group & 63] : '=';
  }
  *at = '\0';
  return text;
}

char *
secret_basic(const char *name, const char *password)
{
  size_t first = strlen(name), second = strlen(password);
  char *pair = xmalloc(first + second + 2), *encoded;

  memcpy(pair, name, first);
  pair[first] = ':';
  memcpy(pair + first + 1, password, second + 1);
  encoded = base64((const unsigned char *)pair, first + 1 + second);
  secret_free(pair);
  return encoded;
}
