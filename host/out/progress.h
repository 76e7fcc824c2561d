/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of a long run on stderr: a bar that is redrawn on a terminal, a line every ten seconds elsewhere.
 * The owner serialises calls; time comes from base/clock. */
#ifndef CLXS_HOST_OUT_PROGRESS_H
#define CLXS_HOST_OUT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
  FILE *file;
  bool terminal;
  bool shown;           /* a bar is on the last line */
  int64_t began, drawn; /* milliseconds of clock_mono; began 0: nothing is running */
  uint64_t first;       /* what was done when it began */
};

/* DONE of TOTAL (0: unknown) of WHAT; drawn only when it is time. */
void progress_show(struct progress *progress, const char *what, uint64_t done, uint64_t total);
/* Take the bar away, so that a line can be written; the next progress_show draws it again at once. */
void progress_hide(struct progress *progress);
/* Take it away for good. */
void progress_stop(struct progress *progress);

#endif
