/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of statements that several of them share: names of objects, property lists, time travel, policies.
 */
#ifndef CLXS_SANDBOX_DDL_READ_H
#define CLXS_SANDBOX_DDL_READ_H

#include "ddl/ddl.h"

/* A name of KIND, completed from the session and in lower case. */
bool read_object(struct cursor *cursor, enum securable_kind kind, struct name *out);
/* CATALOG, SCHEMA, DATABASE, TABLE, VIEW, MATERIALIZED VIEW, STREAMING TABLE, VOLUME, FUNCTION, EXTERNAL
 * LOCATION, ...: the kind. *VIEW (may be NULL) is set for the kinds of views. */
bool read_object_kind(struct cursor *cursor, enum securable_kind *kind, bool *view);
/* (k = v, ...): keys are texts or dotted names, values texts, numbers or booleans; as a JSON object. */
bool read_properties(struct cursor *cursor, const char **json);
/* A user, service principal or group: a name, back-ticked where it must be, or a text. */
bool read_principal(struct cursor *cursor, const char **name);
/* [VERSION AS OF n | TIMESTAMP AS OF expr], also with FOR or SYSTEM_ before it. */
bool read_travel(struct cursor *cursor, struct time_travel *travel);
/* A function and its ON (...) or USING COLUMNS (...) arguments, behind SET ROW FILTER, MASK, ... ; INTRODUCED
 * by WORDS. The function must exist and be executable. */
bool read_policy(struct cursor *cursor, const char *words, struct policy **out);
/* The columns named by the policy are TABLE's, and as many as the function takes (EXTRA more for a mask). */
bool check_policy(struct session *session, const struct table *table, const struct policy *policy,
                  size_t extra);
/* Not done here, although Databricks does it. Returns false. */
bool refuse_feature(struct session *session, const char *sub_class, const char *what);
/* Whole name of a table for messages: `c`.`s`.`t`. */
const char *table_quoted(struct session *session, const struct table *table);
/* TABLE may be changed by SQL (EXPECT_TABLE_NOT_VIEW, UNSUPPORTED_FEATURE.TABLE_OPERATION otherwise). */
bool require_writable(struct session *session, const struct table *table, const char *operation);
/* TABLE is Delta (DELTA_TABLE_ONLY_OPERATION otherwise). */
bool require_delta(struct session *session, const struct table *table, const char *operation);
/* A result of BIGINT columns called NAMES with one row of VALUES. */
void result_figures(struct session *session, struct result *result, const char *const *names,
                    const int64_t *values, size_t count);
/* {"a":"1",...} of COUNT figures, for metrics. */
const char *figures_json(struct session *session, const char *const *names, const int64_t *values,
                         size_t count);

#endif
