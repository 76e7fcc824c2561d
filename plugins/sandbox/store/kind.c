/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of securables in words, and names: how they are read, checked, completed and shown. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "store/lower.h"
#include "store/store.h"

#include "base/banned.h"

#define NAME_MAX_POINTS 255

static const struct {
  const char *word, *rest;
  size_t parts;
} kinds[SEC_KINDS] = {
    [SEC_METASTORE] = {"Metastore", "METASTORE", 1},
    [SEC_CATALOG] = {"Catalog", "CATALOG", 1},
    [SEC_SCHEMA] = {"Schema", "SCHEMA", 2},
    [SEC_TABLE] = {"Table", "TABLE", 3},
    [SEC_FUNCTION] = {"Routine or Model", "FUNCTION", 3},
    [SEC_VOLUME] = {"Volume", "VOLUME", 3},
    [SEC_EXTERNAL_LOCATION] = {"External Location", "EXTERNAL_LOCATION", 1},
    [SEC_STORAGE_CREDENTIAL] = {"Storage Credential", "STORAGE_CREDENTIAL", 1},
    [SEC_CONNECTION] = {"Connection", "CONNECTION", 1},
};

const char *
securable_kind_word(enum securable_kind kind)
{
  return kinds[kind].word;
}

const char *
securable_kind_rest(enum securable_kind kind)
{
  return kinds[kind].rest;
}

size_t
securable_kind_parts(enum securable_kind kind)
{
  return kinds[kind].parts;
}

bool
securable_kind_from_path(const char *text, enum securable_kind *out)
{
  if (str_ieq(text, "credential")) text = "storage_credential";
  for (int i = 0; i < SEC_KINDS; i++) {
    if (!str_ieq(text, kinds[i].rest)) continue;
    *out = (enum securable_kind)i;
    return true;
  }
  return false;
}

const char *
text_lower(struct arena *arena, const char *text)
{
  size_t length = strlen(text), used = 0;
  char *out = arena_alloc(arena, length * 2 + 1); /* a lower case form is never over twice as long */

  while (*text) {
    uint32_t point;
    size_t step = utf8_decode(text, &point);

    if (step == 0)
      out[used++] = *text++;
    else {
      used += utf8_encode(utf8_lower(point), out + used);
      text += step;
    }
  }
  return out;
}

static bool
name_char_ok(uint32_t point)
{
  return point > 0x20 && point != 0x7f && point != '.' && point != '/';
}

bool
name_check(struct session *session, enum securable_kind kind, const char *text, const char **out)
{
  size_t points = 0;

  if (!text || !*text)
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "%s name must not be empty.", kinds[kind].word);
  for (const char *at = text; *at; points++) {
    uint32_t point;
    size_t step = utf8_decode(at, &point);

    if (step == 0 || !name_char_ok(point))
      return fault_raise(
          session, "INVALID_PARAMETER_VALUE",
          "Invalid input: name \"%s\" is not a valid name: it must not contain periods, spaces, slashes "
          "or control characters.",
          text);
    at += step;
  }
  if (points > NAME_MAX_POINTS)
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "Invalid input: the name is %zu characters long, at most %d are allowed.", points,
                       NAME_MAX_POINTS);
  *out = text_lower(session->arena, text);
  return true;
}

/* What a statement without a catalog, or schema, means. */
static const char *
current_catalog(const struct session *session)
{
  return session->catalog && *session->catalog ? session->catalog : "main";
}

static const char *
current_schema(const struct session *session)
{
  return session->schema && *session->schema ? session->schema : "default";
}

bool
name_resolve(struct session *session, enum securable_kind kind, const char *const *parts, size_t count,
             struct name *out)
{
  size_t want = kinds[kind].parts, missing;
  const char *full[3] = {current_catalog(session), current_schema(session), NULL};

  if (count == 0 || count > want)
    return fault_raise(session, "REQUIRES_SINGLE_PART_NAMESPACE",
                       "Invalid name: %s names have at most %zu parts, this one has %zu.", kinds[kind].word,
                       want, count);
  missing = want - count;
  for (size_t i = 0; i < count; i++)
    full[missing + i] = parts[i];
  *out = (struct name){.catalog = text_lower(session->arena, full[0])};
  if (want > 1) out->schema = text_lower(session->arena, full[1]);
  if (want > 2) out->object = text_lower(session->arena, full[2]);
  return true;
}

bool
name_split(struct session *session, enum securable_kind kind, const char *full_name, struct name *out)
{
  const char *parts[3] = {NULL}, *rest = text_lower(session->arena, full_name);
  size_t want = kinds[kind].parts, count = 0;

  for (;;) {
    size_t length = strcspn(rest, ".");

    if (count == want || length == 0) break;
    parts[count++] = arena_strndup(session->arena, rest, length);
    if (rest[length] == '\0') {
      *out = (struct name){parts[0], parts[1], parts[2]};
      if (count == want) return true;
      break;
    }
    rest += length + 1;
  }
  return fault_raise(session, "INVALID_PARAMETER_VALUE",
                     "%s name \"%s\" is not a valid name: it needs %zu part%s.", kinds[kind].word, full_name,
                     want, want == 1 ? "" : "s separated by periods");
}

const char *
name_text(struct session *session, const struct name *name)
{
  if (name->object)
    return arena_printf(session->arena, "%s.%s.%s", name->catalog, name->schema, name->object);
  if (name->schema) return arena_printf(session->arena, "%s.%s", name->catalog, name->schema);
  return name->catalog;
}

const char *
name_quoted(struct session *session, const struct name *name)
{
  const char *parts[] = {name->catalog, name->schema, name->object};
  struct buf text CLEANUP_BUF = BUF_INIT(BUF_SQL);

  sql_add_names(&text, parts, name->object ? 3 : name->schema ? 2 : 1);
  return arena_strndup(session->arena, text.data, text.len);
}
