/* SPDX-License-Identifier: Apache-2.0 */
/* CLXS_CHECKED=1: tables that look at their callers first, for those who write plugins. A call used on a
 * thread that it does not belong to, a scope or result that is closed already, text that is not UTF-8: each
 * ends the process with a message that names plugin and function, where the same mistake would otherwise show
 * much later and elsewhere. */
#ifndef CLXS_HOST_SVC_CHECKED_H
#define CLXS_HOST_SVC_CHECKED_H

#include <clxs/clxs.h>
#include <stdbool.h>

/* The environment asks for it; decided on first use. Any thread. */
bool checked_wanted(void);
/* The checking table for this id, NULL when there is none. */
const void *checked_table(const char *id);

/* FUNCTION ("sql run") may be called on this thread only if CALL belongs to it. */
void checked_thread(struct clxs_call *call, const char *function);
/* The COUNT texts behind (each may be NULL) are UTF-8. */
void checked_texts(struct clxs_call *call, const char *function, unsigned count, ...);
/* ROWS is open on CALL. */
void checked_rows(struct clxs_call *call, const char *function, const struct clxs_rows *rows);
/* The same of a download. */
void checked_download(struct clxs_call *call, const char *function, const struct clxs_download *download);
/* WHAT is wrong: says so and ends the process. */
_Noreturn void checked_stop(struct clxs_call *call, const char *function, const char *what);

extern const struct clxs_core checked_core;
extern const struct clxs_config checked_config;
extern const struct clxs_sql checked_sql;
extern const struct clxs_rest checked_rest;
extern const struct clxs_meta checked_meta;
extern const struct clxs_cache checked_cache;
extern const struct clxs_output checked_output;
extern const struct clxs_jobs checked_jobs;
extern const struct clxs_events checked_events;
extern const struct clxs_invoke checked_invoke;

#endif
