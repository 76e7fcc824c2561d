/* SPDX-License-Identifier: Apache-2.0 */
/* The command: read the catalog, write the file, say what was written. The document is made by kit/snapshot.
 */
#include "kit/snapshot/snapshot.h"

#include <time.h>

#include "base/buf.h"
#include "base/str.h"
#include "kit/catalogs.h"
#include "kit/model/details.h"
#include "kit/model/filter.h"
#include "kit/model/model.h"
#include "kit/one_command.h"
#include "kit/save.h"
#include "kit/snapshot/side.h"
#include "snapshot_gen.h"

#include "base/banned.h"

/* snapshots/snapshot_CATALOG_20260131_235959.json */
static const char *
default_path(struct clxs_call *call, const char *catalog)
{
  time_t now = (time_t)(call->core->now_ms(call) / 1000);
  struct tm utc;
  char when[32];

  gmtime_r(&now, &utc);
  strftime(when, sizeof when, "%Y%m%d_%H%M%S", &utc);
  return clxs_textf(call, "snapshots/snapshot_%s_%s.json", catalog, when);
}

static uint32_t
wanted_details(struct clxs_call *call)
{
  const struct clxs_core *core = call->core;

  return (core->arg_int(call, "tags") ? MODEL_TAGS : 0) |
         (core->arg_int(call, "constraints") ? MODEL_KEYS : 0) |
         (core->arg_int(call, "permissions") ? MODEL_GRANTS : 0);
}

struct totals {
  size_t tables, views, functions, volumes;
};

static struct totals
count_objects(const struct model_catalog *model)
{
  struct totals totals = {0};

  VEC_EACH (&model->schemas, schema) {
    totals.functions += schema->functions.count;
    totals.volumes += schema->volumes.count;
    VEC_EACH (&schema->tables, table)
      ++*(model_is_view(table) ? &totals.views : &totals.tables);
  }
  return totals;
}

static clxs_status
report(struct clxs_call *call, const struct model_catalog *model, const char *path, const char *hash)
{
  const struct clxs_output *output = clxs_output(call);
  struct totals totals = count_objects(model);
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  if (output->format(call) == CLXS_FORMAT_TEXT) {
    output->text(call, clxs_textf(call, "%s: schemas %zu, tables %zu, views %zu, functions %zu, volumes %zu",
                                  model->item.name, model->schemas.count, totals.tables, totals.views,
                                  totals.functions, totals.volumes));
    output->text(call, clxs_textf(call, "%s", hash));
    return output->text(call, clxs_textf(call, "written to %s", path));
  }
  buf_add_text(&json, "{\"catalog\":");
  buf_add_json(&json, model->item.name);
  buf_add_text(&json, ",\"file\":");
  buf_add_json(&json, path);
  buf_addf(&json, ",\"content_hash\":\"%s\",\"schemas\":%zu,\"tables\":%zu,\"views\":%zu", hash,
           model->schemas.count, totals.tables, totals.views);
  buf_addf(&json, ",\"functions\":%zu,\"volumes\":%zu}", totals.functions, totals.volumes);
  return output->document(call, json.data);
}

static clxs_status
write_snapshot(struct clxs_call *call, const struct side *side)
{
  const char *path = call->core->arg_text(call, "output", 0);
  CLEANUP_BUF struct buf document = BUF_INIT(BUF_LARGE);
  char hash[SNAPSHOT_HASH_SIZE];
  clxs_status status;

  if (!path) path = default_path(call, side->model->item.name);
  snapshot_write(side->model, side->covers, &document, hash);
  status = save_result(call, path, document.data, document.len);
  return status < 0 || str_eq(path, "-") ? status : report(call, side->model, path, hash);
}

static clxs_status
snapshot_run(void *state, struct clxs_call *call)
{
  CLEANUP_FILTER struct filter *filter = NULL;
  int64_t width = call->core->arg_int(call, "max-workers");
  struct side side = {0};
  clxs_status status = catalogs_read_one(call, true, true, &side.name);

  (void)state;
  if (status >= 0) status = filter_read(call, &filter);
  if (status >= 0)
    status = sides_read(call, &side, 1, filter, wanted_details(call), width > 0 ? (uint32_t)width : 8);
  if (status >= 0) status = write_snapshot(call, &side);
  sides_free(&side, 1);
  return status;
}

PLUGIN_ONE_COMMAND(CMD_SNAPSHOT, snapshot_run);
