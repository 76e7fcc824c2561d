/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes: md5, sha1, sha2, crc32 over bytes; xxhash64 and hash (murmur3, 32 bit) over typed values, bit for
 * bit what the service gives, since people compare tables by them. */
#include <math.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "query/fn.h"

#include "base/banned.h"

#define XX1 UINT64_C(0x9E3779B185EBCA87)
#define XX2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define XX3 UINT64_C(0x165667B19E3779F9)
#define XX4 UINT64_C(0x85EBCA77C2B2AE63)
#define XX5 UINT64_C(0x27D4EB2F165667C5)

static uint64_t
turn64(uint64_t value, int by)
{
  return value << by | value >> (64 - by);
}

static uint32_t
turn32(uint32_t value, int by)
{
  return value << by | value >> (32 - by);
}

static uint64_t
xx_finish(uint64_t hash)
{
  hash ^= hash >> 33;
  hash *= XX2;
  hash ^= hash >> 29;
  hash *= XX3;
  return hash ^ hash >> 32;
}

static uint64_t
xx_int(uint32_t value, uint64_t seed)
{
  uint64_t hash = (seed + XX5 + 4) ^ (uint64_t)value * XX1;

  return xx_finish(turn64(hash, 23) * XX2 + XX3);
}

static uint64_t
xx_long(uint64_t value, uint64_t seed)
{
  uint64_t hash = (seed + XX5 + 8) ^ turn64(value * XX2, 31) * XX1;

  return xx_finish(turn64(hash, 27) * XX1 + XX4);
}

static uint64_t
read64(const unsigned char *at)
{
  uint64_t value = 0;

  for (int i = 7; i >= 0; i--)
    value = value << 8 | at[i];
  return value;
}

static uint32_t
read32(const unsigned char *at)
{
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t
xx_bytes(const unsigned char *at, size_t length, uint64_t seed)
{
  const unsigned char *end = at + length;
  uint64_t hash;

  if (length >= 32) {
    uint64_t v[4] = {seed + XX1 + XX2, seed + XX2, seed, seed - XX1};

    for (; end - at >= 32; at += 32)
      for (int i = 0; i < 4; i++)
        v[i] = turn64(v[i] + read64(at + 8 * i) * XX2, 31) * XX1;
    hash = turn64(v[0], 1) + turn64(v[1], 7) + turn64(v[2], 12) + turn64(v[3], 18);
    for (int i = 0; i < 4; i++)
      hash = (hash ^ turn64(v[i] * XX2, 31) * XX1) * XX1 + XX4;
  } else {
    hash = seed + XX5;
  }
  hash += length;
  for (; end - at >= 8; at += 8)
    hash = turn64(hash ^ turn64(read64(at) * XX2, 31) * XX1, 27) * XX1 + XX4;
  for (; end - at >= 4; at += 4)
    hash = turn64(hash ^ read32(at) * XX1, 23) * XX2 + XX3;
  for (; at < end; at++)
    hash = turn64(hash ^ *at * XX5, 11) * XX1;
  return xx_finish(hash);
}

static uint32_t
murmur_mix(uint32_t hash, uint32_t block)
{
  block = turn32(block * 0xcc9e2d51U, 15) * 0x1b873593U;
  return turn32(hash ^ block, 13) * 5 + 0xe6546b64U;
}

static uint32_t
murmur_finish(uint32_t hash, uint32_t length)
{
  hash ^= length;
  hash ^= hash >> 16;
  hash *= 0x85ebca6bU;
  hash ^= hash >> 13;
  hash *= 0xc2b2ae35U;
  return hash ^ hash >> 16;
}

/* Bytes behind the last whole word count one by one, sign-extended: not what other implementations do. */
static uint32_t
murmur_bytes(const unsigned char *at, size_t length, uint32_t seed)
{
  size_t whole = length / 4 * 4;
  uint32_t hash = seed;

  for (size_t i = 0; i < whole; i += 4)
    hash = murmur_mix(hash, read32(at + i));
  for (size_t i = whole; i < length; i++)
    hash = murmur_mix(hash, (uint32_t)(int32_t)(signed char)at[i]);
  return murmur_finish(hash, (uint32_t)length);
}

struct hasher {
  bool wide; /* xxhash64 */
  uint64_t hash;
};

static void
hash_int(struct hasher *hasher, int64_t value)
{
  if (hasher->wide)
    hasher->hash = xx_int((uint32_t)value, hasher->hash);
  else
    hasher->hash = murmur_finish(murmur_mix((uint32_t)hasher->hash, (uint32_t)value), 4);
}

static void
hash_long(struct hasher *hasher, int64_t value)
{
  uint64_t bits = (uint64_t)value;

  if (hasher->wide)
    hasher->hash = xx_long(bits, hasher->hash);
  else
    hasher->hash = murmur_finish(
        murmur_mix(murmur_mix((uint32_t)hasher->hash, (uint32_t)bits), (uint32_t)(bits >> 32)), 8);
}

static void
hash_bytes(struct hasher *hasher, const void *bytes, size_t length)
{
  hasher->hash = hasher->wide ? xx_bytes(bytes, length, hasher->hash)
                              : murmur_bytes(bytes, length, (uint32_t)hasher->hash);
}

static void
hash_real(struct hasher *hasher, double value, bool single)
{
  if (value == 0) value = 0; /* -0.0 is 0.0 */
  if (single) {
    float narrow = (float)value;
    uint32_t bits;

    memcpy(&bits, &narrow, sizeof bits);
    hash_int(hasher, bits);
  } else {
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    hash_long(hasher, (int64_t)bits);
  }
}

/* Up to 18 digits as a long, more as the bytes of the number in two's complement, as few as possible. */
static void
hash_decimal(struct hasher *hasher, const char *text, const struct sql_type *type)
{
  struct decimal value;
  unsigned char bytes[16];
  int first = 0;

  if (!decimal_parse(text, &value) || !decimal_fit(value, 38, type->scale, &value)) return;
  if (type->precision <= 18) {
    hash_long(hasher, (int64_t)value.unscaled);
    return;
  }
  for (int i = 0; i < 16; i++)
    bytes[i] = (unsigned char)((uint128)value.unscaled >> (8 * (15 - i)));
  while (first < 15 && ((bytes[first] == 0 && !(bytes[first + 1] & 0x80)) ||
                        (bytes[first] == 0xff && (bytes[first + 1] & 0x80))))
    first++;
  hash_bytes(hasher, bytes + first, (size_t)(16 - first));
}

static void hash_raw(struct hasher *hasher, struct raw raw, const struct sql_type *type);

static void
hash_text(struct hasher *hasher, const char *text, size_t length, const struct sql_type *type)
{
  int64_t micros, days;

  switch (type->kind) {
  case TYPE_DECIMAL: hash_decimal(hasher, text, type); return;
  case TYPE_DATE:
    if (time_parse_days(text, &days)) hash_int(hasher, days);
    return;
  case TYPE_TIMESTAMP:
  case TYPE_TIMESTAMP_NTZ:
    if (time_parse_micros(text, &micros)) hash_long(hasher, micros);
    return;
  case TYPE_ARRAY:
  case TYPE_MAP:
  case TYPE_STRUCT: hash_raw(hasher, raw_of(text, length), type); return;
  default: hash_bytes(hasher, text, length);
  }
}

static void
hash_nested(struct hasher *hasher, struct raw raw, const struct sql_type *type)
{
  struct raw key, value;
  size_t position = 0, index = 0;

  for (; raw_next(raw, &position, &key, &value); index++) {
    if (type->kind == TYPE_STRUCT && index >= type->field_count) break;
    if (type->kind == TYPE_MAP) hash_raw(hasher, key, type->key);
    hash_raw(hasher, value, type->kind == TYPE_STRUCT ? type->fields[index].type : type->element);
  }
}

static void
hash_raw(struct hasher *hasher, struct raw raw, const struct sql_type *type)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE), bytes = BUF_INIT(BUF_LARGE);

  if (raw_is_null(raw)) return;
  if (type_is_nested(type)) {
    hash_nested(hasher, raw, type);
    return;
  }
  raw_add_text(&text, raw);
  switch (type->kind) {
  case TYPE_BOOLEAN: hash_int(hasher, *text.data == 't'); return;
  case TYPE_TINYINT:
  case TYPE_SMALLINT:
  case TYPE_INT:
  case TYPE_INTERVAL_MONTHS: hash_int(hasher, strtoll(text.data, NULL, 10)); return;
  case TYPE_BIGINT:
  case TYPE_INTERVAL_SECONDS: hash_long(hasher, strtoll(text.data, NULL, 10)); return;
  case TYPE_FLOAT:
  case TYPE_DOUBLE: hash_real(hasher, strtod(text.data, NULL), type->kind == TYPE_FLOAT); return;
  case TYPE_BINARY:
    fn_undo_base64(&bytes, text.data, text.len);
    hash_bytes(hasher, bytes.data, bytes.len);
    return;
  default: hash_text(hasher, text.data, text.len, type);
  }
}

static void
hash_value(struct hasher *hasher, sqlite3_value *value, const struct sql_type *type)
{
  switch (sqlite3_value_type(value)) {
  case SQLITE_NULL: return;
  case SQLITE_FLOAT: hash_real(hasher, sqlite3_value_double(value), type->kind == TYPE_FLOAT); return;
  case SQLITE_BLOB: hash_bytes(hasher, sqlite3_value_blob(value), fn_length(value)); return;
  case SQLITE_INTEGER:
    if (type->kind == TYPE_BIGINT || type->kind == TYPE_INTERVAL_SECONDS)
      hash_long(hasher, sqlite3_value_int64(value));
    else
      hash_int(hasher, sqlite3_value_int64(value));
    return;
  default: hash_text(hasher, fn_text(value), (size_t)sqlite3_value_bytes(value), type);
  }
}

/* x_hash('x' or 'm', seed, type, value, type, value, ...) */
static void
fn_hash(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct hasher hasher = {*fn_text(args[0]) == 'x', (uint64_t)sqlite3_value_int64(args[1])};

  for (int i = 2; i + 1 < count; i += 2) {
    const struct sql_type *type = fn_type(context, args, i);

    if (!type) return;
    hash_value(&hasher, args[i + 1], type);
  }
  sqlite3_result_int64(context, hasher.wide ? (int64_t)hasher.hash : (int32_t)(uint32_t)hasher.hash);
}

/* x_digest(bytes, name) in lower-case hexadecimal. */
static void
fn_digest(sqlite3_context *context, int count, sqlite3_value **args)
{
  const EVP_MD *digest;
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  char text[2 * EVP_MAX_MD_SIZE + 1] = "";

  if (fn_null(context, count, args)) return;
  digest = EVP_get_digestbyname(fn_text(args[1]));
  if (!digest) return;
  if (!EVP_Digest(sqlite3_value_blob(args[0]), fn_length(args[0]), bytes, &length, digest, NULL)) return;
  for (unsigned int i = 0; i < length; i++) {
    text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
    text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
  }
  fn_return_text(context, text);
}

static void
fn_crc32(sqlite3_context *context, int count, sqlite3_value **args)
{
  const unsigned char *bytes;
  uint32_t crc = 0xffffffffU;

  if (fn_null(context, count, args)) return;
  bytes = sqlite3_value_blob(args[0]);
  for (size_t i = 0; i < fn_length(args[0]); i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
  }
  sqlite3_result_int64(context, crc ^ 0xffffffffU);
}

struct fn_table
fns_hash(void)
{
  static const struct fn table[] = {
      {"x_hash", -1, fn_hash, false}, {"x_digest", 2, fn_digest, false}, {"x_crc32", 1, fn_crc32, false}};

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
