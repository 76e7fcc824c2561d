/* SPDX-License-Identifier: Apache-2.0 */
/* CLONE and RESTORE: what travels, what is refused, what history says.
 * https://docs.databricks.com/sql/language-manual/delta-clone.html */
#include "base/str.h"
#include "test_engine.h"

#include "base/banned.h"

static void
setup(void)
{
  engine_setup();
  DO("CREATE TABLE c.s.t (id BIGINT NOT NULL COMMENT 'key', v STRING DEFAULT 'x') COMMENT 'source'"
     " TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported', 'k' = 'v')");
  DO("INSERT INTO c.s.t VALUES (1, 'a'), (2, 'b')");
}

TestSuite(clone, .init = setup, .fini = engine_teardown);

static struct table
table(const char *object)
{
  struct table out;

  cr_assert(table_open(engine_enter(), &(struct name){"c", "d", object}, NULL, &out));
  engine_leave();
  return out;
}

static const char *
property(const struct table *table, const char *key)
{
  const char *value = property_get(engine_enter()->arena, table->properties, key);

  engine_leave();
  return value;
}

Test(clone, a_deep_clone_is_a_table_of_its_own)
{
  struct run run = engine_try(ADMIN, "CREATE TABLE c.d.t DEEP CLONE c.s.t");
  struct table t;

  cr_assert(run.ok, "%s", run.session.fault.message);
  cr_assert_eq(run.result.column_count, 6);
  cr_assert_str_eq(run.result.columns[0].name, "source_table_size");
  cr_assert_str_eq(run.result.columns[3].name, "num_copied_files");
  cr_assert_str_eq(engine_cell(&run, 0, 1), "1");
  cr_assert_str_eq(engine_cell(&run, 0, 3), "1");
  t = table("t");
  cr_assert_str_eq(t.table_type, "MANAGED");
  cr_assert_eq(t.version, 0);
  cr_assert_str_eq(t.columns[0].comment, "key");
  cr_assert_str_eq(t.columns[1].default_sql, "'x'");
  cr_assert_null(t.object.comment, "CLONE took the table's comment along");
  cr_assert_str_eq(property(&t, "k"), "v");
  ROWS("1|a;2|b", "SELECT * FROM c.d.t ORDER BY id");
  DO("INSERT INTO c.d.t VALUES (3, 'c')");
  ROWS("2", "SELECT count(*) FROM c.s.t");
  ROWS("3", "SELECT count(*) FROM c.d.t");
}

Test(clone, a_second_clone_brings_only_the_difference)
{
  struct run run;

  DO("CREATE TABLE c.d.t CLONE c.s.t");
  DO("INSERT INTO c.s.t VALUES (3, 'c')");
  DO("INSERT INTO c.d.t VALUES (9, 'lost')");
  run = engine_try(ADMIN, "CREATE OR REPLACE TABLE c.d.t CLONE c.s.t");
  cr_assert(run.ok, "%s", run.session.fault.message);
  cr_assert_str_eq(engine_cell(&run, 0, 1), "2");
  cr_assert_str_eq(engine_cell(&run, 0, 2), "1");
  cr_assert_str_eq(engine_cell(&run, 0, 3), "1");
  ROWS("1;2;3", "SELECT id FROM c.d.t ORDER BY id");
  run = engine_try(ADMIN, "CREATE OR REPLACE TABLE c.d.t CLONE c.s.t");
  cr_assert_str_eq(engine_cell(&run, 0, 3), "0");
  ROWS("1;2;9", "SELECT id FROM c.d.t VERSION AS OF 1 ORDER BY id");
}

Test(clone, history_names_the_source_and_its_version)
{
  struct version *versions;
  struct table t;
  size_t count;

  DO("CREATE TABLE c.d.t SHALLOW CLONE c.s.t VERSION AS OF 0");
  t = table("t");
  cr_assert(version_list(engine_enter(), t.object.id, 0, &versions, &count));
  cr_assert_eq(count, 1);
  cr_assert_str_eq(versions[0].operation, "CLONE");
  cr_assert_str_eq(versions[0].parameters,
                   "{\"source\":\"c.s.t\",\"sourceVersion\":\"0\",\"isShallow\":\"true\"}");
  engine_leave();
  ROWS("0", "SELECT count(*) FROM c.d.t");
}

Test(clone, properties_and_location_can_be_given)
{
  struct table t;

  DO("CREATE TABLE c.d.t CLONE c.s.t TBLPROPERTIES ('k' = 'mine', 'new' = '1') LOCATION 's3://b/t'");
  t = table("t");
  cr_assert_str_eq(t.table_type, "EXTERNAL");
  cr_assert_str_eq(t.storage_location, "s3://b/t");
  cr_assert_str_eq(property(&t, "k"), "mine");
  cr_assert_str_eq(property(&t, "new"), "1");
}

Test(clone, changing_between_managed_and_shallow_is_refused)
{
  DO("CREATE TABLE c.d.t CLONE c.s.t");
  REFUSED("INVALID_PARAMETER_VALUE.UPDATE_TABLE_TYPE", "CREATE OR REPLACE TABLE c.d.t SHALLOW CLONE c.s.t");
  DO("CREATE TABLE c.d.sh SHALLOW CLONE c.s.t");
  cr_assert_str_eq(table("sh").table_type, "MANAGED_SHALLOW_CLONE");
  REFUSED("INVALID_PARAMETER_VALUE.UPDATE_TABLE_TYPE", "CREATE OR REPLACE TABLE c.d.sh DEEP CLONE c.s.t");
  REFUSED("CANNOT_SHALLOW_CLONE_NESTED", "CREATE TABLE c.d.n SHALLOW CLONE c.d.sh");
  DO("CREATE TABLE c.d.n DEEP CLONE c.d.sh");
  REFUSED("TABLE_OR_VIEW_ALREADY_EXISTS", "CREATE TABLE c.d.n CLONE c.s.t");
  DO("CREATE TABLE IF NOT EXISTS c.d.n CLONE c.s.t");
  REFUSED("DELTA_CANNOT_REPLACE_MISSING_TABLE", "REPLACE TABLE c.d.missing CLONE c.s.t");
  REFUSED("TABLE_OR_VIEW_NOT_FOUND", "CREATE TABLE c.d.x CLONE c.s.missing");
  REFUSED("DELTA_VERSION_NOT_FOUND", "CREATE TABLE c.d.x CLONE c.s.t VERSION AS OF 9");
}

Test(clone, what_cannot_be_cloned_says_so)
{
  DO("CREATE VIEW c.s.view AS SELECT * FROM c.s.t");
  REFUSED("DELTA_CLONE_UNSUPPORTED_SOURCE", "CREATE TABLE c.d.x CLONE c.s.view");
  DO("CREATE MATERIALIZED VIEW c.s.mv AS SELECT id FROM c.s.t");
  REFUSED("DELTA_CLONE_UNSUPPORTED_SOURCE", "CREATE TABLE c.d.x CLONE c.s.mv");
  DO("CREATE STREAMING TABLE c.s.st AS SELECT id FROM STREAM(c.s.t)");
  REFUSED("DELTA_CLONE_UNSUPPORTED_SOURCE", "CREATE TABLE c.d.x CLONE c.s.st");
  DO("CREATE TABLE c.s.csv (a INT) USING CSV LOCATION 's3://b/csv'");
  REFUSED("DELTA_CLONE_UNSUPPORTED_SOURCE", "CREATE TABLE c.d.x CLONE c.s.csv");
  DO("CREATE TABLE c.s.ext (a INT) LOCATION 's3://b/ext'");
  REFUSED("CANNOT_SHALLOW_CLONE_NON_UC_MANAGED_TABLE_AS_SOURCE_OR_TARGET",
          "CREATE TABLE c.d.x SHALLOW CLONE c.s.ext");
  DO("CREATE TABLE c.d.x SHALLOW CLONE c.s.ext LOCATION 's3://b/x'");
  DO("CREATE TABLE c.s.parquet (a INT) USING PARQUET LOCATION 's3://b/parquet'");
  DO("CREATE TABLE c.d.converted CLONE c.s.parquet");
  cr_assert_str_eq(table("converted").data_source_format, "DELTA");
}

Test(clone, protected_tables_are_not_copied_and_protection_survives_a_replace)
{
  DO("CREATE FUNCTION c.s.mask(v STRING) RETURN 'x'");
  DO("CREATE FUNCTION c.s.filter(id BIGINT) RETURN id < 100");
  DO("CREATE TABLE c.d.t CLONE c.s.t");
  DO("ALTER TABLE c.d.t ALTER COLUMN v SET MASK c.s.mask");
  DO("ALTER TABLE c.d.t SET ROW FILTER c.s.filter ON (id)");
  DO("CREATE OR REPLACE TABLE c.d.t CLONE c.s.t");
  cr_assert_str_eq(table("t").row_filter->function_name, "c.s.filter");
  cr_assert_str_eq(table("t").columns[1].mask->function_name, "c.s.mask");
  cr_assert(str_starts(engine_try(ADMIN, "CREATE TABLE c.d.u CLONE c.d.t").session.fault.error_class,
                       "ROW_COLUMN_ACCESS."));
  DO("ALTER TABLE c.d.t ALTER COLUMN v DROP MASK");
  DO("ALTER TABLE c.d.t DROP ROW FILTER");
  DO("CREATE TABLE c.d.u CLONE c.d.t");
}

Test(clone, keys_tags_grants_and_owners_stay_behind_and_checks_come_along)
{
  struct tag *tags;
  struct table t;
  size_t count;

  DO("ALTER TABLE c.s.t ADD CONSTRAINT pk PRIMARY KEY (id)");
  DO("ALTER TABLE c.s.t ADD CONSTRAINT small CHECK (id < 1000)");
  DO("ALTER TABLE c.s.t SET TAGS ('k' = 'v')");
  DO("GRANT USE CATALOG, USE SCHEMA, SELECT, CREATE TABLE ON CATALOG c TO `" OTHER "`");
  DO_AS(OTHER, "CREATE TABLE c.d.t CLONE c.s.t");
  t = table("t");
  cr_assert_str_eq(t.object.owner, OTHER);
  cr_assert_eq(t.constraint_count, 0);
  cr_assert(tag_list(engine_enter(), &t.object, NULL, &tags, &count));
  engine_leave();
  cr_assert_eq(count, 0);
  REFUSED_AS(OTHER, "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES", "INSERT INTO c.d.t VALUES (5000, 'z')");
  REFUSED_AS(OTHER, "DELTA_CONSTRAINT_ALREADY_EXISTS",
             "ALTER TABLE c.d.t ADD CONSTRAINT small CHECK (id < 1000)");
}

Test(clone, replacing_takes_modify_on_the_target)
{
  DO("CREATE TABLE c.d.t CLONE c.s.t");
  DO("GRANT USE CATALOG, USE SCHEMA, SELECT ON CATALOG c TO `" OTHER "`");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "CREATE OR REPLACE TABLE c.d.t CLONE c.s.t");
  DO("GRANT MODIFY ON TABLE c.d.t TO `" OTHER "`");
  DO_AS(OTHER, "CREATE OR REPLACE TABLE c.d.t CLONE c.s.t");
  cr_assert_str_eq(table("t").object.owner, ADMIN);
}

Test(clone, restore_goes_back_and_on)
{
  struct run run;

  DO("INSERT INTO c.s.t VALUES (3, 'c')");
  DO("DELETE FROM c.s.t WHERE id = 1");
  run = engine_try(ADMIN, "RESTORE TABLE c.s.t TO VERSION AS OF 1");
  cr_assert(run.ok, "%s", run.session.fault.message);
  cr_assert_str_eq(run.result.columns[1].name, "num_of_files_after_restore");
  ROWS("1;2", "SELECT id FROM c.s.t ORDER BY id");
  DO("UPDATE c.s.t SET v = 'new' WHERE id = 2");
  ROWS("1|a;2|new", "SELECT * FROM c.s.t ORDER BY id");
  ROWS("1|a;2|b", "SELECT * FROM c.s.t VERSION AS OF 4 ORDER BY id");
  ROWS("2;3", "SELECT id FROM c.s.t VERSION AS OF 3 ORDER BY id");
  REFUSED("DELTA_CANNOT_RESTORE_TABLE_VERSION", "RESTORE TABLE c.s.t TO VERSION AS OF 99");
  REFUSED("DELTA_CANNOT_RESTORE_TIMESTAMP_EARLIER", "RESTORE TABLE c.s.t TO TIMESTAMP AS OF '2001-01-01'");
}

Test(clone, tags_of_the_target_stay_with_their_columns)
{
  struct tag *tags;
  struct table t;
  size_t count;

  DO("CREATE TABLE c.d.t (zero INT, v STRING, id BIGINT)");
  DO("ALTER TABLE c.d.t ALTER COLUMN id SET TAGS ('of' = 'id')");
  DO("ALTER TABLE c.d.t ALTER COLUMN zero SET TAGS ('of' = 'zero')");
  DO("CREATE OR REPLACE TABLE c.d.t CLONE c.s.t");
  t = table("t");
  cr_assert(tag_list(engine_enter(), &t.object, "id", &tags, &count));
  engine_leave();
  cr_assert_eq(count, 1);
  cr_assert_str_eq(tags[0].value, "id");
  cr_assert(tag_list(engine_enter(), &t.object, "v", &tags, &count));
  engine_leave();
  cr_assert_eq(count, 0);
}
