/* SPDX-License-Identifier: Apache-2.0 */
/* See host.h. */
#include "auth/host.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include "base/banned.h"

/* The authority of URL ("user@name:port" without the user), and its length. */
static const char *
authority_of(const char *url, size_t *length)
{
  const char *at = strstr(url, "://"), *user;

  at = at ? at + 3 : url;
  *length = strcspn(at, "/?#\\");
  user = memchr(at, '@', *length);
  if (user) {
    *length -= (size_t)(user + 1 - at);
    at = user + 1;
  }
  return at;
}

/* Whether the LENGTH bytes at NAME, with or without a port, name this machine. */
static bool
is_loopback(const char *name, size_t length)
{
  const char *colon;

  if (length >= 5 && strncmp(name, "[::1]", 5) == 0) return length == 5 || name[5] == ':';
  colon = memchr(name, ':', length);
  if (colon) length = (size_t)(colon - name);
  if (length == 9 && str_ieqn(name, "localhost", 9)) return true;
  if (length < 7 || strncmp(name, "127.", 4) != 0) return false;
  for (size_t i = 0; i < length; i++)
    if (!str_is_digit(name[i]) && name[i] != '.') return false;
  return true;
}

bool
host_is_safe(const char *url)
{
  size_t length;
  const char *name = authority_of(url, &length);

  if (str_ieqn(url, "https://", 8)) return true;
  return str_ieqn(url, "http://", 7) && is_loopback(name, length);
}

bool
host_is_account(const char *url)
{
  return str_starts(url, "https://accounts.") || str_starts(url, "https://accounts-dod.");
}

static bool
is_number(const char *text)
{
  if (!*text) return false;
  for (; *text; text++)
    if (!str_is_digit(*text)) return false;
  return true;
}

/* The values that people copy from the browser's address. */
static void
read_query(struct arena *arena, const char *query, struct host *host)
{
  while (*query) {
    size_t length = strcspn(query, "&#"), name = strcspn(query, "=&#");
    const char *value = name < length ? arena_strndup(arena, query + name + 1, length - name - 1) : "";
    const char *key = arena_strndup(arena, query, name);

    if ((str_eq(key, "o") || str_eq(key, "workspace_id")) && is_number(value)) host->workspace_id = value;
    if (str_eq(key, "w") && *value) host->workspace_id = value;
    if ((str_eq(key, "a") || str_eq(key, "account_id")) && *value) host->account_id = value;
    query += length;
    if (*query == '#') break;
    if (*query == '&') query++;
  }
}

/* A name, an IPv4 address or one in brackets, and a port. */
static bool
is_authority(const char *text, size_t length)
{
  size_t at = 0;

  if (length == 0) return false;
  if (text[0] == '[') {
    while (at < length && text[at] != ']')
      at++;
    if (at++ == length) return false;
  } else {
    while (at < length && (str_is_alnum(text[at]) || text[at] == '-' || text[at] == '.' || text[at] == '_'))
      at++;
  }
  if (at == length) return at > 0;
  if (at == 0 || text[at] != ':' || at + 1 == length || length - at > 6) return false;
  for (at++; at < length; at++)
    if (!str_is_digit(text[at])) return false;
  return true;
}

static clxs_status
refuse(const char *text, const char *why, struct err *err)
{
  err_set(err, CLXS_E_CONFIG, "the host \"%s\" cannot be used: %s", text, why);
  err_hint(err, "a host looks like https://adb-1234567890123456.7.azuredatabricks.net, or sandbox:NAME");
  return CLXS_E_CONFIG;
}

clxs_status
host_parse(struct arena *arena, const char *text, struct host *host, struct err *err)
{
  const char *scheme = "https", *mark = strstr(text, "://"), *authority, *query;
  size_t length;

  *host = (struct host){0};
  if (mark) scheme = arena_strndup(arena, text, (size_t)(mark - text));
  if (!str_ieq(scheme, "https") && !str_ieq(scheme, "http"))
    return refuse(text, "only https:// is spoken", err);
  authority = authority_of(text, &length);
  if (!is_authority(authority, length)) return refuse(text, "it names no server", err);
  if (str_ieq(scheme, "http") && !is_loopback(authority, length))
    return refuse(text, "plain http would send the token unprotected over the network", err);
  host->url =
      arena_printf(arena, "%s://%.*s", str_ieq(scheme, "http") ? "http" : "https", (int)length, authority);
  query = strchr(authority + length, '?');
  if (query) read_query(arena, query + 1, host);
  return CLXS_OK;
}
