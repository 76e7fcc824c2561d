/* SPDX-License-Identifier: Apache-2.0 */
/* What every object of Unity Catalog has in common: a kind, a place in the tree, a name, an owner, a comment,
 * dates. Names: https://docs.databricks.com/sql/language-manual/sql-ref-names.html (stored in lower case, no
 * period, space, slash or control character, at most 255 characters). */
#ifndef CLXS_SANDBOX_STORE_SECURABLE_H
#define CLXS_SANDBOX_STORE_SECURABLE_H

#include "engine.h"

enum securable_kind {
  SEC_METASTORE,
  SEC_CATALOG,
  SEC_SCHEMA,
  SEC_TABLE, /* every relation: tables, views, materialized views, ... share one namespace */
  SEC_FUNCTION,
  SEC_VOLUME,
  SEC_EXTERNAL_LOCATION,
  SEC_STORAGE_CREDENTIAL,
  SEC_CONNECTION,
  SEC_KINDS
};

struct securable {
  enum securable_kind kind;
  int64_t id, parent; /* parent 0: in the metastore itself */
  const char *uuid;
  const char *name, *full_name;           /* full_name: parts joined by periods */
  const char *catalog_name, *schema_name; /* of the parents; NULL where there are none */
  const char *owner, *comment;            /* comment NULL: none */
  int64_t created_at, updated_at;         /* epoch milliseconds */
  const char *created_by, *updated_by;
  bool browse_only; /* set by lists and gets for callers who hold nothing but BROWSE */
};

/* "Catalog", as in messages; "CATALOG", as in REST and in inherited_from_type; "external_location" paths are
 * matched by securable_kind_from_path in any case (`table`, `TABLE`, `credential`, ...): false for a type
 * that does not exist. */
const char *securable_kind_word(enum securable_kind kind);
const char *securable_kind_rest(enum securable_kind kind);
bool securable_kind_from_path(const char *text, enum securable_kind *out);
/* How many name parts the kind has: 1 for catalogs and what is in the metastore, 2 for schemas, 3 below them.
 */
size_t securable_kind_parts(enum securable_kind kind);

/* A name cut into parts; unused ones are NULL. */
struct name {
  const char *catalog, *schema, *object;
};

/* Parts as written (COUNT of them, at most what KIND has) completed by the session's catalog and schema, in
 * lower case. Faults: too many parts (REQUIRES_SINGLE_PART_NAMESPACE), no current catalog. The object's
 * existence is not looked at. */
bool name_resolve(struct session *session, enum securable_kind kind, const char *const *parts, size_t count,
                  struct name *out);
/* A REST full name, "c.s.t", which must have exactly the parts of KIND: INVALID_PARAMETER_VALUE otherwise. */
bool name_split(struct session *session, enum securable_kind kind, const char *full_name, struct name *out);
/* TEXT in lower case when it may be stored as a name, else INVALID_PARAMETER_VALUE. */
bool name_check(struct session *session, enum securable_kind kind, const char *text, const char **out);
/* "c.s.t"; and `c`.`s`.`t`, as SQL messages have it. */
const char *name_text(struct session *session, const struct name *name);
const char *name_quoted(struct session *session, const struct name *name);

/* The object, without looking at privileges. False WITHOUT a fault when there is none. */
bool securable_find(struct session *session, enum securable_kind kind, const struct name *name,
                    struct securable *out);
bool securable_load(struct session *session, int64_t id, struct securable *out);
/* The object, which must exist: CATALOG_, SCHEMA_, TABLE_, ... DOES_NOT_EXIST (its SQL class) names the first
 * part that is missing. Nothing is said about privileges. */
bool securable_need(struct session *session, enum securable_kind kind, const struct name *name,
                    struct securable *out);
/* securable_need for a caller who must be able to see it: USE CATALOG and USE SCHEMA on the way, and any
 * privilege or BROWSE on the object itself. */
bool securable_get(struct session *session, enum securable_kind kind, const struct name *name,
                   struct securable *out);

/* What to change; NULL members stay. */
struct patch {
  const char *new_name;
  int64_t new_parent;         /* with new_name: relations move to this schema, of the same catalog; 0 stays */
  const char *owner;          /* must be a known principal */
  const char *comment;        /* "" takes it away */
  const char *properties;     /* a JSON object; replaces the whole map */
  const char *isolation_mode; /* catalogs, external locations, storage credentials */
  const char *predictive_optimization; /* ENABLE, DISABLE, INHERIT; catalogs and schemas */
  const char *options;                 /* catalogs, connections: a JSON object */
  int read_only, fallback;             /* external locations and credentials: 1 or 2 (2 is no); 0 stays */
  const char *url, *credential_name;   /* external locations */
};

/* Change any object; the caller's right to each part is checked (owner or MANAGE for owner and rename, owner
 * or MANAGE or MODIFY-like rights for comments). Table comments and properties make a table version. OUT may
 * be NULL. */
bool securable_update(struct session *session, enum securable_kind kind, const struct name *name,
                      const struct patch *patch, struct securable *out);

/* Write OBJECT's comment (NULL or "": none) and nothing else: no check, no version. */
void securable_set_comment(struct session *session, struct securable *object, const char *comment);

/* Part of a list: at most LIMIT rows are read (0: all), those with names behind AFTER; NEXT is the AFTER of
 * the next page or NULL. Rows that the caller may not see are left out after counting, so a page can be empty
 * and still have a NEXT. */
struct page {
  size_t limit;
  const char *after;
  const char *next;
};

#endif
