/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the clone plugin share: the options, what was read, and the plan being built. Building
 * happens on the command's thread, before anything is sent. */
#ifndef CLXS_PLUGINS_CLONE_H
#define CLXS_PLUGINS_CLONE_H

#include <clxs/clxs.h>
#include <stdbool.h>

#include "kit/model/model.h"
#include "kit/plan/executor.h"
#include "kit/plan/plan.h"
#include "kit/plan/summary.h"

struct filter;

#define CLONE_NO_STEP SIZE_MAX

struct clone_options {
  const char *source, *dest, *location;
  bool note_versions;                           /* find out which version each table that is replaced has */
  bool shallow, force, strict, dry_run, script; /* script: a dry run prints SQL */
  uint32_t width;
};

/* The last step for each object of a schema, in the order of the source's lists; CLONE_NO_STEP where nothing
 * has to be done, or the object was not chosen. */
struct clone_steps {
  size_t schema;
  size_t *tables, *functions;
};

/* A view or function that will be created, and whose place among the others is still to be found. */
struct clone_routine {
  const struct model_schema *schema;
  const struct model_table *view; /* one of the two */
  const struct model_function *function;
  size_t *step;                        /* its place in clone_steps */
  const char *refusal, *refusal_class; /* why it cannot be made, or NULL */
};

struct clone {
  struct clxs_call *call;
  struct clone_options options;
  struct filter *filter;
  const char *operation;               /* id */
  struct model_catalog *source, *dest; /* dest is NULL while there is none */
  struct plan *plan;
  size_t catalog_step;
  struct clone_steps *steps; /* one per schema of the source */
  VEC(struct clone_routine) routines;
  int64_t started_ms;
  struct clxs_traffic traffic; /* before the start */
};

/* options.c */
clxs_status clone_read_options(struct clxs_call *call, struct clone_options *options);

/* clone.c: run the plan, whose JOURNAL is open; BEFORE is what an earlier run of it has left, or NULL. */
struct journal;
clxs_status clone_run_plan(struct clone *clone, struct journal *journal, const struct plan_result *before,
                           struct executor_results *results);

/* resume.c: take the plan of operation ID from its journal, and do what is left of it. */
clxs_status clone_resume(struct clone *clone, const char *id);

/* view_grants.c: the grants that the view VIEW of the destination holds itself, as further members of a JSON
 * array of statements. One request. */
struct buf;
void clone_add_view_grants(struct clone *clone, struct buf *json, const char *schema,
                           const struct model_table *view);

/* versions.c: note the version of every table that will be replaced, so that it can be restored. One
 * statement each; where it cannot be told it stays unknown. */
clxs_status clone_note_versions(struct clone *clone);

/* select.c: why TABLE is left out, or NULL when it can be cloned. */
const char *clone_table_problem(const struct clone *clone, const struct model_table *table);
/* The filters let an object of this name pass. */
bool clone_is_chosen(const struct clone *clone, const char *name);

/* build.c: the whole plan. Objects are added under their names in the destination, and reported under those
 * in the source. */
clxs_status clone_build_plan(struct clone *clone);
size_t clone_add_object(struct clone *clone, const char *kind, const char *schema, const char *name);
/* A statement for OBJECT that waits for its schema. TEXT is copied. */
size_t clone_add_sql(struct clone *clone, size_t object, const char *action, const char *text, uint32_t flags,
                     size_t schema_step);
/* GET path of an object: COLLECTION/catalog.schema.name; SCHEMA and NAME may be NULL. */
const char *clone_path(struct clone *clone, const char *catalog, const char *collection, const char *schema,
                       const char *name);
/* How to look for the object: GET COLLECTION/dest.schema.name. NAME may be NULL. */
const char *clone_object_path(struct clone *clone, const char *collection, const char *schema,
                              const char *name);
/* The object's schema in the destination, NULL when it is not there yet. */
const struct model_schema *clone_dest_schema(const struct clone *clone, const struct model_schema *schema);
/* What could not be decided in the text of KIND SCHEMA.NAME becomes warnings. */
struct sqltext_result;
void clone_add_reports(struct clone *clone, const char *kind, const char *schema, const char *name,
                       const struct sqltext_result *result);
/* `catalog`.`schema`.`name` */
struct buf;
void clone_add_name(struct buf *buf, const char *catalog, const char *schema, const char *name);

/* tables.c, views.c, functions.c, volumes.c: one object each. SCHEMA_STEP is the step that makes its schema,
 * or CLONE_NO_STEP. They return the last step for the object, CLONE_NO_STEP when there is nothing to do. */
size_t clone_add_table(struct clone *clone, const struct model_schema *schema,
                       const struct model_table *table, size_t schema_step);
size_t clone_add_view(struct clone *clone, const struct clone_routine *routine, size_t schema_step);
size_t clone_add_function(struct clone *clone, const struct clone_routine *routine, size_t schema_step);
void clone_add_volume(struct clone *clone, const struct model_schema *schema,
                      const struct model_volume *volume, size_t schema_step);

/* namespace.c: what unqualified names in a stored text mean, in the source; and the same for the step that
 * makes the copy. */
struct clone_namespace {
  const char *catalog, *schema;
};
struct clone_namespace clone_read_namespace(const struct clone *clone, const struct clone_routine *routine);
void clone_set_namespace(struct clone *clone, const struct clone_routine *routine, size_t step);

/* functions.c: FUNCTION's text as a statement that says what it names: RETURN and the body. NULL when it is
 * hidden. */
const char *clone_function_text(struct arena *arena, const struct model_function *function);

/* view_columns.c: do the names that a query gives its columns equal those of the view? */
enum clone_columns { CLONE_COLUMNS_EQUAL, CLONE_COLUMNS_DIFFER, CLONE_COLUMNS_UNKNOWN };
enum clone_columns clone_compare_columns(struct arena *arena, const struct model_table *view);

/* order.c: steps for all routines, in an order that works; cycles are refused. */
void clone_add_routines(struct clone *clone);

/* report.c */
clxs_status clone_report(struct clone *clone, const struct executor_results *results, clxs_status status);
/* What an event about the whole run says. */
const char *clone_event(struct clone *clone, const char *state);

#endif
