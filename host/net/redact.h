/* SPDX-License-Identifier: Apache-2.0 */
/* Taking secrets out of text that is going to be read or kept: logs, error messages. Pure. */
#ifndef CLXS_HOST_NET_REDACT_H
#define CLXS_HOST_NET_REDACT_H

struct buf;

/* Append TEXT to OUT with "***" in place of what looks like a secret: tokens of known shapes (Databricks,
 * JWT, Bearer), the values behind words such as password, client_secret or account_key, and the signatures of
 * presigned URLs. SECRET (or NULL) is one known secret that is replaced wherever it stands. */
void redact_text(struct buf *out, const char *text, const char *secret);

#endif
