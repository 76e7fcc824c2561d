/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog `synth`: as many small tables as asked for, a hundred to a schema, for measuring. */
#include "base/arena.h"
#include "base/str.h"
#include "seed/demo.h"
#include "store/db.h"
#include "store/store.h"

#include "base/banned.h"

#define PER_SCHEMA 100
#define ROWS 3

static bool
make_schema(struct session *session, int64_t number) {
  const struct schema_spec spec = {.catalog_name = "synth",
                                   .name = arena_printf(session->arena, "s%03lld", (long long)number)};

  return schema_create(session, &spec, &(struct schema){0});
}

/* synth.sNNN.tNNNNNN (id BIGINT, name STRING) with three rows. */
static bool
make_table(struct session *session, int64_t number) {
  struct column columns[] = {{.name = "id",
                              .type_text = "bigint",
                              .type_name = "LONG",
                              .type_json = "\"long\"",
                              .nullable = true,
                              .partition_index = -1},
                             {.name = "name",
                              .position = 1,
                              .type_text = "string",
                              .type_name = "STRING",
                              .type_json = "\"string\"",
                              .nullable = true,
                              .partition_index = -1}};
  struct table table = {
      .object = {.catalog_name = "synth",
                 .schema_name = arena_printf(session->arena, "s%03lld", (long long)(number / PER_SCHEMA)),
                 .name = arena_printf(session->arena, "t%06lld", (long long)number)},
      .table_type = "MANAGED",
      .data_source_format = "DELTA",
      .columns = columns,
      .column_count = ARRAY_SIZE(columns)};
  struct data_write write;

  if (!table_insert(session, &table) ||
      !version_commit(session, &table, &(struct version){.operation = "CREATE TABLE"}, true) ||
      !data_write(session, &table, &write))
    return false;
  for (int row = 0; row < ROWS; row++)
    if (!db_run(session, arena_printf(session->arena,
                                      "INSERT INTO %s (v_from, c%lld, c%lld) VALUES (%lld, %d, 'row %d')",
                                      write.physical, (long long)table.columns[0].id,
                                      (long long)table.columns[1].id, (long long)write.version, row, row)))
      return false;
  data_add_file(session, &table, &write, ROWS, false);
  return version_commit(session, &table, &(struct version){.operation = "WRITE"}, false);
}

bool
seed_synth(struct session *session, int64_t tables) {
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
