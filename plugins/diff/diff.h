/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the diff plugin share: the two sides, what is to be compared, and what was found. */
#ifndef CLXS_PLUGINS_DIFF_H
#define CLXS_PLUGINS_DIFF_H

#include <clxs/clxs.h>
#include <stdbool.h>

#include "kit/delta/delta.h"
#include "kit/model/model.h"
#include "kit/snapshot/side.h"

struct buf;
struct filter;

/* Values of a flag, in the call's arena. */
struct diff_words {
  const char **at;
  size_t count;
};

struct diff {
  struct clxs_call *call;
  struct arena *arena;
  struct side sides[2]; /* source, destination */
  struct filter *filter;
  uint32_t width;
  bool names_only;
  struct delta_options options;
  struct delta delta;
};

/* An object with a difference, and which of the delta's differences are its own: COUNT from FIRST on. */
struct diff_object {
  enum delta_change change;
  size_t first, count;
};

/* options.c: the flags of the call. */
clxs_status diff_read_options(struct diff *diff);
/* All values of FLAG: it may be repeated, each may be a list with commas, and what stands in back-ticks is
 * one value. */
struct diff_words diff_read_words(struct diff *diff, const char *flag);
/* read.c: both catalogs afresh, with all that the options ask for. */
clxs_status diff_read_sides(struct diff *diff);

/* What a side is called in the output: its catalog's name, or "file:PATH". */
const char *diff_side_label(const struct diff *diff, int side);

/* report.c */
/* The command's status: different, unknown, equal. */
clxs_status diff_status(const struct diff *diff);
/* Print what was found, in the format asked for; the command's status. */
clxs_status diff_report(struct diff *diff);
/* The status, with what is unknown told as the failure that it is. */
clxs_status diff_end(struct diff *diff);
/* All members of the JSON document, without the braces around them. */
void diff_add_members(struct buf *json, const struct diff *diff);
/* diff.c: give everything back. */
void diff_free(struct diff *diff);
/* The object that begins with difference FIRST. Objects follow each other without a gap. */
struct diff_object diff_object_at(const struct delta *delta, size_t first);
/* SCHEMA.OBJECT without the column of DIFFERENCE, in ARENA. */
const char *diff_object_name(struct arena *arena, const struct delta_difference *difference);
/* Members of a JSON object that is being written: ,"key":"text" */
void diff_add_member(struct buf *json, const char *key, const char *text);

/* text.c: as a person reads it, on a terminal in colours. */
void diff_print_text(struct diff *diff);

/* lines.c */
enum line_change { LINE_SAME, LINE_REMOVED, LINE_ADDED, LINE_GAP };

/* Compare two texts of several lines. KEY_A and KEY_B are what lines are compared by, but for blanks: as
 * many as there are in A and B. EACH is called for every line to show, with CONTEXT lines around each change;
 * LINE_GAP where lines were left out. The text of a line lives in ARENA. */
void lines_compare(struct arena *arena, const char *a, const char *key_a, const char *b, const char *key_b,
                   size_t context, void (*each)(void *data, enum line_change change, const char *line),
                   void *data);

#endif
