/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog `synth`: as many small tables as asked for, a hundred to a schema, for measuring. */
#include "base/arena.h"
#include "base/str.h"
#include "seed/demo.h"
#include "store/store.h"

#include "base/banned.h"

#define PER_SCHEMA 100

static bool
make_schema(struct session *session, int64_t number)
{
  const struct schema_spec spec = {.catalog_name = "synth",
                                   .name = arena_printf(session->arena, "s%03lld", (long long)number)};

  return schema_create(session, &spec, &(struct schema){0});
}

/* synth.sNNN.tNNNNNN (id BIGINT, name STRING) with three rows. */
static bool
make_table(struct session *session, int64_t number)
{
  static const char *const rows[] = {"0, 'row 0'", "1, 'row 1'", "2, 'row 2'"};
  struct column columns[] = {seed_column(0, "id", "bigint", "LONG", "\"long\""),
                             seed_column(1, "name", "string", "STRING", "\"string\"")};
  struct table table = {
      .object = {.catalog_name = "synth",
                 .schema_name = arena_printf(session->arena, "s%03lld", (long long)(number / PER_SCHEMA)),
                 .name = arena_printf(session->arena, "t%06lld", (long long)number)},
      .table_type = "MANAGED",
      .data_source_format = "DELTA",
      .columns = columns,
      .column_count = ARRAY_SIZE(columns)};

  return seed_table(session, &table, rows, ARRAY_SIZE(rows));
}

bool
seed_synth(struct session *session, int64_t tables)
{
  bool ok;

  store_enter(session);
  ok = catalog_create(session, &(struct catalog_spec){.name = "synth", .comment = "Many small tables"},
                      &(struct catalog){0});
  for (int64_t i = 0; ok && i < tables; i++) {
    uint64_t mark = arena_mark(session->arena);

    if (i % PER_SCHEMA == 0) ok = make_schema(session, i / PER_SCHEMA);
    ok = ok && make_table(session, i);
    if (ok) arena_release(session->arena, mark);
  }
  return store_leave(session, ok);
}
