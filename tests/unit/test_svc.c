/* SPDX-License-Identifier: Apache-2.0 */
/* The call as plugins see it: arguments, errors, memory, capabilities, configuration, cache, output. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "svc/services.h"
#include "unit/svc_fixture.h"

#include "base/banned.h"

TestSuite(svc, .init = svc_open, .fini = svc_close);

#define CORE (svc.pub->core)

Test(svc, every_service_is_there_and_complete)
{
  const char *const *ids = services_ids();
  size_t count = 0;

  for (; ids[count]; count++) {
    const uint32_t *table = CORE->service(svc.pub, ids[count]);

    cr_assert_not_null(table, "%s", ids[count]);
    for (size_t at = sizeof(void *); at < *table; at += sizeof(void *))
      cr_expect_not_null(*(void *const *)((const char *)table + at), "%s has no function at %zu", ids[count],
                         at);
  }
  cr_expect_eq(count, 9);
  cr_expect_null(CORE->service(svc.pub, "clxs.dragons/1"));
  cr_expect_null(CORE->service(svc.pub, "clxs.core/1"));
}

Test(svc, arguments_by_layers)
{
  cr_expect_eq(CORE->arg_int(svc.pub, "limit"), 7, "the manifest's default");
  cr_expect_eq(CORE->arg_count(svc.pub, "limit"), 1);
  cr_expect_eq(CORE->arg_count(svc.pub, "force"), 0);
  cr_expect_eq(CORE->arg_int(svc.pub, "force"), 0);
  cr_expect_eq(CORE->arg_count(svc.pub, "no-such"), 0);
  cr_expect_null(CORE->arg_text(svc.pub, "no-such", 0));
  cr_expect_eq(CORE->arg_count(svc.pub, "name"), 3);
  cr_expect_str_eq(CORE->arg_text(svc.pub, "name", 2), "three", "the configuration");
  setenv("SVC_TEST_COLOUR", "red", 1);
  cr_expect_str_eq(CORE->arg_text(svc.pub, "colour", 0), "red", "the environment");
  svc_arguments((const char *const[]){"main", "other", "--limit", "9", "--wait=5m", "--force", "--colour",
                                      "green", "--name", "a", "--name", "b", NULL});
  cr_expect_eq(CORE->arg_int(svc.pub, "limit"), 9);
  cr_expect_eq(CORE->arg_int(svc.pub, "wait"), 300000);
  cr_expect_eq(CORE->arg_int(svc.pub, "force"), 1);
  cr_expect_str_eq(CORE->arg_text(svc.pub, "colour", 0), "green", "the command line wins");
  cr_expect_eq(CORE->arg_count(svc.pub, "name"), 2);
  cr_expect_str_eq(CORE->arg_text(svc.pub, "name", 1), "b");
  cr_expect_null(CORE->arg_text(svc.pub, "name", 2));
  cr_expect_str_eq(CORE->arg_text(svc.pub, "catalog", 0), "main");
  cr_expect_eq(CORE->arg_count(svc.pub, "catalog"), 2);
}

Test(svc, what_was_told_can_be_recorded_and_taken_up_again)
{
  char *record;

  svc_arguments((const char *const[]){"main", "--limit", "9", "--force", "--name", "a\"b", NULL});
  record = strdup(CORE->arg_record(svc.pub));
  cr_expect(strstr(record, "\"catalog\":[\"main\"]") && strstr(record, "\"limit\":[\"9\"]"), "%s", record);
  cr_expect(strstr(record, "\"name\":[\"a\\\"b\"]"), "%s", record);
  cr_expect_null(strstr(record, "no-such"));
  svc_arguments((const char *const[]){"--limit", "3", NULL});
  cr_expect_eq(CORE->arg_count(svc.pub, "force"), 0);
  cr_assert_eq(CORE->arg_adopt(svc.pub, record), CLXS_OK);
  cr_expect_eq(CORE->arg_int(svc.pub, "limit"), 3, "the command line comes first");
  cr_expect_eq(CORE->arg_int(svc.pub, "force"), 1);
  cr_expect_eq(CORE->arg_count(svc.pub, "name"), 1, "the configuration stands behind");
  cr_expect_str_eq(CORE->arg_text(svc.pub, "name", 0), "a\"b");
  cr_expect_str_eq(CORE->arg_text(svc.pub, "catalog", 0), "main");
  free(record);
}

Test(svc, a_record_that_is_not_ours_is_not_taken_over)
{
  static const char *const records[] = {"", "[]", "{\"limit\":[7]}", "{\"limit\":[\"many\"]}",
                                        "{\"force\":[\"true\"],\"dragons\":[\"1\"]}"};

  for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
    cr_expect_eq(CORE->arg_adopt(svc.pub, records[i]), CLXS_E_DATA, "%s", records[i]);
    cr_expect_not_null(CORE->error(svc.pub)->hint);
    cr_expect_eq(CORE->arg_int(svc.pub, "limit"), 7, "%s", records[i]);
    cr_expect_eq(CORE->arg_int(svc.pub, "force"), 0, "%s", records[i]);
  }
}

Test(svc, errors_outlive_scopes_and_keep_their_cause)
{
  uint64_t scope = CORE->scope_begin(svc.pub);
  const struct clxs_error *error;

  cr_expect_null(CORE->error(svc.pub));
  CORE->fail(svc.pub, CLXS_E_NOT_FOUND, "no table a.b", "look at a");
  cr_expect_eq(clxs_failf(svc.pub, CLXS_E_INVALID, NULL, "cannot clone %s", "a.b"), CLXS_E_INVALID);
  CORE->scope_end(svc.pub, scope);
  memset(CORE->alloc(svc.pub, 4000), 'x', 4000);
  error = CORE->error(svc.pub);
  cr_assert_not_null(error);
  cr_expect_eq(error->status, CLXS_E_INVALID);
  cr_expect_str_eq(error->message, "cannot clone a.b: no table a.b");
  cr_expect_str_eq(error->hint, "look at a");
  CORE->error_clear(svc.pub);
  cr_expect_null(CORE->error(svc.pub));
}

Test(svc, scopes_give_memory_back)
{
  uint64_t outer = CORE->scope_begin(svc.pub), inner;
  char *bytes;
  size_t before;

  CORE->alloc(svc.pub, 100);
  inner = CORE->scope_begin(svc.pub);
  for (int i = 0; i < 1000; i++)
    CORE->alloc(svc.pub, 10000);
  CORE->scope_end(svc.pub, inner);
  before = arena_size(svc.call->arena);
  for (int i = 0; i < 1000; i++) {
    inner = CORE->scope_begin(svc.pub);
    bytes = CORE->alloc(svc.pub, 1000);
    cr_assert(bytes[0] == 0 && bytes[999] == 0);
    memset(bytes, 1, 1000);
    CORE->scope_end(svc.pub, inner);
  }
  cr_expect_leq(arena_size(svc.call->arena), before + 1000000);
  CORE->scope_end(svc.pub, outer);
}

Test(svc, cancellation)
{
  cr_expect_eq(CORE->cancelled(svc.pub), 0);
  cr_expect_eq(CORE->wait(svc.pub, 10), CLXS_OK);
  atomic_store(&svc.app.cancelled, 1);
  cr_expect_neq(CORE->cancelled(svc.pub), 0);
  cr_expect_eq(CORE->wait(svc.pub, 10), CLXS_E_CANCELLED);
  cr_expect_eq(clxs_meta(svc.pub)->list(svc.pub, "catalogs", NULL, NULL, &(const char *){NULL}),
               CLXS_E_CANCELLED);
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 0);
}

Test(svc, capabilities)
{
  static const char *const uses[] = {"cap/1", "cap/2", NULL};
  struct clxs_capability capability;

  cr_expect_eq(CORE->capability(svc.pub, "cap/1", &capability), CLXS_E_INTERNAL, "not in the manifest");
  cr_expect(strstr(CORE->error(svc.pub)->message, "uses"));
  svc.uses = uses;
  cr_expect_eq(CORE->capability(svc.pub, "cap/1", &capability), CLXS_E_UNSUPPORTED, "nobody provides it");
  cr_expect_null(capability.table);
  svc.provides = true;
  cr_expect_eq(CORE->capability(svc.pub, "cap/1", &capability), CLXS_OK);
  cr_expect_eq(*(const int *)capability.table, 42);
}

static clxs_status
keep_in_init(struct clxs_call *call, void **state)
{
  char *text = call->core->alloc(call, 32);

  snprintf(text, 32, "made by init");
  *state = text;
  return clxs_events(call)->emit(call, "x.y", "{}") == CLXS_OK ? CLXS_OK : CLXS_E_INTERNAL;
}

Test(svc, what_init_allocates_lives_on)
{
  static const char *const uses[] = {"cap/1", NULL};
  struct clxs_capability capability;

  svc.init = keep_in_init;
  svc.uses = uses;
  svc.provides = true;
  cr_expect_eq(CORE->capability(svc.pub, "cap/1", &capability), CLXS_OK);
  cr_expect_str_eq(capability.state, "made by init");
}

static clxs_status
fail_silently(struct clxs_call *call, const char *command)
{
  (void)call;
  (void)command;
  return CLXS_E_INVALID;
}

Test(svc, a_command_that_fails_without_a_word_gets_one)
{
  svc.run = fail_silently;
  cr_expect_eq(call_run(svc.call), CLXS_E_INVALID);
  cr_expect(strstr(CORE->error(svc.pub)->message, "do failed"));
}

Test(svc, wrong_values_in_the_environment_stop_the_command)
{
  setenv("SVC_TEST_COLOUR", "blue", 1);
  cr_expect_eq(call_run(svc.call), CLXS_E_USAGE);
  cr_expect(strstr(CORE->error(svc.pub)->message, "blue"));
  setenv("SVC_TEST_COLOUR", "red", 1);
  CORE->error_clear(svc.pub);
  cr_expect_eq(call_run(svc.call), CLXS_OK);
}

Test(svc, configuration)
{
  const struct clxs_config *config = clxs_config(svc.pub);

  cr_expect_str_eq(config->text(svc.pub, "output"), "text");
  cr_expect_eq(config->integer(svc.pub, "cache.ttl", -1), 300000);
  cr_expect_eq(config->integer(svc.pub, "no.such", -1), -1);
  cr_expect_str_eq(config->host(svc.pub), "sandbox:test");
  svc.workspace.name = NULL;
  cr_expect_null(config->host(svc.pub));
  cr_expect_eq(CORE->error(svc.pub)->status, CLXS_E_CONFIG);
}

Test(svc, cache_keys_are_private_and_whole)
{
  const struct clxs_cache *cache = clxs_cache(svc.pub);
  struct call *other = call_new(&svc.app, "q", NULL, NULL);

  cache->put(svc.pub, "a", "1", 0);
  cache->put(svc.pub, "a b", "2", 0);
  cr_expect_str_eq(cache->get(svc.pub, "a"), "1");
  cr_expect_null(cache->get(&other->pub, "a"));
  cache->drop(svc.pub, "a");
  cr_expect_null(cache->get(svc.pub, "a"));
  cr_expect_str_eq(cache->get(svc.pub, "a b"), "2");
  call_free(other);
}

Test(svc, output)
{
  static const struct clxs_table_column columns[] = {{"name", "Name", 0, 0}};
  const struct clxs_output *output = clxs_output(svc.pub);
  struct call *worker = call_child(svc.call);

  cr_expect_eq(output->format(svc.pub), CLXS_FORMAT_TEXT);
  cr_expect_eq(output->text(svc.pub, "a line"), CLXS_OK);
  cr_expect_eq(output->table_begin(svc.pub, columns, 1), CLXS_OK);
  cr_expect_eq(output->table_row(svc.pub, (const char *const[]){"cell"}, 1), CLXS_OK);
  cr_expect_eq(output->table_end(svc.pub), CLXS_OK);
  cr_expect_eq(output->raw(svc.pub, "raw\n", 4), CLXS_OK);
  cr_expect(strstr(svc_written(svc.result), "a line"));
  cr_expect(strstr(svc_written(svc.result), "cell"));
  cr_expect(strstr(svc_written(svc.result), "raw"));
  cr_expect_eq(output->text(&worker->pub, "no"), CLXS_E_INTERNAL, "workers do not print");
  CORE->log(svc.pub, CLXS_LOG_WARN, "beware");
  cr_expect(strstr(svc_written(svc.remarks), "beware"));
  call_free(worker);
}

Test(svc, older_and_newer_structs)
{
  struct {
    uint32_t size, a, b;
  } ours = {0}, theirs = {sizeof theirs, 1, 2};

  services_copy_in(&ours, sizeof ours, &theirs);
  cr_expect(ours.a == 1 && ours.b == 2);
  theirs.size = 8; /* made before b was known */
  ours.b = 9;
  services_copy_in(&ours, sizeof ours, &theirs);
  cr_expect(ours.a == 1 && ours.b == 0);
  theirs.size = 8;
  theirs.b = 77;
  ours.a = 5;
  ours.b = 6;
  services_copy_out(&theirs, &ours, sizeof ours);
  cr_expect(theirs.size == 8 && theirs.a == 5 && theirs.b == 77);
}
