/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the test host share. Not installed. */
#ifndef CLXS_TESTHOST_INTERNAL_H
#define CLXS_TESTHOST_INTERNAL_H

#include <pthread.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "testhost/testhost.h"

struct json_object;

struct testhost_value {
  const char *name, *value;
};

struct testhost_rule {
  struct testhost *host;
  struct testhost_rule *older;
  int kind;
  const char *pattern;
  const char *body; /* rows of a statement, answer of a request */
  const char *const *pages;
  size_t page_count;
  clxs_status status;
  int32_t http_status;
  const char *error_class, *message;
  unsigned hits, times;
  void (*action)(struct testhost *host, const char *text, void *data);
  void *data;
};

struct testhost {
  pthread_mutex_t lock; /* of everything below */
  struct arena *arena;
  struct th_call *call;
  VEC(struct testhost_value) args;
  struct json_object *adopted; /* what an earlier run was told, or NULL */
  VEC(struct testhost_value) configs;
  VEC(struct clxs_capability) capabilities;
  VEC(const char *) capability_ids;
  struct testhost_rule *rules;
  struct json_object *catalogs; /* by lower-case name */
  struct map *cache;
  VEC(struct testhost_sent *) sent;
  size_t ended, under_way, peak;
  struct buf out, log, events;
  const char *document, *progress;
  uint64_t progress_done, progress_total;
  char *directory;
  int32_t format;
  clxs_status answer;
  bool cancelled;
  int64_t now_ms, start_ms;
};

/* A call, the plugin's view first. */
struct th_call {
  struct clxs_call pub;
  struct testhost *host;
  struct arena *arena;
  struct clxs_error error;
  uint64_t error_mark; /* scope depth that the error's texts live in */
  const struct clxs_table_column *columns;
  uint32_t column_count, row_count;
  struct buf table;
};

extern const struct clxs_core th_core;
extern const struct clxs_config th_config;
extern const struct clxs_sql th_sql;
extern const struct clxs_rest th_rest;
extern const struct clxs_meta th_meta;
extern const struct clxs_cache th_cache;
extern const struct clxs_output th_output;
extern const struct clxs_jobs th_jobs;
extern const struct clxs_events th_events;
extern const struct clxs_invoke th_invoke;

struct th_call *th_call_new(struct testhost *host);
void th_call_free(struct th_call *call);
struct th_call *th_call_of(struct clxs_call *pub);
/* Record a failure with everything a service knows about it. */
clxs_status th_fail(struct th_call *call, clxs_status status, const char *error_class, int32_t http_status,
                    const char *message);
/* Ends the process: the test's script makes no sense. */
_Noreturn void th_broken(const char *what, const char *text);

bool th_match(const char *pattern, const char *text);
/* Note that a request begins, find its rule (NULL for none) and run the rule's action. th_sent_end notes its
 * end. */
struct testhost_sent *th_sent_begin(struct testhost *host, int kind, const char *text,
                                    struct testhost_rule **rule);
void th_sent_end(struct testhost *host, struct testhost_sent *sent, clxs_status status);
bool th_cancelled(struct testhost *host);

/* Answer METHOD PATH?QUERY from rules and catalogs into CALL's scope. */
clxs_status th_rest_answer(struct th_call *call, const struct clxs_request *request,
                           struct clxs_response *response);
/* content.c: the members of clxs.rest/1 that move content, which is the body of the rule that answers. */
clxs_status th_download(struct clxs_call *call, const struct clxs_request *request,
                        struct clxs_download **download, struct clxs_content *content);
clxs_status th_read(struct clxs_call *call, struct clxs_download *download, char *buffer, size_t room,
                    size_t *got);
void th_close(struct clxs_call *call, struct clxs_download *download);
clxs_status th_upload(struct clxs_call *call, const struct clxs_request *request,
                      const struct clxs_source *source, struct clxs_response *response);
/* The catalogs' answer to "GET /api/2.1/unity-catalog/...", NULL where they have none. The host's lock is
 * held. */
const char *th_catalog_answer(struct testhost *host, struct arena *arena, const char *text);

#endif
