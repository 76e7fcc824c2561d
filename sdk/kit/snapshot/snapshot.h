/* SPDX-License-Identifier: Apache-2.0 */
/* A whole catalog's metadata as one JSON document, and back: what `clxs snapshot` writes and what every
 * command that compares takes as a side. The members are those of the Unity Catalog API
 * (https://docs.databricks.com/api/workspace/tables), so that what reads the one reads the other; what
 * changes without anybody changing the catalog (times, managed locations, commit counters) is left out, and
 * everything is sorted. The same catalog therefore gives the same bytes. docs/json/snapshot.md is the
 * format's page. */
#ifndef CLXS_KIT_SNAPSHOT_SNAPSHOT_H
#define CLXS_KIT_SNAPSHOT_SNAPSHOT_H

#include <clxs/call.h>
#include <stdint.h>

struct buf;
struct model_catalog;

#define SNAPSHOT_FORMAT "clxs.snapshot"
/* Grows when a reader of today would misunderstand the document. Members may be added without. */
#define SNAPSHOT_SCHEMA 1

/* "sha256:" and 64 digits */
#define SNAPSHOT_HASH_SIZE 72

/* MODEL as a document, with a line break at its end. COVERS (MODEL_TAGS and so on) says which details were
 * read: those that were not are not "none". HASH (may be NULL) receives the content's hash. */
void snapshot_write(const struct model_catalog *model, uint32_t covers, struct buf *out,
                    char hash[SNAPSHOT_HASH_SIZE]);

/* [call thread] The snapshot in the file PATH. CLXS_E_IO when it cannot be read, CLXS_E_DATA when it is none,
 * is of a later schema, or its content hash is not that of its content. The caller frees *MODEL. */
clxs_status snapshot_read(struct clxs_call *call, const char *path, struct model_catalog **model,
                          uint32_t *covers);

#endif
