/* SPDX-License-Identifier: Apache-2.0 */
/* Functions: signature, body, promises.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-sql-function.html */
#include "base/buf.h"
#include "kit/delta/internal.h"
#include "kit/delta/type.h"

#include "base/banned.h"

static const char *
type_text(struct comparing *at, const char *text)
{
  return text ? delta_type_read(at->arena, text, NULL)->text : NULL;
}

/* decimal(4,2) DEFAULT 0.19 COMMENT 'rate' */
static const char *
parameter_text(struct comparing *at, const struct model_parameter *parameter)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  const char *type = parameter ? type_text(at, parameter->type_text) : NULL;

  if (!parameter) return NULL;
  buf_add_text(&text, type ? type : "");
  if (parameter->default_value) buf_addf(&text, " DEFAULT %s", parameter->default_value);
  if (parameter->comment && *parameter->comment) buf_addf(&text, " COMMENT '%s'", parameter->comment);
  return arena_strdup(at->arena, text.data);
}

struct parameters {
  const struct model_parameter *at;
  uint32_t count;
};

static const struct model_parameter *
find_parameter(struct parameters list, const char *name)
{
  for (uint32_t i = 0; name && i < list.count; i++)
    if (list.at[i].name && utf8_ieq(list.at[i].name, name)) return &list.at[i];
  return NULL;
}

static const char *
names_text(struct comparing *at, struct parameters list)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  for (uint32_t i = 0; i < list.count; i++)
    buf_addf(&text, "%s%s", i ? ", " : "", list.at[i].name ? list.at[i].name : "");
  return arena_strdup(at->arena, text.data);
}

/* The same names in another order are another signature. */
static bool
is_reordered(struct parameters source, struct parameters dest)
{
  bool moved = false;

  if (source.count != dest.count) return false;
  for (uint32_t i = 0; i < source.count; i++) {
    if (!find_parameter(dest, source.at[i].name)) return false;
    moved = moved || !dest.at[i].name || !utf8_ieq(source.at[i].name, dest.at[i].name);
  }
  return moved;
}

static void
compare_parameters(struct comparing *at, enum delta_field field, struct parameters source,
                   struct parameters dest)
{
  for (uint32_t i = 0; i < source.count; i++) {
    const struct model_parameter *other = find_parameter(dest, source.at[i].name);
    const char *mine = parameter_text(at, &source.at[i]), *theirs = parameter_text(at, other);

    if (!str_eq(mine, theirs)) delta_note(at, field, source.at[i].name, mine, theirs);
  }
  for (uint32_t i = 0; i < dest.count; i++)
    if (!find_parameter(source, dest.at[i].name))
      delta_note(at, field, dest.at[i].name, NULL, parameter_text(at, &dest.at[i]));
  if (is_reordered(source, dest)) delta_note(at, field, NULL, names_text(at, source), names_text(at, dest));
}

static const char *
language_of(const struct model_function *function)
{
  if (function->language && *function->language) return function->language;
  return str_eq(function->body, "EXTERNAL") ? NULL : "SQL";
}

static bool
is_sql(const struct model_function *function)
{
  return str_ieq(language_of(function), "SQL");
}

static bool
same_definition(struct comparing *at, const struct model_function *source, const struct model_function *dest)
{
  if (!source->definition || !dest->definition) return source->definition == dest->definition;
  if (is_sql(source) && is_sql(dest)) return same_body(at, source->definition, dest->definition);
  return str_eq_trimmed(source->definition, dest->definition);
}

static const char *
deterministic_word(const struct model_function *function)
{
  return function->deterministic < 0 ? NULL : function->deterministic ? "DETERMINISTIC" : "NOT DETERMINISTIC";
}

static void
compare_returns(struct comparing *at, const struct model_function *source, const struct model_function *dest)
{
  const char *mine = type_text(at, source->full_data_type), *other = type_text(at, dest->full_data_type);

  /* A table function's type is a list of its columns, which are compared one by one. */
  if (source->return_count && dest->return_count)
    compare_parameters(at, DELTA_RETURNS, (struct parameters){source->returns, source->return_count},
                       (struct parameters){dest->returns, dest->return_count});
  else
    compare_text(at, DELTA_RETURNS, mine, other);
}

void
compare_functions(struct comparing *at, const struct model_function *source,
                  const struct model_function *dest)
{
  compare_item(at, &source->item, &dest->item);
  compare_parameters(at, DELTA_PARAMETERS, (struct parameters){source->parameters, source->parameter_count},
                     (struct parameters){dest->parameters, dest->parameter_count});
  compare_returns(at, source, dest);
  if (!str_ieq(language_of(source), language_of(dest)))
    delta_note(at, DELTA_LANGUAGE, NULL, language_of(source), language_of(dest));
  compare_text(at, DELTA_DETERMINISTIC, deterministic_word(source), deterministic_word(dest));
  compare_text(at, DELTA_DATA_ACCESS, source->data_access, dest->data_access);
  if (!same_definition(at, source, dest))
    delta_note(at, DELTA_DEFINITION, NULL, source->definition, dest->definition);
}
