/* SPDX-License-Identifier: Apache-2.0 */
/* Commands, arguments, flags and config keys of a manifest. The rules that tie a default to its type stand
 * here, as they do in plugin.schema.json under default_of_type. */
#include "plugin/manifest_typed.h"

#include <math.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/value.h"
#include "plugin/manifest_rule.h"

#include "base/banned.h"

#define SAFE_INTEGER 9007199254740991.0

clxs_status
manifest_read_items(struct shape *shape, struct json_object *object, const char *key, size_t size,
                    manifest_item_reader read, void **elements, size_t *count)
{
  struct json_object *array;
  size_t mark, inner;
  clxs_status status = shape_array(shape, object, key, &array);

  if (status != CLXS_OK || !array) return status;
  *count = json_length(array);
  *elements = arena_array(shape->arena, *count + 1, size);
  mark = shape_enter(shape, key);
  for (size_t i = 0; i < *count && status == CLXS_OK; i++) {
    inner = shape_enter_item(shape, i);
    status = read(shape, json_item(array, i), (char *)*elements + i * size);
    shape_leave(shape, inner);
  }
  shape_leave(shape, mark);
  return status;
}

/* The member "type", string when absent. */
static clxs_status
read_type(struct shape *shape, struct json_object *value, enum grammar_type *type)
{
  const char *name = "string";
  clxs_status status = shape_text(shape, value, "type", &rule_type, &name);

  if (status == CLXS_OK) value_type_find(name, type);
  return status;
}

/* "choices": there for choice, and only there. */
static clxs_status
read_choices(struct shape *shape, struct json_object *value, enum grammar_type type,
             const char *const **choices)
{
  clxs_status status = shape_texts(shape, value, "choices", &rule_line, true, choices);

  if (status != CLXS_OK) return status;
  if (type == TYPE_CHOICE && !*choices) return shape_fail(shape, "type \"choice\" needs \"choices\"");
  if (type == TYPE_CHOICE && !(*choices)[0]) return shape_fail(shape, "\"choices\" must not be empty");
  if (type != TYPE_CHOICE && *choices)
    return shape_fail(shape, "\"choices\" goes with type \"choice\", not \"%s\"", value_type_name(type));
  return CLXS_OK;
}

static clxs_status
refuse_member(struct shape *shape, struct json_object *value, const char *member, const char *with)
{
  if (!shape_has(value, member)) return CLXS_OK;
  return shape_fail(shape, "\"%s\" cannot go with %s", member, with);
}

/* VALUE as a number within [LEAST, MOST]; whole numbers only when WHOLE (1.0 is whole, as in JSON Schema). */
static clxs_status
default_number(struct shape *shape, struct json_object *value, bool whole, double least, double most,
               const char **text)
{
  double number = json_object_get_double(value);

  if (!json_object_is_type(value, json_type_int) && !json_object_is_type(value, json_type_double))
    return shape_fail(shape, "must be a number, for this type");
  if (!isfinite(number)) return shape_fail(shape, "is too large");
  if (whole && number != trunc(number)) return shape_fail(shape, "must be a whole number");
  if (number < least || number > most)
    return shape_fail(shape, "must be between %.15g and %.16g", least, most);
  *text = whole ? arena_printf(shape->arena, "%.0f", number) : arena_strdup(shape->arena, json_text(value));
  return CLXS_OK;
}

static clxs_status
default_of_type(struct shape *shape, struct json_object *value, enum grammar_type type, const char **text)
{
  bool is_text = json_object_is_type(value, json_type_string);

  switch (type) {
  case TYPE_BOOLEAN:
    if (!json_object_is_type(value, json_type_boolean))
      return shape_fail(shape, "must be true or false, for this type");
    *text = json_object_get_boolean(value) ? "true" : "false";
    return CLXS_OK;
  case TYPE_INTEGER: return default_number(shape, value, true, -SAFE_INTEGER, SAFE_INTEGER, text);
  case TYPE_NUMBER: return default_number(shape, value, false, -HUGE_VAL, HUGE_VAL, text);
  case TYPE_DURATION:
    if (is_text) return shape_check_text(shape, value, &rule_duration, text);
    return default_number(shape, value, true, 0, 999999999, text);
  case TYPE_SIZE:
    if (is_text) return shape_check_text(shape, value, &rule_size, text);
    return default_number(shape, value, true, 0, SAFE_INTEGER, text);
  default: return shape_check_text(shape, value, &rule_value, text);
  }
}

static clxs_status
read_default(struct shape *shape, struct json_object *value, enum grammar_type type, const char **text)
{
  size_t mark;
  clxs_status status;

  if (!shape_has(value, "default")) return CLXS_OK;
  mark = shape_enter(shape, "default");
  status = default_of_type(shape, json_get(value, "default"), type, text);
  shape_leave(shape, mark);
  return status;
}

static clxs_status
read_argument(struct shape *shape, struct json_object *value, void *element)
{
  static const char *const known[] = {"name",   "type",     "help",    "complete",
                                      "repeat", "required", "choices", NULL};
  static const char *const required[] = {"name", NULL};
  struct grammar_arg *arg = element;
  clxs_status status = shape_object(shape, value, known, required);

  if (status == CLXS_OK) status = shape_text(shape, value, "name", &rule_name, &arg->name);
  if (status == CLXS_OK) status = read_type(shape, value, &arg->type);
  if (status == CLXS_OK) status = shape_text(shape, value, "help", &rule_line, &arg->help);
  if (status == CLXS_OK) status = shape_text(shape, value, "complete", &rule_complete, &arg->complete);
  if (status == CLXS_OK) status = shape_bool(shape, value, "repeat", &arg->repeat);
  if (status == CLXS_OK) status = shape_bool(shape, value, "required", &arg->required);
  if (status == CLXS_OK) status = read_choices(shape, value, arg->type, &arg->choices);
  if (status == CLXS_OK && arg->type == TYPE_BOOLEAN)
    return shape_fail(shape, "an argument cannot be a boolean");
  return status;
}

/* What cannot go together in a flag. */
static clxs_status
check_flag(struct shape *shape, struct json_object *value, const struct grammar_flag *flag)
{
  static const char *const no_boolean[] = {"repeat", "value_name", "required"};
  clxs_status status = CLXS_OK;

  for (size_t i = 0; i < ARRAY_SIZE(no_boolean) && flag->type == TYPE_BOOLEAN && status == CLXS_OK; i++)
    status = refuse_member(shape, value, no_boolean[i], "type \"boolean\"");
  if (flag->type != TYPE_INTEGER && flag->type != TYPE_NUMBER) {
    if (status == CLXS_OK) status = refuse_member(shape, value, "min", "a type that is no integer or number");
    if (status == CLXS_OK) status = refuse_member(shape, value, "max", "a type that is no integer or number");
  }
  if (status == CLXS_OK && flag->repeat) status = refuse_member(shape, value, "default", "\"repeat\": true");
  return status;
}

static clxs_status
read_flag(struct shape *shape, struct json_object *value, void *element)
{
  static const char *const known[] = {
      "name", "short",  "value_name", "type",     "default", "config",   "env",  "help",  "complete", "min",
      "max",  "repeat", "choices",    "required", "hidden",  "excludes", "late", "alone", "harmless", NULL};
  static const char *const required[] = {"name", "help", NULL};
  struct grammar_flag *flag = element;
  clxs_status status = shape_object(shape, value, known, required);

  if (status == CLXS_OK) status = shape_text(shape, value, "name", &rule_name, &flag->name);
  if (status == CLXS_OK) status = shape_text(shape, value, "short", &rule_short, &flag->short_name);
  if (status == CLXS_OK) status = shape_text(shape, value, "value_name", &rule_value_name, &flag->value_name);
  if (status == CLXS_OK) status = read_type(shape, value, &flag->type);
  if (status == CLXS_OK) status = shape_text(shape, value, "config", &rule_key, &flag->config);
  if (status == CLXS_OK) status = shape_text(shape, value, "env", &rule_env, &flag->env);
  if (status == CLXS_OK) status = shape_text(shape, value, "help", &rule_line, &flag->help);
  if (status == CLXS_OK) status = shape_text(shape, value, "complete", &rule_complete, &flag->complete);
  if (status == CLXS_OK) status = shape_number(shape, value, "min", &flag->has_min, &flag->min);
  if (status == CLXS_OK) status = shape_number(shape, value, "max", &flag->has_max, &flag->max);
  if (status == CLXS_OK) status = shape_bool(shape, value, "repeat", &flag->repeat);
  if (status == CLXS_OK) status = shape_bool(shape, value, "required", &flag->required);
  if (status == CLXS_OK) status = shape_bool(shape, value, "hidden", &flag->hidden);
  if (status == CLXS_OK) status = shape_texts(shape, value, "excludes", &rule_name, true, &flag->excludes);
  if (status == CLXS_OK) status = shape_bool(shape, value, "late", &flag->late);
  if (status == CLXS_OK) status = shape_bool(shape, value, "harmless", &flag->harmless);
  if (status == CLXS_OK) status = shape_bool(shape, value, "alone", &flag->alone);
  if (status == CLXS_OK) status = read_choices(shape, value, flag->type, &flag->choices);
  if (status == CLXS_OK) status = check_flag(shape, value, flag);
  if (status == CLXS_OK) status = read_default(shape, value, flag->type, &flag->default_value);
  return status;
}

static clxs_status
read_example(struct shape *shape, struct json_object *value, void *element)
{
  static const char *const known[] = {"cmd", "help", NULL}, *const required[] = {"cmd", NULL};
  struct grammar_example *example = element;
  clxs_status status = shape_object(shape, value, known, required);

  if (status == CLXS_OK) status = shape_text(shape, value, "cmd", &rule_example, &example->cmd);
  if (status == CLXS_OK) status = shape_text(shape, value, "help", &rule_line, &example->help);
  return status;
}

clxs_status
manifest_read_command(struct shape *shape, struct json_object *value, struct grammar_command *command)
{
  static const char *const known[] = {"name",   "summary", "group", "help",     "mutates",
                                      "hidden", "args",    "flags", "examples", NULL};
  static const char *const required[] = {"name", "summary", NULL};
  void *args = NULL, *flags = NULL, *examples = NULL;
  clxs_status status = shape_object(shape, value, known, required);

  if (status == CLXS_OK) status = shape_text(shape, value, "name", &rule_command, &command->name);
  if (status == CLXS_OK) status = shape_text(shape, value, "summary", &rule_summary, &command->summary);
  if (status == CLXS_OK) status = shape_text(shape, value, "group", &rule_summary, &command->group);
  if (status == CLXS_OK) status = shape_text(shape, value, "help", &rule_help, &command->help);
  if (status == CLXS_OK) status = shape_bool(shape, value, "mutates", &command->mutates);
  if (status == CLXS_OK) status = shape_bool(shape, value, "hidden", &command->hidden);
  if (status == CLXS_OK)
    status = manifest_read_items(shape, value, "args", sizeof *command->args, read_argument, &args,
                                 &command->arg_count);
  if (status == CLXS_OK)
    status = manifest_read_items(shape, value, "flags", sizeof *command->flags, read_flag, &flags,
                                 &command->flag_count);
  if (status == CLXS_OK)
    status = manifest_read_items(shape, value, "examples", sizeof *command->examples, read_example, &examples,
                                 &command->example_count);
  command->args = args;
  command->flags = flags;
  command->examples = examples;
  return status;
}

/* The default of a list key: an array of texts, kept as JSON text. */
static clxs_status
read_list_default(struct shape *shape, struct json_object *value, const char **text)
{
  const char *const *texts = NULL;
  clxs_status status = shape_texts(shape, value, "default", &rule_value, false, &texts);

  if (status == CLXS_OK && texts) *text = arena_strdup(shape->arena, json_text(json_get(value, "default")));
  return status;
}

static clxs_status
check_free_form(struct shape *shape, struct json_object *value)
{
  static const char *const refused[] = {"default", "type", "list"};

  for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
    if (refuse_member(shape, value, refused[i], "\"free_form\": true") != CLXS_OK) return CLXS_E_CONFIG;
  return CLXS_OK;
}

clxs_status
manifest_read_key(struct shape *shape, struct json_object *value, struct conf_key *key)
{
  static const char *const known[] = {"key",  "type",   "default",   "help", "choices",
                                      "list", "secret", "free_form", "env",  NULL};
  static const char *const required[] = {"key", NULL};
  clxs_status status = shape_object(shape, value, known, required);

  if (status == CLXS_OK) status = shape_text(shape, value, "key", &rule_key, &key->name);
  if (status == CLXS_OK) status = read_type(shape, value, &key->type);
  if (status == CLXS_OK) status = shape_text(shape, value, "help", &rule_line, &key->help);
  if (status == CLXS_OK) status = shape_text(shape, value, "env", &rule_env, &key->env);
  if (status == CLXS_OK) status = shape_bool(shape, value, "list", &key->list);
  if (status == CLXS_OK) status = shape_bool(shape, value, "secret", &key->secret);
  if (status == CLXS_OK) status = shape_bool(shape, value, "free_form", &key->free_form);
  if (status == CLXS_OK) status = read_choices(shape, value, key->type, &key->choices);
  if (status != CLXS_OK) return status;
  if (key->free_form) return check_free_form(shape, value);
  if (key->list) return read_list_default(shape, value, &key->default_value);
  return read_default(shape, value, key->type, &key->default_value);
}
