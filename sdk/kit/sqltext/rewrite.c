/* SPDX-License-Identifier: Apache-2.0 */
/* The new text: the old one with the spots exchanged, each in the form it had where the new name allows that.
 */
#include "kit/sqltext/rewrite.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

bool
sqltext_catalog_reserved(const char *name)
{
  static const char *const reserved[] = {"system",      "samples", "hive_metastore",       "spark_catalog",
                                         "global_temp", "session", "__databricks_internal"};

  for (size_t i = 0; i < ARRAY_SIZE(reserved); i++)
    if (utf8_ieq(name, reserved[i])) return true;
  return false;
}

const char *
sqltext_catalog_problem(const char *name)
{
  if (*name == '\0') return "is empty";
  if (!utf8_valid(name, strlen(name))) return "is not UTF-8";
  if (strlen(name) > 255) return "is longer than 255 bytes";
  for (const char *c = name; *c; c++)
    if (*c == '.' || *c == ' ' || *c == '/' || (unsigned char)*c < 0x20 || *c == 0x7f)
      return "holds a dot, a space, a slash or a control character";
  if (sqltext_catalog_reserved(name)) return "is reserved by Databricks";
  return NULL;
}

/* Words that would be read as something else where a name without quotes stands. */
static const char keywords[] =
    " all and anti any as between by case cast catalog check clone column constraint create cross "
    "current_catalog database default describe distinct drop else end except exists extended false "
    "filter for foreign from full function grant group having history identifier if in inner insert "
    "intersect interval into is join lateral left like limit live mask merge minus natural not null "
    "of on only or order outer overlaps pivot primary references replace returns right row schema "
    "select semi set show some stream table then to true union unique unpivot update use user using "
    "values view volume when where window with ";

static bool
is_keyword(const char *name)
{
  size_t length = strlen(name);

  for (const char *word = keywords + 1; *word; word = strchr(word, ' ') + 1)
    if (str_ieqn(word, name, length) && word[length] == ' ') return true;
  return false;
}

static bool
is_plain(const char *name)
{
  if (!str_is_alpha(*name) && *name != '_') return false;
  for (const char *c = name; *c; c++)
    if (!str_is_alnum(*c) && *c != '_') return false;
  return !is_keyword(name);
}

/* NAME as it has to stand at SPOT in OUT; false where it cannot stand there. */
static bool
put_name(struct buf *out, const struct sqltext_spot *spot, const char *name, bool path)
{
  CLEANUP_BUF struct buf quoted = BUF_INIT(BUF_SQL);

  if (path || (!spot->quote && is_plain(name)))
    buf_add_text(&quoted, name);
  else
    sql_add_name(&quoted, name);
  for (const char *c = quoted.data; *c; c++) {
    bool special = spot->literal && (*c == spot->literal || (*c == '\\' && spot->literal != '`'));

    if (special && spot->raw) return false;
    if (special) buf_add_char(out, spot->literal == '`' ? '`' : '\\');
    buf_add_char(out, *c);
  }
  return true;
}

struct edit {
  const struct sqltext_reference *reference;
};

static int
compare_edits(const void *a, const void *b)
{
  const struct edit *left = a, *right = b;
  size_t x = left->reference->catalog.start, y = right->reference->catalog.start;

  return x < y ? -1 : x > y;
}

static bool
is_wanted(const struct sqltext_reference *reference, const char *from, uint32_t flags)
{
  if (!reference->qualified || !utf8_ieq(reference->parts[0], from)) return false;
  return reference->kind != SQLTEXT_PATH || (flags & SQLTEXT_PATHS);
}

/* The references whose catalog is FROM, each place once, in order. */
static struct edit *
plan_edits(struct arena *arena, const struct sqltext_references *found, const char *from, uint32_t flags,
           size_t *count)
{
  struct edit *edits = arena_array(arena, found->count + 1, sizeof *edits);
  size_t planned = 0, kept = 0;

  for (size_t i = 0; i < found->count; i++)
    if (is_wanted(&found->at[i], from, flags)) edits[planned++].reference = &found->at[i];
  qsort(edits, planned, sizeof *edits, compare_edits);
  for (size_t i = 0; i < planned; i++) {
    const struct sqltext_spot *last = kept > 0 ? &edits[kept - 1].reference->catalog : NULL;

    if (!last || edits[i].reference->catalog.start >= last->start + last->length) edits[kept++] = edits[i];
  }
  *count = kept;
  return edits;
}

static void
add_report(struct sqltext_report **at, size_t *count, const struct sqltext_reference *reference,
           const char *text, const char *reason)
{
  (*at)[(*count)++] = (struct sqltext_report){.line = reference->line,
                                              .column = reference->column,
                                              .text = text,
                                              .reason = reason,
                                              .start = reference->start};
}

/* The plain YAML scalar that starts at SPOT, in quotes. */
static bool
put_wrapped(struct buf *out, const char *text, const struct sqltext_spot *spot, const char *name)
{
  size_t behind = spot->start + spot->length;

  if (strchr(name, '\'') || memchr(text + behind, '\'', spot->wrap - behind)) return false;
  buf_add_char(out, '\'');
  sql_add_name(out, name);
  buf_add(out, text + behind, spot->wrap - behind);
  buf_add_char(out, '\'');
  return true;
}

/* TO in the place of one reference's catalog, up to *DONE in the text; false, and nothing added, where it
 * cannot be. */
static bool
put_edit(struct buf *out, const char *text, const struct sqltext_reference *reference, const char *to,
         size_t *done)
{
  const struct sqltext_spot *spot = &reference->catalog;
  size_t before = out->len;
  bool wrapped = spot->wrap && !is_plain(to);

  if (wrapped ? put_wrapped(out, text, spot, to) : put_name(out, spot, to, reference->kind == SQLTEXT_PATH)) {
    *done = wrapped ? spot->wrap : spot->start + spot->length;
    return true;
  }
  out->len = before;
  return false;
}

static void
apply(struct arena *arena, const char *text, size_t length, const struct edit *edits, size_t count,
      const char *to, struct sqltext_report **reports, size_t *report_count, struct sqltext_result *result)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  size_t done = 0;

  for (size_t i = 0; i < count; i++) {
    const struct sqltext_reference *reference = edits[i].reference;

    buf_add(&out, text + done, reference->catalog.start - done);
    done = reference->catalog.start;
    if (put_edit(&out, text, reference, to, &done))
      result->changes++;
    else
      add_report(reports, report_count, reference,
                 arena_strndup(arena, text + reference->start, reference->length),
                 "the new name cannot be written in this kind of string");
  }
  buf_add(&out, text + done, length - done);
  result->length = out.len;
  result->text = arena_strndup(arena, out.data, out.len);
}

void
sqltext_rewrite(struct arena *arena, const char *text, size_t length, enum sqltext_language language,
                const char *from, const char *to, uint32_t flags, struct sqltext_result *result)
{
  struct sqltext_references found;
  struct sqltext_report *reports;
  size_t count, report_count;
  struct edit *edits;

  *result = (struct sqltext_result){.text = text, .length = length};
  if (sqltext_catalog_reserved(from)) return;
  sqltext_read(arena, text, length, language, from, &found);
  edits = plan_edits(arena, &found, from, flags, &count);
  reports = arena_array(arena, found.report_count + found.count + 1, sizeof *reports);
  report_count = found.report_count;
  if (report_count > 0) memcpy(reports, found.reports, report_count * sizeof *reports);
  for (size_t i = 0; i < found.count; i++)
    if (found.at[i].kind == SQLTEXT_PATH && !(flags & SQLTEXT_PATHS) && utf8_ieq(found.at[i].parts[0], from))
      add_report(&reports, &report_count, &found.at[i],
                 arena_strndup(arena, text + found.at[i].start, found.at[i].length),
                 "a path into a volume of the catalog; such paths are rewritten only on request");
  if (count > 0 && !str_eq(from, to))
    apply(arena, text, length, edits, count, to, &reports, &report_count, result);
  sqltext_sort_reports(reports, report_count);
  result->reports = reports;
  result->report_count = report_count;
}
