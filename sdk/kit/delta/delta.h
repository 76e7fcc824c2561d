/* SPDX-License-Identifier: Apache-2.0 */
/* What two catalogs differ in: a list of single differences, each with the object, the field, the old and the
 * new value. The models may come from anywhere (a workspace, a snapshot, an earlier version); nothing here
 * talks to one.
 *
 * The two are compared modulo their names: a text or name that refers to its own catalog equals one that
 * refers to its own catalog on the other side, so a faithful copy has no differences, and a view of the copy
 * that still reads the original has one. SQL texts are compared token by token, without white space and
 * comments; types as trees, so that `map<a, b>` is `map<a,b>`; privileges without case, blanks and
 * underscores; names without case. Properties that the service sets by itself do not count, nor does the
 * storage of managed objects, nor an empty schema `default`, which every new catalog has.
 *
 * "Old" is the source (before), "new" the destination (after): what only the source has was removed, what
 * only the destination has was added. */
#ifndef CLXS_KIT_DELTA_H
#define CLXS_KIT_DELTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"

struct filter;
struct model_catalog;
struct model_item;
struct model_schema;
struct model_table;

enum delta_kind {
  DELTA_CATALOG,
  DELTA_SCHEMA,
  DELTA_TABLE,
  DELTA_VIEW, /* also metric views; materialized views and streaming tables are tables */
  DELTA_FUNCTION,
  DELTA_VOLUME,
  DELTA_KINDS
};

enum delta_change { DELTA_REMOVED, DELTA_ADDED, DELTA_CHANGED, DELTA_CHANGES };

/* Which side of it differs. Values are not stored anywhere: names are. */
enum delta_field {
  DELTA_OBJECT, /* the object itself is on one side only */
  DELTA_OWNER,
  DELTA_COMMENT,
  DELTA_PROPERTIES, /* one difference for each key */
  DELTA_TAGS,       /* one for each key */
  DELTA_GRANTS,     /* one for each principal */
  DELTA_TABLE_TYPE,
  DELTA_FORMAT,
  DELTA_LOCATION,
  DELTA_PARTITIONING,
  DELTA_CLUSTERING,
  DELTA_DEFINITION, /* a view's query, a function's body */
  DELTA_BINDING,    /* a view's WITH SCHEMA mode */
  DELTA_ROW_FILTER,
  DELTA_PRIMARY_KEY,
  DELTA_FOREIGN_KEY,
  DELTA_UNIQUE,
  DELTA_CHECK,
  DELTA_COLUMN,   /* the column, or a field inside its type, is on one side only */
  DELTA_POSITION, /* the column stands elsewhere among those that both sides have */
  DELTA_TYPE,     /* ... of the column, or of a field inside its type */
  DELTA_NULLABLE, /* likewise */
  DELTA_DEFAULT,
  DELTA_GENERATED,
  DELTA_IDENTITY,
  DELTA_MASK,
  DELTA_PARAMETERS, /* of a function, one for each */
  DELTA_RETURNS,
  DELTA_LANGUAGE,
  DELTA_DETERMINISTIC,
  DELTA_DATA_ACCESS,
  DELTA_CATALOG_TYPE,
  DELTA_VOLUME_TYPE,
  DELTA_ROWS,     /* how many there are: only what a hook notes, like */
  DELTA_CONTENTS, /* their checksum */
  DELTA_FIELDS
};

/* Texts live in the arena given to delta_compare or in the models. */
struct delta_difference {
  enum delta_kind kind;
  enum delta_change change;
  enum delta_field field;
  const char *name;   /* SCHEMA, SCHEMA.OBJECT, SCHEMA.OBJECT.COLUMN; the catalog's own name for itself */
  const char *schema; /* the same in parts, NULL where there is none */
  const char *object;
  const char *column;
  const char *item; /* which one: the tag's or property's key, the principal, the key's or parameter's name,
                       the path inside the column's type; NULL for fields of which there is one */
  const char *old_value, *new_value; /* NULL: there is none on that side */
};

/* An object that one side would not tell about, so that it is neither equal nor different. */
enum delta_side { DELTA_IN_SOURCE, DELTA_IN_DEST, DELTA_IN_BOTH };

struct delta_unknown {
  enum delta_kind kind;
  enum delta_side side;
  enum delta_field field;
  const char *name, *reason;
};

/* How many objects there are. */
struct delta_totals {
  size_t source, dest, both;
  size_t different; /* of those on both sides */
  size_t unknown;   /* likewise: no difference was found, but not everything could be compared */
};

struct delta {
  VEC(struct delta_difference) differences; /* by catalog, schema, kind, name, field: always the same order */
  VEC(struct delta_unknown) unknowns;
  struct delta_totals totals[DELTA_KINDS];
  size_t changes[DELTA_CHANGES];
};

#define DELTA_BIT(field) (UINT64_C(1) << (field))

struct comparing; /* where a comparison stands */

/* All zero: everything counts. */
struct delta_options {
  const struct filter *filter; /* objects by name, or NULL; schemas are chosen when a model is read */
  uint32_t leave_kinds;        /* 1U << a delta_kind for each that is not to be compared */
  uint64_t ignore;             /* DELTA_BIT of each field that does not count */
  /* Called for every table that both sides have and that is no view, in the order of schemas and names,
   * behind its other differences: to note further ones. May be NULL. */
  void (*table)(void *data, struct comparing *at, const struct model_table *source);
  void *table_data;
};

/* [any thread] Compare SOURCE with DEST; both have to be sorted (model_read does that). Tags, keys and grants
 * take part as far as they are in the models: read them for both sides or for none. DELTA is to be zero
 * before, and needs delta_free after. */
void delta_compare(struct arena *arena, const struct model_catalog *source, const struct model_catalog *dest,
                   const struct delta_options *options, struct delta *delta);
void delta_free(struct delta *delta);

/* For hooks: the current object differs in FIELD, unless both values are NULL or FIELD is ignored; or nobody
 * can tell, for REASON. Texts are kept as they are. */
void delta_note(struct comparing *at, enum delta_field field, const char *item, const char *old_value,
                const char *new_value);
void delta_note_unknown(struct comparing *at, enum delta_field field, enum delta_side side,
                        const char *reason);

/* The kind that a table's differences are listed under. */
enum delta_kind delta_table_kind(const struct model_table *table);
/* "catalog", "schema", ...; and in the plural. */
const char *delta_kind_name(enum delta_kind kind);
const char *delta_kind_plural(enum delta_kind kind);
/* "source", "destination", "both" */
const char *delta_side_name(enum delta_side side);
/* "removed", "added", "changed" */
const char *delta_change_name(enum delta_change change);
/* "comment", "primary_key", ... */
const char *delta_field_name(enum delta_field field);
/* The bits that NAME stands for: a field, or one of the groups "constraints", "permissions", "ownership",
 * "security", "comments". 0 when it stands for none. */
uint64_t delta_field_bits(const char *name);
/* The bit of the kind that NAME is, singular or plural; 0 when it is none. */
uint32_t delta_kind_bit(const char *name);
/* The values are texts of several lines rather than words: definitions. */
bool delta_field_is_text(enum delta_field field);

/* TEXT of FIELD (DELTA_DEFINITION) as its own side's catalog named CATALOG would have it, with every mention
 * of CATALOG replaced by a word that is the same for both sides and no catalog's name; line breaks stay. For
 * showing texts line by line. In ARENA, or TEXT. */
const char *delta_neutral_text(struct arena *arena, const char *text, const char *catalog);

#endif
