/* SPDX-License-Identifier: Apache-2.0 */
/* Functions over whole arrays, held as JSON. Elements are compared as their JSON text, which is canonical;
 * only sorting looks at what they mean. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "query/fn.h"

#include "base/banned.h"

struct items {
  struct raw *at;
  size_t count, capacity;
};

static void
items_read(sqlite3_value *value, struct items *items)
{
  size_t position = 0;
  struct raw item;

  while (raw_next(fn_raw(value), &position, NULL, &item))
    *VEC_ADD(items) = item;
}

static void
items_free(struct items *items)
{
  free(items->at);
}

#define CLEANUP_ITEMS __attribute__((cleanup(items_free)))

static void
add_item(struct buf *buf, struct raw item)
{
  buf_add_char(buf, buf->len ? ',' : '[');
  buf_add(buf, item.at, item.length);
}

static void
return_items(sqlite3_context *context, struct buf *buf)
{
  if (buf->len == 0) buf_add_char(buf, '[');
  buf_add_char(buf, ']');
  fn_return(context, buf);
}

static bool
same(struct raw a, struct raw b)
{
  return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static bool
holds(const struct items *items, struct raw item, size_t limit)
{
  for (size_t i = 0; i < items->count && i < limit; i++)
    if (same(items->at[i], item)) return true;
  return false;
}

/* x_array_concat(arrays...) */
static void
fn_concat(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (fn_null(context, count, args)) return;
  for (int i = 0; i < count; i++) {
    size_t position = 0;
    struct raw item;

    while (raw_next(fn_raw(args[i]), &position, NULL, &item))
      add_item(&buf, item);
  }
  return_items(context, &buf);
}

/* x_array_set(op, a, b): d distinct, u union, i intersect, e except. */
static void
fn_set(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_ITEMS struct items a = {0}, b = {0};
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  char op = *fn_text(args[0]);

  if (fn_null(context, count, args)) return;
  items_read(args[1], &a);
  items_read(args[2], &b);
  for (size_t i = 0; i < a.count; i++)
    if (!holds(&a, a.at[i], i) && (op == 'u' || op == 'd' || holds(&b, a.at[i], b.count) == (op == 'i')))
      add_item(&buf, a.at[i]);
  for (size_t i = 0; op == 'u' && i < b.count; i++)
    if (!holds(&a, b.at[i], a.count) && !holds(&b, b.at[i], i)) add_item(&buf, b.at[i]);
  return_items(context, &buf);
}

/* x_array_has(array, element as JSON): three-valued. */
static void
fn_has(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_ITEMS struct items items = {0};

  if (fn_null(context, count, args) || raw_is_null(fn_raw(args[1]))) return;
  items_read(args[0], &items);
  if (holds(&items, fn_raw(args[1]), items.count))
    sqlite3_result_int(context, 1);
  else if (!holds(&items, (struct raw){"null", 4}, items.count))
    sqlite3_result_int(context, 0);
}

/* x_array_position(array, element as JSON): from 1, 0 when it is not there. */
static void
fn_position(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_ITEMS struct items items = {0};
  size_t i = 0;

  if (fn_null(context, count, args) || raw_is_null(fn_raw(args[1]))) return;
  items_read(args[0], &items);
  while (i < items.count && !same(items.at[i], fn_raw(args[1])))
    i++;
  sqlite3_result_int64(context, i < items.count ? (int64_t)i + 1 : 0);
}

/* x_array_remove(array, element as JSON) */
static void
fn_remove(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t position = 0;
  struct raw item;

  if (fn_null(context, count, args) || raw_is_null(fn_raw(args[1]))) return;
  while (raw_next(fn_raw(args[0]), &position, NULL, &item))
    if (!same(item, fn_raw(args[1]))) add_item(&buf, item);
  return_items(context, &buf);
}

/* x_array_compact(array): without its nulls. */
static void
fn_compact(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t position = 0;
  struct raw item;

  if (fn_null(context, count, args)) return;
  while (raw_next(fn_raw(args[0]), &position, NULL, &item))
    if (!raw_is_null(item)) add_item(&buf, item);
  return_items(context, &buf);
}

/* x_outer(json): what explode_outer walks; nothing becomes one null. */
static void
fn_outer(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  if (fn_is_null(args[0]) || raw_count(fn_raw(args[0])) == 0)
    sqlite3_result_text(context, "[null]", -1, SQLITE_STATIC);
  else
    sqlite3_result_value(context, args[0]);
}

/* x_array_overlap(a, b) */
static void
fn_overlap(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_ITEMS struct items a = {0}, b = {0};
  struct raw null = {"null", 4};

  if (fn_null(context, count, args)) return;
  items_read(args[0], &a);
  items_read(args[1], &b);
  for (size_t i = 0; i < a.count; i++)
    if (!raw_is_null(a.at[i]) && holds(&b, a.at[i], b.count)) {
      sqlite3_result_int(context, 1);
      return;
    }
  if (a.count && b.count && (holds(&a, null, a.count) || holds(&b, null, b.count))) return;
  sqlite3_result_int(context, 0);
}

static int
compare_items(const void *a, const void *b)
{
  return raw_compare(*(const struct raw *)a, *(const struct raw *)b);
}

/* x_array_sort(array, ascending, nulls first): sort_array and array_sort. */
static void
fn_sort(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_ITEMS struct items items = {0};
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  bool ascending, nulls_first;
  size_t nulls = 0;

  if (fn_null(context, count, args)) return;
  ascending = sqlite3_value_int(args[1]) != 0;
  nulls_first = sqlite3_value_int(args[2]) != 0;
  items_read(args[0], &items);
  if (items.count) qsort(items.at, items.count, sizeof *items.at, compare_items);
  while (nulls < items.count && raw_is_null(items.at[nulls]))
    nulls++;
  for (size_t i = 0; nulls_first && i < nulls; i++)
    add_item(&buf, items.at[i]);
  for (size_t i = nulls; i < items.count; i++)
    add_item(&buf, items.at[ascending ? i : items.count - 1 - (i - nulls)]);
  for (size_t i = 0; !nulls_first && i < nulls; i++)
    add_item(&buf, items.at[i]);
  return_items(context, &buf);
}

/* x_array_extreme(array, '>' or '<', letter) */
static void
fn_extreme(sqlite3_context *context, int count, sqlite3_value **args)
{
  bool most = *fn_text(args[1]) == '>', any = false;
  size_t position = 0;
  struct raw item, best = {"null", 4};

  if (fn_null(context, count, args)) return;
  while (raw_next(fn_raw(args[0]), &position, NULL, &item)) {
    int order;

    if (raw_is_null(item)) continue;
    order = any ? raw_compare(item, best) : 0;
    if (!any || (most ? order > 0 : order < 0)) best = item;
    any = true;
  }
  fn_return_raw(context, best, *fn_text(args[2]));
}

/* x_slice(array, start from 1 or from the end, length) */
static void
fn_slice(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_ITEMS struct items items = {0};
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  int64_t start, length;

  if (fn_null(context, count, args)) return;
  start = sqlite3_value_int64(args[1]);
  length = sqlite3_value_int64(args[2]);
  if (start == 0 || length < 0) {
    fn_fail(
        context, start == 0 ? "INVALID_PARAMETER_VALUE.START" : "INVALID_PARAMETER_VALUE.LENGTH", "22023",
        start == 0
            ? "The value of parameter(s) `start` in `slice` is invalid: Expects a positive or a negative "
              "value for `start`, but got 0."
            : "The value of parameter(s) `length` in `slice` is invalid: Expects `length` greater than or "
              "equal to 0.");
    return;
  }
  items_read(args[0], &items);
  start = start > 0 ? start - 1 : (int64_t)items.count + start;
  for (int64_t i = start; start >= 0 && i < start + length && i < (int64_t)items.count; i++)
    add_item(&buf, items.at[i]);
  return_items(context, &buf);
}

static void
fn_reverse(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_ITEMS struct items items = {0};
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (fn_null(context, count, args)) return;
  items_read(args[0], &items);
  for (size_t i = items.count; i-- > 0;)
    add_item(&buf, items.at[i]);
  return_items(context, &buf);
}

static void
fn_flatten(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t outer = 0;
  struct raw inner, item;

  if (fn_null(context, count, args)) return;
  while (raw_next(fn_raw(args[0]), &outer, NULL, &inner)) {
    size_t position = 0;

    if (raw_is_null(inner)) return;
    while (raw_next(inner, &position, NULL, &item))
      add_item(&buf, item);
  }
  return_items(context, &buf);
}

/* x_array_join(array, separator [, text for null]) */
static void
fn_join(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t position = 0, parts = 0;
  struct raw item;

  if (fn_null(context, count, args)) return;
  while (raw_next(fn_raw(args[0]), &position, NULL, &item)) {
    if (raw_is_null(item) && count < 3) continue;
    if (parts++) buf_add(&buf, fn_text(args[1]), fn_length(args[1]));
    if (raw_is_null(item))
      buf_add(&buf, fn_text(args[2]), fn_length(args[2]));
    else
      raw_add_text(&buf, item);
  }
  fn_return(context, &buf);
}

static void
fn_repeat(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  (void)count;
  if (fn_is_null(args[1])) return;
  for (int64_t i = sqlite3_value_int64(args[1]); i > 0; i--)
    add_item(&buf, fn_raw(args[0]));
  return_items(context, &buf);
}

/* x_sequence(start, stop, step) of whole numbers. */
static void
fn_sequence(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  int64_t start, stop, step;

  if (fn_null(context, count, args)) return;
  start = sqlite3_value_int64(args[0]);
  stop = sqlite3_value_int64(args[1]);
  step = sqlite3_value_int64(args[2]);
  if (step == 0 ? start != stop : (step > 0 ? start > stop : start < stop)) {
    fn_fail(context, "ILLEGAL_SEQUENCE_BOUNDARIES", "22023",
            "Illegal sequence boundaries: %lld to %lld by %lld.", (long long)start, (long long)stop,
            (long long)step);
    return;
  }
  for (int64_t i = start; step >= 0 ? i <= stop : i >= stop; i += step) {
    buf_addf(&buf, "%c%lld", buf.len ? ',' : '[', (long long)i);
    if (step == 0) break;
  }
  return_items(context, &buf);
}

/* x_zip(names as JSON, arrays...): an array of structs, as long as the longest. */
static void
fn_zip(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t longest = 0;

  if (fn_null(context, count, args)) return;
  for (int i = 1; i < count; i++)
    if (raw_count(fn_raw(args[i])) > longest) longest = raw_count(fn_raw(args[i]));
  buf_add_char(&buf, '[');
  for (size_t row = 0; row < longest; row++) {
    buf_add_text(&buf, row ? ",{" : "{");
    for (int i = 1; i < count; i++) {
      struct raw name, value = {"null", 4};

      raw_element(fn_raw(args[0]), (size_t)i - 1, &name);
      raw_element(fn_raw(args[i]), row, &value);
      buf_addf(&buf, "%s%.*s:%.*s", i > 1 ? "," : "", (int)name.length, name.at, (int)value.length, value.at);
    }
    buf_add_char(&buf, '}');
  }
  buf_add_char(&buf, ']');
  fn_return(context, &buf);
}

struct fn_table
fns_array(void)
{
  static const struct fn table[] = {
      {"x_array_concat", -1, fn_concat, false},
      {"x_array_set", 3, fn_set, false},
      {"x_array_has", 2, fn_has, false},
      {"x_array_position", 2, fn_position, false},
      {"x_array_remove", 2, fn_remove, false},
      {"x_array_compact", 1, fn_compact, false},
      {"x_outer", 1, fn_outer, false},
      {"x_array_overlap", 2, fn_overlap, false},
      {"x_array_sort", 3, fn_sort, false},
      {"x_array_extreme", 3, fn_extreme, false},
      {"x_slice", 3, fn_slice, false},
      {"x_array_reverse", 1, fn_reverse, false},
      {"x_flatten", 1, fn_flatten, false},
      {"x_array_join", -1, fn_join, false},
      {"x_array_repeat", 2, fn_repeat, false},
      {"x_sequence", 3, fn_sequence, false},
      {"x_zip", -1, fn_zip, false},
  };

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
