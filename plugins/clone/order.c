/* SPDX-License-Identifier: Apache-2.0 */
/* Functions and views need each other over all schemas. What a text names is resolved as Databricks would:
 * three parts as they are, fewer in the namespace that the object was made in. What needs itself, by others
 * too, cannot be made and says so with the circle's names.
 * https://docs.databricks.com/sql/language-manual/sql-ref-name-resolution.html */
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "clone.h"
#include "kit/plan/graph.h"
#include "kit/sqltext/refs.h"

#include "base/banned.h"

/* One thing that a text names and that is in the source catalog: a place in clone_steps. */
struct need {
  size_t routine; /* index of who needs it */
  size_t *step;   /* of what it needs */
};

struct needs {
  VEC(struct need) at;
};

/* The place for TABLE (or FUNCTION) NAME of schema SCHEMA, NULL when the source has none. */
static size_t *
find_step(struct clone *clone, const char *schema_name, const char *name, bool function)
{
  const struct model_schema *schema = model_find_schema(clone->source, schema_name);
  struct clone_steps *steps;

  if (!schema) return NULL;
  steps = &clone->steps[schema - clone->source->schemas.at];
  if (function) {
    const struct model_function *found = model_find_function(schema, name);

    return found ? &steps->functions[found - schema->functions.at] : NULL;
  }
  const struct model_table *found = model_find_table(schema, name);

  return found ? &steps->tables[found - schema->tables.at] : NULL;
}

/* What REFERENCE in a text of namespace CATALOG.SCHEMA means in the source, or NULL. */
static size_t *
resolve(struct clone *clone, const struct sqltext_reference *reference, const char *catalog,
        const char *schema)
{
  const char *const *parts = reference->parts;
  bool function = reference->kind == SQLTEXT_FUNCTION;

  if (!function && reference->kind != SQLTEXT_RELATION) return NULL;
  if (reference->count > 3 || !reference->count) return NULL;
  if (reference->count == 3) catalog = parts[0];
  if (!utf8_ieq(catalog, clone->source->item.name)) return NULL;
  if (reference->count >= 2) schema = parts[reference->count - 2];
  return find_step(clone, schema, parts[reference->count - 1], function);
}

static void
find_needs(struct clone *clone, size_t index, struct needs *needs)
{
  const struct clone_routine *routine = &clone->routines.at[index];
  struct clone_namespace space = clone_read_namespace(clone, routine);
  bool python = routine->function && str_ieq(routine->function->language, "PYTHON");
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct sqltext_references references;
  const char *text;

  text = routine->view ? routine->view->view_definition : clone_function_text(arena, routine->function);
  if (!text || python) return;
  sqltext_read(arena, text, strlen(text), SQLTEXT_SQL, clone->source->item.name, &references);
  for (size_t i = 0; i < references.count; i++) {
    size_t *step = resolve(clone, &references.at[i], space.catalog, space.schema);

    if (step) *VEC_ADD(&needs->at) = (struct need){index, step};
  }
}

static const char *
routine_name(const struct clone_routine *routine)
{
  return routine->view ? routine->view->item.name : routine->function->item.name;
}

static const char *
cycle_text(struct clone *clone, const size_t *path, size_t length)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "it needs itself: ");
  for (size_t i = 0; i <= length; i++) {
    const struct clone_routine *routine = &clone->routines.at[path[i % length]];

    buf_addf(&text, "%s%s.%s", i ? " -> " : "", routine->schema->item.name, routine_name(routine));
  }
  return arena_strdup(clone->plan->arena, text.data);
}

/* Everything that is in a circle is refused, naming its own. */
static void
refuse_cycles(struct clone *clone, struct graph *graph)
{
  size_t count = clone->routines.count;
  CLEANUP_FREE size_t *component = xcalloc(count + 1, sizeof *component),
                      *path = xcalloc(count + 1, sizeof *path);
  CLEANUP_FREE size_t *sizes = NULL;
  size_t components = graph_components(graph, component);

  sizes = xcalloc(components + 1, sizeof *sizes);
  for (size_t i = 0; i < count; i++)
    sizes[component[i]]++;
  for (size_t i = 0; i < count; i++) {
    size_t needs_count, length;
    const size_t *needs = graph_needs(graph, i, &needs_count);
    bool itself = sizes[component[i]] > 1;

    for (size_t k = 0; k < needs_count; k++)
      itself = itself || needs[k] == i;
    if (!itself || clone->routines.at[i].refusal) continue;
    length = graph_cycle(graph, i, path);
    clone->routines.at[i].refusal = cycle_text(clone, path, length);
    clone->routines.at[i].refusal_class = "RECURSIVE_VIEW";
  }
}

/* Places are addresses in a few arrays; the routine of each is found by a table beside them. */
struct place {
  const size_t *step;
  size_t routine;
};

static int
compare_places(const void *a, const void *b)
{
  const size_t *first = ((const struct place *)a)->step, *second = ((const struct place *)b)->step;

  return (first > second) - (first < second);
}

static void
fill_graph(struct clone *clone, struct graph *graph, const struct needs *needs)
{
  size_t count = clone->routines.count;
  CLEANUP_FREE struct place *places = xcalloc(count + 1, sizeof *places);

  for (size_t i = 0; i < count; i++)
    places[i] = (struct place){clone->routines.at[i].step, i};
  qsort(places, count, sizeof *places, compare_places);
  VEC_EACH (&needs->at, need) {
    struct place key = {need->step, 0};
    const struct place *found = bsearch(&key, places, count, sizeof *places, compare_places);

    if (found) graph_add(graph, need->routine, found->routine);
  }
}

void
clone_add_routines(struct clone *clone)
{
  size_t count = clone->routines.count;
  CLEANUP_GRAPH struct graph *graph = graph_new(count);
  struct needs needs = {0};

  for (size_t i = 0; i < count; i++)
    find_needs(clone, i, &needs);
  fill_graph(clone, graph, &needs);
  refuse_cycles(clone, graph);
  for (size_t i = 0; i < count; i++) {
    const struct clone_routine *routine = &clone->routines.at[i];
    size_t schema_step = clone->steps[routine->schema - clone->source->schemas.at].schema;

    *routine->step = !routine->view                 ? clone_add_function(clone, routine, schema_step)
                     : model_is_view(routine->view) ? clone_add_view(clone, routine, schema_step)
                                                    : clone_add_refilled(clone, routine, schema_step);
  }
  VEC_EACH (&needs.at, need) {
    size_t step = *clone->routines.at[need->routine].step;

    if (step == CLONE_NO_STEP || *need->step == CLONE_NO_STEP || step == *need->step) continue;
    if (plan_step(clone->plan, step)->via == PLAN_SQL) plan_add_order(clone->plan, step, *need->step);
  }
  VEC_FREE(&needs.at);
}
