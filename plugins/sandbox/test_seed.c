/* SPDX-License-Identifier: Apache-2.0 */
/* The example catalogs: that they load, hold what a demonstration promises, and are left alone the second
 * time. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/str.h"
#include "seed/seed.h"
#include "store/store.h"

#include "base/banned.h"

static struct arena *arena;
static struct store *store;
static struct session admin;

static void
setup(void)
{
  const char *why = NULL;

  arena = arena_new();
  store = store_open(arena, ":memory:", &why);
  cr_assert(store, "%s", why);
  admin = (struct session){.arena = arena, .store = store, .user = "admin@example.com", .admin = true};
  store_enter(&admin);
  principal_add(&admin, PRINCIPAL_USER, admin.user, true);
  cr_assert(store_leave(&admin, true));
}

static void
teardown(void)
{
  store_close(store);
  arena_free(arena);
}

TestSuite(seed, .init = setup, .fini = teardown);

/* The first cell of the answer to TEXT. */
static const char *
ask(const char *text)
{
  struct result result;

  cr_assert(engine_run(&admin, text, strlen(text), &result), "%s: [%s] %s", text, admin.fault.error_class,
            admin.fault.message);
  return result.row_count > 0 ? result.rows[0][0] : "none";
}

Test(seed, names)
{
  cr_expect(seed_known("demo"));
  cr_expect(seed_known("synth:10"));
  cr_expect_not(seed_known("synth:0"));
  cr_expect(seed_known("synth:10:full"));
  cr_expect_not(seed_known("synth::full"));
  cr_expect_not(seed_known("synth:ten"));
  cr_expect_not(seed_known("synth:99999999999"));
  cr_expect_not(seed_known("other"));
  cr_expect_not(seed_known(NULL));
}

Test(seed, synth)
{
  cr_assert(seed_load(&admin, "synth:120"), "%s", admin.fault.message);
  cr_expect_str_eq(ask("SELECT count(*) FROM synth.information_schema.tables"), "120");
  cr_expect_str_eq(ask("SELECT count(*) FROM synth.s001.t000119"), "3");
  cr_expect_str_eq(ask("SELECT name FROM synth.s000.t000000 WHERE id = 2"), "row 2");
}

Test(seed, full_tables_have_everything_that_hangs_on_a_table)
{
  cr_assert(seed_load(&admin, "synth:2:full"), "%s", admin.fault.message);
  cr_expect_str_eq(ask("SELECT count(*) FROM synth.information_schema.table_tags"), "4");
  cr_expect_str_eq(
      ask("SELECT count(*) FROM synth.information_schema.table_privileges WHERE inherited_from = 'NONE'"),
      "6");
  cr_expect_str_eq(
      ask("SELECT min(table_owner) FROM synth.information_schema.tables WHERE comment = 'Table 1'"),
      "owner@example.com");
}

Test(seed, demo_holds_what_it_promises)
{
  cr_assert(seed_load(&admin, "demo"), "[%s] %s", admin.fault.error_class, admin.fault.message);
  cr_expect_str_eq(
      ask("SELECT count(*) FROM demo.information_schema.schemata WHERE schema_name NOT IN ('default', "
          "'information_schema')"),
      "5");
  cr_expect_str_eq(ask("SELECT count(*) FROM demo.information_schema.tables"), "30");
  cr_expect_str_eq(ask("SELECT count(*) FROM demo.information_schema.routines"), "7");
  cr_expect_str_eq(ask("SELECT count(*) FROM demo.information_schema.volumes"), "3");
  cr_expect_str_eq(ask("SELECT count(DISTINCT table_type) FROM demo.information_schema.tables"), "6");
  cr_expect_str_eq(ask("SELECT count(*) FROM demo.information_schema.row_filters"), "1");
  cr_expect_str_eq(ask("SELECT count(*) FROM demo.information_schema.column_masks"), "2");
}

Test(seed, demo_answers)
{
  cr_assert(seed_load(&admin, "demo"), "[%s] %s", admin.fault.error_class, admin.fault.message);
  cr_expect_str_eq(ask("SELECT text FROM demo.analytics.fields"), "demo.sales.orders");
  cr_expect_str_eq(ask("SELECT source FROM demo.analytics.strings"), "demo.sales.orders");
  cr_expect_str_eq(ask("SELECT gross FROM demo.sales.z_order_lines WHERE order_id = 1"), "23.68");
  cr_expect_str_eq(ask("SELECT count(*) FROM demo.hr.b_report"), "3");
  cr_expect_str_eq(ask("SELECT count(*) FROM demo.analytics.orders_of(1)"), "2");
  cr_expect_str_eq(ask("SELECT count(*) FROM demo.zoo.`it's\"quoted\"`"), "3");
  cr_expect_str_eq(ask("SELECT sum(price) FROM demo.sales.price_list"), "58.5");
  cr_expect_str_eq(ask("LIST '/Volumes/demo/raw-data/landing'"), "dbfs:/Volumes/demo/raw-data/landing/2024/");
}

/* What was changed in a state stays when the state is opened with the same seed again. */
Test(seed, demo_is_loaded_once)
{
  cr_assert(seed_load(&admin, "demo"));
  ask("DROP TABLE demo.hr.departments");
  cr_assert(seed_load(&admin, "demo"));
  cr_expect_str_eq(
      ask("SELECT count(*) FROM demo.information_schema.tables WHERE table_name = 'departments'"), "0");
}
