/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of one operation: an append-only file that says what was going to be done, what was begun and
 * what has ended, written ahead of every change, so that a run that dies at any moment can be resumed or
 * undone.
 *
 * One record a line: `SEQUENCE CHECKSUM JSON`. The sequence counts from 1; the checksum is FNV-1a (64 bit, 16
 * hex digits) of "SEQUENCE JSON". Records, in order: one `operation`; every `object`, `step` and `warning` of
 * the plan; one `planned`; then `begin` and `end` of steps, interleaved; at last one `finish`, and behind it
 * a `taken_back` for every rollback. The file is 0600 and locked (flock) while the run is alive. A torn tail
 * (what a crash leaves) is tolerated; damage before a good record is not. */
#ifndef CLXS_KIT_PLAN_JOURNAL_H
#define CLXS_KIT_PLAN_JOURNAL_H

#include <clxs/call.h>
#include <stdbool.h>

#include "kit/plan/plan.h"
#include "kit/plan/result.h"

struct journal;

/* Who did what to what. ARGUMENTS is a JSON object of the command's own flags, without secrets. */
struct journal_head {
  const char *id, *command, *arguments, *source, *destination, *workspace;
  const char *principal; /* who ran it, NULL where nobody knows */
  int64_t started_ms;
};

/* Make PATH with the head and all of PLAN in it, on disk before this returns. CLXS_E_EXISTS when there is
 * such a file. */
clxs_status journal_create(struct clxs_call *call, const char *path, const struct journal_head *head,
                           const struct plan *plan, struct journal **journal);
/* Go on with the journal at PATH: take its lock, read it into IMAGE (free it in either case), and append to
 * it; a torn tail is cut off before the first new record, and not touched if there is none. CLXS_E_CONFLICT
 * when a running process holds it; otherwise as journal_read. */
struct journal_image;
clxs_status journal_reopen(struct clxs_call *call, const char *path, struct journal_image *image,
                           struct journal **journal);
/* [any thread] STEP is about to be sent; NOW_MS is the wall clock. Returns when this and everything noted
 * before is on disk: threads that wait at the same time share one write. False when it cannot be: then
 * nothing may be sent. */
bool journal_begin(struct journal *journal, size_t step, int64_t now_ms);
/* [any thread] STEP has ended as RESULT says. On disk with the next begin, or with journal_finish. */
void journal_end(struct journal *journal, size_t step, int64_t now_ms, const struct plan_result *result);
/* The run is over with STATUS, as journal_status names it. False when the journal is not on
 * disk. */
bool journal_finish(struct journal *journal, int64_t now_ms, const char *status);
/* The operation ROLLBACK is about to take the run back. False when the journal is not on disk. */
bool journal_take_back(struct journal *journal, const char *rollback);
/* A run that ended with STATUS as one word: "succeeded", "different", "partial", "cancelled" or "failed". */
const char *journal_status(clxs_status status);
/* Why writing failed (an errno), 0 if it never did. */
int journal_error(struct journal *journal);
/* Let go of the file and its lock. NULL is fine. */
void journal_close(struct journal *journal);
void journal_cleanup(struct journal **journal);
#define CLEANUP_JOURNAL __attribute__((cleanup(journal_cleanup)))

/* A journal read back. */
struct journal_image {
  struct arena *arena;
  struct journal_head head;
  struct plan *plan;
  struct plan_result *steps;   /* one per step; PLAN_RUNNING is "begun, and nobody knows" */
  bool planned;                /* the plan is all there; otherwise nothing was sent */
  bool running;                /* some process holds it right now */
  bool torn;                   /* the tail was cut off */
  const char *finished;        /* the status it finished with, NULL when it did not */
  const char *taken_back;      /* the last operation that takes it back, or has; NULL: none */
  VEC(const char *) rollbacks; /* all of them, in their order */
  int64_t last_ms;             /* wall clock of the last begin, end or finish, 0 when there is none */
  size_t good;                 /* bytes up to the end of the last good record */
  uint64_t sequence;           /* of the last good record */
};

/* Read PATH. CLXS_E_NOT_FOUND, CLXS_E_IO, or CLXS_E_DATA naming the line that is damaged. Free the image in
 * either case. */
clxs_status journal_read(struct clxs_call *call, const char *path, struct journal_image *image);
void journal_image_free(struct journal_image *image);
#define CLEANUP_JOURNAL_IMAGE __attribute__((cleanup(journal_image_free)))

/* One record as it stands in the file, with its line break. For the reader and the writer. */
struct buf;
void journal_add_record(struct buf *buf, uint64_t sequence, const char *json);

#endif
