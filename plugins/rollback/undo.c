/* SPDX-License-Identifier: Apache-2.0 */
/* The plan that takes a run back: what the run made is dropped, what it changed is put back, in the reverse
 * of the order in which things needed each other. It must not decide what may be undone. */
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "kit/sqltext/refs.h"
#include "rollback.h"

#include "base/banned.h"

/* The plan being built, beside the run's plan. */
struct builder {
  const struct undo *undo;
  const struct plan *run;
  struct plan *plan;
  size_t *object; /* its object in PLAN, UNDO_NO_STEP: none yet */
  size_t *first;  /* first and last step for it so far, in the order in which they run */
  size_t *last;
  size_t *refused; /* the step that says what stays of it */
};

/* Objects are called by their names in the destination, files by their path behind them. */
static const char *
label_for(struct builder *builder, const struct plan_object *object)
{
  const char *path = undo_is_in_volume(object) ? strchr(object->label, '/') : NULL;

  if (!path) return NULL;
  return clxs_textf(builder->undo->call, "%s.%s.%s%s", object->names[0], object->names[1], object->names[2],
                    path);
}

static size_t
object_for(struct builder *builder, size_t index)
{
  const struct plan_object *object = &builder->run->objects.at[index];

  if (builder->object[index] == UNDO_NO_STEP)
    builder->object[index] = plan_add_object(builder->plan, object->kind, object->names, object->name_count,
                                             label_for(builder, object));
  return builder->object[index];
}

static void
set_note(struct builder *builder, size_t index, const char *note)
{
  size_t object = object_for(builder, index);

  builder->plan->objects.at[object].note = arena_strdup(builder->plan->arena, note);
}

static const char *
kind_word(const char *kind)
{
  static const char *const words[][2] = {{"catalog", "CATALOG"},   {"schema", "SCHEMA"},
                                         {"table", "TABLE"},       {"view", "VIEW"},
                                         {"function", "FUNCTION"}, {"volume", "VOLUME"}};

  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (str_eq(kind, words[i][0])) return words[i][1];
  return NULL;
}

static const char *
object_path(struct builder *builder, const struct plan_object *object)
{
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_SQL);

  buf_addf(&path, "/api/2.1/unity-catalog/%ss/", str_eq(object->kind, "view") ? "table" : object->kind);
  for (size_t i = 0; i < object->name_count; i++) {
    if (i) buf_add_char(&path, '.');
    buf_add_url(&path, object->names[i]);
  }
  return arena_strdup(builder->plan->arena, path.data);
}

/* DROP of KIND NAMES for the object of the run's plan INDEX, which waits for what was done for it before. */
static void
add_drop(struct builder *builder, size_t index, const struct plan_object *what, bool whole)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  size_t object = object_for(builder, index), at;
  struct plan_step *step;

  at = plan_add_step(builder->plan, object, arena_printf(builder->plan->arena, "drop %s", what->kind));
  buf_addf(&text, "DROP %s IF EXISTS ", kind_word(what->kind));
  sql_add_names(&text, what->names, what->name_count);
  if (what->name_count < 3) buf_add_text(&text, whole ? " CASCADE" : " RESTRICT");
  step = plan_step(builder->plan, at);
  step->via = PLAN_SQL;
  step->flags = PLAN_IDEMPOTENT;
  step->text = arena_strdup(builder->plan->arena, text.data);
  step->check.how = PLAN_CHECK_GONE;
  step->check.path = object_path(builder, what);
  if (builder->last[index] != UNDO_NO_STEP) plan_add_order(builder->plan, at, builder->last[index]);
  builder->last[index] = at;
}

/* The file or directory that DONE wrote goes. Its path is that of the request. */
static void
add_delete(struct builder *builder, size_t index, const struct plan_step *done)
{
  const char *kind = builder->run->objects.at[index].kind;
  size_t at = plan_add_step(builder->plan, object_for(builder, index),
                            arena_printf(builder->plan->arena, "drop %s", kind));
  struct plan_step *step;

  step = plan_step(builder->plan, at);
  step->via = PLAN_REST;
  step->flags = PLAN_IDEMPOTENT;
  step->method = "DELETE";
  step->path = arena_strdup(builder->plan->arena, done->path);
  step->check.how = PLAN_CHECK_GONE;
  step->check.path = step->path;
  builder->last[index] = at;
}

static void
add_refusal(struct builder *builder, size_t index, const char *problem)
{
  size_t at = plan_add_refusal(builder->plan, object_for(builder, index), PLAN_SKIPPED, NULL, problem);

  builder->refused[index] = at;
}

/* One step that brings the state before DONE back; the caller says by what. */
static struct plan_step *
add_restore_step(struct builder *builder, const struct plan_step *done)
{
  size_t at = plan_add_step(
      builder->plan, object_for(builder, done->object),
      arena_printf(builder->plan->arena, "restore %s", builder->run->objects.at[done->object].kind));

  if (builder->last[done->object] != UNDO_NO_STEP)
    plan_add_order(builder->plan, at, builder->last[done->object]);
  else
    builder->first[done->object] = at;
  builder->last[done->object] = at;
  return plan_step(builder->plan, at);
}

static void
add_restore_sql(struct builder *builder, const struct plan_step *done, const char *text)
{
  struct plan_step *step = add_restore_step(builder, done);

  step->via = PLAN_SQL;
  step->flags = PLAN_IDEMPOTENT | PLAN_TRY_LATE;
  step->text = arena_strdup(builder->plan->arena, text);
  step->catalog = arena_strdup(builder->plan->arena, done->catalog);
  step->schema = arena_strdup(builder->plan->arena, done->schema);
}

static void
add_restore(struct builder *builder, const struct plan_step *done)
{
  const char *text = done->undo.data ? done->undo.data : "{}";
  CLEANUP_JSON struct json_object *data = json_parse(text, strlen(text), NULL, NULL);
  struct json_object *alter = json_get_array(data, "alter");
  const char *statement = json_get_text(data, "statement"), *method = json_get_text(data, "method");
  struct arena *arena = builder->plan->arena;
  struct plan_step *step;

  if (done->undo.prior != PLAN_PRIOR_KNOWN) {
    const char *problem = builder->undo->objects[done->object].problem;

    if (!problem || done != &builder->run->steps.at[builder->undo->objects[done->object].first])
      problem = clxs_textf(builder->undo->call, "how to take back \"%s\" is not known", done->action);
    add_refusal(builder, done->object, problem);
  } else if (json_length(alter) && builder->undo->objects[done->object].now) {
    for (size_t i = 0; i < json_length(alter); i++)
      add_restore_sql(builder, done, json_object_get_string(json_item(alter, i)));
  } else if (statement) {
    add_restore_sql(builder, done, statement);
    if (json_get_text(data, "then")) add_restore_sql(builder, done, json_get_text(data, "then"));
  } else if (method && json_get_text(data, "path")) {
    step = add_restore_step(builder, done);
    step->via = PLAN_REST;
    step->flags = PLAN_IDEMPOTENT;
    step->method = arena_strdup(arena, method);
    step->path = arena_strdup(arena, json_get_text(data, "path"));
    step->body = arena_strdup(arena, json_get_text(data, "body"));
  }
}

/* The schema that every new catalog has goes with the catalog. */
static void
add_bare_schema(struct builder *builder, size_t index)
{
  const struct plan_object *catalog = &builder->run->objects.at[index];
  struct plan_object schema = {
      .kind = "schema", .names = {catalog->names[0], builder->undo->bare_schema}, .name_count = 2};

  if (builder->undo->bare_schema) add_drop(builder, index, &schema, false);
}

static void
add_undo(struct builder *builder, size_t at, bool whole)
{
  const struct plan_step *done = &builder->run->steps.at[at];
  const struct undo_object *it = &builder->undo->objects[done->object];
  const struct plan_object *object = &builder->run->objects.at[done->object];
  bool first = at == it->first;

  switch (it->kind) {
  case UNDO_RESTORE: add_restore(builder, done); return;
  case UNDO_LEAVE:
    if (first) add_refusal(builder, done->object, it->problem);
    return;
  case UNDO_NOTHING:
    if (first && it->note) set_note(builder, done->object, it->note);
    return;
  case UNDO_DROP: break;
  }
  if (!first) return; /* goes with its object */
  if (undo_is_in_volume(object)) {
    add_delete(builder, done->object, done);
    return;
  }
  if (whole && object->name_count > 1) {
    set_note(builder, done->object, "it goes with its catalog");
    return;
  }
  if (object->name_count == 1 && !whole) add_bare_schema(builder, done->object);
  add_drop(builder, done->object, object, whole);
}

/* What was made for others to use goes after them. */
static void
add_needs(struct builder *builder, size_t index)
{
  const struct undo_object *it = &builder->undo->objects[index];
  const size_t mine[] = {builder->last[index], builder->refused[index]};

  if (it->first == UNDO_NO_STEP) return;
  VEC_EACH (&builder->run->steps.at[it->first].after, before) {
    size_t needed = builder->run->steps.at[*before].object;

    if (needed == index || builder->undo->objects[needed].kind != UNDO_DROP) continue;
    if (builder->last[needed] == UNDO_NO_STEP) continue;
    for (size_t i = 0; i < 2; i++)
      if (mine[i] != UNDO_NO_STEP) plan_add_order(builder->plan, builder->last[needed], mine[i]);
  }
}

/* SCHEMA and NAME (or NULL) as Unity Catalog compares them. */
static const char *
key_of(const struct builder *builder, const char *schema, const char *name)
{
  const char *text = clxs_textf(builder->undo->call, "%s%s%s", schema, name ? "." : "", name ? name : "");
  CLEANUP_BUF struct buf key = BUF_INIT(BUF_SQL);

  buf_add_lower(&key, text);
  return clxs_textf(builder->undo->call, "%s", key.data);
}

static bool
is_restored(const struct builder *builder, size_t index, const char *kind)
{
  return builder->undo->objects[index].kind == UNDO_RESTORE && builder->first[index] != UNDO_NO_STEP &&
         str_eq(builder->run->objects.at[index].kind, kind);
}

/* A view takes its columns' types from what it reads, so tables get their old columns back first. */
static void
add_reads(struct builder *builder, size_t index, const struct map *tables)
{
  const struct plan_step *done = &builder->run->steps.at[builder->undo->objects[index].first];
  const char *text = done->undo.data ? done->undo.data : "{}";
  CLEANUP_JSON struct json_object *data = json_parse(text, strlen(text), NULL, NULL);
  const char *query = json_get_text(data, "view_definition");
  struct sqltext_references refs = {0};

  if (query) sqltext_read(builder->plan->arena, query, strlen(query), SQLTEXT_SQL, NULL, &refs);
  for (size_t i = 0; i < refs.count; i++) {
    const struct sqltext_reference *ref = &refs.at[i];
    const char *schema = ref->count > 1 ? ref->parts[ref->count - 2] : done->schema;
    const size_t *table;

    if (ref->kind != SQLTEXT_RELATION || !ref->count || !schema) continue;
    table = map_get(tables, key_of(builder, schema, ref->parts[ref->count - 1]));
    if (table) plan_add_order(builder->plan, builder->first[index], *table);
  }
}

static void
add_all_reads(struct builder *builder)
{
  CLEANUP_MAP struct map *tables = map_new();
  size_t count = builder->run->objects.count;

  for (size_t i = 0; i < count; i++)
    if (is_restored(builder, i, "table"))
      map_set(tables,
              key_of(builder, builder->run->objects.at[i].names[1], builder->run->objects.at[i].names[2]),
              &builder->last[i]);
  for (size_t i = 0; i < count && map_count(tables); i++)
    if (is_restored(builder, i, "view")) add_reads(builder, i, tables);
}

/* A container goes after everything that was in it. */
static void
add_containers(struct builder *builder)
{
  CLEANUP_MAP struct map *schemas = map_new();
  size_t count = builder->run->objects.count, catalog = UNDO_NO_STEP;

  for (size_t i = 0; i < count; i++) {
    const struct plan_object *object = &builder->run->objects.at[i];

    if (builder->undo->objects[i].kind != UNDO_DROP || builder->last[i] == UNDO_NO_STEP) continue;
    if (object->name_count == 1) catalog = i;
    if (object->name_count == 2) map_set(schemas, key_of(builder, object->names[1], NULL), &builder->last[i]);
  }
  for (size_t i = 0; i < count; i++) {
    const struct plan_object *object = &builder->run->objects.at[i];
    size_t *schema =
        object->name_count == 3 ? map_get(schemas, key_of(builder, object->names[1], NULL)) : NULL;

    if (builder->last[i] == UNDO_NO_STEP) continue;
    if (schema) plan_add_order(builder->plan, *schema, builder->last[i]);
    if (catalog != UNDO_NO_STEP && object->name_count == 2)
      plan_add_order(builder->plan, builder->last[catalog], builder->last[i]);
  }
}

struct plan *
undo_plan(struct undo *undo, bool whole)
{
  size_t count = undo->image->plan->objects.count;
  CLEANUP_FREE size_t *object = xcalloc(count + 1, sizeof *object), *last = xcalloc(count + 1, sizeof *last),
                      *first = xcalloc(count + 1, sizeof *first),
                      *refused = xcalloc(count + 1, sizeof *refused);
  struct builder builder = {undo, undo->image->plan, plan_new(), object, first, last, refused};

  for (size_t i = 0; i < count; i++)
    object[i] = first[i] = last[i] = refused[i] = UNDO_NO_STEP;
  for (size_t i = undo->image->plan->steps.count; i-- > 0;)
    if (undo_happened(undo->image, i)) add_undo(&builder, i, whole);
  for (size_t i = 0; i < count; i++)
    add_needs(&builder, i);
  add_all_reads(&builder);
  add_containers(&builder);
  plan_hold_dependents(builder.plan);
  return builder.plan;
}
