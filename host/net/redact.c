/* SPDX-License-Identifier: Apache-2.0 */
/* See redact.h. One pass from left to right; at each place the rules are asked how many bytes there are
 * secret. It errs on the side of hiding: a harmless word behind "password" is hidden too. */
#include "net/redact.h"

#include "base/buf.h"
#include "base/str.h"

#include "base/banned.h"

#define MASK "***"

static bool
is_token_char(char c)
{
  return str_is_alnum(c) || (c && strchr("-_.~+/=%", c));
}

static size_t
token_span(const char *text)
{
  size_t length = 0;

  while (is_token_char(text[length]))
    length++;
  return length;
}

/* A token that is recognised by how it begins: its length, or 0. */
static size_t
known_token(const char *text)
{
  static const struct {
    const char *start;
    size_t least;
  } shapes[] = {{"dapi", 20}, {"dose", 20}, {"dkea", 20}, {"eyJ", 20},
                {"AKIA", 20}, {"ASIA", 20}, {"ghp_", 20}};

  for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
    size_t length = token_span(text);

    if (str_starts(text, shapes[i].start) && length >= shapes[i].least) return length;
  }
  return 0;
}

/* Words whose value is a secret; a longer name that ends in one counts too ("fs.azure.account.key"). */
static const char *const words[] = {"password",       "passwd",        "pwd",         "secret",
                                    "token",          "apikey",        "api_key",     "access_key",
                                    "accesskey",      "account_key",   "account.key", "secret_key",
                                    "private_key",    "signature",     "sig",         "credential",
                                    "security-token", "authorization", "sas",         "passphrase"};

/* The word at the start of TEXT that announces a secret: its length, or 0. BEFORE is the character in front
 * of it. */
static size_t
secret_word(const char *text, char before)
{
  if (str_is_alnum(before)) return 0;
  for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
    size_t length = strlen(words[i]);

    if (str_ieqn(text, words[i], length) && !str_is_alnum(text[length]) && text[length] != '_') return length;
  }
  return 0;
}

/* A quoted text at TEXT, doubled quotes and backslashes taken as its own: the bytes between the quotes. An
 * open end reaches to the end of the text. */
static size_t
quoted_span(const char *text)
{
  char quote = text[0];
  size_t at = 1;

  while (text[at]) {
    if (text[at] == '\\' && text[at + 1]) {
      at += 2;
    } else if (text[at] != quote) {
      at++;
    } else if (text[at + 1] == quote) {
      at += 2;
    } else {
      break;
    }
  }
  return at - 1;
}

/* From behind a secret's word to its value: *SKIP bytes are copied, the result is how many are hidden. 0: no
 * value. */
static size_t
secret_value(const char *text, size_t *skip)
{
  size_t at = 0, spaces;
  bool assigned = false;

  if (text[at] == '\'' || text[at] == '"' || text[at] == '`') at++; /* the word itself was quoted */
  while (text[at] == ' ' || text[at] == '\t' || text[at] == '=' || text[at] == ':' || text[at] == '>') {
    assigned = assigned || text[at] == '=' || text[at] == ':';
    at++;
  }
  spaces = at;
  if (text[at] == '\'' || text[at] == '"') {
    *skip = at + 1;
    return quoted_span(text + at);
  }
  if (!assigned) return 0;
  while (text[at] && !strchr(" \t\r\n,;)}&\"'", text[at]))
    at++;
  /* "Authorization: Bearer xyz": the credential is the second word. */
  if (text[at] == ' ' && ((at - spaces == 6 && str_ieqn(text + spaces, "bearer", 6)) ||
                          (at - spaces == 5 && str_ieqn(text + spaces, "basic", 5))))
    at += 1 + token_span(text + at + 1);
  *skip = spaces;
  return at - spaces;
}

/* "Bearer xyz", "Basic xyz": *SKIP to the credential. */
static size_t
scheme_value(const char *text, size_t *skip)
{
  size_t length = str_ieqn(text, "bearer ", 7) ? 7 : str_ieqn(text, "basic ", 6) ? 6 : 0;
  size_t span;

  if (length == 0) return 0;
  span = token_span(text + length);
  *skip = length;
  return span >= 8 ? span : 0;
}

/* How many bytes at TEXT to copy (*SKIP) and then to hide (the result); 0 and 0 when nothing starts here. */
static size_t
secret_at(const char *text, char before, const char *secret, size_t *skip)
{
  size_t length;

  *skip = 0;
  if (secret && *secret && str_starts(text, secret)) return strlen(secret);
  if (str_is_alnum(before)) return 0;
  length = known_token(text);
  if (length > 0) return length;
  length = scheme_value(text, skip);
  if (length > 0) return length;
  length = secret_word(text, before);
  if (length > 0) {
    size_t hidden = secret_value(text + length, skip);

    if (hidden > 0) {
      *skip += length;
      return hidden;
    }
  }
  *skip = 0;
  return 0;
}

void
redact_text(struct buf *out, const char *text, const char *secret)
{
  char before = ' ';

  while (*text) {
    size_t skip, hidden = secret_at(text, before, secret, &skip);

    if (hidden == 0) {
      before = *text;
      buf_add_char(out, *text++);
      continue;
    }
    buf_add(out, text, skip);
    buf_add_text(out, MASK);
    text += skip + hidden;
    before = 'x';
  }
}
