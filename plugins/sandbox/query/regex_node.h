/* SPDX-License-Identifier: Apache-2.0 */
/* What a compiled pattern is made of: lists of nodes. For regex_parse.c, which makes them, and regex.c, which
 * walks them. */
#ifndef CLXS_SANDBOX_QUERY_REGEX_NODE_H
#define CLXS_SANDBOX_QUERY_REGEX_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum node_kind {
  NODE_CLASS,
  NODE_START,
  NODE_END,
  NODE_BOUNDARY,
  NODE_GROUP,
  NODE_REPEAT,
  NODE_BACK,
  NODE_LOOK
};

struct range {
  uint32_t low, high;
};

struct node {
  enum node_kind kind;
  struct node *next;
  struct node **branches; /* GROUP, LOOK, REPEAT's body (one) */
  size_t branch_count;
  struct range *ranges; /* CLASS */
  size_t range_count;
  bool negated, folded; /* folded: any case */
  int group;            /* GROUP: number, -1 none; BACK */
  int least, most;      /* REPEAT; most -1: any */
  bool lazy, possessive, lines, absolute;
};

struct regex {
  struct node *first;
  size_t groups;
};

#endif
