/* SPDX-License-Identifier: Apache-2.0 */
/* The journal survives what a crash, a full disk and a curious person do to it. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

/* Three steps in a row, with everything that a step can carry. */
static struct plan *
some_plan(void)
{
  struct plan *plan = plan_new();
  const char *names[] = {"d`v", "Größe", "a\nb\"c\\"};
  size_t object = plan_add_object(plan, "table", names, 3, "prod.x"), step;

  step = plan_add_step(plan, object, "clone table");
  plan_step(plan, step)->via = PLAN_SQL;
  plan_step(plan, step)->text = "CREATE TABLE `a`\n  -- \"x\" é";
  plan_step(plan, step)->catalog = "c";
  plan_step(plan, step)->schema = "s";
  plan_step(plan, step)->flags = PLAN_IDEMPOTENT | PLAN_LOOK_FIRST;
  plan_step(plan, step)->check = (struct plan_check){PLAN_CHECK_ABOVE, "/api/x", "updated_at", "17"};
  plan_step(plan, step)->undo = (struct plan_undo){PLAN_PRIOR_KNOWN, "{\"statement\":\"RESTORE\"}"};
  step = plan_add_step(plan, object, "grant");
  plan_step(plan, step)->via = PLAN_REST;
  plan_step(plan, step)->method = "PATCH";
  plan_step(plan, step)->path = "/api/y";
  plan_step(plan, step)->body = "{\"changes\":[]}";
  plan_step(plan, step)->flags = PLAN_TRY_LATE;
  plan_add_order(plan, step, 0);
  object = plan_add_object(plan, "view", names, 3, NULL);
  plan_add_refusal(plan, object, PLAN_REFUSED, "CLASS", "hidden");
  return plan;
}

static const char *
written(struct testhost *host, struct journal **journal)
{
  struct clxs_call *call = testhost_call(host);
  const char *path = operation_journal(call, "20260131T235959Z-clone-000001");
  struct journal_head head = {.id = "20260131T235959Z-clone-000001",
                              .command = "clone",
                              .arguments = "{\"dest\":[\"d\"]}",
                              .source = "a",
                              .destination = "b",
                              .workspace = "https://w",
                              .started_ms = 5};
  CLEANUP_PLAN struct plan *plan = some_plan();

  cr_assert_not_null(path);
  cr_assert_eq(journal_create(call, path, &head, plan, journal), CLXS_OK);
  return path;
}

static void
read_bytes(const char *path, struct buf *bytes)
{
  CLEANUP_FILE FILE *file = fopen(path, "rb");
  char block[4096];
  size_t got;

  cr_assert_not_null(file);
  while ((got = fread(block, 1, sizeof block, file)) > 0)
    buf_add(bytes, block, got);
}

static void
write_bytes(const char *path, const char *bytes, size_t length)
{
  CLEANUP_FILE FILE *file = fopen(path, "wb");

  cr_assert_not_null(file);
  cr_assert_eq(fwrite(bytes, 1, length, file), length);
}

Test(journal, a_plan_comes_back_as_it_was_written)
{
  HOST host = testhost_new();
  CLEANUP_JOURNAL struct journal *journal = NULL;
  const char *path = written(host, &journal);
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  CLEANUP_PLAN struct plan *plan = some_plan();

  cr_assert_eq(journal_read(testhost_call(host), path, &image), CLXS_OK);
  cr_assert(image.planned);
  cr_assert(image.running, "the writer still holds it");
  cr_assert_not(image.torn);
  cr_assert_null(image.finished);
  cr_assert_str_eq(image.head.id, "20260131T235959Z-clone-000001");
  cr_assert_str_eq(image.head.arguments, "{\"dest\":[\"d\"]}");
  cr_assert_eq(image.head.started_ms, 5);
  cr_assert_eq(image.plan->objects.count, plan->objects.count);
  cr_assert_str_eq(image.plan->objects.at[0].names[2], "a\nb\"c\\");
  cr_assert_eq(image.plan->steps.count, plan->steps.count);
  for (size_t i = 0; i < plan->steps.count; i++) {
    const struct plan_step *a = &plan->steps.at[i], *b = &image.plan->steps.at[i];

    cr_assert_eq(a->object, b->object);
    cr_assert_eq(a->via, b->via);
    cr_assert_eq(a->flags, b->flags);
    cr_assert(str_eq(a->text, b->text) && str_eq(a->catalog, b->catalog) && str_eq(a->schema, b->schema));
    cr_assert(str_eq(a->method, b->method) && str_eq(a->path, b->path) && str_eq(a->body, b->body));
    cr_assert(str_eq(a->action, b->action) && str_eq(a->error_class, b->error_class));
    cr_assert_eq(a->check.how, b->check.how);
    cr_assert(str_eq(a->check.path, b->check.path) && str_eq(a->check.value, b->check.value));
    cr_assert_eq(a->undo.prior, b->undo.prior);
    cr_assert(str_eq(a->undo.data, b->undo.data));
    cr_assert_eq(a->after.count, b->after.count);
    cr_assert_eq(image.steps[i].state, PLAN_WAITING);
  }
}

Test(journal, steps_have_the_state_that_was_last_written)
{
  HOST host = testhost_new();
  struct journal *journal;
  const char *path = written(host, &journal);
  struct plan_result done = {.state = PLAN_DONE, .duration_ms = 12, .attempts = 2, .statement_id = "01-a"};
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  struct stat about;

  cr_assert(journal_begin(journal, 0, 10));
  journal_end(journal, 0, 22, &done);
  cr_assert(journal_begin(journal, 1, 23));
  journal_close(journal); /* as a kill would */
  cr_assert_eq(journal_read(testhost_call(host), path, &image), CLXS_OK);
  cr_assert_not(image.running);
  cr_assert_eq(image.steps[0].state, PLAN_DONE);
  cr_assert_eq(image.steps[0].duration_ms, 12);
  cr_assert_str_eq(image.steps[0].statement_id, "01-a");
  cr_assert_eq(image.steps[1].state, PLAN_RUNNING, "begun, and nobody knows");
  cr_assert_eq(image.steps[2].state, PLAN_WAITING);
  cr_assert_eq(stat(path, &about), 0);
  cr_assert_eq(about.st_mode & 0777, 0600);
}

/* Cut at every byte: always readable once the head is there, never more than was written, torn unless cut
 * between lines. */
Test(journal, a_file_cut_anywhere_is_read_up_to_its_last_good_record)
{
  HOST host = testhost_new();
  struct journal *journal;
  const char *path = written(host, &journal);
  CLEANUP_BUF struct buf bytes = BUF_INIT(BUF_LARGE);
  struct plan_result done = {.state = PLAN_DONE};
  size_t head;

  cr_assert(journal_begin(journal, 0, 10));
  journal_end(journal, 0, 11, &done);
  cr_assert(journal_finish(journal, 12, "done"));
  journal_close(journal);
  read_bytes(path, &bytes);
  head = (size_t)(strchr(bytes.data, '\n') - bytes.data) + 1;
  for (size_t cut = 0; cut <= bytes.len; cut++) {
    CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
    bool between = cut == 0 || bytes.data[cut - 1] == '\n';

    write_bytes(path, bytes.data, cut);
    cr_assert_eq(journal_read(testhost_call(host), path, &image), cut < head ? CLXS_E_DATA : CLXS_OK,
                 "cut at %zu", cut);
    cr_assert_eq(image.torn, !between);
    cr_assert_leq(image.good, cut);
    cr_assert(between ? image.good == cut : image.good == 0 || bytes.data[image.good - 1] == '\n');
    testhost_call(host)->core->error_clear(testhost_call(host));
  }
}

Test(journal, damage_before_a_good_record_is_named_by_its_line)
{
  HOST host = testhost_new();
  struct journal *journal;
  const char *path = written(host, &journal), *line;
  CLEANUP_BUF struct buf bytes = BUF_INIT(BUF_LARGE);
  struct plan_result done = {.state = PLAN_DONE};
  size_t number = 1;

  cr_assert(journal_begin(journal, 0, 10));
  journal_end(journal, 0, 11, &done);
  cr_assert(journal_begin(journal, 1, 12));
  cr_assert(journal_begin(journal, 0, 13));
  journal_close(journal);
  read_bytes(path, &bytes);
  for (line = bytes.data; strchr(line, '\n') + 1 < bytes.data + bytes.len;
       line = strchr(line, '\n') + 1, number++) {
    CLEANUP_JOURNAL_IMAGE struct journal_image flipped = {0}, dropped = {0};
    CLEANUP_BUF struct buf without = BUF_INIT(BUF_LARGE);
    char *byte = bytes.data + (line - bytes.data) + 25, kept = *byte;
    char expected[32];

    snprintf(expected, sizeof expected, "in line %zu", number);
    *byte = (char)(kept ^ 1);
    write_bytes(path, bytes.data, bytes.len);
    *byte = kept;
    cr_assert_eq(journal_read(testhost_call(host), path, &flipped), CLXS_E_DATA);
    cr_assert(str_ends(testhost_call(host)->core->error(testhost_call(host))->message, expected));
    buf_add(&without, bytes.data, (size_t)(line - bytes.data));
    buf_add_text(&without, strchr(line, '\n') + 1);
    write_bytes(path, without.data, without.len);
    cr_assert_eq(journal_read(testhost_call(host), path, &dropped), CLXS_E_DATA, "a line that is missing");
  }
}

static int syncs;

/* Stands before libc's, so that the test knows what reached the disk and when. */
int
fdatasync(int fd)
{
  __atomic_add_fetch(&syncs, 1, __ATOMIC_SEQ_CST);
  return (int)syscall(SYS_fdatasync, fd);
}

Test(journal, a_begin_is_on_disk_before_it_returns_and_an_end_with_the_next_begin)
{
  HOST host = testhost_new();
  CLEANUP_JOURNAL struct journal *journal = NULL;
  struct plan_result done = {.state = PLAN_DONE};
  struct stat before, after;
  const char *path = written(host, &journal);

  cr_assert_eq(syncs, 1, "the whole plan costs one");
  cr_assert(journal_begin(journal, 0, 1));
  cr_assert_eq(syncs, 2);
  stat(path, &before);
  journal_end(journal, 0, 2, &done);
  stat(path, &after);
  cr_assert_eq(syncs, 2);
  cr_assert_eq(before.st_size, after.st_size);
  cr_assert(journal_begin(journal, 1, 3));
  cr_assert_eq(syncs, 3);
  stat(path, &after);
  cr_assert_gt(after.st_size, before.st_size + 60);
}

struct writer {
  struct journal *journal;
  size_t first;
};

static void *
write_many(void *data)
{
  struct writer *writer = data;
  struct plan_result done = {.state = PLAN_DONE};

  for (size_t i = 0; i < 40; i++) {
    cr_assert(journal_begin(writer->journal, i % 2, 1));
    journal_end(writer->journal, i % 2, 2, &done);
  }
  return NULL;
}

Test(journal, many_writers_leave_whole_records_in_order)
{
  HOST host = testhost_new();
  struct journal *journal;
  const char *path = written(host, &journal);
  struct writer writer = {journal, 0};
  pthread_t threads[16];
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};

  for (size_t i = 0; i < 16; i++)
    pthread_create(&threads[i], NULL, write_many, &writer);
  for (size_t i = 0; i < 16; i++)
    pthread_join(threads[i], NULL);
  cr_assert(journal_finish(journal, 3, "done"));
  journal_close(journal);
  cr_assert_eq(journal_read(testhost_call(host), path, &image), CLXS_OK);
  cr_assert_eq(image.sequence, 1 + 2 + 3 + 1 + 16 * 40 * 2 + 1);
  cr_assert_str_eq(image.finished, "done");
}

Test(journal, a_journal_is_never_written_over)
{
  HOST host = testhost_new();
  CLEANUP_JOURNAL struct journal *journal = NULL;
  struct journal *second;
  const char *path = written(host, &journal);
  struct journal_head head = {.id = "x", .command = "clone"};
  CLEANUP_PLAN struct plan *plan = plan_new();

  cr_assert_eq(journal_create(testhost_call(host), path, &head, plan, &second), CLXS_E_EXISTS);
  cr_assert_null(second);
}

Test(journal, ids_sort_by_time_and_cannot_leave_their_directory)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  const char *first = operation_new_id(call, "clone"), *second;

  cr_assert(str_starts(first, "20260131T235959Z-clone-"));
  testhost_clock(host, INT64_C(1769904000000));
  second = operation_new_id(call, "clone");
  cr_assert_lt(strcmp(first, second), 0);
  cr_assert_null(operation_journal(call, "../x"));
  cr_assert_null(operation_journal(call, ""));
  cr_assert_eq(call->core->error(call)->status, CLXS_E_USAGE);
}

Test(journal, what_takes_a_run_back_is_noted_and_says_nothing_of_its_end)
{
  HOST host = testhost_new();
  CLEANUP_JOURNAL struct journal *journal = NULL;
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  const char *path = written(host, &journal);

  cr_assert(journal_finish(journal, 77, "partial"));
  cr_assert(journal_take_back(journal, "20260131T235959Z-rollback-000002"));
  cr_assert_eq(journal_read(testhost_call(host), path, &image), CLXS_OK);
  cr_assert_str_eq(image.taken_back, "20260131T235959Z-rollback-000002");
  cr_assert_str_eq(image.finished, "partial");
  cr_assert_eq(image.last_ms, 77);
}
