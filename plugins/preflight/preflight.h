/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the preflight plugin share: the list of checks, and who we are. All on the command's
 * thread; texts live in the call's scope. */
#ifndef CLXS_PLUGINS_PREFLIGHT_H
#define CLXS_PLUGINS_PREFLIGHT_H

#include <clxs/clxs.h>
#include <stdbool.h>

#include "base/vec.h"

struct filter;
struct json_object;

enum level { LEVEL_OK, LEVEL_WARN, LEVEL_FAIL, LEVELS };

struct check {
  const char *name;
  enum level level;
  const char *detail, *next; /* next: what to do about it, or NULL */
  clxs_status status;        /* of a FAIL */
};

struct preflight {
  struct clxs_call *call;
  const char *source, *dest, *location; /* location: NULL for none */
  struct filter *filter;
  bool write_check;
  VEC(struct check) checks;
  const char *user;
  VEC(const char *) names; /* the user's and those of the groups it is in */
  const char *metastore, *metastore_owner, *metastore_root;
  bool metastore_read;
  bool warehouse_runs; /* a statement starts nothing */
  bool source_exists, dest_exists;
  const char *source_owner, *dest_owner;
};

/* A catalog's schemas. */
struct schema_list {
  struct {
    const char *name, *owner;
  } * at;
  size_t count, capacity;
};

/* What the user holds on one securable. */
struct rights {
  bool known, owner;
  const char *problem; /* why it is not known */
  VEC(const char *) privileges;
};

/* preflight.c: record a check. */
void check_ok(struct preflight *preflight, const char *name, const char *detail);
void check_warn(struct preflight *preflight, const char *name, const char *detail, const char *next);
void check_fail(struct preflight *preflight, const char *name, clxs_status status, const char *detail,
                const char *next);
/* FAIL with what the call says of the failure STATUS, which is then forgotten. */
void check_error(struct preflight *preflight, const char *name, clxs_status status, const char *next);
/* The message of the failure on the call, which is then forgotten. */
const char *take_message(struct preflight *preflight);

/* workspace.c: host and identity; false when nothing else makes sense. */
bool check_workspace(struct preflight *preflight);
void check_warehouse(struct preflight *preflight);
/* GET PATH as JSON, which the caller puts back; NULL and *STATUS (error kept on the call) otherwise. */
struct json_object *get_json(struct preflight *preflight, const char *path, clxs_status *status);

/* rights.c */
bool is_me(const struct preflight *preflight, const char *principal);
void rights_read(struct preflight *preflight, const char *type, const char *full_name, const char *owner,
                 struct rights *rights);
void rights_free(struct rights *rights);
#define CLEANUP_RIGHTS __attribute__((cleanup(rights_free)))
bool rights_has(const struct rights *rights, const char *privilege);
/* Those of PRIVILEGES (NULL-terminated) that are missing, as "USE CATALOG, SELECT"; NULL when none is. */
const char *rights_missing(struct preflight *preflight, const struct rights *rights,
                           const char *const *privileges);
/* "GRANT p ON TYPE name TO user", as the next step. NAME is that of a catalog, or NULL. */
const char *grant_hint(struct preflight *preflight, const char *privileges, const char *type,
                       const char *name);
/* Read the metastore's id and owner, once; false when they are not told. */
bool metastore_read(struct preflight *preflight);

/* objects.c: what there is to clone, and what cannot be. */
void check_objects(struct preflight *preflight);
/* storage.c: where the files of a new catalog go. */
void check_storage(struct preflight *preflight);
/* metadata.c: grants, owners and tags, as far as they are to be copied. */
void check_metadata(struct preflight *preflight);

/* source.c, destination.c, write.c */
void check_source(struct preflight *preflight);
void check_destination(struct preflight *preflight);
void check_quota(struct preflight *preflight);
void check_write(struct preflight *preflight);
/* CATALOG's schemas that the filters let pass; free with VEC_FREE. */
clxs_status read_schemas(struct preflight *preflight, const char *catalog, struct schema_list *schemas);

/* report.c: print it; the command's status. */
clxs_status preflight_report(struct preflight *preflight);

#endif
