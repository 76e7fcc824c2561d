/* SPDX-License-Identifier: Apache-2.0 */
/* What has to be known before tags can be copied: those of both catalogs, and which keys are governed: only
 * who holds ASSIGN may set those, and a policy says their values.
 * https://docs.databricks.com/admin/tag-policies */
#include <clxs/clxs.h>

#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/model/function_tags.h"
#include "kit/model/tags.h"

#include "base/banned.h"

static bool
has_function_tags(const struct model_catalog *model)
{
  VEC_EACH (&model->schemas, schema)
    VEC_EACH (&schema->functions, function)
      if (function->item.tag_count) return true;
  return false;
}

static bool
has_tags(const struct model_catalog *model)
{
  if (model->item.tag_count || has_function_tags(model)) return true;
  VEC_EACH (&model->schemas, schema) {
    if (schema->item.tag_count) return true;
    VEC_EACH (&schema->tables, table)
      if (table->item.tag_count) return true;
    VEC_EACH (&schema->volumes, volume)
      if (volume->item.tag_count) return true;
  }
  return false;
}

static clxs_status
take_policy(void *data, const char *json, size_t length)
{
  struct clone *clone = data;
  CLEANUP_JSON struct json_object *policy = json_parse(json, length, NULL, NULL);
  const char *key = json_get_text(policy, "tag_key");
  const char **list;

  if (!key) return CLXS_OK;
  list = arena_array(clone->source->arena, clone->governed_count + 1, sizeof *list);
  if (clone->governed_count) memcpy(list, clone->governed, clone->governed_count * sizeof *list);
  list[clone->governed_count++] = model_text(clone->source, key);
  clone->governed = list;
  return CLXS_OK;
}

/* A workspace that does not know or tell policies has none that we could heed. */
static clxs_status
read_governed(struct clone *clone)
{
  struct clxs_request request = {.size = sizeof request, .method = "GET", .path = "/api/2.1/tag-policies"};
  clxs_status status;

  request.purpose = "list governed tags";
  status = clxs_rest(clone->call)->each(clone->call, &request, "tag_policies", take_policy, clone);
  if (status >= 0 || status == CLXS_E_CANCELLED || status == CLXS_E_AUTH) return status;
  clone->call->core->error_clear(clone->call);
  return CLXS_OK;
}

clxs_status
clone_read_tags(struct clone *clone)
{
  struct model_catalog *const models[] = {clone->source, clone->dest};
  bool told;
  clxs_status status = model_read_tags(clone->call, models, ARRAY_SIZE(models), clone->options.width);

  if (status >= 0) status = model_read_function_tags(clone->call, clone->source, clone->options.width, &told);
  if (status >= 0 && has_function_tags(clone->source))
    status = model_read_function_tags(clone->call, clone->dest, clone->options.width, &told);
  return status >= 0 && has_tags(clone->source) ? read_governed(clone) : status;
}
