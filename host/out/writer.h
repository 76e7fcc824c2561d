/* SPDX-License-Identifier: Apache-2.0 */
/* What out.c and remark.c share: the writer's insides. Nobody outside of this folder includes it. */
#ifndef CLXS_HOST_OUT_WRITER_H
#define CLXS_HOST_OUT_WRITER_H

#include <pthread.h>

#include "base/buf.h"
#include "out/out.h"
#include "out/progress.h"

/* Results that are collected instead of printed, an outer collection behind it. */
struct capture {
  struct buf json; /* results with commas between them */
  size_t count;
  struct capture *outer;
};

struct out {
  struct out_options options;
  bool colour;
  int failure; /* errno of the first write to stdout that failed */
  struct arena *table_arena;
  struct table *table;
  struct capture *capture;
  struct progress progress;
  pthread_mutex_t mutex; /* both files and the progress bar */
};

#endif
