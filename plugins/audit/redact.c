/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets out of JSON. Names are judged by what they contain, because every tool has its own: token,
 * dest_token, "smtp.password", clientSecret. */
#include <string.h>

#include "audit.h"
#include "base/json.h"
#include "base/str.h"

#include "base/banned.h"

#define HIDDEN "***"

static bool
is_secret_name(const char *name)
{
  static const char *const words[] = {"password",    "passwd",        "secret",      "token",
                                      "apikey",      "api_key",       "api-key",     "credential",
                                      "webhook",     "authorization", "access_key",  "access-key",
                                      "private_key", "private-key",   "account_key", NULL};

  for (size_t i = 0; words[i]; i++)
    if (strcasestr(name, words[i])) return true;
  return false;
}

static bool
is_secret_text(const char *text)
{
  const char *user = strstr(text, "://"), *at = user ? strchr(user, '@') : NULL;

  const char *token = strstr(text, "dapi");

  if (strcasestr(text, "bearer ")) return true;
  if (token && strspn(token + 4, "0123456789abcdef") >= 16) return true;
  if (str_starts(text, "eyJ") && strchr(text, '.')) return true;
  return at && (size_t)(at - user) < strcspn(user + 3, "/?#") + 3;
}

static struct json_object *
hide(struct json_object *value)
{
  if (json_object_is_type(value, json_type_string) && is_secret_text(json_object_get_string(value)))
    return json_object_new_string(HIDDEN);
  audit_redact(value);
  return NULL;
}

static void
redact_array(struct json_object *array)
{
  for (size_t i = 0; i < json_length(array); i++) {
    struct json_object *hidden = hide(json_item(array, i));

    if (hidden) json_object_array_put_idx(array, i, hidden);
  }
}

void
audit_redact(struct json_object *value)
{
  struct json_object *member;
  const char *name;
  void *at = NULL;

  if (json_object_is_type(value, json_type_array)) redact_array(value);
  while (json_next(value, &at, &name, &member)) {
    struct json_object *hidden = is_secret_name(name) ? json_object_new_string(HIDDEN) : hide(member);

    if (hidden) json_object_object_add_ex(value, name, hidden, JSON_C_OBJECT_ADD_CONSTANT_KEY);
  }
}
