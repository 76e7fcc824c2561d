/* SPDX-License-Identifier: Apache-2.0 */
/* SQL scripting: the words around statements
 * (https://docs.databricks.com/sql/language-manual/sql-ref-scripting.html). Blocks need not be matched to
 * find names, so each word is read where it stands. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

/* An expression or query up to WORD, and over it. */
static void
read_until(struct parse *parse, const char *word, bool over)
{
  const char *stop = parse->stop;

  parse->stop = word;
  if (opens_query(parse, 0) && !is(parse, 0, "("))
    read_query(parse, NULL);
  else
    read_expression(parse, scope_new(parse, NULL), 0);
  parse->stop = stop;
  if (over) skip_word(parse, word);
}

/* DECLARE x INT DEFAULT e; DECLARE c CURSOR FOR query; DECLARE EXIT HANDLER FOR ... statement. */
static bool
read_declare(struct parse *parse)
{
  static const char *const conditions[] = {"not", "found", "sqlexception", "sqlstate", "value", ",", NULL};

  if (!skip_word(parse, "declare")) return false;
  if (is(parse, 1, "handler")) {
    parse->at += 2;
    skip_word(parse, "for");
    while (is_any(parse, 0, conditions) || peek(parse, 0)->kind == SQL_STRING ||
           (at_name(parse, 0) && (is(parse, 1, "begin") || is(parse, 1, ","))))
      parse->at++;
    return true;
  }
  while (!at_end(parse)) {
    if (skip_words(parse, "cursor", "for")) {
      read_query(parse, NULL);
    } else if (is(parse, 0, "default") || is(parse, 0, "=")) {
      parse->at++;
      read_expression(parse, scope_new(parse, NULL), 0);
    } else if (is(parse, 0, "(")) {
      skip_group(parse);
    } else {
      parse->at++;
    }
  }
  return true;
}

static bool
read_begin(struct parse *parse)
{
  if (!skip_word(parse, "begin")) return false;
  if (!skip_words(parse, "not", "atomic") && !skip_word(parse, "atomic")) skip_word(parse, "transaction");
  return true;
}

static bool
read_end(struct parse *parse)
{
  static const char *const what[] = {"if", "while", "case", "for", "repeat", "loop", NULL};

  if (!skip_word(parse, "end")) return false;
  if (is_any(parse, 0, what)) parse->at++;
  if (at_name(parse, 0)) parse->at++;
  return true;
}

/* FOR x AS query DO, or FOR query DO. */
static bool
read_for(struct parse *parse)
{
  if (!skip_word(parse, "for")) return false;
  if (at_name(parse, 0) && is(parse, 1, "as")) parse->at += 2;
  read_until(parse, "do", true);
  return true;
}

static bool
read_condition(struct parse *parse)
{
  if (skip_word(parse, "if") || skip_word(parse, "elseif") || skip_word(parse, "when")) {
    read_until(parse, "then", true);
  } else if (skip_word(parse, "while")) {
    read_until(parse, "do", true);
  } else if (skip_word(parse, "until")) {
    read_until(parse, "end", false);
  } else if (skip_word(parse, "case")) {
    if (!is(parse, 0, "when")) read_until(parse, "when", false);
  } else {
    return skip_word(parse, "else") || skip_word(parse, "loop") || skip_word(parse, "repeat");
  }
  return true;
}

static bool
read_label(struct parse *parse)
{
  static const char *const labelled[] = {"begin", "loop", "while", "for", "repeat", NULL};

  if (!at_name(parse, 0) || !is(parse, 1, ":") || !is_any(parse, 2, labelled)) return false;
  parse->at += 2;
  return true;
}

bool
read_script(struct parse *parse)
{
  return read_label(parse) || read_begin(parse) || read_end(parse) || read_for(parse) ||
         read_condition(parse) || read_declare(parse);
}
