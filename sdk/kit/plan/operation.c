/* SPDX-License-Identifier: Apache-2.0 */
/* Ids and places of operations, and the names of step states. It must not know what is in a journal. */
#include "kit/plan/operation.h"

#include <clxs/clxs.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "base/vec.h"
#include "kit/plan/plan.h"
#include "kit/plan/result.h"
#include "kit/time.h"

#include "base/banned.h"

#define JOURNAL ".journal"

static void
close_directory(DIR **dir)
{
  if (*dir) closedir(*dir);
}

#define CLEANUP_DIR CLEANUP(close_directory)

static const char *const state_names[] = {"waiting",     "running", "done",    "failed",
                                          "interrupted", "blocked", "skipped", "not_run"};

const char *
plan_state_name(enum plan_state state)
{
  return state_names[state];
}

_Bool
plan_state_read(const char *text, enum plan_state *state)
{
  for (unsigned i = 0; i < ARRAY_SIZE(state_names); i++) {
    if (!str_eq(text, state_names[i])) continue;
    *state = (enum plan_state)i;
    return 1;
  }
  return 0;
}

_Bool
plan_result_is_doubtful(const struct plan_result *result)
{
  if (result->state == PLAN_RUNNING || result->state == PLAN_INTERRUPTED) return 1;
  return result->state == PLAN_FAILED && (result->status == CLXS_E_LOST || result->status == CLXS_E_TIMEOUT ||
                                          result->status == CLXS_E_UNAVAILABLE);
}

_Bool
plan_result_is_failure(const struct plan_step *step, const struct plan_result *result)
{
  if (result->state == PLAN_BLOCKED) return 1;
  return result->state == PLAN_FAILED && !(step->flags & PLAN_MAY_FAIL);
}

const char *
operation_new_id(struct clxs_call *call, const char *command)
{
  int64_t now = call->core->now_ms(call);
  struct tm utc = time_utc(now);
  uint16_t random = 0;
  char date[32];

  /* Three digits of milliseconds, so that ids of one second sort by time, too, and three of chance. Where
   * chance is not to be had, the journal is created exclusively, so a clash cannot go unseen. */
  if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) random = 0;
  strftime(date, sizeof date, "%Y%m%dT%H%M%SZ", &utc);
  return clxs_textf(call, "%s-%s-%03x%03x", date, command, (unsigned)(now % 1000), random & 0xfffu);
}

const char *
operation_directory(struct clxs_call *call)
{
  const char *state = clxs_config(call)->directory(call, CLXS_DIR_STATE), *path;

  if (!state) return NULL;
  path = clxs_textf(call, "%s/operations", state);
  if (mkdir(path, 0700) == 0 || errno == EEXIST) return path;
  clxs_failf(call, CLXS_E_IO, "make the directory writable, or set XDG_STATE_HOME to another place",
             "cannot make %s: %s", path, strerror(errno));
  return NULL;
}

static bool
id_is_plain(const char *id)
{
  if (!*id || *id == '.') return false;
  for (; *id; id++)
    if (!str_is_alnum(*id) && *id != '-' && *id != '_') return false;
  return true;
}

static int
newest_first(const void *a, const void *b)
{
  return strcmp(*(const char *const *)b, *(const char *const *)a);
}

const char *const *
operation_list(struct clxs_call *call, size_t *count)
{
  const char *directory = operation_directory(call), **list;
  CLEANUP_DIR DIR *dir = directory ? opendir(directory) : NULL;
  VEC(const char *) ids = {0};

  *count = 0;
  if (!dir) {
    if (directory)
      clxs_failf(call, CLXS_E_IO, "make the directory readable", "cannot read %s: %s", directory,
                 strerror(errno));
    return NULL;
  }
  for (struct dirent *entry; (entry = readdir(dir));) {
    size_t length = strlen(entry->d_name);
    const char *id;

    if (!str_ends(entry->d_name, JOURNAL)) continue;
    id = clxs_textf(call, "%.*s", (int)(length - strlen(JOURNAL)), entry->d_name);
    if (id_is_plain(id)) *VEC_ADD(&ids) = id;
  }
  list = call->core->alloc(call, (ids.count + 1) * sizeof *list);
  if (ids.count) {
    memcpy(list, ids.at, ids.count * sizeof *list);
    qsort(list, ids.count, sizeof *list, newest_first);
  }
  *count = ids.count;
  VEC_FREE(&ids);
  return list;
}

const char *
operation_journal(struct clxs_call *call, const char *id)
{
  const char *directory;

  if (!id_is_plain(id)) {
    clxs_failf(call, CLXS_E_USAGE, "operation ids look like 20260131T235959Z-clone-3f9a1c",
               "\"%s\" is no operation id", id);
    return NULL;
  }
  directory = operation_directory(call);
  return directory ? clxs_textf(call, "%s/%s" JOURNAL, directory, id) : NULL;
}
