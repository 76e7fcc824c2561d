/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.output/1: everything that a person or a script reads. Results go to stdout in the format asked for (-o
 * text|json|yaml|csv), progress and questions to the terminal. A plugin never writes to stdout or stderr
 * itself. */
#ifndef CLXS_OUTPUT_H
#define CLXS_OUTPUT_H

#include "call.h"

#define CLXS_SERVICE_OUTPUT "clxs.output/1"

#define CLXS_FORMAT_TEXT 0
#define CLXS_FORMAT_JSON 1
#define CLXS_FORMAT_YAML 2
#define CLXS_FORMAT_CSV 3
/* Only for a command whose manifest says "html": true. It prints its page by raw. */
#define CLXS_FORMAT_HTML 4

/* How a table column is laid out in text. */
#define CLXS_ALIGN_LEFT 0
#define CLXS_ALIGN_RIGHT 1

/* Frozen. */
struct clxs_table_column {
  const char *key;   /* name in json, yaml, csv: "duration_ms" */
  const char *title; /* heading in text: "Duration" */
  int32_t align;     /* CLXS_ALIGN_ */
  int32_t number;    /* non-zero: cells are JSON numbers or true/false */
};

struct clxs_output {
  uint32_t size;
  /* [call thread] One of CLXS_FORMAT_; JSON in a command that clxs.invoke/1 runs. */
  int32_t (*format)(struct clxs_call *call);
  /* [call thread] Text on stdout as it is, whatever the format: for commands whose result is a file
   * (rewritten SQL, HTML). LENGTH bytes. */
  clxs_status (*raw)(struct clxs_call *call, const char *bytes, size_t length);
  /* [command thread] One whole result as JSON; text and csv formats print it readably. */
  clxs_status (*document)(struct clxs_call *call, const char *json);
  /* [command thread] A table: columns first, then rows (NULL cells are null), then table_end, which prints
   * it. In json and yaml it is an array of objects. */
  clxs_status (*table_begin)(struct clxs_call *call, const struct clxs_table_column *columns, uint32_t count);
  clxs_status (*table_row)(struct clxs_call *call, const char *const *cells, uint32_t count);
  clxs_status (*table_end)(struct clxs_call *call);
  /* [command thread] A line of text on stdout, printed only in the text format: headings, remarks, summaries.
   */
  clxs_status (*text)(struct clxs_call *call, const char *line);
  /* [any thread] Progress of a long run: what is going on, how much is done, of how many (0: unknown). Shown
   * on a terminal, or as a line every so often. progress_end takes it away. */
  void (*progress)(struct clxs_call *call, const char *what, uint64_t done, uint64_t total);
  void (*progress_end)(struct clxs_call *call);
  /* [command thread] Ask a yes/no question on the terminal. CLXS_OK for yes or --yes; CLXS_E_CANCELLED for
   * no; CLXS_E_USAGE (naming --yes) where nobody can be asked. */
  clxs_status (*confirm)(struct clxs_call *call, const char *question);
  /* [any thread] Non-zero when stdout shows colours; escape sequences are the caller's (SGR only). */
  uint32_t (*colour)(struct clxs_call *call);
  /* [any thread] Columns of the terminal on stdout, 0 when it is none. */
  uint32_t (*width)(struct clxs_call *call);
};

#endif
