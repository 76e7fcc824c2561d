/* SPDX-License-Identifier: Apache-2.0 */
/* The service tables that plugins are handed, by id, and what the files of this folder share to make them.
 * One file per table; the tables are const and live as long as the process. */
#ifndef CLXS_HOST_SVC_SERVICES_H
#define CLXS_HOST_SVC_SERVICES_H

#include <clxs/clxs.h>

#include "svc/call.h"

struct loaded;
struct workspace;

/* The table with this id ("clxs.sql/1"), NULL when there is none. With CLXS_CHECKED=1 in the environment it
 * is the one that checks its callers (checked.h). Any thread. */
const void *services_find(const char *id);
/* The ids but for that of the core table, NULL-terminated. Any thread. */
const char *const *services_ids(void);

extern const struct clxs_core service_core;
extern const struct clxs_config service_config;
extern const struct clxs_sql service_sql;
extern const struct clxs_rest service_rest;
extern const struct clxs_http service_http;
extern const struct clxs_meta service_meta;
extern const struct clxs_cache service_cache;
extern const struct clxs_output service_output;
extern const struct clxs_jobs service_jobs;
extern const struct clxs_events service_events;
extern const struct clxs_invoke service_invoke;

/* For every struct that a plugin fills and that may be older or newer than ours: copy what both know into TO
 * (zeroed first). TO and FROM begin with uint32_t size. */
void services_copy_in(void *to, size_t to_size, const void *from);
/* The other way: give the plugin as much of FROM as its struct takes; its size member stays. */
void services_copy_out(void *to, const void *from, size_t from_size);

/* The workspace NAME (NULL or "destination"), opened on first use, from any thread. */
clxs_status services_workspace(struct call *call, const char *name, struct workspace **workspace);
/* The same also when the run is cancelled, for what tells of its end. */
clxs_status services_workspace_late(struct call *call, const char *name, struct workspace **workspace);
/* call_take_error for a failure in WORKSPACE: where the run talks to two, the message says which. */
clxs_status services_fail_at(struct call *call, const struct workspace *workspace, clxs_status status,
                             struct err *err);
/* What is open already, NULL where nothing is; the two may be the same. Any thread. */
void services_open_workspaces(struct call *call, const struct workspace **main,
                              const struct workspace **destination);
/* The registry belongs to one thread at a time; calls from workers take this (recursive) lock around it. */
pthread_mutex_t *services_registry_lock(void);
/* Plugin ID, loaded and initialised on first use, from any thread; one at a time. */
clxs_status services_load(struct call *call, const char *id, const struct loaded **loaded);
/* Free what loading has left for the plugins' lifetime. After registry_close. */
void services_close(void);

/* Whether CALL may use what only a command's own thread may; otherwise the failure is recorded. */
clxs_status services_need_command_thread(struct call *call, const char *function);

#endif
