/* SPDX-License-Identifier: Apache-2.0 */
/* Two rounds of calls: catalogs and their schemas, then everything in the schemas. Answers are parsed one
 * element at a time, so that a listing of 10,000 tables never stands in memory as one JSON tree. */
#include "kit/model/model_read.h"

#include <clxs/clxs.h>
#include <pthread.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/model/filter.h"
#include "kit/retry.h"

#include "base/banned.h"

static const char *const kinds[] = {"tables", "functions", "volumes"};

/* One listing of the second round. */
struct unit {
  struct model_request *request;
  size_t schema; /* index in its model */
  size_t kind;   /* index in kinds */
};

struct reading {
  struct model_request *requests;
  size_t request_count;
  pthread_mutex_t lock; /* of all models: parsing is short, waiting for the service is not */
  bool *absent;         /* per request: no such catalog */
  VEC(struct unit) units;
  const char *progress;
  uint64_t done;
};

static clxs_status
bad_answer(struct clxs_call *call, const char *what, const char *of)
{
  return clxs_failf(call, CLXS_E_DATA, "run again with --log-level debug and report the answer",
                    "the service's list of %s of %s cannot be understood", what, of);
}

static clxs_status
parse_catalog(struct clxs_call *call, struct model_catalog *model, const char *text)
{
  CLEANUP_JSON struct json_object *json = json_parse(text, strlen(text), NULL, NULL);

  return json && model_parse_catalog(model, json) ? CLXS_OK
                                                  : bad_answer(call, "properties", model->item.name);
}

static clxs_status
parse_schemas(struct clxs_call *call, const struct model_request *request, const char *text)
{
  struct model_catalog *model = request->model;
  size_t position = 0, length = strlen(text);
  int more;

  for (;;) {
    CLEANUP_JSON struct json_object *json = NULL;
    const char *name;

    more = json_array_next(text, length, &position, &json);
    if (more <= 0) break;
    name = json_get_text(json, "name");
    if (!name) return bad_answer(call, "schemas", request->catalog);
    model_parse_schema(model, json, VEC_ADD(&model->schemas));
  }
  return more < 0 ? bad_answer(call, "schemas", request->catalog) : CLXS_OK;
}

static bool
parse_object(struct model_catalog *model, struct model_schema *schema, size_t kind, struct json_object *json)
{
  if (kind == 0) return model_parse_table(model, json, VEC_ADD(&schema->tables));
  if (kind == 1) return model_parse_function(model, json, VEC_ADD(&schema->functions));
  return model_parse_volume(model, json, VEC_ADD(&schema->volumes));
}

/* KIND "catalog" is the catalog itself, others are lists. Asked again while the service is only busy. */
static clxs_status
ask(struct clxs_call *call, const char *kind, const char *catalog, const char *schema, const char **text)
{
  clxs_status status;
  unsigned round = 0;

  do {
    status = str_eq(kind, "catalog") ? clxs_meta(call)->get(call, kind, &catalog, 1, text)
                                     : clxs_meta(call)->list(call, kind, catalog, schema, text);
  } while (status < 0 && retry_pause(call, status, ++round));
  return status;
}

/* First round: even indexes read a catalog's own facts, odd ones its schemas. */
static clxs_status
read_catalog(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  struct model_request *request = &reading->requests[index / 2];
  const char *text = NULL;
  clxs_status status = ask(call, index % 2 ? "schemas" : "catalog", request->catalog, NULL, &text);

  if (status == CLXS_E_NOT_FOUND) {
    call->core->error_clear(call);
    pthread_mutex_lock(&reading->lock);
    reading->absent[index / 2] = true;
    pthread_mutex_unlock(&reading->lock);
    return CLXS_OK;
  }
  if (status < 0)
    return clxs_failf(call, status, NULL, "cannot read the %s of catalog %s",
                      index % 2 ? "schemas" : "properties", request->catalog);
  pthread_mutex_lock(&reading->lock);
  status = index % 2 == 0 ? parse_catalog(call, request->model, text) : parse_schemas(call, request, text);
  pthread_mutex_unlock(&reading->lock);
  return status;
}

static clxs_status
parse_unit(struct clxs_call *call, const struct unit *unit, const char *text)
{
  struct model_schema *schema = &unit->request->model->schemas.at[unit->schema];
  size_t position = 0, length = strlen(text);
  int more;

  for (;;) {
    CLEANUP_JSON struct json_object *json = NULL;

    more = json_array_next(text, length, &position, &json);
    if (more <= 0) break;
    if (!parse_object(unit->request->model, schema, unit->kind, json))
      return bad_answer(call, kinds[unit->kind], schema->item.name);
  }
  return more < 0 ? bad_answer(call, kinds[unit->kind], schema->item.name) : CLXS_OK;
}

static clxs_status
read_unit(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  const struct unit *unit = &reading->units.at[index];
  const char *schema = unit->request->model->schemas.at[unit->schema].item.name, *text = NULL;
  clxs_status status = ask(call, kinds[unit->kind], unit->request->catalog, schema, &text);
  uint64_t done;

  if (status < 0)
    return clxs_failf(call, status, NULL, "cannot list the %s of %s.%s", kinds[unit->kind],
                      unit->request->catalog, schema);
  pthread_mutex_lock(&reading->lock);
  status = parse_unit(call, unit, text);
  done = ++reading->done;
  pthread_mutex_unlock(&reading->lock);
  if (reading->progress) clxs_output(call)->progress(call, reading->progress, done, reading->units.count);
  return status;
}

/* Keep the schemas that the request is about. */
static clxs_status
choose_schemas(struct clxs_call *call, struct model_request *request)
{
  struct model_catalog *model = request->model;
  const char **names = call->core->alloc(call, (model->schemas.count + 1) * sizeof *names);
  const char *missing;
  size_t kept = 0;

  for (size_t i = 0; i < model->schemas.count; i++)
    names[i] = model->schemas.at[i].item.name;
  missing = request->like || request->lenient
                ? NULL
                : filter_missing_schema(request->filter, names, model->schemas.count);
  if (missing)
    return clxs_failf(call, CLXS_E_USAGE, "list the schemas there are, then correct --include-schemas",
                      "catalog %s has no schema %s", request->catalog, missing);
  for (size_t i = 0; i < model->schemas.count; i++) {
    const char *name = model->schemas.at[i].item.name;

    if (!filter_schema(request->filter, name)) continue;
    if (request->like && !model_find_schema(request->like->model, name)) continue;
    model->schemas.at[kept++] = model->schemas.at[i];
  }
  model->schemas.count = kept;
  model_sort(model);
  return CLXS_OK;
}

static clxs_status
settle_catalogs(struct clxs_call *call, struct reading *reading)
{
  for (size_t i = 0; i < reading->request_count; i++) {
    struct model_request *request = &reading->requests[i];
    clxs_status status;

    if (reading->absent[i]) {
      if (!request->optional)
        return clxs_failf(call, CLXS_E_NOT_FOUND, "check the name, and that you may USE the catalog",
                          "there is no catalog %s, or you may not see it", request->catalog);
      model_free(TAKE(request->model));
      continue;
    }
    status = choose_schemas(call, request);
    if (status < 0) return status;
    for (size_t schema = 0; schema < request->model->schemas.count; schema++)
      for (size_t kind = 0; kind < ARRAY_SIZE(kinds); kind++)
        *VEC_ADD(&reading->units) = (struct unit){request, schema, kind};
  }
  return CLXS_OK;
}

clxs_status
model_read(struct clxs_call *call, struct model_request *requests, size_t count, uint32_t width,
           const char *progress)
{
  struct reading reading = {.requests = requests, .request_count = count, .progress = progress};
  clxs_status status;

  reading.absent = call->core->alloc(call, (count + 1) * sizeof *reading.absent);
  for (size_t i = 0; i < count; i++)
    requests[i].model = model_new(requests[i].catalog);
  pthread_mutex_init(&reading.lock, NULL);
  status = clxs_jobs(call)->each(call, 2 * count, width, read_catalog, &reading);
  if (status >= 0) status = settle_catalogs(call, &reading);
  if (status >= 0) status = clxs_jobs(call)->each(call, reading.units.count, width, read_unit, &reading);
  if (progress) clxs_output(call)->progress_end(call);
  for (size_t i = 0; i < count && status >= 0; i++)
    if (requests[i].model) model_sort(requests[i].model);
  pthread_mutex_destroy(&reading.lock);
  VEC_FREE(&reading.units);
  return status;
}
