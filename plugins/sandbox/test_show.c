/* SPDX-License-Identifier: Apache-2.0 */
/* Metadata in SQL, end to end through engine_run: what SHOW, DESCRIBE and information_schema say of objects
 * made by statements, and what they keep from a user without privileges. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "engine.h"
#include "store/store.h"

#include "base/banned.h"

static struct arena *arena;
static struct store *store;
static struct session admin, bob;

static const char *const setup_statements[] = {
    "CREATE CATALOG c COMMENT 'It''s one'",
    "CREATE SCHEMA c.s WITH DBPROPERTIES ('a' = 'b')",
    "CREATE SCHEMA c.`other-schema`",
    "CREATE TABLE c.s.p (id BIGINT NOT NULL, CONSTRAINT p_pk PRIMARY KEY (id))",
    "CREATE TABLE c.s.t (id BIGINT NOT NULL COMMENT 'key', v DECIMAL(10,2) DEFAULT 1.5, d STRING, CONSTRAINT "
    "t_fk FOREIGN KEY "
    "(id) REFERENCES c.s.p (id)) PARTITIONED BY (d) COMMENT 'a table' TBLPROPERTIES ('k' = 'it''s', "
    "'delta.feature.allowColumnDefaults' = 'supported')",
    "CREATE VIEW c.s.v (x COMMENT 'y') AS SELECT id FROM c.s.t",
    "CREATE FUNCTION c.s.f(a INT COMMENT 'n') RETURNS INT RETURN a + 1",
    "CREATE VOLUME c.s.vol COMMENT 'files'",
    "ALTER TABLE c.s.t SET TAGS ('tag' = 'value')",
    "ALTER TABLE c.s.t ALTER COLUMN v SET TAGS ('col' = '')",
    "INSERT INTO c.s.t VALUES (1, 2.5, 'x')",
    "GRANT USE CATALOG ON CATALOG c TO `account users`",
    "GRANT SELECT ON SCHEMA c.s TO `ann@example.com`",
    "GRANT SELECT, MODIFY ON TABLE c.s.t TO `ann@example.com`",
};

/* The rows of TEXT as "a|b;c|d;", NULL as "-"; a fault as its class. */
static const char *
ask(struct session *session, const char *text)
{
  struct buf buf = BUF_INIT(BUF_LARGE);
  struct result result;
  const char *answer;

  if (!engine_run(session, text, strlen(text), &result)) return session->fault.error_class;
  for (size_t i = 0; i < result.row_count; i++) {
    for (size_t c = 0; c < result.column_count; c++)
      buf_addf(&buf, "%s%s", c > 0 ? "|" : "", result.rows[i][c] ? result.rows[i][c] : "-");
    buf_add_char(&buf, ';');
  }
  answer = arena_strdup(arena, buf.data);
  buf_free(&buf);
  return answer;
}

/* The names of the result's columns, "a,b". */
static const char *
heads(const char *text)
{
  struct result result;
  const char *names = "";

  cr_assert(engine_run(&admin, text, strlen(text), &result), "%s: %s", text, admin.fault.message);
  for (size_t c = 0; c < result.column_count; c++)
    names = arena_printf(arena, "%s%s%s", names, c > 0 ? "," : "", result.columns[c].name);
  return names;
}

static void
setup(void)
{
  const char *why = NULL;

  arena = arena_new();
  store = store_open(arena, ":memory:", &why);
  cr_assert(store, "%s", why);
  admin = (struct session){.arena = arena, .store = store, .user = "admin@example.com", .admin = true};
  bob = (struct session){.arena = arena, .store = store, .user = "bob@example.com"};
  store_enter(&admin);
  principal_add(&admin, PRINCIPAL_USER, admin.user, true);
  principal_add(&admin, PRINCIPAL_USER, bob.user, false);
  principal_add(&admin, PRINCIPAL_USER, "ann@example.com", false);
  cr_assert(store_leave(&admin, true));
  for (size_t i = 0; i < ARRAY_SIZE(setup_statements); i++) {
    struct result result;

    cr_assert(engine_run(&admin, setup_statements[i], strlen(setup_statements[i]), &result), "%s: [%s] %s",
              setup_statements[i], admin.fault.error_class, admin.fault.message);
  }
}

static void
teardown(void)
{
  store_close(store);
  arena_free(arena);
}

TestSuite(show, .init = setup, .fini = teardown);

static void
check(struct session *session, const char *const (*pairs)[2], size_t count)
{
  for (size_t i = 0; i < count; i++)
    cr_expect_str_eq(ask(session, pairs[i][0]), pairs[i][1], "%s\n gives %s\n  not %s", pairs[i][0],
                     ask(session, pairs[i][0]), pairs[i][1]);
}

Test(show, what_the_service_makes_up)
{
  static const char *const pairs[][2] = {
      {"SHOW TABLES IN c.information_schema LIKE 'cat*'",
       "information_schema|catalogs|false;information_schema|catalog_privileges|false;information_schema|"
       "catalog_tags|false;"},
      {"SHOW TABLES IN c.information_schema LIKE 'external_locations'", ""},
      {"SHOW TABLES IN system.information_schema LIKE 'external_locations'",
       "information_schema|external_locations|false;"},
      {"DESCRIBE TABLE c.information_schema.schema_tags",
       "catalog_name|string|-;schema_name|string|-;tag_name|string|-;tag_value|string|-;"},
      {"DESCRIBE c.information_schema.nothing", "TABLE_OR_VIEW_NOT_FOUND"},
      {"SELECT * FROM system.information_schema.external_locations", ""},
      {"SELECT * FROM system.information_schema.storage_credential_privileges", ""},
      {"SELECT * FROM c.information_schema.storage_credentials", "TABLE_OR_VIEW_NOT_FOUND"},
  };

  check(&admin, pairs, ARRAY_SIZE(pairs));
  cr_expect_str_eq(
      heads("SELECT * FROM system.information_schema.external_locations"),
      "external_location_name,external_location_owner,url,storage_credential_id,"
      "storage_credential_name,read_only,comment,created,created_by,last_altered,last_altered_by");
}

Test(show, lists)
{
  static const char *const pairs[][2] = {
      {"SHOW CATALOGS LIKE 'c'", "c;"},
      {"SHOW SCHEMAS IN c", "default;information_schema;other-schema;s;"},
      {"SHOW DATABASES FROM c LIKE 'o*|S'", "other-schema;s;"},
      {"SHOW TABLES IN c.s", "s|p|false;s|t|false;s|v|false;"},
      {"SHOW TABLES FROM c.s 't'", "s|t|false;"},
      {"SHOW VIEWS IN c.s", "s|v|false|false;"},
      {"SHOW VOLUMES IN c.s", "s|vol;"},
      {"SHOW USER FUNCTIONS IN c.s", "c.s.f;"},
      {"SHOW COLUMNS IN c.s.t", "id;v;d;"},
      {"SHOW TBLPROPERTIES c.s.t ('k')", "k|it's;"},
      {"SHOW TABLES IN c.nope", "SCHEMA_NOT_FOUND"},
      {"SHOW SCHEMAS IN nope", "NO_SUCH_CATALOG_EXCEPTION"},
      {"SHOW NONSENSE", "PARSE_SYNTAX_ERROR"},
      {"SHOW TABLES IN c.s extra", "PARSE_SYNTAX_ERROR"},
  };

  check(&admin, pairs, ARRAY_SIZE(pairs));
}

Test(show, describes)
{
  static const char *const pairs[][2] = {
      {"DESCRIBE c.s.t",
       "id|bigint|key;v|decimal(10,2)|-;d|string|-;# Partition Information||;# col_name|data_type|comment;"
       "d|string|-;"},
      {"DESC TABLE c.s.v", "x|bigint|y;"},
      {"DESCRIBE VOLUME c.s.nope", "UC_VOLUME_NOT_FOUND"},
      {"DESCRIBE SELECT 1 AS a", "a|int|-;"},
      {"DESCRIBE DETAIL c.s.v", "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE"},
      {"DESCRIBE HISTORY c.s.v", "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE"},
      {"DESCRIBE c.s.nope", "TABLE_OR_VIEW_NOT_FOUND"},
      {"DESCRIBE TABLE c.s.t AS JSON", "DESCRIBE_JSON_NOT_EXTENDED"},
      {"DESCRIBE", "PARSE_SYNTAX_ERROR"},
  };

  check(&admin, pairs, ARRAY_SIZE(pairs));
  cr_expect(strstr(ask(&admin, "DESCRIBE TABLE EXTENDED c.s.v"), "View Text|SELECT id FROM c.s.t|;"));
  cr_expect(strstr(ask(&admin, "DESCRIBE TABLE EXTENDED c.s.t AS JSON"),
                   "\"table_constraints\":\"[(t_fk,FOREIGN KEY (`id`) REFERENCES `c`.`s`.`p` (`id`))]\""));
  cr_expect(strstr(ask(&admin, "DESCRIBE SCHEMA EXTENDED c.s"), "Properties|((a,b));"));
  cr_expect(strstr(ask(&admin, "DESCRIBE FUNCTION EXTENDED c.s.f"), "Body:          a + 1;"));
}

Test(show, result_headings)
{
  cr_expect_str_eq(
      heads("DESCRIBE DETAIL c.s.t"),
      "format,id,name,description,location,createdAt,lastModified,partitionColumns,clusteringColumns,"
      "numFiles,"
      "sizeInBytes,properties,minReaderVersion,minWriterVersion,tableFeatures,statistics,clusterByAuto");
  cr_expect_str_eq(
      heads("DESCRIBE HISTORY c.s.t"),
      "version,timestamp,userId,userName,operation,operationParameters,job,notebook,clusterId,readVersion,"
      "isolationLevel,isBlindAppend,operationMetrics,userMetadata,engineInfo");
  cr_expect_str_eq(heads("DESCRIBE VOLUME c.s.vol"),
                   "name,catalog,database,owner,storageLocation,volumeType,comment");
  cr_expect_str_eq(
      heads("SELECT * FROM c.information_schema.tables"),
      "table_catalog,table_schema,table_name,table_type,is_insertable_into,commit_action,table_owner,comment,"
      "created,created_by,last_altered,last_altered_by,data_source_format,storage_path,storage_sub_"
      "directory");
}

/* What SHOW CREATE TABLE says makes the same table again. */
Test(show, create_is_a_statement)
{
  const char *first = ask(&admin, "SHOW CREATE TABLE c.s.t"), *second;
  char *text = arena_printf(arena, "CREATE OR REPLACE%s", first + strlen("CREATE"));
  struct result result;

  cr_assert(engine_run(&admin, text, strlen(text), &result), "%s: %s", text, admin.fault.message);
  second = ask(&admin, "SHOW CREATE TABLE c.s.t");
  cr_expect_str_eq(first, second);
}

Test(show, information_schema)
{
  static const char *const pairs[][2] = {
      {"SELECT table_name, table_type FROM c.information_schema.tables ORDER BY table_name",
       "p|MANAGED;t|MANAGED;v|VIEW;"},
      {"SELECT column_name, ordinal_position, data_type, full_data_type, numeric_precision, numeric_scale "
       "FROM "
       "c.information_schema.columns WHERE table_name = 't' ORDER BY ordinal_position",
       "id|1|LONG|bigint|64|0;v|2|DECIMAL|decimal(10,2)|10|2;d|3|STRING|string|-|-;"},
      {"SELECT constraint_name, constraint_type FROM c.information_schema.table_constraints ORDER BY "
       "constraint_name",
       "p_pk|PRIMARY KEY;t_fk|FOREIGN KEY;"},
      {"SELECT constraint_name, unique_constraint_name FROM c.information_schema.referential_constraints",
       "t_fk|p_pk;"},
      {"SELECT constraint_name, table_name, column_name FROM c.information_schema.constraint_column_usage "
       "ORDER BY "
       "constraint_name",
       "p_pk|p|id;t_fk|p|id;"},
      {"SELECT column_name, position_in_unique_constraint FROM c.information_schema.key_column_usage WHERE "
       "constraint_name = "
       "'t_fk'",
       "id|1;"},
      {"SELECT tag_name, tag_value FROM c.information_schema.table_tags", "tag|value;"},
      {"SELECT column_name, tag_name, tag_value FROM c.information_schema.column_tags", "v|col|;"},
      {"SELECT privilege_type, inherited_from FROM c.information_schema.table_privileges WHERE table_name = "
       "'t' ORDER BY "
       "privilege_type, inherited_from",
       "MODIFY|NONE;SELECT|NONE;SELECT|SCHEMA;"},
      {"SELECT view_definition FROM c.information_schema.views", "SELECT id FROM c.s.t;"},
      {"SELECT routine_name, data_type, routine_definition FROM c.information_schema.routines",
       "f|INT|a + 1;"},
      {"SELECT parameter_name, ordinal_position, comment FROM c.information_schema.parameters", "a|0|n;"},
      {"SELECT catalog_name FROM c.information_schema.information_schema_catalog_name", "c;"},
      {"SELECT * FROM c.information_schema.check_constraints", ""},
      {"SELECT 1 FROM c.information_schema.table_properties", "TABLE_OR_VIEW_NOT_FOUND"},
      {"SELECT 1 FROM nope.information_schema.tables", "NO_SUCH_CATALOG_EXCEPTION"},
      {"SELECT table_name FROM system.information_schema.tables WHERE table_catalog = 'c' AND table_name = "
       "'t'",
       "t;"},
  };

  check(&admin, pairs, ARRAY_SIZE(pairs));
}

Test(show, a_stranger_sees_little)
{
  static const char *const pairs[][2] = {
      {"SHOW TABLES IN c.s", "INSUFFICIENT_PERMISSIONS"},
      {"DESCRIBE c.s.t", "INSUFFICIENT_PERMISSIONS"},
      {"SHOW CREATE TABLE c.s.t", "INSUFFICIENT_PERMISSIONS"},
      {"SELECT table_name FROM c.information_schema.tables", ""},
      {"SELECT column_name FROM system.information_schema.columns", ""},
      {"SELECT grantee FROM c.information_schema.table_privileges", ""},
      {"SELECT schema_name FROM c.information_schema.schemata", "information_schema;"},
      {"SELECT catalog_name FROM c.information_schema.catalogs", "c;"},
  };

  check(&bob, pairs, ARRAY_SIZE(pairs));
}
