/* SPDX-License-Identifier: Apache-2.0 */
/* Edges are collected and then sorted into one array per direction on the first question. Everything walks
 * with a stack of its own, so that a chain of 100,000 views cannot overflow the thread's. */
#include "kit/plan/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/vec.h"

#include "base/banned.h"

struct edge {
  size_t node, need;
};

struct graph {
  size_t count;
  VEC(struct edge) edges;
  size_t *first; /* needs of node i: needs[first[i]] up to needs[first[i + 1]] */
  size_t *needs;
};

struct graph *
graph_new(size_t count)
{
  struct graph *graph = xcalloc(1, sizeof *graph);

  graph->count = count;
  return graph;
}

void
graph_free(struct graph *graph)
{
  if (!graph) return;
  VEC_FREE(&graph->edges);
  free(graph->first);
  free(graph->needs);
  free(graph);
}

void
graph_cleanup(struct graph **graph)
{
  graph_free(*graph);
}

void
graph_add(struct graph *graph, size_t node, size_t need)
{
  *VEC_ADD(&graph->edges) = (struct edge){node, need};
}

/* Count, sum up, place: edges stay in the order they were added. */
static void
graph_settle(struct graph *graph)
{
  CLEANUP_FREE size_t *next = NULL;

  if (graph->first) return;
  graph->first = xcalloc(graph->count + 1, sizeof *graph->first);
  graph->needs = xcalloc(graph->edges.count + 1, sizeof *graph->needs);
  VEC_EACH (&graph->edges, edge)
    graph->first[edge->node + 1]++;
  for (size_t i = 0; i < graph->count; i++)
    graph->first[i + 1] += graph->first[i];
  next = xcalloc(graph->count + 1, sizeof *next);
  memcpy(next, graph->first, (graph->count + 1) * sizeof *next);
  VEC_EACH (&graph->edges, edge)
    graph->needs[next[edge->node]++] = edge->need;
}

const size_t *
graph_needs(struct graph *graph, size_t node, size_t *count)
{
  graph_settle(graph);
  *count = graph->first[node + 1] - graph->first[node];
  return graph->needs + graph->first[node];
}

struct graph *
graph_turned(const struct graph *graph)
{
  struct graph *turned = graph_new(graph->count);

  VEC_EACH (&graph->edges, edge)
    graph_add(turned, edge->need, edge->node);
  return turned;
}

bool
graph_order(struct graph *graph, size_t *order)
{
  CLEANUP_GRAPH struct graph *turned = graph_turned(graph);
  CLEANUP_FREE size_t *waiting = xcalloc(graph->count + 1, sizeof *waiting);
  size_t placed = 0, count;

  for (size_t i = 0; i < graph->count; i++) {
    graph_needs(graph, i, &waiting[i]);
    if (!waiting[i]) order[placed++] = i;
  }
  for (size_t done = 0; done < placed; done++) {
    const size_t *dependents = graph_needs(turned, order[done], &count);

    for (size_t i = 0; i < count; i++)
      if (--waiting[dependents[i]] == 0) order[placed++] = dependents[i];
  }
  return placed == graph->count;
}

struct visit {
  size_t node, next; /* the next of its needs to look at */
};

/* Tarjan's strongly connected components. */
struct search {
  struct graph *graph;
  size_t *component, *index, *low;
  size_t clock, found;
  VEC(struct visit) path;
  VEC(size_t) open;
};

static void
search_enter(struct search *search, size_t node)
{
  *VEC_ADD(&search->path) = (struct visit){node, 0};
  *VEC_ADD(&search->open) = node;
  search->index[node] = search->low[node] = ++search->clock;
}

static void
search_leave(struct search *search, size_t node)
{
  size_t member;

  search->path.count--;
  if (search->path.count) {
    size_t parent = search->path.at[search->path.count - 1].node;

    if (search->low[node] < search->low[parent]) search->low[parent] = search->low[node];
  }
  if (search->low[node] != search->index[node]) return;
  do {
    member = search->open.at[--search->open.count];
    search->component[member] = search->found;
  } while (member != node);
  search->found++;
}

static void
search_from(struct search *search, size_t root)
{
  search_enter(search, root);
  while (search->path.count) {
    struct visit *visit = &search->path.at[search->path.count - 1];
    size_t count, node = visit->node;
    const size_t *needs = graph_needs(search->graph, node, &count);

    if (visit->next == count) {
      search_leave(search, node);
      continue;
    }
    size_t need = needs[visit->next++];

    if (!search->index[need])
      search_enter(search, need);
    else if (search->component[need] == SIZE_MAX && search->index[need] < search->low[node])
      search->low[node] = search->index[need];
  }
}

size_t
graph_components(struct graph *graph, size_t *component)
{
  CLEANUP_FREE size_t *index = xcalloc(graph->count + 1, sizeof *index);
  CLEANUP_FREE size_t *low = xcalloc(graph->count + 1, sizeof *low);
  struct search search = {.graph = graph, .component = component, .index = index, .low = low};

  for (size_t i = 0; i < graph->count; i++)
    component[i] = SIZE_MAX;
  for (size_t i = 0; i < graph->count; i++)
    if (!index[i]) search_from(&search, i);
  VEC_FREE(&search.path);
  VEC_FREE(&search.open);
  return search.found;
}

size_t
graph_cycle(struct graph *graph, size_t node, size_t *path)
{
  CLEANUP_FREE size_t *from = xcalloc(graph->count + 1, sizeof *from);
  CLEANUP_FREE size_t *queue = xcalloc(graph->count + 1, sizeof *queue);
  size_t head = 0, tail = 0, length = 0;

  for (size_t i = 0; i < graph->count; i++)
    from[i] = SIZE_MAX;
  queue[tail++] = node;
  while (head < tail) {
    size_t at = queue[head++], count;
    const size_t *needs = graph_needs(graph, at, &count);

    for (size_t i = 0; i < count; i++) {
      if (needs[i] == node) {
        for (size_t back = at; back != node; back = from[back])
          path[++length] = back;
        path[0] = node;
        for (size_t low = 1, high = length; low < high; low++, high--) {
          size_t swap = path[low];

          path[low] = path[high];
          path[high] = swap;
        }
        return length + 1;
      }
      if (from[needs[i]] != SIZE_MAX) continue;
      from[needs[i]] = at;
      queue[tail++] = needs[i];
    }
  }
  return 0;
}

void
graph_heights(struct graph *graph, size_t *heights)
{
  CLEANUP_FREE size_t *order = xcalloc(graph->count + 1, sizeof *order);

  memset(heights, 0, graph->count * sizeof *heights);
  if (!graph_order(graph, order)) return;
  for (size_t i = graph->count; i-- > 0;) {
    size_t count;
    const size_t *needs = graph_needs(graph, order[i], &count);

    for (size_t k = 0; k < count; k++)
      if (heights[needs[k]] <= heights[order[i]]) heights[needs[k]] = heights[order[i]] + 1;
  }
}
