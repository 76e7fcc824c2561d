/* SPDX-License-Identifier: Apache-2.0 */
/* Tables. The rows are plain HTML; page.js makes them sortable. */
#include "base/str.h"
#include "kit/page/internal.h"

#include "base/banned.h"

void
page_table_begin(struct page *page, const struct page_column *columns, size_t count)
{
  struct buf *html = &page->html;

  page->column_count = count < PAGE_COLUMNS ? count : PAGE_COLUMNS;
  buf_add_text(html, "<div class=\"table\"><div class=\"rows\"><table>\n<thead><tr>");
  for (size_t i = 0; i < page->column_count; i++) {
    page->columns[i] = columns[i].flags;
    buf_addf(html, "<th scope=\"col\"%s%s>", columns[i].flags & PAGE_NUMBER ? " class=\"number\"" : "",
             columns[i].flags & PAGE_CHIPS ? " data-chips" : "");
    page_add_text(html, columns[i].title);
    buf_add_text(html, "</th>");
  }
  buf_add_text(html, "</tr></thead>\n<tbody>\n");
}

static void
add_cell(struct buf *html, const struct page_cell *cell, uint32_t flags)
{
  const char *class = flags & PAGE_NUMBER  ? " class=\"number\""
                      : flags & PAGE_NAME  ? " class=\"name\""
                      : flags & PAGE_CHIPS ? " class=\"word\""
                                           : "";

  buf_addf(html, "<td%s", class);
  if (cell->sort) {
    buf_add_text(html, " data-sort=\"");
    page_add_text(html, cell->sort);
    buf_add_char(html, '"');
  }
  buf_add_char(html, '>');
  if (cell->tone != PAGE_PLAIN) buf_addf(html, "<span class=\"label %s\">", page_tone_class(cell->tone));
  if (cell->text && (flags & PAGE_CODE))
    page_add_code(html, cell->text);
  else
    page_add_text(html, cell->text);
  if (cell->tone != PAGE_PLAIN) buf_add_text(html, "</span>");
  if (cell->more) {
    buf_add_text(html, "<small>");
    page_add_text(html, cell->more);
    buf_add_text(html, "</small>");
  }
  buf_add_text(html, "</td>");
}

void
page_row(struct page *page, const struct page_cell *cells, size_t count)
{
  static const struct page_cell empty;

  buf_add_text(&page->html, "<tr>");
  for (size_t i = 0; i < page->column_count; i++)
    add_cell(&page->html, i < count ? &cells[i] : &empty, page->columns[i]);
  buf_add_text(&page->html, "</tr>\n");
}

void
page_table_end(struct page *page)
{
  buf_add_text(&page->html, "</tbody></table></div></div>\n");
  page->column_count = 0;
}
