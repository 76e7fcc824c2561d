/* SPDX-License-Identifier: Apache-2.0 */
/* What names, versions and texts in a manifest look like. Each rule stands for one pattern of
 * plugin.schema.json, and a test holds the two together; change both. */
#include "plugin/manifest_rule.h"

#include "base/str.h"
#include "cli/value.h"

#include "base/banned.h"

#define ANY_LENGTH ((size_t)1 << 30)

static bool
is_word_char(char c)
{
  return (c >= 'a' && c <= 'z') || str_is_digit(c);
}

/* Lower-case words joined by single characters of JOINERS, up to END (not included): "max-workers". */
static bool
words(const char *text, const char *end, const char *joiners)
{
  if (text == end || *text < 'a' || *text > 'z') return false;
  for (; text < end; text++) {
    if (is_word_char(*text)) continue;
    if (!strchr(joiners, *text) || text + 1 == end || !is_word_char(text[1])) return false;
  }
  return true;
}

static bool
all_words(const char *text, const char *joiners)
{
  return words(text, text + strlen(text), joiners);
}

static bool
ok_any(const char *text)
{
  (void)text;
  return true;
}

static bool
ok_id(const char *text)
{
  return all_words(text, ".-");
}

/* A number without leading zeros, of at most DIGITS digits; what follows, or NULL. */
static const char *
plain_number(const char *text, size_t digits)
{
  size_t length = strspn(text, "0123456789");

  if (length == 0 || length > digits || (*text == '0' && length > 1)) return NULL;
  return text + length;
}

static bool
ok_version(const char *text)
{
  for (int part = 0; part < 3; part++) {
    if (part > 0 && *text++ != '.') return false;
    text = plain_number(text, ANY_LENGTH);
    if (!text) return false;
  }
  if (*text == '\0') return true;
  if ((*text != '-' && *text != '+') || text[1] == '\0') return false;
  for (text++; *text; text++)
    if (!str_is_alnum(*text) && !strchr(".+-", *text)) return false;
  return true;
}

static bool
ok_library(const char *text)
{
  if (!str_is_alnum(*text) || !str_ends(text, ".so")) return false;
  for (; *text; text++)
    if (!str_is_alnum(*text) && !strchr("._+-", *text)) return false;
  return true;
}

static bool
ok_abi(const char *text)
{
  if (*text == '0') return false;
  text = plain_number(text, 4);
  if (!text || *text != '.') return false;
  text = plain_number(text + 1, 4);
  return text && *text == '\0';
}

static bool
ok_value(const char *text)
{
  for (; *text; text++)
    if ((unsigned char)*text < 0x20 || *text == 0x7f) return false;
  return true;
}

static bool
ok_line(const char *text)
{
  return *text && ok_value(text);
}

static bool
ok_contract(const char *text)
{
  const char *slash = strchr(text, '/');

  if (!slash || slash[1] == '0' || !words(text, slash, ".-")) return false;
  slash = plain_number(slash + 1, 4);
  return slash && *slash == '\0';
}

static bool
ok_topic(const char *text)
{
  size_t length = strlen(text);

  if (str_ends(text, ".*")) length -= 2;
  return words(text, text + length, "._-");
}

static bool
ok_command(const char *text)
{
  for (int part = 0; part < 3; part++) {
    const char *end = text + strcspn(text, " ");

    if (!words(text, end, "-")) return false;
    if (*end == '\0') return true;
    text = end + 1;
  }
  return false;
}

static bool
ok_name(const char *text)
{
  return all_words(text, "-_");
}

static bool
ok_key(const char *text)
{
  return all_words(text, "._");
}

static bool
ok_env(const char *text)
{
  if (*text < 'A' || *text > 'Z') return false;
  for (; *text; text++)
    if (!(*text >= 'A' && *text <= 'Z') && !str_is_digit(*text) && *text != '_') return false;
  return true;
}

static bool
ok_short(const char *text)
{
  return str_is_alnum(*text) && text[1] == '\0';
}

static bool
ok_value_name(const char *text)
{
  if (*text == '\0') return false;
  for (; *text; text++)
    if (*text < '!' || *text > '~') return false;
  return true;
}

static bool
ok_help(const char *text)
{
  if (!str_starts(text, "help/") || !str_ends(text, ".md") || !str_is_alnum(text[5])) return false;
  if (strlen(text) < strlen("help/x.md")) return false;
  for (text += 5; *text; text++)
    if (!str_is_alnum(*text) && !strchr("._-", *text)) return false;
  return true;
}

static bool
ok_example(const char *text)
{
  return str_starts(text, "clxs ") && ok_value(text);
}

static bool
ok_type(const char *text)
{
  enum grammar_type type;

  return value_type_find(text, &type);
}

static bool
ok_complete(const char *text)
{
  return str_eq(text, "none") || str_eq(text, "file") || str_eq(text, "directory") ||
         str_eq(text, "catalog") || str_eq(text, "plugin");
}

static bool
ok_duration(const char *text)
{
  size_t digits = strspn(text, "0123456789");
  int64_t ms;

  return digits <= 9 && value_duration(text, &ms);
}

static bool
ok_size(const char *text)
{
  size_t digits = strspn(text, "0123456789");
  int64_t bytes;

  if (text[digits] != '\0' && !strchr("KMGT", text[digits])) return false;
  return digits <= (text[digits] ? 6 : 15) && value_size(text, &bytes);
}

const struct shape_rule rule_any = {"a text", ANY_LENGTH, ok_any},
                        rule_id = {"lower-case words joined by dots, such as org.example.audit", 100, ok_id},
                        rule_version = {"a semantic version such as 1.2.0", 64, ok_version},
                        rule_library = {"the name of a .so file in the same directory", 100, ok_library},
                        rule_abi = {"an ABI version such as 1.0", ANY_LENGTH, ok_abi},
                        rule_line = {"one line of text", 1000, ok_line},
                        rule_summary = {"one line of text", 100, ok_line},
                        rule_value = {"a text without control characters", 1000, ok_value},
                        rule_contract = {"an id such as clxs.sql/1", 100, ok_contract},
                        rule_topic = {"an event such as clone.finished, or clone.*", 100, ok_topic},
                        rule_command = {"one to three lower-case words such as \"audit show\"", 64,
                                        ok_command},
                        rule_name = {"a lower-case name such as max-workers", 64, ok_name},
                        rule_key = {"a lower-case key such as audit.keep_days", 100, ok_key},
                        rule_env = {"an environment variable's name in capitals", 100, ok_env},
                        rule_short = {"one letter or digit", ANY_LENGTH, ok_short},
                        rule_value_name = {"printable ASCII without spaces, such as N", 40, ok_value_name},
                        rule_help = {"a path such as help/show.md", 100, ok_help},
                        rule_example = {"a command line that begins with \"clxs \"", 1000, ok_example},
                        rule_type = {"one of string, boolean, integer, number, duration, size, choice, path, "
                                     "securable, regex",
                                     ANY_LENGTH, ok_type},
                        rule_complete = {"one of none, file, directory, catalog, plugin", ANY_LENGTH,
                                         ok_complete},
                        rule_duration = {"a time such as 90s, 5m, 2h or 7d", ANY_LENGTH, ok_duration},
                        rule_size = {"a size such as 512K, 10M or 2G", ANY_LENGTH, ok_size};
