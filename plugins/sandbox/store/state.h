/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of struct store, for the files of store/ only. */
#ifndef CLXS_SANDBOX_STORE_STATE_H
#define CLXS_SANDBOX_STORE_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct map;
struct session;
struct sqlite3;

/* Who a user is: itself and the groups it is in, kept until principals change. */
struct identity {
  int64_t *ids;
  char **folds; /* names in lower case */
  size_t count;
  bool admin;
};

struct store {
  struct sqlite3 *db;
  pthread_mutex_t lock;
  struct map *statements; /* SQL text -> struct db_stmt */
  struct map *identities; /* name in lower case -> struct identity */
  int64_t last_now;
  int depth;     /* of savepoints */
  bool attached; /* engine_run has added its SQL functions */
  char *broken;  /* why this transaction cannot be kept, or NULL */
};

/* Make the tables of a new state and fill in what every workspace has. False when SQLite refuses. */
bool state_create(struct store *store);
/* Add the tables that a state of an earlier version lacks. */
bool state_complete(struct store *store);
/* SYSTEM_USER owns what comes with the workspace. */
#define SYSTEM_USER "System user"

void db_statements_free(struct store *store);
/* Note the failure of what SQLite was just asked for. */
void db_break(struct store *store);

const struct identity *identity_get(struct session *session);
void identities_forget(struct store *store);

#endif
