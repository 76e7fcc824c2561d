/* SPDX-License-Identifier: Apache-2.0 */
/* A report as one HTML file that needs nothing else: no network, no other file, no server. It is read on
 * paper, on a phone and in the dark; without scripts it is a plain document. It must not know what it
 * reports.
 *
 * Everything that is given to these functions is text, never markup: names come from other people. On top of
 * the escaping the page carries a content security policy that lets only its own style sheet and script run,
 * by their hashes, and nothing be loaded.
 *
 * Call page_new, then the parts in the order in which they are to be read, then page_finish. A page belongs
 * to one thread. Texts are copied; NULL stands for an empty text unless a function says otherwise.
 *
 *   CLEANUP_PAGE struct page *page = page_new(&(struct page_head){.kicker = "Diff", .title = "prod and
 * dev"});
 *
 *   page_section(page, "Tables", NULL);
 *   page_table_begin(page, columns, ARRAY_SIZE(columns));
 *   page_row(page, cells, ARRAY_SIZE(cells));
 *   page_table_end(page);
 *   html = page_finish(page, &length); */
#ifndef CLXS_KIT_PAGE_PAGE_H
#define CLXS_KIT_PAGE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct page;

/* What a reader should feel about something; shown as a colour, so say it in words as well. */
enum page_tone { PAGE_PLAIN, PAGE_GOOD, PAGE_WARN, PAGE_BAD, PAGE_MUTED };

struct page_head {
  const char *kicker;  /* what kind of page this is: "Clone report" */
  const char *title;   /* what it is about: "prod to dev"; also the title of the window */
  const char *lead;    /* a sentence below it, or NULL */
  const char *badge;   /* the outcome in a word: "succeeded", or NULL */
  enum page_tone tone; /* of the badge */
};

struct page *page_new(const struct page_head *head);
void page_free(struct page *page);
void page_cleanup(struct page **page);
#define CLEANUP_PAGE __attribute__((cleanup(page_cleanup)))
/* The whole document, which the page keeps: it lives until page_free. *LENGTH (may be NULL) is its bytes.
 * NULL when it has over 1 GiB. Nothing may be added afterwards. */
const char *page_finish(struct page *page, size_t *length);

/* A heading; what follows belongs to it until the next. NOTE: a sentence below it, or NULL. */
void page_section(struct page *page, const char *title, const char *note);
void page_text(struct page *page, const char *text);
/* Something that must not be overlooked. DETAIL may be NULL. */
void page_alert(struct page *page, enum page_tone tone, const char *title, const char *detail);
/* COUNT texts, one below the other. */
void page_list(struct page *page, const char *const *texts, size_t count);
/* A text that takes space, such as a statement or a document, behind a line that opens it. */
void page_code(struct page *page, const char *summary, const char *text);

/* Names and what they are: settings, circumstances. */
struct page_fact {
  const char *name, *value;
};
void page_facts(struct page *page, const struct page_fact *facts, size_t count);

/* The few figures that matter most. */
struct page_card {
  const char *label, *value;
  const char *note; /* below the value, or NULL */
  enum page_tone tone;
};
void page_cards(struct page *page, const struct page_card *cards, size_t count);

/* A table that can be sorted by each column and filtered by words; readers see 200 rows at a time. One table
 * at a time. */
#define PAGE_NUMBER UINT32_C(1) /* to the right, sorted by number */
/* Few different values, such as a kind or a state: one can be chosen to see only its rows */
#define PAGE_CHIPS UINT32_C(2)
#define PAGE_CODE UINT32_C(4) /* SQL and the like: its first line, which opens the rest */
#define PAGE_NAME UINT32_C(8) /* a name of an object, in the type of code */
#define PAGE_COLUMNS 16

struct page_column {
  const char *title;
  uint32_t flags; /* PAGE_NUMBER, PAGE_CHIPS, PAGE_CODE, PAGE_NAME */
};
struct page_cell {
  const char *text;    /* NULL: empty */
  const char *sort;    /* what it is sorted by instead of its text ("90000" for "1m30s"), or NULL */
  const char *more;    /* further text in the cell, smaller: a hint below a reason, or NULL */
  enum page_tone tone; /* shown as a label in this colour, unless plain */
};
void page_table_begin(struct page *page, const struct page_column *columns, size_t count);
/* COUNT cells, at most as many as columns; those that are left out are empty. */
void page_row(struct page *page, const struct page_cell *cells, size_t count);
void page_table_end(struct page *page);

/* Bars beside each other's names, the longest as wide as there is room. */
struct page_bar {
  const char *label;
  double value;      /* negative is 0 */
  const char *shown; /* the value in words: "12.5 s" */
  enum page_tone tone;
};
void page_bars(struct page *page, const struct page_bar *bars, size_t count);

/* What happened when: spans on lanes, from the left to the right. Spans that are too small to see are drawn
 * as one. COUNT 0 draws nothing. */
struct page_span {
  uint32_t lane; /* from 0; under 256 */
  int64_t start_ms, end_ms;
  const char *label; /* shown when pointed at */
  enum page_tone tone;
};
void page_timeline(struct page *page, const struct page_span *spans, size_t count);

/* "85 ms", "1.2 s", "3m20s", "2h05m": MILLISECONDS for people, into TEXT. */
#define PAGE_DURATION 32
void page_duration(int64_t milliseconds, char text[PAGE_DURATION]);

#endif
