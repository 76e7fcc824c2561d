/* SPDX-License-Identifier: Apache-2.0 */
/* One text, read in its language; what was found put in the order of the text, with lines and columns. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

const char *
sqltext_kind_name(enum sqltext_kind kind)
{
  static const char *const names[] = {
      [SQLTEXT_RELATION] = "relation", [SQLTEXT_FUNCTION] = "function", [SQLTEXT_SCHEMA] = "schema",
      [SQLTEXT_CATALOG] = "catalog",   [SQLTEXT_VOLUME] = "volume",     [SQLTEXT_MODEL] = "model",
      [SQLTEXT_COLUMN] = "column",     [SQLTEXT_PATH] = "path",         [SQLTEXT_OTHER] = "other"};

  return names[kind];
}

static int
compare_references(const void *a, const void *b)
{
  const struct sqltext_reference *left = a, *right = b;

  return left->start < right->start ? -1 : left->start > right->start;
}

static int
compare_reports(const void *a, const void *b)
{
  const struct sqltext_report *left = a, *right = b;

  return left->start < right->start ? -1 : left->start > right->start;
}

void
sqltext_sort_reports(struct sqltext_report *reports, size_t count)
{
  if (count > 0) qsort(reports, count, sizeof *reports, compare_reports);
}

/* Lines and columns in one walk over the text. */
struct walker {
  const char *text;
  size_t at;
  uint32_t line, column;
};

static void
walk_to(struct walker *walker, size_t offset)
{
  for (; walker->at < offset; walker->at++) {
    char c = walker->text[walker->at];

    if (c == '\n' || (c == '\r' && walker->text[walker->at + 1] != '\n')) {
      walker->line++;
      walker->column = 1;
    } else if (((unsigned char)c & 0xc0) != 0x80) {
      walker->column++;
    }
  }
}

static void
place(struct findings *found)
{
  struct walker walker = {.text = found->text, .line = 1, .column = 1};

  if (found->references.count > 0)
    qsort(found->references.at, found->references.count, sizeof *found->references.at, compare_references);
  sqltext_sort_reports(found->reports.at, found->reports.count);
  VEC_EACH (&found->references, reference) {
    walk_to(&walker, reference->start);
    reference->line = walker.line;
    reference->column = walker.column;
  }
  walker = (struct walker){.text = found->text, .line = 1, .column = 1};
  VEC_EACH (&found->reports, report) {
    walk_to(&walker, report->start);
    report->line = walker.line;
    report->column = walker.column;
  }
}

static void
free_findings(struct findings *found)
{
  VEC_EACH (&found->scopes, scope) {
    VEC_FREE(&(*scope)->sources);
    VEC_FREE(&(*scope)->lambda);
  }
  VEC_FREE(&found->scopes);
  VEC_FREE(&found->references);
  VEC_FREE(&found->reports);
}

void
sqltext_read(struct arena *arena, const char *text, size_t length, enum sqltext_language language,
             const char *from, struct sqltext_references *references)
{
  struct findings found = {.arena = arena, .text = text, .length = length, .from = from};

  if (language == SQLTEXT_YAML)
    read_yaml(&found, 0, length);
  else if (language == SQLTEXT_PYTHON)
    read_python(&found, 0, length);
  else
    parse_text(&found, 0, length, PARSE_STATEMENTS);
  place(&found);
  references->count = found.references.count;
  references->at = arena_array(arena, found.references.count + 1, sizeof *references->at);
  if (references->count > 0)
    memcpy(references->at, found.references.at, references->count * sizeof *references->at);
  references->report_count = found.reports.count;
  references->reports = arena_array(arena, found.reports.count + 1, sizeof *references->reports);
  if (references->report_count > 0)
    memcpy(references->reports, found.reports.at, references->report_count * sizeof *references->reports);
  free_findings(&found);
}
