/* SPDX-License-Identifier: Apache-2.0 */
/* The store by itself: objects and their names, who sees what, versions of rows, files, tags, faults. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "store/db.h"
#include "store/store.h"

#include "base/banned.h"

#define ADMIN "admin@example.com"
#define OTHER "other@example.com"

static struct arena *arena;
static struct store *store;
static struct session admin, other;

static void
setup(void)
{
  const char *why = NULL;

  arena = arena_new();
  store = store_open(arena, ":memory:", &why);
  cr_assert(store, "%s", why);
  admin = (struct session){.arena = arena, .store = store, .user = ADMIN, .admin = true};
  other = (struct session){.arena = arena, .store = store, .user = OTHER};
  store_enter(&admin);
  cr_assert(principal_add(&admin, PRINCIPAL_USER, ADMIN, true));
  cr_assert(principal_add(&admin, PRINCIPAL_USER, OTHER, false));
}

static void
teardown(void)
{
  cr_expect(store_leave(&admin, true), "%s", admin.fault.message);
  store_close(store);
  arena_free(arena);
}

TestSuite(store, .init = setup, .fini = teardown);

#define OK(session, call) cr_assert((call), "%s: %s", (session)->fault.error_class, (session)->fault.message)
#define REFUSED(session, call, class)                                                             \
  do {                                                                                            \
    fault_clear(session);                                                                         \
    cr_assert_not(call);                                                                          \
    cr_assert_str_eq((session)->fault.error_class, class, "%s: %s", (session)->fault.error_class, \
                     (session)->fault.message);                                                   \
  } while (0)

static struct name
name3(const char *catalog, const char *schema, const char *object)
{
  return (struct name){catalog, schema, object};
}

/* A Delta table c.s.NAME with one bigint column `Id` and version 0. */
static struct table
make_table(const char *name)
{
  struct column *columns = arena_array(arena, 1, sizeof *columns);
  struct table table = {.object = {.catalog_name = "c", .schema_name = "s", .name = name},
                        .table_type = "MANAGED",
                        .data_source_format = "DELTA",
                        .columns = columns,
                        .column_count = 1};

  columns[0] = (struct column){.name = "Id",
                               .type_text = "bigint",
                               .type_name = "LONG",
                               .type_json = "\"long\"",
                               .nullable = true,
                               .partition_index = -1};
  OK(&admin, table_insert(&admin, &table));
  OK(&admin, version_commit(&admin, &table, &(struct version){.operation = "CREATE TABLE"}, true));
  return table;
}

static void
make_schema(void)
{
  OK(&admin, catalog_create(&admin, &(struct catalog_spec){.name = "C"}, NULL));
  OK(&admin, schema_create(&admin, &(struct schema_spec){.catalog_name = "c", .name = "S"}, NULL));
}

/* One more row with value VALUE, as its own version. */
static void
append(struct table *table, int value)
{
  struct data_write write;

  OK(&admin, data_write(&admin, table, &write));
  cr_assert(
      db_run(&admin, arena_printf(arena, "INSERT INTO %s (v_from, c%lld) VALUES (%lld, %d)", write.physical,
                                  (long long)table->columns[0].id, (long long)write.version, value)));
  data_add_file(&admin, table, &write, 1, false);
  OK(&admin, version_commit(&admin, table, &(struct version){.operation = "WRITE"}, false));
}

/* The values of a table, as "1,2,3". */
static const char *
rows(const struct table *table)
{
  const char *text =
      db_exec_text(&admin,
                   arena_printf(arena, "SELECT group_concat(c%lld) FROM %s", (long long)table->columns[0].id,
                                data_rows_sql(arena, table, false)),
                   "");

  return text ? text : "";
}

static struct table
at_version(const char *name, int64_t version)
{
  struct time_travel travel = {.by = TRAVEL_VERSION, .value = version};
  struct name full = name3("c", "s", name);
  struct table table;

  OK(&admin, table_open(&admin, &full, &travel, &table));
  return table;
}

Test(store, names_are_stored_in_lower_case_and_found_in_any)
{
  struct catalog catalog;
  struct schema schema;

  make_schema();
  OK(&admin, catalog_get(&admin, "C", &catalog));
  cr_assert_str_eq(catalog.object.name, "c");
  cr_assert_str_eq(catalog.object.owner, ADMIN);
  OK(&admin, catalog_create(&admin, &(struct catalog_spec){.name = "Gr\xc3\xb6\xc3\x9f\x65"}, &catalog));
  cr_assert_str_eq(catalog.object.full_name, "gr\xc3\xb6\xc3\x9f\x65");
  OK(&admin, schema_get(&admin, &(struct name){.catalog = "c", .schema = "s"}, &schema));
  cr_assert_str_eq(schema.object.full_name, "c.s");
}

Test(store, a_name_with_a_forbidden_character_is_refused)
{
  const char *const bad[] = {"", "a.b", "a b", "a/b", "a\x7f", "a\n"};

  for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
    REFUSED(&admin, catalog_create(&admin, &(struct catalog_spec){.name = bad[i]}, NULL),
            "INVALID_PARAMETER_VALUE");
  OK(&admin, catalog_create(&admin, &(struct catalog_spec){.name = "a`b-c'd"}, NULL));
}

Test(store, a_second_object_of_a_name_is_refused_with_the_class_of_its_kind)
{
  const char *code, *message;
  int status;

  make_schema();
  REFUSED(&admin, catalog_create(&admin, &(struct catalog_spec){.name = "c"}, NULL),
          "CATALOG_ALREADY_EXISTS");
  fault_to_rest(&admin, &code, &status, &message);
  cr_assert_eq(status, 400);
  cr_assert_str_eq(message, "Catalog 'c' already exists");
  REFUSED(&admin, schema_create(&admin, &(struct schema_spec){.catalog_name = "c", .name = "s"}, NULL),
          "SCHEMA_ALREADY_EXISTS");
}

Test(store, what_is_missing_is_named_by_its_first_missing_part)
{
  struct name name = name3("nope", "s", "t");
  const char *code, *message;
  struct table table;
  int status;

  make_schema();
  REFUSED(&admin, table_get(&admin, &name, &table), "TABLE_OR_VIEW_NOT_FOUND");
  fault_to_rest(&admin, &code, &status, &message);
  cr_assert_str_eq(code, "CATALOG_DOES_NOT_EXIST");
  name = name3("c", "s", "t");
  REFUSED(&admin, table_get(&admin, &name, &table), "TABLE_OR_VIEW_NOT_FOUND");
  fault_to_rest(&admin, &code, &status, &message);
  cr_assert_str_eq(code, "TABLE_DOES_NOT_EXIST");
  cr_assert_eq(status, 404);
  cr_assert_str_eq(message, "Table 'c.s.t' does not exist.");
}

Test(store, every_version_keeps_its_rows)
{
  struct table table, old;

  make_schema();
  table = make_table("t");
  append(&table, 1);
  append(&table, 2);
  append(&table, 3);
  cr_assert_str_eq(rows(&table), "1,2,3");
  old = at_version("t", 0);
  cr_assert_str_eq(rows(&old), "");
  old = at_version("t", 2);
  cr_assert_str_eq(rows(&old), "1,2");
  cr_assert_eq(data_files(&admin, &old).count, 2);
}

Test(store, a_clone_shares_rows_until_either_side_writes)
{
  struct table source, copy, old;

  make_schema();
  source = make_table("source");
  append(&source, 1);
  append(&source, 2);
  copy = make_table("copy");
  OK(&admin, data_adopt(&admin, &copy, &source));
  OK(&admin, version_commit(&admin, &copy, &(struct version){.operation = "CLONE"}, false));
  cr_assert_str_eq(rows(&copy), "1,2");
  append(&source, 3);
  cr_assert_str_eq(rows(&copy), "1,2");
  append(&copy, 9);
  cr_assert_str_eq(rows(&copy), "1,2,9");
  cr_assert_str_eq(rows(&source), "1,2,3");
  old = at_version("copy", 1);
  cr_assert_str_eq(rows(&old), "1,2");
}

Test(store, a_clone_outlives_its_source)
{
  struct name name = name3("c", "s", "source");
  struct table source, copy;

  make_schema();
  source = make_table("source");
  append(&source, 1);
  copy = make_table("copy");
  OK(&admin, data_adopt(&admin, &copy, &source));
  OK(&admin, version_commit(&admin, &copy, &(struct version){.operation = "CLONE"}, false));
  OK(&admin, table_drop(&admin, &name));
  cr_assert_str_eq(rows(&copy), "1");
}

Test(store, restoring_an_older_version_brings_its_rows_forward)
{
  struct table table, old;

  make_schema();
  table = make_table("t");
  append(&table, 1);
  append(&table, 2);
  old = at_version("t", 1);
  OK(&admin, data_adopt(&admin, &table, &old));
  OK(&admin, version_commit(&admin, &table, &(struct version){.operation = "RESTORE"}, false));
  cr_assert_str_eq(rows(&table), "1");
  append(&table, 7);
  cr_assert_str_eq(rows(&table), "1,7");
  old = at_version("t", 2);
  cr_assert_str_eq(rows(&old), "1,2");
}

Test(store, a_dropped_table_comes_back)
{
  struct name name = name3("c", "s", "t");
  struct table table;

  make_schema();
  table = make_table("t");
  append(&table, 5);
  OK(&admin, table_drop(&admin, &name));
  REFUSED(&admin, table_open(&admin, &name, NULL, &table), "TABLE_OR_VIEW_NOT_FOUND");
  OK(&admin, table_undrop(&admin, &name));
  OK(&admin, table_open(&admin, &name, NULL, &table));
  cr_assert_str_eq(rows(&table), "5");
}

Test(store, a_stranger_is_told_the_first_privilege_it_lacks)
{
  struct name name = name3("c", "s", "t");
  struct securable catalog, schema, table;
  struct table got;

  make_schema();
  table = make_table("t").object;
  OK(&admin, securable_need(&admin, SEC_CATALOG, &name, &catalog));
  OK(&admin, securable_need(&admin, SEC_SCHEMA, &name, &schema));
  REFUSED(&other, table_get(&other, &name, &got), "INSUFFICIENT_PERMISSIONS");
  cr_assert_str_eq(other.fault.rest_message, "User does not have USE CATALOG on Catalog 'c'.");
  OK(&admin, grant_change(&admin, &catalog, OTHER, PRIV_BIT(PRIV_USE_CATALOG), 0));
  REFUSED(&other, table_get(&other, &name, &got), "INSUFFICIENT_PERMISSIONS");
  cr_assert_str_eq(other.fault.rest_message, "User does not have USE SCHEMA on Schema 'c.s'.");
  OK(&admin, grant_change(&admin, &schema, "ACCOUNT USERS", PRIV_BIT(PRIV_USE_SCHEMA), 0));
  REFUSED(&other, table_get(&other, &name, &got), "INSUFFICIENT_PERMISSIONS");
  cr_assert_str_eq(other.fault.rest_message, "User does not have SELECT on Table 'c.s.t'.");
  OK(&admin, grant_change(&admin, &table, OTHER, PRIV_BIT(PRIV_SELECT), 0));
  OK(&other, table_get(&other, &name, &got));
  REFUSED(&other, access_require(&other, &table, PRIV_MODIFY), "INSUFFICIENT_PERMISSIONS");
  REFUSED(&other, grant_change(&other, &table, OTHER, PRIV_BIT(PRIV_MODIFY), 0), "INSUFFICIENT_PERMISSIONS");
}

Test(store, privileges_flow_down_and_all_privileges_leaves_four_out)
{
  struct name name = name3("c", "s", "t");
  struct securable catalog, table;

  make_schema();
  table = make_table("t").object;
  OK(&admin, securable_need(&admin, SEC_CATALOG, &name, &catalog));
  OK(&admin, grant_change(&admin, &catalog, OTHER, PRIV_BIT(PRIV_ALL_PRIVILEGES), 0));
  cr_assert(access_effective(&other, &table) & PRIV_BIT(PRIV_SELECT));
  cr_assert(access_effective(&other, &table) & PRIV_BIT(PRIV_MODIFY));
  cr_assert_not(access_effective(&other, &table) & PRIV_BIT(PRIV_MANAGE));
  cr_assert_not(access_effective(&other, &table) & PRIV_BIT(PRIV_READ_METADATA));
  OK(&admin, grant_change(&admin, &catalog, OTHER, PRIV_BIT(PRIV_MANAGE), 0));
  OK(&admin, grant_change(&admin, &catalog, OTHER, 0, PRIV_BIT(PRIV_ALL_PRIVILEGES)));
  cr_assert_eq(access_effective(&other, &table), PRIV_BIT(PRIV_MANAGE));
}

Test(store, ownership_flows_down_and_being_admin_gives_no_data)
{
  struct name name = name3("c", "s", "t");
  struct securable catalog, table;

  make_schema();
  table = make_table("t").object;
  OK(&admin, securable_update(&admin, SEC_TABLE, &name, &(struct patch){.owner = OTHER}, &table));
  cr_assert(access_effective(&admin, &table) & PRIV_BIT(PRIV_SELECT));
  OK(&admin, securable_update(&admin, SEC_SCHEMA, &name, &(struct patch){.owner = OTHER}, NULL));
  OK(&admin, securable_update(&admin, SEC_CATALOG, &name, &(struct patch){.owner = OTHER}, &catalog));
  REFUSED(&admin, access_require(&admin, &table, PRIV_SELECT), "INSUFFICIENT_PERMISSIONS");
  OK(&admin, grant_change(&admin, &catalog, "admins", PRIV_BIT(PRIV_ALL_PRIVILEGES), 0));
  OK(&admin, access_require(&admin, &table, PRIV_SELECT));
}

Test(store, a_privilege_is_granted_only_where_it_is_legal)
{
  struct name name = name3("c", "s", "t");
  struct securable schema, table;

  make_schema();
  table = make_table("t").object;
  OK(&admin, securable_need(&admin, SEC_SCHEMA, &name, &schema));
  REFUSED(&admin, grant_change(&admin, &table, OTHER, PRIV_BIT(PRIV_READ_VOLUME), 0),
          "INVALID_PARAMETER_VALUE");
  REFUSED(&admin, grant_change(&admin, &schema, OTHER, PRIV_BIT(PRIV_USE_CATALOG), 0),
          "INVALID_PARAMETER_VALUE");
  REFUSED(&admin, grant_change(&admin, &schema, "nobody", PRIV_BIT(PRIV_SELECT), 0),
          "PRINCIPAL_DOES_NOT_EXIST");
  REFUSED(&admin, grant_change(&admin, &schema, OTHER, PRIV_BIT(PRIV_SELECT), PRIV_BIT(PRIV_SELECT)),
          "INVALID_PARAMETER_VALUE");
}

Test(store, lists_leave_out_what_the_caller_may_not_see)
{
  struct page page = {.limit = 1};
  struct securable schema;
  struct table *tables;
  size_t count;

  make_schema();
  make_table("a");
  make_table("b");
  OK(&admin, securable_need(&admin, SEC_SCHEMA, &(struct name){.catalog = "c", .schema = "s"}, &schema));
  OK(&admin, table_list(&admin, "c", "s", &page, &tables, &count));
  cr_assert_eq(count, 1);
  cr_assert_str_eq(page.next, "a");
  page = (struct page){.limit = 1, .after = page.next};
  OK(&admin, table_list(&admin, "c", "s", &page, &tables, &count));
  cr_assert_str_eq(tables[0].object.name, "b");
  cr_assert_null(page.next);
  OK(&admin, grant_change(&admin, &schema, OTHER, PRIV_BIT(PRIV_USE_SCHEMA), 0));
  REFUSED(&other, table_list(&other, "c", "s", &page, &tables, &count), "INSUFFICIENT_PERMISSIONS");
}

Test(store, files_live_in_directories_of_their_own)
{
  struct volume volume;
  struct volume_file *files;
  const void *bytes;
  size_t count, length;

  make_schema();
  OK(&admin, volume_create(&admin,
                           &(struct volume_spec){
                               .catalog_name = "c", .schema_name = "s", .name = "V", .type = "MANAGED"},
                           &volume));
  OK(&admin, file_write(&admin, volume.object.id, "d/e/x?#.bin", "a\0b", 3, true));
  OK(&admin, file_read(&admin, volume.object.id, "d/e/x?#.bin", 1, 10, &bytes, &length));
  cr_assert_eq(length, 2);
  cr_assert_arr_eq(bytes, "\0b", 2);
  OK(&admin, file_list(&admin, volume.object.id, "d", NULL, 0, &files, &count));
  cr_assert_eq(count, 1);
  cr_assert(files[0].directory);
  REFUSED(&admin, file_write(&admin, volume.object.id, "d/e/x?#.bin", "", 0, false), "ALREADY_EXISTS");
  REFUSED(&admin, directory_delete(&admin, volume.object.id, "d"), "INVALID_PARAMETER_VALUE");
  cr_assert(file_delete(&admin, volume.object.id, "d/e/x?#.bin"));
  OK(&admin, directory_delete(&admin, volume.object.id, "d/e"));
}

static bool
read_pattern(void *data, int64_t offset, char *out, size_t length)
{
  (void)data;
  for (size_t i = 0; i < length; i++)
    out[i] = (char)((offset + (int64_t)i) % 251);
  return true;
}

Test(store, large_files_are_kept_in_parts)
{
  struct file_source source = {.read = read_pattern, .size = 2 * FILE_PART + 5};
  struct volume volume;
  const void *bytes;
  size_t length;

  make_schema();
  OK(&admin, volume_create(&admin,
                           &(struct volume_spec){
                               .catalog_name = "c", .schema_name = "s", .name = "V", .type = "MANAGED"},
                           &volume));
  for (int round = 0; round < 2; round++)
    OK(&admin, file_write_from(&admin, volume.object.id, "big", &source, true));
  for (int64_t at = 0; at < source.size; at += (int64_t)length) {
    OK(&admin, file_read(&admin, volume.object.id, "big", at, source.size, &bytes, &length));
    cr_assert_gt(length, 0);
    for (size_t i = 0; i < length; i++)
      cr_assert_eq(((const char *)bytes)[i], (char)((at + (int64_t)i) % 251));
  }
  OK(&admin, file_read(&admin, volume.object.id, "big", source.size, 10, &bytes, &length));
  cr_assert_eq(length, 0);
  OK(&admin, file_read(&admin, volume.object.id, "big", FILE_PART - 3, 10, &bytes, &length));
  cr_assert_eq(length, 3, "a read ends with its part");
  cr_assert(file_delete(&admin, volume.object.id, "big"));
  OK(&admin, file_write(&admin, volume.object.id, "big", "ab", 2, false));
  OK(&admin, file_read(&admin, volume.object.id, "big", 0, 10, &bytes, &length));
  cr_assert_eq(length, 2);
}

Test(store, external_places_do_not_overlap)
{
  struct volume_spec spec = {.catalog_name = "c", .schema_name = "s", .name = "v", .type = "EXTERNAL"};

  make_schema();
  spec.storage_location = "s3://b/dir/";
  OK(&admin, volume_create(&admin, &spec, NULL));
  spec.name = "w";
  spec.storage_location = "s3://b/dir/below";
  REFUSED(&admin, volume_create(&admin, &spec, NULL), "INVALID_PARAMETER_VALUE.LOCATION_OVERLAP");
  spec.storage_location = "s3://b";
  REFUSED(&admin, volume_create(&admin, &spec, NULL), "INVALID_PARAMETER_VALUE.LOCATION_OVERLAP");
  spec.storage_location = "s3://b/directory";
  OK(&admin, volume_create(&admin, &spec, NULL));
  spec.name = "x";
  spec.storage_location = "/local/path";
  REFUSED(&admin, volume_create(&admin, &spec, NULL), "INVALID_PARAMETER_VALUE");
}

Test(store, tags_have_limits)
{
  struct table table;
  struct tag *tags;
  size_t count;

  make_schema();
  table = make_table("t");
  OK(&admin, tag_set(&admin, &table.object, NULL, "k", "v", false));
  OK(&admin, tag_set(&admin, &table.object, "ID", "pii", NULL, true));
  REFUSED(&admin, tag_set(&admin, &table.object, NULL, "k", "w", true), "TAG_ALREADY_EXISTS");
  REFUSED(&admin, tag_set(&admin, &table.object, NULL, "a.b", "", false), "INVALID_PARAMETER_VALUE");
  REFUSED(&admin, tag_set(&admin, &table.object, "nope", "k", "", false),
          "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION");
  OK(&admin, tag_list(&admin, &table.object, "id", &tags, &count));
  cr_assert_eq(count, 1);
  cr_assert_str_eq(tags[0].value, "");
  for (int i = 0; i < 49; i++)
    OK(&admin, tag_set(&admin, &table.object, NULL, arena_printf(arena, "n%d", i), "", false));
  REFUSED(&admin, tag_set(&admin, &table.object, NULL, "one more", "", false), "INVALID_PARAMETER_VALUE");
}

Test(store, a_state_survives_a_restart)
{
  char path[] = "/tmp/clxs-store-XXXXXX";
  struct session session = {.user = ADMIN, .admin = true};
  const char *why = NULL;
  struct catalog catalog;
  int fd = mkstemp(path);

  cr_assert(fd >= 0);
  close(fd);
  session.arena = arena;
  session.store = store_open(arena, path, &why);
  cr_assert(session.store, "%s", why);
  cr_assert_null(store_open(arena, path, &why), "a state that is in use was opened again");
  cr_assert(str_ends(why, "another sandbox is using it"), "%s", why);
  store_enter(&session);
  OK(&session, principal_add(&session, PRINCIPAL_USER, ADMIN, true));
  OK(&session, catalog_create(&session, &(struct catalog_spec){.name = "kept"}, NULL));
  cr_assert(store_leave(&session, true));
  store_enter(&session);
  OK(&session, catalog_create(&session, &(struct catalog_spec){.name = "undone"}, NULL));
  cr_assert_not(store_leave(&session, false));
  store_close(session.store);
  session.store = store_open(arena, path, &why);
  store_enter(&session);
  OK(&session, catalog_get(&session, "kept", &catalog));
  REFUSED(&session, catalog_get(&session, "undone", &catalog), "NO_SUCH_CATALOG_EXCEPTION");
  cr_assert(store_leave(&session, true));
  store_close(session.store);
  unlink(path);
}

Test(store, a_fault_has_three_faces)
{
  const char *code, *message, *state;
  int status;

  fault_raise(&admin, "PARSE_SYNTAX_ERROR", "Syntax error at or near '%s'.", "x");
  fault_to_statement(&admin, &code, &message, &state);
  cr_assert_str_eq(code, "BAD_REQUEST");
  cr_assert_str_eq(state, "42601");
  cr_assert_str_eq(message, "[PARSE_SYNTAX_ERROR] Syntax error at or near 'x'. SQLSTATE: 42601");
  fault_raise(&admin, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "no");
  cr_assert_str_eq(admin.fault.sql_state, "42703");
  fault_raise(&admin, "INVALID_PARAMETER_VALUE.UPDATE_TABLE_TYPE", "no");
  cr_assert_null(admin.fault.sql_state);
  fault_to_rest(&admin, &code, &status, &message);
  cr_assert_str_eq(code, "INVALID_PARAMETER_VALUE");
  cr_assert_eq(status, 400);
}
