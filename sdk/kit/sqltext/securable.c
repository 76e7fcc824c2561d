/* SPDX-License-Identifier: Apache-2.0 */
/* Securables by kind and name: `SCHEMA a.b`, `MATERIALIZED VIEW a.b.c`, and ON <kind> <name> of GRANT and its
 * like. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

static const struct kind {
  const char *first, *second;
  enum sqltext_kind kind;
} kinds[] = {
    {"materialized", "view", SQLTEXT_RELATION},
    {"streaming", "table", SQLTEXT_RELATION},
    {"metric", "view", SQLTEXT_RELATION},
    {"live", "table", SQLTEXT_RELATION},
    {"live", "view", SQLTEXT_RELATION},
    {"foreign", "table", SQLTEXT_RELATION},
    {"foreign", "schema", SQLTEXT_SCHEMA},
    {"foreign", "catalog", SQLTEXT_CATALOG},
    {"foreign", "database", SQLTEXT_SCHEMA},
    {"registered", "model", SQLTEXT_MODEL},
    {"external", "location", SQLTEXT_OTHER},
    {"external", "metadata", SQLTEXT_OTHER},
    {"storage", "credential", SQLTEXT_OTHER},
    {"service", "credential", SQLTEXT_OTHER},
    {"clean", "room", SQLTEXT_OTHER},
    {"any", "file", SQLTEXT_OTHER},
    {"anonymous", "function", SQLTEXT_OTHER},
    {"external", "table", SQLTEXT_RELATION},
    {"external", "volume", SQLTEXT_VOLUME},
    {"catalog", NULL, SQLTEXT_CATALOG},
    {"schema", NULL, SQLTEXT_SCHEMA},
    {"database", NULL, SQLTEXT_SCHEMA},
    {"table", NULL, SQLTEXT_RELATION},
    {"view", NULL, SQLTEXT_RELATION},
    {"volume", NULL, SQLTEXT_VOLUME},
    {"function", NULL, SQLTEXT_FUNCTION},
    {"procedure", NULL, SQLTEXT_FUNCTION},
    {"model", NULL, SQLTEXT_MODEL},
    {"column", NULL, SQLTEXT_COLUMN},
    {"flow", NULL, SQLTEXT_RELATION},
    {"share", NULL, SQLTEXT_OTHER},
    {"recipient", NULL, SQLTEXT_OTHER},
    {"provider", NULL, SQLTEXT_OTHER},
    {"connection", NULL, SQLTEXT_OTHER},
    {"credential", NULL, SQLTEXT_OTHER},
    {"metastore", NULL, SQLTEXT_OTHER},
    {"server", NULL, SQLTEXT_OTHER},
    {"policy", NULL, SQLTEXT_OTHER},
    {"pipeline", NULL, SQLTEXT_OTHER},
    {"variable", NULL, SQLTEXT_OTHER},
    {"var", NULL, SQLTEXT_OTHER},
    {"group", NULL, SQLTEXT_OTHER},
    {"role", NULL, SQLTEXT_OTHER},
    {"user", NULL, SQLTEXT_OTHER},
};

bool
read_kind(struct parse *parse, enum sqltext_kind *kind)
{
  for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
    size_t words = kinds[i].second ? 2 : 1;

    if (!is(parse, 0, kinds[i].first) || (words == 2 && !is(parse, 1, kinds[i].second))) continue;
    if (is(parse, words, ".")) continue; /* an object that is called so */
    parse->at += words;
    *kind = kinds[i].kind;
    return true;
  }
  return false;
}

bool
read_named(struct parse *parse, enum sqltext_kind kind, struct name **name)
{
  struct name *read = NULL;

  if (at_name(parse, 0)) {
    size_t before = parse->at, behind;

    read = read_object_name(parse);
    behind = parse->at;
    for (parse->at = before; parse->at < behind; parse->at++)
      note_string(parse, 0);
  } else if (kind == SQLTEXT_CATALOG && peek(parse, 0)->kind == SQL_STRING) {
    read = read_literal_name(parse, 0);
    parse->at++;
  }
  if (!read) return false;
  note_name(parse, kind, read);
  if (name) *name = read;
  return true;
}

void
read_on(struct parse *parse)
{
  enum sqltext_kind kind = SQLTEXT_RELATION;

  while (!at_end(parse) && !is(parse, 0, "on")) {
    if (is(parse, 0, "("))
      skip_group(parse);
    else
      parse->at++;
  }
  if (!skip_word(parse, "on")) return;
  if (at_name(parse, 1)) read_kind(parse, &kind);
  read_named(parse, kind, NULL);
}
