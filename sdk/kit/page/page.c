/* SPDX-License-Identifier: Apache-2.0 */
/* The document and its simple parts. All text passes through page_add_text; it must not know tables and
 * charts. Content security policy: https://www.w3.org/TR/CSP3/ */
#include "kit/page/page.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/page/internal.h"

#include "base/banned.h"

/* A text of up to so many bytes and one line needs nothing to open it. */
#define CODE_SHORT 72

static void
add_point(struct buf *html, const char *text, size_t step, uint32_t point)
{
  char one[2] = {*text, '\0'};

  if (step == 0)
    buf_add_text(html, "\xef\xbf\xbd");
  else if ((point < 0x20 && point != '\n' && point != '\t') || point == 0x7f)
    buf_addf(html, "\\x%02x", (unsigned)point);
  else if ((point >= 0x80 && point < 0xa0) || utf8_is_direction(point))
    buf_addf(html, "\\u%04x", (unsigned)point);
  else if (step == 1)
    buf_add_html(html, one);
  else
    buf_add(html, text, step);
}

void
page_add_span(struct buf *html, const char *text, const char *end)
{
  while (text < end) {
    uint32_t point = 0;
    size_t step = utf8_decode(text, &point);

    add_point(html, text, step, point);
    text += step ? step : 1;
  }
}

void
page_add_text(struct buf *html, const char *text)
{
  if (text) page_add_span(html, text, text + strlen(text));
}

const char *
page_tone_class(enum page_tone tone)
{
  static const char *const classes[] = {"plain", "good", "warn", "bad", "muted"};

  return classes[tone];
}

/* <TAG>TEXT</TAG>, or nothing when TEXT is NULL. TAG may carry attributes. */
static void
add_element(struct buf *html, const char *tag, const char *text)
{
  if (!text) return;
  buf_addf(html, "<%s>", tag);
  page_add_text(html, text);
  buf_addf(html, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

static void
add_hash(struct buf *html, const unsigned char sha256[32])
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  buf_add_text(html, "'sha256-");
  for (size_t i = 0; i < 32; i += 3) {
    unsigned bits =
        (unsigned)sha256[i] << 16 | (unsigned)sha256[i + 1] << 8 | (i + 2 < 32 ? sha256[i + 2] : 0u);

    for (unsigned shift = 18, k = 0; k < (i + 2 < 32 ? 4 : 3); k++, shift -= 6)
      buf_add_char(html, digits[bits >> shift & 63]);
  }
  buf_add_text(html, "='");
}

static void
add_policy(struct buf *html)
{
  buf_add_text(html,
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
               "form-action 'none'; style-src ");
  add_hash(html, page_css.sha256);
  buf_add_text(html, "; script-src ");
  add_hash(html, page_js.sha256);
  buf_add_text(html, "\">\n");
}

struct page *
page_new(const struct page_head *head)
{
  struct page *page = xcalloc(1, sizeof *page);
  struct buf *html = &page->html;

  *html = BUF_INIT(BUF_LARGE);
  buf_add_text(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
  add_policy(html);
  buf_add_text(html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
  page_add_text(html, head->title);
  buf_addf(html, "</title>\n<style>%s</style>\n</head>\n<body>\n<header>\n", page_css.text);
  add_element(html, "p class=\"kicker\"", head->kicker);
  buf_add_text(html, "<div class=\"title\">");
  add_element(html, "h1", head->title ? head->title : "");
  if (head->badge) buf_addf(html, "<span class=\"label %s\">", page_tone_class(head->tone));
  page_add_text(html, head->badge);
  buf_addf(html, "%s</div>\n", head->badge ? "</span>" : "");
  add_element(html, "p class=\"soft\"", head->lead);
  buf_add_text(html, "</header>\n<main>\n");
  return page;
}

void
page_free(struct page *page)
{
  if (!page) return;
  buf_free(&page->html);
  free(page);
}

void
page_cleanup(struct page **page)
{
  page_free(*page);
}

const char *
page_finish(struct page *page, size_t *length)
{
  if (!page->finished)
    buf_addf(&page->html, "%s</main>\n<script>%s</script>\n</body>\n</html>\n",
             page->section ? "</section>\n" : "", page_js.text);
  page->finished = true;
  if (page->html.overflow) return NULL;
  if (length) *length = page->html.len;
  return page->html.data;
}

void
page_section(struct page *page, const char *title, const char *note)
{
  buf_addf(&page->html, "%s<section>\n", page->section ? "</section>\n" : "");
  page->section = true;
  add_element(&page->html, "h2", title);
  add_element(&page->html, "p class=\"soft\"", note);
}

void
page_text(struct page *page, const char *text)
{
  add_element(&page->html, "p", text);
}

void
page_alert(struct page *page, enum page_tone tone, const char *title, const char *detail)
{
  buf_addf(&page->html, "<div class=\"alert %s\" role=\"note\">", page_tone_class(tone));
  add_element(&page->html, "b", title);
  add_element(&page->html, "p", detail);
  buf_add_text(&page->html, "</div>\n");
}

void
page_list(struct page *page, const char *const *texts, size_t count)
{
  buf_add_text(&page->html, "<ul class=\"list\">\n");
  for (size_t i = 0; i < count; i++)
    add_element(&page->html, "li", texts[i]);
  buf_add_text(&page->html, "</ul>\n");
}

void
page_code(struct page *page, const char *summary, const char *text)
{
  buf_add_text(&page->html, "<details>");
  add_element(&page->html, "summary", summary ? summary : "");
  add_element(&page->html, "pre", text ? text : "");
  buf_add_text(&page->html, "</details>\n");
}

void
page_facts(struct page *page, const struct page_fact *facts, size_t count)
{
  buf_add_text(&page->html, "<dl class=\"facts\">\n");
  for (size_t i = 0; i < count; i++) {
    add_element(&page->html, "dt", facts[i].name ? facts[i].name : "");
    add_element(&page->html, "dd", facts[i].value ? facts[i].value : "");
  }
  buf_add_text(&page->html, "</dl>\n");
}

void
page_cards(struct page *page, const struct page_card *cards, size_t count)
{
  buf_add_text(&page->html, "<div class=\"cards\">\n");
  for (size_t i = 0; i < count; i++) {
    const char *tone = cards[i].tone == PAGE_PLAIN ? "" : page_tone_class(cards[i].tone);

    buf_addf(&page->html, "<div class=\"card %s\">", tone);
    add_element(&page->html, "span", cards[i].label);
    add_element(&page->html, "b", cards[i].value ? cards[i].value : "");
    add_element(&page->html, "small", cards[i].note);
    buf_add_text(&page->html, "</div>\n");
  }
  buf_add_text(&page->html, "</div>\n");
}

/* The end of the first CODE_SHORT characters of the first line. */
static const char *
first_part(const char *text)
{
  const char *end = text;

  for (size_t i = 0; *end && *end != '\n' && i < CODE_SHORT; i++) {
    uint32_t point;
    size_t step = utf8_decode(end, &point);

    end += step ? step : 1;
  }
  return end;
}

void
page_add_code(struct buf *html, const char *text)
{
  const char *end = first_part(text);

  if (!*end) {
    add_element(html, "code", text);
    return;
  }
  buf_add_text(html, "<details><summary><code>");
  page_add_span(html, text, end);
  buf_add_text(html, " \xe2\x80\xa6</code></summary>");
  add_element(html, "pre", text);
  buf_add_text(html, "</details>");
}

void
page_duration(int64_t milliseconds, char text[PAGE_DURATION])
{
  long long ms = milliseconds < 0 ? 0 : (long long)milliseconds, seconds = (ms + 500) / 1000;

  if (ms < 1000)
    snprintf(text, PAGE_DURATION, "%lld ms", ms);
  else if (ms < 59950)
    snprintf(text, PAGE_DURATION, "%lld.%lld s", (ms + 50) / 1000, (ms + 50) % 1000 / 100);
  else if (seconds < 3600)
    snprintf(text, PAGE_DURATION, "%lldm%02llds", seconds / 60, seconds % 60);
  else
    snprintf(text, PAGE_DURATION, "%lldh%02lldm", seconds / 3600, seconds / 60 % 60);
}
