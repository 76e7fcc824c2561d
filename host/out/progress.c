/* SPDX-License-Identifier: Apache-2.0 */
/* See progress.h. */
#include "out/progress.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "out/tty.h"

#include "base/banned.h"

#define REDRAW_MS 100
#define LINE_MS 10000
#define BAR_COLUMNS 24
#define LABEL_COLUMNS 40

static void
add_duration(struct buf *buf, uint64_t seconds)
{
  if (seconds >= 3600) {
    buf_addf(buf, "%" PRIu64 "h%02um", seconds / 3600, (unsigned)(seconds / 60 % 60));
  } else if (seconds >= 60) {
    buf_addf(buf, "%um%02us", (unsigned)(seconds / 60), (unsigned)(seconds % 60));
  } else {
    buf_addf(buf, "%us", (unsigned)seconds);
  }
}

/* How fast it goes, and how long it will take at that speed. */
static void
add_rate(struct buf *buf, const struct progress *progress, int64_t now, uint64_t done, uint64_t total)
{
  double seconds = (double)(now - progress->began) / 1000.0;
  double rate = seconds > 0 && done > progress->first ? (double)(done - progress->first) / seconds : 0;

  if (rate <= 0) return;
  buf_addf(buf, rate < 10 ? "  %.1f/s" : "  %.0f/s", rate);
  if (total <= done) return;
  buf_add_text(buf, "  ");
  add_duration(buf, (uint64_t)((double)(total - done) / rate + 0.5));
  buf_add_text(buf, " left");
}

static void
add_count(struct buf *buf, uint64_t done, uint64_t total)
{
  if (total == 0) {
    buf_addf(buf, "%" PRIu64, done);
  } else {
    buf_addf(buf, "%" PRIu64 "/%" PRIu64, done, total);
  }
}

static void
add_bar(struct buf *buf, uint64_t done, uint64_t total)
{
  uint64_t filled = done >= total ? BAR_COLUMNS : (uint64_t)((double)done / (double)total * BAR_COLUMNS);

  buf_add_char(buf, '[');
  for (uint64_t i = 0; i < BAR_COLUMNS; i++)
    buf_add_char(buf, i < filled ? '#' : '-');
  buf_add_text(buf, "] ");
}

static void
draw(struct progress *progress, const char *what, uint64_t done, uint64_t total, int64_t now)
{
  CLEANUP_BUF struct buf label = BUF_INIT(BUF_SQL);
  CLEANUP_BUF struct buf line = BUF_INIT(BUF_SQL);
  unsigned columns = progress->terminal ? tty_columns(progress->file) : 0;

  if (total > 0 && progress->terminal) add_bar(&line, done, total);
  add_count(&line, done, total);
  tty_add_safe(&label, what, strlen(what), 0);
  buf_add_text(&line, "  ");
  tty_add_cut(&line, label.data, LABEL_COLUMNS);
  add_rate(&line, progress, now, done, total);
  if (progress->terminal) {
    buf_reset(&label);
    tty_add_cut(&label, line.data, columns > 20 ? columns - 1 : 79);
    fprintf(progress->file, "\r\x1b[K%s", label.data);
    progress->shown = true;
  } else {
    fprintf(progress->file, "clxs: %s\n", line.data);
  }
  fflush(progress->file);
  progress->drawn = now;
}

void
progress_show(struct progress *progress, const char *what, uint64_t done, uint64_t total)
{
  int64_t now = clock_mono_ms();

  if (progress->began == 0) {
    progress->began = now > 0 ? now : 1;
    progress->first = done;
    progress->drawn = progress->terminal ? now - REDRAW_MS : now;
  }
  if (now - progress->drawn < (progress->terminal ? REDRAW_MS : LINE_MS)) return;
  draw(progress, what ? what : "", done, total, now);
}

void
progress_hide(struct progress *progress)
{
  if (!progress->shown) return;
  fputs("\r\x1b[K", progress->file);
  fflush(progress->file);
  progress->shown = false;
  progress->drawn = 0;
}

void
progress_stop(struct progress *progress)
{
  progress_hide(progress);
  progress->began = 0;
}
