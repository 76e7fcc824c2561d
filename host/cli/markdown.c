/* SPDX-License-Identifier: Apache-2.0 */
/* Help pages, line by line: a page is cut into blocks, and each block is handed to the writer of the medium
 * (terminal or roff). */
#include "cli/markdown.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"

#include "base/banned.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

enum block {
  BLOCK_HEADING,
  BLOCK_PARAGRAPH,
  BLOCK_ITEM,
  BLOCK_CODE,
};

typedef void (*block_writer)(void *data, enum block block, const char *text);

/* What **, ` and [](…) become in a medium. */
struct inline_style {
  const char *bold, *code_begin, *code_end, *plain;
};

/* Inline markup of TEXT, each other byte handed to ADD. */
static void
render_inline(struct buf *out, const char *text, const struct inline_style *style,
              void (*add)(struct buf *, char))
{
  bool bold = false, code = false;

  for (; *text; text++) {
    if (*text == '`') {
      code = !code;
      buf_add_text(out, code ? style->code_begin : style->code_end);
    } else if (!code && text[0] == '*' && text[1] == '*') {
      bold = !bold;
      buf_add_text(out, bold ? style->bold : style->plain);
      text++;
    } else if (!code && *text == ']' && text[1] == '(' && strchr(text, ')')) {
      buf_add_text(out, " (");
      text++;
    } else if (!code && *text == '[' && strstr(text, "](")) {
      continue;
    } else {
      add(out, *text);
    }
  }
}

static void
add_plain(struct buf *out, char c)
{
  buf_add_char(out, c);
}

/* Columns of the LENGTH bytes at WORD, escape sequences not counted. */
static size_t
word_width(const char *word, size_t length)
{
  char plain[512];
  size_t used = 0;

  for (size_t i = 0; i < length && used + 1 < sizeof plain; i++) {
    if (word[i] == '\033')
      while (i < length && word[i] != 'm')
        i++;
    else
      plain[used++] = word[i];
  }
  plain[used] = '\0';
  return utf8_width(plain);
}

static void
add_spaces(struct buf *out, size_t count)
{
  for (size_t i = 0; i < count; i++)
    buf_add_char(out, ' ');
}

void
markdown_wrap(struct buf *out, const char *text, size_t column, size_t indent, const struct text_style *style)
{
  const struct inline_style marks = {style->colour ? BOLD : "", style->colour ? BOLD : "`",
                                     style->colour ? PLAIN : "`", style->colour ? PLAIN : ""};
  CLEANUP_BUF struct buf rendered = BUF_INIT(BUF_LARGE);
  bool first = true;

  render_inline(&rendered, text, &marks, add_plain);
  text = rendered.data;
  for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
    size_t length = strcspn(text, " \n"), width = word_width(text, length);

    if (!first && style->width > 0 && column + 1 + width > style->width) {
      buf_add_char(out, '\n');
      add_spaces(out, indent);
      column = indent;
    } else if (!first) {
      buf_add_char(out, ' ');
      column++;
    }
    buf_add(out, text, length);
    column += width;
    text += length;
    first = false;
  }
  buf_add_char(out, '\n');
}

/* Whether a line begins a block of its own. */
static bool
starts_block(const char *line)
{
  return *line == '\0' || *line == '#' || str_starts(line, "- ") || str_starts(line, "```");
}

/* Cut PAGE into blocks. Lines of one paragraph or item are joined by newlines; code keeps its lines. */
static void
each_block(const char *page, block_writer write, void *data)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  enum block block = BLOCK_PARAGRAPH;
  bool code = false;

  while (*page) {
    size_t length = strcspn(page, "\n");
    const char *line = arena_strndup(arena, page, length);

    page += length + (page[length] == '\n');
    if (!code && starts_block(line) && text.len > 0) {
      write(data, block, text.data);
      buf_reset(&text);
    }
    if (str_starts(line, "```")) {
      if (code) write(data, BLOCK_CODE, text.data);
      buf_reset(&text);
      code = !code;
      continue;
    }
    if (!code && starts_block(line)) {
      block = *line == '#' ? BLOCK_HEADING : *line == '-' ? BLOCK_ITEM : BLOCK_PARAGRAPH;
      line += *line == '#' ? strspn(line, "# ") : *line == '-' ? 2 : 0;
    }
    if (text.len > 0) buf_add_char(&text, '\n');
    buf_add_text(&text, line);
  }
  if (text.len > 0) write(data, code ? BLOCK_CODE : block, text.data);
}

struct terminal {
  struct buf *out;
  size_t indent;
  const struct text_style *style;
  enum block before;
  bool any;
};

static void
write_code(struct buf *out, const char *text, size_t indent)
{
  while (*text) {
    size_t length = strcspn(text, "\n");

    if (length > 0) add_spaces(out, indent);
    buf_add(out, text, length);
    buf_add_char(out, '\n');
    text += length + (text[length] == '\n');
  }
}

static void
write_terminal(void *data, enum block block, const char *text)
{
  struct terminal *terminal = data;
  struct buf *out = terminal->out;
  size_t indent = terminal->indent;

  if (terminal->any && !(block == BLOCK_ITEM && terminal->before == BLOCK_ITEM)) buf_add_char(out, '\n');
  terminal->any = true;
  terminal->before = block;
  switch (block) {
  case BLOCK_CODE: write_code(out, text, indent + 4); return;
  case BLOCK_HEADING:
    buf_addf(out, "%s%s%s\n", terminal->style->colour ? BOLD : "", text,
             terminal->style->colour ? PLAIN : "");
    return;
  case BLOCK_ITEM:
    add_spaces(out, indent);
    buf_add_text(out, "- ");
    indent += 2;
    break;
  case BLOCK_PARAGRAPH: add_spaces(out, indent); break;
  }
  markdown_wrap(out, text, indent, indent, terminal->style);
}

void
markdown_text(struct buf *out, const char *page, size_t indent, const struct text_style *style)
{
  struct terminal terminal = {.out = out, .indent = indent, .style = style};

  each_block(page, write_terminal, &terminal);
}

/* Hyphens stay hyphens, backslashes stay, and no line begins with a roff request. */
static void
add_roff(struct buf *out, char c)
{
  if (c == '\\')
    buf_add_text(out, "\\e");
  else if (c == '-')
    buf_add_text(out, "\\-");
  else if ((c == '.' || c == '\'') && (out->len == 0 || out->data[out->len - 1] == '\n'))
    buf_addf(out, "\\&%c", c);
  else
    buf_add_char(out, c);
}

void
markdown_roff_inline(struct buf *out, const char *text)
{
  static const struct inline_style marks = {"\\fB", "\\fB", "\\fR", "\\fR"};

  render_inline(out, text, &marks, add_roff);
}

static void
write_roff(void *data, enum block block, const char *text)
{
  struct buf *out = data;

  switch (block) {
  case BLOCK_HEADING: buf_add_text(out, ".SS "); break;
  case BLOCK_PARAGRAPH: buf_add_text(out, ".PP\n"); break;
  case BLOCK_ITEM: buf_add_text(out, ".IP \\(bu 2\n"); break;
  case BLOCK_CODE:
    buf_add_text(out, ".PP\n.RS 4\n.nf\n");
    for (; *text; text++)
      add_roff(out, *text);
    buf_add_text(out, "\n.fi\n.RE\n");
    return;
  }
  markdown_roff_inline(out, text);
  buf_add_char(out, '\n');
}

void
markdown_roff(struct buf *out, const char *page)
{
  each_block(page, write_roff, out);
}
