/* SPDX-License-Identifier: Apache-2.0 */
/* Where results and remarks go. One writer per process: stdout carries the result in one format, stderr the rest.
 * Formats (table, json, yaml, csv) are one file each behind this. */
#ifndef CLXS_HOST_OUT_OUT_H
#define CLXS_HOST_OUT_OUT_H

#include <clxs/output.h>
#include <stdbool.h>
#include <stdio.h>

struct err;
struct out;

struct out_options {
  FILE *result, *remarks; /* stdout, stderr */
  int32_t format;         /* CLXS_FORMAT_ */
  int colour;             /* -1 decide (terminal, NO_COLOR, TERM=dumb), 0 never, 1 always */
  bool quiet, verbose, debug, yes, progress;
};

struct out *out_new(const struct out_options *options);
void out_free(struct out *out);

int32_t out_format(const struct out *out);
bool out_colour(const struct out *out);
unsigned out_width(const struct out *out);
clxs_status out_raw(struct out *out, const char *bytes, size_t length, struct err *err);
clxs_status out_document(struct out *out, const char *json, size_t length, struct err *err);
clxs_status out_text(struct out *out, const char *line, struct err *err);
clxs_status out_table_begin(struct out *out, const struct clxs_table_column *columns, uint32_t count, struct err *err);
clxs_status out_table_row(struct out *out, const char *const *cells, uint32_t count, struct err *err);
clxs_status out_table_end(struct out *out, struct err *err);
clxs_status out_confirm(struct out *out, const char *question, struct err *err);
/* Remarks; CLXS_LOG_ levels, filtered by quiet, verbose and debug. Any thread. */
void out_log(struct out *out, int32_t level, const char *line);
void out_progress(struct out *out, const char *what, uint64_t done, uint64_t total);
void out_progress_end(struct out *out);
/* The one message at the end: "clxs: error: MESSAGE", causes, ids, hint. With -o json also as an object on stderr. */
void out_error(struct out *out, const struct err *err);
/* Collect documents and tables as JSON instead of printing (clxs.invoke/1): begin, and take the text at the end. */
void out_capture_begin(struct out *out);
char *out_capture_end(struct out *out);
/* Flush; CLXS_E_IO when stdout could not take everything (full disk, closed pipe). */
clxs_status out_finish(struct out *out, struct err *err);

#endif
