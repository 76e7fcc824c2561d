/* SPDX-License-Identifier: Apache-2.0 */
/* Columns: matched by name without case; then their types down to the fields inside, and what else is said of
 * them. What stands at another place than before is found by the longest run of columns that kept their
 * order, so that one moved column is one difference. */
#include "base/cleanup.h"
#include "kit/delta/internal.h"
#include "kit/delta/type.h"

#include "base/banned.h"

/* The index of the column called NAME; it most often stands where it stood. -1: there is none. */
static int64_t
find_column(const struct model_table *table, const char *name, uint32_t guess)
{
  if (guess < table->column_count && utf8_ieq(table->columns[guess].name, name)) return guess;
  for (uint32_t i = 0; i < table->column_count; i++)
    if (utf8_ieq(table->columns[i].name, name)) return i;
  return -1;
}

static const struct delta_type_field *
find_field(const struct delta_type *type, const char *name)
{
  for (uint32_t i = 0; i < type->count; i++)
    if (utf8_ieq(type->fields[i].name, name)) return &type->fields[i];
  return NULL;
}

static const char *
null_word(bool not_null)
{
  return not_null ? "NOT NULL" : "NULL";
}

static const char *
path_of(struct comparing *at, const char *path, const char *name)
{
  return path ? arena_printf(at->arena, "%s.%s", path, name) : name;
}

static void compare_types(struct comparing *at, const char *path, const struct delta_type *source,
                          const struct delta_type *dest);

static void
compare_fields(struct comparing *at, const char *path, const struct delta_type_field *source,
               const struct delta_type_field *dest)
{
  if (source->not_null != dest->not_null)
    delta_note(at, DELTA_NULLABLE, path, null_word(source->not_null), null_word(dest->not_null));
  if (!str_eq(source->comment, dest->comment))
    delta_note(at, DELTA_COMMENT, path, source->comment, dest->comment);
  compare_types(at, path, source->type, dest->type);
}

static bool
is_in_order(const struct delta_type *source, const struct delta_type *dest)
{
  uint32_t k = 0;

  for (uint32_t i = 0; i < source->count; i++) {
    if (!find_field(dest, source->fields[i].name)) continue;
    while (k < dest->count && !find_field(source, dest->fields[k].name))
      k++;
    if (k >= dest->count || !utf8_ieq(source->fields[i].name, dest->fields[k++].name)) return false;
  }
  return true;
}

static void
compare_types(struct comparing *at, const char *path, const struct delta_type *source,
              const struct delta_type *dest)
{
  if (source->shape != dest->shape || source->shape == DELTA_SIMPLE) {
    if (!str_eq(source->text, dest->text)) delta_note(at, DELTA_TYPE, path, source->text, dest->text);
    return;
  }
  for (uint32_t i = 0; i < source->count; i++) {
    const struct delta_type_field *mine = &source->fields[i], *other = find_field(dest, mine->name);
    const char *inner = path_of(at, path, mine->name);

    if (other)
      compare_fields(at, inner, mine, other);
    else
      delta_note(at, DELTA_COLUMN, inner, mine->type->text, NULL);
  }
  for (uint32_t i = 0; i < dest->count; i++)
    if (!find_field(source, dest->fields[i].name))
      delta_note(at, DELTA_COLUMN, path_of(at, path, dest->fields[i].name), NULL, dest->fields[i].type->text);
  if (!is_in_order(source, dest)) delta_note(at, DELTA_POSITION, path, source->text, dest->text);
}

static void
compare_column_types(struct comparing *at, const struct model_column *source, const struct model_column *dest)
{
  const char *mine = source->type_text ? source->type_text : "",
             *other = dest->type_text ? dest->type_text : "";
  uint64_t mark = arena_mark(at->arena);
  size_t before = at->delta->differences.count;

  if (str_eq(mine, other) && str_eq(source->type_json, dest->type_json)) return;
  compare_types(at, NULL, delta_type_read(at->arena, mine, source->type_json),
                delta_type_read(at->arena, other, dest->type_json));
  if (at->delta->differences.count == before) arena_release(at->arena, mark);
}

/* ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1); how far it has counted is not its definition. */
static const char *
identity_text(struct comparing *at, struct json_object *metadata)
{
  const char *start = json_get_text(metadata, "delta.identity.start");

  if (!start) return NULL;
  return arena_printf(
      at->arena, "%s AS IDENTITY (START WITH %s INCREMENT BY %s)",
      json_get_bool(metadata, "delta.identity.allowExplicitInsert", false) ? "BY DEFAULT" : "ALWAYS", start,
      json_get_text(metadata, "delta.identity.step") ? json_get_text(metadata, "delta.identity.step") : "1");
}

static void
compare_expression(struct comparing *at, enum delta_field field, const char *key, struct json_object *source,
                   struct json_object *dest)
{
  const char *mine = arena_strdup(at->arena, json_get_text(source, key)),
             *other = arena_strdup(at->arena, json_get_text(dest, key));

  if (!same_expression(at, mine, other)) delta_note(at, field, NULL, mine, other);
}

/* What Delta keeps beside the type. */
static void
compare_metadata(struct comparing *at, const char *source, const char *dest)
{
  CLEANUP_JSON struct json_object *from = source ? json_parse(source, strlen(source), NULL, NULL) : NULL;
  CLEANUP_JSON struct json_object *to = dest ? json_parse(dest, strlen(dest), NULL, NULL) : NULL;
  struct json_object *mine = json_get_object(from, "metadata"), *other = json_get_object(to, "metadata");

  compare_expression(at, DELTA_DEFAULT, "CURRENT_DEFAULT", mine, other);
  compare_expression(at, DELTA_GENERATED, "delta.generationExpression", mine, other);
  compare_text(at, DELTA_IDENTITY, identity_text(at, mine), identity_text(at, other));
}

static const char *
said(const char *comment)
{
  return comment && *comment ? comment : NULL;
}

static void
compare_pair(struct comparing *at, const struct model_column *source, const struct model_column *dest)
{
  compare_column_types(at, source, dest);
  if (source->not_null != dest->not_null)
    delta_note(at, DELTA_NULLABLE, NULL, null_word(source->not_null), null_word(dest->not_null));
  compare_text(at, DELTA_COMMENT, said(source->comment), said(dest->comment));
  compare_policy(at, DELTA_MASK, source->mask, dest->mask);
  if (!str_eq(source->type_json, dest->type_json)) compare_metadata(at, source->type_json, dest->type_json);
}

/* Of COUNT different numbers, mark those outside of a longest rising run. */
static void
mark_moved(const int64_t *at, uint32_t count, bool *moved)
{
  CLEANUP_FREE uint32_t *length = xcalloc(count + 1, sizeof *length);
  uint32_t best = 0;
  int64_t limit = INT64_MAX;

  for (uint32_t i = 0; i < count; i++) {
    length[i] = 1;
    for (uint32_t k = 0; k < i; k++)
      if (at[k] < at[i] && length[k] + 1 > length[i]) length[i] = length[k] + 1;
    if (length[i] > best) best = length[i];
  }
  for (uint32_t i = count; i-- > 0;) {
    moved[i] = !(best && length[i] == best && at[i] < limit);
    if (moved[i]) continue;
    limit = at[i];
    best--;
  }
}

static void
compare_positions(struct comparing *at, const struct model_table *source, const int64_t *indexes)
{
  uint32_t count = 0;
  CLEANUP_FREE int64_t *there = xcalloc(source->column_count + 1, sizeof *there);
  CLEANUP_FREE uint32_t *here = xcalloc(source->column_count + 1, sizeof *here);
  CLEANUP_FREE bool *moved = xcalloc(source->column_count + 1, sizeof *moved);
  bool rising = true;

  for (uint32_t i = 0; i < source->column_count; i++) {
    if (indexes[i] < 0) continue;
    rising = rising && (!count || there[count - 1] < indexes[i]);
    here[count] = i;
    there[count++] = indexes[i];
  }
  if (rising) return;
  mark_moved(there, count, moved);
  for (uint32_t i = 0; i < count; i++) {
    if (!moved[i]) continue;
    at->column = source->columns[here[i]].name;
    delta_note(at, DELTA_POSITION, NULL, arena_printf(at->arena, "%u", here[i] + 1),
               arena_printf(at->arena, "%lld", (long long)there[i] + 1));
  }
}

void
compare_columns(struct comparing *at, const struct model_table *source, const struct model_table *dest)
{
  CLEANUP_FREE int64_t *indexes = xcalloc(source->column_count + 1, sizeof *indexes);

  for (uint32_t i = 0; i < source->column_count; i++) {
    const struct model_column *mine = &source->columns[i];

    at->column = mine->name;
    indexes[i] = find_column(dest, mine->name, i);
    if (indexes[i] < 0) {
      delta_note(at, DELTA_COLUMN, NULL, mine->type_text ? mine->type_text : "", NULL);
      continue;
    }
    compare_pair(at, mine, &dest->columns[indexes[i]]);
    compare_column_tags(at, &source->item, &dest->item);
  }
  for (uint32_t i = 0; i < dest->column_count; i++) {
    const struct model_column *other = &dest->columns[i];

    at->column = other->name;
    if (find_column(source, other->name, i) < 0)
      delta_note(at, DELTA_COLUMN, NULL, NULL, other->type_text ? other->type_text : "");
  }
  compare_positions(at, source, indexes);
  at->column = NULL;
}
