/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregates about how values are spread: the most frequent ones, and a histogram. Both answer JSON.
 * https://docs.databricks.com/sql/language-manual/functions/approx_top_k.html
 * https://docs.databricks.com/sql/language-manual/functions/histogram_numeric.html */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "query/fn.h"

#include "base/banned.h"

/* The keys are values as JSON, the values are counts. */
struct tally {
  struct map *counts;
  int64_t most;
};

struct counted {
  const char *item;
  uintptr_t count;
};

/* x_top(JSON, K) */
static void
top_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct tally *tally = sqlite3_aggregate_context(context, sizeof *tally);
  const char *item = fn_text(args[0]);
  uintptr_t seen;

  (void)count;
  if (!tally || fn_is_null(args[0]) || str_eq(item, "null")) return;
  if (!tally->counts) tally->counts = map_new();
  tally->most = sqlite3_value_int64(args[1]);
  seen = (uintptr_t)map_get(tally->counts, item);
  map_set(tally->counts, item, (void *)(seen + 1));
}

static int
compare_counted(const void *a, const void *b)
{
  const struct counted *first = a, *second = b;

  if (first->count != second->count) return first->count < second->count ? 1 : -1;
  return raw_compare(raw_of(first->item, strlen(first->item)), raw_of(second->item, strlen(second->item)));
}

static void
add_items(struct buf *out, const struct tally *tally)
{
  VEC(struct counted) items = {0};
  size_t position = 0;
  const char *key;
  void *value;

  while (map_next(tally->counts, &position, &key, &value))
    *VEC_ADD(&items) = (struct counted){key, (uintptr_t)value};
  if (items.count) qsort(items.at, items.count, sizeof(struct counted), compare_counted);
  for (size_t i = 0; i < items.count && (int64_t)i < tally->most; i++)
    buf_addf(out, "%s{\"item\":%s,\"count\":%llu}", i ? "," : "", items.at[i].item,
             (unsigned long long)items.at[i].count);
  VEC_FREE(&items);
}

static void
top_finish(sqlite3_context *context)
{
  struct tally *tally = sqlite3_aggregate_context(context, sizeof *tally);
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  buf_add_char(&out, '[');
  if (tally && tally->counts) add_items(&out, tally);
  buf_add_char(&out, ']');
  if (tally) {
    map_free(tally->counts);
    tally->counts = NULL;
  }
  fn_return(context, &out);
}

struct bin {
  double x, y;
};

/* By Ben-Haim and Tom-Tov, "A Streaming Parallel Decision Tree Algorithm": when there are too many bins, the
 * two that are nearest become one in their middle. */
struct histogram {
  struct bin *bins; /* by x */
  size_t count, most;
};

static void
merge_nearest(struct histogram *histogram)
{
  struct bin *bins = histogram->bins;
  double least = DBL_MAX;
  size_t at = 0;

  for (size_t i = 0; i + 1 < histogram->count; i++)
    if (bins[i + 1].x - bins[i].x < least) {
      least = bins[i + 1].x - bins[i].x;
      at = i;
    }
  bins[at].x = (bins[at].x * bins[at].y + bins[at + 1].x * bins[at + 1].y) / (bins[at].y + bins[at + 1].y);
  bins[at].y += bins[at + 1].y;
  histogram->count--;
  memmove(&bins[at + 1], &bins[at + 2], (histogram->count - at - 1) * sizeof *bins);
}

/* x_histogram(X, BINS) */
static void
histogram_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct histogram *histogram = sqlite3_aggregate_context(context, sizeof *histogram);
  double x = sqlite3_value_double(args[0]);
  int64_t most = sqlite3_value_int64(args[1]);
  size_t at = 0;

  (void)count;
  if (!histogram || fn_is_null(args[0])) return;
  if (most < 2 || most > 1000000) {
    fn_fail(context, "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", "42K09",
            "histogram_numeric needs at least 2 bins but you supplied %lld.", (long long)most);
    return;
  }
  if (!histogram->bins) {
    histogram->most = (size_t)most;
    histogram->bins = xcalloc(histogram->most + 1, sizeof *histogram->bins);
  }
  while (at < histogram->count && histogram->bins[at].x < x)
    at++;
  if (at < histogram->count && !(histogram->bins[at].x > x)) {
    histogram->bins[at].y += 1;
    return;
  }
  memmove(&histogram->bins[at + 1], &histogram->bins[at], (histogram->count - at) * sizeof(struct bin));
  histogram->bins[at] = (struct bin){x, 1};
  if (++histogram->count > histogram->most) merge_nearest(histogram);
}

static void
histogram_finish(sqlite3_context *context)
{
  struct histogram *histogram = sqlite3_aggregate_context(context, sizeof *histogram);
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  if (!histogram || !histogram->bins) return;
  for (size_t i = 0; i < histogram->count; i++) {
    char x[TIME_TEXT_MAX], y[TIME_TEXT_MAX];

    number_print(histogram->bins[i].x, false, x);
    number_print(histogram->bins[i].y, false, y);
    buf_addf(&out, "%s{\"x\":%s,\"y\":%s}", i ? "," : "[", x, y);
  }
  buf_add_char(&out, ']');
  free(histogram->bins);
  histogram->bins = NULL;
  fn_return(context, &out);
}

const struct fn_aggregate *
fns_frequent(size_t *count)
{
  static const struct fn_aggregate table[] = {
      {"x_top", 2, top_step, top_finish, NULL, NULL},
      {"x_histogram", 2, histogram_step, histogram_finish, NULL, NULL},
  };

  *count = ARRAY_SIZE(table);
  return table;
}
