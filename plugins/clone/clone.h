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
#include "kit/rows/mask.h"
#include "kit/rows/rows.h"

struct buf;
struct claim;
struct filter;
struct journal;
struct map;

#define CLONE_NO_STEP SIZE_MAX
#define CLONE_NO_OBJECT SIZE_MAX

/* What to do with tables that have a row filter or a mask, which CLONE refuses. */
enum clone_protected { CLONE_PROTECTED_FAIL, CLONE_PROTECTED_SKIP, CLONE_PROTECTED_CTAS };

struct clone_options {
  const char *source, *dest, *location;
  bool note_versions;                           /* find out which version each table that is replaced has */
  bool schema_only;                             /* definitions, no rows */
  bool shallow, force, strict, dry_run, script; /* script: a dry run prints SQL */
  bool comments, constraints, tags, permissions, security, ownership,
      properties;  /* what is copied beside the objects themselves */
  bool copy_files; /* of volumes */
  enum clone_protected protect;
  uint32_t width;
  bool auto_rollback;
  double threshold; /* per cent of the objects of the run */
};

/* The last step for each object of a schema, in the order of the source's lists; CLONE_NO_STEP where nothing
 * has to be done, or the object was not chosen. */
struct clone_steps {
  size_t schema;
  size_t *tables, *functions;
};

/* What had to be asked of one table of the source. */
struct clone_fact {
  int64_t version;     /* to be copied; ROWS_NOW: the latest */
  int64_t size;        /* bytes, -1: not known, or nobody asked */
  bool masked;         /* some column of it is hidden in the copy */
  const char *cluster; /* JSON array of clustering keys, where listings do not tell them, or NULL */
  const char *problem; /* why it cannot be copied as it is wanted, or NULL */
  bool later;          /* it came to be after the time that is wanted: nobody's fault */
};

/* A table that is made by CREATE TABLE. */
struct clone_making {
  const char *schema;
  const struct model_table *table;
  const char *cluster, *location; /* location: NULL for a managed table */
  bool rows;                      /* rows come, in the same statement or behind it */
  const char *select;             /* the query that it is made from in one statement, or NULL */
};

/* A view or function that will be created, and whose place among the others is still to be found. */
struct clone_routine {
  const struct model_schema *schema;
  const struct model_table *view; /* one of the two */
  const struct model_function *function;
  size_t *step;                        /* its place in clone_steps */
  const char *refusal, *refusal_class; /* why it cannot be made, or NULL */
};

/* An object that the destination will have when the plan has run, but for what hangs on it. */
struct clone_copy {
  const char *kind;                        /* as in the plan's objects */
  const char *collection;                  /* "tables" in REST */
  const char *schema, *name;               /* NULL where it has none */
  struct model_item *from, *to, *old;      /* TO is NULL when it is new, or takes the place of OLD */
  const struct model_table *table, *there; /* the same for tables and views */
  size_t object;                           /* of the plan; CLONE_NO_OBJECT while it has none */
  size_t made;                             /* the last step that makes it, or CLONE_NO_STEP */
  size_t key;                              /* the step that adds its primary key, or CLONE_NO_STEP */
  size_t guard;                            /* the last step that protects it: filter, mask */
  size_t grant;                            /* the step that grants, or CLONE_NO_STEP */
  bool replaced;
  bool created; /* by CREATE TABLE, not by CLONE: what a clone brings has to be said */
};

struct clone {
  struct clxs_call *call;
  struct clone_options options;
  struct filter *filter;
  struct rows rows;                    /* which rows of which version */
  struct masks masks;                  /* what is hidden in copies */
  struct clone_fact **facts;           /* by schema and table of the source, see clone_fact */
  const char *operation;               /* id */
  struct model_catalog *source, *dest; /* dest is NULL while there is none */
  struct plan *plan;
  size_t catalog_step;
  struct clone_steps *steps; /* one per schema of the source */
  VEC(struct clone_routine) routines;
  VEC(struct clone_copy) copies;
  struct map *copy_index; /* kind, schema and name to a place in copies, from 1 */
  int64_t started_ms;
  struct clxs_traffic traffic;        /* before the start */
  uint64_t files_unchanged;           /* that the destination has already */
  const char *preflight, *validation; /* the documents of those commands, or NULL */
  const char *judgement;              /* what auto-rollback came to, as JSON, or NULL */
  const char *principal;              /* who we are, once it was asked */
  struct claim *claim;                /* on the destination, while something may be sent */
  bool complete;                      /* the operation had ended well before it was resumed */
  bool taken_back;                    /* by auto-rollback, wholly */
  clxs_status validated;              /* what validation said, CLXS_OK when there was none */
};

/* options.c: flags to options and rows, and everything that can be refused before anything is read. */
clxs_status clone_read_options(struct clone *clone);

/* run.c: claim the destination for the operation. */
clxs_status clone_claim(struct clone *clone);
/* Run the plan under a new journal, and all that follows. */
clxs_status clone_run_new(struct clone *clone);
/* Run the plan under its JOURNAL (taken over) and what follows: validation, the journal's last word,
 * auto-rollback, the report. BEFORE is what an earlier run of it has left, or NULL. */
clxs_status clone_run_plan(struct clone *clone, struct journal *journal, const struct plan_result *before);

/* auto_rollback.c: judge the run that ended with STATUS, and take it back if it is too bad. VALIDATED is what
 * clone_validate said. CLXS_OK when it is not, else why the command fails. */
clxs_status clone_judge(struct clone *clone, const struct summary *summary, clxs_status validated);
/* Record on the call why the command ends with STATUS, which clone_judge gave. */
clxs_status clone_fail_judged(struct clone *clone, clxs_status status);

/* resume.c: who runs this, as far as it is told, or NULL. */
const char *clone_principal(struct clone *clone);
/* Take the plan of operation ID from its journal, and do what is left of it. */
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
/* Why those of its rows that are wanted cannot be had, although it could be cloned; or NULL. */
const char *clone_rows_problem(const struct clone *clone, const struct model_schema *schema,
                               const struct model_table *table);
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
void clone_add_name(struct buf *buf, const char *catalog, const char *schema, const char *name);

/* prepare.c: ask what the plan needs to know of single tables, and check that filters name tables.
 * clone_fact: what is known of TABLE, which is one of SCHEMA's. */
clxs_status clone_prepare(struct clone *clone);
struct clone_fact *clone_fact(const struct clone *clone, const struct model_schema *schema,
                              const struct model_table *table);

/* made.c: the copy of TABLE is made by CREATE TABLE, not by CLONE. clone_add_made adds its steps and returns
 * the first; SCHEMA and the rest as for clone_add_table, THERE NULL when what is there is dropped before.
 * clone_add_rows: the steps that fill it, behind the step AFTER; the last of them. */
bool clone_is_made(const struct clone *clone, const struct model_schema *schema,
                   const struct model_table *table);
/* Why it cannot be made, or NULL. */
const char *clone_making_problem(const struct clone *clone, const struct model_schema *schema,
                                 const struct model_table *table);
size_t clone_add_made(struct clone *clone, size_t object, const struct model_schema *schema,
                      const struct model_table *table, const struct model_table *there, size_t schema_step);
size_t clone_add_rows(struct clone *clone, size_t object, const struct model_schema *schema,
                      const struct model_table *table, size_t after);

/* create.c: CREATE OR REPLACE TABLE with everything that the definition says; INSERT OVERWRITE with SELECT, a
 * query that gives all columns but computed ones, in their order; and what has to be said behind the rows,
 * each step behind the one before. */
void clone_add_create(const struct clone *clone, struct buf *text, const struct clone_making *making);
void clone_add_fill(const struct clone *clone, struct buf *text, const struct clone_making *making,
                    const char *select);
size_t clone_add_closing(struct clone *clone, size_t object, const struct clone_making *making, size_t after);
/* ALTER TABLE WORDS of a table that this run makes, behind the step AFTER. */
size_t clone_add_alter(struct clone *clone, size_t object, const struct clone_making *making,
                       const char *action, const char *words, size_t after);
/* CREATE TABLE AS SELECT loses nothing of the definition. */
bool clone_select_is_faithful(const struct clone *clone, const struct model_table *table);
/* The column is generated from others, so that it takes no values. */
bool clone_column_is_computed(const struct model_column *column);

/* security.c: what THERE has protects it as TABLE is protected. */
bool clone_is_guarded(struct clone *clone, const struct model_table *table, const struct model_table *there);

/* tables.c, views.c, functions.c, volumes.c: one object each. SCHEMA_STEP is the step that makes its schema,
 * or CLONE_NO_STEP. They return the last step for the object, CLONE_NO_STEP when there is nothing to do. */
size_t clone_add_table(struct clone *clone, const struct model_schema *schema,
                       const struct model_table *table, size_t schema_step);
size_t clone_add_view(struct clone *clone, const struct clone_routine *routine, size_t schema_step);
size_t clone_add_function(struct clone *clone, const struct clone_routine *routine, size_t schema_step);
void clone_add_volume(struct clone *clone, const struct model_schema *schema,
                      const struct model_volume *volume, size_t schema_step);

/* files.c: the files of all volumes that will be there, when the copies are collected. */
clxs_status clone_add_files(struct clone *clone);
/* What became of them, as a member of the summary and for people. */
void clone_add_file_totals(struct buf *head, const struct clone *clone,
                           const struct executor_results *results);
void clone_print_files(const struct clone *clone, const struct executor_results *results);

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

/* copies.c: what goes onto objects that are made. Collect them when all objects are in the plan. The
 * addresses stay good. A detail waits for its object and may be sent twice; UNDO is the statement (the body
 * of the PATCH) that takes it back, or NULL. Texts are copied. */
void clone_collect_copies(struct clone *clone);
void clone_free_copies(struct clone *clone);
struct clone_copy *clone_find_copy(struct clone *clone, const char *collection, const char *schema,
                                   const char *name);
/* The three parts of catalog.schema.name, which hold no dots of their own; false when it is none. */
bool clone_split_name(struct clone *clone, const char *full, const char *parts[3]);
/* Its quoted name in the destination. */
void clone_add_copy_name(const struct clone *clone, struct buf *buf, const struct clone_copy *copy);
size_t clone_add_detail(struct clone *clone, struct clone_copy *copy, const char *action, const char *text,
                        const char *undo);
size_t clone_add_patch(struct clone *clone, struct clone_copy *copy, const char *action, const char *path,
                       const char *body, const char *undo);

/* Its object of the plan, made if there is none yet. */
size_t clone_copy_object(struct clone *clone, struct clone_copy *copy);

/* grants.c: what is granted on the source's objects, and on the destination's where it matters. */
clxs_status clone_read_grants(struct clone *clone);

/* comments.c, constraints.c, ...: steps for the copies. */
void clone_add_comments(struct clone *clone);
void clone_add_constraints(struct clone *clone);
void clone_add_tags(struct clone *clone);
void clone_add_security(struct clone *clone);
void clone_add_properties(struct clone *clone);
void clone_add_grants(struct clone *clone);
/* owner.c: after plan_hold_dependents, for owners wait for everything that will be done. */
clxs_status clone_add_owners(struct clone *clone);
/* properties.c: KEY is one that people set, not what the service keeps there. */
bool clone_is_own_property(const char *key);

/* checks.c: preflight before anything is read, if it is asked for; validation behind the run, if it is
 * asked for (CLXS_DIFFERENT: the copy does not match); and what they said, as members of the summary and for
 * people. */
clxs_status clone_preflight(struct clone *clone);
clxs_status clone_validate(struct clone *clone);
void clone_add_checks(struct buf *head, const struct clone *clone);
void clone_print_checks(const struct clone *clone);

/* report.c */
clxs_status clone_report(struct clone *clone, const struct executor_results *results, clxs_status status);
/* What an event about the whole run says. */
const char *clone_event(struct clone *clone, const char *state);

#endif
