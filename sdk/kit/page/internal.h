/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the page builder share. */
#ifndef CLXS_KIT_PAGE_INTERNAL_H
#define CLXS_KIT_PAGE_INTERNAL_H

#include "base/buf.h"
#include "kit/page/page.h"

/* A file that goes into every page. */
struct page_asset {
  const char *text;
  unsigned char sha256[32];
};
extern const struct page_asset page_css, page_js;

struct page {
  struct buf html;
  bool section; /* one is open */
  bool finished;
  uint32_t columns[PAGE_COLUMNS]; /* flags of the open table */
  size_t column_count;
};

/* TEXT as it can stand in a document or an attribute: escaped, and what would hide or reorder other text made
 * visible. NULL adds nothing. */
void page_add_text(struct buf *html, const char *text);
/* The same up to END, which is inside of TEXT. */
void page_add_span(struct buf *html, const char *text, const char *end);
/* Its class in the style sheet. */
const char *page_tone_class(enum page_tone tone);
/* TEXT as one line that opens the whole, or as it is when it is short. */
void page_add_code(struct buf *html, const char *text);

#endif
