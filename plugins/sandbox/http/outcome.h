/* SPDX-License-Identifier: Apache-2.0 */
/* A finished statement's rows as the API hands them out: a schema, and chunks of text in the format that was
 * asked for. https://docs.databricks.com/api/workspace/statementexecution/executestatement */
#ifndef CLXS_SANDBOX_HTTP_OUTCOME_H
#define CLXS_SANDBOX_HTTP_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "base/vec.h"

struct result;

#define OUTCOME_INLINE_MAX INT64_C(26214400)
#define OUTCOME_EXTERNAL_MAX (INT64_C(100) << 30)

struct chunk {
  char *text; /* [["a","1"],...] or CSV */
  size_t length;
  int64_t row_offset, row_count;
};

struct outcome {
  struct json_object *schema; /* of the manifest */
  VEC(struct chunk) chunks;
  int64_t row_count, byte_count;
  bool truncated;
};

struct outcome_limits {
  bool csv, external;
  int64_t row_limit, byte_limit; /* 0: none asked for */
  int64_t chunk_bytes;
};

/* Render RESULT. False when an inline result is too large for its disposition; OUT is empty then. Free with
 * outcome_free. */
bool outcome_render(const struct result *result, const struct outcome_limits *limits, struct outcome *out);
void outcome_free(struct outcome *outcome);

#endif
