/* SPDX-License-Identifier: Apache-2.0 */
/* The drift as a plan of ALTER TABLE statements: the tables of one side get the columns of the other. Changes
 * of one table follow each other, tables go in parallel. What ALTER TABLE cannot do is a refusal with its
 * reason. https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-alter-table-manage-column.html
 */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "drift.h"
#include "kit/plan/plan.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

#define NO_STEP SIZE_MAX
#define WIDENING "delta.enableTypeWidening"
#define DEFAULTS "delta.feature.allowColumnDefaults"

/* The table that is being changed, and what it shall be like. */
struct altering {
  struct drift *drift;
  struct plan *plan;
  const struct model_table *table, *wanted;
  const char *names[3];
  size_t object;
  size_t last;                           /* the step before, or NO_STEP */
  bool drop_removed, widening, defaults; /* these features are on, or will be */
};

static void
add_table_name(const struct altering *at, struct buf *sql)
{
  buf_add_text(sql, "ALTER TABLE ");
  sql_add_names(sql, at->names, 3);
}

/* `column`.`field`: ITEM is the path inside the type, or NULL. */
static void
add_path(struct buf *sql, const char *column, const char *item)
{
  sql_add_name(sql, column);
  while (item && *item) {
    size_t length = strcspn(item, ".");
    CLEANUP_BUF struct buf part = BUF_INIT(BUF_SQL);

    buf_add(&part, item, length);
    buf_add_char(sql, '.');
    sql_add_name(sql, part.data);
    item += length + (item[length] == '.');
  }
}

static void
add_step(struct altering *at, const char *action, const char *words, const char *undo)
{
  struct plan *plan = at->plan;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL), data = BUF_INIT(BUF_LARGE);
  size_t index = plan_add_step(plan, at->object, action);
  struct plan_step *step = plan_step(plan, index);

  add_table_name(at, &text);
  buf_addf(&text, " %s", words);
  step->via = PLAN_SQL;
  step->text = arena_strdup(plan->arena, text.data);
  if (undo) {
    CLEANUP_BUF struct buf back = BUF_INIT(BUF_SQL);

    add_table_name(at, &back);
    buf_addf(&back, " %s", undo);
    buf_add_text(&data, "{\"alter\":[");
    buf_add_json(&data, back.data);
    buf_add_text(&data, "]}");
    step->undo.prior = PLAN_PRIOR_KNOWN;
    step->undo.data = arena_strdup(plan->arena, data.data);
  }
  if (at->last != NO_STEP) plan_add_order(plan, index, at->last);
  at->last = index;
}

/* "ALTER COLUMN path WORDS" */
static const char *
on_column(struct altering *at, const struct delta_difference *difference, const char *words)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "ALTER COLUMN ");
  add_path(&text, difference->column, difference->item);
  buf_addf(&text, " %s", words);
  return arena_strdup(at->plan->arena, text.data);
}

static void
refuse(struct altering *at, const struct delta_difference *difference, const char *reason)
{
  const char *what = difference->column
                         ? arena_printf(at->plan->arena, "column %s%s%s", difference->column,
                                        difference->item ? "." : "", difference->item ? difference->item : "")
                         : delta_field_name(difference->field);

  plan_add_refusal(at->plan, at->object, PLAN_REFUSED, NULL,
                   arena_printf(at->plan->arena, "%s: %s", what, reason));
}

static void
enable(struct altering *at, const char *key, const char *value, const char *action)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "SET TBLPROPERTIES (");
  sql_add_literal(&text, key);
  buf_add_text(&text, " = ");
  sql_add_literal(&text, value);
  buf_add_char(&text, ')');
  add_step(at, action, text.data, NULL);
}

static const struct model_column *
find_column(const struct model_table *table, const char *name, uint32_t *place)
{
  for (uint32_t i = 0; i < table->column_count; i++)
    if (utf8_ieq(table->columns[i].name, name)) {
      if (place) *place = i;
      return &table->columns[i];
    }
  return NULL;
}

static void
add_default(struct altering *at, const struct delta_difference *difference, const char *expression,
            const char *before)
{
  const char *words = arena_printf(at->plan->arena, "SET DEFAULT %s", expression);
  const char *undo = before ? arena_printf(at->plan->arena, "SET DEFAULT %s", before) : "DROP DEFAULT";

  if (!at->defaults) enable(at, DEFAULTS, "supported", "enable defaults");
  at->defaults = true;
  add_step(at, "set default", on_column(at, difference, words), on_column(at, difference, undo));
}

/* ALTER TABLE cannot make such a column. */
static const char *
special_problem(const struct model_column *column)
{
  if (!column->type_json) return NULL;
  if (strstr(column->type_json, "delta.generationExpression"))
    return "a generated column cannot be added to a table that exists";
  if (strstr(column->type_json, "delta.identity."))
    return "an identity column cannot be added to a table that exists";
  return NULL;
}

/* Behind which column it stands in the wanted table, among those that are there by then. */
static void
add_place(struct altering *at, struct buf *text, uint32_t place)
{
  while (place > 0 && !find_column(at->table, at->wanted->columns[place - 1].name, NULL) &&
         special_problem(&at->wanted->columns[place - 1]))
    place--;
  if (place == 0) {
    buf_add_text(text, " FIRST");
    return;
  }
  buf_add_text(text, " AFTER ");
  sql_add_name(text, at->wanted->columns[place - 1].name);
}

/* What a new column has beside its type. */
static void
finish_column(struct altering *at, const struct delta_difference *difference,
              const struct model_column *wanted)
{
  CLEANUP_JSON struct json_object *json =
      wanted->type_json ? json_parse(wanted->type_json, strlen(wanted->type_json), NULL, NULL) : NULL;
  struct json_object *metadata = json_get_object(json, "metadata");
  const char *expression = json_get_text(metadata, "CURRENT_DEFAULT");

  if (expression) add_default(at, difference, expression, NULL);
  if (wanted->not_null)
    refuse(at, difference,
           "a column cannot be added with NOT NULL to a table that has rows; give it values, then "
           "ALTER COLUMN ... SET NOT NULL");
}

/* https://docs.databricks.com/delta/column-mapping.html */
static bool
maps_columns(const struct model_table *table)
{
  const char *mode = model_property(table, "delta.columnMapping.mode");

  return str_ieq(mode, "name") || str_ieq(mode, "id");
}

static void
add_column(struct altering *at, const struct delta_difference *difference)
{
  uint32_t place = 0;
  const struct model_column *wanted = find_column(at->wanted, difference->column, &place);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL), undo = BUF_INIT(BUF_SQL);

  if (!difference->item && wanted && special_problem(wanted)) {
    refuse(at, difference, special_problem(wanted));
    return;
  }
  buf_add_text(&text, "ADD COLUMNS (");
  add_path(&text, difference->column, difference->item);
  buf_addf(&text, " %s", difference->new_value);
  if (!difference->item && wanted && wanted->comment) {
    buf_add_text(&text, " COMMENT ");
    sql_add_literal(&text, wanted->comment);
  }
  if (!difference->item) add_place(at, &text, place);
  buf_add_char(&text, ')');
  buf_add_text(&undo, "DROP COLUMN ");
  add_path(&undo, difference->column, difference->item);
  /* Without column mapping it cannot go again. */
  add_step(at, "add column", text.data, maps_columns(at->table) ? undo.data : NULL);
  if (!difference->item && wanted) finish_column(at, difference, wanted);
}

static void
drop_column(struct altering *at, const struct delta_difference *difference)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  if (!at->drop_removed) {
    plan_add_refusal(at->plan, at->object, PLAN_SKIPPED, NULL,
                     arena_printf(at->plan->arena, "column %s%s%s is not dropped without --drop-removed",
                                  difference->column, difference->item ? "." : "",
                                  difference->item ? difference->item : ""));
    return;
  }
  if (!maps_columns(at->table)) {
    refuse(at, difference,
           "dropping a column takes column mapping: set delta.columnMapping.mode to name first");
    return;
  }
  buf_add_text(&text, "DROP COLUMN ");
  add_path(&text, difference->column, difference->item);
  add_step(at, "drop column", text.data, NULL);
}

static bool
is_text_type(const char *type)
{
  return str_eq(type, "string") || str_starts(type, "varchar") || str_starts(type, "char");
}

static void
change_type(struct altering *at, const struct delta_difference *difference)
{
  const char *words = arena_printf(at->plan->arena, "TYPE %s", difference->new_value);

  if (!drift_widens(difference->old_value, difference->new_value)) {
    refuse(at, difference,
           arena_printf(at->plan->arena, "%s cannot become %s in place; clone the table anew",
                        difference->old_value, difference->new_value));
    return;
  }
  if (!at->widening && !is_text_type(difference->old_value)) {
    enable(at, WIDENING, "true", "enable type widening");
    at->widening = true;
  }
  add_step(at, "change type", on_column(at, difference, words), NULL);
}

static void
change_comment(struct altering *at, const struct delta_difference *difference)
{
  CLEANUP_BUF struct buf words = BUF_INIT(BUF_SQL), undo = BUF_INIT(BUF_SQL);

  if (!difference->column) return; /* of the table itself: clone copies it */
  buf_add_text(&words, "COMMENT ");
  sql_add_literal(&words, difference->new_value ? difference->new_value : "");
  buf_add_text(&undo, "COMMENT ");
  sql_add_literal(&undo, difference->old_value ? difference->old_value : "");
  add_step(at, "comment on column", on_column(at, difference, words.data),
           on_column(at, difference, undo.data));
}

static void
move_column(struct altering *at, const struct delta_difference *difference)
{
  CLEANUP_BUF struct buf words = BUF_INIT(BUF_SQL), undo = BUF_INIT(BUF_SQL);
  uint32_t place = 0, before = 0;

  if (!difference->column || difference->item || !find_column(at->wanted, difference->column, &place) ||
      !find_column(at->table, difference->column, &before)) {
    refuse(at, difference, "the order of fields inside of a type cannot be changed in place");
    return;
  }
  add_place(at, &words, place);
  buf_add_text(&undo, before ? " AFTER " : " FIRST");
  if (before) sql_add_name(&undo, at->table->columns[before - 1].name);
  add_step(at, "move column", on_column(at, difference, words.data + 1),
           on_column(at, difference, undo.data + 1));
}

static void
add_change(struct altering *at, const struct delta_difference *difference)
{
  bool gone = !difference->new_value;

  switch (difference->field) {
  case DELTA_COLUMN:
    if (difference->change == DELTA_ADDED)
      add_column(at, difference);
    else
      drop_column(at, difference);
    return;
  case DELTA_TYPE: change_type(at, difference); return;
  case DELTA_COMMENT: change_comment(at, difference); return;
  case DELTA_POSITION: move_column(at, difference); return;
  case DELTA_NULLABLE:
    add_step(
        at, gone || str_eq(difference->new_value, "NULL") ? "allow NULL" : "demand values",
        on_column(at, difference, str_eq(difference->new_value, "NULL") ? "DROP NOT NULL" : "SET NOT NULL"),
        on_column(at, difference, str_eq(difference->new_value, "NULL") ? "SET NOT NULL" : "DROP NOT NULL"));
    return;
  case DELTA_DEFAULT:
    if (!gone)
      add_default(at, difference, difference->new_value, difference->old_value);
    else
      add_step(
          at, "drop default", on_column(at, difference, "DROP DEFAULT"),
          on_column(at, difference, arena_printf(at->plan->arena, "SET DEFAULT %s", difference->old_value)));
    return;
  case DELTA_CHECK:
    refuse(at, difference, "CHECK constraints are not a matter of columns; `clxs clone` copies them");
    return;
  case DELTA_PARTITIONING:
  case DELTA_CLUSTERING:
    refuse(at, difference, "how rows are laid out is not changed in place; clone the table anew");
    return;
  default: refuse(at, difference, "it cannot be changed in place; clone the table anew"); return;
  }
}

/* New columns name the ones before them, so additions come in the order of the wanted table, which is theirs
 * in the delta; drops last, when nothing stands behind what goes. */
static void
add_table(struct drift *drift, struct plan *plan, size_t first, size_t end, bool drop_removed)
{
  const struct delta_difference *begin = &drift->delta.differences.at[first];
  struct altering at = {
      .drift = drift,
      .plan = plan,
      .table = model_find_table(model_find_schema(drift->sides[0].model, begin->schema), begin->object),
      .wanted = model_find_table(model_find_schema(drift->sides[1].model, begin->schema), begin->object),
      .last = NO_STEP,
      .drop_removed = drop_removed};
  const char *names[] = {drift->sides[0].model->item.name, begin->schema, begin->object};

  memcpy(at.names, names, sizeof at.names);
  at.object = plan_add_object(plan, begin->object ? "table" : "schema", names, begin->object ? 3 : 2, NULL);
  if (!at.table || !at.wanted) {
    plan_add_refusal(plan, at.object, PLAN_SKIPPED, NULL,
                     at.wanted || begin->change == DELTA_ADDED
                         ? "it is not there; `clxs clone` makes it"
                         : "the source has it no longer; nothing is dropped");
    return;
  }
  at.widening = str_ieq(model_property(at.table, WIDENING), "true");
  at.defaults = model_property(at.table, DEFAULTS) != NULL;
  for (int drops = 0; drops < 2; drops++)
    for (size_t i = first; i < end; i++) {
      const struct delta_difference *difference = &drift->delta.differences.at[i];
      bool drop = difference->field == DELTA_COLUMN && difference->change == DELTA_REMOVED;

      if (drop == (drops == 1)) add_change(&at, difference);
    }
}

struct plan *
drift_plan(struct drift *drift, bool drop_removed)
{
  struct plan *plan = plan_new();

  for (size_t first = 0; first < drift->delta.differences.count;) {
    size_t end = drift_table_end(drift, first);

    add_table(drift, plan, first, end, drop_removed);
    first = end;
  }
  plan_hold_dependents(plan);
  return plan;
}
