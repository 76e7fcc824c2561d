/* SPDX-License-Identifier: Apache-2.0 */
/* information_schema, relation by relation, in the order in which the columns come out of SELECT *. */
#include "show/relations.h"

#include "base/str.h"
#include "store/securable.h"

#include "base/banned.h"

#define TIME(column) "strftime('%Y-%m-%d %H:%M:%f', " column " / 1000.0, 'unixepoch')"
#define YES_NO(condition) "CASE WHEN " condition " THEN 'YES' ELSE 'NO' END"
#define TEXT(name, sql) \
  {                     \
    name, "string", sql \
  }
#define NUMBER(name, sql) \
  {                       \
    name, "int", sql      \
  }
#define NOTHING(name)      \
  {                        \
    name, "string", "NULL" \
  }
#define NO(name)           \
  {                        \
    name, "string", "'NO'" \
  }
#define DATES(x)                                                                        \
  {"created", "timestamp", TIME(x ".created_at")}, TEXT("created_by", x ".created_by"), \
      {"last_altered", "timestamp", TIME(x ".updated_at")}, TEXT("last_altered_by", x ".updated_by")
/* What a type says of itself; X has type_name, precision and scale. */
#define TYPE_PARTS(x)                                                                                 \
  NUMBER("character_maximum_length", "NULL"), NOTHING("character_octet_length"),                      \
      NUMBER("numeric_precision",                                                                     \
             "CASE " x ".type_name WHEN 'BYTE' THEN 8 WHEN 'SHORT' THEN 16 WHEN 'INT' THEN 32 "       \
             "WHEN 'LONG' THEN 64 WHEN 'FLOAT' THEN 24 WHEN 'DOUBLE' THEN 53 WHEN 'DECIMAL' "         \
             "THEN " x ".precision END"),                                                             \
      NUMBER("numeric_precision_radix",                                                               \
             "CASE WHEN " x ".type_name = 'DECIMAL' THEN 10 WHEN " x                                  \
             ".type_name IN ('BYTE', 'SHORT', 'INT', 'LONG', 'FLOAT', 'DOUBLE') THEN 2 "              \
             "END"),                                                                                  \
      NUMBER("numeric_scale", "CASE WHEN " x ".type_name = 'DECIMAL' THEN " x ".scale WHEN " x        \
                              ".type_name IN ('BYTE', 'SHORT', 'INT', 'LONG') THEN 0 END"),           \
      NUMBER("datetime_precision", "CASE " x ".type_name WHEN 'DATE' THEN 0 WHEN 'TIMESTAMP' THEN 6 " \
                                   "WHEN 'TIMESTAMP_NTZ' THEN 6 END"),                                \
      NOTHING("interval_type"), NOTHING("interval_precision"), NUMBER("maximum_cardinality", "NULL")
#define GRANT_HEAD TEXT("grantor", "coalesce(g.grantor, '')"), TEXT("grantee", "p.name")
#define GRANT_TAIL(inherited) \
  TEXT("privilege_type", "v.name"), NO("is_grantable"), TEXT("inherited_from", inherited)
#define TABLE_OF(x, y, z) TEXT("table_catalog", x), TEXT("table_schema", y), TEXT("table_name", z)
#define COLUMNS(...)                         \
  (const struct info_column[]){__VA_ARGS__}, \
      sizeof((const struct info_column[]){__VA_ARGS__}) / sizeof(struct info_column)

#define RELATION " JOIN relation r ON r.id = o.id"
#define COLUMN RELATION " JOIN col k ON k.table_id = o.id"
#define ROUTINE " JOIN routine r ON r.id = o.id"
#define TAG(x, column) " JOIN tag t ON t.securable_id = " x ".id AND t.column_id = " column
#define CONSTRAINT " JOIN constraints k ON k.table_id = o.id"
#define CONSTRAINT_NAME \
  TEXT("constraint_catalog", "c.name"), TEXT("constraint_schema", "s.name"), TEXT("constraint_name", "k.name")
/* The table that a constraint is about: a foreign key is about its parent. */
#define ABOUT                                                                                              \
  " JOIN securable ao ON ao.id = coalesce(k.parent_id, k.table_id) JOIN securable ax ON ax.id = ao.parent" \
  " JOIN securable ac ON ac.id = ax.parent"

static const struct info_relation relations[] = {
    {"information_schema_catalog_name", INFO_CATALOG, 0, false, "", COLUMNS(TEXT("catalog_name", "c.name"))},
    {"catalogs", INFO_CATALOG, 0, false, "",
     COLUMNS(TEXT("catalog_name", "c.name"), TEXT("catalog_owner", "c.owner"), TEXT("comment", "c.comment"),
             DATES("c"))},
    {"schemata", INFO_SCHEMA, 0, false, "",
     COLUMNS(TEXT("catalog_name", "c.name"), TEXT("schema_name", "s.name"), TEXT("schema_owner", "s.owner"),
             TEXT("comment", "s.comment"), DATES("s"))},
    {"tables", INFO_OBJECT, SEC_TABLE, false, RELATION,
     COLUMNS(
         TABLE_OF("c.name", "s.name", "o.name"), TEXT("table_type", "r.table_type"),
         TEXT("is_insertable_into", YES_NO("r.table_type IN ('MANAGED', 'EXTERNAL', 'MANAGED_SHALLOW_CLONE', "
                                           "'EXTERNAL_SHALLOW_CLONE')")),
         TEXT("commit_action", "'PRESERVE'"), TEXT("table_owner", "o.owner"), TEXT("comment", "o.comment"),
         DATES("o"), TEXT("data_source_format", "coalesce(r.format, 'UNKNOWN_DATA_SOURCE_FORMAT')"),
         TEXT("storage_path", "r.location"), NOTHING("storage_sub_directory"))},
    {"columns", INFO_OBJECT, SEC_TABLE, false, COLUMN,
     COLUMNS(TABLE_OF("c.name", "s.name", "o.name"), TEXT("column_name", "k.name"),
             NUMBER("ordinal_position", "k.position + 1"), TEXT("column_default", "k.default_sql"),
             TEXT("is_nullable", YES_NO("k.nullable")), TEXT("full_data_type", "k.type_text"),
             TEXT("data_type", "k.type_name"), TYPE_PARTS("k"), TEXT("is_identity", YES_NO("k.identity")),
             TEXT("identity_generation", "CASE k.identity WHEN 1 THEN 'ALWAYS' WHEN 2 THEN 'BY DEFAULT' END"),
             TEXT("identity_start", "CASE WHEN k.identity THEN CAST(k.identity_start AS TEXT) END"),
             TEXT("identity_increment", "CASE WHEN k.identity THEN CAST(k.identity_step AS TEXT) END"),
             NOTHING("identity_maximum"), NOTHING("identity_minimum"), NOTHING("identity_cycle"),
             TEXT("is_generated", "CASE WHEN k.generated_sql IS NULL THEN 'NEVER' ELSE 'ALWAYS' END"),
             TEXT("generation_expression", "k.generated_sql"), NO("is_system_time_period_start"),
             NO("is_system_time_period_end"), NOTHING("system_time_period_timestamp_generation"),
             TEXT("is_updatable", YES_NO("r.table_type IN ('MANAGED', 'EXTERNAL', 'MANAGED_SHALLOW_CLONE', "
                                         "'EXTERNAL_SHALLOW_CLONE')")),
             NUMBER("partition_index", "CASE WHEN k.partition_index >= 0 THEN k.partition_index END"),
             TEXT("comment", "k.comment"))},
    {"views", INFO_OBJECT, SEC_TABLE, false,
     RELATION " AND r.table_type IN ('VIEW', 'MATERIALIZED_VIEW', 'METRIC_VIEW')",
     COLUMNS(TABLE_OF("c.name", "s.name", "o.name"),
             TEXT("view_definition", "CASE WHEN $own THEN r.view_definition END"),
             TEXT("check_option", "'NONE'"), NO("is_updatable"), NO("is_insertable_into"),
             NOTHING("sql_path"))},
    {"routines", INFO_OBJECT, SEC_FUNCTION, false, ROUTINE,
     COLUMNS(TEXT("specific_catalog", "c.name"), TEXT("specific_schema", "s.name"),
             TEXT("specific_name", "o.name"), TEXT("routine_catalog", "c.name"),
             TEXT("routine_schema", "s.name"), TEXT("routine_name", "o.name"),
             TEXT("routine_type", "'FUNCTION'"),
             TEXT("data_type", "CASE r.data_type WHEN 'TABLE_TYPE' THEN 'TABLE' ELSE r.data_type END"),
             TEXT("full_data_type", "r.full_data_type"), NUMBER("character_maximum_length", "NULL"),
             NOTHING("character_octet_length"), NUMBER("numeric_precision", "NULL"),
             NUMBER("numeric_precision_radix", "NULL"), NUMBER("numeric_scale", "NULL"),
             NUMBER("datetime_precision", "NULL"), NOTHING("interval_type"), NOTHING("interval_precision"),
             NUMBER("maximum_cardinality", "NULL"),
             TEXT("routine_body", "CASE r.language WHEN 'SQL' THEN 'SQL' ELSE 'EXTERNAL' END"),
             TEXT("routine_definition", "CASE WHEN $own THEN r.definition END"), NOTHING("external_name"),
             TEXT("external_language", "CASE WHEN r.language <> 'SQL' THEN r.language END"),
             TEXT("parameter_style", "CASE WHEN r.language = 'SQL' THEN 'SQL' ELSE 'GENERAL' END"),
             TEXT("is_deterministic", YES_NO("r.deterministic")),
             TEXT("sql_data_access", "replace(r.sql_data_access, '_', ' ')"), NO("is_null_call"),
             NOTHING("sql_path"), TEXT("security_type", "'DEFINER'"), NO("as_locator"),
             TEXT("comment", "o.comment"), DATES("o"), TEXT("routine_owner", "o.owner"))},
    {"parameters", INFO_OBJECT, SEC_FUNCTION, false,
     " JOIN routine_parameter k ON k.routine_id = o.id AND k.result = 0",
     COLUMNS(TEXT("specific_catalog", "c.name"), TEXT("specific_schema", "s.name"),
             TEXT("specific_name", "o.name"), NUMBER("ordinal_position", "k.position"),
             TEXT("parameter_mode", "'IN'"), NO("is_result"), NO("as_locator"),
             TEXT("parameter_name", "k.name"), TEXT("data_type", "k.type_name"),
             TEXT("full_data_type", "k.type_text"), TYPE_PARTS("k"),
             TEXT("parameter_default", "k.default_sql"), TEXT("comment", "k.comment"))},
    {"routine_columns", INFO_OBJECT, SEC_FUNCTION, false,
     " JOIN routine_parameter k ON k.routine_id = o.id AND k.result = 1",
     COLUMNS(TEXT("specific_catalog", "c.name"), TEXT("specific_schema", "s.name"),
             TEXT("specific_name", "o.name"), TEXT("column_name", "k.name"),
             NUMBER("ordinal_position", "k.position"), TEXT("data_type", "k.type_name"),
             TEXT("full_data_type", "k.type_text"), TYPE_PARTS("k"), TEXT("comment", "k.comment"))},
    {"volumes", INFO_OBJECT, SEC_VOLUME, false, " JOIN volume r ON r.id = o.id",
     COLUMNS(TEXT("volume_catalog", "c.name"), TEXT("volume_schema", "s.name"), TEXT("volume_name", "o.name"),
             TEXT("volume_type", "r.type"), TEXT("volume_owner", "o.owner"), TEXT("comment", "o.comment"),
             DATES("o"), TEXT("storage_location", "r.storage_location"))},
    {"catalog_privileges", INFO_CATALOG, 0, true, "",
     COLUMNS(GRANT_HEAD, TEXT("catalog_name", "c.name"), GRANT_TAIL("'NONE'"))},
    {"schema_privileges", INFO_SCHEMA, 0, true, "",
     COLUMNS(GRANT_HEAD, TEXT("catalog_name", "c.name"), TEXT("schema_name", "s.name"),
             GRANT_TAIL("CASE g.securable_id WHEN s.id THEN 'NONE' ELSE 'CATALOG' END"))},
    {"table_privileges", INFO_OBJECT, SEC_TABLE, true, "",
     COLUMNS(
         GRANT_HEAD, TABLE_OF("c.name", "s.name", "o.name"),
         GRANT_TAIL("CASE g.securable_id WHEN o.id THEN 'NONE' WHEN s.id THEN 'SCHEMA' ELSE 'CATALOG' END"))},
    {"routine_privileges", INFO_OBJECT, SEC_FUNCTION, true, "",
     COLUMNS(
         GRANT_HEAD, TEXT("specific_catalog", "c.name"), TEXT("specific_schema", "s.name"),
         TEXT("specific_name", "o.name"), TEXT("routine_catalog", "c.name"), TEXT("routine_schema", "s.name"),
         TEXT("routine_name", "o.name"),
         GRANT_TAIL("CASE g.securable_id WHEN o.id THEN 'NONE' WHEN s.id THEN 'SCHEMA' ELSE 'CATALOG' END"))},
    {"volume_privileges", INFO_OBJECT, SEC_VOLUME, true, "",
     COLUMNS(
         GRANT_HEAD, TEXT("volume_catalog", "c.name"), TEXT("volume_schema", "s.name"),
         TEXT("volume_name", "o.name"),
         GRANT_TAIL("CASE g.securable_id WHEN o.id THEN 'NONE' WHEN s.id THEN 'SCHEMA' ELSE 'CATALOG' END"))},
    {"catalog_tags", INFO_CATALOG, 0, false, TAG("c", "0"),
     COLUMNS(TEXT("catalog_name", "c.name"), TEXT("tag_name", "t.key"), TEXT("tag_value", "t.value"))},
    {"schema_tags", INFO_SCHEMA, 0, false, TAG("s", "0"),
     COLUMNS(TEXT("catalog_name", "c.name"), TEXT("schema_name", "s.name"), TEXT("tag_name", "t.key"),
             TEXT("tag_value", "t.value"))},
    {"table_tags", INFO_OBJECT, SEC_TABLE, false, TAG("o", "0"),
     COLUMNS(TEXT("catalog_name", "c.name"), TEXT("schema_name", "s.name"), TEXT("table_name", "o.name"),
             TEXT("tag_name", "t.key"), TEXT("tag_value", "t.value"))},
    {"column_tags", INFO_OBJECT, SEC_TABLE, false, COLUMN TAG("o", "k.id"),
     COLUMNS(TEXT("catalog_name", "c.name"), TEXT("schema_name", "s.name"), TEXT("table_name", "o.name"),
             TEXT("column_name", "k.name"), TEXT("tag_name", "t.key"), TEXT("tag_value", "t.value"))},
    {"volume_tags", INFO_OBJECT, SEC_VOLUME, false, TAG("o", "0"),
     COLUMNS(TEXT("catalog_name", "c.name"), TEXT("schema_name", "s.name"), TEXT("volume_name", "o.name"),
             TEXT("tag_name", "t.key"), TEXT("tag_value", "t.value"))},
    {"table_constraints", INFO_OBJECT, SEC_TABLE, false, CONSTRAINT,
     COLUMNS(CONSTRAINT_NAME, TABLE_OF("c.name", "s.name", "o.name"),
             TEXT("constraint_type",
                  "CASE k.kind WHEN 0 THEN 'PRIMARY KEY' WHEN 1 THEN 'FOREIGN KEY' ELSE 'UNIQUE' END"),
             NO("is_deferrable"), NO("initially_deferred"), NO("enforced"), NOTHING("comment"))},
    {"key_column_usage", INFO_OBJECT, SEC_TABLE, false, CONSTRAINT " JOIN json_each(k.columns) j",
     COLUMNS(CONSTRAINT_NAME, TABLE_OF("c.name", "s.name", "o.name"), TEXT("column_name", "j.value"),
             NUMBER("ordinal_position", "j.key + 1"),
             NUMBER("position_in_unique_constraint",
                    "(SELECT x.key + 1 FROM constraints u JOIN json_each(u.columns) x WHERE u.table_id = "
                    "k.parent_id AND "
                    "u.kind = 0 AND x.value = json_extract(k.parent_columns, '$[' || j.key || ']'))"))},
    {"referential_constraints", INFO_OBJECT, SEC_TABLE, false,
     CONSTRAINT " AND k.kind = 1 JOIN constraints u ON u.table_id = k.parent_id AND u.kind = 0" ABOUT,
     COLUMNS(CONSTRAINT_NAME, TEXT("unique_constraint_catalog", "ac.name"),
             TEXT("unique_constraint_schema", "ax.name"), TEXT("unique_constraint_name", "u.name"),
             TEXT("match_option", "'FULL'"), TEXT("update_rule", "'NO ACTION'"),
             TEXT("delete_rule", "'NO ACTION'"))},
    {"constraint_table_usage", INFO_OBJECT, SEC_TABLE, false, CONSTRAINT ABOUT,
     COLUMNS(CONSTRAINT_NAME, TABLE_OF("ac.name", "ax.name", "ao.name"))},
    {"constraint_column_usage", INFO_OBJECT, SEC_TABLE, false,
     CONSTRAINT ABOUT " JOIN json_each(CASE k.kind WHEN 1 THEN k.parent_columns ELSE k.columns END) j",
     COLUMNS(CONSTRAINT_NAME, TABLE_OF("ac.name", "ax.name", "ao.name"), TEXT("column_name", "j.value"))},
    {"external_locations", INFO_CATALOG, SEC_EXTERNAL_LOCATION, false,
     " JOIN external_location l ON l.id = c.id LEFT JOIN securable k ON k.id = l.credential_id",
     COLUMNS(TEXT("external_location_name", "c.name"), TEXT("external_location_owner", "c.owner"),
             TEXT("url", "l.url"), TEXT("storage_credential_id", "k.uuid"),
             TEXT("storage_credential_name", "k.name"), TEXT("read_only", YES_NO("l.read_only")),
             TEXT("comment", "c.comment"), DATES("c"))},
    {"external_location_privileges", INFO_CATALOG, SEC_EXTERNAL_LOCATION, true, "",
     COLUMNS(GRANT_HEAD, TEXT("external_location_name", "c.name"), GRANT_TAIL("'NONE'"))},
    {"storage_credentials", INFO_CATALOG, SEC_STORAGE_CREDENTIAL, false,
     " JOIN storage_credential l ON l.id = c.id",
     COLUMNS(TEXT("storage_credential_id", "c.uuid"), TEXT("storage_credential_name", "c.name"),
             TEXT("storage_credential_owner", "c.owner"), TEXT("credential_type", "upper(l.identity_kind)"),
             NOTHING("credential"), TEXT("used_for_managed_storage", YES_NO("l.managed")),
             TEXT("comment", "c.comment"), DATES("c"))},
    {"storage_credential_privileges", INFO_CATALOG, SEC_STORAGE_CREDENTIAL, true, "",
     COLUMNS(GRANT_HEAD, TEXT("storage_credential_name", "c.name"), GRANT_TAIL("'NONE'"))},
    {"check_constraints", INFO_EMPTY, 0, false, "",
     COLUMNS(NOTHING("constraint_catalog"), NOTHING("constraint_schema"), NOTHING("constraint_name"),
             NOTHING("check_clause"), NOTHING("sql_path"))},
    {"row_filters", INFO_OBJECT, SEC_TABLE, false, RELATION " AND r.row_filter IS NOT NULL",
     COLUMNS(TABLE_OF("c.name", "s.name", "o.name"),
             TEXT("filter_name", "json_extract(r.row_filter, '$.function_name')"),
             TEXT("target_columns", "(SELECT group_concat(coalesce(json_extract(j.value, '$.column'), "
                                    "json_extract(j.value, '$.constant')), ',') FROM json_each(r.row_filter, "
                                    "'$.arguments') j)"))},
    {"column_masks", INFO_OBJECT, SEC_TABLE, false, COLUMN " AND k.mask IS NOT NULL",
     COLUMNS(TABLE_OF("c.name", "s.name", "o.name"), TEXT("column_name", "k.name"),
             TEXT("mask_name", "json_extract(k.mask, '$.function_name')"),
             TEXT("using_columns",
                  "(SELECT group_concat(coalesce(json_extract(j.value, '$.column'), "
                  "json_extract(j.value, '$.constant')), ',') FROM json_each(k.mask, '$.arguments') j)"))},
};

#define SIDE(side)                                                                                 \
  NOTHING(side "_table_full_name"), NOTHING(side "_table_catalog"), NOTHING(side "_table_schema"), \
      NOTHING(side "_table_name"), NOTHING(side "_path"), NOTHING(side "_type")
#define LINEAGE_HEAD                                                                               \
  NOTHING("account_id"), NOTHING("metastore_id"), NOTHING("workspace_id"), NOTHING("entity_type"), \
      NOTHING("entity_id"), NOTHING("entity_run_id")
#define LINEAGE_TAIL                                                                          \
  NOTHING("created_by"), {"event_time", "timestamp", "NULL"}, {"event_date", "date", "NULL"}, \
      NOTHING("record_id"), NOTHING("event_id"), NOTHING("statement_id"), NOTHING("entity_metadata")

static const struct info_relation access_relations[] = {
    {"table_lineage", INFO_EMPTY, 0, false, "",
     COLUMNS(LINEAGE_HEAD, SIDE("source"), SIDE("target"), LINEAGE_TAIL)},
    {"column_lineage", INFO_EMPTY, 0, false, "",
     COLUMNS(LINEAGE_HEAD, SIDE("source"), NOTHING("source_column_name"), SIDE("target"),
             NOTHING("target_column_name"), LINEAGE_TAIL)},
};

static const struct info_relation *
find(const struct info_relation *list, size_t count, const char *name)
{
  for (size_t i = 0; i < count; i++)
    if (str_eq(list[i].name, name)) return &list[i];
  return NULL;
}

const struct info_relation *
info_relation_find(const char *name)
{
  return find(relations, ARRAY_SIZE(relations), name);
}

const struct info_relation *
info_access_find(const char *name)
{
  return find(access_relations, ARRAY_SIZE(access_relations), name);
}

bool
info_of_metastore(const struct info_relation *relation)
{
  return relation->level == INFO_CATALOG && relation->kind != 0;
}

const struct info_relation *
info_relation_at(size_t index)
{
  return index < ARRAY_SIZE(relations) ? &relations[index] : NULL;
}
