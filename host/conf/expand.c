/* SPDX-License-Identifier: Apache-2.0 */
/* See expand.h. */
#include "conf/expand.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include "base/banned.h"

struct expansion {
  struct arena *arena;
  const char *where;
  struct err *err;
};

/* The brace that closes the one before TEXT, inner ${...} skipped; NULL when there is none. */
static const char *
closing_brace(const char *text)
{
  unsigned depth = 1;

  for (; *text; text++) {
    if (text[0] == '$' && text[1] == '{') depth++;
    if (text[0] == '}' && --depth == 0) return text;
  }
  return NULL;
}

static size_t
name_length(const char *text)
{
  size_t length = 0;

  if (str_is_digit(text[0])) return 0;
  while (str_is_alnum(text[length]) || text[length] == '_')
    length++;
  return length;
}

static clxs_status expand_into(const struct expansion *expansion, const char *text, struct buf *out);

/* What stands between ${ and }. */
static clxs_status
expand_variable(const struct expansion *expansion, const char *inside, struct buf *out)
{
  size_t length = name_length(inside);
  const char *name = arena_strndup(expansion->arena, inside, length), *rest = inside + length, *value;

  if (length == 0 || (*rest != '\0' && !str_starts(rest, ":-"))) {
    err_set(expansion->err, CLXS_E_CONFIG, "%s: \"${%s}\" is not a variable", expansion->where, inside);
    err_hint(expansion->err, "write ${NAME} or ${NAME:-default}; $$ stands for one $");
    return CLXS_E_CONFIG;
  }
  value = secure_getenv(name);
  if (*rest != '\0' && (!value || !*value)) return expand_into(expansion, rest + 2, out);
  if (value) {
    buf_add_text(out, value);
    return CLXS_OK;
  }
  err_set(expansion->err, CLXS_E_CONFIG, "%s: the environment variable %s is not set", expansion->where,
          name);
  err_hint(expansion->err, "set %s, or give a default: ${%s:-value}", name, name);
  return CLXS_E_CONFIG;
}

static clxs_status
expand_into(const struct expansion *expansion, const char *text, struct buf *out)
{
  while (*text) {
    const char *end;
    clxs_status status;

    if (text[0] != '$' || (text[1] != '$' && text[1] != '{')) {
      buf_add_char(out, *text++);
      continue;
    }
    if (text[1] == '$') {
      buf_add_char(out, '$');
      text += 2;
      continue;
    }
    end = closing_brace(text + 2);
    if (!end)
      return err_set(expansion->err, CLXS_E_CONFIG, "%s: \"${\" without a closing brace", expansion->where);
    status =
        expand_variable(expansion, arena_strndup(expansion->arena, text + 2, (size_t)(end - text - 2)), out);
    if (status != CLXS_OK) return status;
    text = end + 1;
  }
  return CLXS_OK;
}

clxs_status
expand_text(struct arena *arena, const char *text, const char *where, const char **expanded, struct err *err)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_SQL);
  const struct expansion expansion = {.arena = arena, .where = where, .err = err};
  clxs_status status;

  if (!strchr(text, '$')) {
    *expanded = text;
    return CLXS_OK;
  }
  status = expand_into(&expansion, text, &out);
  if (status != CLXS_OK) return status;
  if (out.overflow) return err_set(err, CLXS_E_CONFIG, "%s: the value is too long", where);
  *expanded = arena_strndup(arena, out.data, out.len);
  return CLXS_OK;
}
