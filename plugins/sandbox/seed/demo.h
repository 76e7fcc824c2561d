/* SPDX-License-Identifier: Apache-2.0 */
/* The two example catalogs, for seed.c. */
#ifndef CLXS_SANDBOX_SEED_DEMO_H
#define CLXS_SANDBOX_SEED_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

/* The text of demo.sql. */
extern const char seed_demo_sql[] __attribute__((visibility("hidden")));

/* Run statements separated by semicolons; the first that fails ends it. */
bool seed_script(struct session *session, const char *text, size_t length);
/* Each outside store_enter; false with the session's fault. */
bool seed_demo(struct session *session);
bool seed_synth(struct session *session, int64_t tables);

#endif
