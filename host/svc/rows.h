/* SPDX-License-Identifier: Apache-2.0 */
/* Results that are open on a call; sql.c makes them, scopes close them. */
#ifndef CLXS_HOST_SVC_ROWS_H
#define CLXS_HOST_SVC_ROWS_H

#include <stdint.h>

struct call;
struct net_api;
struct net_statement;

/* What a plugin knows as struct clxs_rows; in the call's arena, which ends it with its scope. */
struct clxs_rows {
  const struct net_api *api;
  struct net_statement *statement; /* NULL once closed */
  uint64_t mark;                   /* the arena's before this was made */
  struct clxs_rows *older;
};

/* Close ROWS and take it off CALL's list. */
void rows_close(struct call *call, struct clxs_rows *rows);

#endif
