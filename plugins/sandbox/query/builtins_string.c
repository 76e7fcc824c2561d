/* SPDX-License-Identifier: Apache-2.0 */
/* String functions: their signatures, and how they become calls of fn_string.c and fn_text.c. */
#include "query/builtin.h"

#include "base/buf.h"
#include "base/str.h"

#include "base/banned.h"

#define ARGS_MAX 100 /* SQLite takes at most 127 */

/* NAME(args...MORE) of TYPE. */
static bool
call_with(struct builtin_call *call, struct value *value, const char *function, const char *more,
          const struct sql_type *type)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_addf(&buf, "%s(", function);
  for (size_t i = 0; i < call->count; i++)
    buf_addf(&buf, "%s%s", i ? "," : "", call->args[i].sql);
  buf_addf(&buf, "%s)", more);
  *value = value_of(arena_strndup(call->ex->tx->arena, buf.data, buf.len), type);
  return true;
}

static bool
cased(struct builtin_call *call, struct value *value)
{
  char first = *call->builtin->name;

  return call_with(call, value, "x_case",
                   first == 'u'   ? ",'U'"
                   : first == 'i' ? ",'I'"
                                  : ",'L'",
                   type_of(TYPE_STRING));
}

static bool
length(struct builtin_call *call, struct value *value)
{
  struct value from = call->args[0];

  if (from.type->kind != TYPE_BINARY &&
      !tx_coerce(call->ex->tx, &call->args[0], type_of(TYPE_STRING), call->text, 0))
    return false;
  return call_with(call, value, "x_length", "", type_of(TYPE_INT));
}

static bool
octets(struct builtin_call *call, struct value *value)
{
  if (call->args[0].type->kind != TYPE_BINARY &&
      !tx_coerce(call->ex->tx, &call->args[0], type_of(TYPE_STRING), call->text, 0))
    return false;
  if (!call_with(call, value, "x_bytes", "", type_of(TYPE_INT))) return false;
  if (*call->builtin->name == 'b') value->sql = tx_printf(call->ex->tx, "(8*%s)", value->sql);
  return true;
}

static bool
substring(struct builtin_call *call, struct value *value)
{
  const struct sql_type *type =
      call->args[0].type->kind == TYPE_BINARY ? call->args[0].type : type_of(TYPE_STRING);

  if (type->kind != TYPE_BINARY && !tx_coerce(call->ex->tx, &call->args[0], type, call->text, 0))
    return false;
  return call_with(call, value, "x_substring", call->count == 2 ? ",2147483647" : "", type);
}

static bool
side(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *text = call->args[0].sql, *count = call->args[1].sql;

  if (*call->builtin->name == 'l')
    *value = value_of(tx_printf(tx, "x_substring(%s,1,%s)", text, count), type_of(TYPE_STRING));
  else
    *value = value_of(tx_printf(tx, "CASE WHEN %s<=0 THEN '' ELSE x_substring(%s,-(%s),2147483647) END",
                                count, text, count),
                      type_of(TYPE_STRING));
  return true;
}

/* trim(text), trim(characters FROM text): the parser puts the characters first. */
static bool
trim(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name, *text = call->args[0].sql, *set = "' '";
  char mode = *name == 'l' ? 'L' : *name == 'r' ? 'R' : 'B';

  if (call->count == 2) {
    bool text_first = str_eq(name, "btrim");

    text = call->args[text_first ? 0 : 1].sql;
    set = call->args[text_first ? 1 : 0].sql;
  }
  *value = value_of(tx_printf(tx, "x_trim(%s,%s,'%c')", text, set, mode), type_of(TYPE_STRING));
  return true;
}

static bool
pad(struct builtin_call *call, struct value *value)
{
  return call_with(call, value, "x_pad",
                   *call->builtin->name == 'l' ? (call->count == 2 ? ",' ','L'" : ",'L'")
                                               : (call->count == 2 ? ",' ','R'" : ",'R'"),
                   type_of(TYPE_STRING));
}

static bool
replace(struct builtin_call *call, struct value *value)
{
  return call_with(call, value, "replace", call->count == 2 ? ",''" : "", type_of(TYPE_STRING));
}

/* instr(text, part); position and locate(part, text [, from]); charindex the same */
static bool
find(struct builtin_call *call, struct value *value)
{
  bool text_first = str_eq(call->builtin->name, "instr");

  *value = value_of(tx_printf(call->ex->tx, "x_find(%s,%s,%s)", call->args[text_first ? 0 : 1].sql,
                              call->args[text_first ? 1 : 0].sql, call->count > 2 ? call->args[2].sql : "1"),
                    type_of(TYPE_INT));
  return true;
}

/* More arguments than SQLite takes: the first hundred become one, until few enough are left. */
static void
fold_args(struct builtin_call *call, const char *function)
{
  while (call->count > ARGS_MAX) {
    CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

    for (size_t i = 0; i < ARGS_MAX; i++)
      buf_addf(&buf, "%s%s", i ? "," : "", call->args[i].sql);
    call->args += ARGS_MAX - 1;
    call->count -= ARGS_MAX - 1;
    call->args[0].sql = tx_printf(call->ex->tx, "%s(%s)", function, buf.data);
  }
}

/* Strings, binaries or arrays. */
static bool
concat(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  bool binary = call->count > 0, array = call->count > 0 && call->args[0].type->kind == TYPE_ARRAY;

  for (size_t i = 0; i < call->count; i++)
    binary &= call->args[i].type->kind == TYPE_BINARY;
  if (array) {
    if (!tx_unify(tx, call->args, call->count, call->text)) return false;
    return call_with(call, value, "x_array_concat", "", call->args[0].type);
  }
  for (size_t i = 0; !binary && i < call->count; i++)
    if (!tx_coerce(tx, &call->args[i], type_of(TYPE_STRING), call->text, i)) return false;
  fold_args(call, "x_concat");
  return call_with(call, value, "x_concat", "", type_of(binary ? TYPE_BINARY : TYPE_STRING));
}

static bool
concat_ws(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE), letters = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < call->count; i++) {
    bool array = i && call->args[i].type->kind == TYPE_ARRAY;

    if (!array && !tx_coerce(tx, &call->args[i], type_of(TYPE_STRING), call->text, i)) return false;
    if (i) buf_add_char(&letters, array ? 'j' : 's');
    buf_addf(&buf, ",%s", call->args[i].sql);
  }
  *value = value_of(tx_printf(tx, "x_concat_ws('%s'%s)", letters.data, buf.data), type_of(TYPE_STRING));
  return true;
}

static bool
edge(struct builtin_call *call, struct value *value)
{
  char first = *call->builtin->name;

  return call_with(call, value, "x_edge",
                   first == 's'   ? ",'S'"
                   : first == 'e' ? ",'E'"
                                  : ",'C'",
                   type_of(TYPE_BOOLEAN));
}

static bool
regexp(struct builtin_call *call, struct value *value)
{
  bool all = str_eq(call->builtin->name, "regexp_extract_all");

  return call_with(call, value, all ? "x_regexp_all" : "x_regexp_extract", call->count == 2 ? ",1" : "",
                   all ? type_array(call->ex->tx->arena, type_of(TYPE_STRING)) : type_of(TYPE_STRING));
}

static bool
regexp_replace(struct builtin_call *call, struct value *value)
{
  return call_with(call, value, "x_regexp_replace", call->count == 3 ? ",1" : "", type_of(TYPE_STRING));
}

static bool
regexp_substr(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "CASE WHEN x_rlike(%s,%s) THEN x_regexp_extract(%s,%s,0) END",
                              call->args[0].sql, call->args[1].sql, call->args[0].sql, call->args[1].sql),
                    type_of(TYPE_STRING));
  return true;
}

static bool
split(struct builtin_call *call, struct value *value)
{
  return call_with(call, value, "x_split", call->count == 2 ? ",-1" : "",
                   type_array(call->ex->tx->arena, type_of(TYPE_STRING)));
}

static bool
like_call(struct builtin_call *call, struct value *value)
{
  bool any_case = *call->builtin->name == 'i';

  return call_with(call, value, "x_like",
                   call->count == 3 ? (any_case ? ",'I'" : ",'L'") : (any_case ? ",'\\','I'" : ",'\\','L'"),
                   type_of(TYPE_BOOLEAN));
}

static bool
format(struct builtin_call *call, struct value *value)
{
  for (size_t i = 1; i < call->count; i++) {
    struct value from = call->args[i];

    if (from.type->kind == TYPE_DECIMAL) return tx_unsupported(call->ex->tx, "format_string over a DECIMAL");
    if (from.type->kind == TYPE_BOOLEAN &&
        !tx_cast(call->ex->tx, &from, type_of(TYPE_STRING), 'i', &call->args[i]))
      return false;
  }
  return call_with(call, value, "x_format", "", type_of(TYPE_STRING));
}

static bool
overlay(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *text = call->args[0].sql, *with = call->args[1].sql, *from = call->args[2].sql;
  const char *count = call->count > 3 ? call->args[3].sql : tx_printf(tx, "x_length(%s)", with);

  *value = value_of(tx_printf(tx, "(x_substring(%s,1,%s-1)||%s||x_substring(%s,%s+%s,2147483647))", text,
                              from, with, text, from, count),
                    type_of(TYPE_STRING));
  return true;
}

static bool
hex(struct builtin_call *call, struct value *value)
{
  const struct sql_type *type = call->args[0].type;

  if (!type_is_integer(type) && type->kind != TYPE_BINARY &&
      !tx_coerce(call->ex->tx, &call->args[0], type_of(type_is_number(type) ? TYPE_BIGINT : TYPE_STRING),
                 call->text, 0))
    return false;
  return call_with(call, value, "x_hex", "", type_of(TYPE_STRING));
}

/* encode(text, 'utf-8'), decode(binary, 'utf-8'), to_binary(text [, format]) */
static bool
charset(struct builtin_call *call, struct value *value)
{
  const struct ast_expr *name = call->count > 1 ? call->expr->args[1] : NULL;

  if (call->count != 2) return tx_unsupported(call->ex->tx, "decode with other than two arguments of text");
  if (name->kind != AST_STRING ||
      (!str_ieq(name->text, "utf-8") && !str_ieq(name->text, "utf8") && !str_ieq(name->text, "us-ascii")))
    return tx_unsupported(call->ex->tx, "A character set other than UTF-8");
  *value = value_of(tx_printf(call->ex->tx, "CAST(%s AS BLOB)", call->args[0].sql), type_of(TYPE_BINARY));
  return true;
}

static bool
url(struct builtin_call *call, struct value *value)
{
  return call_with(call, value, "x_url", str_ends(call->builtin->name, "encode") ? ",'E'" : ",'D'",
                   type_of(TYPE_STRING));
}

static bool
space(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_repeat(' ',%s)", call->args[0].sql), type_of(TYPE_STRING));
  return true;
}

static bool
reverse(struct builtin_call *call, struct value *value)
{
  if (call->args[0].type->kind == TYPE_ARRAY)
    return call_with(call, value, "x_array_reverse", "", call->args[0].type);
  if (!tx_coerce(call->ex->tx, &call->args[0], type_of(TYPE_STRING), call->text, 0)) return false;
  return call_with(call, value, "x_reverse", "", type_of(TYPE_STRING));
}

/* x_unbase64 and the like take text, base64 takes bytes: a string's own. */
static bool
base64(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_base64(CAST(%s AS BLOB))", call->args[0].sql),
                    type_of(TYPE_STRING));
  return true;
}

/* elt(n, a, b, ...) */
static bool
elt(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_addf(&buf, "CASE %s", call->args[0].sql);
  for (size_t i = 1; i < call->count; i++)
    buf_addf(&buf, " WHEN %zu THEN %s", i, call->args[i].sql);
  buf_addf(&buf,
           " ELSE x_fail('INVALID_ARRAY_INDEX','22003','The index is out of bounds. The array has %zu "
           "elements. Use "
           "the SQL function `get()` to tolerate accessing element at invalid index and return NULL "
           "instead.') END",
           call->count - 1);
  *value = value_of(arena_strndup(tx->arena, buf.data, buf.len), type_of(TYPE_STRING));
  return true;
}

struct builtin_table
builtins_string(void)
{
  static const struct builtin table[] = {
      {"upper", 1, 1, "s", NULL, NULL, cased, false, false},
      {"ucase", 1, 1, "s", NULL, NULL, cased, false, false},
      {"lower", 1, 1, "s", NULL, NULL, cased, false, false},
      {"lcase", 1, 1, "s", NULL, NULL, cased, false, false},
      {"initcap", 1, 1, "s", NULL, NULL, cased, false, false},
      {"length", 1, 1, "a", NULL, NULL, length, false, false},
      {"len", 1, 1, "a", NULL, NULL, length, false, false},
      {"char_length", 1, 1, "a", NULL, NULL, length, false, false},
      {"character_length", 1, 1, "a", NULL, NULL, length, false, false},
      {"octet_length", 1, 1, "a", NULL, NULL, octets, false, false},
      {"bit_length", 1, 1, "a", NULL, NULL, octets, false, false},
      {"substring", 2, 3, "aii", NULL, NULL, substring, false, false},
      {"substr", 2, 3, "aii", NULL, NULL, substring, false, false},
      {"mid", 2, 3, "aii", NULL, NULL, substring, false, false},
      {"left", 2, 2, "si", NULL, NULL, side, false, false},
      {"right", 2, 2, "si", NULL, NULL, side, false, false},
      {"trim", 1, 2, "ss", NULL, NULL, trim, false, false},
      {"ltrim", 1, 2, "ss", NULL, NULL, trim, false, false},
      {"rtrim", 1, 2, "ss", NULL, NULL, trim, false, false},
      {"btrim", 1, 2, "ss", NULL, NULL, trim, false, false},
      {"lpad", 2, 3, "sis", NULL, NULL, pad, false, false},
      {"rpad", 2, 3, "sis", NULL, NULL, pad, false, false},
      {"repeat", 2, 2, "si", "s", "x_repeat", NULL, false, false},
      {"replace", 2, 3, "sss", NULL, NULL, replace, false, false},
      {"reverse", 1, 1, "a", NULL, NULL, reverse, false, false},
      {"instr", 2, 2, "ss", NULL, NULL, find, false, false},
      {"position", 2, 3, "ssi", NULL, NULL, find, false, false},
      {"locate", 2, 3, "ssi", NULL, NULL, find, false, false},
      {"charindex", 2, 3, "ssi", NULL, NULL, find, false, false},
      {"concat", 0, -1, "a", NULL, NULL, concat, false, false},
      {"concat_ws", 1, -1, "a", NULL, NULL, concat_ws, false, false},
      {"ascii", 1, 1, "s", "i", "x_ascii", NULL, false, false},
      {"chr", 1, 1, "l", "s", "x_chr", NULL, false, false},
      {"char", 1, 1, "l", "s", "x_chr", NULL, false, false},
      {"translate", 3, 3, "sss", "s", "x_translate", NULL, false, false},
      {"split_part", 3, 3, "ssi", "s", "x_split_part", NULL, false, false},
      {"substring_index", 3, 3, "ssi", "s", "x_substring_index", NULL, false, false},
      {"startswith", 2, 2, "ss", NULL, NULL, edge, false, false},
      {"endswith", 2, 2, "ss", NULL, NULL, edge, false, false},
      {"contains", 2, 2, "ss", NULL, NULL, edge, false, false},
      {"regexp_extract", 2, 3, "ssi", NULL, NULL, regexp, false, false},
      {"regexp_extract_all", 2, 3, "ssi", NULL, NULL, regexp, false, false},
      {"regexp_replace", 3, 4, "sssi", NULL, NULL, regexp_replace, false, false},
      {"regexp_substr", 2, 2, "ss", NULL, NULL, regexp_substr, false, false},
      {"regexp_count", 2, 2, "ss", "i", "x_regexp_count", NULL, false, false},
      {"regexp_instr", 2, 2, "ss", "i", "x_regexp_instr", NULL, false, false},
      {"rlike", 2, 2, "ss", "b", "x_rlike", NULL, false, false},
      {"regexp", 2, 2, "ss", "b", "x_rlike", NULL, false, false},
      {"regexp_like", 2, 2, "ss", "b", "x_rlike", NULL, false, false},
      {"like", 2, 3, "sss", NULL, NULL, like_call, false, false},
      {"ilike", 2, 3, "sss", NULL, NULL, like_call, false, false},
      {"split", 2, 3, "ssi", NULL, NULL, split, false, false},
      {"format_string", 1, -1, "sa", NULL, NULL, format, false, false},
      {"printf", 1, -1, "sa", NULL, NULL, format, false, false},
      {"format_number", 2, 2, "ni", "s", "x_format_number", NULL, false, false},
      {"overlay", 3, 4, "ssii", NULL, NULL, overlay, false, false},
      {"base64", 1, 1, "x", NULL, NULL, base64, false, false},
      {"unbase64", 1, 1, "s", "x", "x_unbase64", NULL, false, false},
      {"hex", 1, 1, "a", NULL, NULL, hex, false, false},
      {"unhex", 1, 1, "s", "x", "x_unhex", NULL, false, false},
      {"encode", 2, 2, "ss", NULL, NULL, charset, false, false},
      {"levenshtein", 2, 2, "ss", "i", "x_levenshtein", NULL, false, false},
      {"space", 1, 1, "i", NULL, NULL, space, false, false},
      {"url_encode", 1, 1, "s", NULL, NULL, url, false, false},
      {"url_decode", 1, 1, "s", NULL, NULL, url, false, false},
      {"elt", 2, -1, "is", NULL, NULL, elt, false, false},
      {"soundex", 1, 1, "s", "s", "x_soundex", NULL, false, false},
      {"bin", 1, 1, "l", "s", "x_bin", NULL, false, false},
      {"find_in_set", 2, 2, "ss", "i", "x_find_in_set", NULL, false, false},
      {"uuid", 0, 0, "", "s", "x_uuid", NULL, false, false},
  };

  return (struct builtin_table){table, ARRAY_SIZE(table)};
}
