/* SPDX-License-Identifier: Apache-2.0 */
/* Who needs whom. Nodes are numbers from 0; an edge says that one needs another first. It must not know what
 * the nodes stand for. One thread at a time. */
#ifndef CLXS_KIT_PLAN_GRAPH_H
#define CLXS_KIT_PLAN_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

struct graph;

struct graph *graph_new(size_t count);
void graph_free(struct graph *graph);
void graph_cleanup(struct graph **graph);
#define CLEANUP_GRAPH __attribute__((cleanup(graph_cleanup)))

/* NODE needs NEED. Not after the first question below. */
void graph_add(struct graph *graph, size_t node, size_t need);
/* What NODE needs: COUNT nodes. */
const size_t *graph_needs(struct graph *graph, size_t node, size_t *count);
/* The same with every edge turned round: what waits for what. Free it. */
struct graph *graph_turned(const struct graph *graph);
/* The nodes so that each comes after all it needs, in ORDER (one place per node). False when there is a
 * cycle; then ORDER is not filled to the end. Among equals lower numbers come first. */
bool graph_order(struct graph *graph, size_t *order);
/* Nodes that need each other, directly or by others, get the same number in COMPONENT; returns how many there
 * are. A node that is alone is in a cycle only if it needs itself. */
size_t graph_components(struct graph *graph, size_t *component);
/* A shortest way from NODE back to itself, written to PATH (one place per node): NODE first, without
 * repeating it at the end. Its length, 0 when there is none. */
size_t graph_cycle(struct graph *graph, size_t node, size_t *path);
/* For each node the number of nodes on the longest chain that waits for it (0: nobody does). Needs a graph
 * without cycles. */
void graph_heights(struct graph *graph, size_t *heights);

#endif
