/* SPDX-License-Identifier: Apache-2.0 */
/* A scriptable HTTP server on loopback for tests: rules answer requests, once or for ever, and can fail in
 * the ways that networks do. Everything that arrived is kept for the test to look at. Start it in the test's
 * .init. */
#ifndef CLXS_TESTS_FAKE_HTTP_H
#define CLXS_TESTS_FAKE_HTTP_H

#include <stddef.h>

struct fake;

enum fake_fault {
  FAKE_ANSWER, /* as the rule says */
  FAKE_RESET,  /* read the request whole, then close the connection without a byte */
  FAKE_CUT,    /* announce the whole body, send half of it, close */
  FAKE_HANG    /* answer only after fake_release */
};

struct fake_rule {
  const char *match;   /* "GET /a/b" without the query; a "*" at the end matches any rest */
  int status;          /* 0: 200 */
  const char *body;    /* or NULL; "{URL}" in it becomes the server's address */
  const char *headers; /* lines "Name: value\n", or NULL */
  enum fake_fault fault;
  int times; /* how many requests it answers; 0: all */
};

struct fake_seen {
  const char *method, *path, *query, *headers,
      *body; /* headers: "name: value\n" lines, names in lower case */
};

struct fake *fake_start(void);
void fake_stop(struct fake *fake);
/* "http://127.0.0.1:port" */
const char *fake_url(const struct fake *fake);
/* Rules are asked in the order in which they were added; one that is used up is passed over. A request that
 * none matches is answered with 501. */
void fake_add(struct fake *fake, const struct fake_rule *rule);
#define FAKE_ADD(fake, ...) fake_add((fake), &(struct fake_rule){__VA_ARGS__})
/* How many requests matched; the INDEX-th of them, alive as long as the server (all texts non-NULL). */
size_t fake_count(struct fake *fake, const char *match);
const struct fake_seen *fake_seen(struct fake *fake, const char *match, size_t index);
/* The value of a header of SEEN (NAME in lower case), NULL when it had none. To be freed. */
char *fake_header(const struct fake_seen *seen, const char *name);
/* Return once COUNT requests have matched. */
void fake_await(struct fake *fake, const char *match, size_t count);
/* Let hanging requests, now and later ones, have their answer. */
void fake_release(struct fake *fake);

#endif
