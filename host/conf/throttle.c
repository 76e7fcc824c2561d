/* SPDX-License-Identifier: Apache-2.0 */
/* See throttle.h. The numbers are those that files written for Clone-Xs expect. */
#include "conf/throttle.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "conf/layer.h"

#include "base/banned.h"

#define HOURS 24

struct limits {
  const char *name, *workers, *rps, *queries, *tables;
};

static const struct limits profiles[] = {
    {"low", "1", "2", "3", "1"},
    {"medium", "2", "5", "6", "2"},
    {"high", "4", "15", "10", "4"},
    {"max", "8", "0", "20", "8"},
};

static const struct limits *
find_limits(const char *name)
{
  for (size_t i = 0; name && i < ARRAY_SIZE(profiles); i++)
    if (str_eq(profiles[i].name, name)) return &profiles[i];
  return NULL;
}

static clxs_status
refuse(const struct conf_entry *schedule, size_t index, const char *what, struct err *err)
{
  err_set(err, CLXS_E_CONFIG, "%s: throttle_schedule, entry %zu: %s", schedule->origin, index + 1, what);
  err_hint(err, "write for example: - {hours: \"22-6\", profile: low}");
  return CLXS_E_CONFIG;
}

/* Digits at *AT as an hour up to 24. */
static bool
read_hour(const char **at, int *hour)
{
  int digits = 0;

  for (*hour = 0; str_is_digit(**at) && digits < 3; digits++)
    *hour = *hour * 10 + (*(*at)++ - '0');
  return digits > 0 && *hour <= HOURS;
}

/* "22-6", "0-6,12-13": from the first hour up to, not including, the second. False when it is not; *HIT tells
 * whether HOUR is one of them. */
static bool
match_hours(const char *text, int hour, bool *hit)
{
  for (*hit = false;; text++) {
    int from, to;

    if (!read_hour(&text, &from) || *text++ != '-' || !read_hour(&text, &to) || from == to) return false;
    if (from < to ? hour >= from && hour < to : hour >= from || hour < to) *hit = true;
    if (*text != ',') return *text == '\0';
  }
}

static clxs_status
check_entry(const struct conf_entry *schedule, struct json_object *entry, size_t index, int hour, bool *hit,
            struct err *err)
{
  const char *hours = json_get_text(entry, "hours"), *profile = json_get_text(entry, "profile"), *key;
  struct json_object *value;
  void *at = NULL;

  if (!json_object_is_type(entry, json_type_object))
    return refuse(schedule, index, "it has to have \"hours\" and \"profile\"", err);
  while (json_next(entry, &at, &key, &value))
    if (!str_eq(key, "hours") && !str_eq(key, "profile"))
      return refuse(schedule, index, "there is no key but \"hours\" and \"profile\"", err);
  if (!hours || !match_hours(hours, hour, hit))
    return refuse(schedule, index, "\"hours\" must be from-to, with hours from 0 to 24", err);
  if (!find_limits(profile))
    return refuse(schedule, index, "\"profile\" must be low, medium, high or max", err);
  return CLXS_OK;
}

/* The profile of SCHEDULE for this hour, in the arena; NULL when it names none. The first entry counts. */
static clxs_status
read_schedule(struct conf *conf, const struct conf_entry *schedule, const char **profile, struct err *err)
{
  CLEANUP_JSON struct json_object *entries = json_parse(schedule->text, strlen(schedule->text), NULL, NULL);
  time_t now = (time_t)(clock_now_ms() / 1000);
  struct tm local;

  if (!json_object_is_type(entries, json_type_array)) {
    err_set(err, CLXS_E_CONFIG, "%s: throttle_schedule must be a list", schedule->origin);
    err_hint(err, "write for example: - {hours: \"22-6\", profile: low}");
    return CLXS_E_CONFIG;
  }
  localtime_r(&now, &local);
  for (size_t i = 0; i < json_length(entries); i++) {
    struct json_object *entry = json_item(entries, i);
    bool hit;
    clxs_status status = check_entry(schedule, entry, i, local.tm_hour, &hit, err);

    if (status != CLXS_OK) return status;
    if (hit && !*profile) *profile = arena_strdup(conf->arena, json_get_text(entry, "profile"));
  }
  return CLXS_OK;
}

static clxs_status
set_limits(struct conf *conf, const struct limits *limits, const struct conf_entry *by, struct err *err)
{
  const struct {
    const char *key, *value;
  } values[] = {
      {"max_workers", limits->workers},
      {"max_rps", limits->rps},
      {"max_parallel_queries", limits->queries},
      {"parallel_tables", limits->tables},
  };
  const char *origin = arena_printf(conf->arena, "throttle %s (%s)", limits->name, by->origin);

  for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
    struct conf_entry *entry = layer_entry(conf, values[i].key);
    clxs_status status;

    if (entry->level >= by->level) continue;
    status = layer_set_text(conf, entry, values[i].value, origin, origin, by->level, err);
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

clxs_status
throttle_apply(struct conf *conf, struct err *err)
{
  const struct conf_entry *throttle = layer_entry(conf, "throttle");
  const struct conf_entry *schedule = layer_entry(conf, "throttle_schedule");
  const char *scheduled = NULL;
  clxs_status status = CLXS_OK;

  if (schedule->text) status = read_schedule(conf, schedule, &scheduled, err);
  if (status != CLXS_OK) return status;
  if (scheduled && schedule->level >= throttle->level)
    return set_limits(conf, find_limits(scheduled), schedule, err);
  return throttle->text ? set_limits(conf, find_limits(throttle->text), throttle, err) : CLXS_OK;
}
