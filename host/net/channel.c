/* SPDX-License-Identifier: Apache-2.0 */
/* See channel.h: a ring of bytes under a lock. */
#include "net/channel.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/threads.h"

#include "base/banned.h"

struct channel {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  size_t room, start, fill;
  bool open, closed;
  bool full, empty; /* what holds up the I/O thread */
  char bytes[];
};

struct channel *
channel_new(size_t room)
{
  struct channel *channel = xmalloc(sizeof *channel + room);

  /* The bytes are left alone: memory that content never reaches costs nothing. */
  memset(channel, 0, sizeof *channel);
  pthread_mutex_init(&channel->lock, NULL);
  cond_init(&channel->changed);
  channel->room = room;
  return channel;
}

void
channel_free(struct channel *channel)
{
  if (!channel) return;
  pthread_cond_destroy(&channel->changed);
  pthread_mutex_destroy(&channel->lock);
  free(channel);
}

/* [locked] Copy LENGTH bytes in, which fit. */
static void
ring_add(struct channel *channel, const char *bytes, size_t length)
{
  size_t end = (channel->start + channel->fill) % channel->room;
  size_t first = channel->room - end < length ? channel->room - end : length;

  memcpy(channel->bytes + end, bytes, first);
  memcpy(channel->bytes, bytes + first, length - first);
  channel->fill += length;
}

/* [locked] Copy as much out as there is, at most ROOM. */
static size_t
ring_remove(struct channel *channel, char *out, size_t room)
{
  size_t length = channel->fill < room ? channel->fill : room;
  size_t first = channel->room - channel->start < length ? channel->room - channel->start : length;

  memcpy(out, channel->bytes + channel->start, first);
  memcpy(out + first, channel->bytes, length - first);
  channel->start = (channel->start + length) % channel->room;
  channel->fill -= length;
  return length;
}

bool
channel_put(struct channel *channel, const char *bytes, size_t length)
{
  LOCK_SCOPE(&channel->lock);
  channel->full = channel->room - channel->fill < length;
  if (channel->full) return false;
  ring_add(channel, bytes, length);
  pthread_cond_signal(&channel->changed);
  return true;
}

size_t
channel_get(struct channel *channel, char *out, size_t room)
{
  size_t length;

  LOCK_SCOPE(&channel->lock);
  length = ring_remove(channel, out, room);
  channel->empty = length == 0;
  if (length > 0) pthread_cond_signal(&channel->changed);
  return length;
}

bool
channel_is_stalled(struct channel *channel)
{
  LOCK_SCOPE(&channel->lock);
  return channel->full || channel->empty;
}

/* [locked] Half of the room, so that the two threads do not wake each other for every packet. */
static bool
can_go_on(const struct channel *channel)
{
  return (channel->full && channel->fill <= channel->room / 2) || (channel->empty && channel->fill > 0);
}

bool
channel_may_go_on(struct channel *channel)
{
  LOCK_SCOPE(&channel->lock);
  if (!can_go_on(channel)) return false;
  channel->full = channel->empty = false;
  return true;
}

void
channel_open(struct channel *channel)
{
  LOCK_SCOPE(&channel->lock);
  channel->open = true;
  pthread_cond_signal(&channel->changed);
}

void
channel_close(struct channel *channel)
{
  LOCK_SCOPE(&channel->lock);
  channel->closed = true;
  pthread_cond_signal(&channel->changed);
}

bool
channel_wait(struct channel *channel)
{
  LOCK_SCOPE(&channel->lock);
  while (!channel->open && !channel->closed)
    pthread_cond_wait(&channel->changed, &channel->lock);
  return channel->open;
}

size_t
channel_take(struct channel *channel, char *out, size_t room, bool *wake)
{
  size_t length;

  LOCK_SCOPE(&channel->lock);
  while (channel->fill == 0 && !channel->closed)
    pthread_cond_wait(&channel->changed, &channel->lock);
  length = ring_remove(channel, out, room);
  *wake = can_go_on(channel);
  return length;
}

size_t
channel_give(struct channel *channel, const char *bytes, size_t length, bool *wake)
{
  size_t room;

  LOCK_SCOPE(&channel->lock);
  *wake = false;
  while (channel->fill == channel->room && !channel->closed)
    pthread_cond_wait(&channel->changed, &channel->lock);
  if (channel->closed) return 0;
  room = channel->room - channel->fill;
  if (length > room) length = room;
  ring_add(channel, bytes, length);
  *wake = can_go_on(channel);
  return length;
}
