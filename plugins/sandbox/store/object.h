/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of `securable` as every kind reads and writes them; for the files of store/ only. */
#ifndef CLXS_SANDBOX_STORE_OBJECT_H
#define CLXS_SANDBOX_STORE_OBJECT_H

#include "store/db.h"
#include "store/lower.h"
#include "store/state.h"
#include "store/store.h"

/* SELECT OBJECT_COLUMNS, more FROM OBJECT_FROM JOIN ... WHERE s.... ; the kind's own columns begin at
 * OBJECT_WIDTH. */
#define OBJECT_COLUMNS                                                                                    \
  "s.id, s.kind, s.parent, s.uuid, s.name, s.owner, s.comment, s.created_at, s.created_by, s.updated_at," \
  " s.updated_by, p.name, g.name"
#define OBJECT_FROM \
  "securable s LEFT JOIN securable p ON p.id = s.parent LEFT JOIN securable g ON g.id = p.parent"
#define OBJECT_WIDTH 13
/* A page of the live children of a parent: bind parent, after, limit (-1: all). */
#define OBJECT_PAGE \
  " WHERE s.parent = ? AND s.kind = ? AND s.name > ? AND s.dropped_at IS NULL ORDER BY s.name LIMIT ?"

void object_read(struct db_stmt *stmt, struct session *session, struct securable *out);
/* Insert OBJECT (kind, parent, name; owner and comment where given) and fill in the rest; false for a name
 * that is taken, without a fault. */
bool object_insert(struct session *session, struct securable *object);
/* Note that OBJECT was changed, by the session's user, now. */
void object_touch(struct session *session, struct securable *object);
/* Forget OBJECT and what hangs on it: grants, tags, locations. */
void object_delete(struct session *session, int64_t id);
/* The parent of what NAME names, which must exist; for creating. */
bool object_parent(struct session *session, enum securable_kind kind, const struct name *name,
                   struct securable *out);
/* Children of kind KIND under PARENT that are alive. */
bool object_has_children(struct session *session, int64_t parent);
/* ALREADY_EXISTS in the words of its kind. Returns false. */
bool object_exists_fault(struct session *session, enum securable_kind kind, const struct name *name);

/* Set up PAGE's query values: AFTER as text and LIMIT for SQL; page_step counts one row read and says whether
 * it belongs to the page (the row after the last only proves that there is a next page). */
const char *page_after(const struct page *page);
int64_t page_limit(const struct page *page);
bool page_step(struct page *page, size_t *seen, const char *name, const char **last);

/* The metastore as a securable: id 0. */
void object_metastore(struct session *session, struct securable *out);

bool principal_need(struct session *session, const char *name, struct principal *out);
void table_purge(struct session *session, int64_t before_ms);
/* Remove a relation for good: columns, versions, rows that nothing else points at. */
void table_erase(struct session *session, int64_t id);
/* The same for a schema with all that is in it. */
void schema_erase(struct session *session, int64_t id);
void function_erase(struct session *session, int64_t id);
void volume_erase(struct session *session, int64_t id);
/* A schema without `CREATE SCHEMA` checks, for what the workspace itself makes. */
bool schema_create_plain(struct session *session, const struct securable *catalog, const char *name,
                         struct schema *out);
/* Where an object without a place of its own is stored. */
const char *location_managed(struct session *session, const struct securable *parent, const char *what,
                             const char *uuid);
void location_record(struct session *session, const char *url, int64_t id);

#endif
