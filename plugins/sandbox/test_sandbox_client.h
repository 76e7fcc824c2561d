/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the sandbox's HTTP side share: a workspace in the test's process, an engine that runs a
 * few made-up statements, and a client on libcurl. Use setup and teardown as .init and .fini of a suite. */
#ifndef CLXS_TEST_SANDBOX_CLIENT_H
#define CLXS_TEST_SANDBOX_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "http/sandbox.h"

#define ADMIN "dapi-admin"
#define BOB "dapi-bob"
#define CLIENT_ID "0a0b0c0d-1111-4222-8333-444455556666"
#define CLIENT_SECRET "s3cret & more"
#define UNITY "/api/2.1/unity-catalog/"

extern struct sandbox *box;

void setup(void);
void teardown(void);
/* A workspace with other options; users and client are filled in. */
void setup_with(struct sandbox_options options);

/* The last answer. */
struct answer {
  long status; /* 0: the connection broke */
  char *body, *headers;
  size_t length;
  struct json_object *json;
};
extern struct answer answer;

/* Send METHOD PATH (or a whole URL) with TOKEN (NULL: no Authorization header) and BODY (NULL: none); the
 * answer's status. */
long ask(const char *method, const char *path, const char *token, const char *body);
/* The same with one more header. */
long ask_with(const char *method, const char *path, const char *token, const char *body, const char *header);
/* What ask("GET", ...) as the administrator answers, which must be 200. */
struct json_object *get(const char *path);
/* error_code of the last answer. */
const char *error_code(void);
/* Value of a header of the last answer, or NULL; lives until the next. */
const char *header(const char *name);
/* Submit a statement as the administrator. MORE is further members (", \"a\": 1") or "". */
struct json_object *submit(const char *statement, const char *more);
/* Texts of member KEY of the objects in list LIST of OBJECT, joined by commas. */
const char *joined(struct json_object *object, const char *list, const char *key);

#endif
