/* SPDX-License-Identifier: Apache-2.0 */
/* Flags to decisions. It must not know what is done with what passes. */
#include "kit/model/filter.h"

#include <clxs/clxs.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/model/pattern.h"

#include "base/banned.h"

struct names {
  const char **at;
  uint32_t count;
};

struct filter {
  struct names include, exclude;
  struct pattern include_objects, exclude_objects;
};

static void
read_names(struct clxs_call *call, const char *flag, struct names *names)
{
  names->count = call->core->arg_count(call, flag);
  names->at = xcalloc(names->count + 1, sizeof *names->at);
  for (uint32_t i = 0; i < names->count; i++)
    names->at[i] = call->core->arg_text(call, flag, i);
}

/* NAME is VALUE, or one of the names in it when it is a list with commas. */
static bool
value_names(const char *value, const char *name)
{
  size_t length = strlen(name);

  if (utf8_ieq(value, name)) return true;
  for (; *value; value += strcspn(value, ","), value += *value == ',') {
    CLEANUP_FREE char *piece = xstrndup(value, strcspn(value, ","));

    if (length && utf8_ieq(piece, name)) return true;
  }
  return false;
}

static bool
is_among(const struct names *names, const char *name)
{
  for (uint32_t i = 0; i < names->count; i++)
    if (value_names(names->at[i], name)) return true;
  return false;
}

static clxs_status
read_pattern(struct clxs_call *call, const char *flag, struct pattern *pattern)
{
  const char *text = call->core->arg_text(call, flag, 0);

  return text && *text ? pattern_read(call, clxs_textf(call, "--%s", flag), text, 0, pattern) : CLXS_OK;
}

clxs_status
filter_read(struct clxs_call *call, struct filter **out)
{
  CLEANUP_FILTER struct filter *filter = xcalloc(1, sizeof *filter);
  clxs_status status;

  *out = NULL;
  read_names(call, "include-schemas", &filter->include);
  read_names(call, "exclude-schemas", &filter->exclude);
  status = read_pattern(call, "include-tables-regex", &filter->include_objects);
  if (status < 0) return status;
  status = read_pattern(call, "exclude-tables-regex", &filter->exclude_objects);
  if (status < 0) return status;
  *out = TAKE(filter);
  return CLXS_OK;
}

void
filter_free(struct filter *filter)
{
  if (!filter) return;
  free(filter->include.at);
  free(filter->exclude.at);
  pattern_free(&filter->include_objects);
  pattern_free(&filter->exclude_objects);
  free(filter);
}

void
filter_cleanup(struct filter **filter)
{
  filter_free(*filter);
}

bool
filter_schema(const struct filter *filter, const char *name)
{
  if (utf8_ieq(name, "information_schema")) return false;
  if (!filter) return true;
  if (filter->include.count && !is_among(&filter->include, name)) return false;
  return !is_among(&filter->exclude, name);
}

bool
filter_object(const struct filter *filter, const char *name)
{
  if (!filter) return true;
  if (filter->include_objects.set && !pattern_find(&filter->include_objects, name, NULL)) return false;
  return !filter->exclude_objects.set || !pattern_find(&filter->exclude_objects, name, NULL);
}

static bool
is_schema(const char *name, size_t length, const char *const *names, size_t count)
{
  CLEANUP_FREE char *piece = xstrndup(name, length);

  for (size_t i = 0; i < count; i++)
    if (utf8_ieq(piece, names[i])) return true;
  return false;
}

const char *
filter_missing_schema(const struct filter *filter, const char *const *names, size_t count)
{
  for (uint32_t i = 0; filter && i < filter->include.count; i++) {
    const char *value = filter->include.at[i];

    if (is_schema(value, strlen(value), names, count)) continue;
    for (; *value; value += strcspn(value, ","), value += *value == ',')
      if (!is_schema(value, strcspn(value, ","), names, count)) return value;
  }
  return NULL;
}
