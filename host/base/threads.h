/* SPDX-License-Identifier: Apache-2.0 */
/* Threads for the host's rooms: a scope lock, waiting with a time limit, and a group of workers over an
 * index range that is joined before it returns. All threads that these start have every signal blocked, so
 * that only the signal thread gets them. */
#ifndef CLXS_HOST_BASE_THREADS_H
#define CLXS_HOST_BASE_THREADS_H

#include <clxs/status.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct err;

/* LOCK_SCOPE(&mutex): held to the end of the block. */
static inline void
threads_unlock(pthread_mutex_t **mutex)
{
  pthread_mutex_unlock(*mutex);
}
static inline pthread_mutex_t *
threads_lock(pthread_mutex_t *mutex)
{
  pthread_mutex_lock(mutex);
  return mutex;
}
#define THREADS_JOIN_(a, b) a##b
#define THREADS_JOIN(a, b) THREADS_JOIN_(a, b)
#define LOCK_SCOPE(mutex)                                                                           \
  __attribute__((cleanup(threads_unlock), unused)) pthread_mutex_t *THREADS_JOIN(lock_, __LINE__) = \
      threads_lock(mutex)

/* A condition whose timed waits are by the monotonic clock; destroy it with pthread_cond_destroy. */
void cond_init(pthread_cond_t *cond);
/* Wait at most TIMEOUT_MS milliseconds (negative: for ever). False when the time is over; spurious wake-ups
 * give true, so look at the predicate again. */
bool cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t timeout_ms);

/* Start THREAD on RUN(DATA) with every signal blocked; the caller joins. CLXS_E_IO when the system has no
 * more. */
clxs_status thread_start(pthread_t *thread, void *(*run)(void *data), void *data, struct err *err);

/* Call WORK(DATA, index, worker) for every index below COUNT, on at most WIDTH threads (numbered from 0), the
 * calling one among them, and return when all have ended. WORK returning false keeps indexes that no thread
 * has begun from being begun. Where fewer threads can be had, fewer run: it never fails. */
void threads_each(uint64_t count, uint32_t width, bool (*work)(void *data, uint64_t index, uint32_t worker),
                  void *data);

#endif
