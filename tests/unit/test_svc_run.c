/* SPDX-License-Identifier: Apache-2.0 */
/* Code that runs inside of a command: jobs on workers, subscribers of events, invoked commands. */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/str.h"
#include "conf/conf.h"
#include "unit/svc_fixture.h"

#include "base/banned.h"

TestSuite(svc_run, .init = svc_open, .fini = svc_close);

static atomic_uint done[1000], inside, most;

static clxs_status
note(void *data, struct clxs_call *child, uint64_t index)
{
  unsigned now = atomic_fetch_add(&inside, 1) + 1, seen = atomic_load(&most);

  (void)data;
  while (now > seen && !atomic_compare_exchange_weak(&most, &seen, now))
    continue;
  cr_expect_neq(child, svc.pub);
  snprintf(child->core->alloc(child, 64), 64, "job %d", (int)index);
  atomic_fetch_add(&done[index], 1);
  atomic_fetch_sub(&inside, 1);
  return CLXS_OK;
}

Test(svc_run, every_index_once_and_no_wider_than_asked)
{
  cr_expect_eq(clxs_jobs(svc.pub)->each(svc.pub, 1000, 4, note, NULL), CLXS_OK);
  for (size_t i = 0; i < 1000; i++)
    cr_assert_eq(done[i], 1, "index %zu", i);
  cr_expect_leq(most, 4);
  cr_expect_eq(clxs_jobs(svc.pub)->each(svc.pub, 0, 4, note, NULL), CLXS_OK);
  cr_expect_eq(clxs_jobs(svc.pub)->each(svc.pub, 3, 0, note, NULL), CLXS_OK, "a width of 0 is 1");
  cr_expect_eq(clxs_jobs(svc.pub)->each(svc.pub, 3, 4000000000U, note, NULL), CLXS_OK);
}

static clxs_status
fail_some(void *data, struct clxs_call *child, uint64_t index)
{
  (void)data;
  atomic_fetch_add(&done[index], 1);
  if (index == 90) return clxs_failf(child, CLXS_E_INVALID, NULL, "ninety");
  if (index == 40) return clxs_failf(child, CLXS_E_CONFLICT, "look at forty", "forty");
  return CLXS_OK;
}

Test(svc_run, the_first_failure_by_index_is_told_and_the_rest_still_runs)
{
  cr_expect_eq(clxs_jobs(svc.pub)->each(svc.pub, 100, 8, fail_some, NULL), CLXS_E_CONFLICT);
  cr_expect_str_eq(svc.pub->core->error(svc.pub)->message, "forty");
  cr_expect_str_eq(svc.pub->core->error(svc.pub)->hint, "look at forty");
  for (size_t i = 0; i < 100; i++)
    cr_expect_eq(done[i], 1);
}

static clxs_status
cancel_at_ten(void *data, struct clxs_call *child, uint64_t index)
{
  (void)data;
  (void)child;
  atomic_fetch_add(&done[index], 1);
  if (index == 10) atomic_store(&svc.app.cancelled, 1);
  return CLXS_OK;
}

Test(svc_run, cancellation_keeps_the_rest_from_being_begun)
{
  cr_expect_eq(clxs_jobs(svc.pub)->each(svc.pub, 1000, 2, cancel_at_ten, NULL), CLXS_E_CANCELLED);
  cr_expect_eq(done[999], 0);
}

static clxs_status
open_more(void *data, struct clxs_call *child, uint64_t index)
{
  (void)data;
  (void)index;
  return clxs_jobs(child)->each(child, 2, 2, note, NULL);
}

Test(svc_run, jobs_open_no_jobs)
{
  cr_expect_eq(clxs_jobs(svc.pub)->each(svc.pub, 1, 2, open_more, NULL), CLXS_E_INTERNAL);
  cr_expect_eq(done[0], 0);
}

static unsigned told;

static clxs_status
listen(struct clxs_call *call, const char *command)
{
  told++;
  cr_expect_str_eq(command, "do more");
  cr_expect_str_eq(call->core->arg_text(call, "topic", 0), "clone.finished");
  cr_expect_str_eq(call->core->arg_text(call, "event", 0), "{\"a\":\"--x\"}");
  clxs_output(call)->text(call, "not for the person");
  return CLXS_OK;
}

Test(svc_run, subscribers_get_topic_and_event_and_print_nothing)
{
  cr_expect_eq(clxs_events(svc.pub)->emit(svc.pub, "clone.finished", "{}"), CLXS_OK, "nobody listens");
  svc.hook = "do more";
  svc.run = listen;
  cr_expect_eq(clxs_events(svc.pub)->emit(svc.pub, "clone.finished", "{\"a\":\"--x\"}"), CLXS_OK);
  cr_expect_eq(told, 1);
  cr_expect_str_eq(svc_written(svc.result), "");
}

static clxs_status
refuse(struct clxs_call *call, const char *command)
{
  (void)command;
  return clxs_failf(call, CLXS_E_CONFLICT, NULL, "not today");
}

Test(svc_run, only_a_topic_that_says_so_may_be_forbidden)
{
  svc.hook = "do";
  svc.run = refuse;
  cr_expect_eq(clxs_events(svc.pub)->emit(svc.pub, "clone.finished", "{}"), CLXS_OK);
  cr_expect(strstr(svc_written(svc.remarks), "not today"));
  cr_expect_eq(clxs_events(svc.pub)->emit(svc.pub, "clone.before", "{}"), CLXS_E_CONFLICT);
  cr_expect(strstr(svc.pub->core->error(svc.pub)->message, "not today"));
  cr_expect(strstr(svc.pub->core->error(svc.pub)->message, "plugin p"));
}

static clxs_status
echo_event(struct clxs_call *call, const char *command)
{
  (void)command;
  told++;
  return clxs_events(call)->emit(call, "again", "{}");
}

Test(svc_run, events_that_set_off_events_come_to_an_end)
{
  svc.hook = "do";
  svc.run = echo_event;
  cr_expect_eq(clxs_events(svc.pub)->emit(svc.pub, "again", "{}"), CLXS_OK);
  cr_expect_eq(told, 8);
}

static clxs_status
emit_one(void *data, struct clxs_call *child, uint64_t index)
{
  (void)data;
  (void)index;
  return clxs_events(child)->emit(child, "clone.table", "{}");
}

static clxs_status
listen_alone(struct clxs_call *call, const char *command)
{
  (void)call;
  (void)command;
  cr_expect_eq(atomic_fetch_add(&inside, 1), 0, "two at a time");
  told++;
  atomic_fetch_sub(&inside, 1);
  return CLXS_OK;
}

Test(svc_run, workers_tell_one_after_another)
{
  svc.hook = "do";
  svc.run = listen_alone;
  cr_expect_eq(clxs_jobs(svc.pub)->each(svc.pub, 200, 8, emit_one, NULL), CLXS_OK);
  cr_expect_eq(told, 200);
}

static clxs_status
answer(struct clxs_call *call, const char *command)
{
  char json[256];

  snprintf(json, sizeof json,
           "{\"command\":\"%s\",\"limit\":%d,\"force\":%d,\"names\":%u,\"catalog\":\"%s\"}", command,
           (int)call->core->arg_int(call, "limit"), (int)call->core->arg_int(call, "force"),
           call->core->arg_count(call, "name"), call->core->arg_text(call, "catalog", 0));
  return clxs_output(call)->document(call, json);
}

Test(svc_run, an_invoked_command_gives_its_result)
{
  const char *result;

  svc.run = answer;
  cr_expect_eq(
      clxs_invoke(svc.pub)->run(
          svc.pub, "do more",
          "{\"limit\":12,\"force\":true,\"name\":[\"a\",\"--b\"],\"catalog\":\"--main\",\"colour\":null}",
          &result),
      CLXS_OK, "%s", svc.pub->core->error(svc.pub) ? svc.pub->core->error(svc.pub)->message : "");
  cr_expect_str_eq(result,
                   "{\"command\":\"do more\",\"limit\":12,\"force\":1,\"names\":2,\"catalog\":\"--main\"}");
  cr_expect_str_eq(svc_written(svc.result), "", "nothing is printed");
  cr_expect_eq(clxs_invoke(svc.pub)->run(svc.pub, "do", NULL, NULL), CLXS_OK);
}

Test(svc_run, wrong_invocations)
{
  const struct clxs_invoke *invoke = clxs_invoke(svc.pub);

  cr_expect_eq(invoke->run(svc.pub, "dragons", NULL, NULL), CLXS_E_USAGE);
  cr_expect_eq(invoke->run(svc.pub, "do nothing", NULL, NULL), CLXS_E_USAGE);
  cr_expect_eq(invoke->run(svc.pub, "do", "[]", NULL), CLXS_E_INTERNAL);
  cr_expect_eq(invoke->run(svc.pub, "do", "{\"no-such\":1}", NULL), CLXS_E_USAGE);
  cr_expect(strstr(svc.pub->core->error(svc.pub)->message, "no-such"));
  cr_expect_eq(invoke->run(svc.pub, "do", "{\"limit\":\"many\"}", NULL), CLXS_E_USAGE);
  svc.run = refuse;
  cr_expect_eq(invoke->run(svc.pub, "do", NULL, NULL), CLXS_E_CONFLICT);
  cr_expect_str_eq(svc.pub->core->error(svc.pub)->message, "not today");
}

static clxs_status
invoke_again(struct clxs_call *call, const char *command)
{
  told++;
  return clxs_invoke(call)->run(call, command, NULL, NULL);
}

Test(svc_run, invocations_come_to_an_end)
{
  svc.run = invoke_again;
  cr_expect_eq(clxs_invoke(svc.pub)->run(svc.pub, "do", NULL, NULL), CLXS_E_USAGE);
  cr_expect_eq(told, 8);
}

static clxs_status
invoke_from_worker(void *data, struct clxs_call *child, uint64_t index)
{
  (void)data;
  (void)index;
  return clxs_invoke(child)->run(child, "do", NULL, NULL);
}

Test(svc_run, workers_do_not_invoke)
{
  cr_expect_eq(clxs_jobs(svc.pub)->each(svc.pub, 1, 1, invoke_from_worker, NULL), CLXS_E_INTERNAL);
}

/* Run a command of the plugin that has these flags; what it says is on *MESSAGE and *HINT. */
static clxs_status
run_with(const struct grammar_command *command, const char **message, const char **hint)
{
  struct call *call = call_new(&svc.app, "p", command, NULL);
  clxs_status status = call_run(call);

  *message = call->err.message ? arena_strdup(fixture.arena, call->err.message) : NULL;
  *hint = call->err.hint ? arena_strdup(fixture.arena, call->err.hint) : NULL;
  call_free(call);
  return status;
}

Test(svc_run, what_is_required_may_come_from_any_layer)
{
  static const struct grammar_flag flags[] = {{.name = "name", .required = true, .config = "demo.name"}},
                                   unset[] = {{.name = "host", .required = true, .config = "host"}},
                                   variable[] = {{.name = "id", .required = true, .env = "SVC_TEST_ID"}};
  const char *message, *hint;

  cr_expect_eq(
      run_with(&(struct grammar_command){.name = "do", .flags = flags, .flag_count = 1}, &message, &hint),
      CLXS_OK, "the file has it");
  cr_expect_eq(
      run_with(&(struct grammar_command){.name = "do", .flags = unset, .flag_count = 1}, &message, &hint),
      CLXS_E_USAGE);
  cr_expect_str_eq(message, "--host is missing");
  cr_expect_str_eq(hint, "give --host, set CLXS_HOST, or write \"host:\" into clxs.yaml");
  cr_expect_eq(
      run_with(&(struct grammar_command){.name = "do", .flags = variable, .flag_count = 1}, &message, &hint),
      CLXS_E_USAGE);
  cr_expect_str_eq(hint, "give --id or set SVC_TEST_ID");
  setenv("SVC_TEST_ID", "x", 1);
  cr_expect_eq(
      run_with(&(struct grammar_command){.name = "do", .flags = variable, .flag_count = 1}, &message, &hint),
      CLXS_OK);
}

Test(svc_run, a_command_that_changes_is_not_begun_in_a_read_only_run)
{
  static const struct grammar_flag dry_run[] = {
      {.name = "dry-run", .type = TYPE_BOOLEAN, .default_value = "true"}};
  const struct grammar_command changes = {.name = "do", .mutates = true},
                               shows = {.name = "do", .mutates = true, .flags = dry_run, .flag_count = 1};
  const char *message, *hint;

  cr_expect_eq(run_with(&changes, &message, &hint), CLXS_OK);
  conf_set_flag(svc.app.conf_, "read_only", "read-only", "true");
  cr_expect_eq(run_with(&changes, &message, &hint), CLXS_E_DENIED);
  cr_expect_str_eq(message, "do changes something, and this run is read-only (flag --read-only)");
  cr_expect_eq(run_with(&shows, &message, &hint), CLXS_OK);
}
