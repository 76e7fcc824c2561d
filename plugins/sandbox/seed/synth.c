/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog `synth`: as many small tables as asked for, a hundred to a schema, for measuring; full ones
 * have a comment, two tags, three grants and an owner each. */
#include "base/arena.h"
#include "base/str.h"
#include "seed/demo.h"
#include "store/store.h"

#include "base/banned.h"

#define PER_SCHEMA 100

static const char *const people[] = {"owner@example.com", "reader@example.com", "writer@example.com"};

static bool
make_schema(struct session *session, int64_t number)
{
  const struct schema_spec spec = {.catalog_name = "synth",
                                   .name = arena_printf(session->arena, "s%03lld", (long long)number)};

  return schema_create(session, &spec, &(struct schema){0});
}

/* The owner last: who gives a table away may not tag it. */
static bool
decorate(struct session *session, const struct table *table)
{
  static const enum privilege privileges[] = {PRIV_SELECT, PRIV_MODIFY, PRIV_MANAGE};
  const struct name name = {table->object.catalog_name, table->object.schema_name, table->object.name};
  const struct patch owner = {.owner = people[0]};

  for (size_t i = 0; i < ARRAY_SIZE(people); i++)
    if (!grant_change(session, &table->object, people[i], PRIV_BIT(privileges[i]), 0)) return false;
  return tag_set(session, &table->object, NULL, "team", "sales", false) &&
         tag_set(session, &table->object, NULL, "number", table->object.name, false) &&
         securable_update(session, SEC_TABLE, &name, &owner, NULL);
}

/* synth.sNNN.tNNNNNN (id BIGINT, name STRING) with three rows. */
static bool
make_table(struct session *session, int64_t number, bool full)
{
  static const char *const rows[] = {"0, 'row 0'", "1, 'row 1'", "2, 'row 2'"};
  struct column columns[] = {seed_column(0, "id", "bigint", "LONG", "\"long\""),
                             seed_column(1, "name", "string", "STRING", "\"string\"")};
  struct table table = {
      .object = {.catalog_name = "synth",
                 .schema_name = arena_printf(session->arena, "s%03lld", (long long)(number / PER_SCHEMA)),
                 .name = arena_printf(session->arena, "t%06lld", (long long)number),
                 .comment = full ? arena_printf(session->arena, "Table %lld", (long long)number) : NULL},
      .table_type = "MANAGED",
      .data_source_format = "DELTA",
      .columns = columns,
      .column_count = ARRAY_SIZE(columns)};

  return seed_table(session, &table, rows, ARRAY_SIZE(rows)) && (!full || decorate(session, &table));
}

bool
seed_synth(struct session *session, int64_t tables, bool full)
{
  bool ok;

  store_enter(session);
  ok = catalog_create(session, &(struct catalog_spec){.name = "synth", .comment = "Many small tables"},
                      &(struct catalog){0});
  for (size_t i = 0; ok && full && i < ARRAY_SIZE(people); i++)
    ok = principal_add(session, PRINCIPAL_USER, people[i], false);
  for (int64_t i = 0; ok && i < tables; i++) {
    uint64_t mark = arena_mark(session->arena);

    if (i % PER_SCHEMA == 0) ok = make_schema(session, i / PER_SCHEMA);
    ok = ok && make_table(session, i, full);
    if (ok) arena_release(session->arena, mark);
  }
  return store_leave(session, ok);
}
