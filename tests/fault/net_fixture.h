/* SPDX-License-Identifier: Apache-2.0 */
/* A client against the fake server, with a clock that waiting moves on instead of waiting, and credentials
 * that count how often they were asked for. One per test process. */
#ifndef CLXS_TESTS_NET_FIXTURE_H
#define CLXS_TESTS_NET_FIXTURE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "fault/fake_http.h"
#include "net/net_api.h"

struct fixture {
  struct fake *fake;
  struct net *net;
  const struct net_api *api;
  struct arena *arena;
  struct err err;
};

extern struct fixture fixture;

/* Server, clock and client with OPTIONS (host and auth are filled in); for .init and .fini. */
void fixture_open(const struct net_options *options);
void fixture_open_default(void);
void fixture_close(void);

/* Milliseconds that were waited for, one by one and in all. */
int64_t fixture_waited(size_t index);
size_t fixture_waits(void);
int64_t fixture_waited_in_all(void);
/* Credentials: "Bearer token-N", where N is the generation; a refused generation leads to the next one. */
unsigned fixture_auth_asked(void);
/* The next refusal does not lead to new credentials. */
void fixture_auth_freeze(void);

/* A request with the fixture's client; the response in *RESPONSE (may be NULL). */
clxs_status fixture_send(const char *method, const char *path, const char *body,
                         struct net_response *response);
/* A statement; NULL result when it fails, with the status in *STATUS. */
struct net_statement *fixture_query(const struct net_query *query, clxs_status *status);
#define FIXTURE_QUERY(status, ...) \
  fixture_query(&(struct net_query){.warehouse = "w1", __VA_ARGS__}, (status))

#endif
