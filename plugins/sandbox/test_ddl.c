/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that make, change and drop objects, and who may run them. */
#include "base/str.h"
#include "test_engine.h"

#include "base/banned.h"

TestSuite(ddl, .init = engine_setup, .fini = engine_teardown);

static struct table
table(const char *schema, const char *object)
{
  struct table out;

  cr_assert(table_open(engine_enter(), &(struct name){"c", schema, object}, NULL, &out));
  engine_leave();
  return out;
}

Test(ddl, nothing_is_made_in_an_information_schema)
{
  REFUSED("INSUFFICIENT_PERMISSIONS", "CREATE TABLE c.information_schema.t (a INT)");
  REFUSED("INSUFFICIENT_PERMISSIONS", "CREATE VIEW c.information_schema.v AS SELECT 1 AS a");
  REFUSED("INSUFFICIENT_PERMISSIONS", "CREATE FUNCTION c.information_schema.f() RETURNS INT RETURN 1");
  REFUSED("INSUFFICIENT_PERMISSIONS", "CREATE VOLUME c.information_schema.v");
  ROWS("1", "SELECT count(*) FROM c.information_schema.catalogs");
}

Test(ddl, a_dropped_table_frees_the_names_of_its_constraints)
{
  DO("CREATE TABLE c.s.a (i INT NOT NULL, CONSTRAINT k PRIMARY KEY (i))");
  DO("DROP TABLE c.s.a");
  DO("CREATE TABLE c.s.b (i INT NOT NULL, CONSTRAINT k PRIMARY KEY (i))");
  DO("UNDROP TABLE c.s.a");
  ROWS("b", "SELECT table_name FROM c.information_schema.table_constraints WHERE constraint_name = 'k'");
  DO("DROP TABLE c.s.b");
  DO("DROP TABLE c.s.a");
  DO("UNDROP TABLE c.s.b");
  ROWS("b", "SELECT table_name FROM c.information_schema.table_constraints WHERE constraint_name = 'k'");
}

Test(ddl, a_function_may_name_its_parameters_by_its_own_name)
{
  DO("CREATE FUNCTION c.s.f(x INT) RETURNS INT RETURN f.x + 1");
  ROWS("3", "SELECT c.s.f(2)");
  DO("CREATE FUNCTION c.s.rows_over(x INT) RETURNS TABLE (n INT) RETURN SELECT v FROM VALUES (1), (5) AS "
     "t(v) "
     "WHERE v > rows_over.x");
  ROWS("5", "SELECT * FROM c.s.rows_over(2)");
  REFUSED("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "CREATE FUNCTION c.s.g(x INT) RETURNS INT RETURN f.x");
}

Test(ddl, the_catalog_of_the_service_stays)
{
  REFUSED("INVALID_PARAMETER_VALUE", "DROP CATALOG system CASCADE");
  REFUSED("INVALID_PARAMETER_VALUE", "DROP SCHEMA system.access CASCADE");
  REFUSED("INSUFFICIENT_PERMISSIONS", "CREATE SCHEMA system.mine");
  REFUSED("INVALID_PARAMETER_VALUE", "ALTER CATALOG system OWNER TO `" OTHER "`");
  REFUSED("INVALID_PARAMETER_VALUE", "COMMENT ON CATALOG system IS 'mine'");
  ROWS("1", "SELECT count(*) FROM system.information_schema.catalogs WHERE catalog_name = 'system'");
}

Test(ddl, a_statement_stands_alone)
{
  REFUSED("PARSE_SYNTAX_ERROR", "CREATE SCHEMA c.x; CREATE SCHEMA c.y");
  REFUSED("PARSE_SYNTAX_ERROR", "FROB THE CATALOG");
  REFUSED("PARSE_SYNTAX_ERROR", "CREATE TABLE c.s.t (a INT) NONSENSE");
  REFUSED("PARSE_EMPTY_STATEMENT", "  -- nothing\n");
  REFUSED("PARSE_SYNTAX_ERROR", "CREATE MATERIALIZED VIEW c.s.m AS");
  REFUSED("PARSE_SYNTAX_ERROR", "CREATE FUNCTION c.s.f(x INT DEFAULT ) RETURN 1");
  DO("CREATE SCHEMA c.x;");
}

Test(ddl, a_refused_statement_leaves_nothing)
{
  REFUSED("INVALID_PARAMETER_VALUE",
          "CREATE TABLE c.s.t (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES c.s.t (a))");
  REFUSED("TABLE_OR_VIEW_NOT_FOUND", "DROP TABLE c.s.t");
}

Test(ddl, existing_objects_are_refused_or_tolerated)
{
  DO("CREATE TABLE c.s.t (a INT)");
  REFUSED("TABLE_OR_VIEW_ALREADY_EXISTS", "CREATE TABLE C.S.T (b INT)");
  DO("CREATE TABLE IF NOT EXISTS c.s.t (b INT)");
  REFUSED("SCHEMA_ALREADY_EXISTS", "CREATE SCHEMA c.s");
  DO("CREATE SCHEMA IF NOT EXISTS c.s");
  REFUSED("CATALOG_ALREADY_EXISTS", "CREATE CATALOG c");
  DO("CREATE VOLUME c.s.v");
  REFUSED("VOLUME_ALREADY_EXISTS", "CREATE VOLUME c.s.v");
  REFUSED("PARSE_SYNTAX_ERROR", "CREATE OR REPLACE TABLE IF NOT EXISTS c.s.t (a INT)");
  REFUSED("SCHEMA_NOT_FOUND", "CREATE TABLE c.nope.t (a INT)");
  REFUSED("NO_SUCH_CATALOG_EXCEPTION", "CREATE TABLE nope.s.t (a INT)");
}

Test(ddl, drops_are_as_careful_as_they_say)
{
  DO("CREATE TABLE c.s.t (a INT)");
  REFUSED("SCHEMA_NOT_EMPTY", "DROP SCHEMA c.s");
  REFUSED("CATALOG_NOT_EMPTY", "DROP CATALOG c RESTRICT");
  REFUSED("EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE", "DROP VIEW c.s.t");
  REFUSED("ROUTINE_NOT_FOUND", "DROP FUNCTION c.s.f");
  REFUSED("UC_VOLUME_NOT_FOUND", "DROP VOLUME c.s.v");
  DO("DROP FUNCTION IF EXISTS c.s.f");
  DO("DROP TABLE c.s.t");
  DO("UNDROP TABLE c.s.t");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "UNDROP TABLE c.s.t");
  REFUSED("TABLE_OR_VIEW_ALREADY_EXISTS", "UNDROP TABLE c.s.t");
  DO("DROP CATALOG c CASCADE");
  REFUSED("NO_SUCH_CATALOG_EXCEPTION", "DROP CATALOG c");
}

Test(ddl, a_table_keeps_what_it_was_made_with)
{
  struct table t;

  DO("CREATE TABLE c.s.t (Id BIGINT NOT NULL COMMENT 'it\\'s the key', `Größe` DECIMAL(10,2), part STRING)"
     " COMMENT 'tab' PARTITIONED BY (part) TBLPROPERTIES ('a' = 'b', delta.enableChangeDataFeed = true)");
  t = table("s", "t");
  cr_assert_str_eq(t.table_type, "MANAGED");
  cr_assert_str_eq(t.data_source_format, "DELTA");
  cr_assert_str_eq(t.object.comment, "tab");
  cr_assert_str_eq(t.columns[0].name, "Id");
  cr_assert_not(t.columns[0].nullable);
  cr_assert_str_eq(t.columns[0].comment, "it's the key");
  cr_assert_str_eq(t.columns[1].type_text, "decimal(10,2)");
  cr_assert_eq(t.columns[2].partition_index, 0);
  cr_assert(str_starts(t.storage_location, "s3://"));
  cr_assert_str_eq(property_get(engine_enter()->arena, t.properties, "delta.enableChangeDataFeed"), "true");
  engine_leave();
}

Test(ddl, delta_refuses_odd_columns)
{
  REFUSED("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES", "CREATE TABLE c.s.t (`a b` INT)");
  DO("CREATE TABLE c.s.t (`a b` INT, `x=y` INT) TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
  REFUSED("COLUMN_ALREADY_EXISTS", "CREATE TABLE c.s.u (a INT, A STRING)");
  REFUSED("WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED", "CREATE TABLE c.s.u (a INT DEFAULT 1)");
  REFUSED("DELTA_IDENTITY_COLUMNS_UNSUPPORTED_DATA_TYPE",
          "CREATE TABLE c.s.u (a STRING GENERATED ALWAYS AS IDENTITY)");
  REFUSED("DELTA_CLUSTER_BY_WITH_PARTITIONED_BY",
          "CREATE TABLE c.s.u (a INT, b INT) PARTITIONED BY (a) CLUSTER BY (b)");
  REFUSED("DELTA_COLUMN_NOT_FOUND", "CREATE TABLE c.s.u (a INT, b INT) CLUSTER BY (z)");
}

Test(ddl, keys_are_declared_in_order)
{
  DO("CREATE TABLE c.s.p (id INT NOT NULL, n INT)");
  REFUSED("INVALID_PARAMETER_VALUE", "ALTER TABLE c.s.p ADD CONSTRAINT pk PRIMARY KEY (n)");
  DO("CREATE TABLE c.s.f (pid INT, s STRING)");
  REFUSED("INVALID_PARAMETER_VALUE",
          "ALTER TABLE c.s.f ADD CONSTRAINT fk FOREIGN KEY (pid) REFERENCES c.s.p (id)");
  DO("ALTER TABLE c.s.p ADD CONSTRAINT pk PRIMARY KEY (ID) RELY");
  REFUSED("INVALID_PARAMETER_VALUE", "ALTER TABLE c.s.p ADD CONSTRAINT pk2 PRIMARY KEY (id)");
  REFUSED("DELTA_CONSTRAINT_ALREADY_EXISTS", "ALTER TABLE c.s.p ADD CONSTRAINT pk PRIMARY KEY (id)");
  REFUSED("INVALID_PARAMETER_VALUE",
          "ALTER TABLE c.s.f ADD CONSTRAINT fk FOREIGN KEY (s) REFERENCES c.s.p (id)");
  REFUSED("INVALID_PARAMETER_VALUE",
          "ALTER TABLE c.s.f ADD CONSTRAINT pk FOREIGN KEY (pid) REFERENCES c.s.p (id)");
  DO("ALTER TABLE c.s.f ADD CONSTRAINT fk FOREIGN KEY (pid) REFERENCES c.s.p");
  cr_assert_str_eq(table("s", "f").constraints[0].parent_columns[0], "id");
  cr_assert(table("s", "p").constraints[0].rely);
  REFUSED("INVALID_PARAMETER_VALUE", "ALTER TABLE c.s.p DROP PRIMARY KEY");
  DO("ALTER TABLE c.s.p DROP PRIMARY KEY CASCADE");
  cr_assert_eq(table("s", "f").constraint_count, 0);
  REFUSED("DELTA_CONSTRAINT_DOES_NOT_EXIST", "ALTER TABLE c.s.p DROP CONSTRAINT pk");
  DO("ALTER TABLE c.s.p DROP CONSTRAINT IF EXISTS pk");
}

Test(ddl, columns_come_and_go)
{
  DO("CREATE TABLE c.s.t (a INT, b INT) TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
  DO("ALTER TABLE c.s.t ADD COLUMNS (x STRING COMMENT 'new' FIRST, y DATE AFTER a)");
  cr_assert_str_eq(table("s", "t").columns[0].name, "x");
  cr_assert_str_eq(table("s", "t").columns[2].name, "y");
  REFUSED("FIELD_ALREADY_EXISTS", "ALTER TABLE c.s.t ADD COLUMN A INT");
  DO("ALTER TABLE c.s.t RENAME COLUMN a TO z");
  DO("ALTER TABLE c.s.t DROP COLUMN b");
  cr_assert_eq(table("s", "t").column_count, 3);
  DO("ALTER TABLE c.s.t ALTER COLUMN z COMMENT 'zed'");
  cr_assert_str_eq(table("s", "t").columns[1].comment, "zed");
  DO("COMMENT ON COLUMN c.s.t.z IS NULL");
  cr_assert_null(table("s", "t").columns[1].comment);
  DO("CREATE TABLE c.s.plain (a INT, b INT)");
  REFUSED("DELTA_UNSUPPORTED_DROP_COLUMN", "ALTER TABLE c.s.plain DROP COLUMN a");
  REFUSED("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "ALTER TABLE c.s.plain ALTER COLUMN q COMMENT 'x'");
}

Test(ddl, a_stranger_is_refused_what_databricks_refuses)
{
  DO("CREATE TABLE c.s.t (a INT)");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "CREATE CATALOG mine");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "CREATE SCHEMA c.mine");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "CREATE TABLE c.s.mine (a INT)");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "DROP TABLE c.s.t");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "GRANT SELECT ON TABLE c.s.t TO `" OTHER "`");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "ALTER TABLE c.s.t OWNER TO `" OTHER "`");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "COMMENT ON TABLE c.s.t IS 'mine'");
  DO("GRANT USE CATALOG ON CATALOG c TO `" OTHER "`");
  DO("GRANT USE SCHEMA, CREATE TABLE ON SCHEMA c.s TO `" OTHER "`");
  DO_AS(OTHER, "CREATE TABLE c.s.mine (a INT)");
  DO_AS(OTHER, "GRANT SELECT ON TABLE c.s.mine TO `account users`");
  DO("ALTER TABLE c.s.t SET OWNER TO `" OTHER "`");
  DO_AS(OTHER, "DROP TABLE c.s.t");
  DO("REVOKE USE SCHEMA ON SCHEMA c.s FROM `" OTHER "`");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "DROP TABLE c.s.mine");
}

Test(ddl, privileges_have_their_places)
{
  DO("CREATE TABLE c.s.t (a INT)");
  DO("CREATE VOLUME c.s.v");
  REFUSED("INVALID_PARAMETER_VALUE", "GRANT READ VOLUME ON TABLE c.s.t TO `account users`");
  REFUSED("INVALID_PARAMETER_VALUE", "GRANT FLY ON TABLE c.s.t TO `account users`");
  REFUSED("INVALID_PARAMETER_VALUE", "GRANT EXECUTE ON VOLUME c.s.v TO `account users`");
  REFUSED("PRINCIPAL_DOES_NOT_EXIST", "GRANT SELECT ON TABLE c.s.t TO `nobody@example.com`");
  DO("GRANT ALL PRIVILEGES ON TABLE c.s.t TO `" OTHER "`");
  DO("GRANT WRITE_VOLUME, READ VOLUME ON VOLUME c.s.v TO `" OTHER "`");
  DO("GRANT EXTERNAL USE SCHEMA ON SCHEMA c.s TO `" OTHER "`");
  DO("GRANT CREATE CATALOG ON METASTORE TO `" OTHER "`");
  DO_AS(OTHER, "CREATE CATALOG mine");
}

Test(ddl, tags_are_set_and_unset)
{
  DO("CREATE TABLE c.s.t (a INT)");
  DO("ALTER TABLE c.s.t SET TAGS ('k' = 'v', 'only key')");
  DO("ALTER TABLE c.s.t ALTER COLUMN a SET TAGS ('pii' = 'no')");
  DO("ALTER CATALOG c SET TAGS ('k' = 'v')");
  REFUSED("TAG_ALREADY_EXISTS", "SET TAG ON TABLE c.s.t k = w");
  DO("SET TAG ON COLUMN c.s.t.a other = w");
  DO("UNSET TAG ON TABLE c.s.t k");
  REFUSED("TAG_NOT_FOUND", "UNSET TAG ON TABLE c.s.t k");
  REFUSED("INVALID_PARAMETER_VALUE", "ALTER TABLE c.s.t SET TAGS ('a.b' = 'v')");
  DO("ALTER TABLE c.s.t UNSET TAGS ('only key', 'never there')");
}

Test(ddl, properties_that_belong_to_other_statements_are_refused)
{
  DO("CREATE TABLE c.s.t (a INT)");
  REFUSED("DELTA_ADD_CONSTRAINTS", "ALTER TABLE c.s.t SET TBLPROPERTIES ('delta.constraints.x' = 'a > 1')");
  REFUSED("DELTA_UNSET_NON_EXISTENT_PROPERTY", "ALTER TABLE c.s.t UNSET TBLPROPERTIES ('nope')");
  DO("ALTER TABLE c.s.t UNSET TBLPROPERTIES IF EXISTS ('nope')");
  DO("ALTER TABLE c.s.t SET TBLPROPERTIES ('comment' = 'said by property', x.y = 1)");
  cr_assert_str_eq(table("s", "t").object.comment, "said by property");
}

Test(ddl, names_of_every_kind_work)
{
  DO("CREATE CATALOG `a``b-c`");
  DO("CREATE SCHEMA `a``b-c`.`Größe`");
  DO("CREATE TABLE `A``B-C`.`größe`.`x;DROP` (a INT)");
  DO("CREATE TABLE c.s.copy CLONE `a``b-c`.`GRÖßE`.`X;drop`");
}

Test(ddl, external_places_belong_to_one_object)
{
  DO("CREATE TABLE c.s.e (a INT) LOCATION 's3://bucket/e/'");
  cr_assert_str_eq(table("s", "e").table_type, "EXTERNAL");
  cr_assert_str_eq(table("s", "e").storage_location, "s3://bucket/e");
  REFUSED("INVALID_PARAMETER_VALUE.LOCATION_OVERLAP",
          "CREATE TABLE c.s.e2 (a INT) LOCATION 's3://bucket/e/sub'");
  REFUSED("INVALID_PARAMETER_VALUE.LOCATION_OVERLAP",
          "CREATE EXTERNAL VOLUME c.s.v LOCATION 's3://bucket/e'");
  REFUSED("PARSE_SYNTAX_ERROR", "CREATE EXTERNAL TABLE c.s.e2 (a INT)");
  DO("GRANT USE CATALOG ON CATALOG c TO `" OTHER "`");
  DO("GRANT USE SCHEMA, CREATE TABLE ON SCHEMA c.s TO `" OTHER "`");
  REFUSED_AS(OTHER, "PERMISSION_DENIED", "CREATE TABLE c.s.mine (a INT) LOCATION 's3://bucket/mine'");
  DO("DROP TABLE c.s.e");
  DO("CREATE TABLE c.s.e2 (a INT) LOCATION 's3://bucket/e/sub'");
}
