/* SPDX-License-Identifier: Apache-2.0 */
/* Words for kinds, changes and fields, and what a person may call them. */
#include "kit/delta/internal.h"

#include "base/banned.h"

static const char *const kinds[DELTA_KINDS] = {"catalog", "schema", "table", "view", "function", "volume"};
static const char *const plurals[DELTA_KINDS] = {"catalogs", "schemas",   "tables",
                                                 "views",    "functions", "volumes"};

static const char *const fields[DELTA_FIELDS] = {
    [DELTA_OBJECT] = "object",
    [DELTA_OWNER] = "owner",
    [DELTA_COMMENT] = "comment",
    [DELTA_PROPERTIES] = "properties",
    [DELTA_TAGS] = "tags",
    [DELTA_GRANTS] = "grants",
    [DELTA_TABLE_TYPE] = "table_type",
    [DELTA_FORMAT] = "format",
    [DELTA_LOCATION] = "location",
    [DELTA_PARTITIONING] = "partitioning",
    [DELTA_CLUSTERING] = "clustering",
    [DELTA_DEFINITION] = "definition",
    [DELTA_BINDING] = "binding",
    [DELTA_ROW_FILTER] = "row_filter",
    [DELTA_PRIMARY_KEY] = "primary_key",
    [DELTA_FOREIGN_KEY] = "foreign_key",
    [DELTA_UNIQUE] = "unique",
    [DELTA_CHECK] = "check",
    [DELTA_COLUMN] = "column",
    [DELTA_POSITION] = "position",
    [DELTA_TYPE] = "type",
    [DELTA_NULLABLE] = "nullable",
    [DELTA_DEFAULT] = "default",
    [DELTA_GENERATED] = "generated",
    [DELTA_IDENTITY] = "identity",
    [DELTA_MASK] = "mask",
    [DELTA_PARAMETERS] = "parameters",
    [DELTA_RETURNS] = "returns",
    [DELTA_LANGUAGE] = "language",
    [DELTA_DETERMINISTIC] = "deterministic",
    [DELTA_DATA_ACCESS] = "data_access",
    [DELTA_CATALOG_TYPE] = "catalog_type",
    [DELTA_VOLUME_TYPE] = "volume_type",
    [DELTA_ROWS] = "rows",
    [DELTA_CONTENTS] = "contents",
};

/* The words that `clone` has switches for. */
static const struct {
  const char *name;
  uint64_t bits;
} groups[] = {
    {"constraints", DELTA_BIT(DELTA_PRIMARY_KEY) | DELTA_BIT(DELTA_FOREIGN_KEY) | DELTA_BIT(DELTA_UNIQUE) |
                        DELTA_BIT(DELTA_CHECK)},
    {"permissions", DELTA_BIT(DELTA_GRANTS)},
    {"ownership", DELTA_BIT(DELTA_OWNER)},
    {"security", DELTA_BIT(DELTA_ROW_FILTER) | DELTA_BIT(DELTA_MASK)},
    {"comments", DELTA_BIT(DELTA_COMMENT)},
};

const char *
delta_kind_name(enum delta_kind kind)
{
  return kinds[kind];
}

const char *
delta_kind_plural(enum delta_kind kind)
{
  return plurals[kind];
}

const char *
delta_change_name(enum delta_change change)
{
  static const char *const names[DELTA_CHANGES] = {"removed", "added", "changed"};

  return names[change];
}

const char *
delta_side_name(enum delta_side side)
{
  static const char *const names[] = {"source", "destination", "both"};

  return names[side];
}

const char *
delta_field_name(enum delta_field field)
{
  return fields[field];
}

uint64_t
delta_field_bits(const char *name)
{
  for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
    if (str_ieq(groups[i].name, name)) return groups[i].bits;
  for (int i = 0; i < DELTA_FIELDS; i++)
    if (str_ieq(fields[i], name)) return DELTA_BIT(i);
  return 0;
}

uint32_t
delta_kind_bit(const char *name)
{
  for (int i = 0; i < DELTA_KINDS; i++)
    if (str_ieq(kinds[i], name) || str_ieq(plurals[i], name)) return UINT32_C(1) << i;
  return 0;
}

bool
delta_field_is_text(enum delta_field field)
{
  return field == DELTA_DEFINITION;
}
