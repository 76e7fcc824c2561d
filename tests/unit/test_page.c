/* SPDX-License-Identifier: Apache-2.0 */
/* Reports: nothing that comes from outside can become markup, and nothing but their own script may run. */
#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/page/page.h"

#include "base/banned.h"

#define HOSTILE "</script><script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"

static size_t
count_of(const char *html, const char *needle)
{
  size_t count = 0;

  for (const char *at = html; (at = strstr(at, needle)); at++)
    count++;
  return count;
}

/* A page with every part, each holding TEXT wherever it takes one. */
static struct page *
page_of(const char *text)
{
  struct page *page = page_new(&(struct page_head){text, text, text, text, PAGE_BAD});
  struct page_column columns[] = {
      {text, PAGE_CHIPS}, {text, PAGE_CODE}, {text, PAGE_NUMBER}, {text, PAGE_NAME}};
  struct page_cell cells[] = {{text, text, text, PAGE_GOOD}, {.text = text}, {.text = "1"}};

  page_section(page, text, text);
  page_text(page, text);
  page_alert(page, PAGE_WARN, text, text);
  page_list(page, &text, 1);
  page_code(page, text, text);
  page_facts(page, &(struct page_fact){text, text}, 1);
  page_cards(page, &(struct page_card){text, text, text, PAGE_BAD}, 1);
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  page_row(page, cells, ARRAY_SIZE(cells));
  page_table_end(page);
  page_bars(page, &(struct page_bar){text, 1, text, PAGE_PLAIN}, 1);
  page_timeline(page, &(struct page_span){0, 5, 10, text, PAGE_GOOD}, 1);
  return page;
}

Test(page, text_never_becomes_markup)
{
  CLEANUP_PAGE struct page *plain = page_of("harmless"), *hostile = page_of(HOSTILE);
  const char *a = page_finish(plain, NULL), *b = page_finish(hostile, NULL);

  cr_assert_eq(count_of(b, "<"), count_of(a, "<"), "as many tags");
  cr_assert_eq(count_of(b, "<script"), 1);
  cr_assert_eq(count_of(b, "<img"), 0);
  cr_assert(strstr(b, "&lt;/script&gt;&lt;script&gt;alert(1)"));
  cr_assert_eq(count_of(b, "data-sort=\"&lt;/script&gt;"), 1);
}

Test(page, what_hides_or_reorders_text_is_made_visible)
{
  CLEANUP_PAGE struct page *page = page_of("a\x1b[31m\xe2\x80\xae\xff\tb\x7f\xc2\x85");
  const char *html = page_finish(page, NULL);

  cr_assert(strstr(html, "<p>a\\x1b[31m\\u202e\xef\xbf\xbd\tb\\x7f\\u0085</p>"));
  cr_assert(!strstr(html, "\x1b"));
  cr_assert(!strstr(html, "\xe2\x80\xae"));
  cr_assert(utf8_valid(html, strlen(html)));
}

/* What stands between START and END, which policies name by its SHA-256 in base64. */
static void
assert_hashed(const char *html, const char *start, const char *end)
{
  const char *from = strstr(html, start) + strlen(start);
  unsigned char digest[SHA256_DIGEST_LENGTH], text[64];
  CLEANUP_FREE char *expected = xcalloc(100, 1);

  SHA256((const unsigned char *)from, (size_t)(strstr(from, end) - from), digest);
  EVP_EncodeBlock(text, digest, sizeof digest);
  snprintf(expected, 100, "-src 'sha256-%s'", (const char *)text);
  cr_assert(strstr(html, expected), "%s is not in the policy", expected);
}

Test(page, the_policy_lets_only_its_own_script_and_style_run)
{
  CLEANUP_PAGE struct page *page = page_of(HOSTILE);
  const char *html = page_finish(page, NULL);

  cr_assert(
      strstr(html, "content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"));
  assert_hashed(html, "<style>", "</style>");
  assert_hashed(html, "<script>", "</script>");
  cr_assert_eq(count_of(html, "unsafe-inline"), 0);
  cr_assert_eq(count_of(html, " style="), 0, "style attributes would not be let through");
  cr_assert_eq(count_of(html, "http://") + count_of(html, "https://"), 0, "nothing is fetched");
}

Test(page, parts_are_closed)
{
  static const char *const tags[] = {"html",  "body", "main", "section", "table",
                                     "tbody", "dl",   "ul",   "svg",     "details"};
  CLEANUP_PAGE struct page *page = page_of("x");
  const char *html;
  char open[16], closed[16];

  page_section(page, "another", NULL);
  html = page_finish(page, NULL);
  for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
    snprintf(open, sizeof open, "<%s", tags[i]);
    snprintf(closed, sizeof closed, "</%s>", tags[i]);
    cr_assert_eq(count_of(html, open), count_of(html, closed), "%s", tags[i]);
  }
  cr_assert_str_eq(html, page_finish(page, NULL), "finishing twice changes nothing");
}

Test(page, missing_texts_and_cells_are_empty)
{
  CLEANUP_PAGE struct page *page = page_new(&(struct page_head){.title = "t"});
  struct page_column columns[] = {{"a", 0}, {"b", PAGE_CODE}, {"c", 0}};
  const char *html;

  page_table_begin(page, columns, 3);
  page_row(page, (struct page_cell[]){{.text = "1"}, {0}}, 2);
  page_table_end(page);
  page_facts(page, &(struct page_fact){"name", NULL}, 1);
  page_timeline(page, NULL, 0);
  html = page_finish(page, NULL);
  cr_assert(strstr(html, "<tr><td>1</td><td></td><td></td></tr>"));
  cr_assert(strstr(html, "<dt>name</dt>\n<dd></dd>"));
  cr_assert(!strstr(html, "(null)"));
  cr_assert(!strstr(html, "class=\"lanes\""));
}

Test(page, a_timeline_of_many_steps_stays_small)
{
  CLEANUP_PAGE struct page *page = page_new(&(struct page_head){.title = "t"});
  CLEANUP_FREE struct page_span *spans = xcalloc(20000, sizeof *spans);
  const char *html;

  for (uint32_t i = 0; i < 20000; i++)
    spans[i] = (struct page_span){i % 8, i * 10, i * 10 + 9, "step", i == 777 ? PAGE_BAD : PAGE_GOOD};
  page_timeline(page, spans, 20000);
  html = page_finish(page, NULL);
  cr_assert_lt(count_of(html, "<rect"), 8 * 600);
  cr_assert_eq(count_of(html, "<rect class=\"bad\""), 1, "a failure is not hidden by its neighbours");
  cr_assert_eq(count_of(html, "<svg viewBox"), 8);
  cr_assert(strstr(html, "<span>3m20s</span></div>"), "the axis ends where the last step ends");
}

Test(page, bars_are_as_long_as_their_values)
{
  CLEANUP_PAGE struct page *page = page_new(&(struct page_head){.title = "t"});
  struct page_bar bars[] = {
      {"a", 4, "4 s", PAGE_PLAIN}, {"b", 1, "1 s", PAGE_BAD}, {"c", -1, "?", PAGE_PLAIN}};
  const char *html;

  page_bars(page, bars, ARRAY_SIZE(bars));
  html = page_finish(page, NULL);
  cr_assert_eq(count_of(html, "width=\"100.00%\""), 1);
  cr_assert_eq(count_of(html, "class=\"bad\" width=\"25.00%\""), 1);
  cr_assert_eq(count_of(html, "width=\"0.00%\""), 1);
}

Test(page, durations_are_for_people)
{
  static const struct {
    int64_t ms;
    const char *text;
  } cases[] = {{-1, "0 ms"},        {0, "0 ms"},        {999, "999 ms"},   {1000, "1.0 s"},
               {1250, "1.3 s"},     {59949, "59.9 s"},  {59950, "1m00s"},  {119600, "2m00s"},
               {3599499, "59m59s"}, {3600000, "1h00m"}, {7500000, "2h05m"}};
  char text[PAGE_DURATION];

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    page_duration(cases[i].ms, text);
    cr_assert_str_eq(text, cases[i].text);
  }
}
