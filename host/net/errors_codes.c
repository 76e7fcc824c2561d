/* SPDX-License-Identifier: Apache-2.0 */
/* See errors_codes.h. Names are matched whole first, then by ending and beginning, because the lists grow on
 * the other side without notice. */
#include "net/errors_codes.h"

#include "base/str.h"

#include "base/banned.h"

struct code {
  const char *name;
  clxs_status status;
};

static const struct code whole[] = {
    {"INVALID_PARAMETER_VALUE", CLXS_E_INVALID},
    {"INVALID_STATE", CLXS_E_INVALID},
    {"MALFORMED_REQUEST", CLXS_E_INVALID},
    {"BAD_REQUEST", CLXS_E_INVALID},
    {"INVALID_ARGUMENT", CLXS_E_INVALID},
    {"UNAUTHENTICATED", CLXS_E_AUTH},
    {"PERMISSION_DENIED", CLXS_E_DENIED},
    {"INSUFFICIENT_PERMISSIONS", CLXS_E_DENIED},
    {"UNAUTHORIZED_ACCESS", CLXS_E_DENIED},
    {"PRIVATE_LINK_VALIDATION_ERROR", CLXS_E_DENIED},
    {"ENDPOINT_NOT_FOUND", CLXS_E_UNSUPPORTED},
    {"FEATURE_DISABLED", CLXS_E_UNSUPPORTED},
    {"NOT_IMPLEMENTED", CLXS_E_UNSUPPORTED},
    {"UNIMPLEMENTED", CLXS_E_UNSUPPORTED},
    {"DELTA_TABLE_ONLY_OPERATION", CLXS_E_UNSUPPORTED},
    {"DELTA_MISSING_DELTA_TABLE", CLXS_E_UNSUPPORTED},
    {"DELTA_CLONE_UNSUPPORTED_SOURCE", CLXS_E_UNSUPPORTED},
    {"DELTA_CLONE_INCOMPATIBLE_SOURCE", CLXS_E_UNSUPPORTED},
    {"EXPECT_TABLE_NOT_VIEW", CLXS_E_UNSUPPORTED},
    {"UNSUPPORTED_FEATURE", CLXS_E_UNSUPPORTED},
    {"ROW_COLUMN_ACCESS", CLXS_E_UNSUPPORTED},
    {"RESOURCE_CONFLICT", CLXS_E_CONFLICT},
    {"ABORTED", CLXS_E_CONFLICT},
    {"NO_SUCH_CATALOG_EXCEPTION", CLXS_E_NOT_FOUND},
    {"RESOURCE_EXHAUSTED", CLXS_E_LIMIT},
    {"REQUEST_LIMIT_EXCEEDED", CLXS_E_LIMIT},
    {"QUOTA_EXCEEDED", CLXS_E_LIMIT},
    {"TEMPORARILY_UNAVAILABLE", CLXS_E_UNAVAILABLE},
    {"WORKSPACE_TEMPORARILY_UNAVAILABLE", CLXS_E_UNAVAILABLE},
    {"SERVICE_UNDER_MAINTENANCE", CLXS_E_UNAVAILABLE},
    {"DEADLINE_EXCEEDED", CLXS_E_UNAVAILABLE},
    {"INTERNAL_ERROR", CLXS_E_UNAVAILABLE},
    {"IO_ERROR", CLXS_E_UNAVAILABLE},
    {"DATA_LOSS", CLXS_E_UNAVAILABLE},
    {"CANCELLED", CLXS_E_UNAVAILABLE},
};

static const struct code endings[] = {
    {"ALREADY_EXISTS", CLXS_E_EXISTS},
    {"DOES_NOT_EXIST", CLXS_E_NOT_FOUND},
    {"NOT_FOUND", CLXS_E_NOT_FOUND},
    {"NOT_EMPTY", CLXS_E_CONFLICT},
};

static const struct code beginnings[] = {
    {"DELTA_CONCURRENT_", CLXS_E_CONFLICT},
    {"UNRESOLVED_", CLXS_E_INVALID},
    {"UNSUPPORTED_", CLXS_E_UNSUPPORTED},
};

static const struct code states[] = {
    {"42P01", CLXS_E_NOT_FOUND},   {"42704", CLXS_E_NOT_FOUND},   {"42883", CLXS_E_NOT_FOUND},
    {"42P07", CLXS_E_EXISTS},      {"42P06", CLXS_E_EXISTS},      {"42710", CLXS_E_EXISTS},
    {"42723", CLXS_E_EXISTS},      {"42501", CLXS_E_DENIED},      {"2D521", CLXS_E_CONFLICT},
    {"0A000", CLXS_E_UNSUPPORTED}, {"0AKDD", CLXS_E_UNSUPPORTED}, {"0AKDC", CLXS_E_UNSUPPORTED},
};

clxs_status
errors_code_status(const char *code)
{
  if (!code) return CLXS_OK;
  for (size_t i = 0; i < ARRAY_SIZE(whole); i++)
    if (str_eq(code, whole[i].name)) return whole[i].status;
  for (size_t i = 0; i < ARRAY_SIZE(beginnings); i++)
    if (str_starts(code, beginnings[i].name)) return beginnings[i].status;
  for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
    if (str_ends(code, endings[i].name)) return endings[i].status;
  return CLXS_OK;
}

bool
errors_code_is_transient(const char *code)
{
  static const char *const names[] = {"RESOURCE_EXHAUSTED",
                                      "REQUEST_LIMIT_EXCEEDED",
                                      "TEMPORARILY_UNAVAILABLE",
                                      "WORKSPACE_TEMPORARILY_UNAVAILABLE",
                                      "SERVICE_UNDER_MAINTENANCE",
                                      "DEADLINE_EXCEEDED",
                                      "ABORTED"};

  if (!code) return false;
  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    if (str_eq(code, names[i])) return true;
  return str_starts(code, "DELTA_CONCURRENT_");
}

clxs_status
errors_sqlstate_status(const char *sql_state)
{
  for (size_t i = 0; sql_state && i < ARRAY_SIZE(states); i++)
    if (str_eq(sql_state, states[i].name)) return states[i].status;
  return CLXS_OK;
}
