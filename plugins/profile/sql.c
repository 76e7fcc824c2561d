/* SPDX-License-Identifier: Apache-2.0 */
/* The questions, as one SELECT. Every cell is a text or a number; lists come as JSON. */
#include "base/buf.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "profile.h"

#include "base/banned.h"

#define ANY (~0u)
#define COMPARABLE (PROFILE_NUMBER | PROFILE_TEXT | PROFILE_TIME | PROFILE_BOOLEAN | PROFILE_BINARY)
#define SIZED (PROFILE_ARRAY | PROFILE_MAP)

/* @ stands for the value (without NaN), # for the column as it is, N for a number of the command line. */
struct question {
  unsigned kinds;
  const char *text;
};

/* A metric may be asked in different words of different kinds. */
static const struct question questions[METRICS][4] = {
    [METRIC_FILLED] = {{ANY, "count(#)"}},
    [METRIC_DISTINCT] = {{COMPARABLE, "approx_count_distinct(@)"}},
    [METRIC_NAN] = {{PROFILE_FLOAT, "count_if(isnan(#))"}},
    [METRIC_MIN] = {{PROFILE_NUMBER | PROFILE_TEXT | PROFILE_TIME, "CAST(min(@) AS STRING)"}},
    [METRIC_MAX] = {{PROFILE_NUMBER | PROFILE_TEXT | PROFILE_TIME, "CAST(max(@) AS STRING)"}},
    [METRIC_MEAN] = {{PROFILE_NUMBER, "avg(CAST(@ AS DOUBLE))"}},
    [METRIC_DEVIATION] = {{PROFILE_NUMBER, "stddev(CAST(@ AS DOUBLE))"}},
    [METRIC_QUANTILES] = {{PROFILE_NUMBER, "to_json(percentile_approx(CAST(@ AS DOUBLE), array(0.05, 0.25, "
                                           "0.5, 0.75, 0.95)))"}},
    [METRIC_MIN_LENGTH] = {{PROFILE_TEXT | PROFILE_BINARY, "min(length(@))"},
                           {SIZED, "min(CASE WHEN # IS NOT NULL THEN size(#) END)"}},
    [METRIC_MAX_LENGTH] = {{PROFILE_TEXT | PROFILE_BINARY, "max(length(@))"},
                           {SIZED, "max(CASE WHEN # IS NOT NULL THEN size(#) END)"}},
    [METRIC_MEAN_LENGTH] = {{PROFILE_TEXT | PROFILE_BINARY, "avg(length(@))"},
                            {SIZED, "avg(CASE WHEN # IS NOT NULL THEN size(#) END)"}},
    [METRIC_EMPTY] = {{PROFILE_TEXT, "count_if(@ = '')"}},
    [METRIC_TRUE] = {{PROFILE_BOOLEAN, "count_if(@)"}},
    [METRIC_TOP] = {{PROFILE_NUMBER | PROFILE_TEXT | PROFILE_DATE | PROFILE_TIMESTAMP,
                     "to_json(approx_top_k(@, N))"}},
    [METRIC_HISTOGRAM] = {{PROFILE_NUMBER, "to_json(histogram_numeric(CAST(@ AS DOUBLE), N))"},
                          {PROFILE_DATE, "to_json(histogram_numeric(CAST(unix_date(@) AS DOUBLE), N))"},
                          {PROFILE_TIMESTAMP,
                           "to_json(histogram_numeric(CAST(unix_seconds(@) AS DOUBLE), N))"}},
};

static const char *
find_question(const struct profile *profile, const struct profile_column *column, enum profile_metric metric)
{
  if (metric == METRIC_TOP && profile->top == 0) return NULL;
  for (size_t i = 0; i < ARRAY_SIZE(questions[metric]); i++)
    if (questions[metric][i].kinds & column->kind) return questions[metric][i].text;
  return NULL;
}

bool
profile_asks(const struct profile *profile, const struct profile_column *column, enum profile_metric metric)
{
  return find_question(profile, column, metric) != NULL;
}

static void
add_value(struct buf *sql, const struct profile_column *column)
{
  if (column->kind == PROFILE_FLOAT)
    buf_addf(sql, "CASE WHEN isnan(%s) THEN NULL ELSE %s END", column->sql, column->sql);
  else
    buf_add_text(sql, column->sql);
}

static void
add_question(struct buf *sql, const struct profile *profile, const struct profile_column *column,
             enum profile_metric metric, const char *text)
{
  if (metric == METRIC_DISTINCT && profile->exact) text = "count(DISTINCT @)";
  for (; *text; text++) {
    if (*text == '@')
      add_value(sql, column);
    else if (*text == '#')
      buf_add_text(sql, column->sql);
    else if (*text == 'N' && text[1] == ')')
      buf_addf(sql, "%lld", (long long)(metric == METRIC_TOP ? profile->top : profile->bins));
    else
      buf_add_char(sql, *text);
  }
}

void
profile_add_statement(struct buf *sql, const struct profile *profile, const struct profile_table *table,
                      size_t first, size_t count)
{
  const char *const name[3] = {profile->model->item.name, table->schema->item.name, table->table->item.name};

  buf_add_text(sql, "SELECT count(*)");
  for (size_t i = first; i < first + count; i++)
    for (unsigned metric = 0; metric < METRICS; metric++) {
      const char *text = find_question(profile, &table->columns.at[i], metric);

      if (!text) continue;
      buf_add_text(sql, ", ");
      add_question(sql, profile, &table->columns.at[i], metric, text);
    }
  buf_add_text(sql, " FROM ");
  sql_add_names(sql, name, 3);
  buf_add_text(sql, profile->sample);
}
