/* SPDX-License-Identifier: Apache-2.0 */
/* What a refusal of the service means: reading the bodies that it and the proxies in front of it send, and
 * the one table from their codes, SQL error classes and SQLSTATEs to our status. Pure. Shapes and codes:
 * https://docs.databricks.com/api/workspace/introduction and https://docs.databricks.com/en/error-messages/
 */
#ifndef CLXS_HOST_NET_ERRORS_H
#define CLXS_HOST_NET_ERRORS_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

/* A refusal, taken apart. Texts in the arena; NULL where the body did not say. */
struct errors_detail {
  const char *code;       /* RESOURCE_DOES_NOT_EXIST, SCIM_404, UNKNOWN */
  const char *message;    /* never NULL */
  const char *request_id; /* from RequestInfo */
  int64_t retry_after_ms; /* from RetryInfo, negative when absent */
  bool html;              /* a page for people: something in front of the API answered */
};

/* Read BODY of an answer with HTTP STATUS. */
void errors_read(struct arena *arena, int32_t status, const char *body, size_t length,
                 struct errors_detail *detail);
/* Our status for a refused request: the code first, then the HTTP status. */
clxs_status errors_classify(int32_t http_status, const struct errors_detail *detail);
/* The detail's code or text says that the same request may succeed later. */
bool errors_is_transient(int32_t http_status, const struct errors_detail *detail);

/* A statement's failure, taken apart. */
struct errors_sql {
  const char
      *error_class; /* DELTA_CLONE_UNSUPPORTED_SOURCE or X.Y; the API's error_code when the text has none */
  const char *sql_state; /* 42P01, or NULL */
  const char *request_id;
  clxs_status status;
  bool transient; /* running it again may succeed */
};

/* Read what status.error and status.sql_state of a FAILED statement say (each may be NULL). Two shapes of
 * MESSAGE carry a class: "[CLASS.SUB] text SQLSTATE: 42P01" and "[RequestId=... ErrorClass=X.Y] text". */
void errors_read_sql(struct arena *arena, const char *error_code, const char *message, const char *sql_state,
                     struct errors_sql *sql);
/* The next step for a person after STATUS, or NULL. */
const char *errors_hint(clxs_status status);

#endif
