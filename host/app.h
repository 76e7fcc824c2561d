/* SPDX-License-Identifier: Apache-2.0 */
/* The application owns every subsystem for the length of one run. Parts that cost something are opened on first use:
 * app_conf reads files, app_workspace loads clxs-net.so and connects. Command thread unless said. */
#ifndef CLXS_HOST_APP_H
#define CLXS_HOST_APP_H

#include <clxs/status.h>
#include <stdatomic.h>

struct args;
struct arena;
struct auth;
struct cache;
struct conf;
struct err;
struct net;
struct net_api;
struct out;
struct registry;

/* One workspace that the run talks to. */
struct workspace {
  const struct net_api *api;
  struct net *net;
  struct auth *auth;      /* NULL for a workspace inside the process */
  const char *host;       /* the URL */
  const char *name;       /* what the person said: URL or "sandbox:NAME" */
  const char *warehouse;  /* NULL when none is configured */
  const char *cache_scope; /* prefix of this workspace's cache keys: host and principal */
};

struct app {
  struct arena *arena;
  const char *exe;
  const struct args *args; /* of the command that runs */
  struct registry *registry;
  struct out *out;
  struct cache *cache;
  struct conf *conf_;           /* by app_conf */
  struct workspace *workspace_; /* by app_workspace; app_destination for the second one */
  struct workspace *destination_;
  atomic_int cancelled; /* set by the signal thread */
};

/* The configuration, loaded with the keys of all manifests and the flags of this run. */
clxs_status app_conf(struct app *app, struct conf **conf, struct err *err);
/* The workspace in use, opened on first use: resolves --host (through clxs.cap.workspace/1 for SCHEME:NAME) and auth,
 * loads clxs-net.so. Any thread after the first call; guarded. NAME NULL, or "destination". */
clxs_status app_workspace(struct app *app, const char *name, struct workspace **workspace, struct err *err);
/* Run a whole command line; the exit code. */
int app_run(int argc, char **argv);

#endif
