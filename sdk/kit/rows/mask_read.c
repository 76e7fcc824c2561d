/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as people write them: COLUMN=STRATEGY on the command line, a list of mappings in the configuration.
 * What cannot be understood is an error: a rule that is passed over shows what it should hide. */
#include <clxs/clxs.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/rows/mask.h"
#include "kit/sqltext/condition.h"

#include "base/banned.h"

#define KEY "masking_rules"
#define STRATEGIES \
  "hash, redact, null, partial, email, or an SQL expression such as \"concat('x', {column})\""

/* One word is a strategy, or a mistake; anything else is SQL. */
static bool
is_word(const char *text)
{
  size_t length = 0;

  while (str_is_alnum(text[length]) || text[length] == '_' || text[length] == '-')
    length++;
  return !text[length] && !str_is_digit(text[0]);
}

/* NULL, or why STRATEGY is none. */
static const char *
read_strategy(struct masks *masks, const char *strategy, struct mask_rule *rule)
{
  static const struct {
    const char *name;
    enum mask_strategy strategy;
  } names[] = {{"hash", MASK_HASH},       {"redact", MASK_REDACT}, {"null", MASK_NULL},
               {"partial", MASK_PARTIAL}, {"email", MASK_EMAIL},   {"email_mask", MASK_EMAIL}};
  const char *problem;

  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    if (str_ieq(strategy, names[i].name)) {
      rule->strategy = names[i].strategy;
      return NULL;
    }
  if (is_word(strategy)) return arena_printf(masks->arena, "there is no strategy \"%s\"", strategy);
  problem = sql_condition_problem(masks->arena, mask_expand(masks->arena, strategy, "(1)"));
  if (problem) return arena_printf(masks->arena, "the expression cannot be used: %s", problem);
  rule->strategy = MASK_EXPRESSION;
  rule->expression = arena_strdup(masks->arena, strategy);
  return NULL;
}

static const char *
read_regex(struct masks *masks, struct mask_rule *rule)
{
  char message[200];
  int error;

  rule->regex = arena_alloc(masks->arena, sizeof *rule->regex);
  error = regcomp(rule->regex, rule->column, REG_EXTENDED | REG_NOSUB | REG_ICASE);
  if (!error) return NULL;
  regerror(error, rule->regex, message, sizeof message);
  rule->regex = NULL;
  return arena_printf(masks->arena, "the expression \"%s\" cannot be read: %s", rule->column, message);
}

static clxs_status
read_flag(struct clxs_call *call, struct masks *masks, const char *text)
{
  struct mask_rule rule = {.origin = arena_printf(masks->arena, "--mask \"%s\"", text), .by_flag = true};
  const char *sign = strchr(text, '='), *problem;

  if (!sign || sign == text || !sign[1])
    return clxs_failf(call, CLXS_E_USAGE, "write COLUMN=STRATEGY; strategies are " STRATEGIES,
                      "%s is no rule", rule.origin);
  rule.column = arena_strndup(masks->arena, text, (size_t)(sign - text));
  problem = read_strategy(masks, sign + 1, &rule);
  if (problem)
    return clxs_failf(call, CLXS_E_USAGE, "strategies are " STRATEGIES, "%s: %s", rule.origin, problem);
  *VEC_ADD(&masks->rules) = rule;
  return CLXS_OK;
}

/* A text member; NULL when it is not there, and *PROBLEM when it is something else or empty. */
static const char *
member(struct masks *masks, struct json_object *item, const char *key, const char **problem)
{
  const char *text = json_get_text(item, key);

  if ((json_get(item, key) && !text) || (text && !*text))
    *problem = arena_printf(masks->arena, "\"%s\" is no text", key);
  return arena_strdup(masks->arena, text);
}

static const char *
unknown_member(struct masks *masks, struct json_object *item)
{
  static const char *const known[] = {"column", "strategy",    "match_type", "schema",
                                      "table",  "description", NULL};
  struct json_object *value;
  const char *key;
  void *at = NULL;

  while (json_next(item, &at, &key, &value))
    if (!str_listed(known, key))
      return arena_printf(masks->arena, "it has a member \"%s\", which means nothing", key);
  return NULL;
}

static const char *
read_item(struct masks *masks, struct json_object *item, struct mask_rule *rule)
{
  const char *problem = NULL, *match, *strategy;
  struct json_object *found = NULL;

  if (!json_object_is_type(item, json_type_object)) return "it is no mapping";
  rule->column = member(masks, item, "column", &problem);
  rule->schema = member(masks, item, "schema", &problem);
  rule->table = member(masks, item, "table", &problem);
  match = member(masks, item, "match_type", &problem);
  strategy = member(masks, item, "strategy", &problem);
  /* YAML reads a bare null as nothing. */
  if (!strategy && json_object_object_get_ex(item, "strategy", &found) && !found) strategy = "null";
  if (!problem) problem = unknown_member(masks, item);
  if (!problem && !rule->column) problem = "\"column\" is missing";
  if (!problem && !strategy) problem = "\"strategy\" is missing";
  if (!problem && match && !str_ieq(match, "exact") && !str_ieq(match, "regex"))
    problem = "\"match_type\" is exact or regex";
  if (!problem) problem = read_strategy(masks, strategy, rule);
  if (!problem && match && str_ieq(match, "regex")) problem = read_regex(masks, rule);
  return problem;
}

static clxs_status
read_config(struct clxs_call *call, struct masks *masks)
{
  const char *text = clxs_config(call)->text(call, KEY), *origin;
  CLEANUP_JSON struct json_object *list = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;

  if (!list) return CLXS_OK;
  origin = clxs_config(call)->origin(call, KEY);
  if (!json_object_is_type(list, json_type_array))
    return clxs_failf(call, CLXS_E_CONFIG, "write a list of {column, strategy, match_type}",
                      KEY " (%s) is no list", origin ? origin : "configuration");
  for (size_t i = 0; i < json_length(list); i++) {
    struct mask_rule rule = {.origin = arena_printf(masks->arena, "rule %zu of " KEY, i + 1)};
    const char *problem = read_item(masks, json_item(list, i), &rule);

    if (problem)
      return clxs_failf(call, CLXS_E_CONFIG,
                        "a rule is {column, strategy, match_type, schema, table}; strategies are " STRATEGIES,
                        "%s (%s): %s", rule.origin, origin ? origin : "configuration", problem);
    *VEC_ADD(&masks->rules) = rule;
  }
  return CLXS_OK;
}

clxs_status
masks_read(struct clxs_call *call, struct masks *masks)
{
  clxs_status status;

  *masks = (struct masks){.arena = arena_new()};
  for (uint32_t i = 0; i < call->core->arg_count(call, "mask"); i++) {
    status = read_flag(call, masks, call->core->arg_text(call, "mask", i));
    if (status < 0) return status;
  }
  return read_config(call, masks);
}

void
masks_free(struct masks *masks)
{
  VEC_EACH (&masks->rules, rule)
    if (rule->regex) regfree(rule->regex);
  VEC_FREE(&masks->rules);
  arena_free(masks->arena);
  *masks = (struct masks){.arena = NULL};
}
