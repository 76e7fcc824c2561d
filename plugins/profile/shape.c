/* SPDX-License-Identifier: Apache-2.0 */
/* How values are spread, in the width of a table's cell. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "profile.h"

#include "base/banned.h"

#define MOST_BARS 64

/* Terminals that show no UTF-8 are rare, and say so in the environment. */
static bool
shows_utf8(void)
{
  static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};

  for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
    const char *value = secure_getenv(variables[i]);

    if (value && *value) return strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "UTF8");
  }
  return false;
}

/* WEIGHT into the cells of BARS by where X lies between LOW and HIGH. */
static void
fill_bars(struct json_object *bins, double *bars, size_t width)
{
  size_t count = json_length(bins);
  double low, high;

  low = json_object_get_double(json_get(json_item(bins, 0), "x"));
  high = json_object_get_double(json_get(json_item(bins, count - 1), "x"));
  for (size_t i = 0; i < count; i++) {
    double x = json_object_get_double(json_get(json_item(bins, i), "x"));
    double place = high > low ? (x - low) / (high - low) * (double)(width - 1) : 0;

    bars[(size_t)(place + 0.5)] += json_object_get_double(json_get(json_item(bins, i), "y"));
  }
}

static const char *
sparkline(struct profile *profile, const char *histogram, size_t width)
{
  static const char *const fine[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static const char *const coarse[] = {" ", ".", ".", ":", ":", "-", "=", "+", "#"};
  CLEANUP_JSON struct json_object *bins = json_parse(histogram, strlen(histogram), NULL, NULL);
  const char *const *glyphs = shows_utf8() ? fine : coarse;
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  double bars[MOST_BARS] = {0}, most = 0;

  if (width > MOST_BARS) width = MOST_BARS;
  if (!json_length(bins)) return "";
  fill_bars(bins, bars, width);
  for (size_t i = 0; i < width; i++)
    if (bars[i] > most) most = bars[i];
  for (size_t i = 0; i < width; i++) {
    size_t level = most > 0 ? (size_t)(bars[i] / most * 8 + 0.5) : 0;

    /* What is there is seen, however little it is. */
    buf_add_text(&out, glyphs[bars[i] > 0 && level == 0 ? 1 : level]);
  }
  return arena_strdup(profile->arena, out.data);
}

const char *
profile_share(struct profile *profile, int64_t part, int64_t whole)
{
  double share;

  if (whole <= 0) return "-";
  share = 100.0 * (double)part / (double)whole;
  if (part == 0) return "0%";
  return part == whole    ? "100%"
         : share < 0.05   ? "<0.1%"
         : share >= 99.95 ? ">99.9%"
                          : arena_printf(profile->arena, "%.1f%%", share);
}

/* "a 40%, b 10%": as many as fit, at least one. */
static const char *
top_values(struct profile *profile, const struct profile_column *column, size_t width)
{
  const char *text = column->found[METRIC_TOP];
  CLEANUP_JSON struct json_object *list = json_parse(text, strlen(text), NULL, NULL);
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < json_length(list); i++) {
    const char *item = json_get_text(json_item(list, i), "item");
    const char *share =
        profile_share(profile, json_get_int(json_item(list, i), "count", 0), column->rows - column->nulls);
    const char *next = arena_printf(profile->arena, "%s%s %s", out.len ? ", " : "",
                                    !item   ? "?"
                                    : *item ? item
                                            : "''",
                                    share);

    if (out.len && utf8_width(out.data) + utf8_width(next) > width) break;
    buf_add_text(&out, next);
  }
  return arena_strdup(profile->arena, out.data);
}

const char *
profile_shape(struct profile *profile, const struct profile_column *column, size_t width)
{
  if (column->problem) return column->problem;
  if (!column->known || column->nulls == column->rows) return "";
  if (column->kind == PROFILE_BOOLEAN) {
    int64_t filled = column->rows - column->nulls, on = 0;

    if (!column->found[METRIC_TRUE] || !str_to_int64(column->found[METRIC_TRUE], &on)) return "";
    return arena_printf(profile->arena, "true %s, false %s", profile_share(profile, on, filled),
                        profile_share(profile, filled - on, filled));
  }
  if (column->found[METRIC_HISTOGRAM])
    return sparkline(profile, column->found[METRIC_HISTOGRAM], width < 24 ? width : 24);
  return column->found[METRIC_TOP] ? top_values(profile, column, width) : "";
}

const char *
profile_number(struct profile *profile, const char *number)
{
  double value;

  if (!number || !str_to_double(number, &value)) return number;
  return strlen(number) <= 8 ? number : arena_printf(profile->arena, "%.6g", value);
}

const char *
profile_range(struct profile *profile, const struct profile_column *column)
{
  const char *const *found = column->found;
  bool sizes = (column->kind & (PROFILE_ARRAY | PROFILE_MAP)) != 0;

  if (found[METRIC_MIN] && !(column->kind & PROFILE_TEXT))
    return arena_printf(
        profile->arena, "%s .. %s",
        column->kind & PROFILE_NUMBER ? profile_number(profile, found[METRIC_MIN]) : found[METRIC_MIN],
        column->kind & PROFILE_NUMBER ? profile_number(profile, found[METRIC_MAX]) : found[METRIC_MAX]);
  if (found[METRIC_MIN_LENGTH])
    return arena_printf(profile->arena, "%s .. %s %s", found[METRIC_MIN_LENGTH], found[METRIC_MAX_LENGTH],
                        sizes                            ? "entries"
                        : column->kind == PROFILE_BINARY ? "bytes"
                                                         : "characters");
  return NULL;
}
