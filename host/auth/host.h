/* SPDX-License-Identifier: Apache-2.0 */
/* Workspace addresses: what people write, made into the one form that requests are sent to. */
#ifndef CLXS_HOST_AUTH_HOST_H
#define CLXS_HOST_AUTH_HOST_H

#include <clxs/status.h>
#include <stdbool.h>

struct arena;
struct err;

struct host {
  const char *url;          /* "https://name" or "https://name:port" */
  const char *workspace_id; /* from ?o=, ?workspace_id= (digits) or ?w=; NULL when not there */
  const char *account_id;   /* from ?a= or ?account_id= */
};

/* TEXT with or without scheme, path and query. Plain http is for this machine only. CLXS_E_CONFIG otherwise.
 */
clxs_status host_parse(struct arena *arena, const char *text, struct host *host, struct err *err);
/* Whether URL is safe to send a secret to: https, or http to this machine. */
bool host_is_safe(const char *url);
/* Whether URL is that of an account console, which has no workspace of its own. */
bool host_is_account(const char *url);

#endif
