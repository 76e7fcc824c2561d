/* SPDX-License-Identifier: Apache-2.0 */
/* Where results and remarks go. One writer per process: stdout carries the result in one format, stderr the
 * rest. Formats (table, json, yaml, csv) are one file each behind this. */
#ifndef CLXS_HOST_OUT_OUT_H
#define CLXS_HOST_OUT_OUT_H

#include <clxs/output.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

struct err;
struct out;

struct out_options {
  FILE *result, *remarks; /* stdout, stderr */
  int32_t format;         /* CLXS_FORMAT_ */
  int colour;             /* -1 decide (terminal, NO_COLOR, TERM=dumb), 0 never, 1 always */
  bool quiet, verbose, debug, yes, progress;
  FILE *answers;               /* where a person's answers come from; NULL: stdin, if it is a terminal */
  const atomic_int *cancelled; /* non-zero ends a question that waits for its answer; or NULL */
  unsigned width;              /* columns to lay out for; 0: those of the terminal */
};

struct out *out_new(const struct out_options *options);
void out_free(struct out *out);

/* JSON while results are captured. */
int32_t out_format(const struct out *out);
bool out_colour(const struct out *out);
/* Columns of the terminal on stdout, 0 when it is none. */
unsigned out_width(const struct out *out);
/* Bytes on stdout as they are. CLXS_E_IO when it cannot take them, here and below. */
clxs_status out_raw(struct out *out, const char *bytes, size_t length, struct err *err);
/* One whole result; JSON that is none is CLXS_E_INTERNAL. Bytes that are not UTF-8 become U+FFFD. */
clxs_status out_document(struct out *out, const char *json, size_t length, struct err *err);
/* A line on stdout, in the text format only. Control characters in it are made visible; newlines stay, and so
 * do colours where colours are shown. */
clxs_status out_text(struct out *out, const char *line, struct err *err);
/* One table at a time; rows may be shorter than the columns (the rest is null), not longer. */
clxs_status out_table_begin(struct out *out, const struct clxs_table_column *columns, uint32_t count,
                            struct err *err);
clxs_status out_table_row(struct out *out, const char *const *cells, uint32_t count, struct err *err);
clxs_status out_table_end(struct out *out, struct err *err);
/* CLXS_OK for yes, CLXS_E_CANCELLED for no (or an interruption), CLXS_E_USAGE where nobody can be asked. */
clxs_status out_confirm(struct out *out, const char *question, struct err *err);
/* Remarks; CLXS_LOG_ levels, filtered: errors always, warnings unless quiet, information when verbose, the
 * rest when debug. Any thread. */
void out_log(struct out *out, int32_t level, const char *line);
/* Any thread. */
void out_progress(struct out *out, const char *what, uint64_t done, uint64_t total);
void out_progress_end(struct out *out);
/* The one message at the end: "clxs: error: MESSAGE", causes, ids, hint. With -o json also as an object on
 * stderr. */
void out_error(struct out *out, const struct err *err);
/* Collect documents and tables as JSON instead of printing (clxs.invoke/1): begin, and take the text at the
 * end, the caller's to free(): the one result, an array of them when there were several, "null" for none.
 * Nests. */
void out_capture_begin(struct out *out);
char *out_capture_end(struct out *out);
/* Flush; CLXS_E_IO when stdout could not take everything (full disk, closed pipe). */
clxs_status out_finish(struct out *out, struct err *err);
/* Whether whoever read the result has gone (`| head`), which nobody needs to be told. */
bool out_reader_gone(struct out *out);

#endif
