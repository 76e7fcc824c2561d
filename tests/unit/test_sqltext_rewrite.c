/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold for every text: renaming there and back gives the text again, renaming to itself changes
 * nothing, names that are refused, and texts made to be hard: cut short, nested deep, long, not UTF-8. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "kit/sqltext/rewrite.h"

#include "base/banned.h"

/* Pieces of SQL that random texts are made of. */
static const char *const pieces[] = {"SELECT ",
                                     "FROM ",
                                     "src.s.t ",
                                     "src.s.f(",
                                     ")",
                                     "(",
                                     ",",
                                     " JOIN ",
                                     "src ",
                                     ".",
                                     "AS ",
                                     "'src.s.t'",
                                     "`src`",
                                     ".s.t.a ",
                                     "WITH ",
                                     "IDENTIFIER('src.s.t') ",
                                     ";",
                                     "-- src.s.t\n",
                                     "/* src.s.t */",
                                     " x -> ",
                                     "data:src.s.t ",
                                     "CREATE TABLE ",
                                     "CLONE ",
                                     "USE CATALOG ",
                                     "UNION ALL ",
                                     "VALUES ",
                                     "BEGIN ",
                                     "END ",
                                     "THEN ",
                                     "CASE ",
                                     "$$",
                                     "table_changes('src.s.t'",
                                     "EXECUTE IMMEDIATE ",
                                     "LATERAL VIEW ",
                                     "src.s.t.* ",
                                     "GRANT SELECT ON ",
                                     "[",
                                     "]",
                                     " ON ",
                                     "INSERT INTO ",
                                     "|> ",
                                     "${x}",
                                     "MERGE INTO ",
                                     "USING ",
                                     "\xc3\xb6",
                                     "'/Volumes/src/a' ",
                                     "TABLE ",
                                     "PIVOT (",
                                     "STREAM(",
                                     "SHOW TABLES IN src.s "};

static void
random_text(struct buf *text, uint64_t *state, size_t count)
{
  buf_reset(text);
  for (size_t i = 0; i < count; i++) {
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407U;
    buf_add_text(text, pieces[(*state >> 33) % ARRAY_SIZE(pieces)]);
  }
}

static void
there_and_back(const char *text, size_t length)
{
  struct arena *arena = arena_new();
  struct sqltext_result there, back;

  sqltext_rewrite(arena, text, length, SQLTEXT_SQL, "src", "other_catalog", SQLTEXT_PATHS, &there);
  sqltext_rewrite(arena, there.text, there.length, SQLTEXT_SQL, "other_catalog", "src", SQLTEXT_PATHS, &back);
  cr_expect_eq(there.changes, back.changes, "%s\n%s", text, there.text);
  cr_assert(back.length == length && memcmp(back.text, text, length) == 0, "%s\n%s\n%s", text, there.text,
            back.text);
  arena_free(arena);
}

Test(sqltext_rewrite, there_and_back_is_the_same)
{
  struct buf text = BUF_INIT(BUF_LARGE);
  uint64_t state = 7;

  for (int round = 0; round < 3000; round++) {
    random_text(&text, &state, 3 + (size_t)round % 25);
    there_and_back(text.data, text.len);
  }
  buf_free(&text);
}

Test(sqltext_rewrite, a_text_cut_anywhere_is_read)
{
  static const char text[] =
      "CREATE VIEW src.s.v AS WITH a AS (SELECT src.s.f(x -> x.y) FROM src.s.t@v1 TABLESAMPLE (1 ROWS)) "
      "SELECT * FROM a JOIN IDENTIFIER('src.s.t') ON a:b.c = `src`.s.t.d WHERE x IN (SELECT 1 FROM "
      "table_changes('src.s.t', 1)); EXECUTE IMMEDIATE 'src.s.t'; BEGIN IF a THEN SELECT 1; END IF; "
      "END; MERGE INTO src.s.t USING src.s.u ON true WHEN MATCHED THEN UPDATE SET *; $$ x $$";

  for (size_t cut = 0; cut < sizeof text; cut++)
    there_and_back(text, cut);
  for (size_t start = 0; start < sizeof text; start++)
    there_and_back(text + start, sizeof text - 1 - start);
}

static const struct {
  const char *open, *middle, *close;
} nests[] = {
    {"(", "SELECT 1", ")"},
    {"f(", "1", ")"},
    {"(SELECT * FROM ", "src.s.t", ")"},
    {"[", "1", "]"},
    {"x -> ", "x", ""},
    {"CASE WHEN ", "1", " END"},
    {"/*", "", "*/"},
    {"EXPLAIN ", "SELECT 1", ""},
    {"a JOIN ", "b", ""},
    {"SELECT ", "1", ""},
    {"WITH a AS (", "SELECT 1", ")"},
    {"a.", "b", ""},
    {"UNION SELECT ", "1", ""},
    {"BEGIN ", "SELECT 1;", " END;"},
    {"table_changes(", "1", ")"},
    {"STREAM(", "t", ")"},
    {"|> WHERE ", "1", ""},
    {"IDENTIFIER(", "'a'", ")"},
    {"LATERAL VIEW f(", "1", ")"},
    {"'a' ", "", ""},
};

Test(sqltext_rewrite, nesting_has_no_bottom)
{
  for (size_t n = 0; n < ARRAY_SIZE(nests); n++) {
    struct arena *arena = arena_new();
    struct buf text = BUF_INIT(BUF_LARGE);
    struct sqltext_result result;

    buf_add_text(&text, "SELECT * FROM src.s.t WHERE ");
    for (int i = 0; i < 20000; i++)
      buf_add_text(&text, nests[n].open);
    buf_add_text(&text, nests[n].middle);
    for (int i = 0; i < 20000; i++)
      buf_add_text(&text, nests[n].close);
    sqltext_rewrite(arena, text.data, text.len, SQLTEXT_SQL, "src", "dst", 0, &result);
    cr_expect(str_starts(result.text, "SELECT * FROM dst.s.t WHERE "), "%s", nests[n].open);
    buf_free(&text);
    arena_free(arena);
  }
}

/* Whatever is nested too deep to follow is reported where it mentions the catalog. */
Test(sqltext_rewrite, what_is_too_deep_is_reported)
{
  struct arena *arena = arena_new();
  struct buf text = BUF_INIT(BUF_LARGE);
  struct sqltext_result result;

  buf_add_text(&text, "SELECT ");
  for (int i = 0; i < 2000; i++)
    buf_add_char(&text, '(');
  buf_add_text(&text, "SELECT a FROM src.s.t");
  for (int i = 0; i < 2000; i++)
    buf_add_char(&text, ')');
  sqltext_rewrite(arena, text.data, text.len, SQLTEXT_SQL, "src", "dst", 0, &result);
  cr_expect_eq(result.changes, 0);
  cr_expect_eq(result.report_count, 1);
  buf_free(&text);
  arena_free(arena);
}

Test(sqltext_rewrite, long_texts)
{
  struct arena *arena = arena_new();
  struct buf text = BUF_INIT(BUF_LARGE);
  struct sqltext_result result;

  for (int i = 0; i < 20000; i++)
    buf_addf(&text,
             "INSERT INTO src.s.t SELECT a%d, 'src.s.t' FROM src.s.u WHERE src.s.u.b > %d; -- src.s.t\n", i,
             i);
  sqltext_rewrite(arena, text.data, text.len, SQLTEXT_SQL, "src", "dst", 0, &result);
  cr_expect_eq(result.changes, 60000);
  cr_expect_eq(result.length, text.len);
  buf_free(&text);
  arena_free(arena);
}

Test(sqltext_rewrite, bytes_that_are_no_text)
{
  static const char text[] = "SELECT '\xff\xfe' \xc3 FROM src.s.t \0 JOIN src.s.`\x80` ON '\0src.s.t'";

  there_and_back(text, sizeof text - 1);
}

Test(sqltext_rewrite, names_that_are_refused)
{
  cr_expect(sqltext_catalog_reserved("system"));
  cr_expect(sqltext_catalog_reserved("HIVE_METASTORE"));
  cr_expect_not(sqltext_catalog_reserved("systems"));
  cr_expect_null(sqltext_catalog_problem("a`b"));
  cr_expect_null(sqltext_catalog_problem("Gr\xc3\xb6\xc3\x9f"
                                         "e"));
  cr_expect_not_null(sqltext_catalog_problem(""));
  cr_expect_not_null(sqltext_catalog_problem("a.b"));
  cr_expect_not_null(sqltext_catalog_problem("a b"));
  cr_expect_not_null(sqltext_catalog_problem("samples"));
  cr_expect_not_null(sqltext_catalog_problem("\xff"));
}

Test(sqltext_rewrite, reserved_catalogs_stay)
{
  static const char text[] = "SELECT * FROM system.information_schema.tables, '/Volumes/system/a'";
  struct arena *arena = arena_new();
  struct sqltext_result result;

  sqltext_rewrite(arena, text, sizeof text - 1, SQLTEXT_SQL, "system", "dst", SQLTEXT_PATHS, &result);
  cr_expect_eq(result.text, (const char *)text);
  cr_expect_eq(result.report_count, 0);
  arena_free(arena);
}

/* References as "kind parts..." lines; a catalog is marked by a star. */
static void
picture(struct buf *buf, const struct sqltext_references *found)
{
  for (size_t i = 0; i < found->count; i++) {
    buf_addf(buf, "%u:%u %s%s", found->at[i].line, found->at[i].column, sqltext_kind_name(found->at[i].kind),
             found->at[i].qualified ? "*" : "");
    for (size_t p = 0; p < found->at[i].count; p++)
      buf_addf(buf, " %s", found->at[i].parts[p]);
    buf_add_char(buf, '\n');
  }
}

static const struct {
  const char *text, *want;
} lists[] = {
    {"SELECT * FROM t, s.t, c.s.t", "1:15 relation t\n1:18 relation s t\n1:23 relation* c s t\n"},
    {"WITH a AS (SELECT * FROM a)\nSELECT * FROM a, b", "1:26 relation a\n2:18 relation b\n"},
    {"SELECT f(x), s.f(1), `C`.`s``x`.f() FROM t",
     "1:8 function f\n1:14 function s f\n1:22 function* C s`x f\n1:42 relation t\n"},
    {"CREATE SCHEMA c.s; USE CATALOG c; DROP VOLUME c.s.v",
     "1:15 schema* c s\n1:32 catalog* c\n1:47 volume* c s v\n"},
    {"SELECT c.s.t.a FROM c.s.t", "1:8 column* c s t a\n1:21 relation* c s t\n"},
    {"SELECT * FROM csv.`/Volumes/c/s/v/f`", "1:15 relation csv /Volumes/c/s/v/f\n1:19 path* c s v\n"},
    {"GRANT EXECUTE ON MODEL c.s.m TO x", "1:24 model* c s m\n"},
    {"SELECT count(*), a AS b, 1 IN (1) FROM (VALUES (1)) t", "1:8 function count\n"},
};

Test(sqltext_refs, lists)
{
  for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
    struct arena *arena = arena_new();
    struct buf buf = BUF_INIT(BUF_LARGE);
    struct sqltext_references found;

    sqltext_read(arena, lists[i].text, strlen(lists[i].text), SQLTEXT_SQL, NULL, &found);
    picture(&buf, &found);
    cr_expect_str_eq(buf.data, lists[i].want, "%s\n%s", lists[i].text, buf.data);
    buf_free(&buf);
    arena_free(arena);
  }
}
