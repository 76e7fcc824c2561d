/* SPDX-License-Identifier: Apache-2.0 */
/* The small subset of Markdown that help pages are written in: headings, paragraphs, "-" lists, fenced code,
 * and inline `code`, **bold** and [text](address). Rendered for a terminal or as roff. Knows nothing of
 * commands. */
#ifndef CLXS_HOST_CLI_MARKDOWN_H
#define CLXS_HOST_CLI_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* How text is laid out: columns to use (0: no wrapping), and whether emphasis is by escape sequences. */
struct text_style {
  size_t width;
  bool colour;
};

/* TEXT wrapped at word boundaries and added to OUT, its first line standing at column COLUMN already, the
 * others indented by INDENT. Ends with a newline. Inline markup is rendered. */
void markdown_wrap(struct buf *out, const char *text, size_t column, size_t indent,
                   const struct text_style *style);
/* A whole page for the terminal, indented by INDENT; or in roff with the macros of man(7). */
void markdown_text(struct buf *out, const char *page, size_t indent, const struct text_style *style);
void markdown_roff(struct buf *out, const char *page);
/* TEXT as roff: inline markup as fonts, everything that roff would take as its own escaped. */
void markdown_roff_inline(struct buf *out, const char *text);

#endif
