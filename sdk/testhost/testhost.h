/* SPDX-License-Identifier: Apache-2.0 */
/* A scriptable host in the test's own process. Compile a plugin's sources into the test, make a testhost, say
 * what the workspace answers, run the command on testhost_call(), and look at what was sent and printed. It
 * implements every service table of <clxs/clxs.h>; jobs run on real threads; nothing sleeps and nothing goes
 * over a network.
 *
 * Functions may be called from any thread unless they say otherwise; set-up functions before the plugin runs.
 * Texts given to it are copied. Texts it returns live until testhost_free. It is not for production: a script
 * that is wrong ends the process with a message. */
#ifndef CLXS_TESTHOST_H
#define CLXS_TESTHOST_H

#include <clxs/clxs.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct testhost;

/* A host with empty directories of its own under $TMPDIR, removed again by testhost_free. */
struct testhost *testhost_new(void);
void testhost_free(struct testhost *host);
/* For __attribute__((cleanup(testhost_cleanup))). */
void testhost_cleanup(struct testhost **host);
/* The call to hand to a command's run, on this thread. Always the same one. */
struct clxs_call *testhost_call(struct testhost *host);
/* Begin a second run on the same host: its call, with the script, the arguments and everything recorded kept.
 */
struct clxs_call *testhost_call_again(struct testhost *host);

/* -- What the command is told
 * ------------------------------------------------------------------------------------- */

/* One more value of an argument or flag ("source", "include-schemas"). Numbers, booleans ("true") and
 * durations in milliseconds ("250") as text. */
void testhost_arg(struct testhost *host, const char *name, const char *value);
/* Forget the values of NAME. */
void testhost_arg_clear(struct testhost *host, const char *name);
/* The last value of KEY counts. */
void testhost_config(struct testhost *host, const char *key, const char *value);
/* One of CLXS_FORMAT_; text at first. */
void testhost_format(struct testhost *host, int32_t format);
/* What confirm answers: CLXS_OK at first. */
void testhost_confirm(struct testhost *host, clxs_status answer);
/* A capability of another plugin. */
void testhost_capability(struct testhost *host, const char *id, const void *table, void *state);
/* Both clocks stand still and move by this only; wait() moves them too and returns at once. */
void testhost_clock(struct testhost *host, int64_t now_ms);

/* -- What the workspace answers
 * ------------------------------------------------------------------------------------ */

/* A rule answers requests that match its pattern, where `*` stands for any text and everything else for
 * itself. Rules are asked newest first. A statement that no rule matches fails with CLXS_E_INVALID and names
 * itself; a request that no rule and no catalog matches is 404. */
struct testhost_rule;

/* A statement answers ROWS, a JSON object {"columns":["a"],"rows":[["1"],[null]]}; NULL is no columns, no
 * rows. */
struct testhost_rule *testhost_sql(struct testhost *host, const char *pattern, const char *rows);
/* A statement fails. ERROR_CLASS may be NULL. */
struct testhost_rule *testhost_sql_error(struct testhost *host, const char *pattern, clxs_status status,
                                         const char *error_class, const char *message);
/* A run of another command through clxs.invoke/1, as "COMMAND ARGUMENTS", ends with STATUS and gives RESULT.
 * Without a rule there is no such command. Counted as TESTHOST_INVOKE. */
struct testhost_rule *testhost_invoke(struct testhost *host, const char *pattern, clxs_status status,
                                      const char *result);
/* A request "GET /api/2.1/unity-catalog/catalogs/a" (with "?query" when it has one) answers HTTP_STATUS and
 * BODY. */
struct testhost_rule *testhost_rest(struct testhost *host, const char *pattern, int32_t http_status,
                                    const char *body);
/* A list answers COUNT pages, JSON objects; the rule adds next_page_token to all but the last. */
struct testhost_rule *testhost_rest_pages(struct testhost *host, const char *pattern,
                                          const char *const *pages, size_t count);
/* A whole catalog, read by clxs.meta/1 and by GET under /api/2.1/unity-catalog. CATALOG is its CatalogInfo as
 * JSON with a member "schemas", SchemaInfo objects with members "tables", "functions" and "volumes". Names
 * match regardless of case. A second catalog of the same name takes the first one's place. */
void testhost_catalog(struct testhost *host, const char *catalog);

/* A request to a host that is no workspace ("POST https://hooks.example.com/x") answers HTTP_STATUS and BODY;
 * without a rule it is 404. */
struct testhost_rule *testhost_http(struct testhost *host, const char *pattern, int32_t http_status,
                                    const char *body);

/* The rule answers COUNT times and is then passed over. Returns the rule. */
struct testhost_rule *testhost_rule_times(struct testhost_rule *rule, unsigned count);
/* Called (on the thread that asks) when the rule matches, before it answers: to change the script, to cancel,
 * or to wait for another request. TEXT is the statement, or "GET /path?query". */
struct testhost_rule *testhost_rule_do(struct testhost_rule *rule,
                                       void (*action)(struct testhost *host, const char *text, void *data),
                                       void *data);
/* How often the rule has answered. */
unsigned testhost_rule_hits(const struct testhost_rule *rule);

/* The run is cancelled: cancelled() says so, services answer CLXS_E_CANCELLED. */
void testhost_cancel(struct testhost *host);

/* -- What was done
 * ----------------------------------------------------------------------------------------------- */

#define TESTHOST_SQL 1
#define TESTHOST_INVOKE 3
#define TESTHOST_HTTP 4 /* requests to hosts that are no workspace: "POST https://..." */
#define TESTHOST_REST 2 /* what clxs.meta/1 had to ask counts here too */

/* One request, in the order they were begun. */
struct testhost_sent {
  int kind;                     /* TESTHOST_ */
  const char *text;             /* the statement, or "PATCH /path?query" */
  const char *catalog, *schema; /* session defaults of a statement, or NULL */
  const char *body;             /* of a request, or NULL */
  const char *binds;            /* of a statement: lines "name=value" */
  const char *headers;          /* of a request to a host that is no workspace, or NULL */
  const char *purpose;
  uint32_t flags;        /* CLXS_SQL_ or CLXS_REST_ */
  size_t ended;          /* how many requests had ended when this one began */
  clxs_status status;    /* how it ended */
  const char *workspace; /* which was asked: NULL, or "destination" */
};

/* How many requests of KIND (0: any) match PATTERN (NULL: all). */
size_t testhost_sent_count(struct testhost *host, int kind, const char *pattern);
/* Request INDEX among those, or NULL. */
const struct testhost_sent *testhost_sent(struct testhost *host, int kind, const char *pattern, size_t index);
/* Most requests that were under way at one time. */
size_t testhost_peak(struct testhost *host);
/* Everything printed on stdout so far: text lines; tables with cells between bars; documents as compact JSON
 * lines. */
const char *testhost_stdout(struct testhost *host);
/* The last document, or NULL. */
const char *testhost_document(struct testhost *host);
/* Log lines, each "warn: text". */
const char *testhost_log(struct testhost *host);
/* Events, each line "topic json". */
const char *testhost_events(struct testhost *host);
/* The last progress: what, done, total. */
const char *testhost_progress(struct testhost *host, uint64_t *done, uint64_t *total);
/* The directory that clxs.config/1 gives for a CLXS_DIR_. */
const char *testhost_directory(struct testhost *host, int32_t which);

#ifdef __cplusplus
}
#endif

#endif
