/* SPDX-License-Identifier: Apache-2.0 */
/* The child that loads, and the parent that watches it. It must not know what makes a plugin right: the
 * loader says. */
#include "plugin/check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "plugin/registry.h"

#include "base/banned.h"

#define CAUGHT_MAX ((size_t)64 << 10)

/* Two pipes: what the child reports (status, message, hint), and what the plugin prints. */
struct watch {
  pid_t child;
  int report, noise;
  struct buf reported, printed;
  bool late;
};

static void
write_all(int fd, const char *bytes, size_t length)
{
  while (length > 0) {
    ssize_t wrote = write(fd, bytes, length);

    if (wrote <= 0) return;
    bytes += wrote;
    length -= (size_t)wrote;
  }
}

/* In the child. The report's first byte says that loading came to its end: '+' well, '-' not. */
static _Noreturn void
run_child(struct registry *registry, const char *id, struct clxs_call *call, int report, int noise)
{
  struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const struct loaded *loaded;
  clxs_status status;

  setpgid(0, 0);
  dup2(noise, STDOUT_FILENO);
  dup2(noise, STDERR_FILENO);
  status = registry_load(registry, id, call, &loaded, &err);
  if (status == CLXS_OK && call && loaded->descriptor.fini) loaded->descriptor.fini(loaded->state);
  fflush(stdout);
  write_all(report, status == CLXS_OK ? "+" : "-", 1);
  if (err.message) write_all(report, err.message, strlen(err.message));
  write_all(report, "\n", 1);
  if (err.hint) write_all(report, err.hint, strlen(err.hint));
  _exit(0);
}

/* Read what there is on FD into BUF; false at its end. */
static bool
drain(int fd, struct buf *buf)
{
  char bytes[4096];
  ssize_t got = read(fd, bytes, sizeof bytes);

  if (got > 0) buf_add(buf, bytes, (size_t)got);
  return got > 0;
}

/* Until the report is complete or the time is over. */
static void
watch_child(struct watch *watch, int64_t within_ms)
{
  int64_t end = clock_mono_ms() + within_ms;
  struct pollfd fds[2] = {{.fd = watch->report, .events = POLLIN}, {.fd = watch->noise, .events = POLLIN}};

  while (fds[0].fd >= 0) {
    int64_t left = end - clock_mono_ms();

    if (left <= 0) {
      watch->late = true;
      return;
    }
    if (poll(fds, 2, left > 1000 ? 1000 : (int)left) <= 0) continue;
    if (fds[0].revents && !drain(watch->report, &watch->reported)) fds[0].fd = -1;
    if (fds[1].revents && !drain(watch->noise, &watch->printed)) fds[1].fd = -1;
  }
  while (fds[1].fd >= 0 && poll(&fds[1], 1, 0) > 0)
    if (!drain(watch->noise, &watch->printed)) fds[1].fd = -1;
}

static clxs_status
start_child(struct registry *registry, const char *id, struct clxs_call *call, struct watch *watch,
            struct err *err)
{
  int report[2], noise[2];

  if (pipe2(report, O_CLOEXEC) != 0) return err_errno(err, "cannot make a pipe");
  if (pipe2(noise, O_CLOEXEC) != 0) {
    close(report[0]);
    close(report[1]);
    return err_errno(err, "cannot make a pipe");
  }
  fflush(NULL);
  watch->child = fork();
  if (watch->child == 0) run_child(registry, id, call, report[1], noise[1]);
  close(report[1]);
  close(noise[1]);
  watch->report = report[0];
  watch->noise = noise[0];
  return watch->child > 0 ? CLXS_OK : err_errno(err, "cannot start a process to check %s", id);
}

/* How the child ended, as a verdict. STATUS is waitpid's. */
static void
judge(struct arena *arena, const struct watch *watch, const char *id, int64_t within_ms, int status,
      struct plugin_check *result)
{
  const char *report = watch->reported.data, *newline = strchr(report, '\n');

  *result = (struct plugin_check){.verdict = "crashed"};
  if (watch->late) {
    result->verdict = "hung";
    result->detail =
        arena_printf(arena, "plugin %s was not ready after %.1f s", id, (double)within_ms / 1000);
  } else if (WIFSIGNALED(status)) {
    result->detail =
        arena_printf(arena, "plugin %s crashed while it was loaded: %s", id, strsignal(WTERMSIG(status)));
  } else if (!newline) {
    result->detail = arena_printf(arena, "plugin %s ended the process while it was loaded (exit %d)", id,
                                  WEXITSTATUS(status));
  } else if (*report == '-') {
    result->verdict = "refused";
    result->detail = arena_strndup(arena, report + 1, (size_t)(newline - report - 1));
    result->hint = newline[1] ? arena_strdup(arena, newline + 1) : NULL;
  } else if (watch->printed.len > 0) {
    result->verdict = "noisy";
    result->detail = arena_printf(
        arena, "plugin %s printed \"%.*s\" while it was loaded; results go through clxs.output/1", id,
        (int)strcspn(watch->printed.data, "\n"), watch->printed.data);
  } else {
    result->good = true;
    result->verdict = "ok";
  }
}

clxs_status
plugin_check(struct arena *arena, struct registry *registry, const char *id, struct clxs_call *call,
             int64_t within_ms, struct plugin_check *result, struct err *err)
{
  struct watch watch = {
      .report = -1, .noise = -1, .reported = BUF_INIT(CAUGHT_MAX), .printed = BUF_INIT(CAUGHT_MAX)};
  clxs_status outcome = start_child(registry, id, call, &watch, err);
  int status = 0;

  if (outcome == CLXS_OK) {
    watch_child(&watch, within_ms);
    if (watch.late) {
      kill(-watch.child, SIGKILL);
      kill(watch.child, SIGKILL);
    }
    waitpid(watch.child, &status, 0);
    judge(arena, &watch, id, within_ms, status, result);
  }
  cleanup_fd(&watch.report);
  cleanup_fd(&watch.noise);
  buf_free(&watch.reported);
  buf_free(&watch.printed);
  return outcome;
}
