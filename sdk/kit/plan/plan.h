/* SPDX-License-Identifier: Apache-2.0 */
/* A plan: everything a command is going to change, decided before the first change. It is a graph of steps;
 * each has the object it works for, the exact call, what must be done before it, how to undo it, and how to
 * find out whether it happened when its reply is lost. Dry runs print it, the executor runs it, the journal
 * keeps it, resume and rollback read it back: all from the same data.
 *
 * A plan belongs to one thread while it is built and is read-only afterwards. All texts live in its arena. */
#ifndef CLXS_KIT_PLAN_PLAN_H
#define CLXS_KIT_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"

/* What is known of an object before a step changes it. Undoing must never drop what was there before, so
 * "unknown" is a state of its own and the one that zeroed memory has. */
enum plan_prior {
  PLAN_PRIOR_UNKNOWN,
  PLAN_PRIOR_ABSENT, /* did not exist: undo may drop it */
  PLAN_PRIOR_KNOWN   /* existed as DATA says: undo brings that back */
};

struct plan_undo {
  enum plan_prior prior;
  /* A JSON object, NULL when nothing is known. What brings a KNOWN state back is one of: "alter", an array of
   * statements for an object that is there; "statement", one that also makes it anew (and "then", another
   * behind it); "method", "path" and "body" of a request. With none of them the object's other steps bring it
   * back. "view_definition" is the text before; other members are for people. */
  const char *data;
};

/* How to look whether a step happened: GET path, and what its answer must say. */
enum plan_check_how {
  PLAN_CHECK_NONE,    /* nobody can tell */
  PLAN_CHECK_PRESENT, /* the object is there */
  PLAN_CHECK_GONE,    /* it is not there (404) */
  PLAN_CHECK_EQUALS,  /* text member FIELD equals VALUE, but for white space at its ends */
  PLAN_CHECK_ABOVE,   /* number member FIELD is over VALUE */
  PLAN_CHECK_FILE     /* there is a file of the step's size that is not older than the step's */
};

struct plan_check {
  enum plan_check_how how;
  const char *path, *field, *value;
};

enum plan_via {
  PLAN_SQL,
  PLAN_REST,
  PLAN_COPY,    /* a file: what GET of READS gives goes to PUT of PATH */
  PLAN_REFUSED, /* cannot be done, and it was clear before the start: counts as failed, its dependents are
                   blocked */
  PLAN_SKIPPED, /* left out for a reason that is nobody's fault: its dependents are blocked too */
  PLAN_HELD     /* needs a step that is refused or left out, so it will not be tried */
};

/* Sending it twice has the effect of sending it once: it may be repeated after a lost reply. */
#define PLAN_IDEMPOTENT UINT32_C(1)
/* It may need an object that the plan could not see it needs: when it fails because something was not found,
 * it is tried once more after everything else. */
#define PLAN_TRY_LATE UINT32_C(2)
/* It is dear: after a lost reply look whether it happened before it is sent again. */
#define PLAN_LOOK_FIRST UINT32_C(4)

/* It says in its name what it makes, so that "already exists" means that it has happened. */
#define PLAN_EXISTS_IS_DONE UINT32_C(8)
/* It copies a table's data, so that the limits for copies count for it. */
#define PLAN_COPIES UINT32_C(16)

struct plan_step {
  size_t object;      /* index of the object it works for */
  const char *action; /* "create schema", "clone table": for people */
  enum plan_via via;
  uint32_t flags;                   /* PLAN_ */
  const char *text;                 /* the statement; the reason of a refused or skipped step */
  const char *catalog, *schema;     /* session defaults of the statement, or NULL */
  const char *method, *path, *body; /* of a request */
  const char *error_class;          /* of a refused step, or NULL */
  const char *reads; /* GET path of what it copies, or NULL: when that is gone by then, the step is skipped */
  int64_t bytes, modified_ms; /* of a copied file, when the plan was made */
  struct plan_check check;
  struct plan_undo undo;
  VEC(size_t) after; /* steps that must be done before */
};

#define PLAN_NAMES 3

/* One object that the command deals with, whether or not anything has to be done for it. */
struct plan_object {
  const char *kind; /* "catalog", "schema", "table", "view", "function", "volume" */
  const char *names[PLAN_NAMES];
  size_t name_count; /* what the steps change: catalog, schema, name */
  const char *label; /* how reports call it: "sales.orders" in words of the source */
  const char *note;  /* what a person should know when it succeeds ("nothing to do: unchanged"), or NULL */
};

struct plan {
  struct arena *arena;
  VEC(struct plan_object) objects;
  VEC(struct plan_step) steps;
  VEC(const char *) warnings; /* one sentence each: what a person should look at afterwards */
};

struct plan *plan_new(void);
void plan_free(struct plan *plan);
void plan_cleanup(struct plan **plan);
#define CLEANUP_PLAN __attribute__((cleanup(plan_cleanup)))

/* Add an object; all texts are copied. LABEL NULL is the names with dots between them. Returns its index. */
size_t plan_add_object(struct plan *plan, const char *kind, const char *const *names, size_t name_count,
                       const char *label);
/* Add a step for OBJECT, all zero but object and action; returns its index. The address from plan_step is
 * good until the next addition. */
size_t plan_add_step(struct plan *plan, size_t object, const char *action);
struct plan_step *plan_step(struct plan *plan, size_t step);
/* Add a step that is refused (VIA PLAN_REFUSED) or left out (PLAN_SKIPPED) with REASON. */
size_t plan_add_refusal(struct plan *plan, size_t object, enum plan_via via, const char *error_class,
                        const char *reason);
/* STEP waits for BEFORE. Saying it twice is fine. */
void plan_add_order(struct plan *plan, size_t step, size_t before);
void plan_add_warning(struct plan *plan, const char *warning);
/* Call it when the plan is complete: what needs a refused or skipped step, by others too, becomes PLAN_HELD
 * and says what it needs, so that a dry run shows only what would be sent. */
void plan_hold_dependents(struct plan *plan);

/* Which step needs which; free it with graph_free. */
struct graph *plan_graph(const struct plan *plan);
/* The reason of a step that is blocked by NEED, which WHAT ("failed"). */
const char *plan_blocked_reason(struct arena *arena, const struct plan_object *need, const char *what);
/* The step sends something. */
bool plan_is_sent(const struct plan_step *step);
/* Steps that send a statement or a request. */
size_t plan_count_sent(const struct plan *plan);
/* Files that are copied, and how large they are together. */
size_t plan_count_files(const struct plan *plan, int64_t *bytes);

#endif
