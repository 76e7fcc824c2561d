/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the journal. Records pile up in memory; whoever needs them on disk first becomes the leader, writes
 * everything that has piled up with one write and one fdatasync, and wakes the others: 32 workers cost about
 * one sync per round, not 32. */
#include "kit/plan/journal.h"

#include <clxs/clxs.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/plan/record.h"

#include "base/banned.h"

/* Plans of any size pass through a buffer of this one. */
#define WRITE_AT ((size_t)1 << 20)

#define LOCK_ROUNDS 10
#define LOCK_PAUSE_MS 20

struct journal {
  int fd;
  pthread_mutex_t lock;
  pthread_cond_t synced_more;
  struct buf pending;
  uint64_t sequence, synced; /* last record noted, last record on disk */
  bool leading;              /* somebody is writing */
  int64_t cut;               /* length to which the file is cut before the next write, -1: none */
  int error;
};

void
journal_add_record(struct buf *buf, uint64_t sequence, const char *json)
{
  char number[24];
  uint64_t hash;
  int length = snprintf(number, sizeof number, "%llu ", (unsigned long long)sequence);

  hash = str_hash_more(str_hash(number, (size_t)length), json, strlen(json));
  buf_addf(buf, "%s%016llx %s\n", number, (unsigned long long)hash, json);
}

static int
write_all(int fd, const char *bytes, size_t length)
{
  while (length) {
    ssize_t done = write(fd, bytes, length);

    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno;
    bytes += done;
    length -= (size_t)done;
  }
  return 0;
}

static void
note(struct journal *journal, const char *json)
{
  pthread_mutex_lock(&journal->lock);
  journal_add_record(&journal->pending, ++journal->sequence, json);
  if (journal->pending.overflow && !journal->error) journal->error = EFBIG;
  pthread_mutex_unlock(&journal->lock);
}

/* What a crash left half written would make the next record unreadable. */
static int
cut_tail(struct journal *journal)
{
  if (journal->cut < 0) return 0;
  if (ftruncate(journal->fd, (off_t)journal->cut) != 0) return errno;
  journal->cut = -1;
  return 0;
}

/* The lock is held, and is again when this returns. */
static void
lead(struct journal *journal)
{
  struct buf batch = journal->pending;
  uint64_t upto = journal->sequence;
  int error;

  journal->pending = BUF_INIT(BUF_LARGE);
  journal->leading = true;
  pthread_mutex_unlock(&journal->lock);
  error = cut_tail(journal);
  if (!error) error = write_all(journal->fd, batch.data, batch.len);
  if (!error && fdatasync(journal->fd) != 0) error = errno;
  buf_free(&batch);
  pthread_mutex_lock(&journal->lock);
  journal->leading = false;
  if (error && !journal->error) journal->error = error;
  if (!journal->error) journal->synced = upto;
  pthread_cond_broadcast(&journal->synced_more);
}

static bool
sync_upto_now(struct journal *journal)
{
  uint64_t target;
  bool good;

  pthread_mutex_lock(&journal->lock);
  target = journal->sequence;
  while (journal->synced < target && !journal->error) {
    if (journal->leading)
      pthread_cond_wait(&journal->synced_more, &journal->lock);
    else
      lead(journal);
  }
  good = !journal->error;
  pthread_mutex_unlock(&journal->lock);
  return good;
}

/* Before there are workers: keep the pile small. */
static void
drain(struct journal *journal)
{
  if (journal->pending.len < WRITE_AT || journal->error) return;
  journal->error = write_all(journal->fd, journal->pending.data, journal->pending.len);
  buf_reset(&journal->pending);
}

static void
write_plan(struct journal *journal, const struct journal_head *head, const struct plan *plan)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_addf(&json, "{\"operation\":1,\"started_ms\":%lld", (long long)head->started_ms);
  record_add_text(&json, "id", head->id);
  record_add_text(&json, "command", head->command);
  record_add_text(&json, "source", head->source);
  record_add_text(&json, "destination", head->destination);
  record_add_text(&json, "workspace", head->workspace);
  record_add_text(&json, "principal", head->principal);
  if (head->arguments) buf_addf(&json, ",\"arguments\":%s", head->arguments);
  buf_add_char(&json, '}');
  note(journal, json.data);
  for (size_t i = 0; i < plan->objects.count; i++, drain(journal)) {
    buf_reset(&json);
    record_add_object(&json, plan, i);
    note(journal, json.data);
  }
  for (size_t i = 0; i < plan->steps.count; i++, drain(journal)) {
    buf_reset(&json);
    record_add_step(&json, plan, i);
    note(journal, json.data);
  }
  buf_reset(&json);
  VEC_EACH (&plan->warnings, warning) {
    buf_addf(&json, "{\"warning\":");
    buf_add_json(&json, *warning);
    buf_add_char(&json, '}');
    note(journal, json.data);
    buf_reset(&json);
  }
  buf_addf(&json, "{\"planned\":%zu}", plan->steps.count);
  note(journal, json.data);
}

/* A new file is only there for good once its directory says so. */
static int
sync_directory(const char *path)
{
  CLEANUP_FREE char *directory = xstrdup(path);
  char *slash = strrchr(directory, '/');
  CLEANUP_FD int fd = -1;

  if (slash) *slash = '\0';
  fd = open(slash ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL)) return errno;
  return 0;
}

static struct journal *
journal_over(int fd)
{
  struct journal *journal = xcalloc(1, sizeof *journal);

  journal->fd = fd;
  journal->cut = -1;
  pthread_mutex_init(&journal->lock, NULL);
  pthread_cond_init(&journal->synced_more, NULL);
  journal->pending = BUF_INIT(BUF_LARGE);
  return journal;
}

clxs_status
journal_create(struct clxs_call *call, const char *path, const struct journal_head *head,
               const struct plan *plan, struct journal **out)
{
  CLEANUP_JOURNAL struct journal *journal = NULL;
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  int error;

  *out = NULL;
  if (fd < 0)
    return clxs_failf(call, errno == EEXIST ? CLXS_E_EXISTS : CLXS_E_IO,
                      "nothing was changed; free the disk and try again", "cannot make the journal %s: %s",
                      path, strerror(errno));
  journal = journal_over(fd);
  error = flock(fd, LOCK_EX | LOCK_NB) != 0 ? errno : 0;
  if (!error) write_plan(journal, head, plan);
  if (!error && !sync_upto_now(journal)) error = journal->error;
  if (!error) error = sync_directory(path);
  if (error) {
    unlink(path);
    return clxs_failf(call, CLXS_E_IO, "nothing was changed; free the disk and try again",
                      "cannot write the journal %s: %s", path, strerror(error));
  }
  *out = TAKE(journal);
  return CLXS_OK;
}

/* Somebody who only reads looks at the lock for a moment, too; a run holds it to its end. */
static bool
take_lock(struct clxs_call *call, int fd)
{
  for (int i = 0; i < LOCK_ROUNDS; i++) {
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
    if (call->core->wait(call, LOCK_PAUSE_MS) < 0) return false;
  }
  return false;
}

clxs_status
journal_reopen(struct clxs_call *call, const char *path, struct journal_image *image, struct journal **out)
{
  CLEANUP_JOURNAL struct journal *journal = NULL;
  int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  clxs_status status;

  *out = NULL;
  *image = (struct journal_image){0};
  if (fd >= 0) journal = journal_over(fd);
  if (fd >= 0 && !take_lock(call, fd))
    return clxs_failf(call, CLXS_E_CONFLICT, "wait until it has ended, or stop it",
                      "the journal %s is held by a process that is running", path);
  status = journal_read(call, path, image);
  if (status < 0) return status;
  if (fd < 0)
    return clxs_failf(call, CLXS_E_IO, "make the file writable for yourself",
                      "the journal %s cannot be written", path);
  image->running = false;
  journal->sequence = journal->synced = image->sequence;
  if (image->torn) journal->cut = (int64_t)image->good;
  *out = TAKE(journal);
  return CLXS_OK;
}

bool
journal_begin(struct journal *journal, size_t step, int64_t now_ms)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_addf(&json, "{\"begin\":%zu,\"at_ms\":%lld}", step, (long long)now_ms);
  note(journal, json.data);
  return sync_upto_now(journal);
}

void
journal_end(struct journal *journal, size_t step, int64_t now_ms, const struct plan_result *result)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_addf(&json, "{\"end\":%zu,\"at_ms\":%lld,\"status\":%d,\"duration_ms\":%lld,\"attempts\":%u", step,
           (long long)now_ms, (int)result->status, (long long)result->duration_ms, result->attempts);
  record_add_text(&json, "state", plan_state_name(result->state));
  record_add_text(&json, "reason", result->reason);
  record_add_text(&json, "error_class", result->error_class);
  record_add_text(&json, "statement_id", result->statement_id);
  buf_add_char(&json, '}');
  note(journal, json.data);
}

const char *
journal_status(clxs_status status)
{
  switch (status) {
  case CLXS_OK: return "succeeded";
  case CLXS_DIFFERENT: return "different";
  case CLXS_E_PARTIAL: return "partial";
  case CLXS_E_CANCELLED: return "cancelled";
  default: return "failed";
  }
}

bool
journal_finish(struct journal *journal, int64_t now_ms, const char *status)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_addf(&json, "{\"finish\":\"%s\",\"at_ms\":%lld}", status, (long long)now_ms);
  note(journal, json.data);
  return sync_upto_now(journal);
}

bool
journal_take_back(struct journal *journal, const char *rollback)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_text(&json, "{\"taken_back\":");
  buf_add_json(&json, rollback);
  buf_add_char(&json, '}');
  note(journal, json.data);
  return sync_upto_now(journal);
}

int
journal_error(struct journal *journal)
{
  int error;

  pthread_mutex_lock(&journal->lock);
  error = journal->error;
  pthread_mutex_unlock(&journal->lock);
  return error;
}

void
journal_close(struct journal *journal)
{
  if (!journal) return;
  close(journal->fd);
  pthread_mutex_destroy(&journal->lock);
  pthread_cond_destroy(&journal->synced_more);
  buf_free(&journal->pending);
  free(journal);
}

void
journal_cleanup(struct journal **journal)
{
  journal_close(*journal);
}
