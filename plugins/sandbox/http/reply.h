/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: JSON objects, errors in the service's shapes (error_code, message, details), bytes and streams.
 * Handlers prepare one; the server sends it. https://docs.databricks.com/api/workspace/introduction */
#ifndef CLXS_SANDBOX_HTTP_REPLY_H
#define CLXS_SANDBOX_HTTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/json.h"

struct request;

#define REPLY_HEADERS 8

struct reply {
  int status; /* 0: nothing prepared yet */
  const char *content_type;
  char *body; /* malloc'ed */
  size_t length;
  struct {
    const char *name, *value;
  } headers[REPLY_HEADERS];
  size_t header_count;
  /* Instead of a body: COUNT bytes that READ hands out piece by piece; CLOSE ends it. */
  ssize_t (*read)(void *data, uint64_t position, char *out, size_t max);
  void (*close)(void *data);
  void *data;
  uint64_t count;
  bool drop; /* close the connection with a reset instead of answering */
};

/* OBJECT (one reference is taken over) with STATUS. */
void reply_json(struct request *request, int status, struct json_object *object);
/* TEXT that is JSON already, malloc'ed, taken over. */
void reply_json_text(struct request *request, int status, char *text, size_t length);
/* {} with 200, and 200 (or another status) without a body. */
void reply_object(struct request *request);
void reply_empty(struct request *request, int status);
/* An error: {"error_code", "message", "details": [RequestInfo]}. Returns false, so that checks read well. */
bool reply_error(struct request *request, int status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same with an ErrorInfo detail that carries REASON. */
bool reply_error_reason(struct request *request, int status, const char *code, const char *reason,
                        const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The fault that store or engine left in the request's session. */
bool reply_fault(struct request *request);
/* Forget what was prepared. */
void reply_reset(struct reply *reply);
/* Texts must outlive the request (arena or literals). */
void reply_header(struct request *request, const char *name, const char *value);

/* Shorthand for the most frequent refusals. */
#define reply_invalid(request, ...) reply_error((request), 400, "INVALID_PARAMETER_VALUE", __VA_ARGS__)
#define reply_missing(request, ...) reply_error((request), 404, "RESOURCE_DOES_NOT_EXIST", __VA_ARGS__)
#define reply_denied(request, ...) reply_error((request), 403, "PERMISSION_DENIED", __VA_ARGS__)

#endif
