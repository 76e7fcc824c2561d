/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog and schema that unqualified names in a stored text mean: where the object's maker stood, not
 * where the object is. The service passes it on in Spark's own properties of a view, or as sql_path; where it
 * says nothing, the object's own schema is the best guess. */
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

/* The two parts of a name at token *AT, and *AT behind it. False when there are not exactly two. */
static bool
read_two_parts(struct arena *arena, const struct sql_tokens *tokens, size_t *at,
               struct clone_namespace *found)
{
  const char *parts[2] = {NULL, NULL};
  size_t count = 0;

  while (*at < tokens->count && !sql_token_is(tokens, *at, ",")) {
    if (sql_token_is_name(&tokens->at[*at])) {
      if (count < 2) parts[count] = sql_token_value(arena, tokens, *at);
      count++;
    } else if (!sql_token_is(tokens, *at, ".")) {
      count = 3;
    }
    *at = sql_tokens_skip(tokens, *at + 1);
  }
  *found = (struct clone_namespace){parts[0], parts[1]};
  return count == 2;
}

/* sql_path is a list of schemas; those of the system hold built-ins only. */
static bool
read_path(struct arena *arena, const char *path, struct clone_namespace *found)
{
  struct sql_tokens tokens;
  size_t at;

  if (!path) return false;
  sql_tokens_read(arena, path, strlen(path), &tokens);
  for (at = sql_tokens_skip(&tokens, 0); at < tokens.count; at = sql_tokens_skip(&tokens, at + 1))
    if (read_two_parts(arena, &tokens, &at, found) && !str_ieq(found->catalog, "system")) return true;
  return false;
}

static bool
read_properties(const struct model_table *view, struct clone_namespace *found)
{
  const char *parts = model_property(view, "view.catalogAndNamespace.numParts");

  found->catalog = model_property(view, "view.catalogAndNamespace.part.0");
  found->schema = model_property(view, "view.catalogAndNamespace.part.1");
  return str_eq(parts, "2") && found->catalog && found->schema;
}

struct clone_namespace
clone_read_namespace(const struct clone *clone, const struct clone_routine *routine)
{
  const char *path = routine->view ? routine->view->sql_path : routine->function->sql_path;
  struct clone_namespace found;

  if (routine->view && read_properties(routine->view, &found)) return found;
  if (read_path(clone->plan->arena, path, &found)) return found;
  return (struct clone_namespace){clone->source->item.name, routine->schema->item.name};
}

void
clone_set_namespace(struct clone *clone, const struct clone_routine *routine, size_t step)
{
  struct clone_namespace space = clone_read_namespace(clone, routine);
  const struct model_schema *schema = model_find_schema(clone->source, space.schema);
  bool ours = utf8_ieq(space.catalog, clone->source->item.name);

  plan_step(clone->plan, step)->catalog = ours ? clone->options.dest : space.catalog;
  plan_step(clone->plan, step)->schema = space.schema;
  if (!ours || !schema) return;
  /* A session cannot start in a schema that is still to be made. */
  if (clone->steps[schema - clone->source->schemas.at].schema != CLONE_NO_STEP)
    plan_add_order(clone->plan, step, clone->steps[schema - clone->source->schemas.at].schema);
}
