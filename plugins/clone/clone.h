/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the clone plugin share: the options, what was read, and the plan being built. Building
 * happens on the command's thread, before anything is sent. */
#ifndef CLXS_PLUGINS_CLONE_H
#define CLXS_PLUGINS_CLONE_H

#include <clxs/clxs.h>
#include <stdbool.h>

#include "kit/model/model.h"
#include "kit/plan/announce.h"
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
  const char *workspace, *dest_host; /* "destination" and its address, where that is not the one in use */
  const char *external;              /* template for locations of what is external, or NULL */
  const char *order;                 /* "asc" or "desc": tables by size; NULL */
  bool incremental;                  /* leave tables alone that hold the source's version already */
  bool materialized_views, streaming_tables; /* are made anew from their query */
  bool note_versions;                        /* find out which version each table that is replaced has */
  bool schema_only;                          /* definitions, no rows */
  bool shallow, force, strict, dry_run;
  const char *form;                 /* of a plan that is shown: "text", "json", "sql", "html" */
  const char *output, *capture_sql; /* files that `clxs plan` writes, or NULL */
  const char *report_dir;           /* where a report is written to, or NULL */
  bool comments, constraints, tags, permissions, security, ownership,
      properties;  /* what is copied beside the objects themselves */
  bool copy_files; /* of volumes */
  enum clone_protected protect;
  uint32_t width;
  bool notes; /* copies that are no clones say which version they hold, for whoever compares */
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
  bool recorded;       /* the copy, which is no clone, notes the version that it holds */
  uint64_t choice;     /* hash of the query that gives its rows, but for the version */
  bool masked;         /* some column of it is hidden in the copy */
  const char *cluster; /* JSON array of clustering keys, where listings do not tell them, or NULL */
  uint32_t rank;       /* in the order that is asked for, from 1; 0: none is */
  bool current;        /* the copy holds that version already */
  const char *problem; /* why it cannot be copied as it is wanted, or NULL */
  bool later;          /* it came to be after the time that is wanted: nobody's fault */
};

/* A table of the source, by its places. */
struct clone_turn {
  const struct model_schema *schema;
  const struct model_table *table;
};

/* A table that is made by CREATE TABLE. */
struct clone_making {
  const char *schema;
  const struct model_table *table;
  const char *cluster, *location; /* location: NULL for a managed table */
  const char *copied;             /* what it notes of the version that it holds, or NULL */
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
  VEC(struct clone_turn) turns;        /* tables by size; empty unless that is asked for */
  struct clone_places *places;         /* locations that are taken, see location.c */
  struct clone_fact **facts;           /* by schema and table of the source, see clone_fact */
  bool planning;                       /* the command is `clxs plan` */
  const char *operation;               /* id, NULL for a plan that is only shown */
  struct model_catalog *source, *dest; /* dest is NULL while there is none */
  struct plan *plan;
  size_t catalog_step;
  struct clone_steps *steps; /* one per schema of the source */
  VEC(struct clone_routine) routines;
  VEC(struct clone_copy) copies;
  const char *const *governed; /* keys of tags that only their policies may set */
  size_t governed_count;
  struct map *copy_index;       /* kind, schema and name to a place in copies, from 1 */
  int64_t started_ms, begun_ms; /* when the command began: monotonic, and by the wall clock */
  const char *report;           /* the report's name without .json and .html, once it is written */
  size_t hooks[2];              /* the first step of those after the clone, and the one behind the last */
  struct clxs_traffic traffic;  /* before the start */
  uint64_t files_unchanged;     /* that the destination has already */
  const char *preflight, *validation; /* the documents of those commands, or NULL */
  const char *judgement;              /* what auto-rollback came to, as JSON, or NULL */
  const char *principal;              /* who we are, once it was asked */
  struct announce announce;
  struct claim *claim;   /* on the destination, while something may be sent */
  bool complete;         /* the operation had ended well before it was resumed */
  bool taken_back;       /* by auto-rollback, wholly */
  clxs_status validated; /* what validation said, CLXS_OK when there was none */
};

/* options.c: flags to options and rows, and everything that can be refused before anything is read. */
clxs_status clone_read_options(struct clone *clone);

/* run.c: claim the destination for the operation, and say that it begins, which somebody may forbid. */
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

/* old_details.c: what hangs on the view or function NAME (KIND "view", "function") of the
 * destination (tags, grants; of views properties and owner, too), as further members of a JSON array of
 * statements. One request. */
void clone_add_old_details(struct clone *clone, struct buf *json, const char *kind, const char *schema,
                           const char *name);

/* vanished.c: what goes with the columns of the table that STEP replaces, as statements for the way back:
 * member "then" of UNDO. */
struct json_object;
void clone_add_vanished(struct clone *clone, const struct plan_step *step, struct json_object *undo);
/* 'key' = 'value' */
struct model_tag;
void clone_add_tag_pair(struct buf *text, const struct model_tag *tag);
/* constraints.c: " (`a`, `b` TIMESERIES)"; SERIES may be NULL. */
void clone_add_key_columns(struct buf *text, struct json_object *columns, struct json_object *series);
/* security.c: the filter or mask JSON as it stands behind SET, or NULL. */
const char *clone_policy_text(struct clone *clone, const char *json, bool filter);

/* versions.c: note the version of every table that will be replaced, so that it can be restored. One
 * statement each; where it cannot be told it stays unknown. */
clxs_status clone_note_versions(struct clone *clone);

/* select.c: why TABLE is left out, or NULL when it can be cloned. */
const char *clone_table_problem(const struct clone *clone, const struct model_table *table);
/* Why those of its rows that are wanted cannot be had, although it could be cloned; or NULL. */
const char *clone_rows_problem(const struct clone *clone, const struct model_schema *schema,
                               const struct model_table *table);
/* Earlier states of TABLE can be read. */
bool clone_has_versions(const struct model_table *table);
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

/* location.c: the template of --external-location-template. clone_check_template refuses one that cannot give
 * every object a place of its own. clone_take_location: where the copy of KIND ("table", "volume")
 * SCHEMA.NAME goes; NULL and *PROBLEM where another object is there, above or below, in either catalog or
 * this plan. */
clxs_status clone_check_template(struct clone *clone);
const char *clone_take_location(struct clone *clone, const char *kind, const char *schema, const char *name,
                                const char **problem);
void clone_free_places(struct clone *clone);

/* materialized.c: materialized views and streaming tables, where they are asked for. */
bool clone_is_refilled(const struct clone *clone, const struct model_table *table);
size_t clone_add_refilled(struct clone *clone, const struct clone_routine *routine, size_t schema_step);

/* made.c: the copy of TABLE is made by CREATE TABLE, not by CLONE. clone_add_made adds its steps and returns
 * the first, and in *LAST the last; SCHEMA and the rest as for clone_add_table, THERE NULL when what is there
 * is dropped before. clone_add_rows: the steps that fill it, behind the step AFTER; the last of them. */
bool clone_is_made(const struct clone *clone, const struct model_schema *schema,
                   const struct model_table *table);
/* The hash of the query that fills the copy, whatever version of the source it reads. */
uint64_t clone_choice_of(struct clone *clone, const struct model_schema *schema,
                         const struct model_table *table);
/* Why it cannot be made, or NULL. */
const char *clone_making_problem(const struct clone *clone, const struct model_schema *schema,
                                 const struct model_table *table);
size_t clone_add_made(struct clone *clone, size_t object, const struct model_schema *schema,
                      const struct model_table *table, const struct model_table *there, const char *location,
                      size_t schema_step, size_t *last);
size_t clone_add_rows(struct clone *clone, size_t object, const struct model_schema *schema,
                      const struct model_table *table, size_t after);

/* create.c: CREATE OR REPLACE TABLE with everything that the definition says; INSERT OVERWRITE with SELECT, a
 * query that gives all columns but computed ones, in their order; and what has to be said behind the rows,
 * each step behind the one before. */
void clone_add_create(const struct clone *clone, struct buf *text, const struct clone_making *making);
void clone_add_fill(const struct clone *clone, struct buf *text, const struct clone_making *making,
                    const char *select);
size_t clone_add_closing(struct clone *clone, size_t object, const struct clone_making *making, size_t after);
/* nested.c: COLUMN's type with what DESCRIPTION, its type_json or NULL, says of the fields within. */
struct json_object;
void clone_add_type(const struct clone *clone, struct buf *text, const struct model_column *column,
                    struct json_object *description);
/* ALTER TABLE WORDS of a table that this run makes, behind the step AFTER. */
size_t clone_add_alter(struct clone *clone, size_t object, const struct clone_making *making,
                       const char *action, const char *words, size_t after);
/* CREATE TABLE AS SELECT loses nothing of the definition. */
bool clone_select_is_faithful(const struct clone *clone, const struct model_table *table);
/* The column is generated from others, so that it takes no values. */
bool clone_column_is_computed(const struct model_column *column);

/* security.c: what THERE has protects it as TABLE is protected. */
bool clone_is_guarded(struct clone *clone, const struct model_table *table, const struct model_table *there);

/* tables.c: THERE has TABLE's columns and may be replaced by a clone of it. */
bool clone_may_be_current(const struct clone *clone, const struct model_schema *schema,
                          const struct model_table *table, const struct model_table *there);
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
/* STEP, which clone_add_detail gave, is taken back by STATEMENT, and THEN (NULL: nothing) behind it. */
void clone_set_undo(struct clone *clone, size_t step, const char *statement, const char *then);
size_t clone_add_patch(struct clone *clone, struct clone_copy *copy, const char *action, const char *path,
                       const char *body, const char *undo);

/* Its object of the plan, made if there is none yet. */
size_t clone_copy_object(struct clone *clone, struct clone_copy *copy);

/* tags_read.c: the tags of both catalogs, and which keys are governed. */
clxs_status clone_read_tags(struct clone *clone);

/* grants.c: what is granted on the source's objects, and on the destination's where it matters. */
clxs_status clone_read_grants(struct clone *clone);

/* comments.c, constraints.c, ...: steps for the copies. */
void clone_add_comments(struct clone *clone);
void clone_add_constraints(struct clone *clone);
void clone_add_tags(struct clone *clone);
void clone_add_security(struct clone *clone);
void clone_add_properties(struct clone *clone);
void clone_add_grants(struct clone *clone);
/* owner.c: OWNER is one that something can be given to. clone_add_owners: after plan_hold_dependents, for
 * owners wait for everything that will be done. */
bool clone_is_person(const char *owner);
clxs_status clone_add_owners(struct clone *clone);
/* properties.c: KEY is one that people set, not what the service keeps there. clone_add_schema_properties:
 * SCHEMA's as a clause of its CREATE. */
bool clone_is_own_property(const char *key);
void clone_add_schema_properties(struct buf *text, const struct model_schema *schema);

/* hooks.c: a person's own statements around the clone. Check them before anything is read; add them to the
 * plan when everything else but owners is in it; and have owners wait for those after the clone, because who
 * gives an object away may lose the right to do anything else to it. FIRST: the first step of the owners. */
clxs_status clone_check_hooks(struct clone *clone);
void clone_add_hooks(struct clone *clone);
void clone_hold_owners(struct clone *clone, size_t first);
/* Say on stderr that a hook failed that may fail, where that was not to be passed over in silence. */
void clone_warn_of_hook(struct clxs_call *child, const struct plan *plan, size_t step,
                        const struct plan_result *result);

/* checks.c: preflight before anything is read, if it is asked for; validation behind the run, if it is
 * asked for (CLXS_DIFFERENT: the copy does not match); and what they said, as members of the summary and for
 * people. */
clxs_status clone_preflight(struct clone *clone);
clxs_status clone_validate(struct clone *clone);
void clone_add_checks(struct buf *head, const struct clone *clone);
void clone_print_checks(const struct clone *clone);

/* show.c: print the plan, or write it to the files that are named. */
struct page;
clxs_status clone_show_plan(struct clone *clone, const struct executor_results *results,
                            const struct summary *summary, const struct clxs_traffic *traffic);
/* A section that says what the command was told. */
void clone_page_settings(struct page *page, struct clone *clone);

/* report_files.c: refuse the run while it can still be told where a report cannot be written; write the
 * report of a run, if one is wanted, and note its name (without .json and .html) in clone->report. */
clxs_status clone_check_report(struct clone *clone);
clxs_status clone_write_report(struct clone *clone, const struct executor_results *results,
                               const struct summary *summary, const struct clxs_traffic *traffic);
/* report_page.c: the report as a page; the caller frees it. REQUESTS: how many were sent. */
struct report;
struct page *clone_report_page(struct clone *clone, const struct report *report, unsigned long long requests);

/* report.c: the members of a document that stand before status, counts and objects. */
void clone_add_head(struct buf *head, const struct clone *clone, const struct executor_results *results,
                    const struct clxs_traffic *traffic);
clxs_status clone_report(struct clone *clone, const struct executor_results *results, clxs_status status);
/* What an event about the whole run says. */
const char *clone_event(struct clone *clone, const char *state);

#endif
