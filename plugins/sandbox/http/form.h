/* SPDX-License-Identifier: Apache-2.0 */
/* multipart/form-data bodies (RFC 7578), as the official SDKs send files for the workspace. */
#ifndef CLXS_SANDBOX_HTTP_FORM_H
#define CLXS_SANDBOX_HTTP_FORM_H

#include <stdbool.h>
#include <stddef.h>

struct request;

struct form_part {
  const char *name;
  const char *bytes; /* in the request's body, not NUL-terminated */
  size_t length;
};

/* Whether the request's body is such a form. */
bool form_is(struct request *request);
/* Its parts, in the request's arena. False with the request failed. */
bool form_parse(struct request *request, struct form_part **out, size_t *count);

#endif
