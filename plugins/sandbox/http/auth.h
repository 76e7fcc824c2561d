/* SPDX-License-Identifier: Apache-2.0 */
/* Who is calling: personal access tokens, and OAuth tokens that really expire. Tokens are kept as digests
 * only, so that neither a log nor a core file can show one. [any thread] */
#ifndef CLXS_SANDBOX_HTTP_AUTH_H
#define CLXS_SANDBOX_HTTP_AUTH_H

#include <stdbool.h>
#include <stdint.h>

struct auth;
struct request;

/* A user or service principal; lives as long as the workspace. */
struct identity {
  const char *name; /* e-mail, or application id of a service principal */
  int64_t id;       /* of the principal in the store */
  bool service, admin;
};

struct auth *auth_new(void);
void auth_free(struct auth *auth);
/* Let WHO (copied) in with a token that never expires; one person may have several. */
void auth_add_token(struct auth *auth, const struct identity *who, const char *token);
/* Let WHO (copied; its name is the client id) log in with client credentials. */
void auth_add_client(struct auth *auth, const struct identity *who, const char *secret);
/* The service principal with these credentials, or NULL. */
const struct identity *auth_client(struct auth *auth, const char *client_id, const char *secret);
/* A new OAuth token for WHO in OUT (at least 80 bytes), valid until EXPIRES_MS. */
void auth_issue(struct auth *auth, const struct identity *who, int64_t now_ms, int64_t expires_ms, char *out);
/* Make the OAuth token of this request expire now; personal access tokens do not. */
void auth_expire(struct request *request);

/* Set request->caller and its session from the Authorization header. False with the answer prepared: 401
 * without usable credentials or with an expired token, 403 with an unknown one. */
bool auth_check(struct request *request);

#endif
