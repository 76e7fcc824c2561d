/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that check their callers: a good plugin notices nothing, each mistake ends the process. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "svc/services.h"
#include "unit/svc_fixture.h"

#include "base/banned.h"

static void
init(void)
{
  setenv("CLXS_CHECKED", "1", 1);
  svc_open();
}

TestSuite(svc_checked, .init = init, .fini = svc_close);

static void
wrong_scope(void)
{
  uint64_t outer = svc.pub->core->scope_begin(svc.pub), inner;

  svc.pub->core->alloc(svc.pub, 100);
  inner = svc.pub->core->scope_begin(svc.pub);
  svc.pub->core->scope_end(svc.pub, outer);
  svc.pub->core->scope_end(svc.pub, inner);
}

static void
wrong_text(void)
{
  svc.pub->core->log(svc.pub, 0, "\xff\xfe");
}

static void
wrong_json(void)
{
  clxs_output(svc.pub)->document(svc.pub, "{not json");
}

static void
wrong_size(void)
{
  struct clxs_statement statement = {.text = "SELECT 1"};

  clxs_sql(svc.pub)->run(svc.pub, &statement, NULL);
}

static void
wrong_status(void)
{
  svc.pub->core->fail(svc.pub, CLXS_OK, "fine", NULL);
}

static struct clxs_rows *closed;

static void
wrong_rows(void)
{
  clxs_sql(svc.pub)->next(svc.pub, closed);
}

static void *
use_here(void *data)
{
  (void)data;
  svc.pub->core->alloc(svc.pub, 1);
  return NULL;
}

static void
wrong_thread(void)
{
  pthread_t thread;

  pthread_create(&thread, NULL, use_here, NULL);
  pthread_join(thread, NULL);
}

static void
right(void)
{
  struct clxs_statement statement = {.size = sizeof statement, .text = "SELECT 1"};
  uint64_t scope = svc.pub->core->scope_begin(svc.pub);
  struct clxs_rows *rows;

  clxs_sql(svc.pub)->run(svc.pub, &statement, &rows);
  clxs_sql(svc.pub)->next(svc.pub, rows);
  svc.pub->core->fail(svc.pub, CLXS_E_INVALID, "Größe", NULL);
  clxs_output(svc.pub)->document(svc.pub, "null");
  svc.pub->core->scope_end(svc.pub, scope);
}

/* Whether MISTAKE ends a process of its own. */
static bool
stops(void (*mistake)(void))
{
  pid_t child = fork();
  int status;

  if (child == 0) {
    if (!freopen("/dev/null", "w", stderr)) _exit(2);
    mistake();
    _exit(0);
  }
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

Test(svc_checked, mistakes_end_the_process)
{
  cr_expect(stops(wrong_scope));
  cr_expect(stops(wrong_text));
  cr_expect(stops(wrong_json));
  cr_expect(stops(wrong_size));
  cr_expect(stops(wrong_status));
  cr_expect(stops(wrong_thread));
}

Test(svc_checked, a_closed_result_is_not_read)
{
  struct clxs_statement statement = {.size = sizeof statement, .text = "SELECT 1"};

  FAKE_ADD(fixture.fake, .match = "POST /api/2.0/sql/statements",
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"}}");
  cr_expect_eq(clxs_sql(svc.pub)->run(svc.pub, &statement, &closed), CLXS_OK);
  clxs_sql(svc.pub)->close(svc.pub, closed);
  cr_expect(stops(wrong_rows));
}

Test(svc_checked, good_callers_notice_nothing)
{
  FAKE_ADD(fixture.fake, .match = "POST /api/2.0/sql/statements",
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"}}");
  cr_expect_neq(clxs_sql(svc.pub), &service_sql);
  right();
}

Test(svc_checked, every_table_is_as_complete_as_the_real_one)
{
  for (const char *const *id = services_ids(); *id; id++) {
    const uint32_t *table = svc.pub->core->service(svc.pub, *id);

    for (size_t at = sizeof(void *); at < *table; at += sizeof(void *))
      cr_expect_not_null(*(void *const *)((const char *)table + at), "%s has no function at %zu", *id, at);
  }
}
