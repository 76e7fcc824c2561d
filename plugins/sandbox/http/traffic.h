/* SPDX-License-Identifier: Apache-2.0 */
/* Counting what clients ask, so that a benchmark need not believe the client. [any thread] */
#ifndef CLXS_SANDBOX_HTTP_TRAFFIC_H
#define CLXS_SANDBOX_HTTP_TRAFFIC_H

#include <stdatomic.h>
#include <stdint.h>

struct request;

struct traffic {
  atomic_ullong total;      /* every authenticated request and every login */
  atomic_ullong statements; /* submitted */
  atomic_ullong polls;      /* GET of a statement or of a chunk, and cancels */
  atomic_ullong catalog;    /* Unity Catalog REST */
  atomic_ullong files, other;
};

void traffic_count(struct request *request);

#endif
