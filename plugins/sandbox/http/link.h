/* SPDX-License-Identifier: Apache-2.0 */
/* Links to result chunks that carry their own proof, as object storage signs them: whoever holds one may
 * fetch it until it expires, and nobody needs a token for it. */
#ifndef CLXS_SANDBOX_HTTP_LINK_H
#define CLXS_SANDBOX_HTTP_LINK_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct links;
struct sandbox;

#define LINK_LIFE_MS (15 * INT64_C(60000))

struct links *links_new(void);
void links_free(struct links *links);
/* The URL of chunk INDEX of statement ID, valid until EXPIRES_MS. */
const char *link_sign(struct sandbox *sandbox, struct arena *arena, const char *id, size_t index,
                      int64_t expires_ms);

#endif
