/* SPDX-License-Identifier: Apache-2.0 */
/* Orders, components, cycles and heights. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/arena.h"
#include "kit/plan/graph.h"

#include "base/banned.h"

/* A graph of COUNT nodes from "node needs" pairs that end with -1. */
static struct graph *
graph_of(size_t count, const int *pairs)
{
  struct graph *graph = graph_new(count);

  for (; *pairs >= 0; pairs += 2)
    graph_add(graph, (size_t)pairs[0], (size_t)pairs[1]);
  return graph;
}

Test(graph, an_order_puts_needs_first)
{
  const int pairs[] = {0, 1, 1, 2, 0, 2, 3, 0, -1};
  CLEANUP_GRAPH struct graph *graph = graph_of(5, pairs);
  size_t order[5], place[5];

  cr_assert(graph_order(graph, order));
  for (size_t i = 0; i < 5; i++)
    place[order[i]] = i;
  for (const int *pair = pairs; *pair >= 0; pair += 2)
    cr_assert_lt(place[pair[1]], place[pair[0]]);
}

Test(graph, a_cycle_has_no_order_and_a_shortest_way_round)
{
  const int pairs[] = {0, 1, 1, 2, 2, 3, 3, 1, 2, 1, 4, 0, -1};
  CLEANUP_GRAPH struct graph *graph = graph_of(5, pairs);
  size_t order[5], path[5];

  cr_assert_not(graph_order(graph, order));
  cr_assert_eq(graph_cycle(graph, 0, path), 0, "0 needs the cycle and is not in it");
  cr_assert_eq(graph_cycle(graph, 1, path), 2);
  cr_assert_eq(path[0], 1);
  cr_assert_eq(path[1], 2);
  cr_assert_eq(graph_cycle(graph, 3, path), 3);
  cr_assert_eq(path[0], 3);
  cr_assert_eq(path[1], 1);
  cr_assert_eq(path[2], 2);
}

Test(graph, components_are_what_needs_each_other)
{
  const int pairs[] = {0, 1, 1, 0, 2, 1, 3, 3, 4, 2, -1};
  CLEANUP_GRAPH struct graph *graph = graph_of(6, pairs);
  size_t component[6], path[6];

  cr_assert_eq(graph_components(graph, component), 5);
  cr_assert_eq(component[0], component[1]);
  cr_assert_neq(component[1], component[2]);
  cr_assert_neq(component[3], component[4]);
  cr_assert_eq(graph_cycle(graph, 3, path), 1, "itself");
  cr_assert_eq(graph_cycle(graph, 5, path), 0);
}

Test(graph, heights_count_the_longest_chain_that_waits)
{
  const int pairs[] = {1, 0, 2, 1, 3, 0, 4, 2, 4, 3, -1};
  CLEANUP_GRAPH struct graph *graph = graph_of(6, pairs);
  size_t heights[6];

  graph_heights(graph, heights);
  cr_assert_eq(heights[0], 3);
  cr_assert_eq(heights[1], 2);
  cr_assert_eq(heights[2], 1);
  cr_assert_eq(heights[3], 1);
  cr_assert_eq(heights[4], 0);
  cr_assert_eq(heights[5], 0);
}

Test(graph, a_chain_of_two_hundred_thousand_does_not_need_the_stack)
{
  size_t count = 200000;
  CLEANUP_GRAPH struct graph *graph = graph_new(count);
  size_t *numbers = xcalloc(count, sizeof *numbers);

  for (size_t i = 0; i + 1 < count; i++)
    graph_add(graph, i, i + 1);
  graph_add(graph, count - 1, 0);
  cr_assert_not(graph_order(graph, numbers));
  cr_assert_eq(graph_components(graph, numbers), 1);
  cr_assert_eq(graph_cycle(graph, 7, numbers), count);
  free(numbers);
}

/* Against the plain definition, on every graph of four nodes that a counter can spell. */
Test(graph, small_graphs_agree_with_the_definition)
{
  for (unsigned bits = 0; bits < 1u << 16; bits += 7) {
    CLEANUP_GRAPH struct graph *graph = graph_new(4);
    bool reach[4][4] = {{false}}, cyclic = false;
    size_t component[4], order[4], path[4];

    for (size_t e = 0; e < 16; e++) {
      if (!(bits >> e & 1)) continue;
      graph_add(graph, e / 4, e % 4);
      reach[e / 4][e % 4] = true;
    }
    for (size_t k = 0; k < 4; k++)
      for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
          reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j]);
    graph_components(graph, component);
    for (size_t i = 0; i < 4; i++) {
      cyclic = cyclic || reach[i][i];
      cr_assert_eq(graph_cycle(graph, i, path) > 0, reach[i][i]);
      for (size_t j = 0; j < 4; j++)
        cr_assert_eq(component[i] == component[j], i == j || (reach[i][j] && reach[j][i]));
    }
    cr_assert_eq(graph_order(graph, order), !cyclic);
  }
}
