/* SPDX-License-Identifier: Apache-2.0 */
/* Matches for people and for scripts. */
#include "base/buf.h"
#include "base/str.h"
#include "search.h"

#include "base/banned.h"

/* Columns of context that a line has on each side of what was found. */
#define BEFORE 30
#define AFTER 50

/* The byte up to COLUMNS characters in front of START, in the same line. */
static size_t
context_start(const char *text, size_t start)
{
  size_t at = start;

  for (unsigned i = 0; i < BEFORE && at > 0 && text[at - 1] != '\n'; i++)
    do
      at--;
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80);
  return at;
}

static size_t
context_end(const char *text, size_t end)
{
  for (unsigned i = 0; i < AFTER && text[end] && text[end] != '\n'; i++)
    do
      end++;
    while (((unsigned char)text[end] & 0xc0) == 0x80);
  return end;
}

/* The line that it was found in, or the part around it. */
static const char *
excerpt(const struct search *search, const struct search_match *match, bool colour)
{
  size_t stop = match->place.start + match->place.length;
  size_t from = context_start(match->text, match->place.start), to = context_end(match->text, stop);
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  if (from > 0 && match->text[from - 1] != '\n') buf_add_text(&out, "…");
  while (from < match->place.start && match->text[from] == ' ')
    from++;
  buf_add(&out, match->text + from, match->place.start - from);
  if (colour) buf_add_text(&out, "\x1b[1;31m");
  buf_add(&out, match->text + match->place.start, match->place.length);
  if (colour) buf_add_text(&out, "\x1b[0m");
  buf_add(&out, match->text + stop, to - stop);
  if (match->text[to] && match->text[to] != '\n') buf_add_text(&out, "…");
  for (char *c = out.data; *c; c++)
    if (*c == '\n') *c = ' ';
  return arena_strdup(search->arena, out.data);
}

static void
report_table(struct search *search, bool colour)
{
  static const struct clxs_table_column columns[] = {
      {"kind", "Kind", CLXS_ALIGN_LEFT, 0},
      {"name", "Object", CLXS_ALIGN_LEFT, 0},
      {"field", "Found in", CLXS_ALIGN_LEFT, 0},
      {"excerpt", "Text", CLXS_ALIGN_LEFT, 0},
  };
  const struct clxs_output *output = clxs_output(search->call);

  output->table_begin(search->call, columns, ARRAY_SIZE(columns));
  VEC_EACH (&search->matches, match) {
    const char *cells[] = {match->kind, match->name, match->field, excerpt(search, match, colour)};

    output->table_row(search->call, cells, ARRAY_SIZE(cells));
  }
  output->table_end(search->call);
}

static void
add_match(struct buf *json, const struct search *search, const struct search_match *match)
{
  buf_addf(json, "{\"kind\":\"%s\",\"name\":", match->kind);
  buf_add_json(json, match->name);
  buf_addf(json, ",\"field\":\"%s\",\"excerpt\":", match->field);
  buf_add_json(json, excerpt(search, match, false));
  buf_addf(json, ",\"start\":%zu,\"length\":%zu,\"text\":", match->place.start, match->place.length);
  buf_add_json(json, match->text);
  buf_add_char(json, '}');
}

static clxs_status
report_document(struct search *search)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_text(&json, "{\"pattern\":");
  buf_add_json(&json, search->text);
  buf_addf(&json, ",\"plain\":%s,\"case_sensitive\":%s,\"catalogs\":%zu,\"matches\":[",
           search->pattern.flags & PATTERN_PLAIN ? "true" : "false",
           search->pattern.flags & PATTERN_IGNORE_CASE ? "false" : "true", search->catalogs);
  for (size_t i = 0; i < search->matches.count; i++) {
    if (i) buf_add_char(&json, ',');
    add_match(&json, search, &search->matches.at[i]);
  }
  buf_add_text(&json, "]}");
  return clxs_output(search->call)->document(search->call, json.data);
}

clxs_status
search_report(struct search *search)
{
  const struct clxs_output *output = clxs_output(search->call);
  int32_t format = output->format(search->call);
  clxs_status status = CLXS_OK;

  if (format == CLXS_FORMAT_JSON || format == CLXS_FORMAT_YAML)
    status = report_document(search);
  else if (search->matches.count || format == CLXS_FORMAT_CSV)
    report_table(search, format == CLXS_FORMAT_TEXT && output->colour(search->call));
  if (status < 0) return status;
  if (search->matches.count) return CLXS_OK;
  output->text(search->call, clxs_textf(search->call, "nothing matches %s", search->text));
  return CLXS_DIFFERENT;
}
