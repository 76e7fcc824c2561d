/* SPDX-License-Identifier: Apache-2.0 */
/* Which catalog objects a text names. The text is Databricks SQL, the YAML of a metric view, or Python
 * source; it need not be correct: what cannot be read is passed over and said so. Nothing here talks to a
 * workspace, so what only a workspace could decide is a doubt.
 *
 * Three parts in relation or function position name a catalog, two do for schemas, one for catalogs. In an
 * expression a longer name is a reference only where that relation is in scope without an alias
 * (https://docs.databricks.com/sql/language-manual/sql-ref-name-resolution.html). */
#ifndef CLXS_KIT_SQLTEXT_REFS_H
#define CLXS_KIT_SQLTEXT_REFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum sqltext_language {
  SQLTEXT_SQL,
  SQLTEXT_YAML,  /* a metric view's definition */
  SQLTEXT_PYTHON /* notebook or function body: nothing in it is decided, only doubted */
};

enum sqltext_kind {
  SQLTEXT_RELATION, /* table, view, materialized view, streaming table */
  SQLTEXT_FUNCTION, /* function or procedure; also a built-in, which one part cannot tell from a user's */
  SQLTEXT_SCHEMA,
  SQLTEXT_CATALOG,
  SQLTEXT_VOLUME,
  SQLTEXT_MODEL,
  SQLTEXT_COLUMN, /* a column, named with the relation's whole name before it */
  SQLTEXT_PATH,   /* /Volumes/catalog/schema/volume in a string or a quoted path */
  SQLTEXT_OTHER   /* share, connection, ...: in no catalog, never listed */
};

/* One name part in the text: LENGTH bytes at START are to be replaced to rename it. */
struct sqltext_spot {
  size_t start, length;
  char quote;   /* '`' when it stands in back-ticks (which belong to the spot), else 0 */
  char literal; /* the quote of the string around it, else 0 */
  bool raw;     /* ... which is an r'' string: nothing in it can be escaped */
  size_t
      wrap; /* where the plain YAML scalar ends that starts here: it needs quotes if the name does; else 0 */
};

struct sqltext_reference {
  enum sqltext_kind kind;
  const char *const
      *parts; /* COUNT of them, without quotes; a path's are catalog, schema, volume as far as given */
  size_t count;
  bool qualified;              /* the first part names a catalog, */
  struct sqltext_spot catalog; /* and stands here */
  size_t start, length;        /* the whole name in the text */
  uint32_t line, column;       /* from 1; columns count code points */
};

/* Something that may be a reference. Texts in the arena. */
struct sqltext_report {
  uint32_t line, column;
  const char *text;   /* what stands there, shortened where long */
  const char *reason; /* one sentence for a person */
  size_t start;       /* byte offset */
};

struct sqltext_references {
  struct sqltext_reference *at; /* in the order of the text */
  size_t count;
  struct sqltext_report *reports;
  size_t report_count;
};

/* Read TEXT (LENGTH bytes) and list what it names. FROM is the catalog that matters to the caller: strings
 * and opaque bodies are reported, and long names in expressions looked up, only where they mention it. With
 * NULL all long names are looked up, and nothing is reported but what is put together at run time. Results
 * live in ARENA. Names of common table expressions are left out. */
void sqltext_read(struct arena *arena, const char *text, size_t length, enum sqltext_language language,
                  const char *from, struct sqltext_references *references);

/* Put COUNT reports in the order of the text. */
void sqltext_sort_reports(struct sqltext_report *reports, size_t count);
/* "relation", "function", ... */
const char *sqltext_kind_name(enum sqltext_kind kind);

#endif
