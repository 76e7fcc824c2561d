/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP side of the workspace: a listener on 127.0.0.1 with a thread per connection (a request may sleep,
 * as the real service does when it waits for a statement). */
#ifndef CLXS_SANDBOX_HTTP_SERVER_H
#define CLXS_SANDBOX_HTTP_SERVER_H

#include <stdint.h>

struct sandbox;
struct server;

/* Listen on PORT (0: any), and write the address to sandbox->url before the first request comes in; NULL with
 * errno set when that fails. */
struct server *server_start(struct sandbox *sandbox, int port);
/* Close the listener and wait for requests under way. NULL is fine. */
void server_stop(struct server *server);

#endif
