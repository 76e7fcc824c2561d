/* SPDX-License-Identifier: Apache-2.0 */
/* See cfgfile.h. */
#include "auth/cfgfile.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include "base/banned.h"

#define SETTINGS "__settings__"

static bool
is_space(char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

/* TEXT without white space at both ends. */
static char *
trim(char *text)
{
  size_t length;

  while (is_space(*text))
    text++;
  length = strlen(text);
  while (length > 0 && is_space(text[length - 1]))
    text[--length] = '\0';
  return text;
}

/* VALUE without a comment behind it, and without quotes around it. */
static char *
clean_value(char *value)
{
  size_t length;

  for (char *at = value; *at; at++) {
    if ((*at == '#' || *at == ';') && (at == value || is_space(at[-1]))) {
      *at = '\0';
      break;
    }
  }
  value = trim(value);
  length = strlen(value);
  if (length >= 2 && (value[0] == '"' || value[0] == '\'') && value[length - 1] == value[0]) {
    value[length - 1] = '\0';
    value++;
  }
  return value;
}

static clxs_status
report_line(const char *path, size_t number, const char *what, struct err *err)
{
  err_set(err, CLXS_E_CONFIG, "%s:%zu: %s", path, number, what);
  err_hint(err, "lines are \"[profile]\", \"key = value\" or \"# comment\"");
  return CLXS_E_CONFIG;
}

/* One line, which is taken apart in place. SECTION is what the last heading said. */
static clxs_status
parse_line(struct arena *arena, struct cfgfile *file, char *line, size_t number, const char **section,
           struct cfgfile_entry ***end, struct err *err)
{
  struct cfgfile_entry *entry;
  char *separator, *close;

  line = trim(line);
  if (*line == '\0' || *line == '#' || *line == ';') return CLXS_OK;
  if (*line == '[') {
    close = strchr(line, ']');
    if (!close) return report_line(file->path, number, "a section heading without its closing bracket", err);
    *close = '\0';
    *section = trim(line + 1);
    if (**section == '\0') return report_line(file->path, number, "a section heading without a name", err);
    return CLXS_OK;
  }
  separator = strpbrk(line, "=:");
  if (!separator || separator == line)
    return report_line(file->path, number, "this is no \"key = value\"", err);
  *separator = '\0';
  entry = arena_alloc(arena, sizeof *entry);
  entry->section = *section;
  entry->key = trim(line);
  entry->value = clean_value(separator + 1);
  **end = entry;
  *end = &entry->next;
  return CLXS_OK;
}

clxs_status
cfgfile_parse(struct arena *arena, const char *path, const char *text, size_t length, struct cfgfile *file,
              struct err *err)
{
  char *copy = arena_strndup(arena, text, length), *line = copy;
  const char *section = "DEFAULT";
  struct cfgfile_entry **end = &file->entries;

  *file = (struct cfgfile){.path = path};
  end = &file->entries;
  if (str_starts(line, "\xef\xbb\xbf")) line += 3;
  for (size_t number = 1; line; number++) {
    char *next = strchr(line, '\n');
    clxs_status status;

    if (next) *next++ = '\0';
    status = parse_line(arena, file, line, number, &section, &end, err);
    if (status != CLXS_OK) return status;
    line = next;
  }
  return CLXS_OK;
}

const char *
cfgfile_get(const struct cfgfile *file, const char *section, const char *key)
{
  const char *found = NULL;

  for (const struct cfgfile_entry *entry = file->entries; entry; entry = entry->next)
    if (str_eq(entry->section, section) && str_ieq(entry->key, key)) found = entry->value;
  return found;
}

static bool
has_section(const struct cfgfile *file, const char *section)
{
  for (const struct cfgfile_entry *entry = file->entries; entry; entry = entry->next)
    if (str_eq(entry->section, section)) return true;
  return false;
}

clxs_status
cfgfile_choose(const struct cfgfile *file, const char *asked, const char **profile, struct err *err)
{
  const char *settled = cfgfile_get(file, SETTINGS, "default_profile");

  *profile = NULL;
  if (asked && str_eq(asked, SETTINGS)) {
    return err_set(err, CLXS_E_CONFIG,
                   "%s: " SETTINGS " holds settings of the file and cannot be used as a profile", file->path);
  }
  if (!asked && settled && *settled) asked = settled;
  if (asked && !has_section(file, asked)) {
    err_set(err, CLXS_E_CONFIG, "%s has no %s profile configured", file->path, asked);
    err_hint(err, "add a [%s] section to it, or choose another one with --auth-profile", asked);
    return CLXS_E_CONFIG;
  }
  if (asked) {
    *profile = asked;
  } else if (has_section(file, "DEFAULT")) {
    *profile = "DEFAULT";
  }
  return CLXS_OK;
}
