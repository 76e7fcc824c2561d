/* SPDX-License-Identifier: Apache-2.0 */
/* The lexer, case by case: each line is a text and the tokens it must give, one letter per kind before the
 * token. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

/* Kinds by letter, in the order of enum sql_kind; space is left out of the pictures. */
static const char letters[] = "$_chwnsxb#p vo!";

static void
picture(struct buf *buf, const struct sql_tokens *tokens)
{
  for (size_t i = 0; i < tokens->count; i++) {
    const struct sql_token *token = &tokens->at[i];

    if (token->kind == SQL_SPACE) continue;
    if (buf->len > 0) buf_add_char(buf, ' ');
    buf_addf(buf, "%c<",
             token->kind == SQL_VARIABLE   ? 'v'
             : token->kind == SQL_OPERATOR ? 'o'
             : token->kind == SQL_ERROR    ? '!'
                                           : letters[token->kind]);
    buf_add(buf, tokens->text + token->start, token->length);
    buf_add_char(buf, '>');
  }
}

static const struct {
  const char *text, *want;
} cases[] = {
    {"", ""},
    {"select a", "w<select> w<a>"},
    {"a.2024_t", "w<a> o<.> w<2024_t>"},
    {"s.2024", "w<s> #<.2024>"},
    {"1.5e3 .5 10L 2.0BD 1e5x 3D", "#<1.5e3> #<.5> #<10L> #<2.0BD> w<1e5x> #<3D>"},
    {"1.x", "#<1> o<.> w<x>"},
    {"1..2", "#<1.> #<.2>"},
    {"`a``b`.`c.d`", "n<`a``b`> o<.> n<`c.d`>"},
    {"'a''b' \"c\"\"d\" 'e\\'f'", "s<'a''b'> s<\"c\"\"d\"> s<'e\\'f'>"},
    {"r'a\\' R\"b\\\" xr'c'", "s<r'a\\'> s<R\"b\\\"> w<xr> s<'c'>"},
    {"X'1F' x\"00\"", "x<X'1F'> x<x\"00\">"},
    {"-- a\\\nb\nc", "c<-- a\\\nb\n> w<c>"},
    {"-- a\\\r\nc", "c<-- a\\\r\n> w<c>"},
    {"-- a\rc", "c<-- a\r> w<c>"},
    {"/* a /* b */ c */d", "c</* a /* b */ c */> w<d>"},
    {"/* a /*+ b */ c", "c</* a /*+ b */> w<c>"},
    {"/*+ X('*/') */a", "h</*+ X('*/') */> w<a>"},
    {"/* open /* */ x", "!</* open /* */ x>"},
    {"'open", "!<'open>"},
    {"`open", "!<`open>"},
    {"$$a ' b$$c", "b<$$a ' b$$> w<c>"},
    {"$py$ a $$ b $py$", "b<$py$ a $$ b $py$>"},
    {"$$open", "!<$$open>"},
    {"a$", "w<a> !<$>"},
    {"${a}.b {{ c }}", "v<${a}> o<.> w<b> v<{{ c }}>"},
    {"a::int->b=>c<=>d|>e||f", "w<a> o<::> w<int> o<->> w<b> o<=>> w<c> o<<=>> w<d> o<|>> w<e> o<||> w<f>"},
    {"map<int,array<int>>", "w<map> o<<> w<int> o<,> w<array> o<<> w<int> o<>> o<>>"},
    {"t@v12", "w<t> o<@> w<v12>"},
    {"a:b.c", "w<a> o<:> w<b> o<.> w<c>"},
    {"a = :b and c[0]:d and f(x):e and 'l':m",
     "w<a> o<=> p<:b> w<and> w<c> o<[> #<0> o<]> o<:> w<d> w<and> w<f> o<(> w<x> "
     "o<)> o<:> w<e> w<and> s<'l'> o<:> w<m>"},
    {"limit :n", "w<limit> p<:n>"},
    {"comment :c comment:c", "w<comment> p<:c> w<comment> o<:> w<c>"},
    {"in (?, ?)", "w<in> o<(> p<?> o<,> p<?> o<)>"},
    {"s3://b/c-d.e?f=g h",
     "w<s3> o<:> o</> o</> w<b> o</> w<c> o<-> w<d> o<.> w<e> p<?> w<f> o<=> w<g> w<h>"},
    {"abfss://b/c-d.e", "w<abfss://b/c-d.e>"},
    {"a\xc2\xa0"
     "b\xe3\x80\x80"
     "c\xe2\x80\xaf"
     "d",
     "w<a> w<b> w<c> w<d>"},
    {"\xef\xbb\xbfselect", "w<select>"},
    {"Gr\xc3\xb6\xc3\x9f"
     "e \xe7\x9b\xae\xe5\xbd\x95",
     "w<Gr\xc3\xb6\xc3\x9f"
     "e> w<\xe7\x9b\xae\xe5\xbd\x95>"},
    {"a\xff"
     "b",
     "w<a> !<\xff> w<b>"},
    {"a\xc3", "w<a> !<\xc3>"},
    {"2*/*c*/3", "#<2> o<*> c</*c*/> #<3>"},
    {"a--b\n-c", "w<a> c<--b\n> o<-> w<c>"},
    {"#", "!<#>"},
};

Test(sqltext_token, pictures)
{
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct arena *arena = arena_new();
    struct buf buf = BUF_INIT(BUF_LARGE);
    struct sql_tokens tokens;

    sql_tokens_read(arena, cases[i].text, strlen(cases[i].text), &tokens);
    picture(&buf, &tokens);
    cr_expect_str_eq(buf.data, cases[i].want, "%s\n gives %s\n  not %s", cases[i].text, buf.data,
                     cases[i].want);
    buf_free(&buf);
    arena_free(arena);
  }
}

/* Whatever the bytes, the tokens are the text: no gap, no overlap, an end behind them. */
Test(sqltext_token, cover_every_byte)
{
  static const char alphabet[] = "ab1.'\"`\\$-/*+ \n:x(r{}\xc3\xb6\0;@";
  uint64_t state = 42;

  for (int round = 0; round < 3000; round++) {
    struct arena *arena = arena_new();
    char text[40];
    size_t position = 0;
    struct sql_tokens tokens;

    for (size_t i = 0; i < sizeof text; i++) {
      state = state * UINT64_C(6364136223846793005) + 1442695040888963407U;
      text[i] = alphabet[(state >> 33) % (sizeof alphabet - 1)];
    }
    sql_tokens_read(arena, text, sizeof text, &tokens);
    for (size_t i = 0; i < tokens.count; i++) {
      cr_assert_eq(tokens.at[i].start, position);
      cr_assert_gt(tokens.at[i].length, 0);
      (void)sql_token_value(arena, &tokens, i);
      position += tokens.at[i].length;
    }
    cr_assert_eq(position, sizeof text);
    cr_assert_eq(tokens.at[tokens.count].kind, SQL_END);
    arena_free(arena);
  }
}

Test(sqltext_token, values)
{
  static const struct {
    const char *text, *want;
  } values[] = {
      {"'a\\'b'", "a'b"},         {"'a''b'", "a'b"},
      {"\"a\\\"b\"", "a\"b"},     {"r'a\\nb'", "a\\nb"},
      {"'\\n\\t\\\\'", "\n\t\\"}, {"'50\\%\\_'", "50\\%\\_"},
      {"'\\u00f6'", "\xc3\xb6"},  {"'\\q\\u12'", "qu12"},
      {"`a``b\\`", "a`b\\"},      {"$$x$$", "x"},
      {"$t$ y $t$", " y "},       {"X'1F'", "1F"},
      {"word", "word"},           {"'\\101'", "A"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
    struct arena *arena = arena_new();
    struct sql_tokens tokens;

    sql_tokens_read(arena, values[i].text, strlen(values[i].text), &tokens);
    cr_expect_eq(tokens.count, 1, "%s", values[i].text);
    cr_expect_str_eq(sql_token_value(arena, &tokens, 0), values[i].want, "%s", values[i].text);
    arena_free(arena);
  }
}

Test(sqltext_token, lines_and_columns)
{
  static const char text[] = "a\r\n\xc3\xb6 b\n'x\ny' c";
  struct arena *arena = arena_new();
  struct sql_tokens tokens;

  sql_tokens_read(arena, text, strlen(text), &tokens);
  cr_assert_eq(tokens.count, 9);
  cr_expect_eq(tokens.at[4].line, 2);
  cr_expect_eq(tokens.at[4].column, 3);
  cr_expect_eq(tokens.at[8].line, 4);
  cr_expect_eq(tokens.at[8].column, 4);
  arena_free(arena);
}

Test(sqltext_quote, round_trip)
{
  static const char *const texts[] = {"",    "a",       "a`b",          "it's", "back\\slash",
                                      "\\'", "`; DROP", "\xc3\xb6\n\"", "''"};

  for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
    struct arena *arena = arena_new();
    struct buf buf = BUF_INIT(BUF_SQL);
    struct sql_tokens tokens;

    sql_add_literal(&buf, texts[i]);
    sql_add_name(&buf, texts[i]);
    sql_tokens_read(arena, buf.data, buf.len, &tokens);
    cr_expect_eq(tokens.count, 2, "%s", buf.data);
    cr_expect_str_eq(sql_token_value(arena, &tokens, 0), texts[i]);
    cr_expect_str_eq(sql_token_value(arena, &tokens, 1), texts[i]);
    buf_free(&buf);
    arena_free(arena);
  }
}

Test(sqltext_quote, forms)
{
  static const char *const parts[] = {"a", "b`c", "d e"};
  struct buf buf = BUF_INIT(BUF_SQL);

  sql_add_names(&buf, parts, 3);
  buf_add_char(&buf, ' ');
  sql_add_literal(&buf, "it's \\");
  buf_add_char(&buf, ' ');
  sql_add_literal(&buf, NULL);
  cr_expect_str_eq(buf.data, "`a`.`b``c`.`d e` 'it\\'s \\\\' NULL");
  buf_free(&buf);
}
