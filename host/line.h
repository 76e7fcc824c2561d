/* SPDX-License-Identifier: Apache-2.0 */
/* A first look at the command line, before it is known which command's grammar to parse it by: flags in front
 * of the command, and those few that decide how everything else is read. */
#ifndef CLXS_HOST_LINE_H
#define CLXS_HOST_LINE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct line {
  bool help, version, no_plugins, no_color;
  const char *config; /* of --config */
  int32_t format;     /* of --output, else $CLXS_OUTPUT, CLXS_FORMAT_; text where they say nothing valid */
  int count;          /* of words */
  /* From the command's name on, NULL-terminated; flags that stood in front of it left out. */
  const char *const *words;
  int leading_count;
  const char *const *leading; /* those flags with their values */
};

/* Look at ARGV (without the program's name). Nothing is refused here: parsing comes later. */
void line_read(struct arena *arena, int argc, const char *const *argv, struct line *line);
/* How many words stand in front of the first flag. */
int line_plain(const struct line *line);
/* The words behind a command whose name took WORDS of them, leading flags first, help flags left out;
 * NULL-terminated. *COUNT is how many. */
const char *const *line_rest(struct arena *arena, const struct line *line, int words, int *count);

/* "json" as CLXS_FORMAT_JSON; OTHERWISE for what is no format. */
int32_t line_format(const char *name, int32_t otherwise);

#endif
