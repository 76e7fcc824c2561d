/* SPDX-License-Identifier: Apache-2.0 */
/* See side.h. It must not know what is compared. */
#include "kit/snapshot/side.h"

#include <clxs/clxs.h>

#include "base/str.h"
#include "kit/catalogs.h"
#include "kit/model/details.h"
#include "kit/model/filter.h"
#include "kit/model/model.h"
#include "kit/model/model_read.h"
#include "kit/snapshot/snapshot.h"

#include "base/banned.h"

#define SCHEME "file:"
#define MOST_SIDES 8

bool
side_is_file(const char *name)
{
  return str_starts(name, SCHEME);
}

clxs_status
side_name(struct clxs_call *call, const char *flag, const char **name)
{
  *name = call->core->arg_text(call, flag, 0);
  if (*name && side_is_file(*name) && (*name)[strlen(SCHEME)]) return CLXS_OK;
  return catalogs_read_one(call, str_eq(flag, "source"), true, name);
}

/* The schemas that FILTER is about, as a reading of the service keeps them. */
static clxs_status
choose_schemas(struct clxs_call *call, const struct side *side, const struct filter *filter, bool first)
{
  struct model_catalog *model = side->model;
  const char **names = call->core->alloc(call, (model->schemas.count + 1) * sizeof *names);
  size_t kept = 0, count = model->schemas.count;
  const char *missing;

  for (size_t i = 0; i < count; i++)
    names[i] = model->schemas.at[i].item.name;
  missing = first ? filter_missing_schema(filter, names, count) : NULL;
  if (missing)
    return clxs_failf(call, CLXS_E_USAGE, "list the schemas there are, then correct --include-schemas",
                      "%s has no schema %s", side->name, missing);
  for (size_t i = 0; i < count; i++) {
    struct model_schema *schema = &model->schemas.at[i];

    if (filter_schema(filter, schema->item.name)) {
      model->schemas.at[kept++] = *schema;
      continue;
    }
    VEC_FREE(&schema->tables);
    VEC_FREE(&schema->functions);
    VEC_FREE(&schema->volumes);
  }
  model->schemas.count = kept;
  return CLXS_OK;
}

static clxs_status
read_files(struct clxs_call *call, struct side *sides, size_t count, const struct filter *filter)
{
  clxs_status status = CLXS_OK;

  for (size_t i = 0; i < count && status >= 0; i++) {
    if (!side_is_file(sides[i].name)) continue;
    status = snapshot_read(call, sides[i].name + strlen(SCHEME), &sides[i].model, &sides[i].covers);
    if (status >= 0) status = choose_schemas(call, &sides[i], filter, i == 0);
  }
  return status;
}

static clxs_status
read_catalogs(struct clxs_call *call, struct side *sides, size_t count, const struct filter *filter,
              uint32_t which, uint32_t width)
{
  struct model_request requests[MOST_SIDES] = {0};
  struct model_catalog *models[MOST_SIDES] = {0};
  size_t asked = 0, taken = 0;
  clxs_status status;

  for (size_t i = 0; i < count; i++) {
    if (side_is_file(sides[i].name)) continue;
    clxs_meta(call)->invalidate(call, sides[i].name);
    requests[asked] = (struct model_request){.catalog = sides[i].name, .filter = filter, .lenient = i > 0};
    asked++;
  }
  if (!asked) return CLXS_OK;
  status = model_read(call, requests, asked, width, "Reading catalogs");
  for (size_t i = 0; i < count; i++) {
    if (side_is_file(sides[i].name)) continue;
    sides[i].model = models[taken] = requests[taken].model;
    sides[i].covers = which;
    taken++;
  }
  return status < 0 ? status : model_read_details(call, models, asked, which, width);
}

clxs_status
sides_read(struct clxs_call *call, struct side *sides, size_t count, const struct filter *filter,
           uint32_t which, uint32_t width)
{
  clxs_status status;

  if (count > MOST_SIDES) count = MOST_SIDES;
  status = read_files(call, sides, count, filter);
  return status < 0 ? status : read_catalogs(call, sides, count, filter, which, width);
}

void
sides_free(struct side *sides, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    model_free(sides[i].model);
    sides[i].model = NULL;
  }
}
