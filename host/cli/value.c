/* SPDX-License-Identifier: Apache-2.0 */
/* Values of every type in the grammar. It must not know where a value comes from; WHERE in messages is the
 * caller's. */
#include "cli/value.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "cli/args.h"

#include "base/banned.h"

static const struct {
  const char *name, *placeholder;
} types[] = {
    [TYPE_STRING] = {"string", "TEXT"},       [TYPE_BOOLEAN] = {"boolean", ""},
    [TYPE_INTEGER] = {"integer", "N"},        [TYPE_NUMBER] = {"number", "N"},
    [TYPE_DURATION] = {"duration", "TIME"},   [TYPE_SIZE] = {"size", "SIZE"},
    [TYPE_CHOICE] = {"choice", "WORD"},       [TYPE_PATH] = {"path", "PATH"},
    [TYPE_SECURABLE] = {"securable", "NAME"}, [TYPE_REGEX] = {"regex", "REGEX"},
};

const char *
value_type_name(enum grammar_type type)
{
  return types[type].name;
}

const char *
value_placeholder(enum grammar_type type)
{
  return types[type].placeholder;
}

bool
value_type_find(const char *name, enum grammar_type *type)
{
  for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
    if (!str_eq(types[i].name, name)) continue;
    *type = (enum grammar_type)i;
    return true;
  }
  return false;
}

/* Leading digits of TEXT; what follows them. NULL when there is none or too many. */
static const char *
leading_number(const char *text, int64_t *number)
{
  int64_t value = 0;

  if (!str_is_digit(*text)) return NULL;
  for (; str_is_digit(*text); text++)
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *text - '0', &value))
      return NULL;
  *number = value;
  return text;
}

bool
value_duration(const char *text, int64_t *ms)
{
  static const struct {
    const char *unit;
    int64_t ms;
  } units[] = {{"", 1000},     {"ms", 1},       {"s", 1000},     {"m", 60000},
               {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
  int64_t number;
  const char *unit = leading_number(text, &number);

  for (size_t i = 0; unit && i < ARRAY_SIZE(units); i++)
    if (str_eq(unit, units[i].unit)) return !__builtin_mul_overflow(number, units[i].ms, ms);
  return false;
}

bool
value_size(const char *text, int64_t *bytes)
{
  static const char units[] = "kmgt";
  int64_t number;
  const char *unit = leading_number(text, &number), *at;

  if (!unit) return false;
  if (*unit == '\0') {
    *bytes = number;
    return true;
  }
  at = strchr(units, str_lower(*unit));
  if (!at || unit[1] != '\0') return false;
  return !__builtin_mul_overflow(number, INT64_C(1) << (10 * (at - units + 1)), bytes);
}

bool
value_boolean(const char *text, bool *value)
{
  static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};

  for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
    if (!str_ieq(text, words[i])) continue;
    *value = i % 2 == 1;
    return true;
  }
  return false;
}

static clxs_status
check_choice(const struct grammar_flag *flag, const char *value, const char *where, struct err *err)
{
  char list[512] = "";
  const char *nearest = NULL;
  size_t used = 0, best = 3;

  for (size_t i = 0; flag->choices && flag->choices[i]; i++) {
    size_t distance = str_distance(flag->choices[i], value);

    if (str_eq(flag->choices[i], value)) return CLXS_OK;
    if (distance < best) {
      best = distance;
      nearest = flag->choices[i];
    }
    if (used < sizeof list)
      used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", flag->choices[i]);
  }
  err_set(err, CLXS_E_USAGE, "%s must be one of %s, not \"%s\"", where, list, value);
  if (nearest) err_hint(err, "did you mean \"%s\"?", nearest);
  return CLXS_E_USAGE;
}

static clxs_status
check_range(const struct grammar_flag *flag, double number, const char *value, const char *where,
            struct err *err)
{
  if (flag->has_min && number < flag->min)
    return err_set(err, CLXS_E_USAGE, "%s must be at least %.15g, not %s", where, flag->min, value);
  if (flag->has_max && number > flag->max)
    return err_set(err, CLXS_E_USAGE, "%s must be at most %.15g, not %s", where, flag->max, value);
  return CLXS_OK;
}

static clxs_status
check_regex(const char *value, const char *where, struct err *err)
{
  regex_t regex;
  char why[128];
  int code = regcomp(&regex, value, REG_EXTENDED | REG_NOSUB);

  if (code == 0) {
    regfree(&regex);
    return CLXS_OK;
  }
  regerror(code, &regex, why, sizeof why);
  return err_set(err, CLXS_E_USAGE, "%s is not a POSIX extended regular expression: \"%s\": %s", where, value,
                 why);
}

/* catalog[.schema[.name]]: one to three parts, each plain or in back-ticks. */
static bool
is_securable(const char *text)
{
  for (int parts = 1; parts <= 3; parts++) {
    const char *start = text;

    if (*text == '`') {
      for (text++; *text && (*text != '`' || text[1] == '`'); text += *text == '`' ? 2 : 1) {
      }
      if (*text++ != '`' || text - start == 2) return false;
    } else {
      text += strcspn(text, ".`");
      if (text == start) return false;
    }
    if (*text == '\0') return true;
    if (*text++ != '.') return false;
  }
  return false;
}

/* Types whose only question is "is it one": what a good value looks like, or NULL. */
static const char *
wanted(enum grammar_type type, const char *value, double *number)
{
  int64_t integer = 0;
  bool truth;

  *number = 0;
  switch (type) {
  case TYPE_BOOLEAN: return value_boolean(value, &truth) ? NULL : "true or false";
  case TYPE_INTEGER:
    if (!str_to_int64(value, &integer)) return "a whole number";
    *number = (double)integer;
    return NULL;
  case TYPE_NUMBER: return str_to_double(value, number) && isfinite(*number) ? NULL : "a number";
  case TYPE_DURATION: return value_duration(value, &integer) ? NULL : "a time such as 90s, 5m, 2h or 7d";
  case TYPE_SIZE: return value_size(value, &integer) ? NULL : "a size such as 512K, 10M or 2G";
  case TYPE_SECURABLE: return is_securable(value) ? NULL : "catalog, catalog.schema or catalog.schema.name";
  case TYPE_PATH: return *value ? NULL : "a path";
  default: return NULL;
  }
}

clxs_status
args_check(const struct grammar_flag *flag, const char *value, const char *where, struct err *err)
{
  double number;
  const char *want = wanted(flag->type, value, &number);

  if (want) return err_set(err, CLXS_E_USAGE, "%s must be %s, not \"%s\"", where, want, value);
  switch (flag->type) {
  case TYPE_CHOICE: return check_choice(flag, value, where, err);
  case TYPE_REGEX: return check_regex(value, where, err);
  case TYPE_INTEGER:
  case TYPE_NUMBER: return check_range(flag, number, value, where, err);
  default: return CLXS_OK;
  }
}

int64_t
args_number(enum grammar_type type, const char *value)
{
  int64_t integer = 0;
  double number = 0;
  bool truth = false;

  if (!value) return 0;
  switch (type) {
  case TYPE_BOOLEAN: value_boolean(value, &truth); return truth;
  case TYPE_DURATION: value_duration(value, &integer); return integer;
  case TYPE_SIZE: value_size(value, &integer); return integer;
  case TYPE_NUMBER:
    if (!str_to_double(value, &number)) return 0;
    return number >= 9e18 ? INT64_MAX : number <= -9e18 ? INT64_MIN : (int64_t)number;
  default: str_to_int64(value, &integer); return integer;
  }
}
