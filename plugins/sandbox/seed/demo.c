/* SPDX-License-Identifier: Apache-2.0 */
/* The demo catalog: demo.sql, with what has to be there before it (people, storage outside) and what SQL
 * cannot make (files in volumes, a foreign table with rows). */
#include "seed/demo.h"

#include "base/str.h"
#include "store/store.h"

#include "base/banned.h"

/* The file is part of the library, so that the plugin needs nothing beside it. */
__asm__(".pushsection .rodata\n"
        ".global seed_demo_sql\n"
        ".hidden seed_demo_sql\n"
        ".type seed_demo_sql, @object\n"
        "seed_demo_sql:\n"
        ".incbin \"" SEED_DEMO_SQL "\"\n"
        ".byte 0\n"
        ".popsection\n");

static bool
make_people(struct session *session)
{
  return principal_add(session, PRINCIPAL_USER, "ann@example.com", false) &&
         principal_add(session, PRINCIPAL_USER, "etl@example.com", false) &&
         principal_add(session, PRINCIPAL_SERVICE, "7c1f3a52-0d2c-4b8e-9d55-6f1a1f2b3c4d", false) &&
         principal_add(session, PRINCIPAL_GROUP, "analysts", false) &&
         group_add_member(session, "analysts", "ann@example.com");
}

static bool
make_storage(struct session *session)
{
  struct storage_credential credential = {
      .object = {.name = "demo_credential", .comment = "Access to what lies outside"},
      .identity_kind = "aws_iam_role",
      .identity = "{\"role_arn\":\"arn:aws:iam::123456789012:role/demo\"}",
  };
  struct external_location location = {
      .object = {.name = "demo_external", .comment = "Tables and volumes outside"},
      .url = "s3://demo-external",
      .credential_name = "demo_credential",
  };
  struct connection connection = {
      .object = {.name = "demo_postgres", .comment = "A database elsewhere"},
      .type = "POSTGRESQL",
      .options = "{\"host\":\"db.example.com\",\"port\":\"5432\"}",
      .properties = "{}",
  };

  return storage_credential_create(session, &credential) && external_location_create(session, &location) &&
         connection_create(session, &connection);
}

static bool
write_files(struct session *session, const char *schema, const char *volume, const char *const (*files)[2],
            size_t count)
{
  const struct name name = {"demo", schema, volume};
  struct volume found;

  if (!volume_get(session, &name, &found)) return false;
  for (size_t i = 0; i < count; i++)
    if (!file_write(session, found.object.id, files[i][0], files[i][1], strlen(files[i][1]), true))
      return false;
  return true;
}

static bool
make_files(struct session *session)
{
  static const char *const landing[][2] = {
      {"2024/01/orders.csv", "id;amount\n1;19.90\n2;45.00\n"},
      {"2024/02/orders.csv", "id;amount\n3;99999.00\n"},
      {"2024/02/größe & co.txt", "Names with blanks and umlauts.\n"},
      {"readme.md", "# Landing\n\nFiles as they came. Not /Volumes/demo/hr.\n"},
      {"empty.bin", ""},
  };
  static const char *const documents[][2] = {{"handbook.txt", "Be kind.\n"},
                                             {"forms/leave.txt", "From: ____ To: ____\n"}};

  return write_files(session, "raw-data", "landing", landing, ARRAY_SIZE(landing)) &&
         write_files(session, "hr", "docs-2024", documents, ARRAY_SIZE(documents));
}

/* A table that really is another database's: two rows of a price list. */
static bool
make_foreign(struct session *session)
{
  static const char *const rows[] = {"'A-1', 18.5", "'B-2', 40.0"};
  struct column columns[] = {seed_column(0, "sku", "string", "STRING", "\"string\""),
                             seed_column(1, "price", "double", "DOUBLE", "\"double\"")};
  struct table table = {.object = {.catalog_name = "demo",
                                   .schema_name = "sales",
                                   .name = "price_list",
                                   .comment = "Lives in PostgreSQL"},
                        .table_type = "FOREIGN",
                        .data_source_format = "POSTGRESQL_FORMAT",
                        .columns = columns,
                        .column_count = ARRAY_SIZE(columns)};

  return seed_table(session, &table, rows, ARRAY_SIZE(rows));
}

/* No statement sets a catalog's properties or a function's owner. */
static bool
make_rest(struct session *session)
{
  const struct name catalog = {"demo", NULL, NULL}, function = {"demo", "analytics", "initials"};
  const struct patch properties = {.properties =
                                       "{\"cost center\":\"4711\",\"demo.kind\":\"it's a \\\\ shop\"}"};
  const struct patch owner = {.owner = "etl@example.com"};
  struct securable found;

  return securable_update(session, SEC_CATALOG, &catalog, &properties, &found) &&
         securable_update(session, SEC_FUNCTION, &function, &owner, &found);
}

bool
seed_demo(struct session *session)
{
  bool ok;

  store_enter(session);
  ok = make_people(session) && make_storage(session);
  if (!store_leave(session, ok) || !seed_script(session, seed_demo_sql, strlen(seed_demo_sql))) return false;
  store_enter(session);
  ok = make_files(session) && make_foreign(session) && make_rest(session);
  return store_leave(session, ok);
}
