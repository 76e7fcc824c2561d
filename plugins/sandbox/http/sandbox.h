/* SPDX-License-Identifier: Apache-2.0 */
/* The running workspace: one state, one port on loopback, the people who may log in, and what the HTTP side
 * remembers (tokens, warehouses, statements, scripted faults). Every handler reaches the rest from here. It
 * must not know SQL. */
#ifndef CLXS_SANDBOX_HTTP_SANDBOX_H
#define CLXS_SANDBOX_HTTP_SANDBOX_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine.h"
#include "http/traffic.h"

struct arena;
struct auth;
struct executor;
struct faults;
struct links;
struct server;
struct store;
struct warehouses;

/* Somebody who may log in with a personal access token. */
struct sandbox_user {
  const char *name, *token;
};

/* How a workspace is to run. Zero means the default; texts are borrowed until sandbox_open returns. */
struct sandbox_options {
  const char *state;                /* database file, or NULL for memory */
  struct store *store;              /* of another workspace, whose metastore this one shares; or NULL */
  const char *name;                 /* of a further workspace; NULL for the first one of a metastore */
  const struct sandbox_user *users; /* the first one administers workspace and metastore */
  size_t user_count;
  const char *client_id,
      *client_secret;         /* OAuth machine-to-machine; the service principal is an administrator too */
  int port;                   /* 0: any */
  int64_t latency_ms;         /* added to every request */
  int64_t token_ttl_s;        /* life of an OAuth token, 3600 */
  int64_t warehouse_start_ms; /* how long a stopped warehouse needs, 300 */
  int64_t wait_second_ms;     /* how long a second of a statement's wait_timeout takes, 1000 */
  int64_t chunk_bytes;        /* text of one result chunk, 2 MiB */
  int64_t page_size;          /* "server configured" page length, 1000 */
  const char *const *faults;  /* "KIND:RATE[:N]" each */
  size_t fault_count;
  uint64_t fault_seed; /* same seed, same sequence; 1 */
};

struct sandbox {
  struct sandbox_options options; /* defaults filled in, texts not kept */
  struct store *store;
  struct auth *auth;
  struct warehouses *warehouses;
  struct executor *executor;
  struct links *links;
  struct faults *faults;
  struct server *server;
  char url[64]; /* "http://127.0.0.1:PORT", set before the first request */
  char metastore_id[64];
  char name[72]; /* "" for the first workspace of its metastore */
  char workspace_id[24];
  int64_t workspace_number;
  struct traffic traffic;
  _Atomic int64_t clock_offset_ms;
  pthread_mutex_t stop_lock;
  pthread_cond_t stop_wake;
  bool stopping;
};

/* Identity of the first workspace of a metastore, as its headers and objects tell it. */
#define SANDBOX_WORKSPACE_ID "7405605319115001"
#define SANDBOX_WORKSPACE_NUMBER FIRST_WORKSPACE
#define SANDBOX_ADMIN "admin@example.com"

/* Open the state. On failure false, and *WHY (xmalloc'ed, the caller's) says what failed and what to do. */
bool sandbox_open(const struct sandbox_options *options, struct sandbox **out, char **why);
/* Listen on 127.0.0.1 and fill in url; failures as above. The workspace serves from its own threads until
 * sandbox_close. */
bool sandbox_listen(struct sandbox *sandbox, char **why);
/* Stop serving (running statements are cancelled) and close the state. NULL is fine. */
void sandbox_close(struct sandbox *sandbox);

/* The session of somebody who asks this workspace; texts live in ARENA, which lives with the request. */
struct session sandbox_session(const struct sandbox *sandbox, struct arena *arena);

/* [any thread] Wall clock in milliseconds since 1970 as this workspace sees it: tests and the clock endpoint
 * move it. */
int64_t sandbox_now(struct sandbox *sandbox);
/* [any thread] Milliseconds that never go back and that nobody moves. */
int64_t sandbox_mono(void);
/* [any thread] Sleep, unless the workspace stops. */
void sandbox_sleep(struct sandbox *sandbox, int64_t ms);
/* [any thread] A random (version 4) UUID; OUT holds 37 bytes. */
void sandbox_uuid(char *out);
/* [any thread] COUNT random bytes as lower-case hex; OUT holds 2 * COUNT + 1 bytes, COUNT at most 64. */
void sandbox_hex(char *out, size_t count);
/* "2024-02-29T12:00:00.123Z" for milliseconds since 1970. */
const char *sandbox_iso_time(struct arena *arena, int64_t ms);
/* A deadline MS milliseconds from now on CLOCK_MONOTONIC, for the conditions that sandbox_cond_init makes. */
struct timespec sandbox_deadline(int64_t ms);
void sandbox_cond_init(pthread_cond_t *cond);

#endif
