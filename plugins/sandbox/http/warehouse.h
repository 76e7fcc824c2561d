/* SPDX-License-Identifier: Apache-2.0 */
/* SQL warehouses: what they are called and whether they run. A state has one from the start, "sandbox",
 * running. https://docs.databricks.com/api/workspace/warehouses [any thread] */
#ifndef CLXS_SANDBOX_HTTP_WAREHOUSE_H
#define CLXS_SANDBOX_HTTP_WAREHOUSE_H

#include <stdbool.h>
#include <stdint.h>

struct sandbox;
struct session;
struct warehouses;

/* The warehouse that every state has. */
#define WAREHOUSE_DEFAULT "sandbox"
/* The id of the one that a workspace begins with: a further workspace's is called like itself. */
const char *warehouse_first(const struct sandbox *sandbox);

enum warehouse_readiness { WAREHOUSE_READY, WAREHOUSE_STARTING, WAREHOUSE_GONE };

/* Read those of the state; SESSION is inside store_enter. */
struct warehouses *warehouses_new(struct sandbox *sandbox, struct session *session);
void warehouses_free(struct warehouses *warehouses);
/* Whether warehouse ID can run a statement now. A stopped one is started by asking; *WAIT_MS is how long it
 * still needs. */
enum warehouse_readiness warehouse_need(struct warehouses *warehouses, const char *id, int64_t *wait_ms);

#endif
