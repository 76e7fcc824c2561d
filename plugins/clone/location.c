/* SPDX-License-Identifier: Apache-2.0 */
/* Locations for the copies of what is external: one template for all of them. Two objects may not share a
 * location, nor one lie in the other's, and nothing may be written into the place of an original.
 * https://docs.databricks.com/sql/language-manual/sql-ref-external-locations.html */
#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"
#include "clone.h"

#include "base/banned.h"

/* Locations that are taken, and every folder above one, with what is there. */
struct clone_places {
  struct map *taken, *above;
};

#define PLACEHOLDERS "{catalog}, {schema}, {table}, {volume}, {name} and {kind}"

static const char *
value_of(const struct clone *clone, const char *key, size_t length, const char *kind, const char *schema,
         const char *name)
{
  const struct {
    const char *key, *value;
  } values[] = {{"catalog", clone->options.dest},
                {"schema", schema},
                {"table", name},
                {"volume", name},
                {"name", name},
                {"kind", str_eq(kind, "volume") ? "volumes" : "tables"}};

  for (size_t i = 0; i < ARRAY_SIZE(values); i++)
    if (strlen(values[i].key) == length && strncmp(values[i].key, key, length) == 0) return values[i].value;
  return NULL;
}

static clxs_status
refuse(struct clxs_call *call, const char *template, const char *why)
{
  return clxs_failf(call, CLXS_E_USAGE,
                    "write a URL with " PLACEHOLDERS ", as in s3://bucket/{catalog}/{schema}/{kind}/{name}",
                    "--external-location-template \"%s\": %s", template, why);
}

clxs_status
clone_check_template(struct clone *clone)
{
  const char *template = clone->options.external, *at = template ? strstr(template, "://") : NULL;
  bool schema, name;

  if (!template) return CLXS_OK;
  if (!at || at == template || !at[3]) return refuse(clone->call, template, "it is no URL");
  if (strstr(at + 3, "//") || strstr(at, "/./") || strstr(at, "/../"))
    return refuse(clone->call, template, "empty folders, . and .. make two names of one place");
  for (const char *c = template; *c; c++)
    if ((unsigned char)*c <= ' ' || *c == '\\' || *c == '\'' || *c == '"')
      return refuse(clone->call, template, "spaces, quotes and backslashes are in no location");
  for (at = template; (at = strpbrk(at, "{}")) != NULL; at++) {
    size_t length = strcspn(at + 1, "{}");

    if (*at == '}' || at[1 + length] != '}') return refuse(clone->call, template, "a bracket stands alone");
    if (!value_of(clone, at + 1, length, "table", "s", "n"))
      return refuse(clone->call, template,
                    clxs_textf(clone->call, "{%.*s} means nothing", (int)length, at + 1));
    at += 1 + length;
  }
  schema = strstr(template, "{schema}") != NULL;
  name = strstr(template, "{table}") || strstr(template, "{volume}") || strstr(template, "{name}");
  if (schema && name) return CLXS_OK;
  return refuse(clone->call, template,
                schema ? "without {name} all of a schema would share one location"
                       : "without {schema} tables of the same name would share one location");
}

/* A part of a URL as it is; what would make it another path is not. */
static void
add_value(struct buf *text, const char *value)
{
  for (; *value; value++)
    if (strchr("%#?", *value))
      buf_addf(text, "%%%02X", (unsigned)(unsigned char)*value);
    else
      buf_add_char(text, *value);
}

static const char *
expand(struct clone *clone, const char *kind, const char *schema, const char *name)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  for (const char *at = clone->options.external; *at; at++) {
    size_t length = *at == '{' ? strcspn(at, "}") : 0;

    if (!length) {
      buf_add_char(&text, *at);
      continue;
    }
    add_value(&text, value_of(clone, at + 1, length - 1, kind, schema, name));
    at += length;
  }
  while (text.len && text.data[text.len - 1] == '/')
    text.data[--text.len] = '\0';
  return arena_strdup(clone->plan->arena, text.data);
}

/* LOCATION without the slashes at its end. */
static char *
trim(struct clone *clone, const char *location)
{
  char *text = arena_strdup(clone->plan->arena, location);
  size_t length = strlen(text);

  while (length && text[length - 1] == '/')
    text[--length] = '\0';
  return text;
}

/* Cut the last part off; false when what is left is no folder but the bucket. */
static bool
go_up(char *path)
{
  char *scheme = strstr(path, "://"), *slash = strrchr(path, '/');

  if (!slash || (scheme && slash < scheme + 3)) return false;
  *slash = '\0';
  return true;
}

static void
take(struct clone *clone, const char *location, const char *what)
{
  char *path;

  if (!location) return;
  path = trim(clone, location);
  map_set(clone->places->taken, path, (void *)(uintptr_t)what);
  while (go_up(path))
    map_set(clone->places->above, path, (void *)(uintptr_t)what);
}

static void
take_all(struct clone *clone, const struct model_catalog *model, const char *side)
{
  for (size_t i = 0; model && i < model->schemas.count; i++) {
    const struct model_schema *schema = &model->schemas.at[i];

    VEC_EACH (&schema->tables, table)
      take(clone, table->storage_location,
           arena_printf(clone->plan->arena, "table %s.%s of the %s", schema->item.name, table->item.name,
                        side));
    VEC_EACH (&schema->volumes, volume)
      take(clone, volume->storage_location,
           arena_printf(clone->plan->arena, "volume %s.%s of the %s", schema->item.name, volume->item.name,
                        side));
  }
}

static void
open_places(struct clone *clone)
{
  if (clone->places) return;
  clone->places = arena_alloc(clone->plan->arena, sizeof *clone->places);
  clone->places->taken = map_new();
  clone->places->above = map_new();
  take_all(clone, clone->source, "source");
  take_all(clone, clone->dest, "destination");
}

/* What is at PATH, above it or below it, and is not OWN; NULL when there is room. */
static const char *
find_neighbour(const struct clone *clone, char *path, const char *own)
{
  const char *found = map_get(clone->places->above, path);

  if (found && !str_eq(found, own)) return found;
  do {
    found = map_get(clone->places->taken, path);
    if (found && !str_eq(found, own)) return found;
  } while (go_up(path));
  return NULL;
}

const char *
clone_take_location(struct clone *clone, const char *kind, const char *schema, const char *name,
                    const char **problem)
{
  const char *own = arena_printf(clone->plan->arena, "%s %s.%s of the destination", kind, schema, name);
  const char *location = expand(clone, kind, schema, name), *neighbour;

  *problem = NULL;
  open_places(clone);
  neighbour = find_neighbour(clone, trim(clone, location), own);
  if (!neighbour) {
    take(clone, location, own);
    return location;
  }
  *problem = clxs_textf(
      clone->call,
      "its location would be %s, which overlaps with that of %s; change --external-location-template",
      location, neighbour);
  return NULL;
}

void
clone_free_places(struct clone *clone)
{
  if (!clone->places) return;
  map_free(clone->places->taken);
  map_free(clone->places->above);
  clone->places = NULL;
}
