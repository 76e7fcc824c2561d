/* SPDX-License-Identifier: Apache-2.0 */
/* The command: what to look for, where, and one catalog after the other. */
#include "search.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/catalogs.h"
#include "kit/model/details.h"
#include "kit/model/filter.h"
#include "kit/model/model.h"
#include "kit/one_command.h"
#include "kit/snapshot/side.h"
#include "search_gen.h"

#include "base/banned.h"

/* The bits of the words that FLAG was given, in the order of NAMES; OTHERWISE when it was not. */
static unsigned
read_choices(struct clxs_call *call, const char *flag, const char *const *names, unsigned otherwise)
{
  uint32_t count = call->core->arg_count(call, flag);
  unsigned bits = 0;

  for (uint32_t i = 0; i < count; i++)
    for (unsigned k = 0; names[k]; k++)
      if (str_eq(call->core->arg_text(call, flag, i), names[k])) bits |= 1u << k;
  return count ? bits : otherwise;
}

static clxs_status
read_text(struct search *search)
{
  const struct clxs_core *core = search->call->core;
  const char *given = core->arg_text(search->call, "text", 0),
             *pattern = core->arg_text(search->call, "pattern", 0);
  unsigned flags = (core->arg_int(search->call, "plain") ? PATTERN_PLAIN : 0) |
                   (core->arg_int(search->call, "case-sensitive") ? 0 : PATTERN_IGNORE_CASE);

  if (given && pattern && !str_eq(given, pattern))
    return clxs_failf(search->call, CLXS_E_USAGE, "leave one of them away",
                      "TEXT and --pattern say different things");
  search->text = given ? given : pattern;
  if (!search->text || !*search->text)
    return clxs_failf(search->call, CLXS_E_USAGE, "say what to look for: clxs search TEXT",
                      "TEXT is missing");
  return pattern_read(search->call, given ? "TEXT" : "--pattern", search->text, flags, &search->pattern);
}

static clxs_status
read_options(struct search *search)
{
  static const char *const fields[] = {"name",     "comment", "definition", "tag",
                                       "property", "owner",   "location",   NULL};
  static const char *const kinds[] = {"catalog",  "schema", "table",  "view",
                                      "function", "volume", "column", NULL};
  const struct clxs_core *core = search->call->core;

  search->fields =
      read_choices(search->call, "in", fields, SEARCH_NAME | SEARCH_COMMENT | SEARCH_DEFINITION | SEARCH_TAG);
  search->kinds = read_choices(search->call, "kind", kinds, ~0u);
  if (!core->arg_int(search->call, "columns")) search->kinds &= ~SEARCH_COLUMNS;
  if (!core->arg_int(search->call, "tags")) search->fields &= ~SEARCH_TAG;
  if (!search->fields || !search->kinds)
    return clxs_failf(search->call, CLXS_E_USAGE, "leave a flag away", "nothing is left to look at");
  return read_text(search);
}

static clxs_status
search_one(struct search *search, const char *catalog, const struct filter *filter)
{
  int64_t width = search->call->core->arg_int(search->call, "max-workers");
  struct side side = {.name = catalog};
  clxs_status status =
      sides_read(search->call, &side, 1, filter, search->fields & SEARCH_TAG ? MODEL_TAGS : 0,
                 width > 0 ? (uint32_t)width : 8);

  if (status >= 0) search_catalog(search, side.model);
  sides_free(&side, 1);
  return status;
}

/* Those that the service keeps for itself are huge and nobody's. */
static clxs_status
search_all(struct search *search, const struct filter *filter)
{
  CLEANUP_JSON struct json_object *list = NULL;
  const char *text = NULL;
  clxs_status status = clxs_meta(search->call)->list(search->call, "catalogs", NULL, NULL, &text);

  if (status < 0) return status;
  list = json_parse(text, strlen(text), NULL, NULL);
  for (size_t i = 0; i < json_length(list) && status >= 0; i++) {
    const char *name = json_get_text(json_item(list, i), "name");

    if (name && !sqltext_catalog_reserved(name)) status = search_one(search, name, filter);
  }
  return status;
}

static clxs_status
search_catalogs(struct search *search)
{
  CLEANUP_FILTER struct filter *filter = NULL;
  const char *catalog;
  clxs_status status = filter_read(search->call, &filter);

  if (status < 0) return status;
  if (search->call->core->arg_int(search->call, "all-catalogs")) return search_all(search, filter);
  status = catalogs_read_one(search->call, true, true, &catalog);
  return status < 0 ? status : search_one(search, catalog, filter);
}

static clxs_status
search_run(void *state, struct clxs_call *call)
{
  struct search search = {.call = call, .arena = arena_new()};
  clxs_status status = read_options(&search);

  (void)state;
  if (status >= 0) status = search_catalogs(&search);
  if (status >= 0) status = search_report(&search);
  pattern_free(&search.pattern);
  VEC_FREE(&search.matches);
  arena_free(search.arena);
  return status;
}

PLUGIN_ONE_COMMAND(CMD_SEARCH, search_run);
