/* SPDX-License-Identifier: Apache-2.0 */
/* Charts as inline SVG: boxes only, texts stand beside them so that they stay legible at any width. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/page/internal.h"

#include "base/banned.h"

/* Units across a timeline. What is nearer than one unit cannot be told apart. */
#define UNITS 1000.0
#define LANES 256
#define TICKS 4

void
page_bars(struct page *page, const struct page_bar *bars, size_t count)
{
  struct buf *html = &page->html;
  double most = 0;

  for (size_t i = 0; i < count; i++)
    if (bars[i].value > most) most = bars[i].value;
  buf_add_text(html, "<div class=\"bars\">\n");
  for (size_t i = 0; i < count; i++) {
    double share = most > 0 && bars[i].value > 0 ? bars[i].value / most * 100 : 0;

    buf_add_text(html, "<span class=\"name\">");
    page_add_text(html, bars[i].label);
    buf_addf(html,
             "</span><svg aria-hidden=\"true\"><rect class=\"%s\" width=\"%.2f%%\" height=\"100%%\" "
             "rx=\"2\"/></svg>"
             "<span class=\"number\">",
             page_tone_class(bars[i].tone), share);
    page_add_text(html, bars[i].shown);
    buf_add_text(html, "</span>\n");
  }
  buf_add_text(html, "</div>\n");
}

static int
compare_spans(const void *a, const void *b)
{
  const struct page_span *const *x = a, *const *y = b;

  if ((*x)->lane != (*y)->lane) return (*x)->lane < (*y)->lane ? -1 : 1;
  return (*x)->start_ms < (*y)->start_ms ? -1 : (*x)->start_ms > (*y)->start_ms;
}

/* What one box shows: a span, or several that are too small. */
struct box {
  double from, to;
  size_t spans;
  const struct page_span *worst;
};

static int
badness(enum page_tone tone)
{
  static const int order[] = {
      [PAGE_PLAIN] = 1, [PAGE_GOOD] = 2, [PAGE_MUTED] = 3, [PAGE_WARN] = 4, [PAGE_BAD] = 5};

  return order[tone];
}

static void
draw_box(struct buf *html, const struct box *box)
{
  char duration[PAGE_DURATION];

  if (!box->spans) return;
  page_duration(box->worst->end_ms - box->worst->start_ms, duration);
  buf_addf(html, "<rect class=\"%s\" x=\"%.1f\" width=\"%.1f\" height=\"10\"><title>",
           page_tone_class(box->worst->tone), box->from, box->to - box->from);
  page_add_text(html, box->worst->label);
  buf_addf(html, " (%s)", duration);
  if (box->spans > 1) buf_addf(html, " and %zu more", box->spans - 1);
  buf_add_text(html, "</title></rect>");
}

static void
draw_lane(struct buf *html, const struct page_span *const *spans, size_t count, int64_t first, double scale)
{
  struct box box = {0};

  buf_addf(html, "<span class=\"number\">%u</span><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\">",
           (unsigned)spans[0]->lane + 1);
  for (size_t i = 0; i < count; i++) {
    double from = (double)(spans[i]->start_ms - first) * scale,
           to = (double)(spans[i]->end_ms - first) * scale;

    if (to < from + 1) to = from + 1;
    if (to > UNITS) to = UNITS;
    if (from > UNITS - 1) from = UNITS - 1;
    if (box.spans && from - box.to < 0.5 && to - box.from < 3) {
      if (to > box.to) box.to = to;
      if (badness(spans[i]->tone) > badness(box.worst->tone)) box.worst = spans[i];
      box.spans++;
      continue;
    }
    draw_box(html, &box);
    box = (struct box){.from = from, .to = to, .spans = 1, .worst = spans[i]};
  }
  draw_box(html, &box);
  buf_add_text(html, "</svg>\n");
}

static void
draw_axis(struct buf *html, int64_t length)
{
  buf_add_text(html, "<div class=\"axis\">");
  for (int64_t i = 0; i <= TICKS; i++) {
    char text[PAGE_DURATION];

    page_duration(length * i / TICKS, text);
    buf_addf(html, "<span>%s</span>", i ? text : "0");
  }
  buf_add_text(html, "</div>\n");
}

void
page_timeline(struct page *page, const struct page_span *spans, size_t count)
{
  CLEANUP_FREE const struct page_span **sorted = xcalloc(count + 1, sizeof *sorted);
  int64_t first = INT64_MAX, last = INT64_MIN, length;
  size_t used = 0, from = 0;

  for (size_t i = 0; i < count; i++) {
    if (spans[i].lane >= LANES) continue;
    sorted[used++] = &spans[i];
    if (spans[i].start_ms < first) first = spans[i].start_ms;
    if (spans[i].end_ms > last) last = spans[i].end_ms;
  }
  if (!used) return;
  length = last > first ? last - first : 1;
  qsort(sorted, used, sizeof *sorted, compare_spans);
  buf_add_text(&page->html, "<div class=\"lanes\">\n");
  for (size_t i = 1; i <= used; i++) {
    if (i < used && sorted[i]->lane == sorted[from]->lane) continue;
    draw_lane(&page->html, sorted + from, i - from, first, UNITS / (double)length);
    from = i;
  }
  draw_axis(&page->html, length);
  buf_add_text(&page->html, "</div>\n");
}
