/* SPDX-License-Identifier: Apache-2.0 */
/* Differences as one reads a patch: what only the source has behind -, what only the destination has behind
 * +, definitions line by line. Lines of texts count as equal when they differ in nothing but each side's own
 * catalog. */
#include "base/buf.h"
#include "base/str.h"
#include "diff.h"

#include "base/banned.h"

#define CONTEXT 2
#define LABEL_MOST 32 /* a longer label stands on a line of its own */

struct printer {
  struct diff *diff;
  bool colour;
};

static const char *const colours[] = {[DELTA_REMOVED] = "31", [DELTA_ADDED] = "32", [DELTA_CHANGED] = "33"};
static const char marks[] = {[DELTA_REMOVED] = '-', [DELTA_ADDED] = '+', [DELTA_CHANGED] = '~'};

static void
print_line(struct printer *printer, const char *sgr, const char *line)
{
  struct clxs_call *call = printer->diff->call;

  clxs_output(call)->text(call,
                          printer->colour && sgr ? clxs_textf(call, "\033[%sm%s\033[0m", sgr, line) : line);
}

/* "column note: type", "tags pii", "primary_key" */
static const char *
label_of(struct arena *arena, const struct delta_difference *difference)
{
  const char *field = delta_field_name(difference->field), *item = difference->item;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  if (difference->column) {
    bool inside = item && difference->field != DELTA_TAGS;

    buf_addf(&text, "column %s%s%s", difference->column, inside ? "." : "", inside ? item : "");
    if (difference->field == DELTA_COLUMN) return arena_strdup(arena, text.data);
    buf_addf(&text, ": %s", field);
    if (inside) item = NULL;
  } else {
    buf_add_text(&text, field);
  }
  if (item) buf_addf(&text, " %s", item);
  return arena_strdup(arena, text.data);
}

/* Each line of VALUE behind MARK, the first one behind LABEL. */
static void
print_value(struct printer *printer, const char *label, int width, enum delta_change mark, const char *value)
{
  const char *at = *value ? value : "\"\"";

  do {
    int length = (int)strcspn(at, "\n");

    print_line(printer, colours[mark],
               clxs_textf(printer->diff->call, "    %-*s  %c %.*s", width, label, marks[mark], length, at));
    at += length;
    label = "";
  } while (*at++ && *at);
}

static void
print_text_line(void *data, enum line_change change, const char *line)
{
  static const char *const prefixes[] = {
      [LINE_SAME] = " ", [LINE_REMOVED] = "-", [LINE_ADDED] = "+", [LINE_GAP] = " "};
  struct printer *printer = data;

  print_line(
      printer,
      change == LINE_REMOVED ? colours[DELTA_REMOVED]
      : change == LINE_ADDED ? colours[DELTA_ADDED]
                             : NULL,
      clxs_textf(printer->diff->call, "      %s %s", prefixes[change], change == LINE_GAP ? "..." : line));
}

static void
print_definition(struct printer *printer, const char *label, const struct delta_difference *difference)
{
  struct diff *diff = printer->diff;
  const char *old = difference->old_value, *new = difference->new_value;

  print_line(printer, NULL, clxs_textf(diff->call, "    %s", label));
  lines_compare(diff->arena, old, delta_neutral_text(diff->arena, old, diff->sides[0].model->item.name), new,
                delta_neutral_text(diff->arena, new, diff->sides[1].model->item.name), CONTEXT,
                print_text_line, printer);
}

static bool
is_long_text(const struct delta_difference *difference)
{
  return delta_field_is_text(difference->field) && difference->old_value && difference->new_value;
}

static int
label_width(const struct diff *diff, const struct diff_object *object)
{
  size_t widest = 0;

  for (size_t i = 0; i < object->count; i++) {
    const struct delta_difference *difference = &diff->delta.differences.at[object->first + i];
    size_t width = utf8_width(label_of(diff->arena, difference));

    if (!is_long_text(difference) && width <= LABEL_MOST && width > widest) widest = width;
  }
  return (int)widest;
}

static void
print_difference(struct printer *printer, const struct delta_difference *difference, int width)
{
  const char *label = label_of(printer->diff->arena, difference);
  int bytes = width + (int)strlen(label) - (int)utf8_width(label); /* printf counts bytes */

  if (is_long_text(difference)) {
    print_definition(printer, label, difference);
    return;
  }
  if (utf8_width(label) > (size_t)width) {
    print_line(printer, NULL, clxs_textf(printer->diff->call, "    %s", label));
    label = "";
    bytes = width;
  }
  if (difference->old_value) {
    print_value(printer, label, bytes, DELTA_REMOVED, difference->old_value);
    label = "";
    bytes = width;
  }
  if (difference->new_value) print_value(printer, label, bytes, DELTA_ADDED, difference->new_value);
}

static void
print_object(struct printer *printer, const struct diff_object *object)
{
  struct diff *diff = printer->diff;
  const struct delta_difference *first = &diff->delta.differences.at[object->first];
  CLEANUP_BUF struct buf sgr = BUF_INIT(BUF_LARGE);
  int width;

  buf_addf(&sgr, "1;%s", colours[object->change]);
  print_line(printer, sgr.data,
             clxs_textf(diff->call, "%c %-8s %s", marks[object->change], delta_kind_name(first->kind),
                        diff_object_name(diff->arena, first)));
  if (diff->names_only || object->change != DELTA_CHANGED) return;
  width = label_width(diff, object);
  for (size_t i = 0; i < object->count; i++)
    print_difference(printer, first + i, width);
}

static void
print_unknowns(struct printer *printer)
{
  static const char *const where[] = {"", " in the source", " in the destination"};
  struct diff *diff = printer->diff;

  VEC_EACH (&diff->delta.unknowns, unknown)
    print_line(printer, colours[DELTA_CHANGED],
               clxs_textf(diff->call, "? %-8s %s: its %s%s cannot be compared: %s",
                          delta_kind_name(unknown->kind), unknown->name, delta_field_name(unknown->field),
                          where[unknown->side == DELTA_IN_BOTH     ? 0
                                : unknown->side == DELTA_IN_SOURCE ? 1
                                                                   : 2],
                          unknown->reason));
}

static void
add_count(struct buf *text, size_t count, const char *format)
{
  if (!count) return;
  buf_add_text(text, text->len ? ", " : "");
  buf_addf(text, "%zu %s", count, format);
}

static void
print_summary(struct printer *printer, const size_t objects[DELTA_CHANGES])
{
  struct diff *diff = printer->diff;
  const char *source = diff_side_label(diff, 0), *dest = diff_side_label(diff, 1);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  size_t equal = 0, unknown = 0;

  for (int i = 0; i < DELTA_KINDS; i++) {
    const struct delta_totals *totals = &diff->delta.totals[i];

    equal += totals->both - totals->different - totals->unknown;
    unknown += totals->unknown;
  }
  add_count(&text, objects[DELTA_REMOVED], clxs_textf(diff->call, "only in %s", source));
  add_count(&text, objects[DELTA_ADDED], clxs_textf(diff->call, "only in %s", dest));
  add_count(&text, objects[DELTA_CHANGED], "different");
  if (text.len || unknown)
    add_count(&text, equal, "equal");
  else if (diff->delta.unknowns.count)
    buf_addf(&text, "%zu equal as far as one can see", equal);
  else
    buf_addf(&text, "no differences in %zu object%s", equal, equal == 1 ? "" : "s");
  add_count(&text, unknown, "unknown");
  print_line(printer, "1", clxs_textf(diff->call, "%s -> %s: %s", source, dest, text.data));
}

void
diff_print_text(struct diff *diff)
{
  struct printer printer = {diff, clxs_output(diff->call)->colour(diff->call) != 0};
  size_t objects[DELTA_CHANGES] = {0};

  for (size_t i = 0; i < diff->delta.differences.count;) {
    struct diff_object object = diff_object_at(&diff->delta, i);

    print_object(&printer, &object);
    objects[object.change]++;
    i += object.count;
  }
  print_unknowns(&printer);
  if (diff->delta.differences.count || diff->delta.unknowns.count) print_line(&printer, NULL, "");
  print_summary(&printer, objects);
}
