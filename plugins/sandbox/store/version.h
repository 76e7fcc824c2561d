/* SPDX-License-Identifier: Apache-2.0 */
/* The history of a table: one row per commit, with what DESCRIBE HISTORY shows. */
#ifndef CLXS_SANDBOX_STORE_VERSION_H
#define CLXS_SANDBOX_STORE_VERSION_H

#include "engine.h"

struct table;

struct version {
  int64_t version, timestamp_ms;
  const char *user;
  const char *operation;  /* "CREATE TABLE", "WRITE", "CLONE", ... */
  const char *parameters; /* JSON object of texts */
  const char *metrics;    /* JSON object of texts */
  int64_t read_version;   /* -1: none */
  bool blind_append;
};

/* Newest first; LIMIT 0: all. */
bool version_list(struct session *session, int64_t table_id, size_t limit, struct version **out,
                  size_t *count);
/* Make the table's next version: operation, parameters, metrics and blind_append are taken from COMMIT (NULL:
 * {}), the columns and properties from TABLE when META says they changed. table->version moves on. */
bool version_commit(struct session *session, struct table *table, const struct version *commit, bool meta);

#endif
