/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded queue of bytes between the I/O thread, which never waits for it, and one other thread, which
 * does. When it is full (or empty) the I/O thread leaves its transfer paused and goes on with others; whoever
 * makes room (or brings bytes) is told to wake it. So content of any size passes in fixed memory. */
#ifndef CLXS_HOST_NET_CHANNEL_H
#define CLXS_HOST_NET_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#define CHANNEL_ROOM ((size_t)256 * 1024)

struct channel;

/* Room for ROOM bytes. */
struct channel *channel_new(size_t room);
void channel_free(struct channel *channel);

/* -- The I/O thread */

/* All of BYTES, or none of them: false when they do not fit, and channel_may_go_on says when to try again. */
bool channel_put(struct channel *channel, const char *bytes, size_t length);
/* At most ROOM bytes to OUT. 0 when there are none yet; channel_may_go_on says when to try again. */
size_t channel_get(struct channel *channel, char *out, size_t room);
/* The I/O thread is held up by the other side. */
bool channel_is_stalled(struct channel *channel);
/* It was, and there is enough room (or there are bytes) now; it counts as held up no longer. */
bool channel_may_go_on(struct channel *channel);
/* The other side may go on from channel_wait. */
void channel_open(struct channel *channel);
/* Nothing more will be put or got. What is in it can still be taken. */
void channel_close(struct channel *channel);

/* -- The other thread. WAKE says that the I/O thread is held up and has to be woken. */

/* Wait for channel_open; false when it was closed without. */
bool channel_wait(struct channel *channel);
/* Wait for bytes and take at most ROOM of them; 0 once it is closed and empty. */
size_t channel_take(struct channel *channel, char *out, size_t room, bool *wake);
/* Wait for room and give LENGTH bytes or fewer; how many, 0 once it is closed. */
size_t channel_give(struct channel *channel, const char *bytes, size_t length, bool *wake);

#endif
