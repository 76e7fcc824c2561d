/* SPDX-License-Identifier: Apache-2.0 */
/* Columns, and fields of structs that are looked at as columns. What can be asked about one is decided by its
 * type, read as a tree and never by looking for words in it. */
#include "base/buf.h"
#include "base/str.h"
#include "kit/delta/type.h"
#include "kit/sqltext/quote.h"
#include "profile.h"

#include "base/banned.h"

static unsigned
simple_kind(const char *text)
{
  static const struct {
    const char *name;
    unsigned kind;
  } kinds[] = {
      {"tinyint", PROFILE_INTEGER},
      {"smallint", PROFILE_INTEGER},
      {"int", PROFILE_INTEGER},
      {"bigint", PROFILE_INTEGER},
      {"float", PROFILE_FLOAT},
      {"double", PROFILE_FLOAT},
      {"decimal", PROFILE_DECIMAL},
      {"string", PROFILE_TEXT},
      {"varchar", PROFILE_TEXT},
      {"char", PROFILE_TEXT},
      {"date", PROFILE_DATE},
      {"timestamp", PROFILE_TIMESTAMP},
      {"boolean", PROFILE_BOOLEAN},
      {"binary", PROFILE_BINARY},
      {"byte", PROFILE_INTEGER},
      {"short", PROFILE_INTEGER},
      {"integer", PROFILE_INTEGER},
      {"long", PROFILE_INTEGER},
      {"real", PROFILE_FLOAT},
      {"dec", PROFILE_DECIMAL},
      {"numeric", PROFILE_DECIMAL},
      {"timestamp_ltz", PROFILE_TIMESTAMP},
      {"timestamp_ntz", PROFILE_LOCAL_TIME},
  };
  size_t length = strcspn(text, "( "); /* decimal(10,2); string collate unicode */

  for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
    if (strlen(kinds[i].name) == length && str_ieqn(kinds[i].name, text, length)) return kinds[i].kind;
  return PROFILE_OTHER;
}

static unsigned
kind_of(const struct delta_type *type)
{
  switch (type->shape) {
  case DELTA_ARRAY: return PROFILE_ARRAY;
  case DELTA_MAP: return PROFILE_MAP;
  case DELTA_STRUCT: return PROFILE_STRUCT;
  case DELTA_SIMPLE: break;
  }
  return simple_kind(type->text);
}

/* PREFIX is the expression of the struct that it is a field of, and NAME its display; NULL for a column. */
static void
add(struct profile *profile, struct profile_table *table, const char *prefix, const char *display,
    const char *name, const struct delta_type *type, int64_t depth)
{
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_SQL);
  struct profile_column *column = VEC_ADD(&table->columns);
  const char *expression, *full = prefix ? arena_printf(profile->arena, "%s.%s", display, name) : name;

  if (prefix) buf_addf(&sql, "%s.", prefix);
  sql_add_name(&sql, name);
  expression = arena_strdup(profile->arena, sql.data);
  *column =
      (struct profile_column){.name = full, .sql = expression, .type = type->text, .kind = kind_of(type)};
  if (type->shape != DELTA_STRUCT || depth <= 0) return;
  for (uint32_t i = 0; i < type->count; i++)
    add(profile, table, expression, full, type->fields[i].name, type->fields[i].type, depth - 1);
}

static bool
is_wanted(const struct profile *profile, const char *name)
{
  uint32_t count = profile->call->core->arg_count(profile->call, "columns");

  for (uint32_t i = 0; i < count; i++)
    if (utf8_ieq(profile->call->core->arg_text(profile->call, "columns", i), name)) return true;
  return count == 0;
}

void
profile_add_columns(struct profile *profile, struct profile_table *table)
{
  for (uint32_t i = 0; i < table->table->column_count; i++) {
    const struct model_column *column = &table->table->columns[i];
    const struct delta_type *type =
        delta_type_read(profile->arena, column->type_text ? column->type_text : "", NULL);

    if (is_wanted(profile, column->name)) add(profile, table, NULL, NULL, column->name, type, profile->depth);
  }
}
