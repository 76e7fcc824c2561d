/* SPDX-License-Identifier: Apache-2.0 */
/* Physical tables and the figures of their files. Nothing here knows what a column means. */
#include "store/data.h"

#include "base/buf.h"
#include "store/object.h"

#include "base/banned.h"

/* Live at version ?: for SQL text with one table. */
#define LIVE "v_from <= %lld AND (v_to IS NULL OR v_to > %lld)"

const char *
data_rows_sql(struct arena *arena, const struct table *table, bool row_id)
{
  struct buf out CLEANUP_BUF = BUF_INIT(BUF_LARGE);
  bool empty = table->data_id == 0;

  buf_add_text(&out, "(SELECT ");
  for (size_t i = 0; i < table->column_count; i++) {
    long long id = (long long)table->columns[i].id;

    if (i) buf_add_text(&out, ", ");
    if (empty || id > table->data_width)
      buf_addf(&out, "NULL AS c%lld", id);
    else
      buf_addf(&out, "c%lld", id);
  }
  if (table->column_count == 0) buf_add_text(&out, "NULL AS no_column");
  if (row_id) buf_addf(&out, ", %s AS row_id", empty ? "NULL" : "rowid");
  if (empty)
    buf_add_text(&out, " WHERE 0)");
  else
    buf_addf(&out, " FROM d_%lld WHERE " LIVE ")", (long long)table->data_id, (long long)table->data_version,
             (long long)table->data_version);
  return arena_strndup(arena, out.data, out.len);
}

int64_t
data_count(struct session *session, const struct table *table)
{
  if (table->data_id == 0) return 0;
  return db_exec_int(session, 0,
                     arena_printf(session->arena, "SELECT count(*) FROM d_%lld WHERE " LIVE,
                                  (long long)table->data_id, (long long)table->data_version,
                                  (long long)table->data_version),
                     "");
}

/* TABLE's own physical table, with columns for all its ids. */
static void
make_own(struct session *session, const struct table *table)
{
  int64_t id = table->object.id, width = table->next_column_id - 1;
  int64_t have = db_exec_int(session, -1, "SELECT width FROM data WHERE id = ?", "i", id);
  struct buf sql CLEANUP_BUF = BUF_INIT(BUF_LARGE);

  if (have >= width) return;
  if (have < 0) {
    buf_addf(&sql, "CREATE TABLE d_%lld (v_from INTEGER, v_to INTEGER", (long long)id);
    for (int64_t c = 1; c <= width; c++)
      buf_addf(&sql, ", c%lld", (long long)c);
    buf_addf(&sql, "); INSERT INTO data VALUES (%lld, %lld, -1)", (long long)id, (long long)width);
  } else {
    for (int64_t c = have + 1; c <= width; c++)
      buf_addf(&sql, "ALTER TABLE d_%lld ADD COLUMN c%lld;", (long long)id, (long long)c);
    buf_addf(&sql, "UPDATE data SET width = %lld WHERE id = %lld", (long long)width, (long long)id);
  }
  db_run(session, sql.data);
}

/* Copy what is live in TABLE's present rows into its own physical table as version VERSION. */
static void
copy_rows(struct session *session, const struct table *table, int64_t version)
{
  struct buf columns CLEANUP_BUF = BUF_INIT(BUF_LARGE);
  long long own = (long long)table->object.id, from = (long long)table->data_id,
            at = (long long)table->data_version;

  for (size_t i = 0; i < table->column_count; i++)
    if (table->columns[i].id <= table->data_width)
      buf_addf(&columns, ", c%lld", (long long)table->columns[i].id);
  db_run(session,
         arena_printf(session->arena, "INSERT INTO d_%lld (v_from%s) SELECT %lld%s FROM d_%lld WHERE " LIVE,
                      own, columns.data, (long long)version, columns.data, from, at, at));
  db_run(session,
         arena_printf(
             session->arena,
             "INSERT INTO data_file SELECT %lld, file_id, bytes, %lld, NULL FROM data_file WHERE data_id ="
             " %lld AND " LIVE,
             own, (long long)version, from, at, at));
}

/* End what is live in TABLE's own physical table at VERSION; the number of rows. */
static int64_t
end_rows(struct session *session, const struct table *table, int64_t version)
{
  int64_t rows;

  rows =
      db_exec(session,
              arena_printf(session->arena, "UPDATE d_%lld SET v_to = ?1 WHERE v_to IS NULL AND v_from < ?1",
                           (long long)table->object.id),
              "i", version);
  db_exec(session, "UPDATE data_file SET v_to = ?1 WHERE data_id = ?2 AND v_to IS NULL AND v_from < ?1", "ii",
          version, table->object.id);
  return rows;
}

bool
data_write(struct session *session, struct table *table, struct data_write *out)
{
  int64_t own = table->object.id, version = table->version + 1;
  int64_t last = db_exec_int(session, -1, "SELECT last_version FROM data WHERE id = ?", "i", own);

  make_own(session, table);
  /* Rows that are somebody else's, or older than the last ones written here, are brought forward first. */
  if (table->data_id != own || table->data_version < last) {
    /* The last ones written here have been out of sight since the version after. */
    if (last >= 0) end_rows(session, table, last + 1);
    if (table->data_id != 0) copy_rows(session, table, version);
  }
  table->data_id = own;
  table->data_version = version;
  table->data_width = db_exec_int(session, 0, "SELECT width FROM data WHERE id = ?", "i", own);
  db_exec(session, "UPDATE data SET last_version = ? WHERE id = ?", "ii", version, own);
  out->physical = arena_printf(session->arena, "d_%lld", (long long)own);
  out->version = version;
  return true;
}

int64_t
data_truncate(struct session *session, struct table *table, const struct data_write *write)
{
  /* Rows copied in for this very version never were in any: they go without a trace. */
  int64_t brought = db_exec(
      session,
      arena_printf(session->arena, "DELETE FROM d_%lld WHERE v_from = ?", (long long)table->object.id), "i",
      write->version);

  db_exec(session, "DELETE FROM data_file WHERE data_id = ? AND v_from = ?", "ii", table->object.id,
          write->version);
  return brought + end_rows(session, table, write->version);
}

struct data_files
data_files(struct session *session, const struct table *table)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  struct data_files files = {0};

  if (table->data_id == 0) return files;
  stmt = db_query(
      session,
      "SELECT count(*), coalesce(sum(bytes), 0) FROM data_file WHERE data_id = ?1 AND v_from <= ?2 AND"
      " (v_to IS NULL OR v_to > ?2)",
      "ii", table->data_id, table->data_version);
  if (db_next(stmt)) files = (struct data_files){.count = db_int(stmt, 0), .bytes = db_int(stmt, 1)};
  return files;
}

struct data_files
data_files_missing(struct session *session, const struct table *from, const struct table *to)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(
      session,
      "SELECT count(*), coalesce(sum(bytes), 0) FROM data_file WHERE data_id = ?1 AND v_from <= ?2 AND"
      " (v_to IS NULL OR v_to > ?2) AND file_id NOT IN (SELECT file_id FROM data_file WHERE data_id = ?3 AND"
      " v_from <= ?4 AND (v_to IS NULL OR v_to > ?4))",
      "iiii", to->data_id, to->data_version, from->data_id, from->data_version);
  struct data_files files = {0};

  if (db_next(stmt)) files = (struct data_files){.count = db_int(stmt, 0), .bytes = db_int(stmt, 1)};
  return files;
}

/* What a Parquet file of so many rows may weigh: footer and some bytes per value. */
static int64_t
file_bytes(const struct table *table, int64_t rows)
{
  return 512 + (int64_t)table->column_count * (96 + rows * 6);
}

int64_t
data_add_file(struct session *session, struct table *table, const struct data_write *write, int64_t rows,
              bool rewrite)
{
  int64_t bytes = file_bytes(table, rows);

  if (rewrite) {
    db_exec(session, "DELETE FROM data_file WHERE data_id = ? AND v_from = ?", "ii", table->object.id,
            write->version);
    db_exec(session, "UPDATE data_file SET v_to = ? WHERE data_id = ? AND v_to IS NULL", "ii", write->version,
            table->object.id);
  }
  if (rows == 0) return 0;
  db_exec(session,
          "INSERT INTO data_file (data_id, file_id, bytes, v_from) VALUES (?1,"
          " (SELECT coalesce(max(rowid), 0) + 1 FROM data_file), ?2, ?3)",
          "iii", table->object.id, bytes, write->version);
  return bytes;
}

bool
data_adopt(struct session *session, struct table *table, const struct table *source)
{
  (void)session;
  table->data_id = source->data_id;
  table->data_version = source->data_version;
  table->data_width = source->data_width;
  return true;
}
