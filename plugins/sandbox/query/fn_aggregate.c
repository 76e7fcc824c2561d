/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregates that SQLite has not: lists, exact decimals, statistics, percentiles, first and last, the value
 * at the extreme of another. Each takes its values as single arguments so that DISTINCT works. */
#include "query/fn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#include "base/banned.h"

/* Memory that outlives a step: a pointer in SQLite's zeroed context, freed in the finisher. */
struct list {
  struct buf *buf;
  size_t count;
};

static void
collect_step(sqlite3_context *context, sqlite3_value **args, char letter)
{
  struct list *list = sqlite3_aggregate_context(context, sizeof *list);

  if (!list || fn_is_null(args[0])) return;
  if (!list->buf) {
    list->buf = xcalloc(1, sizeof *list->buf);
    *list->buf = BUF_INIT(BUF_LARGE);
  }
  buf_add_char(list->buf, list->count++ ? ',' : '[');
  fn_add_json(list->buf, letter, args[0]);
}

static void
collect_value(sqlite3_context *context)
{
  struct list *list = sqlite3_aggregate_context(context, sizeof *list);

  if (!list || !list->buf) {
    fn_return_text(context, "[]");
    return;
  }
  buf_add_char(list->buf, ']');
  fn_return(context, list->buf);
  list->buf->data[--list->buf->len] = '\0';
}

static void
collect_finish(sqlite3_context *context)
{
  struct list *list = sqlite3_aggregate_context(context, sizeof *list);

  collect_value(context);
  if (!list || !list->buf) return;
  buf_free(list->buf);
  free(list->buf);
  list->buf = NULL;
}

/* The first element leaves the window. */
static void
collect_inverse(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct list *list = sqlite3_aggregate_context(context, sizeof *list);
  struct raw first;
  size_t position = 0, cut;

  (void)count;
  if (!list || !list->buf || fn_is_null(args[0])) return;
  buf_add_char(list->buf, ']');
  raw_next((struct raw){list->buf->data, list->buf->len}, &position, NULL, &first);
  cut = position < list->buf->len && list->buf->data[position] == ',' ? position : position - 1;
  memmove(list->buf->data + 1, list->buf->data + cut + 1, list->buf->len - cut);
  list->buf->len -= cut + 1;
  list->buf->data[list->buf->len] = '\0';
  if (--list->count == 0) list->buf->len = 0;
}

#define COLLECT(letter)                                                                   \
  static void collect_##letter(sqlite3_context *context, int count, sqlite3_value **args) \
  {                                                                                       \
    (void)count;                                                                          \
    collect_step(context, args, #letter[0]);                                              \
  }
COLLECT(i)
COLLECT(d)
COLLECT(s)
COLLECT(b)
COLLECT(x)
COLLECT(j)
COLLECT(m)

struct total {
  struct decimal sum;
  int64_t count;
  bool overflow;
};

/* SQLite aligns its context to 8 bytes, a 128-bit number wants 16: the total is copied out and back. */
static void
total_change(sqlite3_context *context, sqlite3_value **args, char op)
{
  void *kept = sqlite3_aggregate_context(context, sizeof(struct total));
  struct total total;
  struct decimal value;

  if (!kept || fn_is_null(args[0]) || !decimal_parse(fn_text(args[0]), &value)) return;
  memcpy(&total, kept, sizeof total);
  total.count += op == '+' ? 1 : -1;
  if (decimal_op(op, &total.sum, &value, 38, value.scale, &total.sum) != DECIMAL_OK) total.overflow = true;
  memcpy(kept, &total, sizeof total);
}

/* The total so far; false when nothing was added up. */
static bool
total_read(sqlite3_context *context, struct total *total)
{
  const void *kept = sqlite3_aggregate_context(context, sizeof *total);

  if (kept) memcpy(total, kept, sizeof *total);
  return kept && total->count;
}

static void
total_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  total_change(context, args, '+');
}

static void
total_inverse(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  total_change(context, args, '-');
}

static void
return_total(sqlite3_context *context, const struct decimal *value, bool overflow)
{
  char text[TIME_TEXT_MAX];

  if (overflow) {
    fn_fail(context, "ARITHMETIC_OVERFLOW", "22003",
            "Overflow in sum of decimals. Use 'try_sum' to tolerate overflow "
            "and return NULL instead.");
    return;
  }
  decimal_print(value, text);
  fn_return_text(context, text);
}

static void
sum_finish(sqlite3_context *context)
{
  struct total total;

  if (total_read(context, &total)) return_total(context, &total.sum, total.overflow);
}

static void
mean_finish(sqlite3_context *context)
{
  struct total total;
  struct decimal count, mean = {0, 0};
  enum decimal_status status;
  int scale;

  if (!total_read(context, &total)) return;
  count = (struct decimal){total.count, 0};
  scale = total.sum.scale + 4 > 38 ? 38 : total.sum.scale + 4;
  status = decimal_op('/', &total.sum, &count, 38, scale, &mean);
  return_total(context, &mean, status != DECIMAL_OK || total.overflow);
}

/* Running moments (Welford), of one variable or two. */
struct moments {
  int64_t count;
  double mean_x, mean_y, m2, m3, m4, m2_y, c2;
};

static void
moments_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct moments *m = sqlite3_aggregate_context(context, sizeof *m);
  double x, y, n, delta, delta_n, term;

  if (!m || fn_is_null(args[0]) || (count > 1 && fn_is_null(args[1]))) return;
  x = sqlite3_value_double(args[0]);
  y = count > 1 ? sqlite3_value_double(args[1]) : 0;
  n = (double)++m->count;
  delta = x - m->mean_x;
  delta_n = delta / n;
  term = delta * delta_n * (n - 1);
  m->m4 +=
      term * delta_n * delta_n * (n * n - 3 * n + 3) + 6 * delta_n * delta_n * m->m2 - 4 * delta_n * m->m3;
  m->m3 += term * delta_n * (n - 2) - 3 * delta_n * m->m2;
  m->m2 += term;
  m->mean_x += delta_n;
  delta = y - m->mean_y;
  m->mean_y += delta / n;
  m->m2_y += delta * (y - m->mean_y);
  m->c2 += (x - m->mean_x) * delta;
}

static void
return_number(sqlite3_context *context, double value)
{
  if (isnan(value))
    sqlite3_result_null(context);
  else
    sqlite3_result_double(context, value);
}

#define MOMENTS(name, least, formula)                                        \
  static void name(sqlite3_context *context)                                 \
  {                                                                          \
    const struct moments *m = sqlite3_aggregate_context(context, sizeof *m); \
    double n = m ? (double)m->count : 0;                                     \
                                                                             \
    if (n >= (least)) return_number(context, (formula));                     \
  }
MOMENTS(var_pop, 1, m->m2 / n)
MOMENTS(var_samp, 2, m->m2 / (n - 1))
MOMENTS(stddev_pop, 1, sqrt(m->m2 / n))
MOMENTS(stddev_samp, 2, sqrt(m->m2 / (n - 1)))
MOMENTS(skewness, 1, m->m2 == 0 ? NAN : sqrt(n) * m->m3 / sqrt(m->m2 * m->m2 * m->m2))
MOMENTS(kurtosis, 1, m->m2 == 0 ? NAN : n * m->m4 / (m->m2 * m->m2) - 3)
MOMENTS(covar_pop, 1, m->c2 / n)
MOMENTS(covar_samp, 2, m->c2 / (n - 1))
MOMENTS(corr, 1, m->m2 == 0 || m->m2_y == 0 ? NAN : m->c2 / sqrt(m->m2 * m->m2_y))

struct sample {
  double *at;
  size_t count, capacity;
  double fraction;
  char *list; /* of fractions, or NULL */
};

/* (value, fraction or JSON array of fractions) */
static void
sample_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct sample *sample = sqlite3_aggregate_context(context, sizeof *sample);

  if (!sample || fn_is_null(args[0])) return;
  if (count > 1 && sqlite3_value_type(args[1]) == SQLITE_TEXT) {
    if (!sample->list) sample->list = xstrdup(fn_text(args[1]));
  } else {
    sample->fraction = count > 1 ? sqlite3_value_double(args[1]) : 0.5;
  }
  if (sample->count == sample->capacity) {
    sample->capacity = sample->capacity ? sample->capacity * 2 : 64;
    sample->at = xrealloc(sample->at, sample->capacity * sizeof *sample->at);
  }
  sample->at[sample->count++] = sqlite3_value_double(args[0]);
}

static int
compare_doubles(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return x < y ? -1 : x > y;
}

static double
interpolate(const struct sample *sample, double fraction)
{
  double place = fraction * (double)(sample->count - 1);
  size_t low = (size_t)floor(place), high = (size_t)ceil(place);

  if (low == high) return sample->at[low];
  return sample->at[low] * ((double)high - place) + sample->at[high] * (place - (double)low);
}

static double
nearest(const struct sample *sample, double fraction)
{
  size_t rank = (size_t)ceil(fraction * (double)sample->count);

  return sample->at[rank ? rank - 1 : 0];
}

static void
sample_result(sqlite3_context *context, double (*pick)(const struct sample *, double))
{
  struct sample *sample = sqlite3_aggregate_context(context, sizeof *sample);
  struct raw value;
  size_t position = 0;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (!sample || sample->count == 0) return;
  qsort(sample->at, sample->count, sizeof *sample->at, compare_doubles);
  if (!sample->list) {
    if (sample->fraction < 0 || sample->fraction > 1)
      fn_fail(context, "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", "42K09",
              "The percentage must be between [0.0, 1.0].");
    else
      sqlite3_result_double(context, pick(sample, sample->fraction));
  } else {
    while (raw_next(raw_of(sample->list, strlen(sample->list)), &position, NULL, &value)) {
      char text[TIME_TEXT_MAX];

      number_print(pick(sample, strtod(value.at, NULL)), false, text);
      buf_addf(&buf, "%s%s", buf.len ? "," : "[", text);
    }
    buf_add_char(&buf, ']');
    fn_return(context, &buf);
  }
  free(sample->at);
  free(sample->list);
}

static void
percentile_finish(sqlite3_context *context)
{
  sample_result(context, interpolate);
}

static void
approximate_finish(sqlite3_context *context)
{
  sample_result(context, nearest);
}

/* A value kept from one row: (value) or (value, key). */
struct kept {
  sqlite3_value *value, *key;
  bool set;
};

static void
keep(struct kept *kept, sqlite3_value *value, sqlite3_value *key)
{
  sqlite3_value_free(kept->value);
  sqlite3_value_free(kept->key);
  kept->value = sqlite3_value_dup(value);
  kept->key = key ? sqlite3_value_dup(key) : NULL;
  kept->set = true;
}

static void
kept_finish(sqlite3_context *context)
{
  struct kept *kept = sqlite3_aggregate_context(context, sizeof *kept);

  if (!kept || !kept->set) return;
  sqlite3_result_value(context, kept->value);
  sqlite3_value_free(kept->value);
  sqlite3_value_free(kept->key);
  *kept = (struct kept){0};
}

static void
first_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct kept *kept = sqlite3_aggregate_context(context, sizeof *kept);
  bool skip = count > 1 && sqlite3_value_int(args[1]) && fn_is_null(args[0]);

  if (kept && !kept->set && !skip) keep(kept, args[0], NULL);
}

static void
last_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct kept *kept = sqlite3_aggregate_context(context, sizeof *kept);
  bool skip = count > 1 && sqlite3_value_int(args[1]) && fn_is_null(args[0]);

  if (kept && !skip) keep(kept, args[0], NULL);
}

static int
compare_keys(sqlite3_value *a, sqlite3_value *b)
{
  struct decimal x, y;
  size_t n, m;
  int order;

  if (sqlite3_value_numeric_type(a) != SQLITE_TEXT && sqlite3_value_type(a) != SQLITE_TEXT) {
    double p = sqlite3_value_double(a), q = sqlite3_value_double(b);
    int64_t i = sqlite3_value_int64(a), j = sqlite3_value_int64(b);

    if (sqlite3_value_type(a) == SQLITE_INTEGER) return i < j ? -1 : i > j;
    return p < q ? -1 : p > q;
  }
  if (sqlite3_value_subtype(a) == 'm' && decimal_parse(fn_text(a), &x) && decimal_parse(fn_text(b), &y))
    return decimal_compare(&x, &y);
  n = fn_length(a);
  m = fn_length(b);
  order = memcmp(fn_text(a), fn_text(b), n < m ? n : m);
  return order ? order : n < m ? -1 : n > m;
}

static void
by_step(sqlite3_context *context, sqlite3_value **args, int sign)
{
  struct kept *kept = sqlite3_aggregate_context(context, sizeof *kept);

  if (!kept || fn_is_null(args[1])) return;
  if (!kept->set || sign * compare_keys(args[1], kept->key) > 0) keep(kept, args[0], args[1]);
}

static void
max_by_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  by_step(context, args, 1);
}

static void
min_by_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  by_step(context, args, -1);
}

struct bits {
  int64_t value;
  bool set;
};

static void
bits_step(sqlite3_context *context, sqlite3_value **args, char op)
{
  struct bits *bits = sqlite3_aggregate_context(context, sizeof *bits);
  int64_t value = sqlite3_value_int64(args[0]);

  if (!bits || fn_is_null(args[0])) return;
  bits->value = !bits->set  ? value
                : op == '&' ? (bits->value & value)
                : op == '|' ? (bits->value | value)
                            : (bits->value ^ value);
  bits->set = true;
}

static void
and_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  bits_step(context, args, '&');
}

static void
or_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  bits_step(context, args, '|');
}

static void
xor_step(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  bits_step(context, args, '^');
}

static void
bits_finish(sqlite3_context *context)
{
  const struct bits *bits = sqlite3_aggregate_context(context, sizeof *bits);

  if (bits && bits->set) sqlite3_result_int64(context, bits->value);
}

const struct fn_aggregate *
fns_aggregate(size_t *count)
{
  static const struct fn_aggregate table[] = {
      {"x_collect_i", 1, collect_i, collect_finish, collect_value, collect_inverse},
      {"x_collect_d", 1, collect_d, collect_finish, collect_value, collect_inverse},
      {"x_collect_s", 1, collect_s, collect_finish, collect_value, collect_inverse},
      {"x_collect_b", 1, collect_b, collect_finish, collect_value, collect_inverse},
      {"x_collect_x", 1, collect_x, collect_finish, collect_value, collect_inverse},
      {"x_collect_j", 1, collect_j, collect_finish, collect_value, collect_inverse},
      {"x_collect_m", 1, collect_m, collect_finish, collect_value, collect_inverse},
      {"x_decimal_sum", 1, total_step, sum_finish, sum_finish, total_inverse},
      {"x_decimal_avg", 1, total_step, mean_finish, mean_finish, total_inverse},
      {"x_var_pop", 1, moments_step, var_pop, NULL, NULL},
      {"x_var_samp", 1, moments_step, var_samp, NULL, NULL},
      {"x_stddev_pop", 1, moments_step, stddev_pop, NULL, NULL},
      {"x_stddev_samp", 1, moments_step, stddev_samp, NULL, NULL},
      {"x_skewness", 1, moments_step, skewness, NULL, NULL},
      {"x_kurtosis", 1, moments_step, kurtosis, NULL, NULL},
      {"x_covar_pop", 2, moments_step, covar_pop, NULL, NULL},
      {"x_covar_samp", 2, moments_step, covar_samp, NULL, NULL},
      {"x_corr", 2, moments_step, corr, NULL, NULL},
      {"x_percentile", 2, sample_step, percentile_finish, NULL, NULL},
      {"x_percentile_approx", 2, sample_step, approximate_finish, NULL, NULL},
      {"x_median", 1, sample_step, percentile_finish, NULL, NULL},
      {"x_first", 2, first_step, kept_finish, NULL, NULL},
      {"x_last", 2, last_step, kept_finish, NULL, NULL},
      {"x_max_by", 2, max_by_step, kept_finish, NULL, NULL},
      {"x_min_by", 2, min_by_step, kept_finish, NULL, NULL},
      {"x_bit_and", 1, and_step, bits_finish, NULL, NULL},
      {"x_bit_or", 1, or_step, bits_finish, NULL, NULL},
      {"x_bit_xor", 1, xor_step, bits_finish, NULL, NULL},
  };

  *count = ARRAY_SIZE(table);
  return table;
}
