/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a journal back, from a healthy run, a killed one or a damaged disk. It must not write. */
#include <clxs/clxs.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/plan/journal.h"
#include "kit/plan/record.h"

#include "base/banned.h"

/* A line of the file, without its break. WHOLE: there was one. */
struct line {
  const char *text;
  size_t length;
  bool whole;
};

static bool
line_next(const struct buf *file, size_t *position, struct line *line)
{
  const char *end;

  if (*position >= file->len) return false;
  line->text = file->data + *position;
  end = memchr(line->text, '\n', file->len - *position);
  line->whole = end != NULL;
  line->length = end ? (size_t)(end - line->text) : file->len - *position;
  *position += line->length + line->whole;
  return true;
}

/* The JSON of a line whose number and checksum hold; NULL otherwise. */
static struct json_object *
line_open(const struct line *line, uint64_t *sequence)
{
  CLEANUP_FREE char *text = NULL;
  CLEANUP_BUF struct buf again = BUF_INIT(BUF_LARGE);
  char *rest;

  if (!line->whole || line->length < 20 || !str_is_digit(line->text[0])) return NULL;
  text = xstrndup(line->text, line->length);
  errno = 0;
  *sequence = strtoull(text, &rest, 10);
  if (errno || *rest != ' ' || strlen(rest) < 19) return NULL;
  journal_add_record(&again, *sequence, rest + 18);
  if (again.len != line->length + 1 || memcmp(again.data, line->text, line->length) != 0) return NULL;
  return json_parse(rest + 18, strlen(rest + 18), NULL, NULL);
}

static bool
read_head(struct journal_image *image, struct json_object *json)
{
  struct arena *arena = image->arena;
  struct json_object *arguments = json_get_object(json, "arguments");

  if (json_get_int(json, "operation", 0) != 1) return false;
  image->head = (struct journal_head){
      .id = arena_strdup(arena, json_get_text(json, "id")),
      .command = arena_strdup(arena, json_get_text(json, "command")),
      .source = arena_strdup(arena, json_get_text(json, "source")),
      .destination = arena_strdup(arena, json_get_text(json, "destination")),
      .workspace = arena_strdup(arena, json_get_text(json, "workspace")),
      .principal = arena_strdup(arena, json_get_text(json, "principal")),
      .arguments = arguments ? arena_strdup(arena, json_text(arguments)) : NULL,
      .started_ms = json_get_int(json, "started_ms", 0),
  };
  return true;
}

static bool
read_end(struct journal_image *image, struct json_object *json, struct plan_result *result)
{
  result->status = (clxs_status)json_get_int(json, "status", 0);
  result->duration_ms = json_get_int(json, "duration_ms", 0);
  result->attempts = (unsigned)json_get_int(json, "attempts", 0);
  result->reason = arena_strdup(image->arena, json_get_text(json, "reason"));
  result->error_class = arena_strdup(image->arena, json_get_text(json, "error_class"));
  result->statement_id = arena_strdup(image->arena, json_get_text(json, "statement_id"));
  return plan_state_read(json_get_text(json, "state"), &result->state);
}

/* The step that a begin or end record speaks of, or NULL. */
static struct plan_result *
result_of(struct journal_image *image, struct json_object *json, const char *key)
{
  int64_t step = json_get_int(json, key, -1);

  if (!image->planned || step < 0 || (size_t)step >= image->plan->steps.count) return NULL;
  return &image->steps[step];
}

static bool
read_record(struct journal_image *image, struct json_object *json)
{
  struct plan_result *result;

  if (!image->head.id) return read_head(image, json) && image->head.id;
  if (json_get(json, "step")) return !image->planned && record_read_step(image->plan, json);
  if (json_get(json, "object")) return !image->planned && record_read_object(image->plan, json);
  if (json_get(json, "warning")) {
    if (image->planned || !json_get_text(json, "warning")) return false;
    plan_add_warning(image->plan, json_get_text(json, "warning"));
    return true;
  }
  if (json_get(json, "planned")) {
    image->planned = true;
    image->steps = arena_array(image->arena, image->plan->steps.count + 1, sizeof *image->steps);
    return json_get_int(json, "planned", -1) == (int64_t)image->plan->steps.count;
  }
  /* Says nothing of when the run itself was last at work. */
  if (json_get_text(json, "taken_back")) {
    image->taken_back = arena_strdup(image->arena, json_get_text(json, "taken_back"));
    *VEC_ADD(&image->rollbacks) = image->taken_back;
    return true;
  }
  image->last_ms = json_get_int(json, "at_ms", image->last_ms);
  if ((result = result_of(image, json, "begin"))) {
    result->state = PLAN_RUNNING;
    result->begun++;
    image->finished = NULL;
    return true;
  }
  if ((result = result_of(image, json, "end"))) return read_end(image, json, result);
  image->finished = arena_strdup(image->arena, json_get_text(json, "finish"));
  return image->finished != NULL;
}

/* Is there a good record in what is left? Then the bad line before it is damage, not a torn tail. */
static bool
any_good(const struct buf *file, size_t position)
{
  struct line line;
  uint64_t sequence;

  while (line_next(file, &position, &line)) {
    CLEANUP_JSON struct json_object *json = line_open(&line, &sequence);

    if (json) return true;
  }
  return false;
}

static clxs_status
read_lines(struct clxs_call *call, const char *path, const struct buf *file, struct journal_image *image)
{
  static const char hint[] =
      "what is before the damage can be read with a text viewer; compare it with the destination";
  size_t position = 0, number = 0;
  struct line line;

  while (line_next(file, &position, &line)) {
    uint64_t sequence = 0;
    CLEANUP_JSON struct json_object *json = line_open(&line, &sequence);

    number++;
    if (!json && !any_good(file, position)) {
      image->torn = true;
      break;
    }
    if (!json || sequence != number || !read_record(image, json))
      return clxs_failf(call, CLXS_E_DATA, hint, "the journal %s is damaged in line %zu", path, number);
    image->good = position;
    image->sequence = sequence;
  }
  if (!image->head.id)
    return clxs_failf(call, CLXS_E_DATA, "the run died before it changed anything; the file can be deleted",
                      "the journal %s holds no complete record", path);
  return CLXS_OK;
}

static int
read_file(const char *path, struct buf *file, bool *running)
{
  CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  char block[65536];
  ssize_t got;

  if (fd < 0) return errno;
  *running = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  flock(fd, LOCK_UN);
  while ((got = read(fd, block, sizeof block)) != 0) {
    if (got < 0 && errno != EINTR) return errno;
    if (got > 0) buf_add(file, block, (size_t)got);
  }
  return file->overflow ? EFBIG : 0;
}

clxs_status
journal_read(struct clxs_call *call, const char *path, struct journal_image *image)
{
  CLEANUP_BUF struct buf file = BUF_INIT(BUF_LARGE);
  int error;

  *image = (struct journal_image){.arena = arena_new(), .plan = plan_new()};
  error = read_file(path, &file, &image->running);
  if (error)
    return clxs_failf(call, error == ENOENT ? CLXS_E_NOT_FOUND : CLXS_E_IO,
                      "`clxs history list` shows the operations that this machine knows",
                      "cannot read the journal %s: %s", path, strerror(error));
  return read_lines(call, path, &file, image);
}

void
journal_image_free(struct journal_image *image)
{
  VEC_FREE(&image->rollbacks);
  arena_free(image->arena);
  plan_free(image->plan);
  *image = (struct journal_image){0};
}
