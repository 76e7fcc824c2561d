/* SPDX-License-Identifier: Apache-2.0 */
/* Progress where there is no terminal: a line every ten seconds, and no more. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "out/progress.h"

#include "base/banned.h"

static int64_t now;

static int64_t
read_now(void)
{
  return now;
}

static const struct clock hand_clock = {.now_ms = read_now, .mono_ms = read_now};

/* A run of 30 seconds with a step each 100 ms. */
static char *
run(bool terminal)
{
  char *text = NULL;
  size_t length = 0;
  FILE *file = open_memstream(&text, &length);
  struct progress progress = {.file = file, .terminal = terminal};

  now = 5000;
  clock_replace(&hand_clock);
  for (uint64_t i = 0; i <= 300; i++, now += 100)
    progress_show(&progress, "tables\x1b[2J", i, 600);
  progress_stop(&progress);
  fclose(file);
  clock_replace(NULL);
  return text;
}

Test(progress, lines_every_ten_seconds)
{
  char *text = run(false);

  cr_expect_str_eq(text,
                   "clxs: 100/600  tables\\x1b[2J  10/s  50s left\n"
                   "clxs: 200/600  tables\\x1b[2J  10/s  40s left\n"
                   "clxs: 300/600  tables\\x1b[2J  10/s  30s left\n",
                   "%s", text);
  free(text);
}

Test(progress, a_bar_is_redrawn_and_taken_away)
{
  char *text = run(true);

  cr_expect(str_starts(text, "\r\x1b[K[------------------------] 0/600"));
  cr_expect_not_null(strstr(text, "[############------------] 300/600"));
  cr_expect(str_ends(text, "\r\x1b[K"));
  cr_expect_null(strchr(text, '\n'));
  free(text);
}
