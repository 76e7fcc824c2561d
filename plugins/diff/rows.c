/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the tables that both sides have: which columns make up their contents, counting them, and what the
 * figures say. What is not known is never taken for equal. */
#include "base/cleanup.h"
#include "base/str.h"
#include "compare.h"
#include "kit/delta/type.h"
#include "kit/model/filter.h"

#include "base/banned.h"

static const struct model_column *
find_column(const struct model_table *table, const char *name)
{
  for (uint32_t i = 0; i < table->column_count; i++)
    if (utf8_ieq(table->columns[i].name, name)) return &table->columns[i];
  return NULL;
}

static bool
is_chosen(const struct compare *compare, const char *name)
{
  if (!compare->columns.count) return true;
  for (size_t i = 0; i < compare->columns.count; i++)
    if (utf8_ieq(compare->columns.at[i], name)) return true;
  return false;
}

static bool
same_type(struct compare *compare, const struct model_column *a, const struct model_column *b)
{
  struct arena *arena = compare->diff.arena;

  if (!a->type_text || !b->type_text) return false;
  return str_eq(delta_type_read(arena, a->type_text, NULL)->text,
                delta_type_read(arena, b->type_text, NULL)->text);
}

/* The columns that both tables have with the same type, in the source's order: the definition already tells
 * of the others. A column that may be NULL on one side is hashed as such on both. */
static void
choose_columns(struct compare *compare, struct compare_table *table)
{
  const struct model_table *source = table->source;
  struct model_column *list = arena_array(compare->diff.arena, source->column_count + 1, sizeof *list);

  for (uint32_t i = 0; i < source->column_count; i++) {
    const struct model_column *mine = &source->columns[i], *other = find_column(table->dest, mine->name);

    if (!is_chosen(compare, mine->name)) continue;
    if (!other || !same_type(compare, mine, other)) {
      table->left_out++;
      continue;
    }
    list[table->column_count] = *mine;
    list[table->column_count++].not_null = mine->not_null && other->not_null;
  }
  table->columns = list;
}

static void
add_counts(struct compare *compare, struct compare_table *table)
{
  const struct model_table *sides[] = {table->source, table->dest};
  const char *schemas[] = {table->source_schema, table->dest_schema};

  table->counts = compare->counts.count;
  for (size_t i = 0; i < ARRAY_SIZE(sides); i++)
    *VEC_ADD(&compare->counts) = (struct count_table){.catalog = compare->diff.sides[i].model->item.name,
                                                      .schema = schemas[i],
                                                      .name = sides[i]->item.name,
                                                      .columns = table->columns,
                                                      .column_count = table->column_count};
}

static void
add_table(struct compare *compare, const struct model_schema *from, const struct model_table *source,
          const struct model_schema *to, const struct model_table *dest)
{
  struct compare_table *table = VEC_ADD(&compare->tables);

  table->source_schema = from->item.name;
  table->dest_schema = to->item.name;
  table->source = source;
  table->dest = dest;
  table->counts = COMPARE_NO_COUNT;
  if (model_is_protected(source) || model_is_protected(dest)) {
    table->reason =
        "a row filter or column mask decides what you see of it, so what it holds cannot be compared";
    return;
  }
  choose_columns(compare, table);
  add_counts(compare, table);
}

void
compare_list_tables(struct compare *compare)
{
  const struct model_catalog *from = compare->diff.sides[0].model, *to = compare->diff.sides[1].model;

  VEC_EACH (&from->schemas, schema) {
    const struct model_schema *other = model_find_schema(to, schema->item.name);

    VEC_EACH (&schema->tables, table) {
      const struct model_table *dest = model_find_table(other, table->item.name);

      if (!dest || !filter_object(compare->diff.filter, table->item.name)) continue;
      if (delta_table_kind(table) == DELTA_TABLE && delta_table_kind(dest) == DELTA_TABLE)
        add_table(compare, schema, table, other, dest);
    }
  }
}

static void
judge(struct compare *compare, struct compare_table *table)
{
  const struct count_table *source, *dest;

  table->verdict = COMPARE_UNKNOWN;
  table->unknown_side = DELTA_IN_BOTH;
  if (table->counts == COMPARE_NO_COUNT) return;
  source = &compare->counts.at[table->counts];
  dest = source + 1;
  if (!source->known || !dest->known) {
    table->unknown_side = source->known ? DELTA_IN_DEST : dest->known ? DELTA_IN_SOURCE : DELTA_IN_BOTH;
    table->reason = source->known ? dest->problem : source->problem;
  } else if (source->rows != dest->rows) {
    table->verdict = COMPARE_DIFFERENT;
  } else if (!compare->checksum || (compare->columns.count && !table->column_count)) {
    table->verdict = COMPARE_EQUAL;
  } else if (!table->column_count) {
    table->reason = "the two have no column of the same name and type";
  } else if (!source->checksum || !dest->checksum) {
    table->reason = source->checksum ? dest->problem : source->problem;
    if (!table->reason) table->reason = "the service gave no checksum";
  } else {
    table->verdict = str_eq(source->checksum, dest->checksum) ? COMPARE_EQUAL : COMPARE_DIFFERENT;
  }
}

clxs_status
compare_count(struct compare *compare)
{
  const struct count_options options = {.checksum = compare->checksum,
                                        .batch = compare->batch,
                                        .width = compare->diff.width,
                                        .progress = "Comparing rows"};
  clxs_status status = count_tables(compare->diff.call, compare->diff.arena, compare->counts.at,
                                    compare->counts.count, &options);

  if (status < 0) return status;
  VEC_EACH (&compare->tables, table) {
    judge(compare, table);
    compare->verdicts[table->verdict]++;
  }
  return CLXS_OK;
}

/* The tables come in the order in which they were listed. */
void
compare_note_rows(void *data, struct comparing *at, const struct model_table *source)
{
  struct compare *compare = data;
  const struct compare_table *table;
  const struct count_table *mine, *other;
  struct arena *arena = compare->diff.arena;

  while (compare->next < compare->tables.count && compare->tables.at[compare->next].source != source)
    compare->next++;
  if (compare->next == compare->tables.count) {
    compare->next = 0;
    return;
  }
  table = &compare->tables.at[compare->next++];
  if (table->verdict == COMPARE_UNKNOWN)
    delta_note_unknown(at, DELTA_ROWS, table->unknown_side, table->reason);
  if (table->verdict != COMPARE_DIFFERENT) return;
  mine = &compare->counts.at[table->counts];
  other = mine + 1;
  if (mine->rows != other->rows)
    delta_note(at, DELTA_ROWS, NULL, arena_printf(arena, "%lld", (long long)mine->rows),
               arena_printf(arena, "%lld", (long long)other->rows));
  else
    delta_note(at, DELTA_CONTENTS, NULL, mine->checksum, other->checksum);
}
